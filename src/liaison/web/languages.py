"""In which language a signed-in person reads: the one chosen on the page, else the one of the account."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from liaison.agencies.models import Officer


class OfficerLanguageMiddleware:
    """After sign-in an officer's own language counts, until the officer chooses another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the officer's language where nobody chose one in this browser."""
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and isinstance(request.user, Officer):
            language = request.user.language
            if language in dict(settings.LANGUAGES):
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self._get_response(request)
