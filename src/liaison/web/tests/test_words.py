"""A code is shown in words; a code nobody has named yet is still readable."""

from collections.abc import Iterable
from typing import get_args

import pytest
from django.utils import translation

from liaison.access import words as access_words
from liaison.agencies import rules
from liaison.agencies import words as agency_words
from liaison.agencies.models import Agency, Officer
from liaison.audit.events import Event
from liaison.engine.facts import DATE_FINDINGS
from liaison.records.databases import all_databases, base, nominal, travel_documents, vehicles, vessels
from liaison.web import words


@pytest.mark.parametrize(
    ("literal", "vocabulary"),
    [
        (rules.Purpose, agency_words.PURPOSES),
        (base.WarningMarker, words.WARNING_MARKERS),
        (base.ConfidentialityLevel, access_words.LEVEL_WORDS),
        (nominal.PersonStatus, words.PERSON_STATUSES),
    ],
)
def test_every_code_that_a_record_may_carry_has_words(literal: object, vocabulary: words.Words) -> None:
    assert set(get_args(literal)) == set(vocabulary)


def test_a_code_is_shown_in_words() -> None:
    with translation.override("en"):
        assert words.word("warning_marker", "suicide_risk") == "Risk of suicide"


def test_a_code_without_words_is_shown_with_spaces() -> None:
    assert words.word("finding", "brand_new_finding") == "brand new finding"


def test_an_unknown_vocabulary_is_a_mistake_and_fails() -> None:
    with pytest.raises(KeyError):
        words.word("colours", "red")


def test_a_source_without_a_language_is_worded_in_english() -> None:
    with translation.override("pl"):
        assert words.word_in("", "warning_marker", "armed") == "Armed"


@pytest.mark.parametrize(
    ("codes", "vocabulary"),
    [
        (Event, words.VOCABULARY["event"]),
        (Agency.Kind.values, words.VOCABULARY["agency_kind"]),
        (Officer.Duty.values, words.VOCABULARY["duty"]),
        (DATE_FINDINGS, words.FINDINGS),
        (all_databases()["nominal"].operations, words.VOCABULARY["operation"]),
        (nominal.NominalRecord.__struct_fields__, words.FIELDS),
        (travel_documents.TravelDocumentRecord.__struct_fields__, words.FIELDS),
        (vehicles.VehicleRecord.__struct_fields__, words.FIELDS),
        (vessels.VesselRecord.__struct_fields__, words.FIELDS),
    ],
)
def test_every_code_of_the_house_has_words(codes: Iterable[str], vocabulary: words.Words) -> None:
    assert {str(code) for code in codes} <= set(vocabulary)


def test_a_database_without_words_is_called_by_its_declared_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "VOCABULARY", {"database": {}})

    assert words.word("database", "vehicles") == all_databases()["vehicles"].title
