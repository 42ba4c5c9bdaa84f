"""The paths of the demo world."""

from django.urls import URLPattern, path

from liaison.demo import pages

urlpatterns: list[URLPattern] = [path("portraits/<str:name>", pages.portrait, name="portrait")]
