"""Bring the message catalogues up to date with the code, compile them, and say what nobody has reviewed.

    make translations

Messages come from our Python files and templates.  A new message gets an empty
translation and the comment `unreviewed`; whoever reviews a translation removes
the comment.  GNU gettext is not needed.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "liaison"
# Languages and how each counts (the plural forms of GNU gettext and Unicode; Babel's own for Arabic are others).
PLURAL_FORMS = {
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
        "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);"
    ),
}
LANGUAGES = tuple(PLURAL_FORMS)
UNREVIEWED = "unreviewed"
DOCUMENT = ROOT / "docs" / "translations.md"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")},
    "gettext_noop": None,
}


class Found(NamedTuple):
    """A message in the code: its text (or singular and plural), its context, where it stands."""

    text: str | tuple[str, ...]
    context: str | None
    place: str
    line: int


def catalogue_path(language: str) -> Path:
    """Return where the catalogue of a language lies; the compiled one lies beside it."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    """Return the catalogue of a language as it lies in the repository, or an empty one."""
    path = catalogue_path(language)
    text = path.read_bytes() if path.exists() else empty_catalogue(language)
    return read_po(io.BytesIO(text), locale=language, abort_invalid=True)


def empty_catalogue(language: str) -> bytes:
    """Return a catalogue without messages, as its file would be."""
    headers = {
        "Project-Id-Version": "Liaison 1",
        "Report-Msgid-Bugs-To": "",
        "Last-Translator": "",
        "Language-Team": "",
        "Language": language,
        "Plural-Forms": PLURAL_FORMS[language],
        "Content-Type": "text/plain; charset=utf-8",
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in headers.items())
    comment = f'# Liaison. A translation that nobody has reviewed has the comment "{UNREVIEWED}".'
    return f'{comment}\nmsgid ""\nmsgstr ""\n{lines}'.encode()


def messages_in_code() -> Iterator[Found]:
    """Yield every message that our code and templates show to people."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not {"tests", "migrations"} & set(path.parts):
            yield from messages_in(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())


def messages_in(source: str, place: str) -> Iterator[Found]:
    """Yield the messages of one file; anything but `.py` is a Django template."""
    if not place.endswith(".py"):
        # Django turns a template into something like Python; without the indentation it can be read as such.
        source = re.sub(r"^[ \t]+", "", templatize(source), flags=re.MULTILINE)
    for line, text, _, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield Found(text, context, place, line)


def wanted_catalogue(language: str) -> Catalog:
    """Return the catalogue with exactly the messages of the code, and the translations there are."""
    template = Catalog(locale=language)
    for found in messages_in_code():
        template.add(found.text, locations=[(found.place, found.line)], context=found.context)
    catalogue = read_catalogue(language)
    known = {(message.id, message.context) for message in catalogue if message.id}
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    for message in catalogue:
        if message.id and (message.id, message.context) not in known:
            message.user_comments.append(UNREVIEWED)
    catalogue.obsolete.clear()
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """Return the compiled form of a catalogue; the same catalogue always gives the same bytes."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def is_translated(message: Message) -> bool:
    """Tell whether every form of a message has a text."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(forms)


def is_unreviewed(message: Message) -> bool:
    """Tell whether nobody who speaks the language has read the translation."""
    return any(comment.startswith(UNREVIEWED) for comment in message.user_comments)


def part_of(message: Message) -> str:
    """Return the folder of Liaison in which a message stands first."""
    place = message.locations[0][0] if message.locations else ""
    return Path(place).relative_to("src/liaison").parts[0] if place else "?"


def review_table() -> str:
    """Return the rows that `docs/translations.md` holds: how many translations are unreviewed, by language and part."""
    rows = []
    for language in LANGUAGES:
        messages = [message for message in read_catalogue(language) if message.id]
        unreviewed = Counter(part_of(message) for message in messages if is_unreviewed(message))
        for part, total in sorted(Counter(part_of(message) for message in messages).items()):
            rows.append(f"| `{language}` | `{part}` | {total} | {unreviewed[part]} |\n")
    return "| Language | Part | Messages | Unreviewed |\n|---|---|---|---|\n" + "".join(rows)


def write_document() -> None:
    """Put the table anew into the document, whose words stay."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before = text.split("| Language |")[0]
    DOCUMENT.write_text(before + review_table(), encoding="utf-8")


def main() -> None:
    """Write the catalogues, their compiled forms and the document."""
    settings.configure()
    django.setup()
    for language in LANGUAGES:
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = wanted_catalogue(language)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, include_lineno=False, ignore_obsolete=True, sort_by_file=True)
        path.with_suffix(".mo").write_bytes(compiled(read_catalogue(language)))
        empty = [message.id for message in catalogue if message.id and not is_translated(message)]
        print(f"{language}: {len(catalogue)} messages, {len(empty)} without a translation")  # noqa: T201
    write_document()


if __name__ == "__main__":
    main()
