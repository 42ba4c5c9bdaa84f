"""What is acknowledged survives: a shutdown while checks run, a feed that is killed, a check beside a feed."""

import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cast import soon
from tests.door.service import Service, about_person, about_vehicle

ROWS = 6000


def vehicle_line(number: int) -> bytes:
    row = {"source_reference": f"V/{number}", "purpose": ["locate"], "vin": f"WZZZZZ9ZZZ{number:07}"}
    return json.dumps(row).encode() + b"\n"


def vehicle_file(folder: Path, rows: int) -> Path:
    path = folder / "vehicles.jsonl"
    path.write_bytes(b"".join(map(vehicle_line, range(1, rows + 1))))
    return path


@pytest.mark.database
def test_every_check_that_was_acknowledged_before_a_shutdown_is_in_the_register(
    service_with_searchers: Service,
) -> None:
    # given four machines that check without a pause
    service_with_searchers.start()
    acknowledged: dict[str, str] = {}
    is_over = threading.Event()

    def check_on(worker: int) -> None:
        with service_with_searchers.client() as client:
            number = 0
            while not is_over.is_set():
                number += 1
                reference = f"{worker}/{number}"
                body = about_vehicle(reference=reference) if number % 2 else about_person("Anna") | {
                    "reference": reference
                }  # fmt: skip
                try:
                    answer = client.post("/api/check", json=body)
                except httpx.TransportError:
                    return
                assert answer.status_code in (200, 503)
                acknowledged.update({str(answer.json()["entry"]): reference} if answer.status_code == 200 else {})

    with ThreadPoolExecutor(4) as machines:
        running = [machines.submit(check_on, worker) for worker in range(4)]
        assert soon(lambda: len(acknowledged) > 200)

        # when the service is asked to stop
        code = service_with_searchers.stop(signal.SIGTERM)
        is_over.set()
        [one.result() for one in running]

    # then it ended well, and every acknowledged check has its entry
    written = service_with_searchers.world("count")
    assert code in (0, -signal.SIGTERM)
    assert acknowledged.items() <= written["checks"].items()
    assert written["entries"] == list(range(1, len(written["entries"]) + 1))


@pytest.mark.database
@pytest.mark.campaign(sample=2, full=1000)
def test_a_feed_that_is_killed_anywhere_and_resumed_has_every_row_once(
    own_service: Service, tmp_path: Path, rounds: int
) -> None:
    key_file, file = tmp_path / "key", vehicle_file(tmp_path, ROWS)
    key_file.write_text(own_service.keys["nairobi"])
    words = ("feed", str(file), "--database", "vehicles", "--key-file", str(key_file))
    chance = random.Random(11)  # noqa: S311

    resumed = 0
    for _ in range(rounds):
        # given a feed that is killed somewhere after it began
        known = own_service.world("count")["batches"].keys()
        feeding = own_service.command(*words)
        assert soon(lambda: own_service.rows_on_the_way() > 0)
        time.sleep(chance.uniform(0, 0.2))
        feeding.send_signal(signal.SIGKILL)
        feeding.wait()

        # when it is fed again, as the same batch where one was opened and left open
        batches = own_service.world("count")["batches"]
        left = [name for name in batches.keys() - known if batches[name]["state"] == "open"]
        resumed += len(left)
        resume = [word for name in left for word in ("--resume", name)]
        assert own_service.command(*words, *resume).wait(60) == 0

        # then every row is there once, with one receipt, and no version is missing
        there = own_service.world("count")
        assert (there["records"], there["versions"]) == (ROWS, list(range(1, ROWS + 1)))
        last = max(there["batches"])
        assert all(there["batches"][name]["receipts"] == list(range(1, ROWS + 1)) for name in left or [last])
    assert resumed > rounds / 4


@pytest.mark.database
def test_checks_are_answered_and_find_what_is_fed_while_it_is_fed(own_service: Service) -> None:
    # given a feed that goes on for some seconds
    own_service.start()
    is_over = threading.Event()

    def slow_rows() -> Iterator[bytes]:
        number = 0
        while not is_over.is_set() and number < 20_000:
            number += 1
            yield vehicle_line(number)

    def feed() -> httpx.Response:
        with own_service.client("nairobi") as client:
            return client.post("/api/feed/vehicles", params={"format": "jsonl"}, content=slow_rows())

    with ThreadPoolExecutor(1) as feeder, own_service.client() as client:
        feeding = feeder.submit(feed)

        # when somebody checks the first vehicle meanwhile
        def is_found() -> bool:
            answer = client.post("/api/check", json=about_vehicle("WZZZZZ9ZZZ0000001"))
            assert answer.status_code == 200
            return bool(answer.json()["results"][0]["outcome"] == "matches")

        found = soon(is_found)
        is_over.set()
        summary = feeding.result().json()

        # then it is found before or soon after the feed ends, and the last one too
        assert found
        assert (summary["state"], summary["refused"]) == ("closed", 0)
        last = f"WZZZZZ9ZZZ{summary['accepted']:07}"
        assert soon(lambda: client.post("/api/check", json=about_vehicle(last)).json()["results"][0]["outcome"] ==
                    "matches")  # fmt: skip


