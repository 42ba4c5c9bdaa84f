"""The links between the pages of rights."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaison.access import rules
from liaison.agencies.models import Officer
from liaison.agencies.queries import person_of


def sections(officer: Officer, current: str) -> list[dict[str, Any]]:
    """Return the links between the pages of rights, for the few who may see more than one."""
    if not rules.may_restrict(person_of(officer)):
        return []
    titles = (
        ("entitlements", _("Entitlements")), ("restrictions", _("Restrictions")), ("urgent", _("Urgent requests")),
    )  # fmt: skip
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in titles]
