"""The form of an entry by hand: made from what its database declares, richer for persons and organisations.

`form_for` reads the types of a database's record and gives each field a
control, so a new database has its form without a line here.  A field without a
control (a structure, a truth value) is left out; a database that cannot do
without such a field is fed from files only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, get_args

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _
from msgspec import inspect

from liaison.errors import Problem
from liaison.lib.countries import is_country
from liaison.lib.form_errors import form_error
from liaison.lib.partial_date import readable_part
from liaison.records.databases import Database, RecordFields, all_databases
from liaison.records.databases.base import (
    BirthDate,
    ConfidentialityLevel,
    Country,
    Date,
    Purpose,
    WarningMarker,
)
from liaison.records.databases.nominal import PersonStatus
from liaison.records.describing import vocabulary_of
from liaison.records.forms import CodeField, CodesField, countries_of, number_input

Row = dict[str, object]
Question = dict[str, Any]

_COMMON = frozenset(field.name for field in msgspec.structs.fields(RecordFields))
# What follows the warnings, and what is said of the record itself.
_ACTIONS = ("warning_markers", "action_to_be_taken", "special_conditions")
# From so many characters on a text is a paragraph, and up to so many a number that people copy.
_PARAGRAPH = 1000
_NUMBER = 64
# The smallest answers that pass, for fields that are wrong or empty while the others are judged.
_STAND_INS: Row = {"source_reference": "-", "purpose": ["information"]}


class TypedField(forms.CharField):
    """A text that the browser never cuts: what is too long is said, not lost."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave out `maxlength`, which makes browsers drop the end of what is pasted."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


def line_input(**attrs: object) -> forms.TextInput:
    """Return a box for names and references, whose spelling is nobody's business."""
    return forms.TextInput(attrs={"spellcheck": "false", **attrs})


