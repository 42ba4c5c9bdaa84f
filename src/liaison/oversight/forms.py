"""What those who control write: which time, which record, whose; and what they say of a check."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaison.access.forms import DayField, agency_choices
from liaison.agencies.models import Agency

# As long a time as one page can sum up.
LONGEST_DAYS = 92


class SpanForm(forms.Form):
    """A time in whole days; without an end it goes on."""

    optional_is_normal = True
    since = DayField(_("From"), required=False)
    until = DayField(_("Until, this day included"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins."""
        said: dict[str, Any] = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("The end lies before the start: give a later day."))
        return said


class ShowingsForm(SpanForm):
    """Who was shown our records: in which time, which record, which agency."""

    record = forms.CharField(label=_("Reference of our record"), max_length=40, required=False)
    agency = forms.ChoiceField(label=_("Agency that was shown it"), required=False)
    by_others = forms.BooleanField(
        label=_("Leave out what we looked at ourselves"), required=False,
        help_text=_("Our own agency and the national entities that it answers for."),
    )  # fmt: skip

    def __init__(self, sent: Any, agencies: Iterable[Agency], today: date) -> None:
        initial = {"since": today - timedelta(days=30), "until": today, "by_others": True}
        super().__init__(sent, auto_id="showings_%s", initial=initial)
        self.fields["agency"].choices = [("", _("All")), *agency_choices(agencies)]  # type: ignore[attr-defined]


class ActorForm(SpanForm):
    """What an officer did: in which time."""

    def __init__(self, sent: Any) -> None:
        super().__init__(sent, auto_id="actor_%s")
        for field in self.fields.values():
            field.required = True

    def clean(self) -> dict[str, Any]:
        """Refuse a time that is too long to be summed up on one page."""
        said = super().clean()
        since, until = said.get("since"), said.get("until")
        if since and until and until - since >= timedelta(days=LONGEST_DAYS):
            longest = gettext("This is too long a time for one page: %(days)s days at most.") % {"days": LONGEST_DAYS}
            self.add_error("until", longest)
        return said
