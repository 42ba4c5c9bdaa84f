"""The paths of access: rights, restrictions, the admission of bureaux, and the register for those who control it."""

from django.urls import URLPattern, path

from liaison.access import explaining_pages, log_pages, pages, register_pages, urgent_pages

urlpatterns: list[URLPattern] = [
    path("access/", pages.entitlements, name="entitlements"),
    path("access/restrictions/", pages.restrictions, name="restrictions"),
    path("access/urgent/", urgent_pages.urgent_requests, name="urgent"),
    path("access/agencies/<int:number>/", explaining_pages.agency_rights, name="agency_rights"),
    path("agencies/admit/", pages.admit, name="admit"),
    path("agencies/admit/organisation/", pages.admit_organisation, name="admit_organisation"),
    path("api/rights", explaining_pages.rights, name="api_rights"),
    path("api/log/checkpoint", log_pages.checkpoint, name="log_checkpoint"),
    path("api/log/tile/<path:path>", log_pages.tile, name="log_tile"),
    path("register/", register_pages.register, name="register"),
    path("register/<int:number>/", register_pages.entry, name="register_entry"),
]
