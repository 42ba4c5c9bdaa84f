"""The paths of web."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
