"""The paths of checks; `/api/check` itself is the hot door of `asgi.py`."""

from django.urls import URLPattern, path

from liaison.checks import api

urlpatterns: list[URLPattern] = [
    path("api/records/<str:reference>", api.record, name="api_record"),
]
