"""What agencies, duties, the states of accounts and the purposes of checks are called by people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Mapping[str, str | Promise]

AGENCY_KINDS: Words = {
    "bureau": _("National central bureau"),
    "general_secretariat": _("General secretariat"),
    "national_entity": _("National entity"),
    "international_entity": _("International entity"),
}
DUTIES: Words = {
    "officer": _("Checks and feeds"),
    "administrator": _("Manages accounts and rights"),
    "auditor": _("Reads the register"),
}
ACCOUNT_STATES: Words = {
    "active": pgettext_lazy("state of an account, a key or a right", "In force"),
    "invited": pgettext_lazy("state of an account, a key or a right", "Invited"),
    "planned": pgettext_lazy("state of an account, a key or a right", "Planned"),
    "closed": pgettext_lazy("state of an account, a key or a right", "Closed"),
    "ended": pgettext_lazy("state of an account, a key or a right", "Ended"),
    "revoked": pgettext_lazy("state of an account, a key or a right", "Revoked"),
    "expired": pgettext_lazy("state of an account, a key or a right", "Expired"),
}
PURPOSES: Words = {
    "arrest": _("Arrest"),
    "locate": _("Locate"),
    "information": _("Information"),
    "warn": _("Warn"),
    "identify": _("Identify"),
    "forensic": _("Forensic"),
    "security_check": _("Security check"),
    "border": _("Border control"),
    "analysis": _("Analysis"),
}
