"""Everything that can be set: the environment becomes frozen values, and the half-valid is refused.

`SETTINGS` is the documented table (`docs/operator/settings.md`; a test compares
them).  A variable that begins with LIAISON_ and is not in the table is an
error, because a mistyped setting that is silently ignored is a wrong setting.
The second half of the module is what Django wants to know.
"""

import os
import secrets
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from liaison.lib.files import write_once
from liaison.lib.identity_providers import IdentityProvider, read_identity_providers
from liaison.lib.suggest import did_you_mean
from liaison.lib.tlog.witnessing import WitnessAt, read_witnesses


class Setting(NamedTuple):
    """One environment variable: its name, its default as written, what it means."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("LIAISON_HOME", "var", "Folder of everything that is kept: databases, index, keys."),
    Setting("LIAISON_DATABASE_URL", "", "Empty for SQLite in the home, or postgresql://user:password@host:port/name."),
    Setting("LIAISON_SECRET_KEY", "", "Key that signs sessions and links; drawn into the home when empty."),
    Setting("LIAISON_NAME", "Liaison", "Name of the installation, shown on every page."),
    Setting("LIAISON_HOSTS", "localhost,127.0.0.1,[::1]", "Host names that the service answers to, by commas."),
    Setting("LIAISON_ADDRESS", "http://localhost:8000", "Address that people use; one-time links begin with it."),
    Setting("LIAISON_BEHIND_PROXY", "no", "yes when a reverse proxy sets X-Forwarded-Proto and X-Forwarded-For."),
    Setting("LIAISON_PROXY_SECRET", "", "What the proxy sends as X-Proxy-Secret, so that nobody else is believed."),
    Setting("LIAISON_LOG_LEVEL", "info", "debug, info, warning or error."),
    Setting("LIAISON_SEARCH_PROCESSES", "2", "Processes that search for persons, to 64; 0: threads of the service."),
    Setting("LIAISON_MAX_FEED_BYTES", "21474836480", "Largest feed after decompression, in bytes."),
    Setting("LIAISON_STANDING_CHECKS_PER_ACCOUNT", "200", "Standing checks that an account may have at a time."),
    Setting("LIAISON_STANDING_CHECKS_PER_BUREAU", "5000", "The same for a bureau with all its entities."),
    Setting("LIAISON_STANDING_CHECK_DAYS", "365", "Longest time from today to the last day of a standing check."),
    Setting("LIAISON_NOTIFICATION_DAYS", "90", "Days that notifications, and ended standing checks, are kept."),
    Setting("LIAISON_IDLE_MINUTES", "30", "Minutes without a click after which a session on the pages ends."),
    Setting("LIAISON_REGISTER_DAYS", "1096", "Days after which what is personal in the register is erased."),
    Setting("LIAISON_SPOT_CHECK_PERCENT", "1", "Of 100 checks so many are drawn by chance for auditors, 0 to 100."),
    Setting("LIAISON_SPOT_CHECKS_A_DAY", "5", "Most drawn a day of an agency's officers, and of its systems as many."),
    Setting("LIAISON_WITNESSES", "", "Who cosigns the log of the register: KEY ADDRESS for each, by commas."),
    Setting("LIAISON_IDENTITY_PROVIDERS", "", "JSON file of the countries whose own sign-in is taken here."),
    Setting("LIAISON_API_KEY", "", "Key that the command line uses when none is named."),
    Setting("LIAISON_URL", "", "Address of a Liaison service; empty means the home on this machine."),
)


def _read_environment() -> dict[str, str]:
    """Return every setting as text; refuse a LIAISON_ variable that nobody knows."""
    known = {setting.name: setting.default for setting in SETTINGS}
    for name in os.environ:
        if name.startswith("LIAISON_") and name not in known:
            hint = did_you_mean(name, known, beginning="LIAISON_")
            raise ImproperlyConfigured(f"There is no setting {name}. {hint}")
    return {name: os.environ.get(name, default) for name, default in known.items()}


def _whole_number(name: str, low: int, high: int) -> int:
    text = ENVIRONMENT[name]
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ImproperlyConfigured(f"{name} is {text!r}: give a whole number from {low} to {high}.")
    return int(text)


def _one_of(name: str, *allowed: str) -> str:
    text = ENVIRONMENT[name].lower()
    if text not in allowed:
        raise ImproperlyConfigured(f"{name} is {text!r}: give one of {', '.join(allowed)}.")
    return text


def _witnesses(name: str) -> tuple[WitnessAt, ...]:
    try:
        return read_witnesses(ENVIRONMENT[name])
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from None


def _identity_providers(name: str) -> tuple[IdentityProvider, ...]:
    try:
        return read_identity_providers(ENVIRONMENT[name])
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from None


def _http_address(name: str) -> str:
    text = ENVIRONMENT[name].rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise ImproperlyConfigured(f"{name} is {text!r}: give http:// or https://, a host and nothing behind it.")
    return text


def _databases(url: str, home: Path) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: two SQLite files, or one PostgreSQL database.

    On SQLite the register has a file of its own, so that a bulk feed that holds
    the write lock of the records never delays a check.
    """
    if not url:
        return {"default": _sqlite(home / "liaison.sqlite3"), "register": _sqlite(home / "register.sqlite3")}
    parts = urlsplit(url)
    if parts.scheme != "postgresql" or not parts.hostname or len(parts.path) < 2:
        raise ImproperlyConfigured("LIAISON_DATABASE_URL: write postgresql://user:password@host:port/name.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(options.keys() - {"sslmode", "sslrootcert", "sslcert", "sslkey"}):
        raise ImproperlyConfigured(f"LIAISON_DATABASE_URL: {unknown[0]} is no option: sslmode, sslrootcert, sslcert, "
                                   "sslkey are.")  # fmt: skip
    # Elsewhere the database proves who it is, unless somebody said how else: what it holds must not pass in the clear.
    if parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        options = {"sslmode": "verify-full", "sslrootcert": "system"} | options
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname,
            "PORT": parts.port or 5432,
            "OPTIONS": options,
            "CONN_MAX_AGE": None,
        }
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": str(path.with_suffix(".test.sqlite3"))},
        "OPTIONS": {
            "timeout": 30,
            # A write transaction takes its lock at once: it never fails half-way because another came between.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
        },
    }


