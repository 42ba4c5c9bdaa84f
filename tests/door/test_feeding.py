"""What a feeder is told: schemas before, counts and receipts after."""

import gzip
import json

import pytest

from tests.door.service import Service

pytestmark = pytest.mark.database

ROW = {"source_reference": "F/1", "purpose": ["locate"], "vin": "WZZZZZ9ZZZF000001"}


@pytest.mark.parametrize("database", ["nominal", "travel_documents", "vehicles", "vessels"])
def test_the_schema_of_every_database_is_served_to_anybody(service: Service, database: str) -> None:
    with service.client(None) as client:
        listed = {one["code"]: one["schema"] for one in client.get("/api/schemas").json()["databases"]}
        schema = client.get(listed[database])

    assert schema.status_code == 200
    assert schema.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema.json()["title"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/x-ndjson", json.dumps(ROW).encode()),
        ("text/csv; charset=utf-8", b"source_reference,purpose,vin\nF/1,locate,WZZZZZ9ZZZF000001\n"),
    ],
)
def test_a_file_is_known_by_its_content_type_packed_or_not(
    service: Service, kind: str, content: bytes, packed: bool
) -> None:
    body = gzip.compress(content) if packed else content
    with service.client("nairobi") as client:
        summary = client.post("/api/feed/vehicles", content=body, headers={"Content-Type": kind}).json()
        batch = client.get(f"/api/batches/{summary['batch']}").json()
        receipts = [json.loads(line) for line in client.get(summary["receipts"]).text.splitlines()]

    assert (summary["state"], summary["rows"], summary["refused"]) == ("closed", 1, 0)
    assert batch == summary
    assert [(receipt["row"], bool(receipt["reference"])) for receipt in receipts] == [(1, True)]


def test_a_file_of_an_unnamed_kind_is_asked_for_its_name(service: Service) -> None:
    with service.client("nairobi") as client:
        answer = client.post("/api/feed/vehicles", content=b"{}", headers={"Content-Type": "image/png"})

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown-format")


def test_a_batch_that_failed_is_resumed_by_its_header_and_a_complete_one_is_not(service: Service) -> None:
    lines = b"".join(json.dumps(ROW | {"source_reference": f"R/{n}"}).encode() + b"\n" for n in range(3))
    before = service.world("count")["batches"].keys()
    with service.client("nairobi") as client:
        cut_off = client.post("/api/feed/vehicles?format=jsonl", content=gzip.compress(lines)[:-9])
        after = service.world("count")["batches"]
        [batch] = after.keys() - before

        resumed = client.post("/api/feed/vehicles", content=gzip.compress(lines), headers={"Liaison-Batch": batch})
        again = client.post("/api/feed/vehicles", content=lines, headers={"Liaison-Batch": batch})

    assert (cut_off.status_code, after[batch]["state"]) == (400, "failed")
    assert (resumed.status_code, resumed.json()["batch"], resumed.json()["rows"]) == (200, batch, 3)
    assert (again.status_code, again.json()["code"]) == (409, "batch-closed")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/feed/vehicles"), ("POST", "/api/batches/x"), ("POST", "/api/batches/x/receipts"),
     ("DELETE", "/api/schemas"), ("PUT", "/api/schemas/vehicles"), ("POST", "/api/records/x")],
)  # fmt: skip
def test_another_method_is_a_problem(service: Service, method: str, path: str) -> None:
    with service.client() as client:
        answer = client.request(method, path)

    assert answer.status_code in (403, 405)


def test_a_record_is_not_read_without_the_check_that_showed_it(service: Service) -> None:
    with service.client() as client:
        answers = [client.get("/api/records/0000-0000-0000-0000", params=params)
                   for params in ({}, {"check": "x"}, {"check": "9" * 19}, {"check": "-1"}, {"check": ""})]  # fmt: skip

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(400, "missing-check")}


def test_a_feeder_finds_its_own_batches_and_no_others(service: Service) -> None:
    with service.client("nairobi") as nairobi, service.client("warsaw") as warsaw, service.client("outsider") as nobody:
        fed = nairobi.post("/api/feed/vehicles?format=jsonl", content=json.dumps(ROW).encode()).json()["batch"]
        own = nairobi.get("/api/batches", params={"state": "closed"}).json()["batches"]
        others = [client.get("/api/batches").json()["batches"] for client in (warsaw, nobody)]

    assert fed in {one["batch"] for one in own}
    assert fed not in {one["batch"] for batches in others for one in batches}


@pytest.mark.parametrize(
    ("path", "at", "said"),
    [
        ("/api/batches?state=bogus", "state", "open or closed or failed"),
        ("/api/batches?state=OPEN", "state", "open or closed or failed"),
        ("/api/batches/BATCH/receipts?outcome=bogus", "outcome", "refused"),
    ],
)
def test_what_cannot_be_asked_of_batches_is_refused_with_what_can(
    service: Service, path: str, at: str, said: str
) -> None:
    with service.client("nairobi") as client:
        fed = client.post("/api/feed/vehicles?format=jsonl", content=json.dumps(ROW).encode()).json()["batch"]
        answer = client.get(path.replace("BATCH", fed))

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["at"]) == (400, "unknown-value", at)
    assert said in problem["detail"]


@pytest.mark.parametrize("state", ["open", "closed", "failed", ""])
def test_batches_are_listed_by_each_state_that_there_is(service: Service, state: str) -> None:
    with service.client("nairobi") as client:
        answer = client.get("/api/batches", params={"state": state})

    assert answer.status_code == 200
    assert {one["state"] for one in answer.json()["batches"]} <= ({state} if state else {"open", "closed", "failed"})
