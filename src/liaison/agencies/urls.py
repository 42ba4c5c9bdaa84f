"""The paths of agencies."""

from django.urls import URLPattern, path

from liaison.agencies import pages
from liaison.agencies.invitation import Invitation

urlpatterns: list[URLPattern] = [
    path("agencies/", pages.agencies, name="agencies"),
    path("agencies/<int:number>/", pages.agency, name="agency"),
    path("accounts/invitation/<uidb64>/<token>/", Invitation.as_view(), name="invitation"),
]