@pytest.mark.database
def test_a_key_revoked_by_another_process_is_refused_with_the_next_request(own_service: Service) -> None:
    own_service.start()
    with own_service.client("nairobi") as client:
        before = client.post("/api/check", json=about_vehicle()).status_code

        assert own_service.command("key", "revoke", own_service.keys["nairobi"][:8]).wait(60) == 0

        assert (before, client.post("/api/check", json=about_vehicle()).status_code) == (200, 401)


@pytest.mark.database
def test_a_service_that_is_killed_answers_again_with_all_it_had(own_service: Service) -> None:
    # given a record and a check that were acknowledged
    own_service.start()
    with own_service.client("nairobi") as client:
        client.post("/api/feed/vehicles", params={"format": "jsonl"}, content=vehicle_line(1)).raise_for_status()
        entry = client.post("/api/check", json=about_vehicle()).json()["entry"]

    # when the power goes
    own_service.stop(signal.SIGKILL)
    own_service.start()

    # then the record is found, and the register goes on after the check
    with own_service.client() as client:
        answer = client.post("/api/check", json=about_vehicle("WZZZZZ9ZZZ0000001")).json()
    assert answer["results"][0]["outcome"] == "matches"
    assert answer["entry"] > entry


def processes_of(service: Service) -> list[int]:
    """Return the numbers of the processes beside the service."""
    assert service.process is not None
    threads = Path(f"/proc/{service.process.pid}/task").iterdir()
    return [int(number) for thread in threads for number in (thread / "children").read_text("ascii").split()]


def those_with(word: str, service: Service) -> list[int]:
    """Return those of them that have a word in their command."""
    return [one for one in processes_of(service) if word in Path(f"/proc/{one}/cmdline").read_text("ascii")]


def indexer_of(service: Service) -> int:
    [indexer] = those_with("--follow", service)
    return indexer


def test_an_indexer_that_is_killed_is_started_again_and_nobody_is_told_no_record_meanwhile(
    own_service: Service,
) -> None:
    own_service.start()
    killed = indexer_of(own_service)
    os.kill(killed, signal.SIGKILL)
    with own_service.client("nairobi") as client:
        client.post("/api/feed/vehicles", params={"format": "jsonl"}, content=vehicle_line(1)).raise_for_status()
        about = about_vehicle("WZZZZZ9ZZZ0000001")

        # until the new one has caught up, the answer is that there is none now
        refused = client.post("/api/check", json=about)
        assert soon(lambda: client.post("/api/check", json=about).status_code == 200)
        found = client.post("/api/check", json=about).json()

    assert (refused.status_code, refused.json()["code"]) == (503, "index-stale")
    assert found["results"][0]["outcome"] == "matches"
    assert indexer_of(own_service) != killed


def test_the_index_of_a_running_service_is_made_again_and_checks_go_on(own_service: Service) -> None:
    own_service.start()
    with own_service.client("nairobi") as client:
        client.post("/api/feed/vehicles", params={"format": "jsonl"}, content=vehicle_line(1)).raise_for_status()
        about = about_vehicle("WZZZZZ9ZZZ0000001")
        assert soon(lambda: client.post("/api/check", json=about).json()["results"][0]["outcome"] == "matches")

        making = own_service.command("index", "--rebuild")
        outcomes = {client.post("/api/check", json=about).json()["results"][0]["outcome"] for _ in range(200)}

        assert making.wait(60) == 0
        after = client.post("/api/check", json=about).json()["results"][0]["outcome"]
    assert (outcomes, after) == ({"matches"}, "matches")


