"""Checks."""

from tests.cast import Member, a_passport, check, feed


def test_a_fed_passport_is_found(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))

    result = check(warsaw_officer, document={"number": "9ZZL00001"})

    assert result.outcome == "matches"


def test_a_fed_passport_is_found2(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "travel_documents", a_passport("9ZZL00001", "KE"))

    result = check(warsaw_officer, document={"number": "9ZZL00001"})

    assert result.outcome == "matches"
