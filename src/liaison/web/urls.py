"""The paths of web: home, disclaimer, language, and those pages of allauth that this house uses."""

from allauth.account import views
from django.urls import URLPattern, path
from django.views.generic import TemplateView
from django.views.i18n import set_language

from liaison.web import pages

# Accounts come from a bureau: whoever looks for a sign-up or a mailed link is told whom to ask.
_closed = TemplateView.as_view(template_name="account/signup_closed.html")

urlpatterns: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("language/", set_language, name="set_language"),
    path("accounts/login/", views.login, name="account_login"),
    path("accounts/logout/", views.logout, name="account_logout"),
    path("accounts/inactive/", views.account_inactive, name="account_inactive"),
    path("accounts/password/change/", views.password_change, name="account_change_password"),
    path("accounts/signup/", _closed, name="account_signup"),
    path("accounts/password/reset/", _closed, name="account_reset_password"),
]
