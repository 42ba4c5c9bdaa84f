"""What an administrator writes about agencies, officers and systems, and where a refusal of an act is shown."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liaison.agencies.actions import LONGEST_KEY_LIFE, LONGEST_REFERENCE
from liaison.agencies.models import Officer
from liaison.agencies.words import DUTIES, PURPOSES
from liaison.errors import LiaisonError
from liaison.lib.form_errors import form_error

# Refusals of acts, in the words of pages; a code without words here is said as the page says every problem.
REFUSALS: Mapping[str, str | Promise] = {
    "agency-exists": _("An agency has this name already: choose another."),
    "already-entitled": _("The agency has this right already in that time."),
    "bureau-exists": _("This country has a bureau already."),
    "ends-before-start": _("The end lies before the start: give a later day."),
    "officer-exists": _("Somebody signs in with this address already."),
    "restrict-a-bureau": _("Restrict the bureau: it flows down to its entities."),
    "restrict-another": _("A source cannot keep its records from itself."),
}
# Control characters, and the ones that change the direction of writing: names that hold them can be made to look
# like other names.
VISIBLE = RegexValidator(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]",
    _("This holds a character that cannot be seen: write it anew by hand."),
    inverse_match=True,
)


def show_refusal(form: forms.Form, error: LiaisonError) -> None:
    """Show what an act refused beside the field that it names, else above the form."""
    for problem in error.problems:
        text = REFUSALS.get(problem.code)
        form.add_error(problem.at if problem.at in form.fields else None, str(text) if text else form_error(problem))


class NameField(forms.CharField):
    """A name of an agency, a person or a system."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(label=label, help_text=help_text, max_length=120, validators=[VISIBLE])


class EntityForm(forms.Form):
    """Authorise a national entity."""

    name = NameField(_("Name of the national entity"))


class InviteForm(forms.Form):
    """Invite an officer."""

    full_name = NameField(_("Full name"), _("A named person: there are no shared accounts."))
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The officer signs in with it."), max_length=254)
    duty = forms.ChoiceField(
        label=_("Duty"), choices=tuple(DUTIES.items()), initial=Officer.Duty.OFFICER, widget=forms.RadioSelect
    )


class FirstAdministratorForm(forms.Form):
    """Invite the first administrator of a bureau."""

    full_name = NameField(_("Full name of its first administrator"))
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The officer signs in with it."), max_length=254)


class KeyForm(forms.Form):
    """Make one more key for a system."""

    days = forms.IntegerField(
        label=_("Days that the key lives"), min_value=1, max_value=LONGEST_KEY_LIFE.days, initial=365
    )
    purpose = forms.ChoiceField(
        label=_("Purpose of checks by clients of other services (optional)"),
        help_text=_("Only for programs such as yente-client, which cannot say a purpose. All others say it each time."),
        choices=(("", _("None: such clients are refused")), *PURPOSES.items()),
        required=False,
    )
    reference = forms.CharField(
        label=_("Reference of those checks"),
        help_text=_("With a purpose: the agreement, case or operation that the register shows for them."),
        max_length=LONGEST_REFERENCE,
        validators=[VISIBLE],
        required=False,
    )


class SystemForm(KeyForm):
    """Name a system, and make its first key."""

    name = NameField(_("Name of the system"), _("Such as a border gate, or a national police system."))
    field_order = ["name", "days", "purpose", "reference"]
