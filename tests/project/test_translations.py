"""Every language says everything; what nobody has reviewed is marked, and listed in docs/translations.md."""

from gettext import c2py

import pytest
from babel.messages.catalog import TranslationError
from django.conf import settings

from tests.tools import translations
from tests.tools.translations import Found, messages_in

LANGUAGES = pytest.mark.parametrize("language", translations.LANGUAGES)


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
