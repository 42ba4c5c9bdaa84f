"""Machine-readable zones, with the specimens that ICAO Doc 9303 prints."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.checks.mrz import LAYOUTS, Format, Layout, Repair, check_digit, read_mrz
from liaison.checks.mrz_write import Holder, write_mrz, write_mrz_td3
from liaison.errors import BadInput

TODAY = date(2026, 11, 23)
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
MRV_A = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
MRV_B = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ERIKSSON = Holder("UTO", "L898902C3", "Eriksson", "Anna Maria", "UTO", "1974-08-12", "F", "2012-04-15", "ZE184226B")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (TD3, ("TD3", "passport", "L898902C3", "1974-08-12", "2012-04-15", "ZE184226B")),
        (TD2, ("TD2", "identity_card", "D23145890", "1974-08-12", "2012-04-15", "")),
        (TD1, ("TD1", "identity_card", "D23145890", "1974-08-12", "2012-04-15", "")),
        (MRV_A, ("MRV-A", "visa", "L8988901C", "1940-09-07", "1996-12-10", "6ZE184226B")),
        (MRV_B, ("MRV-B", "visa", "L8988901C", "1940-09-07", "1996-12-10", "")),
    ],
)
def test_the_specimens_of_doc_9303_are_read(text: str, read: tuple[str, ...]) -> None:
    mrz = read_mrz(text, TODAY)

    assert (mrz.format, mrz.document_type, mrz.number, mrz.born, mrz.expires, mrz.optional_data) == read
    assert (mrz.surname, mrz.given_names, mrz.sex, mrz.issuer_mrz) == ("ERIKSSON", "ANNA MARIA", "F", "UTO")
    assert (mrz.issuer, mrz.repairs, mrz.problems, mrz.notes()) == (None, (), (), [])


@pytest.mark.parametrize(
    "text",
    [
        TD3.replace("\n", ""),
        TD3.replace("\n", " "),
        TD3.lower(),
        TD3.replace("\n", "\r\n\r\n"),
        TD3.replace("<", "< "),
        TD3.replace("<", "«"),
        TD3.replace("<<", "«"),
        TD3.replace("<", "&lt;"),
        TD3.replace("<", "＜"),
        TD3.replace("<<<<<\n", "<<<<<\n   "),
    ],
)
def test_the_way_a_zone_was_pasted_does_not_matter(text: str) -> None:
    mrz = read_mrz(text, TODAY)

    assert mrz == read_mrz(TD3, TODAY)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "The text has 0 characters: a zone has 88"),
        (TD3[:60].replace("\n", ""), "The text has 59 characters: a zone has 88"),
        (TD3[:-1], "Line 2 has 43 characters and should have 44"),
        (TD3[1:], "Line 1 has 43 characters and should have 44"),
        (TD1[:-1], "Line 3 has 29 characters and should have 30"),
        (TD2 + "<", "Line 2 has 37 characters and should have 36"),
        (TD3[:45] + "<" + TD3[45:] + "<", "Line 2 has 46 characters and should have 44"),
        ("UTOPIA\nPASSPORT\n" + TD3, "The text has 4 lines: a zone has 2 or 3"),
        (TD3.replace("ANNA", "AN*A"), "Line 1 has '*' at position 18"),
        (TD3.replace("L898", "Ł898"), "Line 2 has 'Ł' at position 1"),
        ("<" * 1001, "The text has 1001 characters: paste the machine-readable zone only."),
    ],
)
def test_a_zone_of_no_known_shape_is_refused_with_line_and_length(text: str, detail: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_mrz(text, TODAY)

    assert refusal.value.problems[0].code == "bad-mrz"
    assert refusal.value.problems[0].detail.startswith(detail)


@pytest.mark.parametrize(
    ("right", "wrong", "field", "found", "expected"),
    [
        ("L898902C36", "L897902C36", "number", "6", "9"),
        ("L898902C36", "L898902C3<", "number", "<", "6"),
        ("7408122F", "7508122F", "born", "2", "5"),
        ("7408122F", "740812<F", "born", "<", "2"),
        ("1204159", "1304159", "expires", "9", "2"),
        ("B<<<<<10", "A<<<<<10", "optional", "1", "0"),
        ("B<<<<<10", "B<<<<<11", "composite", "1", "0"),
    ],
)
def test_a_wrong_check_digit_names_field_found_and_expected_digit(
    right: str, wrong: str, field: str, found: str, expected: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        read_mrz(TD3.replace(right, wrong), TODAY)

    problem = refusal.value.problems[0]
    assert (problem.code, problem.at) == ("bad-check-digit", field)
    assert f"is {found!r} and {expected} was expected" in problem.detail


def test_every_wrong_check_digit_is_named_at_once() -> None:
    with pytest.raises(BadInput) as refusal:
        read_mrz(TD3.replace("L898902C36", "L897902C36").replace("7408122F", "7508122F"), TODAY)

    assert [problem.at for problem in refusal.value.problems] == ["number", "born"]


def test_a_lenient_reading_gives_the_number_and_lists_what_is_wrong() -> None:
    mrz = read_mrz(TD3.replace("L898902C36", "L897902C36"), TODAY, lenient=True)

    assert mrz.number == "L897902C3"
    assert [problem.code for problem in mrz.problems] == ["bad-check-digit"]
    assert mrz.notes() == [mrz.problems[0].detail]


@pytest.mark.parametrize(
    ("right", "read", "repairs"),
    [
        ("7408122F", "74O8I22F", [(2, 16, "O", "0"), (2, 18, "I", "1")]),
        ("ERIKSSON<<ANNA", "ER1K55ON<<ANNA", [(1, 8, "1", "I"), (1, 10, "5", "S"), (1, 11, "5", "S")]),
        ("P<UTO", "P<UT0", [(1, 5, "0", "O")]),
        ("B<<<<<10", "B<<<<<IO", [(2, 43, "I", "1"), (2, 44, "O", "0")]),
        ("L898902C3", "L8989O2C3", [(2, 6, "O", "0")]),
    ],
)
def test_confused_characters_are_repaired_and_reported(
    right: str, read: str, repairs: list[tuple[int, int, str, str]]
) -> None:
    mrz = read_mrz(TD3.replace(right, read), TODAY)

    assert mrz.repairs == tuple(Repair(*repair) for repair in repairs)
    assert mrz.number == "L898902C3"
    assert (mrz.surname, mrz.born, mrz.optional_data) == ("ERIKSSON", "1974-08-12", "ZE184226B")
    assert len(mrz.notes()) == len(repairs)


def test_a_repair_that_two_readings_would_prove_is_not_made() -> None:
    with pytest.raises(BadInput) as refusal:
        read_mrz(TD3.replace("L898902C3", "L89B902C3"), TODAY)

    assert refusal.value.problems[0].code == "bad-check-digit"


def test_a_long_number_of_a_card_goes_on_in_the_optional_data() -> None:
    # Doc 9303, part 5, gives this first line; the other two are those of its specimen.
    lines = "I<UTOD23145890<7349<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<{}\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    covered = lines[5:30] + lines[31:38] + lines[39:46] + lines[49:60]

    mrz = read_mrz(lines.format(check_digit(covered)), TODAY)

    assert (mrz.number, mrz.optional_data) == ("D23145890734", "")


def test_a_letter_where_a_long_number_has_its_check_digit_is_repaired() -> None:
    text = write_mrz(ERIKSSON._replace(number="D2314589003"), "TD1")
    assert text[14:20] == "<036<Z"

    mrz = read_mrz(text.replace("<036<Z", "<03G<Z"), TODAY)

    assert mrz.number == "D2314589003"
    assert mrz.repairs == (Repair(1, 18, "G", "6"),)


def test_a_long_number_with_a_wrong_check_digit_is_refused() -> None:
    text = write_mrz(ERIKSSON._replace(number="D23145890734"), "TD1")

    with pytest.raises(BadInput) as refusal:
        read_mrz(text.replace("<7349<", "<7348<"), TODAY)

    assert refusal.value.problems[0].at == "number"


@pytest.mark.parametrize(
    ("born", "today", "read"),
    [
        ("260101", date(2026, 11, 23), "2026-01-01"),
        ("261124", date(2026, 11, 23), "1926-11-24"),
        ("991231", date(2026, 11, 23), "1999-12-31"),
        ("26<<<<", date(2026, 11, 23), "2026"),
        ("2612<<", date(2026, 11, 23), "1926-12"),
        ("260000", date(2026, 11, 23), "2026"),
        ("261100", date(2026, 11, 23), "2026-11"),
        ("<<<<<<", date(2026, 11, 23), None),
        ("050101", date(2104, 1, 1), "2005-01-01"),
    ],
)
def test_a_birth_date_is_never_in_the_future_and_may_be_partial(born: str, today: date, read: str | None) -> None:
    line = f"L8988901C4XXX{born}{check_digit(born)}F9612109<<<<<<<<"

    mrz = read_mrz(f"{MRV_B[:36]}\n{line}", today)

    assert mrz.born == read


@pytest.mark.parametrize(
    ("expires", "today", "read"),
    [
        ("361231", date(2026, 11, 23), "2036-12-31"),
        ("761231", date(2026, 11, 23), "2076-12-31"),
        ("771231", date(2026, 11, 23), "1977-12-31"),
        ("031231", date(2095, 1, 1), "2103-12-31"),
        ("<<<<<<", date(2026, 11, 23), None),
    ],
)
def test_an_expiry_date_lies_at_most_fifty_years_ahead(expires: str, today: date, read: str | None) -> None:
    line = f"L8988901C4XXX4009078F{expires}{check_digit(expires)}<<<<<<<<"

    mrz = read_mrz(f"{MRV_B[:36]}\n{line}", today)

    assert mrz.expires == read


@pytest.mark.parametrize("born", ["741332", "740230", "7408AB", "740012", "74081<", "7<0812"])
def test_a_date_that_is_not_in_the_calendar_is_refused(born: str) -> None:
    line = f"L8988901C4XXX{born}{check_digit(born)}F9612109<<<<<<<<"

    with pytest.raises(BadInput) as refusal:
        read_mrz(f"{MRV_B[:36]}\n{line}", TODAY)

    assert "impossible-date" in [problem.code for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("right", "wrong", "code", "at"),
    [
        ("V<UTO", "V<QQQ", "unknown-country", "issuer"),
        ("XXX4009078F", "QQQ4009078F", "unknown-country", "nationality"),
        ("XXX4009078F", "XXX4009078H", "bad-mrz", "sex"),
        ("L8988901C4", "<<<<<<<<<0", "bad-mrz", "number"),
    ],
)
def test_what_no_document_can_say_is_named(right: str, wrong: str, code: str, at: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_mrz(MRV_B.replace(right, wrong), TODAY)

    assert [(problem.code, problem.at) for problem in refusal.value.problems] == [(code, at)]


@pytest.mark.parametrize(("letter", "sex"), [("F", "F"), ("M", "M"), ("X", "X"), ("<", "U")])
def test_sex_is_read_as_the_house_writes_it(letter: str, sex: str) -> None:
    assert read_mrz(MRV_B.replace("78F96", f"78{letter}96"), TODAY).sex == sex


@pytest.mark.parametrize(
    ("code", "kind"),
    [("I<", "identity_card"), ("AR", "identity_card"), ("AC", "other"), ("P<", "passport"), ("X<", "other")],
)
def test_the_document_code_tells_the_kind_of_document(code: str, kind: str) -> None:
    assert read_mrz(code + TD2[2:], TODAY).document_type == kind


def test_special_codes_give_their_two_letter_code() -> None:
    mrz = read_mrz(MRV_B.replace("V<UTO", "V<D<<").replace("XXX4009078F", "RKS4009078F"), TODAY)

    assert (mrz.issuer, mrz.issuer_mrz) == ("DE", "D")
    assert (mrz.nationality, mrz.nationality_mrz) == ("XK", "RKS")


def test_names_that_fill_their_line_may_be_cut() -> None:
    mrz = read_mrz(write_mrz(ERIKSSON._replace(given_names="Anna Maria " * 5), "TD3"), TODAY)

    assert mrz.names_may_be_cut
    assert mrz.given_names == "ANNA MARIA ANNA MARIA ANNA MA"
    assert mrz.notes() == ["The names fill their line: more of them may stand on the document."]


def test_a_passport_is_written_as_doc_9303_prints_it() -> None:
    assert write_mrz_td3(ERIKSSON) == TD3


def test_names_are_written_as_doc_9303_recommends() -> None:
    text = write_mrz_td3(ERIKSSON._replace(surname="Müller-Strauß", given_names="Zoë D'Arc Łucja"))

    assert text.startswith("P<UTOMUELLER<STRAUSS<<ZOE<DARC<LUCJA<<<")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"number": "A" * 10}, "'AAAAAAAAAA' is too long for the number of TD3: at most 9 characters."),
        ({"issuer": "QQ"}, "'QQ' is not a country."),
    ],
)
def test_what_does_not_fit_a_zone_is_not_written(change: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write_mrz_td3(ERIKSSON._replace(**change))


def test_a_check_digit_exists_for_the_characters_of_a_zone_only() -> None:
    assert check_digit("L898902C3") == 6
    with pytest.raises(ValueError, match="'a' cannot stand in a machine-readable zone"):
        check_digit("La")


HOLDERS = st.builds(
    Holder,
    issuer=st.sampled_from(["PL", "KE", "DE", "XK", "GB", "UN"]),
    number=st.text("0123456789" + LETTERS, min_size=1, max_size=9),
    surname=st.text(LETTERS, min_size=1, max_size=10),
    given_names=st.text(LETTERS, max_size=10),
    nationality=st.sampled_from(["PL", "KE", "DE", "XK", "GB", "SA"]),
    born=st.dates(date(1927, 1, 1), date(2026, 1, 1)).map(date.isoformat),
    sex=st.sampled_from("FMXU"),
    expires=st.dates(date(2000, 1, 1), date(2070, 1, 1)).map(date.isoformat),
    optional=st.just("AB1"),
)


@given(st.sampled_from([*LAYOUTS.values()]), HOLDERS)
def test_what_is_written_is_read_back(layout: Layout, holder: Holder) -> None:
    mrz = read_mrz(write_mrz(holder, layout.format), TODAY)

    assert mrz.format == layout.format
    assert mrz.repairs == ()
    assert holder == Holder(
        mrz.issuer or "",
        mrz.number,
        mrz.surname,
        mrz.given_names,
        mrz.nationality or "",
        mrz.born or "",
        mrz.sex,
        mrz.expires or "",
        mrz.optional_data,
    )


@given(st.sampled_from(["TD1", "TD2"]), st.text("0123456789", min_size=10, max_size=14))
def test_a_long_number_is_read_back(form: Format, number: str) -> None:
    text = write_mrz(ERIKSSON._replace(number=number, optional=""), form)

    assert read_mrz(text, TODAY).number == number


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_mrz(text, TODAY)
    except BadInput as refusal:
        assert refusal.problems[0].code == "bad-mrz"  # noqa: PT017


@given(st.sampled_from([88, 72, 90]), st.data())
def test_any_zone_of_a_right_length_is_read_or_refused(length: int, data: st.DataObject) -> None:
    text = data.draw(st.text(LETTERS + "0123456789<", min_size=length, max_size=length))

    mrz = read_mrz(text, TODAY, lenient=True)

    assert len(mrz.format) >= 3


def test_a_repaired_number_is_also_given_as_it_was_read() -> None:
    # D was misread as A; by chance B for 8 makes the digit right, so the repair is wrong, and said.
    mrz = read_mrz(TD1.replace("D23145890", "A23145890"), TODAY)

    assert (mrz.number, mrz.number_as_read) == ("A23145B90", "A23145890")
    assert mrz.notes() == ["Line 1, position 12: 8 was read as B."]


@given(st.sampled_from([TD3, TD2, TD1, MRV_A, MRV_B]), st.data())
def test_one_wrong_character_never_changes_the_number_unsaid(text: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([n for n, char in enumerate(text) if char != "\n"]))
    # Two characters that are ten apart (A and K, 6 and G) are one to every check digit.
    others = [char for char in LETTERS + "0123456789" if (_value(char) - _value(text[place])) % 10]
    changed = text[:place] + data.draw(st.sampled_from(others)) + text[place + 1 :]

    read = read_mrz(changed, TODAY, lenient=True)

    assert read.number == read_mrz(text, TODAY).number or read.notes()


def _value(char: str) -> int:
    return 0 if char == "<" else int(char, 36)
