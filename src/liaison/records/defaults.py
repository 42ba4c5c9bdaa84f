"""What a batch says for all its rows: purpose, status, retention, where a row is silent."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from liaison.errors import BadInput
from liaison.lib.suggest import did_you_mean

NAMES = ("purpose", "status", "retention", "confidentiality_level")
_OTHERS = ("format",)


def read_defaults(given: Mapping[str, Sequence[str]], today: date) -> dict[str, object]:
    """Return the fields that rows inherit; raise BadInput for a default that there is not.

    `retention` is a number of days from today, or a day as YYYY-MM-DD.
    """
    defaults: dict[str, object] = {}
    for name, values in given.items():
        if name in _OTHERS or not any(values):
            continue
        if name not in NAMES:
            raise BadInput(
                "unknown-default", f"There is no default {name[:40]!r}. {did_you_mean(name, NAMES)}", at=name
            )
        if name == "purpose":
            defaults["purpose"] = [word for value in values for word in value.replace(";", ",").split(",") if word]
        elif name == "retention":
            defaults["expires_on"] = str(_expiry(values[-1], today))
        else:
            defaults[name] = values[-1]
    return defaults


def _expiry(text: str, today: date) -> date:
    if text.isascii() and text.isdigit() and len(text) < 6:
        return today + timedelta(days=int(text))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("bad-retention", "Give a number of days, or a day as YYYY-MM-DD.", at="retention",
                       value=text) from None  # fmt: skip
