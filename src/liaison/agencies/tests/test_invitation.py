"""The one-time link: one password, once, within three days, and no word about who has an account."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liaison.agencies.actions import choose_password, close_agency, close_officer, invitation_link, renew_link
from liaison.agencies.models import Officer
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.errors import NotFound
from tests.cast import Member

PASSWORD = "mild rivers carry slow barges"
# Without a time zone, as the maker of links counts.
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).replace(tzinfo=None)
BOTH = {"new_password1": PASSWORD, "new_password2": PASSWORD}


def link_of(member: Member) -> str:
    return invitation_link(Officer.objects.get(pk=member.officer.pk), "")


def choose(link: str, sent: dict[str, str] = BOTH) -> str:
    """Open a link in a new browser, send the form that it leads to, and return the page that comes."""
    browser = Client()
    form = browser.get(link, follow=True)
    return browser.post(form.request["PATH_INFO"], sent, follow=True).content.decode()


def test_an_officer_chooses_a_password_and_signs_in_with_it(warsaw_officer: Member) -> None:
    html = choose(link_of(warsaw_officer))

    signed_in = Client()
    signed_in.post("/accounts/login/", {"login": warsaw_officer.officer.email, "password": PASSWORD})
    assert "Your password is set" in html
    assert signed_in.get("/access/")["Location"] == "/accounts/own/"
    assert Entry.objects.get(event="password_chosen").actor == warsaw_officer.officer.actor


def test_the_form_stands_at_an_address_without_the_token(warsaw_officer: Member) -> None:
    link = link_of(warsaw_officer)

    page = Client().get(link, follow=True)

    assert page.request["PATH_INFO"].endswith("/set-password/")
    assert link.split("/")[-2] not in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_link_works_once(warsaw_officer: Member) -> None:
    link = link_of(warsaw_officer)
    choose(link)

    again = Client().get(link)

    assert again.status_code == 410
    assert "This link does not work any more" in again.content.decode()


def test_of_two_who_hold_the_same_link_the_second_changes_nothing(warsaw_officer: Member) -> None:
    # given two browsers that both opened the link
    link, second = link_of(warsaw_officer), Client()
    form = second.get(link, follow=True).request["PATH_INFO"]

    # when the first chooses
    choose(link)
    late = second.post(form, {"new_password1": "another " + PASSWORD, "new_password2": "another " + PASSWORD})

    # then
    assert late.status_code == 410
    assert Officer.objects.get(pk=warsaw_officer.officer.pk).check_password(PASSWORD)


def test_of_two_at_the_same_moment_one_wins(warsaw_officer: Member) -> None:
    first, second = (Officer.objects.get(pk=warsaw_officer.officer.pk) for _ in range(2))
    choose_password(first, PASSWORD, now=timezone.now())

    with pytest.raises(NotFound):
        choose_password(second, "another " + PASSWORD, now=timezone.now())


@pytest.mark.parametrize(("later", "status"), [(timedelta(days=2, hours=23), 302), (timedelta(days=3, minutes=1), 410)])
def test_a_link_works_for_three_days(
    warsaw_officer: Member, monkeypatch: pytest.MonkeyPatch, later: timedelta, status: int
) -> None:
    clock = "django.contrib.auth.tokens.PasswordResetTokenGenerator._now"
    monkeypatch.setattr(clock, lambda _: NOON)
    link = link_of(warsaw_officer)

    monkeypatch.setattr(clock, lambda _: NOON + later)

    assert Client().get(link).status_code == status


def test_a_new_link_ends_the_one_before(warsaw_officer: Member) -> None:
    before = link_of(warsaw_officer)
    renew_link(Officer.objects.get(pk=warsaw_officer.officer.pk), by=OPERATOR, now=timezone.now())

    assert Client().get(before).status_code == 410
    assert Client().get(link_of(warsaw_officer)).status_code == 302


def test_the_link_of_a_closed_account_or_agency_opens_nothing(warsaw_officer: Member, outsider: Member) -> None:
    links = [link_of(warsaw_officer), link_of(outsider)]
    close_officer(warsaw_officer.officer, by=OPERATOR, now=timezone.now())
    close_agency(outsider.agency, by=OPERATOR, now=timezone.now())

    assert [Client().get(link).status_code for link in links] == [410, 410]


def test_a_link_for_nobody_and_a_wrong_link_for_somebody_get_the_same_page(warsaw_officer: Member) -> None:
    somebody = link_of(warsaw_officer).split("/")[-3]
    paths = [f"/accounts/invitation/{uid}/aaaaaa-{'b' * 32}/" for uid in (somebody, "OTk5OTk5", "!!", "_____")]

    pages = [Client().get(path) for path in paths]

    assert [page.status_code for page in pages] == [410] * 4
    own = re.compile(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"')
    assert len({own.sub("", page.content.decode()) for page in pages}) == 1


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("short", "short", "too short"),
        ("1q2w3e4r5t6y7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "too common"),
        (PASSWORD, PASSWORD + "x", "The two password fields didn"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_and_the_link_still_works(
    warsaw_officer: Member, first: str, second: str, said: str
) -> None:
    html = choose(link_of(warsaw_officer), {"new_password1": first, "new_password2": second})

    assert said in html
    assert "Your password is set" in choose(link_of(warsaw_officer))
