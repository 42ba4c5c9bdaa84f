"""The paths of oversight, beside those of the register: who saw a source's records, what one did."""

from django.urls import URLPattern, path

from liaison.oversight import actor_pages, showing_pages

urlpatterns: list[URLPattern] = [
    path("register/ours/", showing_pages.showings, name="showings"),
    path("register/by/<str:actor>/", actor_pages.actor, name="actor"),
]
