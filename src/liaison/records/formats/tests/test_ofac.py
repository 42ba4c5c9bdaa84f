import io
from pathlib import Path

import pytest

from liaison.errors import BadInput
from liaison.records.formats import Limits, Row, find_companions, open_ofac, open_rows
from liaison.records.formats.ofac_remarks import dates_of


def _sdn(number: int, name: str, kind: str = "individual", remarks: str = "-0- ", **more: str) -> str:
    middle = [more.get(field, "-0- ") for field in ("title", "call", "type", "tonnage", "grt", "flag", "owner")]
    cells = [name, kind, more.get("programme", "UTOPIA"), *middle, remarks]
    return f"{number}," + ",".join(f'"{cell}"' for cell in cells) + "\r\n"


def _open(sdn: str, alt: str = "", add: str = "") -> list[Row]:
    companions = [io.BytesIO(text.encode()) if text else None for text in (alt, add)]
    return list(open_ofac(io.BytesIO(sdn.encode()), *companions))


def _fields(row: Row) -> dict[str, object]:
    assert row.fields is not None
    return row.fields


def test_an_individual_is_read_with_everything_the_three_files_say() -> None:
    remarks = (
        "DOB 10 Dec 1948; alt. DOB circa 1950; POB Port Utopia, Poland; nationality Poland; alt. citizen Malta; "
        "Gender Female; Passport ZZ0001 (Poland) issued 01 Jan 2001 expires 01 Jan 2011; alt. Passport ZZ0002; "
        "National ID No. 77-88 (Utopia); a.k.a. 'ZABA'; f.k.a. 'ZABA, Old'; Skipper; Likes boats; Linked To: UTOPIA."
    )
    sdn = _sdn(7, "KOWAL, Ada Maria", remarks=remarks, title="Skipper", programme="UTOPIA] [SEA")
    alt = '7,1,"aka","KOWALSKA, Ada","from 2001"\r\n7,2,"fka","OLDA",-0- \r\n'
    add = (
        '7,1,"1 Turtle Lane","Port Utopia","Poland",-0- \r\n'
        '7,2,-0- ,-0- ,"Malta","summer"\r\n'
        "7,3,-0- ,-0- ,-0- ,-0- \r\n"
    )

    row = _open(sdn, alt, add)[0]

    assert (row.number, row.line, row.database) == (1, 1, "nominal")
    assert _fields(row) == {
        "source_reference": "OFAC-7",
        "kind": "person",
        "sex": "F",
        "relevance": "OFAC SDN list, programme UTOPIA, SEA",
        "names": [
            _name("Ada Maria KOWAL", "primary", "Ada Maria", "KOWAL"),
            _name("Ada KOWALSKA", "alias", "Ada", "KOWALSKA"),
            {"full": "OLDA", "kind": "former"},
            {"full": "ZABA", "kind": "weak_alias"},
            _name("Old ZABA", "former", "Old", "ZABA"),
        ],
        "born": ["1948-12-10", "1950"],
        "places_of_birth": ["Port Utopia, Poland"],
        "nationalities": ["PL", "MT"],
        "addresses": ["1 Turtle Lane, Port Utopia, Poland", "Malta (summer)"],
        "documents": [
            {
                "number": "ZZ0001",
                "type": "passport",
                "issuer": "PL",
                "note": "Passport issued 01 Jan 2001 expires 01 Jan 2011",
            },
            {"number": "ZZ0002", "type": "passport", "note": "Passport"},
            {"number": "77-88", "type": "identity_card", "note": "National ID No.; issued by Utopia"},
        ],
        "description": (
            "Alias KOWALSKA, Ada: from 2001\nTitle: Skipper\nBorn: circa 1950\nLikes boats\nLinked To: UTOPIA"
        ),
    }


def _name(full: str, kind: str, given: str, family: str) -> dict[str, object]:
    return {
        "full": full,
        "kind": kind,
        "parts": [{"role": "given", "text": given}, {"role": "family", "text": family}],
    }


