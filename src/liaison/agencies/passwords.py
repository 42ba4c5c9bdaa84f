"""Refuse passwords that are long and still easy to guess: repeated, made of digits, a common word or the own name."""

import re
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liaison.agencies.models import Officer

# Fewer different characters than this are a pattern, whatever the length.
_FEWEST_DIFFERENT = 6
_LEAST_BESIDE_NAME = 10


class EasyPasswordValidator:
    """What Django's own validators let pass because it is long."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Officer | None = None) -> None:
        """Raise ValidationError where a guesser would try this soon."""
        plain = password.casefold()
        letters = re.sub(r"[\W\d_]+", "", plain)
        easy = (
            len(set(plain)) < _FEWEST_DIFFERENT
            or not letters
            or {plain, letters, _unit_of(plain), _unit_of(letters)} & self._common
            or _unit_of(plain) != plain
            or _is_row(plain)
            or len(_without_names(plain, user)) < _LEAST_BESIDE_NAME
        )
        if easy:
            raise ValidationError(
                _("This is easy to guess: take a few words that have nothing to do with each other or with you."),
                code="password_too_easy",
            )

    def get_help_text(self) -> str:
        """Return what is asked, as Django shows it beside the field."""
        return _("A few words that have nothing to do with each other are good, and easy to remember.")


def _unit_of(text: str) -> str:
    """Return the shortest text of which this one is a repetition: "passpass" -> "pass"."""
    found = (text + text).find(text, 1)
    return text[:found] if 0 < found < len(text) else text


def _is_row(text: str) -> bool:
    """Tell whether it is mostly neighbours in the alphabet, among the digits or on a keyboard."""
    rows = "abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop asdfghjkl zxcvbnm"
    rows += " " + rows[::-1]
    return sum(a + b in rows for a, b in pairwise(text)) > len(text) / 2


def _without_names(text: str, user: Officer | None) -> str:
    """Return what is left beside the words of the officer's name, address and agency."""
    said = [user.full_name, user.email, user.agency.name] if isinstance(user, Officer) else []
    words = {word for one in said for word in re.split(r"[\W_]+", one.casefold()) if len(word) > 2}
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text
