"""The paths of the doors for yente's clients; `/match` and `/search` are answered by `door.py`, from `asgi.py`."""

from django.urls import URLPattern, path

from liaison.exchange import api

urlpatterns: list[URLPattern] = [
    path("entities/<str:reference>", api.entity, name="exchange_entity"),
    path("entities/<str:reference>/adjacent", api.adjacent, name="exchange_adjacent"),
    path("catalog", api.catalog, name="exchange_catalog"),
    path("algorithms", api.algorithms, name="exchange_algorithms"),
]
