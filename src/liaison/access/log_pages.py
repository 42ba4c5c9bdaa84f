"""Hand out the signed log of the register: its checkpoint and its tiles, which tell nothing of what entries say.

To anybody who is known here, a person or a system: how much is done in a house is nobody else's business.
"""

import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from liaison.access.requests import asker_of_request, require_method
from liaison.audit.log import FOLDER
from liaison.audit.signer import REGISTER
from liaison.errors import NotFound
from liaison.lib.tlog.tiles import CHECKPOINT

_TILE = re.compile(r"(?:\d|entries)/(?:x\d{3}/){0,5}\d{3}(?P<part>\.p/\d{1,3})?")
_A_YEAR = "private, max-age=31536000, immutable"


def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return how the register stands, signed: c2sp.org/tlog-checkpoint."""
    return _file(request, CHECKPOINT, "text/plain; charset=utf-8", "no-cache")


def tile(request: HttpRequest, path: str) -> HttpResponse:
    """Return a tile of hashes, or a bundle of leaves: c2sp.org/tlog-tiles."""
    if not _TILE.fullmatch(path):
        raise _nothing()
    return _file(request, f"tile/{path}", "application/octet-stream", _A_YEAR)


def _file(request: HttpRequest, name: str, kind: str, caching: str) -> HttpResponse:
    require_method(request, "GET")
    asker_of_request(request)
    try:
        content = (Path(settings.LIAISON_HOME) / FOLDER / REGISTER / name).read_bytes()
    except FileNotFoundError:
        raise _nothing() from None
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": caching})


def _nothing() -> NotFound:
    return NotFound("no-such-page", "There is no such part of the log: read the checkpoint first.")
