"""No line of the log and no figure of the metrics carries what somebody asked or fed."""

import json
import logging
from pathlib import Path

import httpx
import pytest

from liaison.cli.tests.homes import Home, serving
from liaison.lib.logs import WordlessFormatter, tell_exception

CANARY = "Zzyzxcanary"
CHECK = {
    "purpose": "border",
    "reference": f"REF-{CANARY}",
    "queries": [{"id": "1", "person": {"name": f"Ana {CANARY}"}}],
}


def ask(http: httpx.Client) -> list[int]:
    """Check, feed, fail in many ways; every request carries the canary. Return the statuses."""
    feed = f"source_reference,purpose,full_name,status\n1-{CANARY},border,{CANARY} Ana,suspect\n2,{CANARY},,\n"
    answers = [
        http.post("/api/check", json=CHECK),
        http.post("/api/check", content=f'{{"purpose": "{CANARY}'),
        http.post("/api/check", json=CHECK | {CANARY: 1}),
        http.post("/api/check", json=CHECK, headers={"Authorization": f"Bearer {CANARY}"}),
        http.post("/api/feed/nominal?format=csv", content=feed),
        http.post(f"/api/feed/nominal?format={CANARY}", content=feed),
        http.post("/api/feed/nominal?format=csv", content=b"\x1f\x8b" + feed.encode()),
        http.get(f"/api/records/{CANARY}?check=1"),
        http.get(f"/{CANARY}?name={CANARY}"),
        http.get("/", headers={"Host": f"{CANARY}.example"}),
        http.post("/accounts/login/", data={"login": f"{CANARY}@example.org", "password": CANARY}),
        http.request(CANARY.upper(), f"/api/check?{CANARY}", headers={"X-Canary": CANARY}),
    ]
    return [answer.status_code for answer in answers]


@pytest.mark.database
def test_neither_log_nor_metrics_name_whom_somebody_asked_for(demo_home: Home, tmp_path: Path) -> None:
    # given a service that logs all it can
    with serving(demo_home, tmp_path / "log", LIAISON_LOG_LEVEL="debug") as service:
        headers = {"Authorization": f"Bearer {demo_home.key}"}
        with httpx.Client(base_url=service.address, headers=headers, timeout=60) as http:
            # when it is asked, fed and annoyed with one name
            statuses = ask(http)

            # then the figures count, and do not name
            figures = http.get("/metrics").text
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert statuses[:3] == [200, 400, 400]
    assert max(statuses) < 500
    assert 'liaison_queries_total{outcome="no_match"} 1.0' in figures
    assert (CANARY.lower() in figures.lower(), CANARY.lower() in log.lower()) == (False, False), log
    assert all(json.loads(line)["level"] for line in log.splitlines())


def failure() -> ValueError:
    try:
        raise ValueError(f"cannot write {CANARY}")
    except ValueError as error:
        return error


def test_an_exception_is_told_by_its_type_and_place_and_not_by_its_words() -> None:
    event = tell_exception(None, "error", {"event": "door.defect", "exc_info": failure()})

    assert event["exception"][0] == "ValueError"
    assert event["exception"][1].startswith("tests/test_logs.py:")
    assert CANARY not in json.dumps(event)


def test_the_words_of_another_library_stay_out_of_the_log() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 7, "failed for %s", (CANARY,), None)
    record.exc_info = (ValueError, failure(), None)
    record.status_code = 500

    line = WordlessFormatter().format(record)

    assert CANARY not in line
    told = json.loads(line)
    assert (told["event"], told["level"], told["status"], told["exception"][0]) == (
        *("django.request", "error"),
        *(500, "ValueError"),
    )
