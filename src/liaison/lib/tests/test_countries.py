"""ISO 3166-1 and the codes of machine-readable zones."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.lib.countries import (
    all_countries,
    alpha2_of_mrz,
    country_code,
    country_name,
    is_country,
    is_issuer,
    is_mrz_code,
    mrz_of_alpha2,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PL", "PL"),
        ("pl", "PL"),
        (" POL ", "PL"),
        ("poland", "PL"),
        ("Republic of Poland", "PL"),
        ("Democratic Republic of the Congo", "CD"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo, Republic of the", "CG"),
        ("RUSSIA", "RU"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Syria", "SY"),
        ("Ivory Coast", "CI"),
        ("Côte d'Ivoire", "CI"),
        ("Cote d Ivoire", "CI"),
        ("USA", "US"),
        ("Korea, North", "KP"),
        ("South Korea", "KR"),
        ("Burma", "MM"),
        ("Palestinian", "PS"),
        ("Kosovo", "XK"),
        ("The Gambia", "GM"),
        ("St. Lucia", "LC"),
        ("Turkiye", "TR"),
        ("Republic of China", "TW"),
        ("UK", "GB"),
    ],
)
def test_a_country_is_known_by_its_codes_and_its_english_names_in_any_case(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("POLAND!", "'POLAND!' is not a country. Did you mean 'PL' (Poland)?"),
        ("Polnad", "'Polnad' is not a country. Did you mean 'PL' (Poland)?"),
        ("", "'' is not a country. Write a code of ISO 3166-1 such as 'PL' or 'POL', or the English name."),
        ("1234", "'1234' is not a country. Write a code of ISO 3166-1 such as 'PL' or 'POL', or the English name."),
    ],
)
def test_what_is_not_a_country_is_refused_with_the_nearest_one(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="is not a country") as refusal:
        country_code(text)

    assert str(refusal.value) == message


def test_the_table_has_every_code_of_the_standard_and_kosovo() -> None:
    assert len(all_countries()) == 250
    assert dict(all_countries())["KE"] == "Kenya"


def test_no_two_countries_of_the_table_share_a_name() -> None:
    text = files("liaison.lib").joinpath("countries.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))

    spoken = [(row["alpha2"], name) for row in rows for name in (row["name"], *row["variants"].split("|")) if name]

    assert [(code, name) for code, name in spoken if country_code(name) != code] == []


@given(st.text())
def test_any_text_is_a_country_or_is_refused_in_words(text: str) -> None:
    try:
        code = country_code(text)
    except ValueError as refusal:
        assert "is not a country" in str(refusal)  # noqa: PT017
    else:
        assert is_country(code)


def test_only_upper_case_alpha2_is_a_code() -> None:
    assert is_country("PL")
    assert not is_country("pl")
    assert not is_country("POL")
    assert not is_country("UN")


def test_organisations_issue_documents_without_being_countries() -> None:
    assert is_issuer("UN")
    assert is_issuer("PL")
    assert not is_issuer("QQ")
    assert country_name("UN") == "United Nations"


def test_an_unknown_code_is_named_as_it_is() -> None:
    assert country_name("QQ") == "QQ"


@pytest.mark.parametrize(
    ("code", "alpha2"),
    [
        ("POL", "PL"),
        ("D<<", "DE"),
        ("D", "DE"),
        ("GBD", "GB"),
        ("GBP", "GB"),
        ("RKS", "XK"),
        ("UNO", "UN"),
        ("UNK", "UN"),
        ("EUE", "EU"),
        ("XPO", None),
        ("XXA", None),
        ("UTO", None),
    ],
)
def test_codes_of_travel_documents_are_known(code: str, alpha2: str | None) -> None:
    assert is_mrz_code(code)
    assert alpha2_of_mrz(code) == alpha2


def test_an_unknown_code_of_a_travel_document_is_no_country() -> None:
    assert not is_mrz_code("QQQ")
    assert alpha2_of_mrz("QQQ") is None


@given(st.sampled_from([code for code, _ in all_countries()]))
def test_the_code_written_in_a_zone_reads_back_as_the_same_country(alpha2: str) -> None:
    assert alpha2_of_mrz(mrz_of_alpha2(alpha2)) == alpha2


def test_a_zone_is_not_written_for_an_unknown_country() -> None:
    with pytest.raises(ValueError, match="'QQ' is not a country"):
        mrz_of_alpha2("QQ")