def _secret_key(home: Path) -> str:
    """Return the set key, or the one that lies in the home, drawing it the first time."""
    if ENVIRONMENT["LIAISON_SECRET_KEY"]:
        return ENVIRONMENT["LIAISON_SECRET_KEY"]
    path = home / "secret.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        write_once(path, secrets.token_urlsafe(50))
    if key := path.read_text(encoding="ascii").strip():
        return key
    raise ImproperlyConfigured(f"{path} is empty: bring it back from a backup, or remove it to have a new one drawn.")


ENVIRONMENT = _read_environment()
LIAISON_HOME = Path(ENVIRONMENT["LIAISON_HOME"]).absolute()
LIAISON_NAME = ENVIRONMENT["LIAISON_NAME"]
LIAISON_ADDRESS = _http_address("LIAISON_ADDRESS")
LIAISON_BEHIND_PROXY = _one_of("LIAISON_BEHIND_PROXY", "yes", "no") == "yes"
LIAISON_PROXY_SECRET = ENVIRONMENT["LIAISON_PROXY_SECRET"]
LIAISON_LOG_LEVEL = _one_of("LIAISON_LOG_LEVEL", "debug", "info", "warning", "error")
LIAISON_SEARCH_PROCESSES = _whole_number("LIAISON_SEARCH_PROCESSES", 0, 64)
LIAISON_MAX_FEED_BYTES = _whole_number("LIAISON_MAX_FEED_BYTES", 1024, 2**50)
LIAISON_STANDING_CHECKS_PER_ACCOUNT = _whole_number("LIAISON_STANDING_CHECKS_PER_ACCOUNT", 0, 100_000)
LIAISON_STANDING_CHECKS_PER_BUREAU = _whole_number("LIAISON_STANDING_CHECKS_PER_BUREAU", 0, 1_000_000)
LIAISON_STANDING_CHECK_DAYS = _whole_number("LIAISON_STANDING_CHECK_DAYS", 1, 3650)
LIAISON_NOTIFICATION_DAYS = _whole_number("LIAISON_NOTIFICATION_DAYS", 1, 3650)
LIAISON_IDLE_MINUTES = _whole_number("LIAISON_IDLE_MINUTES", 1, 720)
LIAISON_REGISTER_DAYS = _whole_number("LIAISON_REGISTER_DAYS", 31, 36500)
LIAISON_SPOT_CHECK_PERCENT = _whole_number("LIAISON_SPOT_CHECK_PERCENT", 0, 100)
LIAISON_SPOT_CHECKS_A_DAY = _whole_number("LIAISON_SPOT_CHECKS_A_DAY", 0, 1000)
LIAISON_WITNESSES = _witnesses("LIAISON_WITNESSES")
LIAISON_IDENTITY_PROVIDERS = _identity_providers("LIAISON_IDENTITY_PROVIDERS")
LIAISON_API_KEY = ENVIRONMENT["LIAISON_API_KEY"]
LIAISON_URL = ENVIRONMENT["LIAISON_URL"]

