"""Whatever is sent, the answer says what is wrong, where and what to do; it is never a fault of the service."""

import gzip
import json
import random
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.door.service import VIN, Service, about_person, about_vehicle

NAUGHTY = [
    *("undefined", "null", "NaN", "-1", "1e309", "0x0", "١٢٣", "½", "'", '"', "\\", "%00", "${HOME}", "{{7*7}}"),
    *("' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "=1+1", "\u202eabc", "\u2066a\u2069", "\u200b"),
    *("\ufeffA", "Z\u0310\u0300\u0301\u0489algo", "👩‍👩‍👧", "ﷺ" * 50, "İstanbul", "ß", "Ǆ", "𝕬𝖓𝖓𝖆", "田中さん", "שלום"),
    *("\t\n", " ", "...", "?!", "a" * 500, "\U0010ffff", "\u0085", "\u2028", "ﬀ", "٠", "\x7f", "\x1b[31m", "A\x00B"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
fuzz = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def problem(answer: httpx.Response) -> tuple[int, str, str]:
    """Return status, code and place, after seeing that it is a problem that says what to do."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert said["status"] == answer.status_code
    assert len(said["detail"]) > 15
    return answer.status_code, said["code"], said.get("at", "")


def check(service: Service, **sent: Any) -> httpx.Response:
    with service.client() as client:
        return client.post("/api/check", **sent)


def feed(service: Service, content: Any, database: str = "vehicles", **params: str) -> httpx.Response:
    with service.client("nairobi") as client:
        return client.post(f"/api/feed/{database}", params={"format": "jsonl"} | params, content=content)


@pytest.mark.parametrize(
    ("body", "code", "at"),
    [
        (about_vehicle(hurry=True), "unknown-field", "hurry"),
        (about_vehicle(reference=7), "wrong-type", "reference"),
        (about_vehicle(purpose="curiosity"), "unknown-value", "purpose"),
        (about_person("Anna", born="1984-02-30"), "impossible-date", "queries[0].person.born"),
        (about_person("Anna", nationality=["Polen"]), "unknown-country", "queries[0].person.nationality[0]"),
        (about_person("A" * 10_000), "bad-value", "queries[0].person.name"),
        (about_person("...,;!"), "empty-name", "queries[0].person.name"),
        (about_person("Anna\u202eb"), "hidden-character", "queries[0].person.name"),
        (
            about_vehicle(queries=[{"id": "q", "vessel": {"imo": "9074728"}}]),
            "bad-check-digit",
            "queries[0].vessel.imo",
        ),
        (about_vehicle(queries=[{"id": "q", "mrz": "P<POL"}]), "bad-mrz", "queries[0].mrz"),
    ],
)
def test_a_check_that_is_wrong_says_what_and_where(service: Service, body: Any, code: str, at: str) -> None:
    assert problem(check(service, json=body)) == (400, code, at)


def test_an_unknown_country_comes_with_the_one_that_was_meant(service: Service) -> None:
    answer = check(service, json=about_person("Anna", nationality=["POLAND"]))

    assert answer.json()["detail"] == "'POLAND' is not a two-letter country code. Did you mean 'PL'?"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"purpose": "border", "purpose": "arrest"}', 400, "duplicate-key"),
        (b"[" * 200_000, 400, "nested-too-deeply"),
        (b'{"a":' * 200_000, 400, "nested-too-deeply"),
        (b'{"purpose": "bord\xe9r"}', 400, "wrong-encoding"),
        ('{"purpose": "border"}'.encode("utf-16"), 400, "wrong-encoding"),
        (b"", 400, "bad-json"),
        (b"{", 400, "bad-json"),
        (b" " * (4 << 20) + b"{}", 413, "body-too-large"),
        (b"9" * 5000, 400, "not-a-number"),
    ],
)
def test_a_body_that_is_no_sound_json_says_so(service: Service, body: bytes, status: int, code: str) -> None:
    assert problem(check(service, content=body))[:2] == (status, code)


def test_a_body_of_unknown_length_is_refused_as_soon_as_it_is_too_long(service: Service) -> None:
    pieces = (b" " * 65536 for _ in range(200))

    assert problem(check(service, content=pieces))[:2] == (413, "body-too-large")


def test_a_compressed_check_is_refused_before_it_is_unpacked(service: Service) -> None:
    answer = check(service, content=gzip.compress(b"{}", mtime=0), headers={"Content-Encoding": "gzip"})

    assert problem(answer)[:2] == (400, "compressed-body")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_is_told_the_right_one(service: Service, method: str) -> None:
    with service.client() as client:
        answer = client.request(method, "/api/check")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer nobody", "Basic d2Fyc2F3Og==", "lk_no_scheme", "Bearer expired", "Basic warsaw",
     "Bearer \xff\xfe", "Bearer " + "x" * 10_000],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/check", "/api/feed/vehicles?format=jsonl"])
def test_without_a_valid_key_nobody_comes_in(service: Service, header: str | None, path: str) -> None:
    words = (header or "").split(" ")
    named = " ".join(service.keys.get(word, word) for word in words).encode("latin-1")
    headers = [] if header is None else [(b"Authorization", named)]
    with service.client(None) as client:
        answer = client.post(path, json=about_vehicle(), headers=headers)

    assert problem(answer)[0] == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Bearer", "ApiKey", "bearer", "APIKEY"])
def test_both_schemes_come_in(service: Service, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {service.keys['warsaw']}"}
    with service.client(None) as client:
        assert client.post("/api/check", json=about_vehicle(), headers=headers).status_code == 200
        assert client.get("/api/batches/none", headers=headers).status_code == 404


@pytest.mark.parametrize("word", NAUGHTY)
def test_a_naughty_word_in_any_place_is_answered_or_refused_and_no_fault(service: Service, word: str) -> None:
    bodies = [
        about_person(word),
        about_person("Anna", born=word),
        about_person("Anna", nationality=[word]),
        about_vehicle(vin=word),
        about_vehicle(reference=word),
        about_vehicle(purpose=word),
        *(about_vehicle(queries=[{"id": word, kind: {field: word}}]) for kind, field in
          (("document", "number"), ("vehicle", "plate"), ("vessel", "name"), ("vessel", "imo"), (word, "name"))),
        about_vehicle(queries=[{"id": "q", "mrz": word}]),
        {word: word},
    ]  # fmt: skip
    with service.client() as client:
        answers = [client.post("/api/check", content=json.dumps(body)) for body in bodies]

    assert [answer.status_code for answer in answers if answer.status_code not in (200, 400)] == []
    refused = [problem(answer) for answer in answers if answer.status_code == 400]
    assert len(refused) >= 2


@fuzz
@given(body=JSON)
def test_any_json_is_refused_with_a_problem(service: Service, body: Any) -> None:
    assert problem(check(service, content=json.dumps(body)))[0] == 400


@fuzz
@given(body=st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_problem(service: Service, body: bytes) -> None:
    assert problem(check(service, content=body))[0] == 400


@fuzz
@given(field=st.sampled_from(["person", "document", "mrz", "vehicle", "vessel", "id"]), value=JSON)
def test_any_value_in_a_query_is_answered_or_refused(service: Service, field: str, value: Any) -> None:
    answer = check(service, content=json.dumps(about_vehicle(queries=[{"id": "q", field: value}])))

    assert answer.status_code in (200, 400)


def test_bytes_swapped_in_a_sound_check_never_make_a_fault(service: Service) -> None:
    chance, sound = random.Random(7), json.dumps(about_person("Oksana Tverdokhlib", born="1984-02-29")).encode()  # noqa: S311
    with service.client() as client:
        statuses = set()
        for _ in range(300):
            damaged = bytearray(sound)
            damaged[chance.randrange(len(sound))] = chance.randrange(256)
            statuses.add(client.post("/api/check", content=bytes(damaged)).status_code)

    assert statuses == {200, 400}


@pytest.mark.parametrize(
    ("content", "params", "code"),
    [
        (b"", {}, "empty-file"),
        (gzip.compress(b"", mtime=0), {}, "empty-file"),
        (gzip.compress(b'{"vin": "A"}\n' * 1000, mtime=0)[:-20], {}, "truncated-gzip"),
        (gzip.compress(b'{"vin": "A"}\n', mtime=0)[:5] + b"\0" * 50, {}, "bad-gzip"),
        (b"PK\x03\x04 spreadsheet", {}, "unsupported-compression"),
        ('{"vin": "Ä"}'.encode("latin-1"), {}, "wrong-encoding"),
        ('{"vin": "A"}'.encode("utf-32"), {}, "wrong-encoding"),
        (b"{\n}", {}, "not-json-lines"),
        (b"", {"format": "csv"}, "empty-file"),
        (b"\n\n", {"format": "csv"}, "empty-file"),
        (b"{}", {"format": "xls"}, "unknown-format"),
        (b"{}", {"colour": "red"}, "unknown-default"),
        (b"{}", {"retention": "soon"}, "bad-retention"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    service: Service, content: bytes, params: dict[str, str], code: str
) -> None:
    assert problem(feed(service, content, **params))[:2] == (400, code)


def test_a_file_for_no_database_names_the_one_that_was_meant(service: Service) -> None:
    answer = feed(service, b"{}", database="vehicels")

    assert problem(answer)[:2] == (400, "unknown-database")
    assert "'vehicles'" in answer.json()["detail"]


def test_a_zip_bomb_is_stopped_while_it_grows(service: Service) -> None:
    bomb = gzip.compress(b'{"vin": "' + b"A" * (50 << 20) + b'"}')

    assert problem(feed(service, bomb))[:2] == (413, "compressed-too-far")


def test_a_file_over_the_limit_is_stopped(service: Service) -> None:
    def too_long() -> Any:
        yield from (b'{"vin": "A"}' + b" " * 999_980 + b"\n" for _ in range(70))

    assert problem(feed(service, too_long()))[:2] == (413, "file-too-large")


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/evil.dtd">',
    ],
)
def test_an_xml_bomb_and_an_external_entity_are_refused(service: Service, declaration: str) -> None:
    document = f'<?xml version="1.0"?>{declaration}<CONSOLIDATED_LIST>&x;&b;</CONSOLIDATED_LIST>'

    answer = feed(service, document.encode(), database="nominal", format="un")

    assert problem(answer)[0] == 400
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    ("line", "code", "at"),
    [
        (b'{"vin": "A", "vin": "B"}', "duplicate-key", "line 2"),
        (b"[" * 200_000, "nested-too-deeply", "line 2"),
        (b"[1]", "not-an-object", "line 2"),
        (b'{"source_reference": "1"', "bad-json", "line 2"),
        (b'{"source_reference": "1", "purpose": ["locate"], "vin": "1M8GDM9A1KP042788"}', "bad-check-digit", "vin"),
        (b'{"source_reference": "1", "purpose": ["locate"], "plate": "\xe2\x80\xaeA"}', "bad-identifier", "plate"),
        (b'{"source_reference": "1", "purpose": ["locate"], "vin": "AAAAA", "wheels": 4}', "unknown-field", "wheels"),
        (b'{"source_reference": "' + b"1" * 10_000 + b'", "vin": "AAAAA", "purpose": ["locate"]}', "bad-value",
         "source_reference"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_alone_with_what_and_where(service: Service, line: bytes, code: str, at: str) -> None:
    good = b'{"source_reference": "G/1", "purpose": ["locate"], "vin": "WZZZZZ9ZZZZ000009"}\n'

    summary = feed(service, good + line + b"\n" + good).json()
    with service.client("nairobi") as client:
        receipts = client.get(summary["receipts"], params={"outcome": "refused"}).text.splitlines()

    assert (summary["rows"], summary["refused"], len(receipts)) == (3, 1, 1)
    [found] = json.loads(receipts[0])["problems"]
    assert (found["code"], found["at"].split(",")[0]) == (code, at)


@pytest.mark.parametrize(
    "text", ["A\x00B,locate,WZZZZZ9ZZZZ000008", "A\u2028B,locate,WZZZZZ9ZZZZ000007", '"A\n', "=cmd(),locate,AAAAA"]
)
def test_an_odd_cell_never_makes_a_fault(service: Service, text: str) -> None:
    answer = feed(service, f"source_reference,purpose,vin\n{text}\n".encode(), format="csv")

    assert answer.status_code == 200
    with service.client("nairobi") as client:
        assert client.get(answer.json()["receipts"]).status_code == 200


def test_a_file_streamed_in_chunks_is_read_as_it_arrives(service: Service) -> None:
    """A machine that does not know the length beforehand sends no Content-Length."""
    rows = (json.dumps({"source_reference": f"C/{n}", "purpose": ["locate"], "vin": f"WZZZZZ9ZZZC{n:06}"}).encode()
            for n in range(50))  # fmt: skip

    answer = feed(service, (row + b"\n" for row in rows))

    assert (answer.status_code, answer.json()["rows"]) == (200, 50)


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_feed_that_is_cut_off_on_its_way_is_not_complete(service: Service, framing: str) -> None:
    """Whoever lost the connection must not find the batch closed with half of the rows."""
    # given a feeder that breaks off after two whole rows
    rows = b"".join(
        json.dumps({"source_reference": f"{framing}/{n}", "purpose": ["locate"], "vin": f"WZZZZZ9ZZZD{n:06}"}).encode()
        + b"\n"
        for n in range(2)
    )
    before = service.world("count")["batches"].keys()
    size = {"length": b"Content-Length: 100000", "chunks": b"Transfer-Encoding: chunked"}[framing]
    body = {"length": rows, "chunks": f"{len(rows):x}\r\n".encode() + rows + b"\r\n"}[framing]
    key = service.keys["nairobi"].encode()
    service.raw(
        b"POST /api/feed/vehicles?format=jsonl HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
        + b"\r\n" + size + b"\r\n\r\n" + body,
        half_close=True,
    )  # fmt: skip

    # then the batch waits to be resumed
    after = service.world("count")["batches"]
    [batch] = [after[name] for name in after.keys() - before]
    assert batch["state"] != "closed"


@pytest.mark.parametrize(
    "target",
    [b"/api/records/%00?check=1", b"/api/batches/%00", b"/api/batches/%ff%fe", b"/api/schemas/%00", b"/api/batches/%",
     b"/api/records/x?check=\xe9", b"/api/records/x?check=%ff", b"/%00", b"/api/feed/%00", b"//", b"/api/check/",
     b"/api/batches/x?y=%00", b"/?next=%00",
     b"/api/batches/" + b"A" * 5000],
)  # fmt: skip
def test_an_odd_address_is_not_there_and_no_fault(service: Service, target: bytes) -> None:
    key = service.keys["nairobi"].encode()

    answer = service.raw(
        b"GET "
        + target
        + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
        + key
        + b"\r\n\r\n"
    )

    assert answer.split(b" ")[1] in {b"301", b"302", b"400", b"404", b"405"}


def test_no_rights_and_no_record_are_the_same_bytes(service: Service) -> None:
    feed(service, json.dumps({"source_reference": "N/1", "purpose": ["locate"], "vin": VIN}).encode())
    with service.client() as warsaw, service.client("outsider") as outsider:
        found = warsaw.post("/api/check", json=about_vehicle()).json()
        entry, reference = found["entry"], found["results"][0]["matches"][0]["record"]
        answers = [
            outsider.get(f"/api/records/{reference}", params={"check": entry}),
            outsider.get("/api/records/0000-0000-0000-0000", params={"check": entry}),
            warsaw.get("/api/records/0000-0000-0000-0000", params={"check": entry}),
            warsaw.get(f"/api/records/{reference}", params={"check": entry + 1_000_000}),
        ]
        shown = warsaw.get(f"/api/records/{reference}", params={"check": entry})

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert len({frozenset(answer.headers) for answer in answers}) == 1
    assert shown.json()["fields"]["vin"] == VIN


def test_a_batch_of_another_bureau_and_no_batch_are_the_same_bytes(service: Service) -> None:
    batch = feed(service, json.dumps({"source_reference": "N/2", "purpose": ["locate"], "vin": VIN}).encode()).json()
    with service.client() as warsaw:
        answers = [warsaw.get(f"/api/batches/{name}{tail}") for name in (batch["batch"], "none")
                   for tail in ("", "/receipts")]  # fmt: skip

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
