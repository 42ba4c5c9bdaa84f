"""What an officer fills in about a standing check."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, get_args

from django import forms
from django.utils.translation import gettext_lazy as _

from liaison.access.forms import DayField
from liaison.agencies.forms import VISIBLE
from liaison.records.databases.base import Purpose
from liaison.records.forms import CodeField

# Long enough for most cases, short enough that nobody forgets what runs.
USUAL_DAYS = 90


class StandingCheckForm(forms.Form):
    """Why, and until when; the question came from a check."""

    use_required_attribute = False

    query = forms.ChoiceField(label=_("Tell me when this is fed"), widget=forms.RadioSelect)
    purpose = CodeField("purpose", get_args(Purpose), empty=_("Choose"), label=_("Purpose"))
    reference = forms.CharField(
        label=_("Your reference"), max_length=200, widget=forms.TextInput(attrs={"spellcheck": "false"})
    )
    reason = forms.CharField(
        label=_("Why you want to be told"), max_length=500, validators=[VISIBLE],
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Those who control standing checks read it."),
    )  # fmt: skip
    ends_on = DayField(_("Last day"), _("From the day after, nothing is told."))

    def __init__(self, sent: Any, questions: Sequence[tuple[str, str]], today: date, **options: Any) -> None:
        options.setdefault("initial", {})
        options["initial"] = {"ends_on": today + timedelta(days=USUAL_DAYS)} | options["initial"]
        super().__init__(sent, **options)
        self.fields["query"].choices = list(questions)  # type: ignore[attr-defined]
        if len(questions) == 1:
            self.fields["query"].widget = forms.HiddenInput()
            self.fields["query"].initial = questions[0][0]


class ExtendForm(forms.Form):
    """Another last day, and why."""

    use_required_attribute = False

    ends_on = DayField(_("New last day"))
    reason = forms.CharField(label=_("Why it goes on"), max_length=500, validators=[VISIBLE])
