"""The sample checks: well-formed questions about records that are there."""

from datetime import date

import msgspec

from liaison.checks.mrz import read_mrz
from liaison.checks.request import Query
from liaison.demo import leading
from liaison.demo.samples import samples

TODAY = date(2026, 1, 1)
LEADING = [
    row
    for fixed in (
        leading.leading_persons(),
        leading.leading_documents(),
        leading.leading_vehicles(),
        leading.leading_vessels(),
    )
    for _, row in fixed
]


def test_every_sample_is_a_question_that_the_check_understands() -> None:
    asked = [msgspec.convert(sample.query, Query) for sample in samples()]

    assert [query.id for query in asked] == [f"s{place}" for place in range(1, len(asked) + 1)]
    assert len(asked) >= 12


def test_a_match_points_at_a_fixed_record_and_a_miss_at_none() -> None:
    references = {row["source_reference"] for row in LEADING}

    found = {sample.source_reference for sample in samples() if sample.expected == "matches"}
    missed = {sample.source_reference for sample in samples() if sample.expected != "matches"}

    assert found <= references
    assert missed == {""}


def test_the_stolen_passport_reads_as_its_record_says() -> None:
    zone = next(str(sample.query["mrz"]) for sample in samples() if "scanner" in sample.story)

    mrz = read_mrz(zone, today=TODAY)

    record = next(row for row in LEADING if row["source_reference"] == "KE-D-L001")
    assert (mrz.number, mrz.issuer) == (record["number"], record["issuer"])
    assert f"{mrz.given_names} {mrz.surname}" == str(record["holder_name"]).upper()
    assert str(mrz.born) == record["holder_born"]


def test_the_misread_zone_is_repaired() -> None:
    zone = next(str(sample.query["mrz"]) for sample in samples() if "O for a zero" in sample.story)

    mrz = read_mrz(zone, today=TODAY)

    assert [(repair.read, repair.taken) for repair in mrz.repairs] == [("O", "0")]
    assert str(mrz.born) == "1968-12-01"


def test_every_sample_tells_its_own_story() -> None:
    stories = [sample.story for sample in samples()]

    assert len(set(stories)) == len(stories)
