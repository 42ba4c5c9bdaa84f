"""What is personal in the register is unreadable without its keys, and erased with them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from liaison.audit.events import Event
from liaison.audit.models import Entry, PeriodKey
from liaison.audit.queries import Search, find_entries
from liaison.audit.register import NewEntry, register
from liaison.audit.sealed import FILE, Damaged, Erased, erase_keys, forget, mark, month_of, seal, unseal
from liaison.errors import Unavailable
from tests.cast import House

NOVEMBER_US, DECEMBER_US = 1_762_000_000_000_000, 1_764_600_000_000_000
NAME, REFERENCE, RECORD = "Oksana Tverdokhlib", "CASE/2025/17", "3MM3-9QKG-R4VM-74H7"


def append(at_us: int = NOVEMBER_US, agency: int = 3) -> int:
    entry = NewEntry(
        at_us, Event.CHECKED, agency, "officer:12", "nominal", "border", REFERENCE,
        searched=f'[{{"person":{{"name":"{NAME}"}}}}]', shown=f'["{RECORD}"]', detail='{"why":"x"}',
    )  # fmt: skip
    return register().append(entry)


def columns() -> str:
    """Return all that the tables hold, as text."""
    alias = settings.REGISTER_ALIAS
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT * FROM audit_entry")
        return repr([tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()])


def test_what_is_personal_is_read_back_and_stands_nowhere_in_the_tables(house: House) -> None:
    entry = Entry.objects.get(number=append())

    assert (entry.reference, entry.shown_references, entry.trouble) == (REFERENCE, [RECORD], "")
    assert entry.searched_data == [{"person": {"name": NAME}}]
    assert entry.as_line()["detail"] == {"why": "x"}
    assert not any(secret in columns() for secret in (NAME, REFERENCE, RECORD, "Oksana"))


def test_entries_are_found_by_reference_and_record_though_nobody_reads_them(house: House) -> None:
    number = append()

    assert [entry.number for entry in find_entries(Search(reference=REFERENCE))] == [number]
    assert [entry.number for entry in find_entries(Search(record=RECORD))] == [number]
    assert not find_entries(Search(reference="CASE/2025"))
    assert mark("") == ""


def test_each_agency_has_a_key_for_each_month(house: House) -> None:
    before = PeriodKey.objects.count()

    for at_us, agency in ((NOVEMBER_US, 3), (NOVEMBER_US, 3), (NOVEMBER_US, 4), (DECEMBER_US, 3)):
        append(at_us, agency)

    assert PeriodKey.objects.count() == before + 3


def test_an_erased_month_is_unreadable_and_its_entries_stay(house: House) -> None:
    old, new = append(NOVEMBER_US), append(DECEMBER_US)

    assert erase_keys(before=month_of(DECEMBER_US)) == 1

    erased, kept = Entry.objects.get(number=old), Entry.objects.get(number=new)
    assert (erased.trouble, erased.reference, erased.shown_references) == ("erased", "", [])
    assert (erased.event, erased.actor, erased.purpose) == ("checked", "officer:12", "border")
    assert (kept.trouble, kept.reference) == ("", REFERENCE)
    assert erase_keys(before=month_of(DECEMBER_US)) == 0


def test_nothing_is_added_to_a_month_that_was_erased(house: House) -> None:
    append(NOVEMBER_US)
    erase_keys(before=month_of(DECEMBER_US))

    with pytest.raises(Unavailable, match="register-unwritable"):
        append(NOVEMBER_US)


def test_what_was_changed_is_told_apart_from_what_was_erased(house: House) -> None:
    number = append()
    sealed = bytes(Entry.objects.get(number=number).sealed)
    Entry.objects.filter(number=number).update(sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))

    assert Entry.objects.get(number=number).trouble == "damaged"
    with pytest.raises(Damaged):
        unseal(b"", NOVEMBER_US, 3)
    with pytest.raises(Erased):
        unseal(sealed, NOVEMBER_US, 99)


def test_a_key_of_a_group_that_was_not_written_is_not_used_again(house: House) -> None:
    # given a register whose table is away for a moment
    alias = settings.REGISTER_ALIAS
    with connections[alias].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry RENAME TO away")
    with pytest.raises(Unavailable):
        append(agency=77)
    with connections[alias].cursor() as cursor:
        cursor.execute("ALTER TABLE away RENAME TO audit_entry")

    # when it is back, the entry is sealed with a key that is kept
    number = append(agency=77)
    forget()

    assert Entry.objects.get(number=number).reference == REFERENCE


def test_without_the_key_of_the_home_nothing_is_written_and_nothing_is_drawn(house: House) -> None:
    append()
    path = Path(settings.LIAISON_HOME) / FILE
    text = path.read_text()
    path.unlink()
    forget()
    try:
        with pytest.raises(Unavailable):
            append(agency=5)
        assert not path.exists()
    finally:
        path.write_text(text)
        forget()


def test_sealing_twice_is_never_the_same(house: House) -> None:
    assert seal(b"x", NOVEMBER_US, 1) != seal(b"x", NOVEMBER_US, 1)
    assert month_of(NOVEMBER_US) == 202511
