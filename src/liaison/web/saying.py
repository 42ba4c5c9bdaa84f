"""Say a problem or a note in the language of the reader: what is wrong, what to do, and where.

Details are English, for the API, for the command line and in what is kept.  A
detail that `details.py` knows is said whole; any other is said by what its code
means, with the English detail beside it where that carries more.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from liaison.errors import Problem
from liaison.web.details import DETAILS
from liaison.web.meanings import MEANINGS
from liaison.web.words import FIELDS

Values = Mapping[str, str]
Sentences = list[tuple[str, Values]]
Parts = tuple[SafeString, SafeString, SafeString]

# What a page advises below the problems, by the status of the answer; the words of 400 hold for the others.
NEXT_STEPS: Mapping[int, str | Promise] = {
    400: _("Go back, change it and send it again."),
    403: _("If your work needs it, ask your national central bureau to grant the right."),
    405: _("Go to the home page and start again from there."),
    409: _("Go back and load the page again: it shows how things stand now. Then decide anew."),
    429: _("Wait a minute, then send it again."),
    413: _("Go back and send a smaller file, or several one after the other."),
    500: _(
        "Try again in a few minutes. If it happens again, tell the person who runs this installation what you did "
        "and when."
    ),
    503: _(
        "Try again in a few minutes. If it happens again, tell the person who runs this installation what you did "
        "and when."
    ),
}
_PLACES: Mapping[str, str | Promise] = {
    "line": pgettext_lazy("place in a file", "line"),
    "column": pgettext_lazy("place in a file", "column"),
    "byte": pgettext_lazy("place in a file", "byte"),
    "entry": pgettext_lazy("place in a file", "entry"),
}
# Fields of questions and forms that are called otherwise than those of records.
_FIELDS: Mapping[str, str | Promise] = {
    **FIELDS,
    "nationality": _("Nationality"),
    "place_of_birth": _("Place of birth"),
    "issuer": _("Issuing country"),
    "country": _("Country"),
    "reference": _("Reference"),
    "document_number": _("Document number"),
    "full_name": _("Full name"),
    "format": _("Format"),
    "database": _("Database"),
    "retention": _("Keep until"),
    "email": _("E-mail address"),
    "operation": _("Operation"),
    "against": _("Against"),
    "agency": _("Agency"),
    "mrz": _("Machine-readable zone"),
    "address": _("Address of the page"),
}
_PLACE_IN_FILE = re.compile(r"(line|column|byte|entry) (\d+)")
# A longer detail is a list that nobody reads in a sentence, and no text may cost much to recognise.
_LONGEST = 1500
_BEYOND_MEANING = re.compile(r"[0-9'\"`]")
_VALUE = re.compile(r"%\((\w+)\)s")
# Characters for private use stand for values until the sentence is complete: no value can look like a mark.
_FIRST_MARK = 0xE000
_MARK = re.compile("([\ue000-\uf8ff])")
# Quotes around a value are of the other kind where the value holds one of this kind.
_QUOTE_BESIDE_VALUE = re.compile(r"'(?=%\()|(?<=\)s)'")


class Said(NamedTuple):
    """A problem for people: `text` says it whole, `reason` and `remedy` in two parts, `english` more of it.

    `where` is the place in words, `at` the same as machines write it.
    """

    text: SafeString
    reason: SafeString
    remedy: SafeString
    english: str = ""
    where: str = ""
    at: str = ""
    value: str = ""


def say(problem: Problem) -> Said:
    """Return a problem in the language of the reader."""
    return _say_detail(problem)._replace(where=where(problem.at), at=problem.at, value=problem.value)


def _say_detail(problem: Problem) -> Said:
    if _reads_english():
        return Said(*_parts(problem.detail, ()))
    if sentences := recognised(problem.detail):
        return Said(*_in_words(sentences))
    meaning = str(MEANINGS.get(problem.code, ""))
    return Said(*_parts(meaning, ()), english=problem.detail if _says_more(problem) else "")


def say_note(note: str) -> Said:
    """Return a note of an answer in the language of the reader; one that nobody has translated in English."""
    if _reads_english():
        return Said(*_parts(note, ()))
    sentences = recognised(note)
    return Said(*_in_words(sentences)) if sentences else Said(*_parts("", ()), english=note)


def say_form_error(error: ValidationError) -> Said:
    """Return an error of a form: the problem that it carries, or the words that it has already."""
    problem = (getattr(error, "params", None) or {}).get("problem")
    return say(problem) if problem else Said(*_parts(" ".join(error.messages), ()))


def where(at: str) -> str:
    """Return a place in words: "line 3, column 2" in the language of the reader, or the name of a field."""
    if found := _PLACE_IN_FILE.findall(at):
        return ", ".join(f"{_PLACES[what]} {number}" for what, number in found)
    names = [name for name in re.split(r"[.\[\]\d]+", at) if name in _FIELDS]
    return str(_FIELDS[names[-1]]) if names else ""


@lru_cache(maxsize=1024)
def recognised(detail: str) -> Sentences:
    """Return the sentences of an English text with their values; none unless all of it is known.

    >>> recognised("'POLEN' is not a country. Did you mean 'PL' (Poland)?")[1]
    ("Did you mean '%(code)s' (%(country)s)?", {'code': 'PL', 'country': 'Poland'})
    """
    for sentence, pattern in _patterns() if len(detail) <= _LONGEST else ():
        found = pattern.fullmatch(detail)
        if found:
            values = found.groupdict()
            rest = values.pop("and_more") or ""
            following = recognised(rest) if rest else []
            if following or not rest:
                return [(sentence, values), *following]
    return []


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, _pattern(sentence)) for sentence in DETAILS)


def _pattern(sentence: str) -> re.Pattern[str]:
    """Return what finds a sentence with any values, and keeps what follows it as `and_more`."""
    loose = re.escape(sentence).replace(re.escape("%("), "%(").replace(re.escape(")s"), ")s")
    loose = _QUOTE_BESIDE_VALUE.sub("['\"]", loose)
    return re.compile(_VALUE.sub(r"(?P<\1>.*?)", loose) + r"(?: (?P<and_more>.+))?", re.DOTALL)


def _says_more(problem: Problem) -> bool:
    """Say whether a detail holds more than the meaning of its code: figures, quotes, or what the meaning points to."""
    with translation.override("en"):
        meaning = str(MEANINGS.get(problem.code, ""))
    return not meaning or "detail" in meaning or _BEYOND_MEANING.search(problem.detail) is not None


def _reads_english() -> bool:
    return (get_language() or "en").startswith("en")


def _in_words(sentences: Sentences) -> Parts:
    """Return sentences in the language of the reader, each value with a direction of its own."""
    values: list[str] = []
    said = []
    for sentence, its_values in sentences:
        marks = {name: chr(_FIRST_MARK + len(values) + place) for place, name in enumerate(its_values)}
        values += its_values.values()
        said.append(gettext(sentence) % marks)
    return _parts(" ".join(said), values)


def _parts(text: str, values: Sequence[str]) -> Parts:
    """Return a text whole, and what is wrong and what to do of it."""
    whole, reason, remedy = (_filled(part, values) for part in (text, *split_detail(text)))
    return whole, reason, remedy


def _filled(text: str, values: Sequence[str]) -> SafeString:
    """Put the values where their marks stand."""
    pieces = (
        format_html("<bdi>{}</bdi>", values[ord(piece) - _FIRST_MARK]) if values and _MARK.fullmatch(piece) else piece
        for piece in _MARK.split(text)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def split_detail(detail: str) -> tuple[str, str]:
    """Split what is wrong from what to do, at the last full stop, else the last colon, outside of quotes.

    >>> split_detail("'POLAN' is not a country. Did you mean 'PL' (Poland)?")
    ("'POLAN' is not a country", "Did you mean 'PL' (Poland)?")
    """
    for mark in (". ", ": "):
        reason, found, remedy = detail.rpartition(mark)
        if found and reason.count("'") % 2 == 0 and len(reason) > 5:
            return reason, remedy[:1].upper() + remedy[1:]
    return detail, ""
