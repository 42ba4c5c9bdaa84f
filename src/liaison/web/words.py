"""What the codes of the house are called by people, in the language of the reader.

A code without words here is shown as it is, with spaces for underscores: a new
finding of the engine is readable before anybody has translated it.
"""

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.access.words import LEVEL_WORDS, OPERATIONS
from liaison.agencies.words import ACCOUNT_STATES, AGENCY_KINDS, DUTIES, PURPOSES
from liaison.audit.words import EVENTS
from liaison.oversight.words import CONCLUSIONS, REASONS, STATES
from liaison.records.databases import all_databases

Words = Mapping[str, str | Promise]

WARNING_MARKERS: Words = {
    "armed": _("Armed"),
    "violent": _("Violent"),
    "absconded": _("Has absconded before"),
    "suicide_risk": _("Risk of suicide"),
    "health_threat": _("Threat to health"),
    "terrorism_related": _("Related to terrorism"),
}
PERSON_STATUSES: Words = {
    "convicted": _("Convicted"),
    "charged": _("Charged"),
    "suspect": _("Suspect"),
    "criminal_history": _("Criminal history"),
    "witness": _("Witness"),
    "victim": _("Victim"),
    "missing": _("Missing"),
    "unidentified_person": _("Unidentified person"),
    "unidentified_body": _("Unidentified body"),
    "deceased": _("Deceased"),
    "possible_threat": _("Possible threat"),
    "subject_to_un_sanctions": _("Subject to United Nations sanctions"),
}
SEXES: Words = {"F": _("Female"), "M": _("Male"), "X": _("Other"), "U": _("Unknown")}
NAME_KINDS: Words = {
    "primary": _("Primary name"),
    "alias": _("Alias"),
    "weak_alias": _("Weak alias"),
    "original_script": _("Original script"),
    "former": _("Former name"),
}
DOCUMENT_TYPES: Words = {
    "passport": _("Passport"),
    "identity_card": _("Identity card"),
    "visa": _("Visa"),
    "other": _("Other document"),
}
STRENGTHS: Words = {
    "exact": pgettext_lazy("strength of a match", "Exact"),
    "strong": pgettext_lazy("strength of a match", "Strong"),
    "possible": pgettext_lazy("strength of a match", "Possible"),
}
OUTCOMES: Words = {
    "no_match": _("No record"),
    "matches": _("Possible match"),
    "too_many": _("Too many possible matches"),
    "refused": _("Not checked"),
}
# What a comparison looks at: Term.kind of the engine, and the kinds of exact keys.
TERMS: Words = {
    "prior": _("How rare such a record is"),
    "name_part": _("Part of the name"),
    "name_missing": _("Part of the name on one side only"),
    "name_whole": _("The name as a whole"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "nationality": _("Nationality"),
    "place_of_birth": _("Place of birth"),
    "document": _("Document number"),
    "mrz": _("Machine-readable zone"),
    "vin": _("Vehicle identification number"),
    "plate": _("Registration plate"),
    "imo": _("IMO number"),
    "mmsi": _("MMSI number"),
}
# What the comparison found there: Term.finding of the engine.
FINDINGS: Words = {
    "base_rate": _("Most people of a similar name are somebody else"),
    "same": _("The same"),
    "similar": _("Similar"),
    "sounds_same": _("Sounds the same"),
    "transliterated": _("Written in another script"),
    "nickname": _("One is short for the other"),
    "other_order": _("The parts stand in another order"),
    "other_descent": _("The parts stand in another order: father and son, perhaps"),
    "first_missing": _("The first part of one name is not in the other: a relative, perhaps"),
    "initial": _("Only the initial agrees"),
    "divided_otherwise": _("The same, divided otherwise"),
    "parts_go_together": _("Parts of one name often come together: counted for less"),
    "not_in_record": _("The record does not have it"),
    "not_in_query": _("You did not ask for it"),
    "different": _("Different"),
    "read_alike": _("The same but for characters that cameras confuse; the date of birth is the same"),
    "part_fits": _("Fits the part that you know"),
    "few_known": _("A part of a number fits others as well"),
    "unknown": _("Not known"),
    "same_month": _("The same year and month"),
    "year_only": _("The same year; the rest is not known"),
    "one_day_off": _("One day apart"),
    "day_and_month_swapped": _("Day and month exchanged"),
    "one_digit_off": _("One digit differs"),
    "same_day_other_year": _("The same day and month of another year"),
    "one_year_off": _("One year apart"),
    "same_year_other_day": _("Another day of the same year"),
    "few_years_off": _("A few years apart"),
}
DATABASES: Words = {
    "nominal": _("Persons and organisations"),
    "travel_documents": _("Stolen, lost and invalid travel documents"),
    "vehicles": _("Stolen vehicles"),
    "vessels": _("Vessels"),
}
DOCUMENT_REASONS: Words = {
    "stolen": pgettext_lazy("a travel document", "Stolen"),
    "lost": pgettext_lazy("a travel document", "Lost"),
    "revoked": pgettext_lazy("a travel document", "Revoked"),
    "invalid": pgettext_lazy("a travel document", "Invalid"),
    "stolen_blank": pgettext_lazy("a travel document", "Stolen blank"),
}
SUBJECT_KINDS: Words = {"person": _("Person"), "organisation": _("Organisation"), "vessel": _("Vessel")}
VEHICLE_KINDS: Words = {
    "car": _("Car"),
    "motorcycle": _("Motorcycle"),
    "van": _("Van"),
    "truck": _("Lorry"),
    "bus": _("Bus"),
    "trailer": _("Trailer"),
    "caravan": _("Caravan"),
    "tractor": _("Tractor"),
    "machine": _("Machine"),
    "other": _("Other vehicle"),
}
# The names of the fields of all databases, as pages show them.
FIELDS: Words = {
    "source_reference": _("Source's reference"),
    "purpose": _("Purpose of the record"),
    "confidentiality_level": _("Confidentiality"),
    "expires_on": _("Expires on"),
    "restricted_against": _("Not shown to"),
    "relevance": _("Why it matters to other countries"),
    "justifying_items": _("Items that justify it"),
    "action_to_be_taken": _("Action to be taken"),
    "warning_markers": _("Warnings"),
    "special_conditions": _("Special conditions"),
    "kind": _("Kind"),
    "names": _("Names"),
    "born": _("Date of birth"),
    "sex": _("Sex"),
    "nationalities": _("Nationalities"),
    "places_of_birth": _("Places of birth"),
    "addresses": _("Addresses"),
    "description": _("Description"),
    "documents": _("Documents"),
    "status": _("Status"),
    "event": _("Event"),
    "portrait": _("Portrait"),
    "number": _("Document number"),
    "issuer": _("Issuing country"),
    "type": _("Kind of document"),
    "reason": _("Reason"),
    "holder_name": _("Name of the holder"),
    "holder_born": _("Holder's date of birth"),
    "reported_on": _("Reported on"),
    "vin": _("Vehicle identification number"),
    "plate": _("Registration plate"),
    "plate_country": _("Country of registration"),
    "make": _("Make"),
    "model": _("Model"),
    "colour": _("Colour"),
    "year": _("Year of construction"),
    "category": _("Kind of vehicle"),
    "stolen_on": _("Stolen on"),
    "imo": _("IMO number"),
    "mmsi": _("MMSI number"),
    "name": _("Name"),
    "aliases": _("Other names"),
    "flag": _("Flag"),
    "call_sign": _("Call sign"),
}
BATCH_STATES: Words = {
    "in_progress": _("In progress"),
    "accepted": _("Accepted"),
    "partly_accepted": _("Partly accepted"),
    "refused": pgettext_lazy("state of a batch", "Refused"),
}
RECORD_STATES: Words = {
    "active": pgettext_lazy("state of a record", "In force"),
    "blocked": pgettext_lazy("state of a record", "Blocked"),
    "withdrawn": pgettext_lazy("state of a record", "Withdrawn"),
    "expired": pgettext_lazy("state of a record", "Expired"),
}

VOCABULARY: Mapping[str, Words] = {
    "purpose": PURPOSES,
    "warning_marker": WARNING_MARKERS,
    "person_status": PERSON_STATUSES,
    "confidentiality": LEVEL_WORDS,
    "sex": SEXES,
    "name_kind": NAME_KINDS,
    "document_type": DOCUMENT_TYPES,
    "strength": STRENGTHS,
    "outcome": OUTCOMES,
    "term": TERMS,
    "finding": FINDINGS,
    "batch_state": BATCH_STATES,
    "record_state": RECORD_STATES,
    "account_state": ACCOUNT_STATES,
    "operation": OPERATIONS,
    "database": DATABASES,
    "document_reason": DOCUMENT_REASONS,
    "subject_kind": SUBJECT_KINDS,
    "vehicle_kind": VEHICLE_KINDS,
    "field": FIELDS,
    "event": EVENTS,
    "spot_check_reason": REASONS,
    "spot_check_state": STATES,
    "conclusion": CONCLUSIONS,
    "agency_kind": AGENCY_KINDS,
    "duty": DUTIES,
}


def word(vocabulary: str, code: str) -> str:
    """Return what a code is called in the active language.

    A database that brings no words is called by its declared title.
    Raises KeyError when there is no such vocabulary: that is a mistake in a template.
    """
    known = VOCABULARY[vocabulary].get(code)
    if known is None and vocabulary == "database" and code in all_databases():
        known = all_databases()[code].title
    return str(known or code.replace("_", " "))


def word_in(language: str, vocabulary: str, code: str) -> str:
    """Return what a code is called in another language; in English where that language has no catalogue."""
    with translation.override(language or "en"):
        return word(vocabulary, code)
