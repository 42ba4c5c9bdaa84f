"""The questions of the check page: one box that understands most things, and details by kind."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaison.checks.request import MAX_PLACE, CheckRequest, request_from
from liaison.checks.understand import Guess, read_birth_date, understand
from liaison.errors import Problem
from liaison.lib.countries import country_code, issuer_code
from liaison.lib.form_errors import form_error
from liaison.lib.partial_date import parse_partial_date
from liaison.records.databases.base import Purpose
from liaison.records.forms import CodeField, countries_of, number_input

# What the box took a text for, as the answer says it.
_TAKEN_AS = {
    "mrz": _("machine-readable zone"),
    "imo": _("IMO number of a vessel"),
    "mmsi": _("MMSI number of a vessel"),
    "vin": _("vehicle identification number"),
    "vin_part": _("part of a vehicle identification number"),
    "document": _("number of a document"),
    "plate": _("registration plate"),
    "plate_part": _("part of a registration plate"),
    "name": _("name of a person"),
    "name_and_birth": _("name of a person, %(name)s, born %(born)s"),
    "organisation_name": _("name of an organisation"),
    "vessel_name": _("name of a vessel"),
}
# Why a text of the box cannot be asked; `about` is the part of it that is to blame.
_PROBLEMS = {
    "no-date": _(
        "“%(about)s” cannot be read as a date of birth. Write 1984-02-29, 29.02.1984, 1984-02 or only 1984. "
        "What is not a date of birth goes into the details below."
    ),
    "several-dates": _("There is more than one date (%(about)s). Give one date of birth, or only the year."),
    "no-name": _("There is only a date of birth (%(about)s). Write the name before it."),
}
PART_HELP = _("Where you know a part: ? for one character, * for any number of them.")
# Who reads an Arabic name in an English sentence, or a date in an Arabic one, must find both in one piece.
_ISOLATED = "\u2068{}\u2069"


class Asked(NamedTuple):
    """One question of the form: the query, its words, and which form field holds what.

    A question of the box has no `fields`; it says what it was `taken` for, and in
    `remarks` what an officer should know of how the text was read.
    """

    query: Mapping[str, Any]
    text: str
    fields: Mapping[str, str]
    taken: str = ""
    remarks: tuple[str, ...] = ()


class BoxForm(forms.Form):
    """The one box, with purpose and reference."""

    use_required_attribute = False
    optional_is_normal = True

    q = forms.CharField(
        label=_("Name, number or machine-readable zone"), required=False, max_length=600,
        help_text=_("Type, paste or scan. Enter checks it."),
        widget=forms.Textarea(
            attrs={"rows": 2, "data-enter-submits": "", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )  # fmt: skip
    purpose = CodeField("purpose", get_args(Purpose), empty=_("Choose"), label=_("Purpose"))
    reference = forms.CharField(
        label=_("Your reference"), max_length=200, widget=forms.TextInput(attrs={"spellcheck": "false"})
    )


_PERSON = {
    "name": "name", "born": "born", "sex": "sex", "nationality": "nationality", "place_of_birth": "place_of_birth",
}  # fmt: skip


class CheckForm(BoxForm):
    """The box and the details by kind; `asked` are the questions once the form is valid."""

    name = forms.CharField(
        label=_("Name, in any script"), required=False, max_length=500,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )  # fmt: skip
    born = forms.CharField(
        label=_("Date of birth"), required=False, max_length=20, widget=number_input(),
        help_text=_("YYYY, YYYY-MM or YYYY-MM-DD"),
    )  # fmt: skip
    sex = CodeField("sex", ("F", "M", "X"), empty=_("Not known"), required=False, label=_("Sex"))
    nationality = forms.CharField(
        label=_("Nationality"), required=False, max_length=300, widget=number_input(),
        help_text=_("Two letters; several with commas."),
    )  # fmt: skip
    place_of_birth = forms.CharField(
        label=_("Place of birth"), required=False, max_length=MAX_PLACE,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )  # fmt: skip
    number = forms.CharField(label=_("Document number"), required=False, max_length=64, widget=number_input(20))
    issuer = forms.CharField(
        label=_("Issuing country"), required=False, max_length=60, widget=number_input(), help_text=_("Two letters")
    )
    vin = forms.CharField(
        label=_("Vehicle identification number"), required=False, max_length=64, widget=number_input(20),
        help_text=PART_HELP,
    )  # fmt: skip
    plate = forms.CharField(label=_("Registration plate"), required=False, max_length=64, help_text=PART_HELP)
    country = forms.CharField(
        label=_("Country of registration"), required=False, max_length=60, widget=number_input(),
        help_text=_("Two letters"),
    )  # fmt: skip
    imo = forms.CharField(label=_("IMO number"), required=False, max_length=64, widget=number_input(20))
    mmsi = forms.CharField(label=_("MMSI number"), required=False, max_length=64, widget=number_input(20))
    vessel_name = forms.CharField(
        label=_("Name of the vessel"), required=False, max_length=500,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )  # fmt: skip

    details = (
        ("person", _PERSON, "name"),
        ("document", {"number": "number", "issuer": "issuer"}, "number"),
        ("vehicle", {"vin": "vin", "plate": "plate", "country": "country"}, ""),
        ("vessel", {"imo": "imo", "mmsi": "mmsi", "name": "vessel_name"}, ""),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.asked: tuple[Asked, ...] = ()

    @property
    def details_used(self) -> bool:
        """Say whether a field of a kind was filled or is wrong."""
        return any(self.data.get(name) or name in self.errors for name in self.names_of_details())

    @classmethod
    def names_of_details(cls) -> list[str]:
        """Return the names of the fields by kind."""
        return [name for _kind, fields, _needed in cls.details for name in fields.values()]

    def clean_born(self) -> str:
        """Return the date in ISO form, however people write it."""
        return _read(
            lambda text: read_birth_date(text) or parse_partial_date(text), self.cleaned_data["born"], "impossible-date"
        )

    def clean_nationality(self) -> list[str]:
        """Return the codes of the countries."""
        return [_read(country_code, text) for text in countries_of(self.cleaned_data["nationality"])]

    def clean_issuer(self) -> str:
        """Return the code of the issuing country."""
        return _read(issuer_code, self.cleaned_data["issuer"])

    def clean_country(self) -> str:
        """Return the code of the country of the plate."""
        return _read(country_code, self.cleaned_data["country"])

    def clean(self) -> dict[str, Any]:
        """Gather the questions; one at least must be asked."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.asked = tuple(self._questions(cleaned))
            if not self.asked and not self.errors:
                self.add_error("q", gettext("Say what to check: a name, a number or a machine-readable zone."))
        return cleaned

    def request(self, asked: tuple[Asked, ...]) -> CheckRequest:
        """Return these questions as a check."""
        queries = [{"id": str(place)} | dict(one.query) for place, one in enumerate(asked, 1)]
        common = {name: self.cleaned_data[name] for name in ("purpose", "reference")}
        return request_from(common | {"queries": queries})

    def show_refusal(self, problems: tuple[Problem, ...], asked: tuple[Asked, ...]) -> None:
        """Put each problem of a check to the field that it is about."""
        for problem in problems:
            self.add_error(_field_of(problem.at, asked), form_error(problem))

    def _questions(self, cleaned: Mapping[str, Any]) -> Iterator[Asked]:
        if cleaned["q"]:
            yield from self._questions_of_box(cleaned["q"])
        yield from _together(list(self._questions_of_details(cleaned)))

    def _questions_of_details(self, cleaned: Mapping[str, Any]) -> Iterator[Asked]:
        for kind, fields, needed in self.details:
            filled = {place: cleaned[field] for place, field in fields.items() if cleaned[field]}
            if filled and needed and needed not in filled:
                self.add_error(fields[needed], gettext("This is needed for the details below it."))
            elif set(filled) - {"country"}:
                words = (", ".join(value) if isinstance(value, list) else value for value in filled.values())
                yield Asked({kind: filled}, ", ".join(words), fields)
            elif filled:
                self.add_error("plate", gettext("Give the plate, too."))

    def _questions_of_box(self, text: str) -> Iterator[Asked]:
        """Yield what the text of the box may mean; a date of birth that cannot be read is an error."""
        taken = understand(text)
        if taken.problem:
            self.add_error("q", str(_PROBLEMS[taken.problem]) % {"about": _ISOLATED.format(taken.about)})
        remarks = tuple(
            gettext("“%(part)s” was taken for a part of the name. Write a date of birth as 1984-02-29 or 29.02.1984.")
            % {"part": _ISOLATED.format(part)}
            for part in taken.left
        )
        for guess in taken.guesses:
            yield Asked(guess.query, text, {}, _words_of(guess), remarks if "person" in guess.query else ())


