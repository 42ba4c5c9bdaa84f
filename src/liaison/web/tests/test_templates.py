"""Every template of the house compiles, is translated throughout and needs no inline script or style."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation

HOUSE = Path(__file__).parents[2]
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))
NAMES = [str(path).split("/templates/", 1)[1] for path in TEMPLATES]
# Words that are the same in every language.
UNTRANSLATED = {"UTC", "Liaison"}


def visible_text(source: str) -> str:
    """Return the letters that a reader would see untranslated."""
    for hidden in (
        r"{% comment %}.*?{% endcomment %}",
        r"{#.*?#}",
        r"{% blocktranslate.*?{% endblocktranslate %}",
        r"{%.*?%}",
        r"{{.*?}}",
        r"<!DOCTYPE html>",
        r"<[^>]*>",
        r"&\w+;",
    ):
        source = re.sub(hidden, " ", source, flags=re.DOTALL)
    return " ".join(word for word in re.findall(r"[^\W\d_]+", source) if word not in UNTRANSLATED)


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name: str) -> None:
    assert get_template(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_visible_text_is_translated(path: Path) -> None:
    assert visible_text(path.read_text(encoding="utf-8")) == ""


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_attribute_that_people_read_is_left_untranslated(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert re.findall(r'\b(?:title|alt|placeholder|aria-label|data-label|data-confirm)="[A-Za-z][^"{]*"', source) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_template_holds_an_inline_script_or_style(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\bsrc=)", source) == []


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_the_pages_for_the_worst_moments_need_no_context(name: str) -> None:
    html = get_template(name).render()

    assert "<h1" in html
    assert "<form" not in html


@pytest.mark.parametrize("name", ["403.html", "404.html"])
def test_an_error_page_says_what_to_do_to_someone_who_is_not_signed_in(name: str) -> None:
    html = render_to_string(name, {}, RequestFactory().get("/nowhere"))

    assert html.count('<p class="govuk-body">') >= 2


def test_not_there_never_says_whether_it_is_there() -> None:
    source = (HOUSE / "web/templates/404.html").read_text(encoding="utf-8")

    assert "There is nothing at this address that you may see." in source
    assert "permission" not in source


def test_an_arabic_page_is_mirrored() -> None:
    with translation.override("ar"):
        html = render_to_string("404.html", {})

    assert '<html lang="ar" dir="rtl"' in html
    assert "liaison.rtl" in html


def test_a_polish_page_is_not_mirrored() -> None:
    with translation.override("pl"):
        html = render_to_string("404.html", {})

    assert '<html lang="pl" dir="ltr"' in html
    assert "liaison.rtl" not in html


def test_the_navigation_shows_what_it_is_given_and_nothing_else() -> None:
    frame = {"navigation": [{"label": "Check", "url": "/check", "current": True}]}

    html = render_to_string("404.html", frame)

    assert '<a class="app-navigation__link" href="/check" aria-current="page">Check</a>' in html
    assert html.count("app-navigation__link") == 1


def test_nobody_signed_in_sees_no_navigation_and_no_sign_out() -> None:
    html = render_to_string("404.html", {})

    assert "app-navigation__link" not in html
    assert "Sign out" not in html


def test_only_a_demonstration_says_that_all_is_invented() -> None:
    assert "app-demo" in render_to_string("404.html", {"is_demo": True})
    assert "app-demo" not in render_to_string("404.html", {"is_demo": False})


def test_the_language_switcher_posts_and_comes_back_to_the_same_page() -> None:
    html = render_to_string("404.html", {}, RequestFactory().get("/check?x=1"))

    assert 'name="next" value="/check?x=1"' in html
    assert '<button class="app-quiet-button" name="language" value="ar" lang="ar"' in html


def test_a_warning_also_stands_in_the_wording_of_the_source() -> None:
    template = engines["django"].from_string('{% include "components/warnings.html" %}')
    record = {"warning_markers": ["armed"], "source_language": "en", "action_to_be_taken": "Detain"}

    with translation.override("en"):
        html = template.render({"record": record})

    assert "Armed" in html
    assert '<bdi lang="en">Detain</bdi>' in html
