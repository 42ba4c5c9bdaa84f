"""The paths of standing checks."""

from django.urls import URLPattern, path

from liaison.standing import api, pages

urlpatterns: list[URLPattern] = [
    path("api/standing", api.standing_checks, name="api_standing_checks"),
    path("api/standing/<str:number>/extend", api.extend, name="api_standing_check_extend"),
    path("api/standing/<str:number>/end", api.end, name="api_standing_check_end"),
    path("standing/", pages.standing_checks, name="standing_checks"),
    path("standing/new/", pages.new, name="standing_check_new"),
    path("standing/<str:number>/", pages.standing_check, name="standing_check"),
]
