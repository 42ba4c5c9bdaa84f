"""How accounts behave here: nobody signs up, and whoever is closed is nobody from the next request on."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from liaison.agencies.models import Officer


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come from a bureau's invitation only (RPD 108-111)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth names it
        """Nobody signs up."""
        return False


class OpenAccounts(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Only an open account of an open agency signs in, and each request asks again.

    The answer is the one place for sessions: were it given by a page instead, a
    closed agency's officer would be sent to sign in, and from there back.
    """

    def user_can_authenticate(self, user: Officer) -> bool:
        """Tell whether neither the account, nor its agency, nor the bureau that answers for it is closed."""
        return user.is_active and not user.agency.is_closed

    def get_user(self, user_id: int) -> Officer | None:
        """Return the officer of a session, with the agency in the same query."""
        officer = Officer.objects.select_related("agency__bureau").filter(pk=user_id).first()
        return officer if officer and self.user_can_authenticate(officer) else None
