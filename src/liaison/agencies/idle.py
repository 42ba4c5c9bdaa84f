"""End a session that was left, and one that is old: a desk where nobody sits is not an open door."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

SEEN, BEGUN = "seen", "begun"
# What somebody does is remembered to the minute, so that few requests write.
_WRITTEN_AFTER_SECONDS = 60


class IdleMiddleware:
    """Signs out whoever comes back after `LIAISON_IDLE_MINUTES`, and everybody after SESSION_COOKIE_AGE seconds.

    What a page asks by itself is nobody's doing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session that was left, or remember that somebody is there; then answer."""
        if request.user.is_authenticated:
            _look_at(request, int(time()))
        return self._get_response(request)


def _look_at(request: HttpRequest, now: int) -> None:
    seen, begun = request.session.get(SEEN), request.session.setdefault(BEGUN, now)
    is_left = seen is not None and now - seen > 60 * settings.LIAISON_IDLE_MINUTES
    if is_left or now - begun > settings.SESSION_COOKIE_AGE:
        request.session.flush()
        request.user = AnonymousUser()
    elif not _is_by_itself(request) and (seen is None or now - seen >= _WRITTEN_AFTER_SECONDS):
        request.session[SEEN] = now


def _is_by_itself(request: HttpRequest) -> bool:
    """Tell whether a page asked, again and again, and not a person: htmx fetches counters and progress by GET."""
    return request.method == "GET" and "HX-Request" in request.headers
