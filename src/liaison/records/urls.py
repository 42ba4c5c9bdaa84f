"""The paths of records: the API of feeding, and the pages."""

from django.urls import URLPattern, path

from liaison.records import api, entry_pages, pages, viewer_pages

urlpatterns: list[URLPattern] = [
    path("api/feed/<str:database>", api.feed, name="api_feed"),
    path("api/batches", api.batches, name="api_batches"),
    path("api/batches/<str:batch_id>", api.batch, name="api_batch"),
    path("api/batches/<str:batch_id>/receipts", api.receipts, name="api_receipts"),
    path("api/schemas", api.schemas, name="api_schemas"),
    path("api/schemas/<str:database>", api.schema, name="api_schema"),
    path("feed/", pages.batches, name="batches"),
    path("feed/upload/", pages.upload, name="upload"),
    path("feed/<str:batch_id>/", pages.batch, name="batch"),
    path("feed/<str:batch_id>/refused.csv", pages.refused_rows, name="refused_rows"),
    path("records/own/", pages.own_records, name="own_records"),
    path("records/own/<str:reference>/", pages.own, name="own_record"),
    path("records/own/<str:reference>/access/", viewer_pages.viewers, name="viewers"),
    path("records/new/", entry_pages.entry, name="entry"),
    path("records/new/<str:database>/", entry_pages.entry_in, name="entry_in"),
]
