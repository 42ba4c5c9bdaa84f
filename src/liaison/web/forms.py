"""How a Django form becomes markup: labels, hints, errors and classes of our design.

`FORM_RENDERER = "liaison.web.forms.LiaisonRenderer"` makes `{{ form }}` and
`{{ form.name.as_field_group }}` right everywhere, allauth's forms included.
It refuses to know any form: a field says what is special about itself in the
attributes of its widget (`class`, `dir`, `autocomplete`, `inputmode`).
"""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates

from liaison.web.words import word

# The first class that fits wins: a PasswordInput is an Input, and CheckboxSelectMultiple descends from RadioSelect.
_CLASSES: tuple[tuple[tuple[type[forms.Widget], ...], str], ...] = (
    ((forms.CheckboxSelectMultiple, forms.CheckboxInput), "govuk-checkboxes__input"),
    ((forms.RadioSelect,), "govuk-radios__input"),
    ((forms.Select,), "govuk-select"),
    ((forms.Textarea,), "govuk-textarea"),
    ((forms.FileInput,), "govuk-file-upload"),
    ((forms.PasswordInput,), "govuk-input govuk-password-input__input govuk-js-password-input-input"),
    ((forms.widgets.Input,), "govuk-input"),
)
_CONTROLS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.PasswordInput, "password"),
)
# What people write in any script takes its direction from the first strong letter.
_FREE_TEXT = (forms.TextInput, forms.Textarea)
_FIXED_DIRECTION = (forms.EmailInput, forms.NumberInput, forms.PasswordInput, forms.URLInput, forms.DateInput)


def class_of(widget: forms.Widget, *, has_errors: bool) -> str:
    """Return the CSS classes that our design gives a widget, and its error class.

    >>> class_of(forms.TextInput(), has_errors=True)
    'govuk-input govuk-input--error'
    """
    name = next((name for kinds, name in _CLASSES if isinstance(widget, kinds)), "")
    if has_errors and name and not name.endswith("__input"):
        name = f"{name} {name.split()[0]}--error"
    return name


class LiaisonBoundField(forms.BoundField):
    """A field that knows the classes, the direction and the kind of its control.

    A field of codes names its `vocabulary`; the reader sees the codes in words.
    A field without a label that fills in a record's field names it (`names_field`).
    """

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        vocabulary = getattr(field, "vocabulary", "")
        if vocabulary and isinstance(field, forms.ChoiceField):
            codes: Any = field.choices
            field.choices = [(code, word(vocabulary, code) if code else label) for code, label in codes]
        if field.label is None and hasattr(field, "names_field"):
            label = word("field", field.names_field)
            self.label = label[:1].upper() + label[1:]

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add our classes and `dir="auto"` to what Django gives the control."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        classes = (class_of(widget, has_errors=bool(self.errors)), str(widget.attrs.get("class", "")))
        if any(classes):
            attrs["class"] = " ".join(filter(None, classes))
        if isinstance(widget, _FREE_TEXT) and not isinstance(widget, _FIXED_DIRECTION):
            attrs.setdefault("dir", widget.attrs.get("dir", "auto"))
        return attrs

    @property
    def control(self) -> str:
        """Return how the template lays the field out: options, checkbox, password or plain."""
        widget = self.field.widget
        return next((name for kind, name in _CONTROLS if isinstance(widget, kind)), "plain")

    @property
    def is_marked_optional(self) -> bool:
        """Tell whether the label says "(optional)": most fields are required, so the exception is marked."""
        return not self.field.required and not getattr(self.form, "optional_is_normal", False)

    @property
    def error_target(self) -> str:
        """Return the id of the control that a link in the error summary leads to."""
        first_option = f"{self.auto_id}_0" if self.control in {"radios", "checkboxes"} else ""
        return first_option or self.id_for_label


class LiaisonRenderer(DjangoTemplates):
    """Renders every form of the house; the templates lie in `templates/web/forms/`."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
    bound_field_class = LiaisonBoundField
