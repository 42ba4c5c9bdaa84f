"""The paths of access: rights, restrictions, the admission of bureaux, and the register for those who control it."""

from django.urls import URLPattern, path

from liaison.access import log_pages, pages, register_pages

urlpatterns: list[URLPattern] = [
    path("access/", pages.entitlements, name="entitlements"),
    path("access/restrictions/", pages.restrictions, name="restrictions"),
    path("agencies/admit/", pages.admit, name="admit"),
    path("api/log/checkpoint", log_pages.checkpoint, name="log_checkpoint"),
    path("api/log/tile/<path:path>", log_pages.tile, name="log_tile"),
    path("register/", register_pages.register, name="register"),
    path("register/<int:number>/", register_pages.entry, name="register_entry"),
]