def test_an_entry_without_kind_is_an_organisation_whose_commas_turn_nothing() -> None:
    fields = _fields(
        _open(_sdn(8, "UTOPIA LINES CO., LTD.", "-0- ", "Registration Number 12 (Poland); a.k.a. 'U, L'."))[0]
    )

    assert fields["kind"] == "organisation"
    assert fields["names"] == [
        {"full": "UTOPIA LINES CO., LTD.", "kind": "primary"},
        {"full": "U, L", "kind": "weak_alias"},
    ]


def test_a_name_keeps_its_suffix_at_the_end() -> None:
    names = _fields(_open(_sdn(8, "KOWAL, Jan, Jr."))[0])["names"]

    assert names == [_name("Jan KOWAL Jr.", "primary", "Jan", "KOWAL")]


def test_facts_that_cannot_be_read_become_lines_of_the_description() -> None:
    remarks = "DOB unknown; nationality Atlantis; Gender unsaid; Passport none; Identification Number IMO 12."

    fields = _fields(_open(_sdn(9, "KOWAL, Ada", remarks=remarks))[0])

    assert fields["description"] == ("Born: unknown\nNationality: Atlantis\nGender: unsaid\nDocument: none, Passport")


def test_a_vessel_goes_to_the_vessels() -> None:
    remarks = "Former Vessel Flag Malta; Vessel Registration Identification IMO 9999993; MMSI 999000001; Linked To: U."
    sdn = _sdn(10, "UTOPIA STAR", "vessel", remarks, call="UT1", type="Tug", flag="Poland", owner="U. Lines")
    alt = '10,1,"fka","UTOPIA SUN",-0- \n'
    add = '10,1,"Quay 1","Port","Poland",-0- \n10,2,-0- ,-0- ,-0- ,-0- \n'

    row = _open(sdn, alt, add)[0]

    assert row.database == "vessels"
    assert _fields(row) == {
        "source_reference": "OFAC-10",
        "name": "UTOPIA STAR",
        "imo": "9999993",
        "mmsi": "999000001",
        "aliases": ["UTOPIA SUN"],
        "flag": "PL",
        "type": "Tug",
        "call_sign": "UT1",
        "relevance": "OFAC SDN list, programme UTOPIA",
        "description": ("Former Vessel Flag Malta\nLinked To: U\nOwner: U. Lines\nAddress: Quay 1, Port, Poland"),
    }


def test_numbers_that_cannot_be_are_kept_as_text_and_cost_no_entry() -> None:
    vessel = "Vessel Registration Identification IMO 15411; MMSI 999000001; MMSI 999000002."
    person = "Passport 30*1; National ID No. CNIC: 77-88 (Malta); Tax ID No. #123."

    rows = _open(_sdn(11, "UTOPIA STAR", "vessel", vessel) + _sdn(12, "KOWAL, Ada", remarks=person))

    assert _fields(rows[0])["mmsi"] == "999000001"
    assert _fields(rows[0])["description"] == "Vessel Registration Identification IMO 15411\nMMSI 999000002"
    assert _fields(rows[1])["documents"] == [
        {"number": "77-88", "type": "identity_card", "issuer": "MT", "note": "National ID No.; CNIC: 77-88"},
        {"number": "123", "type": "other", "note": "Tax ID No.; #123"},
    ]
    assert _fields(rows[1])["description"] == "Document: 30*1, Passport"


def test_a_vessel_of_which_little_is_known_has_few_fields() -> None:
    fields = _fields(_open(_sdn(11, "UTOPIA STAR", "vessel"))[0])

    assert fields == {
        "source_reference": "OFAC-11",
        "name": "UTOPIA STAR",
        "relevance": "OFAC SDN list, programme UTOPIA",
    }


def test_a_vessel_whose_flag_is_no_country_keeps_it_as_text() -> None:
    fields = _fields(_open(_sdn(11, "UTOPIA STAR", "vessel", flag="None Identified"))[0])

    assert "flag" not in fields
    assert fields["description"] == "Flag: None Identified"


