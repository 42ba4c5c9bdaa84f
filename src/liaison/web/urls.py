"""The paths of web: home, disclaimer, language, and those pages of allauth that this house uses."""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes.views import view_recovery_codes
from allauth.mfa.webauthn.views import login_webauthn, reauthenticate_webauthn
from django.urls import URLPattern, path
from django.views.generic import TemplateView
from django.views.i18n import set_language

from liaison.agencies import national, own_account
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
    # The names are those that allauth's own code asks for.
    path("accounts/reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("accounts/own/", own_account.own_account, name="mfa_index"),
    path("accounts/code/", factors.authenticate, name="mfa_authenticate"),
    path("accounts/code/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/app/add/", own_account.AddApp.as_view(), name="mfa_activate_totp"),
    path("accounts/app/remove/", own_account.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("accounts/passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("accounts/passkey/again/", reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("accounts/passkey/add/", own_account.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("accounts/passkey/<int:pk>/remove/", own_account.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("accounts/recovery-codes/", view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/recovery-codes/new/", own_account.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("accounts/national/", national.again, name="national_again"),
    path("accounts/national/<str:provider_id>/", national.begin, name="openid_connect_login"),
    path("accounts/national/<str:provider_id>/back/", national.come_back, name="openid_connect_callback"),
    path("accounts/signup/", _closed, name="account_signup"),
    path("accounts/password/reset/", _closed, name="account_reset_password"),
]
