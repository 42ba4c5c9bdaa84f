"""The drawn portraits of the invented world, for the records that name them."""

from django.http import HttpRequest, HttpResponse

from liaison.access.requests import officer_asker_of_request, require_method
from liaison.demo.home import is_demo_home
from liaison.demo.portraits import portrait_named
from liaison.errors import NotFound


def portrait(request: HttpRequest, name: str) -> HttpResponse:
    """Draw the portrait that a record of the demo world names."""
    require_method(request, "GET")
    officer_asker_of_request(request)
    try:
        if is_demo_home():
            return HttpResponse(portrait_named(name), content_type="image/jpeg")
    except ValueError:
        pass
    raise NotFound("no-such-portrait", "There is no such portrait.")
