import io

import pytest

from liaison.errors import BadInput, TooLarge
from liaison.records.formats import Limits, Row, open_rows

_PERSON = """
<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>ADA</FIRST_NAME><SECOND_NAME>MARIA</SECOND_NAME>
<THIRD_NAME>KOWAL</THIRD_NAME><FOURTH_NAME>ZABA</FOURTH_NAME><UN_LIST_TYPE>Utopia</UN_LIST_TYPE>
<REFERENCE_NUMBER>UTi.001</REFERENCE_NUMBER><LISTED_ON>2015-03-27-04:00</LISTED_ON><GENDER>Female</GENDER>
<NAME_ORIGINAL_SCRIPT>آدا كوال</NAME_ORIGINAL_SCRIPT>
<COMMENTS1>Seen at
 sea.</COMMENTS1>
<TITLE><VALUE>Captain</VALUE></TITLE><DESIGNATION><VALUE>Skipper</VALUE><VALUE>Cook</VALUE></DESIGNATION>
<NATIONALITY><VALUE>Poland</VALUE><VALUE>former Utopia</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Ada Kowalska; Ada K.</ALIAS_NAME>
 <DATE_OF_BIRTH>1985-01-02</DATE_OF_BIRTH><CITY_OF_BIRTH>Valletta</CITY_OF_BIRTH>
 <COUNTRY_OF_BIRTH>Malta</COUNTRY_OF_BIRTH></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Turtle</ALIAS_NAME>
 <NOTE>in Arabic script: سلحفاة</NOTE></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Ada Old</ALIAS_NAME>
 <NOTE>formerly listed as</NOTE></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ADDRESS><STREET>1 Turtle Lane</STREET><CITY>Port</CITY>
 <COUNTRY>Poland</COUNTRY><NOTE>2016</NOTE></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_ADDRESS><COUNTRY/><NOTE>at sea</NOTE></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1984-02-03</DATE></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1983</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE>
 <FROM_YEAR>1980</FROM_YEAR><TO_YEAR>1982</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE/></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Port Utopia</CITY><COUNTRY>Poland</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>ZZ0001</NUMBER>
 <ISSUING_COUNTRY>Poland</ISSUING_COUNTRY>
 <DATE_OF_ISSUE>2001-01-01</DATE_OF_ISSUE><CITY_OF_ISSUE>Port</CITY_OF_ISSUE></INDIVIDUAL_DOCUMENT>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT>
 <NUMBER>77-88 (PL)</NUMBER></INDIVIDUAL_DOCUMENT>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT>
 <NUMBER>Utopian service passport no. ZZ0002</NUMBER></INDIVIDUAL_DOCUMENT>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT2>Sea card number 665</TYPE_OF_DOCUMENT2></INDIVIDUAL_DOCUMENT>
<INDIVIDUAL_DOCUMENT><NOTE>under another name</NOTE></INDIVIDUAL_DOCUMENT><INDIVIDUAL_DOCUMENT/>
<SORT_KEY/></INDIVIDUAL>
"""
_BODY = """
<ENTITY><FIRST_NAME>UTOPIA LINES ; UTOPIA BOATS</FIRST_NAME><UN_LIST_TYPE>Utopia</UN_LIST_TYPE>
<REFERENCE_NUMBER>UTe.001</REFERENCE_NUMBER>
<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>OLD LINES</ALIAS_NAME></ENTITY_ALIAS>
<ENTITY_ADDRESS><CITY>Port</CITY></ENTITY_ADDRESS></ENTITY>
"""


def _list(individuals: str = "", entities: str = "") -> bytes:
    body = f"<INDIVIDUALS>{individuals}</INDIVIDUALS><ENTITIES>{entities}</ENTITIES>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<CONSOLIDATED_LIST>{body}</CONSOLIDATED_LIST>'.encode()


def _rows(data: bytes, limits: Limits | None = None) -> list[Row]:
    return list(open_rows(io.BytesIO(data), format="un", limits=limits or Limits()))


def _refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        _rows(data)
    return caught.value.problems[0].code, caught.value.problems[0].at


def _individual(inside: str, reference: str = "UTi.002") -> dict[str, object]:
    text = (
        f"<INDIVIDUAL><FIRST_NAME>A</FIRST_NAME><REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER>{inside}</INDIVIDUAL>"
    )
    fields = _rows(_list(text))[0].fields
    assert fields is not None
    return fields


def test_an_individual_is_read_with_everything_the_entry_says() -> None:
    row = _rows(_list(_PERSON))[0]

    assert (row.number, row.database) == (1, "nominal")
    assert row.fields == {
        "source_reference": "UTi.001",
        "kind": "person",
        "relevance": "UN Security Council list Utopia, listed on 2015-03-27",
        "status": "subject_to_un_sanctions",
        "sex": "F",
        "names": [
            {"full": "ADA MARIA KOWAL ZABA", "kind": "primary"},
            {"full": "آدا كوال", "kind": "original_script"},
            {"full": "Ada Kowalska", "kind": "alias"},
            {"full": "Ada K.", "kind": "alias"},
            {"full": "Turtle", "kind": "weak_alias"},
            {"full": "سلحفاة", "kind": "original_script"},
            {"full": "Ada Old", "kind": "former"},
        ],
        "addresses": ["1 Turtle Lane, Port, Poland (2016)"],
        "born": ["1985-01-02", "1984-02-03", "1983", "1980", "1981", "1982"],
        "places_of_birth": ["Valletta, Malta", "Port Utopia, Poland"],
        "nationalities": ["PL"],
        "documents": [
            {"number": "ZZ0001", "type": "passport", "issuer": "PL", "note": "Passport; issued 2001-01-01 in Port"},
            {"number": "77-88", "type": "identity_card", "issuer": "PL", "note": "National Identification Number"},
            {"number": "ZZ0002", "type": "passport", "note": "Passport; Utopian service passport no. ZZ0002"},
            {"number": "665", "type": "other", "note": "Sea card number 665"},
        ],
        "description": (
            "Alias Turtle: in Arabic script: سلحفاة\nAlias Ada Old: formerly listed as\nAddress: at sea\n"
            "Title: Captain\nDesignation: Skipper\nDesignation: Cook\nSeen at sea.\n"
            "Born: approximately 1983\nBorn: between 1980 and 1982\nNationality: former Utopia\n"
            "Document: under another name"
        ),
    }


