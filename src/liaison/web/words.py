"""What the codes of the house are called by people, in the language of the reader.

A code without words here is shown as it is, with spaces for underscores: a new
finding of the engine is readable before anybody has translated it.
"""

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, str | Promise]

PURPOSES: Words = {
    "arrest": _("Arrest"),
    "locate": _("Locate"),
    "information": _("Information"),
    "warn": _("Warn"),
    "identify": _("Identify"),
    "forensic": _("Forensic"),
    "security_check": _("Security check"),
    "border": _("Border control"),
    "analysis": _("Analysis"),
}
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
CONFIDENTIALITY: Words = {
    "official_use": _("For official use"),
    "restricted": _("Restricted"),
    "confidential": _("Confidential"),
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
# What a comparison looks at (Term.kind of the engine, and the exact keys).
TERMS: Words = {
    "name": _("Name"),
    "name_part": _("Part of the name"),
    "name_missing": _("Part of the name on one side only"),
    "name_order": _("Order of the name's parts"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "nationality": _("Nationality"),
    "place_of_birth": _("Place of birth"),
    "document": _("Document number"),
    "issuer": _("Issuing country"),
    "vin": _("Vehicle identification number"),
    "plate": _("Registration plate"),
    "imo": _("IMO number"),
    "mmsi": _("MMSI number"),
    "prior": _("How rare such a match is"),
}
# What the comparison found there (Term.finding of the engine).
FINDINGS: Words = {
    "same": _("The same"),
    "similar": _("Similar"),
    "sounds_alike": _("Sounds alike"),
    "initial": _("Only the initial agrees"),
    "nickname": _("A known short form"),
    "transliteration": _("Another spelling of the same name"),
    "joined": _("Written as one word"),
    "swapped": _("In another order"),
    "day_month_swapped": _("Day and month exchanged"),
    "different": _("Different"),
    "missing": _("Missing on one side"),
    "year_only": _("The year agrees"),
    "year_and_month": _("Year and month agree"),
    "year_close": _("The year is close"),
    "unknown": _("Not known"),
    "checksum_repaired": _("The same, after a reading error was repaired"),
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
ACCOUNT_STATES: Words = {
    "active": pgettext_lazy("state of an account, a key or a right", "In force"),
    "invited": pgettext_lazy("state of an account, a key or a right", "Invited"),
    "planned": pgettext_lazy("state of an account, a key or a right", "Planned"),
    "closed": pgettext_lazy("state of an account, a key or a right", "Closed"),
    "ended": pgettext_lazy("state of an account, a key or a right", "Ended"),
    "revoked": pgettext_lazy("state of an account, a key or a right", "Revoked"),
    "expired": pgettext_lazy("state of an account, a key or a right", "Expired"),
}
OPERATIONS: Words = {"check": _("Check"), "read": _("Read"), "feed": _("Feed")}

VOCABULARY: Mapping[str, Words] = {
    "purpose": PURPOSES,
    "warning_marker": WARNING_MARKERS,
    "person_status": PERSON_STATUSES,
    "confidentiality": CONFIDENTIALITY,
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
}


def word(vocabulary: str, code: str) -> str:
    """Return what a code is called in the active language.

    Raises KeyError when there is no such vocabulary: that is a mistake in a template.
    """
    return str(VOCABULARY[vocabulary].get(code) or code.replace("_", " "))


def word_in(language: str, vocabulary: str, code: str) -> str:
    """Return what a code is called in another language; in English where that language has no catalogue."""
    with translation.override(language or "en"):
        return word(vocabulary, code)
