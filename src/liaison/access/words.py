"""What operations are called by people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

OPERATIONS: Words = {"check": _("Check"), "read": _("Read"), "feed": _("Feed")}
