"""What happens in the process that is killed or loses its disk, and what it says of it.

It does what a service does, in one process and in an order that a seed decides: it feeds
batches chunk by chunk, answers checks at the real door, withdraws records, notes what is confidential, signs the
register, publishes the index.  Each thing is said **after** it was acknowledged, as a JSON line:

    {"doing": "check"}                          what begins now: gives the points their names
    {"answered": "K/3", "entry": 57}            a check was answered, and this is its entry
    {"fed": 2, "batch": "...", "rows": 101}     so many rows of the second batch are durable
    {"closed": 2}, {"withdrawn": "..."}, {"confidential": 1152921...}
    {"signed": 60, "note": "..."}               a checkpoint was published
    {"published": 202}                          readers may open the index up to this version
    {"refused": "feed", "code": "..."}          it could not be done: only where the disk fails
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError
from django.db.backends.signals import connection_created
from django.utils import timezone

from liaison.access.queries import asker_of_key
from liaison.audit.actions import Actor, write_confidential_entry
from liaison.audit.events import Event
from liaison.audit.log import register_log
from liaison.audit.register import NewEntry, register, reopen
from liaison.checks.door import Door
from liaison.checks.live import close_live, live
from liaison.engine.writer import IndexWriter
from liaison.errors import LiaisonError
from liaison.records import feed
from liaison.records.actions import change_state
from liaison.records.feed import feed_rows, open_batch, receipts_of
from liaison.records.formats import Row
from liaison.records.indexing import catch_up, catch_up_or_begin_again, open_writer
from liaison.records.models import Batch

BATCHES = 2
ROWS = 130
NOTED = 195
# So many pages of a journal are carried over into the database: seldom in a service, often here.
CARRIED_OVER_AT = 60
Say = Callable[[Mapping[str, object]], None]


class Plan(NamedTuple):
    """How the story goes: the seed of its order, the keys of two bureaux, and in which way it is careless.

    "hasty" says that rows are durable before they are; any other word is a value of SQLite's `synchronous`.
    """

    seed: int
    keys: dict[str, str]
    careless: str = ""


def row(batch: int, number: int) -> Row:
    """Return a row of a batch; every 9th is refused, and from the second batch on every 7th changes an older record."""
    of = batch - 1 if batch > 1 and number % 7 == 0 else batch
    fields: dict[str, object] = {"source_reference": f"{of}/{number}", "purpose": ["locate"], "make": f"Make {batch}"}
    fields["vin"] = "?" if number % 9 == 0 else f"WZZZZZ9ZZZ{of * 1000 + number:07}"
    return Row(number, fields, None, json.dumps(fields))


def rows(batch: int) -> Iterator[Row]:
    """Yield the rows of a batch."""
    return (row(batch, number) for number in range(1, ROWS + 1))


class Story:
    """One process's life; `begin` opens everything, `go_on` does the rest."""

    def __init__(self, plan: Plan, say: Say) -> None:
        self.plan, self.say = plan, say
        self._dice = random.Random(plan.seed)  # noqa: S311  the same order every time
        self._checks = 0
        self._fed: list[str] = []
        connection_created.connect(self._set_up)
        feed.CHUNK_ROWS = 100
        self._open = ExitStack()

    def begin(self) -> None:
        """Open the index, the log and the door, and answer a first check."""
        self.say({"doing": "open"})
        self._asker = asker_of_key(self.plan.keys["nairobi"], timezone.now())
        self._kept = register_log()
        self._writer: IndexWriter = self._open.enter_context(open_writer(settings.LIAISON_HOME / "index"))
        self._door = Door()
        self._attempt("check", self._check)
        # So that the story comes across a full tile of the log.
        register().append_all([NewEntry(0, Event.REGISTER_READ, 0, "operator")] * NOTED)

    def go_on(self) -> None:
        """Feed some batches, and do everything else between their chunks."""
        for batch in range(1, BATCHES + 1):
            self._attempt("feed", partial(self._feed, batch))
            self._attempt("sign", self._sign)
            self._attempt("flush", self._flush)
        self.say({"doing": "stop"})
        self._stop()

    def _attempt(self, what: str, act: Callable[[], None]) -> None:
        self.say({"doing": what})
        try:
            act()
        except LiaisonError as error:
            self.say({"refused": what, "code": error.problems[0].code})
        except (DatabaseError, OSError) as error:
            self.say({"refused": what, "code": f"a fault: {type(error).__name__}"})

    def _feed(self, number: int) -> None:
        is_hasty = self.plan.careless == "hasty"
        batch = open_batch(self._asker, "vehicles", "jsonl", str(number), {}, timezone.now())
        said = {"fed": number, "batch": batch.id}
        self.say({**said, "rows": 101 if is_hasty else 0})
        for done in feed_rows(batch, rows(number), self._asker, timezone.now):
            self.say({**said, "rows": min(done.rows_done + 101, ROWS) if is_hasty else done.rows_done})
            if done.state == Batch.State.CLOSED:
                self.say({"closed": number})
            self._meanwhile(done)
            self.say({"doing": "feed"})

    def _meanwhile(self, batch: Batch) -> None:
        self._fed = [receipt.reference for receipt in receipts_of(batch) if receipt.outcome == "accepted"]
        acts = [
            ("check", self._check), ("sign", self._sign), ("publish", self._publish), ("withdraw", self._withdraw),
            ("note in confidence", self._confide), ("check", self._check),
        ]  # fmt: skip
        for what, act in self._dice.sample(acts, 4):
            self._attempt(what, act)

    def _check(self) -> None:
        self._checks += 1
        reference = f"K/{self._checks}"
        number = self._dice.randrange(1, ROWS)
        about = {"id": "q1", "vehicle": {"vin": f"WZZZZZ9ZZZ{1000 + number:07}"}}
        live().index.refresh()
        catch_up(live().index)
        status, told = ask(
            self._door, self.plan.keys["warsaw"], {"purpose": "border", "reference": reference, "queries": [about]}
        )
        if status == 200:
            self.say({"answered": reference, "entry": told["entry"]})
        else:
            self.say({"refused": "check", "code": told["code"], "status": status, "reference": reference})

    def _withdraw(self) -> None:
        reference = self._dice.choice(self._fed)
        change_state(self._asker, reference, "withdraw", "It was found.", timezone.now())
        self._fed.remove(reference)
        self.say({"withdrawn": reference})

    def _confide(self) -> None:
        by = Actor(self._asker.actor, self._asker.agency)
        entry = write_confidential_entry(Event.RESTRICTION_SET, by.agency, by=by, at=timezone.now(), detail={"of": 1})
        self.say({"confidential": entry})

    def _sign(self) -> None:
        size = self._kept.sign_new()
        self.say({"signed": size, "note": (self._kept.folder / "register" / "checkpoint").read_text("utf-8")})

    def _publish(self) -> None:
        catch_up_or_begin_again(self._writer)
        self._writer.merge_in_time()
        self._writer.publish()
        self.say({"published": self._writer.sequence})

    def _flush(self) -> None:
        self._publish()
        self._writer.flush()
        self._publish()

    def _stop(self) -> None:
        self._door.close()
        close_live()
        self._open.close()
        reopen()
        self.say({"stopped": True})

    def _set_up(self, connection: Any, **_: object) -> None:
        """Have journals carried over often; be careless, where this is to be."""
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA wal_autocheckpoint={CARRIED_OVER_AT}")
            if self.plan.careless not in ("", "hasty"):
                cursor.execute(f"PRAGMA synchronous={self.plan.careless}")


def ask(door: Door, key: str, body: object) -> tuple[int, dict[str, Any]]:
    """Ask the door of the check as a server would; return the status and the answer."""
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(body).encode()}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    scope = {"method": "POST", "headers": [(b"authorization", f"Bearer {key}".encode())]}
    asyncio.run(door(scope, receive, send))
    return int(sent[0]["status"]), json.loads(sent[1]["body"])
