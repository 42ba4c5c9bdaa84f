"""What those who control write: which time, which record, whose; and what they say of a check."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaison.access.forms import Choices, DayField, agency_choices
from liaison.agencies.forms import VISIBLE
from liaison.agencies.models import Agency
from liaison.oversight.actions import LONGEST_TEXT
from liaison.oversight.words import CONCLUSIONS, REASONS

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


class ExportForm(SpanForm):
    """Which days of the register, and for whom."""

    optional_is_normal = False
    use_required_attribute = False
    recipient = forms.CharField(
        label=_("For whom"), max_length=200, validators=[VISIBLE],
        help_text=_("The authority and its reference. It is kept in the register."),
    )  # fmt: skip

    def __init__(self, sent: Any) -> None:
        super().__init__(sent, auto_id="export_%s")
        self.fields["since"].required = self.fields["until"].required = True


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


class QueueForm(forms.Form):
    """Which spot checks: where they stand, why they were picked, of which agency."""

    optional_is_normal = True
    state = forms.ChoiceField(label=_("Where it stands"), required=False)
    reason = forms.ChoiceField(label=_("Why it was picked"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)

    def __init__(self, sent: Any, agencies: Choices) -> None:
        super().__init__(sent, auto_id="queue_%s")
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("To look at, or answered")), ("asked", _("Asked, and not answered yet")),
            ("closed", _("Concluded")), ("misuse_suspected", _("Concluded: misuse suspected")), ("all", _("All")),
        ]  # fmt: skip
        self.fields["reason"].choices = [("", _("All")), *REASONS.items()]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [("", _("All")), *agencies]  # type: ignore[attr-defined]
        if len(agencies) < 2:
            del self.fields["agency"]


class TextForm(forms.Form):
    """One text that is kept."""

    use_required_attribute = False
    text = forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, sent: Any, label: Any, help_text: Any, *, initial: str = "", prefix: str = "") -> None:
        super().__init__(sent, auto_id=f"{prefix}_%s", initial={"text": initial})
        self.fields["text"].label, self.fields["text"].help_text = label, help_text


class ConcludeForm(forms.Form):
    """What an auditor found, and why."""

    use_required_attribute = False
    conclusion = forms.ChoiceField(
        label=_("Conclusion"), choices=tuple(CONCLUSIONS.items()), widget=forms.RadioSelect,
        help_text=_("Badly stated: purpose or reference was not given as it should be."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("How you came to it"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you compared it with, such as the file of the case. Auditors read it."),
    )  # fmt: skip

    def __init__(self, sent: Any) -> None:
        super().__init__(sent, auto_id="conclude_%s")
