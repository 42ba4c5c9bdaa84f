"""Turn a LiaisonError that a view raised into an answer: problem+json for the API, a page for people."""

from collections.abc import Callable, Sequence

import structlog
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from liaison.errors import BadInput, LiaisonError, Problem, Unavailable, problem_json
from liaison.web.saying import NEXT_STEPS

log = structlog.get_logger()
Handler = Callable[[HttpRequest], HttpResponse]

_NUL = BadInput("bad-character", "The address holds the character U+0000: leave it out.", at="address")


class ProblemMiddleware:
    """The one place where views' refusals become answers."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; pages about police data are kept by no cache."""
        response = answer(request, _NUL) if _holds_nul(request) else self._get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a LiaisonError, and a database or a disk that fails; leave every other exception to Django."""
        if isinstance(error, OperationalError | InterfaceError):
            log.error("web.database", reason=type(error).__name__)
            error = Unavailable("database-away", "The database does not answer now: ask again in a moment.")
        return answer(request, error) if isinstance(error, LiaisonError) else None


def _holds_nul(request: HttpRequest) -> bool:
    """Say whether the address holds U+0000, which PostgreSQL refuses as a part of any text."""
    return "\0" in request.path or any("\0" in value for _, values in request.GET.lists() for value in values)


def answer(request: HttpRequest, error: LiaisonError) -> HttpResponse:
    """Return what the caller gets to see of an error."""
    if request.path.startswith("/api/"):
        return problem_response(error)
    if error.status == 401:
        return redirect_to_login(request.get_full_path())
    if error.status == 404:
        return render(request, "404.html", status=404)
    return page_of(error.problems, error.status, request)


def page_of(problems: Sequence[Problem], status: int, request: HttpRequest | None = None) -> HttpResponse:
    """Return problems as a page in the language of the reader."""
    context = {"problems": problems, "next_step": NEXT_STEPS.get(status, NEXT_STEPS[400])}
    return HttpResponse(render_to_string("web/problem.html", context, request), status=status)


def problem_response(error: LiaisonError) -> HttpResponse:
    """Return an error as problem+json."""
    response = HttpResponse(problem_json(error), status=error.status, content_type="application/problem+json")
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
