"""Decide how much a request may bring: files come in on the page that feeds them, from somebody who may feed.

Django reads the body of a form before any view is asked, because the token
against forgery is in it, so this is decided in front of that.  Elsewhere a body
is a small form; what a large one holds is never read.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict

from liaison.access.requests import officer_asker_of_request, officer_of_request
from liaison.errors import LiaisonError, Refused, TooLarge, Unavailable
from liaison.records.pages import require_feedable, upload
from liaison.web.problems import Handler, answer


class NoFiles(FileUploadHandler):
    """What becomes of files where nothing else is decided: a large body stays unread, and files are passed over."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.has_met_one = False

    def handle_raw_input(
        self, input_data: IO[bytes], META: dict[str, str], content_length: int, *_told: object  # noqa: ARG002, N803
    ) -> "tuple[QueryDict, MultiValueDict[str, UploadedFile[Any]]] | None":  # fmt: skip
        """Answer for a large body, without a look into it, that the form is empty."""
        return (QueryDict(), MultiValueDict()) if content_length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE else None

    def new_file(self, *_told: object, **_more: object) -> None:
        """Pass over a file, and remember that there was one."""
        self.has_met_one = True
        raise SkipFile


class ArrivingFiles(TemporaryFileUploadHandler):
    """Files of somebody who may feed; they lie in the home under a name in which nothing is of the sender."""

    def new_file(self, field_name: str, file_name: str, *told: Any, **more: Any) -> None:
        """Begin a file; its own name is remembered beside it."""
        super().new_file(field_name, "file", *told, **more)
        self.file.name = file_name


class BodyMiddleware:
    """Stands in front of whatever reads a form."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _arguments: object, _named: object
    ) -> HttpResponse | None:  # fmt: skip
        """Refuse a body that is not for this view; one whose view needs no token is left to that view, unread."""
        if getattr(view, "csrf_exempt", False):
            return None
        try:
            if view is upload and _is_form_with_parts(request):
                _take_files(request)
            else:
                _take_no_files(request)
        except LiaisonError as error:
            return answer(request, error)
        return None


def _is_form_with_parts(request: HttpRequest) -> bool:
    return request.method == "POST" and request.content_type == "multipart/form-data"


def _take_files(request: HttpRequest) -> None:
    """Let the files into the home; raise for everybody who may not feed, before anything is read."""
    # A session, not a key: a page is for people, and another site cannot make a browser send this cookie.
    officer_of_request(request)
    require_feedable(officer_asker_of_request(request))
    largest = settings.LIAISON_MAX_FEED_BYTES
    if _length(request) > largest + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise TooLarge("file-too-large", f"A file is at most {largest} bytes here: send it in parts.", at="file")
    handler = ArrivingFiles(request)
    request.upload_handlers = [handler]
    try:
        request.POST  # noqa: B018  reading it is what takes the files
    except BaseException as error:
        with suppress(OSError):
            handler.upload_interrupted()
        if isinstance(error, OSError):
            detail = f"The disk of the service refuses the file: {error.strerror}. Nothing was fed; tell its operator."
            raise Unavailable("disk-unusable", detail) from None
        raise


def _take_no_files(request: HttpRequest) -> None:
    largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if _length(request) > largest:
        raise TooLarge("body-too-large", f"What is sent here is at most {largest} bytes: send less.")
    if not _is_form_with_parts(request):
        return
    handler = NoFiles(request)
    request.upload_handlers = [handler]
    request.POST  # noqa: B018  reading it finds the files
    if handler.has_met_one:
        raise Refused("no-files-here", "Files are taken on the page that feeds a file only: leave the file out.")


def _length(request: HttpRequest) -> int:
    """Return how long the body is; one whose length was not told is empty for Django, which does not read it."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isascii() and told.isdigit() else 0
