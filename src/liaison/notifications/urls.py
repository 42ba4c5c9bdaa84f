"""The paths of notifications."""

from django.urls import URLPattern, path

from liaison.notifications import api, pages

urlpatterns: list[URLPattern] = [
    path("api/notifications", api.notifications, name="api_notifications"),
    path("api/notifications/read", api.read, name="api_notifications_read"),
    path("notifications/", pages.notifications, name="notifications"),
    path("notifications/bell/", pages.bell, name="notifications_bell"),
]
