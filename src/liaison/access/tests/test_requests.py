"""Who stands behind a request: a key, a session, or nobody."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from liaison.access.requests import acting, asker_of_request, system_of_request
from liaison.errors import NotSignedIn
from tests.cast import Member


def test_a_key_stands_for_its_system_whoever_is_signed_in(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    request = RequestFactory().get("/", headers={"Authorization": f"ApiKey {nairobi_feeder.key}"})
    request.user = warsaw_officer.officer

    asker = asker_of_request(request)

    assert asker == nairobi_feeder.system
    assert (acting(asker).name, acting(asker).agency) == (asker.actor, nairobi_feeder.agency.pk)


def test_a_session_stands_for_its_officer_on_pages(warsaw_officer: Member) -> None:
    request = RequestFactory().get("/")
    request.user = warsaw_officer.officer

    assert asker_of_request(request) == warsaw_officer.asker


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc", "bearer\tabc"])
def test_a_session_is_never_taken_where_a_key_is_wanted(warsaw_officer: Member, header: str | None) -> None:
    request = RequestFactory().get("/", headers={} if header is None else {"Authorization": header})
    request.user = warsaw_officer.officer

    with pytest.raises(NotSignedIn):
        system_of_request(request)


def test_nobody_is_told_to_send_a_key_or_to_sign_in(warsaw_officer: Member) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    with pytest.raises(NotSignedIn, match="no-key"):
        asker_of_request(request)
