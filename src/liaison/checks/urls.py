"""The paths of checks; `/api/check` itself is the hot door of `asgi.py`."""

from django.urls import URLPattern, path

from liaison.checks import api, pages

urlpatterns: list[URLPattern] = [
    path("api/records/<str:reference>", api.record, name="api_record"),
    path("check/", pages.check, name="check"),
    path("records/duplicates/<str:database>/", pages.duplicates, name="duplicates"),
    # The last of all: the paths of records are longer words than a reference can be.
    path("records/<str:reference>/", pages.record, name="record"),
]
