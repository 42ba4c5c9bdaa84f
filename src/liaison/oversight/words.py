"""What reasons, states and conclusions of spot checks are called by people, and why one was picked, in a sentence."""

from collections.abc import Mapping

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

Words = Mapping[str, str | Promise]

REASONS: Words = {
    "drawn": pgettext_lazy("why a check is looked at", "Drawn by chance"),
    "own_name": gettext_lazy("The own name"),
    "colleague": gettext_lazy("Name of a colleague"),
    "repeated": gettext_lazy("The same again and again"),
    "off_hours": gettext_lazy("Unusual time"),
    "odd_reference": gettext_lazy("No case named"),
    "same_reference": gettext_lazy("One reference for everything"),
}
STATES: Words = {
    "open": pgettext_lazy("state of a spot check", "To look at"),
    "asked": pgettext_lazy("state of a spot check", "Asked"),
    "answered": pgettext_lazy("state of a spot check", "Answered"),
    "closed": pgettext_lazy("state of a spot check", "Concluded"),
}
CONCLUSIONS: Words = {
    "in_order": gettext_lazy("In order"),
    "badly_stated": gettext_lazy("In order, badly stated"),
    "unexplained": gettext_lazy("Nobody could explain it"),
    "misuse_suspected": gettext_lazy("Misuse suspected"),
}


def sentence(code: str, facts: Mapping[str, int], name: str = "") -> str:
    """Say why a check was picked; `name` is that of the colleague whose account it is."""
    if code == "colleague" and name:
        return _("An account of the same agency has the name that was asked for: %(name)s.") % {"name": name}
    if code == "off_hours":
        return _time_sentence(facts)
    if code == "repeated" and "days" in facts:
        text = _("The same was asked for on %(days)s days within 30 days; different references given: %(references)s.")
        return text % facts
    if code == "same_reference" and "days" in facts:
        return _("This reference was given on %(days)s days for %(questions)s different questions.") % facts
    return {
        "drawn": _("Nothing is curious about it: chance picks some checks of every day."),
        "own_name": _("The name that was asked for is the officer's own."),
        "odd_reference": _("The reference does not name a case: too short, a word for nothing, or keys in a row."),
    }.get(code, str(REASONS.get(code, code)))


def _time_sentence(facts: Mapping[str, int]) -> str:
    if "hour" in facts:
        hour = f"{facts['hour']:02}:00"
        return _("On the days before, this officer did not work around this hour: %(hour)s (UTC).") % {"hour": hour}
    if "weekday" in facts:
        day = WEEKDAYS[facts["weekday"]]
        return _("In the weeks before, this officer did not work on this day of the week: %(day)s.") % {"day": day}
    return str(REASONS["off_hours"])


def times_sentence(times: int) -> str:
    """Say how many checks of that month had the same finding; "" for one."""
    if times < 2:
        return ""
    text = ngettext("Found in %(times)s check of that month.", "Found in %(times)s checks of that month.", times)
    return text % {"times": times}
