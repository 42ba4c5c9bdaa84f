"""The links between the pages of rights, and between those of control: only what this person may open."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaison.access import rules
from liaison.agencies.models import Officer
from liaison.agencies.queries import person_of
from liaison.agencies.rules import Person


def sections(officer: Officer, current: str) -> list[dict[str, Any]]:
    """Return the links between the pages of rights, for the few who may see more than one."""
    if not rules.may_restrict(person_of(officer)):
        return []
    titles = (
        ("entitlements", _("Entitlements")), ("restrictions", _("Restrictions")), ("urgent", _("Urgent requests")),
    )  # fmt: skip
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in titles]


def sections_of_control(person: Person, current: str) -> list[dict[str, Any]]:
    """Return the links between the pages around the register; `current` is the name of one of them."""
    parts = (
        ("register", _("Search"), True),
        ("showings", _("Who saw our records"), rules.may_see_showings(person)),
        ("spot_checks", _("Spot checks"), rules.may_spot_check(person)),
        ("register_export", _("Export"), rules.may_export_register(person)),
    )
    open_ones = [(name, label) for name, label, is_open in parts if is_open]
    if len(open_ones) < 2:
        return []
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in open_ones]