def paragraph_input(rows: int, **attrs: object) -> forms.Textarea:
    """Return a box of several lines."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


class EntryForm(forms.Form):
    """What every record carries; `form_for` adds the fields of a database before it."""

    use_required_attribute = False

    warning_markers = CodesField("warning_marker", get_args(WarningMarker), required=False, label=_("Warnings"))
    action_to_be_taken = TypedField(label=_("Action to be taken"), required=False, max_length=500)
    special_conditions = TypedField(label=_("Special conditions"), required=False, max_length=500)
    source_reference = TypedField(label=_("Your reference"), max_length=200, widget=line_input())
    expires_on = TypedField(
        label=_("Expires on"), required=False, max_length=10, widget=number_input(),
        help_text=_("YYYY-MM-DD; empty for the longest time allowed."),
    )  # fmt: skip
    restricted_against = TypedField(
        label=_("Not shown to"), required=False, max_length=1000, widget=number_input(),
        help_text=_("Countries, two letters each, with commas."),
    )  # fmt: skip
    purpose = CodesField("purpose", get_args(Purpose), label=_("Purpose of the record"))
    confidentiality_level = CodeField("confidentiality", get_args(ConfidentialityLevel), label=_("Confidentiality"))
    relevance = TypedField(
        label=_("Why it matters to other countries"), required=False, max_length=20_000, widget=paragraph_input(2)
    )

    database: ClassVar[Database]
    # Fields that hold several countries, or a value in each line.
    country_lists: ClassVar[tuple[str, ...]] = ("restricted_against",)
    line_lists: ClassVar[tuple[str, ...]] = ()
    # Fields that take the whole width beside those that do by their nature.
    wide: ClassVar[tuple[str, ...]] = ()
    # Where a problem of the record is shown, and which of its fields a field of the form fills, where they differ.
    places: ClassVar[Mapping[str, str]] = {}
    fills: ClassVar[Mapping[str, str]] = {}
    stand_ins: ClassVar[Row] = _STAND_INS

    @classmethod
    def several(cls) -> tuple[str, ...]:
        """Return the fields that hold several codes."""
        return tuple(name for name, field in cls.base_fields.items() if isinstance(field, CodesField))

    @classmethod
    def typed(cls, posted: Any) -> "EntryForm":
        """Return an unbound form that shows what was sent, judging nothing."""
        lists = {name: posted.getlist(name) for name in cls.several()}
        return cls(initial=posted.dict() | lists)

    def parts(self) -> list[tuple[str, list[list[forms.BoundField]]]]:
        """Return the parts of the page: its code, and its fields in groups that stand side by side."""
        names = list(self.fields)
        own = [name for name in names if name not in _COMMON]
        common = [name for name in names if name in _COMMON and name not in _ACTIONS]
        return [(code, self._groups(found)) for code, found in (("own", own), ("act", _ACTIONS), ("record", common))]

    def row(self) -> Row:
        """Return what is filled as a row of the database; what the form itself refused is left out."""
        row: Row = {name: value for name, value in self.cleaned_data.items() if value not in ("", [])}
        for name in self.country_lists:
            if name in row:
                row[name] = countries_of(str(row[name]))
        for name in self.line_lists:
            if name in row:
                row[name] = [line.strip() for line in str(row[name]).splitlines() if line.strip()]
        return row

    def headline(self) -> str:
        """Return the line that names the record of a valid form to a person."""
        row = self.database.normalise(self.row())
        return self.database.headline(msgspec.convert(row, self.database.record))

    def judge(self, problems_of: Callable[[Row], Sequence[Problem]]) -> None:
        """Show at once everything that is wrong with the record, also when the form refused some fields itself.

        `problems_of` judges a row and stops at the first kind of problem; what
        is wrong is left out, and the rest judged again.
        """
        row = self.row()
        wrong = {self.fills.get(name, name) for name in self.errors}
        while True:
            kept = {name: value for name, value in row.items() if self.fills.get(name, name) not in wrong}
            filled = {name: value for name, value in self.stand_ins.items() if wrong & {name}}
            new = [problem for problem in problems_of(filled | kept) if _root(problem) not in wrong]
            if not new:
                return
            for problem in new:
                place = self.place_of(problem)
                self.add_error(place if place in self.fields else None, form_error(problem))
            wrong |= {_root(problem) for problem in new}

    def place_of(self, problem: Problem) -> str:
        """Return the field of the form at which a problem of the record is shown."""
        return self.places.get(problem.at, self.places.get(_root(problem), _root(problem)))

    @classmethod
    def questions(cls, posted: Any) -> list[Question]:
        """Return what to ask about a half-filled form; what cannot be read yet is left out."""
        asked = []
        for number, look_up in enumerate(cls.database.look_ups):
            typed = {field: str(posted.get(name, "")).strip() for field, name in look_up.fields.items()}
            typed |= {field: _country(typed[field]) for field in typed if field in ("country", "issuer", "flag")}
            first = next(iter(look_up.fields))
            if len(typed[first]) >= look_up.shortest:
                said = {field: value for field, value in typed.items() if value}
                asked.append({"id": f"{look_up.kind} {number}", look_up.kind: said})
        return asked

    def _groups(self, names: Sequence[str]) -> list[list[forms.BoundField]]:
        groups: list[list[forms.BoundField]] = []
        beside = False
        for name in names:
            field = self[name]
            is_wide = name in self.wide or isinstance(field.field.widget, forms.Textarea | forms.CheckboxSelectMultiple)
            if is_wide or not beside:
                groups.append([])
            groups[-1].append(field)
            beside = not is_wide
        return groups


class NominalForm(EntryForm):
    """One person or organisation."""

    full_name = TypedField(label=_("Full name"), max_length=500, widget=line_input(autofocus=True))
    original_script = TypedField(label=_("Name in its own script"), required=False, max_length=500, widget=line_input())
    aliases = TypedField(
        label=_("Other names"), required=False, max_length=20_000, help_text=_("One in each line."),
        widget=paragraph_input(2, spellcheck="false"),
    )  # fmt: skip
    kind = CodeField("subject_kind", ("person", "organisation"), label=_("Kind"))
    born = TypedField(
        label=_("Date of birth"), required=False, max_length=20, widget=number_input(),
        help_text=_("YYYY, YYYY-MM or YYYY-MM-DD"),
    )  # fmt: skip
    sex = CodeField("sex", ("U", "F", "M", "X"), label=_("Sex"))
    nationalities = TypedField(
        label=_("Nationalities"), required=False, max_length=500, widget=number_input(),
        help_text=_("Two letters each, with commas."),
    )  # fmt: skip
    place_of_birth = TypedField(label=_("Place of birth"), required=False, max_length=500)
    # Required of persons only (RPD 44).
    status = CodeField(
        "person_status", get_args(PersonStatus), empty=_("Choose"), label=_("Status"),
        help_text=_("A person needs one."), error_messages={"required": _("A person needs a status: choose one.")},
    )  # fmt: skip
    document_number = TypedField(label=_("Document number"), required=False, max_length=64, widget=number_input(20))
    document_issuer = TypedField(
        label=_("Issuing country"), required=False, max_length=60, widget=number_input(3), help_text=_("Two letters")
    )
    description = TypedField(label=_("Description"), required=False, max_length=20_000, widget=paragraph_input(3))

    country_lists = ("nationalities", "restricted_against")
    wide = ("full_name", "original_script")
    places = {
        "names": "full_name", "documents": "document_number", "places_of_birth": "place_of_birth",
        "documents[0].issuer": "document_issuer", "documents[0].number": "document_number",
    }  # fmt: skip
    fills = {
        "full_name": "names", "original_script": "names", "aliases": "names", "place_of_birth": "places_of_birth",
        "document_number": "documents", "document_issuer": "documents",
    }  # fmt: skip
    stand_ins = _STAND_INS | {"names": [{"full": "-X-", "kind": "primary"}]}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.data.get("kind") == "organisation":
            self.fields["status"].required = False

    def row(self) -> Row:
        """Return the filled form as a row of the database `nominal`."""
        row = super().row()
        names = [{"full": row.pop(name), "kind": kind} for name, kind in _NAME_KINDS.items() if name in row]
        aliases = str(row.pop("aliases", "")).splitlines()
        names += [{"full": alias.strip(), "kind": "alias"} for alias in aliases if alias.strip()]
        if names and "full_name" in self.cleaned_data:
            row["names"] = names
        for single, several in (("born", "born"), ("place_of_birth", "places_of_birth")):
            if single in row:
                row[several] = [row.pop(single)]
        if row.get("kind") == "organisation":
            row.pop("sex", None)
        return row

    @classmethod
    def questions(cls, posted: Any) -> list[Question]:
        """Return what to ask about a half-filled person or organisation, and its document."""
        given = {name: posted.get(name, "").strip() for name in ("full_name", "born", "sex", "document_number")}
        asked: list[Question] = []
        countries = [code for code in countries_of(posted.get("nationalities", "")) if is_country(code)]
        if len(given["full_name"]) > 2 and posted.get("kind") == "organisation":
            organisation = {"name": given["full_name"], "country": countries[0] if countries else None}
            asked.append({"id": "organisation", "organisation": organisation})
        elif len(given["full_name"]) > 2:
            born = readable_part(given["born"])
            person = {"name": given["full_name"], "born": str(born) if born else None, "sex": given["sex"] or None}
            place = posted.get("place_of_birth", "").strip()[:500] or None
            asked.append({"id": "person", "person": person | {"nationality": countries, "place_of_birth": place}})
        if len(given["document_number"]) > 4:
            asked.append({"id": "document", "document": {"number": given["document_number"]}})
        return asked


_NAME_KINDS = {"full_name": "primary", "original_script": "original_script"}
_RICHER: dict[str, type[EntryForm]] = {"nominal": NominalForm}


@cache
def form_for(code: str) -> type[EntryForm] | None:
    """Return the form of a database, or None when its records cannot be typed."""
    database = all_databases()[code]
    base = _RICHER.get(code, EntryForm)
    declared = () if code in _RICHER else _own_fields(database)
    controls = {field.name: _control(field, database) for field in declared}
    if any(controls[field.name] is None and field.required for field in declared):
        return None
    found: dict[str, Any] = {name: control for name, control in controls.items() if control}
    if found:
        next(iter(found.values())).widget.attrs["autofocus"] = True
    own = list(found) or [name for name in base.base_fields if name not in EntryForm.base_fields]
    made: dict[str, Any] = {"database": database, "field_order": [*own, *EntryForm.base_fields]}
    if code not in _RICHER:
        made |= _lists_of(declared, found) | {"stand_ins": _STAND_INS | dict(_stand_ins(declared))}
    made_class: type[EntryForm] = type(base)(f"{code.title()}Form", (base,), found | made)  # type: ignore[misc]
    return made_class


def _own_fields(database: Database) -> list[inspect.Field]:
    shape = inspect.type_info(database.record)
    assert isinstance(shape, inspect.StructType)  # noqa: S101  a record is a struct by its declaration
    return [field for field in shape.fields if field.name not in _COMMON]


def _control(field: inspect.Field, database: Database) -> forms.Field | None:
    """Return what an officer fills a field in with, or None when its type cannot be typed."""
    kind = _plain(field.type)
    label = database.labels.get(field.name)
    control: Any = _choice(field, kind, database)
    if control is None and isinstance(kind, inspect.ListType):
        control = _listed(_plain(kind.item_type), field)
    elif control is None and isinstance(kind, inspect.StrType):
        control = _text(kind, field)
    elif control is None and isinstance(kind, inspect.IntType):
        control = TypedField(required=field.required, max_length=20, widget=number_input(5))
    if control is not None:
        control.label, control.names_field = label, field.name
    return control  # type: ignore[no-any-return]


def _choice(field: inspect.Field, kind: inspect.Type, database: Database) -> forms.Field | None:
    """Return a choice of codes, of one or of several."""
    listed = _plain(kind.item_type) if isinstance(kind, inspect.ListType) else None
    vocabulary = vocabulary_of(field.name, database.code)
    if isinstance(listed, inspect.LiteralType):
        return CodesField(vocabulary, map(str, listed.values), required=field.required)
    if not isinstance(kind, inspect.LiteralType):
        return None
    empty = None if field.default in kind.values else _("Choose")
    chosen = field.default if field.default in kind.values else None
    return CodeField(vocabulary, map(str, kind.values), empty=empty, required=field.required, initial=chosen)


def _listed(kind: inspect.Type, field: inspect.Field) -> forms.Field | None:
    """Return a box for several countries, or for a text in each line."""
    if not isinstance(kind, inspect.StrType):
        return None
    if kind.pattern == _pattern(Country):
        hint = _("Two letters each, with commas.")
        return TypedField(required=field.required, max_length=1000, widget=number_input(), help_text=hint)
    hint = _("One in each line.")
    return TypedField(required=field.required, max_length=20_000, widget=paragraph_input(2), help_text=hint)


def _text(kind: inspect.StrType, field: inspect.Field) -> forms.Field:
    """Return a box for a country, a date, a number, a line or a paragraph, as the type says."""
    for pattern, width, hint in _PATTERNS:
        if kind.pattern == pattern:
            return TypedField(required=field.required, max_length=60, widget=number_input(width), help_text=hint)
    longest = kind.max_length or _PARAGRAPH
    if longest > _PARAGRAPH:
        return TypedField(required=field.required, max_length=longest, widget=paragraph_input(3))
    if kind.pattern or longest <= _NUMBER:
        # The record says itself what is too long: a number may be typed with spaces, which do not count.
        return TypedField(required=field.required, max_length=200, widget=number_input(20))
    return TypedField(required=field.required, max_length=longest, widget=line_input())


def _lists_of(declared: Sequence[inspect.Field], found: Mapping[str, forms.Field]) -> dict[str, tuple[str, ...]]:
    """Say which of the made fields are lists, and of what."""
    lists = [field for field in declared if field.name in found and not isinstance(found[field.name], CodesField)]
    kinds = {field.name: _plain(field.type) for field in lists}
    items = {name: _plain(kind.item_type) for name, kind in kinds.items() if isinstance(kind, inspect.ListType)}
    countries = tuple(name for name, item in items.items() if getattr(item, "pattern", None) == _pattern(Country))
    lines = tuple(name for name in items if name not in countries)
    return {"country_lists": (*countries, "restricted_against"), "line_lists": lines}


def _stand_ins(declared: Sequence[inspect.Field]) -> Iterator[tuple[str, object]]:
    """Yield a value that passes for each field that a record cannot do without."""
    for field in declared:
        kind = _plain(field.type)
        if field.required and isinstance(kind, inspect.LiteralType):
            yield field.name, kind.values[0]
        elif field.required and isinstance(kind, inspect.StrType):
            samples = {_pattern(Country): "XX", _pattern(Date): "2000-01-01", _pattern(BirthDate): "2000"}
            yield field.name, samples.get(kind.pattern, "1234567"[: kind.max_length or 7])


def _plain(kind: inspect.Type) -> inspect.Type:
    """Return the type without its None, and without what is told beside it."""
    if isinstance(kind, inspect.Metadata):
        return _plain(kind.type)
    if isinstance(kind, inspect.UnionType):
        inner = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return _plain(inner[0]) if len(inner) == 1 else kind
    return kind


def _pattern(declared: Any) -> str | None:
    return getattr(_plain(inspect.type_info(declared)), "pattern", None)


_PATTERNS = (
    (_pattern(Country), 3, _("Two letters, or the name in English.")),
    (_pattern(Date), 10, _("YYYY-MM-DD")),
    (_pattern(BirthDate), 10, _("YYYY, YYYY-MM or YYYY-MM-DD")),
)


def _root(problem: Problem) -> str:
    return problem.at.split("[")[0].split(".")[0]


def _country(text: str) -> str:
    """Return the code of a country as typed so far, or "" when it is none yet."""
    found = countries_of(text)
    return found[0] if len(found) == 1 and is_country(found[0]) else ""
