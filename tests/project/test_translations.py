"""Every language says everything; what nobody has reviewed is marked, and listed in docs/translations.md."""

import re
from datetime import date
from gettext import c2py
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import TranslationError
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from liaison.checks.forms import CheckForm
from liaison.errors import Problem
from liaison.lib.form_errors import form_error
from liaison.records.databases import all_databases
from liaison.records.formats import FORMATS
from liaison.records.forms import UploadForm
from liaison.web.details import DETAILS
from liaison.web.meanings import MEANINGS
from liaison.web.problems import page_of
from tests.project.tree import PACKAGE
from tests.tools import translations
from tests.tools.translations import Found, messages_in

LANGUAGES = pytest.mark.parametrize("language", translations.LANGUAGES)
CODES = pytest.mark.parametrize("code", sorted(MEANINGS))
TEMPLATES = sorted(PACKAGE.rglob("*.html"))


def english_of(html: str) -> list[str]:
    """Return what a reader of Arabic would see in English: three Latin words in a row, outside of what is marked."""
    page = re.sub(r"<(style|script|head)\b.*?</\1>|<!--.*?-->", "", html, flags=re.DOTALL)
    page = re.sub(r'<(\w+)[^>]*\blang="en"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    text = re.sub(r"</?(?:bdi|span|a|strong)\b[^>]*>", "", page)
    return re.findall(r"[A-Za-z][a-z']+(?:[ ,]+[A-Za-z][a-z']*){2,}", re.sub(r"<[^>]*>", "\n", text))


def a_problem(code: str) -> Problem:
    return Problem(
        code, "The 7th thing of the file is wrong: mend it and send it again.", "queries[0].person.born", "X7"
    )


class AnyNumber(dict[str, str]):
    """A value for every place of a sentence."""

    def __missing__(self, name: str) -> str:
        return "7"


def in_arabic(template: str, context: dict[str, Any]) -> str:
    with translation.override("ar"):
        return render_to_string(template, context)


def singular(text: object) -> object:
    """Return the first form: what a catalogue files a message under."""
    return text[0] if isinstance(text, tuple | list) else text


def texts(language: str) -> set[tuple[object, str | None]]:
    catalogue = translations.read_catalogue(language)
    return {(singular(message.id), message.context) for message in catalogue if message.id}


def plural_expression(language: str) -> str:
    return str(translations.read_catalogue(language).plural_expr)


def errors(language: str) -> list[tuple[object, list[TranslationError]]]:
    return [(message.id, found) for message, found in translations.read_catalogue(language).check()]


def test_the_catalogues_are_those_of_the_languages_offered() -> None:
    assert {code for code, _ in settings.LANGUAGES} == {"en", *translations.LANGUAGES}


@pytest.mark.parametrize(("count", "form"), [(1, 0), (2, 1), (4, 1), (5, 2), (12, 2), (22, 1), (112, 2), (122, 1)])
def test_polish_counts_as_poles_do(count: int, form: int) -> None:
    assert c2py(plural_expression("pl"))(count) == form


@pytest.mark.parametrize(("count", "form"), [(0, 0), (1, 1), (2, 2), (10, 3), (11, 4), (99, 4), (100, 5), (103, 3)])
def test_arabic_counts_as_arabs_do(count: int, form: int) -> None:
    assert c2py(plural_expression("ar"))(count) == form


@LANGUAGES
def test_a_catalogue_holds_every_message_of_the_code_and_no_other(language: str) -> None:
    in_code = {(singular(found.text), found.context) for found in translations.messages_in_code()}

    assert texts(language) == in_code


@LANGUAGES
def test_every_message_is_translated(language: str) -> None:
    catalogue = translations.read_catalogue(language)

    assert [message.id for message in catalogue if message.id and not translations.is_translated(message)] == []


@LANGUAGES
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in translations.read_catalogue(language) if message.id and message.fuzzy] == []


@LANGUAGES
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    assert errors(language) == []