def test_an_entity_is_an_organisation_without_the_status_of_a_person() -> None:
    fields = _rows(_list("", _BODY))[0].fields

    assert fields == {
        "source_reference": "UTe.001",
        "kind": "organisation",
        "relevance": "UN Security Council list Utopia",
        "names": [
            {"full": "UTOPIA LINES", "kind": "primary"},
            {"full": "UTOPIA BOATS", "kind": "alias"},
            {"full": "OLD LINES", "kind": "former"},
        ],
        "addresses": ["Port"],
    }


def test_a_date_or_gender_that_cannot_be_read_is_kept_as_text() -> None:
    date = "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1402/06</DATE></INDIVIDUAL_DATE_OF_BIRTH>"

    fields = _individual(f"{date}<GENDER>unsaid</GENDER>")

    assert "born" not in fields
    assert fields["description"] == "Born: 1402/06\nGender: unsaid"


def test_a_long_range_of_years_gives_its_ends() -> None:
    birth = "<FROM_YEAR>1950</FROM_YEAR><TO_YEAR>1970</TO_YEAR>"

    fields = _individual(f"<INDIVIDUAL_DATE_OF_BIRTH>{birth}</INDIVIDUAL_DATE_OF_BIRTH>")

    assert fields["born"] == ["1950", "1970"]


def test_more_than_a_record_can_hold_becomes_text() -> None:
    births = "".join(
        f"<INDIVIDUAL_DATE_OF_BIRTH><YEAR>{year}</YEAR></INDIVIDUAL_DATE_OF_BIRTH>" for year in range(1950, 1971)
    )
    long_alias = f"<INDIVIDUAL_ALIAS><ALIAS_NAME>{'x' * 501}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    number = f"<INDIVIDUAL_DOCUMENT><NUMBER>{'7' * 65}</NUMBER></INDIVIDUAL_DOCUMENT>"

    fields = _individual(births + long_alias + number)

    assert isinstance(fields["born"], list)
    assert len(fields["born"]) == 20
    assert fields["description"] == f"Name: {'x' * 501}\nBorn: 1970\nDocument: {'7' * 65}"


def test_entries_that_cannot_be_kept_are_refused_alone() -> None:
    bad = (
        "<SHIP/>"
        "<INDIVIDUAL><FIRST_NAME>A</FIRST_NAME></INDIVIDUAL>"
        "<INDIVIDUAL><FIRST_NAME/><REFERENCE_NUMBER>UTi.9</REFERENCE_NUMBER></INDIVIDUAL>"
    )

    rows = _rows(_list(bad + _PERSON))

    assert [(row.number, row.refusal.code, row.refusal.at) for row in rows if row.refusal] == [
        (1, "unsupported-kind", "entry 1"),
        (2, "missing-reference", "entry 2"),
        (3, "missing-name", "entry 3"),
    ]
    assert rows[3].fields is not None


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE CONSOLIDATED_LIST SYSTEM "http://localhost/list.dtd">',
        "<!DOCTYPE CONSOLIDATED_LIST>",
    ],
)
def test_document_types_and_entities_are_refused(head: str) -> None:
    assert _refusal(_list(_PERSON).replace(b"<CONSOLIDATED_LIST>", head.encode() + b"<CONSOLIDATED_LIST>")) == (
        "forbidden-xml",
        "",
    )


def test_malformed_xml_is_refused_with_line_and_column() -> None:
    assert _refusal(b"<CONSOLIDATED_LIST>\n <A></B>") == ("bad-xml", "line 2, column 7")
    assert _refusal(_list(_PERSON)[:-5])[0] == "bad-xml"
    assert _refusal(b"not xml")[0] == "bad-xml"


def test_another_document_is_refused() -> None:
    assert _refusal(b"<html><body/></html>") == ("unknown-format", "line 1")


def test_an_encoding_that_is_not_known_is_refused() -> None:
    assert _refusal(b'<?xml version="1.0" encoding="ebcdic-utopia"?><CONSOLIDATED_LIST/>')[0] in (
        "wrong-encoding",
        "bad-xml",
    )


def test_deep_nesting_is_refused() -> None:
    assert _refusal(b"<CONSOLIDATED_LIST>" + b"<A>" * 200_000) == ("nested-too-deeply", "")


def test_an_empty_file_is_refused() -> None:
    assert _refusal(b"") == ("empty-file", "")


def test_an_entry_without_end_is_stopped() -> None:
    endless = _list(f"<INDIVIDUAL><COMMENTS1>{'x' * 2_000_000}</COMMENTS1></INDIVIDUAL>")

    with pytest.raises(TooLarge, match="row-too-long"):
        _rows(endless)


def test_many_entries_together_may_be_longer_than_one() -> None:
    assert len(_rows(_list(_PERSON * 20), Limits(max_row_bytes=60_000))) == 20