# From here on: what Django, allauth and the others read.
SECRET_KEY = _secret_key(LIAISON_HOME)
DEBUG = False
ALLOWED_HOSTS = [host for host in ENVIRONMENT["LIAISON_HOSTS"].split(",") if host]
ROOT_URLCONF = "liaison.urls"
WSGI_APPLICATION = None
DATABASES = _databases(ENVIRONMENT["LIAISON_DATABASE_URL"], LIAISON_HOME)
DATABASE_ROUTERS = ["liaison.audit.router.RegisterRouter"]
REGISTER_ALIAS = "register" if "register" in DATABASES else "default"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "agencies.Officer"

INSTALLED_APPS = [
    "liaison.web",
    "liaison.audit",
    "liaison.agencies",
    "liaison.notifications",
    "liaison.access",
    "liaison.records",
    "liaison.checks",
    "liaison.standing",
    "liaison.oversight",
    "liaison.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "liaison.web.bodies.BodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "liaison.agencies.idle.IdleMiddleware",
    "liaison.agencies.second_factor.SecondFactorMiddleware",
    "liaison.web.languages.OfficerLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "liaison.web.problems.ProblemMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "liaison.web.context.page_frame",
            ]
        },
    }
]
FORM_RENDERER = "liaison.web.forms.LiaisonRenderer"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("pl", "Polski"), ("ar", "العربية")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
FORMAT_MODULE_PATH = "liaison.web.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
# Files are served from the package itself, so that nothing has to be collected before the first start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

PASSWORD_HASHERS = ["liaison.agencies.hashing.BoundedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "liaison.agencies.passwords.EasyPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["liaison.agencies.accounts.OpenAccounts"]
# How long the one-time link of an invitation works.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
ACCOUNT_ADAPTER = "liaison.agencies.accounts.ClosedAccounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Of one address, whatever account it tries; wrong attempts on one account are counted by `agencies.attempts`.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/15m/ip"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# An act that could do harm wants somebody who has shown who they are within this time.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
MFA_ADAPTER = "liaison.agencies.second_factor.SecondFactors"
MFA_FORMS = {
    "authenticate": "liaison.agencies.factor_forms.CodeForm",
    "reauthenticate": "liaison.agencies.factor_forms.CodeAgainForm",
    "activate_totp": "liaison.agencies.factor_forms.AuthenticatorAppForm",
    "add_webauthn": "liaison.agencies.factor_forms.PasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_ISSUER = LIAISON_NAME
# Clocks of telephones differ: the code before and the one after are taken too, each once.
MFA_TOTP_PERIOD = 30
MFA_TOTP_TOLERANCE = 1
# Browsers offer passkeys to https and to the own machine only; so does this.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LIAISON_ADDRESS.startswith("http://")
SOCIALACCOUNT_ADAPTER = "liaison.agencies.national.NationalAccounts"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": one.key, "name": one.name, "client_id": one.client_id, "secret": one.secret,
                "settings": {"server_url": one.server},
            }
            for one in LIAISON_IDENTITY_PROVIDERS
        ],
    }
}  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# Failed log-ins are counted in the database, so that a restart does not forget them; beside so many rows that
# nobody pushes out the count of an account by trying others.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
# What pages say after an act may name a person: it waits in the session, not in the browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# From signing in to the end, however much somebody does; `agencies.idle` ends it sooner where nobody does anything.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LIAISON_ADDRESS.startswith("https://")
# A browser sends a cookie of such a name to this host alone, and takes it from nobody else.
_COOKIE = "__Host-liaison-{}" if SESSION_COOKIE_SECURE else "liaison-{}"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = _COOKIE.format("session"), _COOKIE.format("csrf")
LIAISON_KNOWN_COOKIE, LANGUAGE_COOKIE_NAME = _COOKIE.format("known"), _COOKIE.format("language")
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = SESSION_COOKIE_SECURE, True, "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [LIAISON_ADDRESS]
# A form of entry that was open too long comes back with what was typed.
CSRF_FAILURE_VIEW = "liaison.web.pages.not_our_form"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if LIAISON_ADDRESS.startswith("https://") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if LIAISON_BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if LIAISON_BEHIND_PROXY else 0
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        # Browsers ask this of where a form leads in the end, too.
        "form-action": ["'self'", *(one.origin for one in LIAISON_IDENTITY_PROVIDERS)],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# No file comes in but where `BodyMiddleware` lets it.
FILE_UPLOAD_HANDLERS = ["liaison.web.bodies.NoFiles"]
# What is uploaded is police data: it waits in the home, not in a folder that everybody on the machine shares.
FILE_UPLOAD_TEMP_DIR = LIAISON_HOME
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS: list[str] = []
