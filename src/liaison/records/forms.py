"""What people fill in about records: a file to feed, a record by hand, a search, a reason.

Labels of codes come from the renderer: a field that names its `vocabulary`
shows its codes in the words of the reader's language.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, get_args

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaison.errors import BadInput, Problem
from liaison.lib.form_errors import form_error
from liaison.records.databases.base import Purpose
from liaison.records.databases.nominal import PersonStatus
from liaison.records.defaults import read_defaults
from liaison.records.formats import FORMATS, guess_format

Choices = Iterable[str]


class CodeField(forms.ChoiceField):
    """One code of a vocabulary; `empty` is what stands there while none is chosen."""

    def __init__(self, vocabulary: str, codes: Choices, *, empty: Any = None, **options: Any) -> None:
        self.vocabulary = vocabulary
        none = [] if empty is None else [("", empty)]
        super().__init__(choices=[*none, *((code, _readable(code)) for code in codes)], **options)


class CodesField(forms.MultipleChoiceField):
    """Several codes of a vocabulary, each with its box."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, vocabulary: str, codes: Choices, **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(choices=[(code, _readable(code)) for code in codes], **options)


def _readable(code: str) -> str:
    """Return a code as it stands where no vocabulary has words for it."""
    return code.replace("_", " ").capitalize()


def number_input(width: int = 10) -> forms.TextInput:
    """Return a box for numbers, codes and dates: left to right in every language."""
    return forms.TextInput(attrs={"dir": "ltr", "class": f"govuk-input--width-{width}", "spellcheck": "false"})


def add_problems(form: forms.Form, problems: Sequence[Problem], fields: dict[str, str]) -> None:
    """Show each problem at its field; `fields` maps the first part of a problem's place to a field of the form."""
    for problem in problems:
        place = problem.at.split("[")[0].split(".")[0]
        field = fields.get(problem.at, fields.get(place, place))
        form.add_error(field if field in form.fields else None, form_error(problem))


class UploadForm(forms.Form):
    """A file to be fed, and what holds for rows that are silent."""

    file = forms.FileField(label=_("File"), max_length=200)
    alt = forms.FileField(
        label=_("File of other names (ALT)"), required=False, max_length=200,
        help_text=_("Only for the OFAC list, which is published in three files."),
    )  # fmt: skip
    add = forms.FileField(label=_("File of addresses (ADD)"), required=False, max_length=200)
    database = CodeField("database", (), label=_("Database"))
    format = forms.ChoiceField(label=_("Format"), required=False)
    purpose = CodeField("purpose", get_args(Purpose), empty=_("Each row says it"), required=False, label=_("Purpose"))
    status = CodeField(
        "person_status", get_args(PersonStatus), empty=_("Each row says it"), required=False, label=_("Status")
    )
    retention = forms.CharField(
        label=_("Keep until"), required=False, max_length=10, widget=number_input(),
        help_text=_("A day (YYYY-MM-DD) or a number of days."),
    )  # fmt: skip
    dry_run = forms.BooleanField(
        label=_("Only try it"), required=False, help_text=_("Every row is judged and nothing is recorded.")
    )

    def __init__(self, *arguments: Any, databases: Choices, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._today = today
        self.fields["database"].choices = [(code, code) for code in databases]  # type: ignore[attr-defined]
        formats = [(code, declared.title) for code, declared in FORMATS.items()]
        self.fields["format"].choices = [("", _("As its name says")), *formats]  # type: ignore[attr-defined]
        self.defaults: dict[str, object] = {}

    @property
    def files_sent(self) -> dict[str, Any]:
        """Return the sent files by their role: file, alt, add."""
        return {name: self.cleaned_data[name] for name in ("file", "alt", "add") if self.cleaned_data.get(name)}

    def clean(self) -> dict[str, Any]:
        """Find the format, the defaults, and what is missing of a list in three files."""
        cleaned = super().clean() or self.cleaned_data
        given = {name: [cleaned.get(name) or ""] for name in ("purpose", "status", "retention")}
        try:
            self.defaults = read_defaults(given, self._today)
            if cleaned.get("file") and not cleaned.get("format"):
                cleaned["format"] = guess_format(cleaned["file"].name)
        except BadInput as error:
            add_problems(self, error.problems, {})
        self._require_files(cleaned)
        return cleaned

    def _require_files(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("format") == "ofac":
            for name in ("alt", "add"):
                if not cleaned.get(name):
                    self.add_error(name, gettext("The OFAC list is published in three files: send all three."))
        for name, file in self.files_sent.items():
            if (file.size or 0) > settings.LIAISON_MAX_FEED_BYTES:
                self.add_error(name, gettext("The file is larger than this installation takes."))


def countries_of(text: str) -> list[str]:
    """Return the countries of a list with commas or spaces between codes, or commas between names."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if len(parts) == 1 and all(len(word) in (2, 3) for word in parts[0].split()):
        parts = parts[0].split()
    return [part.upper() if len(part) <= 3 else part for part in parts]


class OwnRecordsForm(forms.Form):
    """Search the records that one's own bureau is the source of."""

    use_required_attribute = False
    optional_is_normal = True

    q = forms.CharField(
        label=_("Reference"), required=False, max_length=200,
        help_text=_("The beginning of your own reference, or a whole record reference."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )  # fmt: skip
    database = CodeField("database", (), label=_("Database"), required=False)
    state = CodeField("record_state", ("active", "blocked"), empty=_("Any"), label=_("State"), required=False)

    def __init__(self, *arguments: Any, databases: Choices, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["database"].choices = [(code, code) for code in databases]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why the state of a record is changed; it is kept in the register."""

    use_required_attribute = False

    reason = forms.CharField(label=_("Reason"), max_length=500)


class ErrorReportForm(forms.Form):
    """What another bureau thinks is wrong in a record."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("What is wrong, and how do you know?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
