"""What operations are called by people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

# Why somebody may, or may not, find a record (`rules.decide`).
DECISIONS: Words = {
    "own-record": _("It is a record of their own bureau."),
    "entitled": _("They have the right, and nothing is held back from them."),
    "no-entitlement": _("They have no right to this database."),
    "restricted": _("You hold it back from their bureau."),
    "blocked": _("It is blocked while in doubt: others find it no more."),
    "too-confidential": _("It is more confidential than their right reaches."),
    "other-purpose": _("Their right is for other purposes."),
}
# How confidential a record is (RPD 112).
LEVEL_WORDS: Words = {
    "official_use": _("For official use"),
    "restricted": _("Restricted"),
    "confidential": _("Confidential"),
}
OPERATIONS: Words = {"check": _("Check"), "read": _("Read"), "feed": _("Feed")}