def test_aircraft_are_refused_and_the_next_entry_is_read() -> None:
    rows = _open(_sdn(12, "UT-001", "aircraft") + _sdn(13, "KOWAL, Ada"))

    assert rows[0].refusal is not None
    assert (rows[0].refusal.code, rows[0].refusal.at, rows[0].refusal.value) == (
        "unsupported-kind",
        "line 1",
        "aircraft",
    )
    assert _fields(rows[1])["source_reference"] == "OFAC-13"


def test_the_end_mark_of_the_files_is_no_row() -> None:
    rows = _open(_sdn(7, "KOWAL, Ada") + "\x1a", '7,1,"aka","K",-0- \r\n\x1a\r\n')

    assert len(rows) == 1
    assert len(_open(_sdn(7, "KOWAL, Ada") + "\x1a")) == 1


def test_broken_rows_and_rows_without_entry_are_refused_alone() -> None:
    sdn = _sdn(7, "KOWAL, Ada") + "8,short\r\nx" + _sdn(9, "ZABA")[1:] + _sdn(10, "-0- ") + _sdn(11, "A\0B")
    alt = '7,1,"aka","K",-0- \r\n7,2\r\n99,3,"aka","L",-0- \r\n'

    rows = _open(sdn, alt)

    assert [(row.number, row.refusal.code, row.refusal.at) for row in rows if row.refusal] == [
        (2, "ragged-row", "line 2"),
        (3, "ragged-row", "line 3"),
        (4, "missing-name", "line 4"),
        (5, "bad-character", "line 5"),
        (6, "ragged-row", "ALT line 2"),
        (7, "unknown-entry", "ALT line 3"),
    ]


@pytest.mark.parametrize("text", ["full_name,born\nAda,1984\n", "Ada\n", '"open'])
def test_another_file_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(BadInput, match="unknown-format"):
        _open(text)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BadInput, match="empty-file"):
        _open("\n\n")


def test_companions_over_their_limit_are_refused() -> None:
    alt = io.BytesIO(b'7,1,"aka","K",-0- \r\n' * 100)

    with pytest.raises(BadInput, match="file-too-large"):
        list(open_ofac(io.BytesIO(_sdn(7, "K").encode()), alt, None, limits=Limits(max_companion_bytes=100)))


def test_the_main_file_can_be_read_alone() -> None:
    rows = list(open_rows(io.BytesIO(_sdn(7, "KOWAL, Ada", programme="-0- ").encode()), format="ofac"))

    assert _fields(rows[0])["relevance"] == "OFAC SDN list"


def test_the_other_two_files_are_found_in_any_case_and_with_a_prefix(tmp_path: Path) -> None:
    found = [tmp_path / name for name in ("X_SDN.CSV", "x_alt.csv", "X_ADD.csv.gz")]
    for path in found:
        path.touch()

    assert find_companions(found[0]) == (found[1], found[2])


def test_a_missing_companion_is_named(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").touch()
    (tmp_path / "alt.csv").touch()

    with pytest.raises(BadInput) as caught:
        find_companions(tmp_path / "sdn.csv")

    assert (caught.value.problems[0].code, caught.value.problems[0].at) == ("missing-companion", "add.csv")


def test_a_file_of_another_name_has_no_companions(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="unknown-format"):
        find_companions(tmp_path / "list.csv")


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("1948", ["1948"]),
        ("Dec 1948", ["1948-12"]),
        ("9 October 1948", ["1948-10-09"]),
        ("circa 1948", ["1948"]),
        ("1960 to 1963", ["1960", "1961", "1962", "1963"]),
        ("circa 1979-1981", ["1979", "1980", "1981"]),
        ("13 Dec 1962 to 14 Mar 1963", ["1962", "1963"]),
        ("1900 to 1950", ["1900", "1950"]),
        ("10 1948", []),
        ("Xyz 1948", []),
        ("Xyz 1948 to 1949", []),
        ("unknown", []),
        ("0000-" * 20_000 + "x", []),
    ],
)
def test_dates_of_birth_are_read_in_every_form_of_the_list(text: str, dates: list[str]) -> None:
    assert dates_of(text) == dates
