"""What people write about rights, restrictions and the register; databases come from the catalogue."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaison.access.catalogue import declared_databases
from liaison.access.rules import LEVELS
from liaison.access.words import LEVEL_WORDS, OPERATIONS
from liaison.agencies.forms import VISIBLE, FirstAdministratorForm, NameField
from liaison.agencies.models import Agency
from liaison.agencies.words import PURPOSES
from liaison.audit.events import CONFIDENTIAL_EVENTS
from liaison.audit.words import EVENTS

Choices = list[tuple[str, Any]]


def database_choices() -> Choices:
    """Return the declared databases with their titles in the language of the reader."""
    return [(code, gettext(title)) for code, title in declared_databases().items()]


def agency_choices(agencies: Iterable[Agency]) -> Choices:
    """Return agencies by number with their names."""
    return [(str(agency.pk), agency.name) for agency in agencies]


class DayField(forms.DateField):
    """One day, written and shown as YYYY-MM-DD in every language."""

    def __init__(self, label: Any, help_text: Any = "", *, required: bool = True) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "dir": "ltr"})
        super().__init__(label=label, help_text=help_text, required=required, widget=widget, input_formats=["%Y-%m-%d"])


class AdmitForm(FirstAdministratorForm):
    """Admit a bureau and name its first administrator."""

    name = NameField(_("Name of the bureau"), _("Such as NCB and the name of its city."))
    country = forms.CharField(label=_("Country"), help_text=_("Two letters, or the name in English."), max_length=80)
    field_order = ["name", "country", "full_name", "email"]


class RightsFilterForm(forms.Form):
    """Look for rights of one agency, in one database, or only those of today."""

    optional_is_normal = True
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    database = forms.ChoiceField(label=_("Database"), required=False)
    in_force = forms.BooleanField(label=_("Only what is in force today"), required=False)

    def __init__(self, sent: Any, agencies: Iterable[Agency]) -> None:
        super().__init__(sent, auto_id="filter_%s")
        self.fields["agency"].choices = [("", _("All")), *agency_choices(agencies)]  # type: ignore[attr-defined]
        self.fields["database"].choices = [("", _("All")), *database_choices()]  # type: ignore[attr-defined]


class GrantForm(forms.Form):
    """Grant a right to an agency that the administrator's bureau answers for."""

    agency = forms.ChoiceField(label=_("Agency"))
    database = forms.ChoiceField(label=_("Database"))
    operation = forms.ChoiceField(label=_("Operation"), choices=tuple(OPERATIONS.items()), widget=forms.RadioSelect)
    starts_on = DayField(_("From"))
    ends_on = DayField(_("Until"), _("The first day on which it holds no more."), required=False)
    purposes = forms.MultipleChoiceField(
        label=_("Only for these purposes"), help_text=_("None chosen: for any purpose."),
        choices=tuple(PURPOSES.items()), widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    highest_level = forms.ChoiceField(
        label=_("Confidentiality at most"), help_text=_("Records that are more confidential are not there for them."),
        choices=[(level, LEVEL_WORDS[level]) for level in LEVELS],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=500, validators=[VISIBLE])

    def __init__(self, sent: Any, agencies: Iterable[Agency], today: date) -> None:
        super().__init__(sent, auto_id="grant_%s", initial={"starts_on": today, "highest_level": LEVELS[0]})
        self._today = today
        self.fields["agency"].choices = agency_choices(agencies)  # type: ignore[attr-defined]
        self.fields["database"].choices = database_choices()  # type: ignore[attr-defined]

    def clean_starts_on(self) -> date:
        """Refuse a day that is over: a right of yesterday would make yesterday's refusals look wrong."""
        starts_on: date = self.cleaned_data["starts_on"]
        if starts_on < self._today:
            raise forms.ValidationError(_("This day is over: give today or a later day."))
        return starts_on


class AdmitOrganisationForm(FirstAdministratorForm):
    """Admit an international entity and name its first administrator."""

    name = NameField(_("Name of the organisation"), _("An organisation that an agreement admits."))
    field_order = ["name", "full_name", "email"]


class UrgentForm(forms.Form):
    """Ask a source urgently to hold nothing back from a bureau (RPD 59)."""

    owner = forms.ChoiceField(label=_("Source that is asked"))
    database = forms.ChoiceField(label=_("Database"))
    bureau = forms.ChoiceField(label=_("Bureau in need"))
    hours = forms.IntegerField(
        label=_("Hours until the deadline"), help_text=_("1 to 336. At the deadline silence lifts what is held back."),
        min_value=1, max_value=336, initial=24,
    )  # fmt: skip
    reason = forms.CharField(label=_("Why it is urgent"), max_length=500, validators=[VISIBLE])

    def __init__(self, sent: Any, members: Iterable[Agency]) -> None:
        super().__init__(sent, auto_id="urgent_%s")
        self.fields["owner"].choices = self.fields["bureau"].choices = agency_choices(members)  # type: ignore[attr-defined]
        self.fields["database"].choices = database_choices()  # type: ignore[attr-defined]


class UrgentAnswerForm(forms.Form):
    """What the source says to it."""

    reason = forms.CharField(
        label=_("Reason"), help_text=_("Needed to keep it; it stays with you."), max_length=500, validators=[VISIBLE],
        required=False,
    )  # fmt: skip


class RestrictForm(forms.Form):
    """Keep all of the bureau's records of a database from another bureau."""

    database = forms.ChoiceField(label=_("Database"))
    against = forms.ChoiceField(label=_("Against"), help_text=_("It holds against its national entities too."))

    def __init__(self, sent: Any, against: Iterable[Agency]) -> None:
        super().__init__(sent, auto_id="restrict_%s")
        self.fields["database"].choices = database_choices()  # type: ignore[attr-defined]
        self.fields["against"].choices = agency_choices(against)  # type: ignore[attr-defined]


class RegisterForm(forms.Form):
    """Search the register of processing."""

    optional_is_normal = True
    since = DayField(_("From"), required=False)
    until = DayField(_("Until, this day included"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    who = forms.CharField(label=_("Officer or system"), max_length=120, required=False)
    reference = forms.CharField(label=_("Reference of the case"), max_length=200, required=False)
    record = forms.CharField(label=_("Record that was shown"), max_length=40, required=False)
    event = forms.ChoiceField(label=_("What happened"), required=False)
    confidential = forms.BooleanField(
        label=_("Our restrictions, and who looked at them"), required=False,
        help_text=_("These entries stand apart: only your own agency reads them."),
    )  # fmt: skip

    def __init__(self, sent: Any, agencies: Choices, *, has_confidential: bool) -> None:
        super().__init__(sent, auto_id="register_%s")
        self.fields["agency"].choices = [("", _("All")), *agencies]  # type: ignore[attr-defined]
        events = [(code, text) for code, text in EVENTS.items() if has_confidential or code not in CONFIDENTIAL_EVENTS]
        self.fields["event"].choices = [("", _("All")), *events]  # type: ignore[attr-defined]
        if not has_confidential:
            del self.fields["confidential"]

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins."""
        said: dict[str, Any] = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("The end lies before the start: give a later day."))
        said["confidential"] = said.get("confidential", False) or said.get("event") in CONFIDENTIAL_EVENTS
        return said