@pytest.mark.campaign(sample=1, full=100)
def test_processes_that_merge_and_the_indexer_are_killed_anywhere_and_everything_is_found(
    own_service: Service, tmp_path: Path, rounds: int
) -> None:
    # given a service that is fed so much that it merges all the time
    own_service.start()
    key_file, file = tmp_path / "key", vehicle_file(tmp_path, 20_000)
    key_file.write_text(own_service.keys["nairobi"])
    feeding = own_service.command("feed", str(file), "--database", "vehicles", "--key-file", str(key_file))
    chance = random.Random(12)  # noqa: S311

    # when what merges is killed again and again, and at last the indexer itself
    for _ in range(rounds):
        assert soon(lambda: bool(mergers_of(own_service)), 60)
        time.sleep(chance.uniform(0, 0.5))
        os.kill(chance.choice(mergers_of(own_service)), signal.SIGKILL)
    os.kill(indexer_of(own_service), signal.SIGKILL)
    assert feeding.wait(120) == 0

    # then every row is found, and nothing half is left
    last = about_vehicle(f"WZZZZZ9ZZZ{ROWS:07}")
    with own_service.client() as client:
        assert soon(lambda: is_found(client, about_vehicle(f"WZZZZZ9ZZZ{20_000:07}")), 60)
        sought = [about_vehicle(f"WZZZZZ9ZZZ{number:07}") for number in range(1, 20_001, 199)]
        assert [one for one in [*sought, last] if not is_found(client, one)] == []
    own_service.stop()
    assert list((own_service.home / "index").glob("*.tmp")) == []


def is_found(client: httpx.Client, about: dict[str, Any]) -> bool:
    answer = client.post("/api/check", json=about)
    return answer.status_code == 200 and answer.json()["results"][0]["outcome"] == "matches"


def mergers_of(service: Service) -> list[int]:
    """Return the processes that the indexer of a service without searchers has merge and build."""
    home = str(service.home).encode()
    return [one for one in spawned() if home in said_of(one, "environ")]


def spawned() -> list[int]:
    """Return the processes of pools, of whatever service."""
    numbers = [int(file.name) for file in Path("/proc").iterdir() if file.name.isdecimal()]
    return [one for one in numbers if b"spawn_main" in said_of(one, "cmdline")]


def said_of(process: int, what: str) -> bytes:
    """Return what the system tells of a process, nothing when it has ended."""
    try:
        return Path(f"/proc/{process}/{what}").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("pattern", ["*.segment", "live.json", "manifest.json"])
def test_an_index_that_is_damaged_or_of_another_version_is_made_again_at_the_start(
    own_service: Service, pattern: str
) -> None:
    own_service.start()
    with own_service.client("nairobi") as client:
        client.post("/api/feed/vehicles", params={"format": "jsonl"}, content=vehicle_line(1)).raise_for_status()
        about = about_vehicle("WZZZZZ9ZZZ0000001")
        assert soon(lambda: is_found(client, about))
    own_service.stop()
    [path] = (own_service.home / "index").glob(pattern)
    path.write_bytes(path.read_bytes().replace(b'"format":', b'"format":9'))

    own_service.start()

    with own_service.client() as client:
        assert is_found(client, about)


def test_every_process_beside_a_service_ends_with_it_however_that_ends(service_with_searchers: Service) -> None:
    service_with_searchers.start()
    beside = processes_of(service_with_searchers)

    service_with_searchers.stop(signal.SIGKILL)

    assert len(beside) >= 3
    assert soon(lambda: not any(Path(f"/proc/{one}").exists() for one in beside))


def test_searchers_that_are_killed_are_replaced_and_nothing_false_is_answered(service_with_searchers: Service) -> None:
    service_with_searchers.start()
    with service_with_searchers.client() as client:
        assert client.post("/api/check", json=about_person("Anna Nowak")).status_code == 200
        for one in those_with("spawn_main", service_with_searchers):
            os.kill(one, signal.SIGKILL)

        meanwhile = client.post("/api/check", json=about_person("Anna Nowak"))
        exact = client.post("/api/check", json=about_vehicle())

        assert soon(lambda: client.post("/api/check", json=about_person("Anna Nowak")).status_code == 200)
    assert (meanwhile.status_code, meanwhile.json()["code"], exact.status_code) == (503, "search-ended", 200)


@pytest.mark.database
def test_a_large_feed_whose_process_is_killed_goes_on_with_the_same_batch(own_service: Service, tmp_path: Path) -> None:
    # given a large feed over HTTP, fed by a process beside the service
    own_service.start()
    content = vehicle_file(tmp_path, 20_000).read_bytes()

    def feed(**headers: str) -> httpx.Response:
        with own_service.client("nairobi") as client:
            return client.post("/api/feed/vehicles", params={"format": "jsonl"}, content=content, headers=headers)

    with ThreadPoolExecutor(1) as feeder:
        feeding = feeder.submit(feed)
        assert soon(lambda: own_service.rows_on_the_way() > 0)

        # when that process is killed
        for one in those_with("beside", own_service):
            os.kill(one, signal.SIGKILL)
        refused = feeding.result()

    # then the feeder is told which batch to go on with
    assert (refused.status_code, refused.json()["code"]) == (503, "feed-ended")
    summary = feed(**{"Liaison-Batch": refused.json()["value"]}).json()
    assert (summary["state"], summary["accepted"]) == ("closed", 20_000)
