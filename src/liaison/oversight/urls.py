"""The paths of oversight, most of them below that of the register; an officer explains a check at one apart."""

from django.urls import URLPattern, path

from liaison.oversight import actor_pages, export_pages, pages, showing_pages

urlpatterns: list[URLPattern] = [
    path("register/ours/", showing_pages.showings, name="showings"),
    path("register/by/<str:actor>/", actor_pages.actor, name="actor"),
    path("register/export/", export_pages.register_export, name="register_export"),
    path("register/spot-checks/", pages.spot_checks, name="spot_checks"),
    path("register/spot-checks/<int:number>/", pages.spot_check, name="spot_check"),
    path("spot-checks/<int:number>/", pages.explain, name="explain"),
]
