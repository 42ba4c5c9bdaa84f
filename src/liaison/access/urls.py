"""The paths of access: rights, restrictions, the admission of bureaux, and the register for those who control it."""

from django.urls import URLPattern, path

from liaison.access import pages, register_pages

urlpatterns: list[URLPattern] = [
    path("access/", pages.entitlements, name="entitlements"),
    path("access/restrictions/", pages.restrictions, name="restrictions"),
    path("agencies/admit/", pages.admit, name="admit"),
    path("register/", register_pages.register, name="register"),
    path("register/<int:number>/", register_pages.entry, name="register_entry"),
]
