"""Every path and the view behind it; the doors where checks are made, and the probes, are answered from `asgi.py`."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liaison.web.urls")),
    path("", include("liaison.agencies.urls")),
    path("", include("liaison.notifications.urls")),
    path("", include("liaison.access.urls")),
    path("", include("liaison.records.urls")),
    path("", include("liaison.standing.urls")),
    path("", include("liaison.checks.urls")),
    path("", include("liaison.oversight.urls")),
    path("", include("liaison.exchange.urls")),
    path("", include("liaison.demo.urls")),
]
handler404 = "liaison.web.pages.no_such_page"
handler500 = "liaison.web.pages.fault"
