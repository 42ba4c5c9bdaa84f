"""A form of the house is right for eyes, keyboards and screen readers without any work of the form's author."""

import re

import pytest
from django import forms

from liaison.web.forms import LiaisonRenderer, class_of


class Sample(forms.Form):
    default_renderer = LiaisonRenderer

    name = forms.CharField(label="Name", help_text="In any script.")
    number = forms.CharField(
        label="Number", widget=forms.TextInput(attrs={"dir": "ltr", "class": "govuk-input--width-5"})
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    password = forms.CharField(label="Password", required=False, widget=forms.PasswordInput)
    sex = forms.ChoiceField(label="Sex", choices=[("F", "Female"), ("M", "Male")], widget=forms.RadioSelect)
    tasks = forms.MultipleChoiceField(
        label="Tasks", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    dry_run = forms.BooleanField(label="Dry run", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def tag_of(html: str, identifier: str) -> str:
    found = re.search(rf'<[^>]*\bid="{identifier}"[^>]*>', html)
    assert found, f"nothing has the id {identifier}"
    return found.group()


@pytest.mark.parametrize(
    ("widget", "expected"),
    [
        (forms.TextInput(), "govuk-input"),
        (forms.Textarea(), "govuk-textarea"),
        (forms.Select(), "govuk-select"),
        (forms.RadioSelect(), "govuk-radios__input"),
        (forms.CheckboxSelectMultiple(), "govuk-checkboxes__input"),
        (forms.CheckboxInput(), "govuk-checkboxes__input"),
        (forms.FileInput(), "govuk-file-upload"),
    ],
)
def test_each_control_gets_the_class_of_its_kind(widget: forms.Widget, expected: str) -> None:
    assert class_of(widget, has_errors=False) == expected


def test_a_control_with_an_error_is_marked() -> None:
    assert class_of(forms.Select(), has_errors=True) == "govuk-select govuk-select--error"


def test_the_options_of_a_group_are_marked_by_the_group_alone() -> None:
    assert class_of(forms.RadioSelect(), has_errors=True) == "govuk-radios__input"


def test_free_text_takes_its_direction_from_what_is_written() -> None:
    html = str(Sample())

    assert 'dir="auto"' in tag_of(html, "id_name")
    assert 'dir="auto"' in tag_of(html, "id_note")


def test_a_field_that_states_its_direction_and_width_keeps_them() -> None:
    control = tag_of(str(Sample()), "id_number")

    assert 'dir="ltr"' in control
    assert 'class="govuk-input govuk-input--width-5"' in control


def test_a_password_has_no_direction_and_can_be_shown() -> None:
    html = str(Sample())

    assert "dir=" not in tag_of(html, "id_password")
    assert 'data-module="govuk-password-input"' in html


def test_only_optional_fields_are_marked() -> None:
    html = str(Sample())

    assert re.search(r"Note <span[^>]*>\(optional\)", html)
    assert not re.search(r"Name <span[^>]*>\(optional\)", html)


def test_a_form_of_optional_fields_marks_none() -> None:
    form = Sample()
    form.optional_is_normal = True  # type: ignore[attr-defined]

    assert "(optional)" not in str(form)


def test_an_unsent_form_shows_no_error() -> None:
    assert "govuk-error" not in str(Sample())


@pytest.mark.parametrize("target", ["id_name", "id_number", "id_sex_0", "id_tasks_0"])
def test_each_line_of_the_error_summary_leads_to_a_control(target: str) -> None:
    html = str(Sample({}))

    assert f'href="#{target}"' in html
    assert tag_of(html, target).startswith("<input")


def test_a_control_names_its_hint_and_its_error() -> None:
    html = str(Sample({}))

    assert 'aria-describedby="id_name_helptext id_name_error"' in tag_of(html, "id_name")
    assert tag_of(html, "id_name_helptext")
    assert tag_of(html, "id_name_error")


def test_a_group_of_options_has_a_legend_and_a_label_each() -> None:
    html = str(Sample())

    assert '<legend class="govuk-fieldset__legend">Sex</legend>' in html
    assert '<label class="govuk-label govuk-radios__label" for="id_sex_1">Male</label>' in html
    assert '<label class="govuk-label govuk-checkboxes__label" for="id_tasks_0">A</label>' in html


def test_what_a_person_typed_is_shown_escaped() -> None:
    html = str(Sample({"name": '"><script>alert(1)</script>'}))

    assert "<script>" not in html


def test_an_error_of_the_whole_form_and_of_a_hidden_field_is_said_without_a_link() -> None:
    form = Sample({"name": "A"})
    form.add_error(None, "These do not go together.")
    form.add_error("token", "The token is old.")

    html = str(form)

    assert "<li><bdi>These do not go together.</bdi>" in html
    assert "<li><bdi>The token is old.</bdi>" in html
