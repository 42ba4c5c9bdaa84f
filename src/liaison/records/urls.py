"""The paths of records: the API of feeding, and the pages."""

from django.urls import URLPattern, path

from liaison.records import api

urlpatterns: list[URLPattern] = [
    path("api/feed/<str:database>", api.feed, name="api_feed"),
    path("api/batches/<str:batch_id>", api.batch, name="api_batch"),
    path("api/batches/<str:batch_id>/receipts", api.receipts, name="api_receipts"),
    path("api/schemas", api.schemas, name="api_schemas"),
    path("api/schemas/<str:database>", api.schema, name="api_schema"),
]
