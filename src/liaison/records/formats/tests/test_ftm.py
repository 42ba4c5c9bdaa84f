import io
import json

import pytest

from liaison.records.formats import Limits, Row, open_rows


def _rows(*entities: object) -> list[Row]:
    data = "\n".join(json.dumps(entity) for entity in entities).encode()
    return list(open_rows(io.BytesIO(data), format="ftm", limits=Limits()))


def _code(row: Row) -> str:
    return row.refusal.code if row.refusal else ""


def test_a_person_is_read_with_names_birth_and_documents() -> None:
    entity = {
        "id": "ut-1",
        "schema": "Person",
        "properties": {
            "name": ["Ada Kowal", "Ada Kowalska"],
            "firstName": ["Ada"],
            "lastName": ["Kowal"],
            "alias": ["Adula"],
            "weakAlias": ["The Turtle"],
            "previousName": ["Ada Zaba"],
            "birthDate": ["1984-02-03T00:00:00", "1984"],
            "birthPlace": ["Port Utopia"],
            "nationality": ["pl", "utopia"],
            "citizenship": ["pl"],
            "gender": ["female"],
            "passportNumber": ["ZZ0001"],
            "idNumber": ["ZZ-ID-7"],
            "topics": ["sanction", "wanted"],
            "address": ["1 Turtle Lane"],
            "position": ["Skipper"],
            "familyPerson": [{"id": "nested", "schema": "Family"}],
        },
    }

    row = _rows(entity)[0]

    assert row.database == "nominal"
    assert row.fields == {
        "source_reference": "ut-1",
        "kind": "person",
        "sex": "F",
        "relevance": "Topics: sanction, wanted",
        "names": [
            {
                "full": "Ada Kowal",
                "kind": "primary",
                "parts": [{"role": "given", "text": "Ada"}, {"role": "family", "text": "Kowal"}],
            },
            {"full": "Ada Kowalska", "kind": "alias"},
            {"full": "Adula", "kind": "alias"},
            {"full": "The Turtle", "kind": "weak_alias"},
            {"full": "Ada Zaba", "kind": "former"},
        ],
        "nationalities": ["PL"],
        "born": ["1984-02-03", "1984"],
        "places_of_birth": ["Port Utopia"],
        "addresses": ["1 Turtle Lane"],
        "documents": [{"number": "ZZ0001", "type": "passport"}, {"number": "ZZ-ID-7", "type": "identity_card"}],
        "description": "Nationality: utopia\nposition: Skipper",
    }


@pytest.mark.parametrize("schema", ["Organization", "Company", "LegalEntity"])
def test_bodies_are_organisations(schema: str) -> None:
    row = _rows({"id": "o", "schema": schema, "properties": {"name": "Utopia Lines", "idNumber": ["77"]}})[0]

    assert row.fields is not None
    assert row.fields["kind"] == "organisation"
    assert row.fields["documents"] == [{"number": "77", "type": "other"}]


def test_a_legal_entity_with_a_birth_date_is_a_person() -> None:
    properties = {"name": ["Ada"], "birthDate": ["1984"], "gender": ["unsaid"]}

    row = _rows({"id": "p", "schema": "LegalEntity", "properties": properties})[0]

    assert row.fields is not None
    assert (row.fields["kind"], row.fields["description"]) == ("person", "gender: unsaid")


def test_a_name_is_made_of_its_parts_when_there_is_no_other() -> None:
    properties = {"firstName": ["Ada"], "lastName": ["Kowal"]}

    row = _rows({"id": "p", "schema": "Person", "properties": properties})[0]

    assert row.fields is not None
    assert row.fields["names"] == [
        {
            "full": "Ada Kowal",
            "kind": "primary",
            "parts": [{"role": "given", "text": "Ada"}, {"role": "family", "text": "Kowal"}],
        }
    ]


def test_vessels_and_vehicles_go_to_their_databases() -> None:
    vessel = {
        "name": ["UTOPIA STAR"],
        "previousName": ["UTOPIA SUN"],
        "imoNumber": ["9999993"],
        "flag": ["pl"],
        "pastFlags": ["mt"],
    }
    vehicle = {"owner": ["ut-7"], "registrationNumber": ["UT 1"], "country": ["pl"], "vin": ["ZZZUT0PIA00000001"]}

    rows = _rows(
        {"id": "v", "schema": "Vessel", "properties": vessel}, {"id": "c", "schema": "Vehicle", "properties": vehicle}
    )

    assert [row.database for row in rows] == ["vessels", "vehicles"]
    assert rows[0].fields is not None
    assert rows[0].fields["imo"] == "9999993"
    assert rows[0].fields["flag"] == "PL"
    assert rows[0].fields["description"] == "pastFlags: mt"
    assert rows[0].fields["aliases"] == ["UTOPIA SUN"]
    assert rows[1].fields == {
        "source_reference": "c",
        "plate": "UT 1",
        "vin": "ZZZUT0PIA00000001",
        "plate_country": "PL",
        "relevance": "owner: ut-7",
    }


def test_a_vessel_of_which_little_is_known_has_few_fields() -> None:
    row = _rows({"id": "v", "schema": "Vessel", "properties": {"mmsi": ["999000001"]}})[0]

    assert row.fields == {"source_reference": "v", "mmsi": "999000001"}


def test_a_document_of_its_own_is_refused_with_the_remedy() -> None:
    row = _rows({"id": "d", "schema": "Passport", "properties": {"holder": ["p"], "number": ["ZZ1"]}})[0]

    assert row.refusal is not None
    assert (row.refusal.code, row.refusal.at, row.refusal.value) == ("unsupported-kind", "line 1", "Passport")
    assert "passportNumber" in row.refusal.detail


def test_names_beyond_what_a_record_can_hold_become_text() -> None:
    aliases = [f"Alias {number}" for number in range(200)]

    row = _rows({"id": "p", "schema": "Person", "properties": {"name": ["Ada"], "alias": ["Ada", *aliases]}})[0]

    assert row.fields is not None
    assert isinstance(row.fields["names"], list)
    assert len(row.fields["names"]) == 200
    assert row.fields["description"] == "Name: Alias 199"


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        ({"id": "x", "schema": "Airplane", "properties": {}}, "unsupported-kind"),
        ({"id": "x", "schema": "Person", "properties": {"name": []}}, "missing-name"),
        ({"id": "x", "schema": "Person", "properties": {"name": [7]}}, "not-an-entity"),
        ({"id": "x", "schema": "Person", "properties": [1]}, "not-an-entity"),
        ({"schema": "Person", "properties": {"name": ["A"]}}, "not-an-entity"),
        ({"id": "x", "schema": 3}, "not-an-entity"),
        ([], "not-an-object"),
    ],
)
def test_what_is_no_usable_entity_is_refused_alone(entity: object, code: str) -> None:
    rows = _rows(entity, {"id": "y", "schema": "Person", "properties": {"name": ["A"]}})

    assert [_code(row) for row in rows] == [code, ""]
