"""The client of another service, yente-client 0.2, works unchanged: its library and its command line."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from yente_client import (
    AuthenticationError,
    BadRequestError,
    Client,
    Company,
    MatchResponse,
    NotFoundError,
    Person,
    Vehicle,
    Vessel,
)

from tests.cast import a_passport, a_person, soon
from tests.door.service import Service

OKSANA = a_person(
    "Oksana Tverdokhlib", "KE-1", born=["1984-02-03"], nationalities=["UA"], sex="F",
    documents=[{"number": "ZZ0000017", "issuer": "UA"}], warning_markers=["armed"],
    action_to_be_taken="Detain and call the bureau",
)  # fmt: skip
HIDDEN = a_person("Zbigniew Wyrwidab", "KE-2", restricted_against=["PL"])
YUSUF = a_person("يوسف الحداد", "KE-3", born=["1971"])
FIRM = a_person("Zzyzx Trading Company", "KE-4", kind="organisation", status=None)
SHIP = {"source_reference": "KE-S-1", "purpose": ["locate"], "name": "Ocean Zebra", "imo": "9074729", "flag": "PA"}
CAR = {"source_reference": "KE-V-1", "purpose": ["locate"], "plate": "ZZ 12345", "plate_country": "KE", "make": "Fiat"}


@pytest.fixture(scope="module")
def exchange(service: Service) -> Service:
    """Return the service after some records were fed that only these tests look for."""
    rows: dict[str, list[dict[str, Any]]] = {
        "nominal": [OKSANA, HIDDEN, YUSUF, {name: value for name, value in FIRM.items() if value}],
        "vessels": [SHIP], "vehicles": [CAR], "travel_documents": [a_passport("ZZ0000025", "KE")],
    }  # fmt: skip
    with service.client("nairobi") as feeder:
        for database, some in rows.items():
            body = "\n".join(map(json.dumps, some)).encode()
            summary = feeder.post(f"/api/feed/{database}", params={"format": "jsonl"}, content=body).json()
            assert summary["refused"] == 0
    with client_of(service) as client:
        assert soon(lambda: client.match(Vehicle(registrationNumber="ZZ12345")).top is not None)
    return service


def client_of(service: Service, key: str = "warsaw screening") -> Client:
    return Client(base_url=f"http://127.0.0.1:{service.port}", api_key=service.keys[key])


@pytest.fixture
def client(exchange: Service) -> Iterator[Client]:
    with client_of(exchange) as client:
        yield client


def test_a_person_is_matched_with_what_to_do_and_why(client: Client) -> None:
    found = client.match(Person(firstName="Oksana", lastName="Tverdokhlib", birthDate="1984-02-03", nationality="ua"))

    top = found.top
    assert top is not None
    assert (top.caption, top.schema_, top.datasets, top.match) == ("Oksana Tverdokhlib", "Person", ["nominal"], True)
    assert top.properties["birthDate"] == ["1984-02-03"]
    assert top.properties["nationality"] == ["ua"]
    assert top.properties["notes"] == ["Action to be taken: Detain and call the bureau", "Warning: armed"]
    assert top.properties["publisher"] == ["NCB Nairobi"]
    assert {"name_part", "birth_date", "nationality"} <= top.explanations.keys()
    assert (found.total.value, found.total.relation, found.limit) == (1, "eq", 50)


@pytest.mark.parametrize(
    ("entity", "caption", "schema"),
    [
        (Person(name="Yusuf al-Haddad", birthDate="1971-05"), "يوسف الحداد", "Person"),
        (Person(name="يوسف الحداد", birthDate="1971"), "يوسف الحداد", "Person"),
        (Person(passportNumber="ZZ 0000017"), "Oksana Tverdokhlib", "LegalEntity"),
        (Person(passportNumber="ZZ0000025"), "Passport ZZ0000025 (KE)", "Identification"),
        (Company(name="Zzyzx Trading Company"), "Zzyzx Trading Company", "Organization"),
        (Vessel(imoNumber="IMO 9074729"), "Ocean Zebra, IMO 9074729 (PA)", "Vessel"),
        (Vehicle(registrationNumber="zz-12345", country="ke"), "Fiat, ZZ 12345 (KE)", "Vehicle"),
    ],
    ids=["latin", "arabic", "passport", "stolen", "company", "vessel", "vehicle"],
)
def test_every_kind_of_record_is_matched(client: Client, entity: Any, caption: str, schema: str) -> None:
    top = client.match(entity).top

    assert top is not None
    assert (top.caption, top.schema_) == (caption, schema)


def test_what_may_not_be_seen_is_answered_as_what_is_not_there(client: Client) -> None:
    hidden = client.match(Person(name="Zbigniew Wyrwidab"))
    nothing = client.match(Person(name="Xqwvz Kkjhgf"))

    assert (hidden.results, hidden.total.value) == (nothing.results, nothing.total.value) == ([], 0)


def test_threshold_cutoff_and_limit_mean_what_they_mean_elsewhere(client: Client) -> None:
    oksana = Person(name="Oksana Tverdokhlib", birthDate="1984-03-02")

    below = client.match(oksana, threshold=1.0)
    nothing = client.match(oksana, cutoff=1.0)

    assert [result.match for result in below.results] == [False]
    assert nothing.results == []


def test_an_entity_is_fetched_after_a_match_that_showed_it(client: Client, exchange: Service) -> None:
    top = client.match(Person(name="Oksana Tverdokhlib")).top
    assert top is not None

    entity = client.fetch(top.id)

    assert entity.properties["passportNumber"] == ["ZZ0000017"]
    assert "Status: suspect" in entity.properties["notes"]
    assert client.adjacent(top.id).entity.id == top.id
    with client_of(exchange, "outsider screening") as other, pytest.raises(NotFoundError, match="no such record"):
        other.fetch(top.id)
    with pytest.raises(NotFoundError, match="no such record"):
        client.fetch("0000-0000-0000-0000")


def test_a_search_box_finds_names_and_numbers_page_by_page(client: Client) -> None:
    named = client.search("Oksana Tverdokhlib 1984-02-03")
    numbered = client.search("ZZ0000025", datasets=["travel_documents"])
    behind = client.search("Oksana Tverdokhlib", schema="Person", offset=1, limit=1)

    assert [result.caption for result in named.results] == ["Oksana Tverdokhlib"]
    assert [result.datasets for result in numbered.results] == [["travel_documents"]]
    assert (behind.results, behind.total.value, behind.offset, behind.limit) == ([], 1, 1, 1)


def test_the_catalogue_and_the_algorithms_are_read(client: Client, exchange: Service) -> None:
    databases = ["nominal", "travel_documents", "vehicles", "vessels"]

    assert client.datasets().current == databases
    assert [one.name for one in client.datasets().datasets] == ["default", *databases]
    assert client.algorithms().best == client.algorithms().algorithms[0].name == "liaison"
    assert client.healthz().status == client.readyz().status == "ok"
    with client_of(exchange, "outsider screening") as other:
        assert [one.name for one in other.datasets().datasets] == ["default"]


@pytest.mark.parametrize(
    ("key", "error", "said"),
    [
        ("expired", AuthenticationError, "a key that is known, not expired and not revoked"),
        ("warsaw", AuthenticationError, "a key that is made with one"),
        ("outsider screening", AuthenticationError, "You may not check any database"),
    ],
)
def test_a_key_that_may_not_is_told_why(exchange: Service, key: str, error: type[Exception], said: str) -> None:
    with client_of(exchange, key) as client, pytest.raises(error, match=said):
        client.match(Person(name="Oksana Tverdokhlib"))


@pytest.mark.parametrize(
    ("entity", "options", "error", "said"),
    [
        (Person(name="Anna", nationality="polnad"), {}, BadRequestError, "queries.q.properties.nationality: .*'PL'"),
        (Person(name="Anna", birthDate="1984-13"), {}, BadRequestError, "queries.q.properties.birthDate: .*calendar"),
        (Vessel(imoNumber="9074720"), {}, BadRequestError, "queries.q.properties.imoNumber: The last digit"),
        (Person(), {}, BadRequestError, "queries.q.properties: There is nothing to look for: give a name"),
        (Person(name="Anna"), {"datasets": ["nominl"]}, NotFoundError, "Did you mean 'nominal'"),
        (Person(name="Anna"), {"datasets": ["vehicles"]}, BadRequestError, "answers a question about a Person"),
        (Person(name="Anna"), {"algorithm": "logic-v2"}, BadRequestError, "use 'liaison', or 'best'"),
        (Person(name="Anna"), {"topics": ["sanction"]}, BadRequestError, "leave `topics` out"),
        (Person(name="Anna"), {"changed_since": "2026-01-01"}, BadRequestError, "leave `changed_since` out"),
        (Person(name="Anna"), {"weights": {"name": 2.0}}, BadRequestError, "weights: The one algorithm"),
        (Person(name="Anna"), {"threshold": 70.0}, BadRequestError, "threshold: Give a score from 0 to 1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_asked_is_said_with_its_place(
    client: Client, entity: Any, options: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        client.match(entity, **options)


def test_many_entities_are_streamed_and_each_check_is_registered(client: Client, exchange: Service) -> None:
    before = exchange.world("count")
    people = [(str(number), Person(name=f"Nobody Number{number}")) for number in range(40)]

    answers = dict(client.match_iter([*people, ("oksana", Person(name="Oksana Tverdokhlib"))], workers=8))

    found = answers.pop("oksana")
    assert isinstance(found, MatchResponse)
    assert found.top is not None
    after = exchange.world("count")
    made = {number: after["checks"][number] for number in after["checks"].keys() - before["checks"].keys()}
    assert set(made.values()) == {"Agreement 12"}
    assert len(made) == 41
    assert [after["shown"][number] for number in made if number in after["shown"]] == [[found.top.id]]


def test_the_command_line_screens_a_file(exchange: Service, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "id,who,born\n1,Oksana Tverdokhlib,1984-02-03\n2,Xqwvz Kkjhgf,1990\n3,Anna,1984-13\n4,يوسف الحداد,1971\n",
        encoding="utf-8",
    )

    done = cli(
        exchange, "screen", str(people), "-s", "Person", "-i", "who=name", "-i", "born=birthDate",
        "-o", "notes=notes", "--explanation", "--include-empty",
    )  # fmt: skip

    with (tmp_path / "people.out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (done.returncode, "3 candidates" in done.stderr, "1 errors" in done.stderr) == (5, False, True), done.stderr
    assert [row["match_caption"] for row in rows] == ["Oksana Tverdokhlib", "", "", "يوسف الحداد"]
    assert [row["match"] for row in rows] == ["true", "", "", "true"]
    assert "Warning: armed" in rows[0]["notes"]
    assert "birth_date=" in rows[0]["match_explanation"]
    assert "queries.q.properties.birthDate" in rows[2]["match_error"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["status"], '"total": 4'),
        (["match", "-s", "Person", "-p", "name=Oksana Tverdokhlib", "-d", "nominal"], "Detain and call the bureau"),
        (["search", "Oksana Tverdokhlib"], "Oksana Tverdokhlib"),
        (["datasets"], "travel_documents"),
        (["algorithms"], "liaison"),
    ],
)
def test_the_other_commands_answer(exchange: Service, words: list[str], said: str) -> None:
    done = cli(exchange, *words)

    assert (done.returncode, said in done.stdout) == (0, True), done.stdout + done.stderr


def cli(service: Service, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run `yente-cli` as its users do, with the address and the key in the environment."""
    known = {
        "YENTE_BASE_URL": f"http://127.0.0.1:{service.port}",
        "OPENSANCTIONS_API_KEY": service.keys["warsaw screening"],
        "PYTHONUTF8": "1",
    }
    program = [sys.executable, "-m", "yente_client.cli.main", *words]
    return subprocess.run(program, env=dict(os.environ) | known, capture_output=True, text=True, check=False)