def _together(asked: list[Asked]) -> list[Asked]:
    """Ask for a person and a document as one: the person with this document, which is looked up too."""
    kinds = [next(iter(one.query)) for one in asked]
    if kinds[:2] != ["person", "document"]:
        return asked
    person, document, *others = asked
    query = {"person": person.query["person"] | {"documents": [document.query["document"]]}}
    return [Asked(query, f"{person.text}, {document.text}", dict(person.fields) | {"documents": "number"}), *others]


def _words_of(guess: Guess) -> str:
    """Return what a text was taken for, in words, with the name and the date that were read."""
    person = guess.query.get("person", {}) if guess.kind == "name_and_birth" else {}
    return str(_TAKEN_AS[guess.kind]) % {name: _ISOLATED.format(value) for name, value in person.items()}


def _field_of(at: str, asked: tuple[Asked, ...]) -> str | None:
    """Return the form field behind a place such as "queries[0].person.born"; None where no field is to blame."""
    if at in ("purpose", "reference"):
        return at
    if not at.startswith("queries["):
        return None
    place, _bracket, rest = at.removeprefix("queries[").partition("]")
    fields = asked[int(place)].fields
    if not fields:
        return "q"
    inner = rest.split(".")[2].split("[")[0] if rest.count(".") > 1 else ""
    return fields.get(inner, next(iter(fields.values())))


def _read(read: Any, text: str, refusal: str = "unknown-country") -> str:
    """Return what a reader makes of a text that may be empty; what it says against it becomes a form error."""
    try:
        return str(read(text)) if text else ""
    except ValueError as error:
        raise form_error(Problem(refusal, str(error), value=text)) from None