@LANGUAGES
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    lies_there = translations.catalogue_path(language).with_suffix(".mo").read_bytes()

    assert lies_there == translations.compiled(translations.read_catalogue(language))


def test_the_document_lists_what_nobody_has_reviewed() -> None:
    assert translations.DOCUMENT.read_text(encoding="utf-8").endswith(translations.review_table())


@CODES
def test_a_problem_page_in_arabic_says_nothing_in_english(code: str) -> None:
    with translation.override("ar"):
        html = page_of([a_problem(code)], 400).content.decode()

    assert '<bdi lang="en" dir="ltr">The 7th thing' in html
    assert english_of(html) == []


@pytest.mark.parametrize("status", [400, 403, 405, 409, 413, 500, 503])
def test_what_to_do_next_is_not_said_in_english(status: int) -> None:
    with translation.override("ar"):
        assert english_of(page_of([], status).content.decode()) == []


@CODES
def test_a_form_in_arabic_refuses_nothing_in_english(code: str) -> None:
    form = forms.Form({})
    form.add_error(None, form_error(a_problem(code)))

    assert english_of(in_arabic("components/error_summary.html", {"form": form})) == []


@CODES
def test_a_refused_row_shown_in_arabic_is_not_in_english(code: str) -> None:
    rows = [{"number": 1, "problems": [{"problem": a_problem(code), "column": ""}]}]
    page = {"object_list": rows, "paginator": {"num_pages": 1}}

    html = in_arabic("records/batch.html", {"batch": {"state": "refused", "database": "nominal"}, "page": page})

    assert "X7" in html
    assert english_of(html) == []


@pytest.mark.parametrize("note", DETAILS)
def test_a_note_of_an_answer_shown_in_arabic_is_not_in_english(note: str) -> None:
    result = {"outcome": "no_match", "databases": ["nominal"], "notes": [note % AnyNumber()]}

    assert english_of(in_arabic("checks/_result.html", {"result": result})) == []


def test_the_forms_that_name_formats_and_databases_are_not_in_english() -> None:
    with translation.override("ar"):
        html = f"{UploadForm(databases=all_databases(), today=date(2026, 7, 1))}{CheckForm()}"

    assert english_of(html) == []
    assert html.count("<option") > len(FORMATS)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_prints_an_english_detail_as_it_is(path: Path) -> None:
    printed = re.findall(r"{{ *([^}]*?) *}}", path.read_text(encoding="utf-8"))

    assert [name for name in printed if re.search(r"(^|\.)(detail|note|error)$|\.detail\b", name)] == []


@pytest.mark.parametrize(
    ("html", "english"),
    [
        ("<p>\u0646\u0635 <bdi>send it again</bdi></p>", ["send it again"]),
        ('<p><bdi lang="en" dir="ltr">send it again</bdi> \u0646\u0635 JSON</p>', []),
    ],
)
def test_english_in_an_arabic_page_is_seen(html: str, english: list[str]) -> None:
    assert english_of(html) == english


def test_a_message_is_found_in_a_template_in_every_way_django_has() -> None:
    template = (
        '{% load i18n %}<p>{% translate "No record" %}</p>\n'
        '    {% translate "May" context "month" %} <b title="{{ _("Found")|lower }}">it\'s</b>\n'
        "  {% blocktranslate count n=total trimmed %}\n    {{ n }} match\n"
        "  {% plural %}\n    {{ n }} matches\n  {% endblocktranslate %}"
    )

    found = list(messages_in(template, "a.html"))

    assert [(message.text, message.context) for message in found] == [
        ("No record", None),
        ("May", "month"),
        ("Found", None),
        (("%(n)s match", "%(n)s matches"), None),
    ]


def test_a_lazy_message_is_found_in_python() -> None:
    source = 'from x import gettext_lazy as _\nTITLE = _("Vehicles")\nname = pgettext_lazy("a ship", "Name")\n'

    assert list(messages_in(source, "a.py")) == [Found("Vehicles", None, "a.py", 2), Found("Name", "a ship", "a.py", 3)]
