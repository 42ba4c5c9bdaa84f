"""The paths of agencies."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
