"""A key becomes an asker from memory, and never longer than what memory says is true."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from liaison.access.actions import end_entitlement
from liaison.access.models import Entitlement
from liaison.access.queries import asker_of_key
from liaison.agencies.actions import close_agency, create_key, revoke_key
from liaison.agencies.models import Key
from liaison.audit.actions import OPERATOR
from liaison.checks import callers as module
from liaison.checks.callers import Caller, Callers, key_text
from liaison.errors import NotSignedIn
from tests.cast import House, Member

NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC
MIDNIGHT = 1_800_057_600.0


@pytest.fixture
def callers(house: House) -> Iterator[Callers]:
    opened = Callers()
    yield opened
    opened.close()


def header_of(member: Member) -> bytes:
    return f"Bearer {member.key}".encode()


def now() -> float:
    return timezone.now().timestamp()


class ShortTurns:
    """An event loop of which each turn holds one request."""

    def call_soon(self, end_turn: Callable[[], None]) -> None:
        end_turn()


def known(callers: Callers, header: bytes, moment: float) -> Caller | None:
    return callers.known_in_turn(header, moment, ShortTurns())  # type: ignore[arg-type]


def test_a_caller_is_loaded_once_and_then_known(callers: Callers, warsaw_officer: Member) -> None:
    header, moment = header_of(warsaw_officer), now()
    assert known(callers, header, moment) is None

    loaded = callers.load(header, moment)

    assert known(callers, header, moment) is loaded
    assert loaded.asker == warsaw_officer.system


def test_a_revoked_key_is_unknown_at_once_though_another_revoked_it(callers: Callers, warsaw_officer: Member) -> None:
    header, moment = header_of(warsaw_officer), now()
    known(callers, header, moment)
    callers.load(header, moment)

    revoke_key(Key.objects.get(), by=OPERATOR, now=timezone.now())

    assert known(callers, header, moment) is None
    with pytest.raises(NotSignedIn, match="no-valid-key"):
        callers.load(header, moment)


@pytest.mark.parametrize("change", ["key", "agency", "entitlement"])
def test_any_change_of_rights_is_seen_with_the_next_request(
    callers: Callers, warsaw_officer: Member, change: str
) -> None:
    header, moment = header_of(warsaw_officer), now()
    known(callers, header, moment)
    callers.load(header, moment)

    acts: dict[str, Callable[[], object]] = {
        "key": lambda: create_key(warsaw_officer.agency, "New", timedelta(1), by=OPERATOR, now=timezone.now()),
        "agency": lambda: close_agency(warsaw_officer.agency, by=OPERATOR, now=timezone.now()),
        "entitlement": lambda: end_entitlement(Entitlement.objects.all()[0], by=OPERATOR, now=timezone.now()),
    }
    acts[change]()

    assert known(callers, header, moment) is None


def test_a_change_that_comes_while_a_caller_is_loaded_is_not_missed(
    callers: Callers, warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a key that is revoked just after it was read, while another request notes the change
    header, moment = header_of(warsaw_officer), now()
    known(callers, header, moment)
    read = asker_of_key

    def read_then_revoked(*arguments: Any) -> Any:
        asker = read(*arguments)
        revoke_key(Key.objects.get(), by=OPERATOR, now=timezone.now())
        known(callers, b"Bearer another", moment)
        return asker

    monkeypatch.setattr(module, "asker_of_key", read_then_revoked)

    # when it is loaded
    callers.load(header, moment)

    # then it is not remembered
    assert known(callers, header, moment) is None


def test_a_caller_who_is_remembered_after_a_change_was_noticed_is_not_believed(
    callers: Callers, warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a thread that has read a caller, and is held up before it remembers it
    header, moment = header_of(warsaw_officer), now()
    known(callers, header, moment)
    read = module.Caller

    def read_then_held_up(*arguments: Any) -> Caller:
        caller = read(*arguments)
        # Meanwhile the key is revoked, and the loop notices and forgets everybody whom it knows.
        revoke_key(Key.objects.get(), by=OPERATOR, now=timezone.now())
        assert known(callers, header, moment) is None
        return caller

    monkeypatch.setattr(module, "Caller", read_then_held_up)

    # when the thread goes on
    stale = callers.load(header, moment)

    # then what it remembers opens nothing
    assert list(callers._known.values()) == [stale]
    assert callers.version == stale.version + 1
    assert known(callers, header, moment) is None


def test_a_caller_is_read_anew_after_some_seconds_and_when_the_day_ends(
    callers: Callers, warsaw_officer: Member
) -> None:
    """Keys and rights run out without anybody changing them."""
    header = header_of(warsaw_officer)
    Key.objects.update(expires_at=timezone.now() + timedelta(days=1000))
    known(callers, header, NOON)
    at_noon = callers.load(header, NOON)
    assert known(callers, header, NOON + 4.9) is at_noon
    assert known(callers, header, NOON + 5.0) is None

    before_midnight = callers.load(header, MIDNIGHT - 1)

    assert known(callers, header, MIDNIGHT - 0.1) is before_midnight
    assert known(callers, header, MIDNIGHT) is None


def test_an_expired_key_is_refused(callers: Callers, warsaw_officer: Member) -> None:
    header = header_of(warsaw_officer)
    Key.objects.update(expires_at=timezone.now())

    with pytest.raises(NotSignedIn, match="not expired"):
        callers.load(header, now())


def test_a_known_caller_is_forgotten_the_moment_the_key_runs_out(callers: Callers, warsaw_officer: Member) -> None:
    header, moment = header_of(warsaw_officer), now()
    Key.objects.update(expires_at=datetime.fromtimestamp(moment + 1, tz=UTC))
    known(callers, header, moment)

    loaded = callers.load(header, moment)

    assert known(callers, header, moment + 0.9) is loaded
    assert known(callers, header, moment + 1.1) is None


def test_a_lost_connection_is_replaced(callers: Callers, warsaw_officer: Member) -> None:
    header, moment = header_of(warsaw_officer), now()
    callers._connection.close()

    assert known(callers, header, moment) is None
    callers.load(header, moment)
    known(callers, header, moment)
    callers.load(header, moment)

    assert known(callers, header, moment) is not None


def test_memory_of_callers_is_bounded(
    callers: Callers, warsaw_officer: Member, nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LARGEST_CACHE", 1)
    first, second, moment = header_of(warsaw_officer), header_of(nairobi_feeder), now()
    known(callers, first, moment)
    callers.load(first, moment)

    callers.load(second, moment)

    assert known(callers, first, moment) is None
    assert known(callers, second, moment) is not None


@pytest.mark.parametrize("header", [b"Bearer KEY", b"bearer KEY", b"ApiKey KEY", b"APIKEY  KEY ", b"  Bearer KEY"])
def test_both_schemes_are_taken_in_any_case(header: bytes) -> None:
    assert key_text(header) == "KEY"


@pytest.mark.parametrize("header", [b"", b"KEY", b"Basic KEY", b"Bearer", b"Bearer  ", b"Token KEY", b"\xff\xfe"])
def test_another_scheme_is_told_which_are_taken(header: bytes) -> None:
    with pytest.raises(NotSignedIn, match=r"no-key: .*Authorization: Bearer KEY"):
        key_text(header)
