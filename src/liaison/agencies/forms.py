"""What an administrator writes about agencies, officers and systems, and where a refusal of an act is shown."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liaison.agencies.actions import LONGEST_KEY_LIFE, LONGEST_REFERENCE
from liaison.agencies.arrivals import Bounds, read_fingerprint, read_networks
from liaison.agencies.models import Officer
from liaison.agencies.words import DUTIES, PURPOSES
from liaison.errors import BadInput, LiaisonError
from liaison.lib.form_errors import form_error

Read = TypeVar("Read")

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
    networks = forms.CharField(
        label=_("Networks from which it is taken"),
        help_text=_("Such as 192.0.2.0/24, several apart by commas. Empty: from anywhere."),
        max_length=2000,
        required=False,
    )
    certificate = forms.CharField(
        label=_("SHA-256 of the client certificate with which it is taken"),
        help_text=_("As openssl x509 -fingerprint -sha256 prints it. Empty: without a certificate."),
        max_length=120,
        required=False,
    )
    per_minute = forms.IntegerField(
        label=_("Most requests in a minute"), help_text=_("Empty: any number."), min_value=1, max_value=1_000_000,
        required=False,
    )  # fmt: skip
    names_officer = forms.BooleanField(
        label=_("Each request must name the officer for whom the system asks"), required=False
    )

    def clean_networks(self) -> tuple[str, ...]:
        """Return the networks; refuse a text that is none."""
        return _read(read_networks, self.cleaned_data["networks"])

    def clean_certificate(self) -> str:
        """Return the fingerprint in plain digits; refuse a text that is none."""
        return _read(read_fingerprint, self.cleaned_data["certificate"])

    @property
    def bounds(self) -> Bounds:
        """What is demanded of whoever comes with the key; of a valid form."""
        said = self.cleaned_data
        return Bounds(said["networks"], said["certificate"], said["per_minute"] or 0, said["names_officer"])


def _read(reader: Callable[[str], Read], text: str) -> Read:
    try:
        return reader(text)
    except BadInput as refusal:
        raise forms.ValidationError(form_error(refusal.problems[0])) from None


class SystemForm(KeyForm):
    """Name a system, and make its first key."""

    name = NameField(_("Name of the system"), _("Such as a border gate, or a national police system."))
    field_order = ["name", "days", "purpose", "reference", "networks", "certificate", "per_minute", "names_officer"]
