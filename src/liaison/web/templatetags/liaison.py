"""What the templates of every folder need: codes in words, signed weights, links to other pages of a list."""

from collections.abc import Iterable

from django import template
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import number_format

from liaison.errors import Problem
from liaison.web import words
from liaison.web.saying import Said, say, say_form_error, say_note

register = template.Library()


@register.filter
def word(code: str, vocabulary: str) -> str:
    """Return a code in words: `{{ "armed"|word:"warning_marker" }}`."""
    return words.word(vocabulary, code) if code else ""


@register.filter(name="words")
def several_words(codes: Iterable[str], vocabulary: str) -> str:
    """Return several codes in words, with commas: `{{ record.purpose|words:"purpose" }}`."""
    return ", ".join(words.word(vocabulary, code) for code in codes)


@register.simple_tag
def source_word(language: str, vocabulary: str, code: str) -> str:
    """Return a code in the language of the source, or "" when the reader already sees that wording."""
    original = words.word_in(language, vocabulary, code)
    return "" if original == words.word(vocabulary, code) else original


@register.filter
def said(found: Problem | ValidationError | str) -> Said:
    """Return a problem, an error of a form or an English note in the language of the reader."""
    if isinstance(found, Problem):
        return say(found)
    return say_form_error(found) if isinstance(found, ValidationError) else say_note(found)


@register.filter
def weight(bits: float) -> str:
    """Return a weight with its sign and one decimal, as the reader's language writes numbers.

    >>> weight(-0.04)
    '0.0'
    """
    rounded = round(bits, 1) or 0.0
    sign = "+" if rounded > 0 else "\N{MINUS SIGN}" if rounded < 0 else ""
    return sign + str(number_format(abs(rounded), decimal_pos=1))


@register.filter
def percent(part: int, whole: int) -> int:
    """Return how many whole percent `part` is of `whole`; 0 where nothing is expected yet."""
    return 100 * part // whole if whole else 0


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, number: int) -> str:
    """Return the address of another page of this list, with the search words kept."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query["page"] = str(number)
    return f"?{query.urlencode()}"
