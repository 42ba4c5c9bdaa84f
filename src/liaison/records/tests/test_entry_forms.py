"""A database that nobody has written a form for has one, made from what its module declares."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
import pytest
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from liaison.errors import Problem
from liaison.records import entry_forms
from liaison.records.databases import Database, RecordFields, all_databases
from liaison.records.databases.base import Country, Date, Line, LookUp, Text
from liaison.records.entry_forms import EntryForm, form_for


class FirearmRecord(RecordFields, kw_only=True):
    """A weapon that was stolen or lost."""

    serial_number: Annotated[str, Meta(min_length=1, max_length=40)]
    action: Literal["bolt", "semi_automatic"]
    made_in: Country | None = None
    seen_in: list[Country] = []
    marks: list[Line] = []
    shots: int | None = None
    lost_on: Date | None = None
    story: Text | None = None
    is_loaded: bool = False


class HeavyRecord(RecordFields, kw_only=True):
    """A record that cannot be typed: it must have a structure."""

    parts: list[dict[str, str]]


def declared(record: type[RecordFields]) -> Database:
    """Return a database as a new module would declare it, with the functions of another one."""
    return msgspec.structs.replace(
        all_databases()["vehicles"], code="firearms", title="Firearms", record=record,
        look_ups=(LookUp("document", {"number": "serial_number", "issuer": "made_in"}, shortest=3),),
        labels={"marks": _("Other names")},
    )  # fmt: skip


@pytest.fixture
def firearms(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[EntryForm]]:
    """Return the form of a database that the house has never seen."""
    monkeypatch.setattr(entry_forms, "all_databases", lambda: {"firearms": declared(FirearmRecord)})
    form_for.cache_clear()
    made = form_for("firearms")
    assert made
    yield made
    form_for.cache_clear()


def test_each_field_has_the_control_of_its_type(firearms: type[EntryForm]) -> None:
    fields = firearms().fields

    assert [name for name in fields if name not in EntryForm.base_fields] == [
        "serial_number", "action", "made_in", "seen_in", "marks", "shots", "lost_on", "story"
    ]  # fmt: skip
    assert next(iter(fields)) == "serial_number"
    assert isinstance(fields["marks"].widget, forms.Textarea)
    assert isinstance(fields["story"].widget, forms.Textarea)
    assert [fields[name].required for name in ("serial_number", "action", "made_in")] == [True, True, False]


def test_codes_and_fields_without_words_are_readable(firearms: type[EntryForm]) -> None:
    html = str(firearms())

    assert '<option value="semi_automatic">Semi automatic</option>' in html
    assert ">Serial number<" in html
    assert ">Other names " in html


def test_the_lists_of_a_form_become_lists_of_the_row(firearms: type[EntryForm]) -> None:
    typed = QueryDict(mutable=True)
    typed.update({"serial_number": "A1", "action": "bolt", "seen_in": "ke, Poland", "marks": "One\n\n Two "})

    form = firearms(typed)
    form.full_clean()

    assert form.row() == {"serial_number": "A1", "action": "bolt", "seen_in": ["KE", "Poland"], "marks": ["One", "Two"]}


def test_its_look_ups_ask_what_was_typed_and_leave_out_what_is_unfinished(firearms: type[EntryForm]) -> None:
    asked = [firearms.questions({"serial_number": number, "made_in": "K"}) for number in ("A1", "A12")]

    assert asked == [[], [{"id": "document 0", "document": {"number": "A12"}}]]


def test_what_is_wrong_beside_a_missing_field_is_found_too(firearms: type[EntryForm]) -> None:
    form = firearms({"seen_in": "XX"})
    seen: list[dict[str, object]] = []

    def problems_of(row: dict[str, object]) -> list[Problem]:
        seen.append(row)
        return [Problem("unknown-country", "No country.", "seen_in[0]", "XX")] if "seen_in" in row else []

    form.full_clean()
    form.judge(problems_of)

    assert {"serial_number", "action", "seen_in", "purpose", "source_reference"} <= set(form.errors)
    assert seen[0]["serial_number"] == "1234567"
    assert "seen_in" not in seen[1]


def test_a_database_that_cannot_be_typed_has_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_forms, "all_databases", lambda: {"heavy": declared(HeavyRecord)})

    assert form_for("heavy") is None


@pytest.mark.parametrize("code", list(all_databases()))
def test_every_database_of_the_house_can_be_typed(code: str) -> None:
    form_for.cache_clear()

    assert form_for(code)
