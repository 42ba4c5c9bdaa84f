"""Problems and notes are English in the house, and in the language of the reader on a page."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import translation

from liaison.checks.mrz import read_mrz
from liaison.errors import BadInput, Problem
from liaison.lib.form_errors import form_error
from liaison.records.identifiers import vin_problem
from liaison.web.details import DETAILS
from liaison.web.saying import Said, recognised, say, say_form_error, say_note, split_detail, where

TODAY = date(2026, 7, 1)
GOOD = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
FOREIGN = Problem(
    "unknown-country", "'POLEN' is not a country. Did you mean 'PL' (Poland)?", "nationalities[0]", "POLEN"
)


class AnyNumber(dict[str, str]):
    """A value for every place of a sentence."""

    def __missing__(self, name: str) -> str:
        return f"7 {name}"


def said_in(language: str, problem: Problem) -> Said:
    with translation.override(language):
        return say(problem)


def notes_of(zone: str) -> list[str]:
    try:
        return read_mrz(zone, TODAY, lenient=True).notes()
    except BadInput as error:
        return [problem.detail for problem in error.problems]


def test_a_reader_of_english_reads_the_detail_and_nothing_else() -> None:
    said = said_in("en", Problem("bad-value", "100% of 'a: b' is wrong: mend <it>."))

    assert said.text == "100% of &#x27;a: b&#x27; is wrong: mend &lt;it&gt;."
    assert (said.reason, said.remedy) == ("100% of &#x27;a: b&#x27; is wrong", "Mend &lt;it&gt;.")
    assert said.english == ""


def test_a_detail_that_is_known_is_said_whole_in_the_language_of_the_reader() -> None:
    said = said_in("pl", FOREIGN)

    assert said.english == ""
    assert "<bdi>POLEN</bdi>" in said.reason
    assert "<bdi>PL</bdi>" in said.remedy
    assert (said.at, said.value) == ("nationalities[0]", "POLEN")


def test_a_value_in_a_sentence_is_never_markup() -> None:
    said = said_in("ar", Problem("unknown-country", "'<b>x</b>' is not a country. Known: \ue000."))

    assert "<bdi>&lt;b&gt;x&lt;/b&gt;</bdi>" in said.text
    assert "<bdi>\ue000</bdi>" in said.text


def test_another_detail_is_said_by_the_meaning_of_its_code_and_shown_in_english() -> None:
    detail = "Byte 17 (0xFF) is not UTF-8: save the file as UTF-8."

    said = said_in("ar", Problem("wrong-encoding", detail))

    assert said.text
    assert detail not in said.text
    assert said.english == detail


def test_a_detail_that_says_no_more_than_its_code_is_not_repeated_in_english() -> None:
    assert said_in("ar", Problem("no-entitlement", "You may feed no database: ask your bureau.")).english == ""


def test_a_detail_to_which_the_meaning_points_is_shown() -> None:
    assert said_in("ar", Problem("bad-header", "The header cannot be read.")).english == "The header cannot be read."


def test_a_code_that_nobody_has_explained_is_said_in_english() -> None:
    said = said_in("ar", Problem("brand-new", "It is so."))

    assert (said.text, said.english) == ("", "It is so.")


def test_a_very_long_detail_is_not_searched_for_known_sentences() -> None:
    assert recognised("Known: " + "a, " * 1000 + ".") == []


@pytest.mark.parametrize("sentence", DETAILS)
def test_a_sentence_with_values_is_recognised_as_itself(sentence: str) -> None:
    assert [known for known, _ in recognised(sentence % AnyNumber())] == [sentence]


@pytest.mark.parametrize(
    "zone",
    [
        GOOD.replace("ERIKSSON", "ER1KSSON"),
        GOOD.replace("<<<<<<<<<<<<<<<<<<<", "<JOHANNA<KRISTINA<S"),
        GOOD.replace("L898902C36", "L898902C37"),
        GOOD.replace("7408122", "7408123"),
        GOOD.replace("1204159", "1204158"),
        GOOD.replace("<10", "<50"),
        GOOD.replace("<10", "<11"),
        GOOD.replace("7408122", "7413126"),
        GOOD.replace("1204159", "1213157"),
        GOOD.replace("P<UTO", "P<QQQ"),
        GOOD.replace("6UTO", "6QQQ"),
        GOOD.replace("2F12", "2K12"),
        GOOD.replace("L898902C3", "<<<<<<<<<"),
        GOOD.replace("<<ANNA", "<<ANN"),
        GOOD.replace("<<ANNA", "<<ANN\N{LATIN CAPITAL LETTER A WITH DIAERESIS}"),
        GOOD.replace("\n", "")[:50],
        "\n".join("ABCD"),
        "<" * 1001,
    ],
)
def test_whatever_is_noted_of_a_machine_readable_zone_is_known(zone: str) -> None:
    notes = notes_of(zone)

    assert notes
    assert [note for note in notes if not recognised(note)] == []


def test_a_doubt_about_a_vin_is_known() -> None:
    assert recognised(str(vin_problem("1M8GDM9A1KP042788")))


def test_a_note_that_nobody_has_translated_is_marked_as_english() -> None:
    with translation.override("ar"):
        html = render_to_string("components/said.html", {"said": say_note("Brand new & shiny.")})

    assert html.strip() == '<bdi lang="en" dir="ltr">Brand new &amp; shiny.</bdi>'


def test_a_note_is_shown_as_it_is_to_a_reader_of_english() -> None:
    with translation.override("en"):
        assert say_note("Brand new.").text == "Brand new."


def test_a_form_shows_the_problem_that_its_error_carries() -> None:
    form = forms.Form({})
    form.add_error(None, form_error(FOREIGN))
    form.add_error(None, form_error(Problem("wrong-encoding", "Byte 17 is not UTF-8: save it as UTF-8.")))

    with translation.override("ar"):
        html = render_to_string("components/error_summary.html", {"form": form})

    assert "<bdi>POLEN</bdi>" in html
    assert '<bdi lang="en" dir="ltr">Byte 17 is not UTF-8: save it as UTF-8.</bdi>' in html


def test_an_error_in_the_words_of_a_page_stays_as_it_is() -> None:
    assert say_form_error(ValidationError(["Too late.", "Too far."])).text == "Too late. Too far."


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("queries[0].person.born", "Date of birth"),
        ("names[1].full", "Names"),
        ("line 17, column 3", "line 17, column 3"),
        ("ALT line 4", "line 4"),
        ("Content-Encoding", ""),
        ("", ""),
    ],
)
def test_a_place_is_said_in_words(at: str, words: str) -> None:
    with translation.override("en"):
        assert where(at) == words


@pytest.mark.parametrize(
    ("detail", "parts"),
    [
        ("A name is needed: fill it.", ("A name is needed", "Fill it.")),
        ("'a: b' is not a country. Write a code.", ("'a: b' is not a country", "Write a code.")),
        ("The sex is 'Q': F or M stands there. Compare it.", ("The sex is 'Q': F or M stands there", "Compare it.")),
        ("Short: no", ("Short: no", "")),
    ],
)
def test_a_detail_is_split_into_reason_and_remedy(detail: str, parts: tuple[str, str]) -> None:
    assert split_detail(detail) == parts
