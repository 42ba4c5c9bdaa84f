"""Agencies, their officers, their systems, and the keys of systems."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from liaison.agencies.arrivals import NO_BOUNDS, Bounds
from liaison.agencies.rules import Terms


class Agency(models.Model):
    """A body that takes part: `bureau` answers for all that its country records (RPD 1(6), 5(5)).

    A national entity stands under its bureau, which alone authorises it (RPD 21).
    """

    class Kind(models.TextChoices):
        BUREAU = "bureau"
        GENERAL_SECRETARIAT = "general_secretariat"
        NATIONAL_ENTITY = "national_entity"
        INTERNATIONAL_ENTITY = "international_entity"

    kind = models.CharField(max_length=24, choices=Kind.choices)
    name = models.CharField(max_length=120, unique=True)
    country = models.CharField(max_length=2, blank=True)
    bureau = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="entities")
    admitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["country"], condition=Q(kind="bureau", closed_at=None), name="one_bureau_per_country"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="general_secretariat"), name="one_general_secretariat"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def answering_bureau_id(self) -> int:
        """Number of the bureau that answers for this agency: its own, when it is one."""
        return self.bureau_id or self.pk

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more part: closed itself, or with the bureau that answers for it."""
        return bool(self.closed_at or (self.bureau and self.bureau.closed_at))


class OfficerManager(BaseUserManager["Officer"]):
    """Find officers by their e-mail address, in any case."""

    def get_by_natural_key(self, username: str | None) -> "Officer":
        """Return the officer who signs in with this address."""
        return self.get(email__iexact=username)


class Officer(AbstractBaseUser):
    """A named person of an agency; there are no shared accounts (RPD 111).

    No account both administers and reads records, hence one duty per account.
    """

    class Duty(models.TextChoices):
        OFFICER = "officer"
        ADMINISTRATOR = "administrator"
        AUDITOR = "auditor"

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="officers")
    duty = models.CharField(max_length=16, choices=Duty.choices, default=Duty.OFFICER)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # Who opened the account anew: of its two locks, nobody opens both (`rules.may_open_lock`).
    password_ended_by = models.CharField(max_length=32, blank=True, default="")
    factors_ended_by = models.CharField(max_length=32, blank=True, default="")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = OfficerManager()

    class Meta:
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def actor(self) -> str:
        """The officer's name in the register of processing."""
        return f"officer:{self.pk}"


class System(models.Model):
    """A named machine client of an agency: a border gate, a national police system."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="systems")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="one_system_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """The system's name in the register of processing."""
        return f"system:{self.pk}"


class Key(models.Model):
    """A key of a system: shown once, kept only as its SHA-256.

    `purpose` and `reference` are those of checks through the doors of `exchange`; a key without them makes none there.
    What is demanded of whoever comes with it: `networks` (CIDR, by spaces), `certificate` (SHA-256, hex), `per_minute`
    (0: any number of requests), `names_officer` (each request says for whom).
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="keys")
    digest = models.BinaryField(max_length=32, unique=True)
    label = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    purpose = models.CharField(max_length=32, blank=True, default="")
    reference = models.CharField(max_length=200, blank=True, default="")
    networks = models.TextField(blank=True, default="")
    certificate = models.CharField(max_length=64, blank=True, default="")
    per_minute = models.IntegerField(default=0)
    names_officer = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.label}…"

    @property
    def terms(self) -> Terms:
        """Purpose and reference of checks through doors whose requests say neither."""
        return Terms(self.purpose, self.reference)

    @property
    def bounds(self) -> Bounds:
        """What is demanded of whoever comes with the key."""
        found = Bounds(tuple(self.networks.split()), self.certificate, self.per_minute, self.names_officer)
        return NO_BOUNDS if found == NO_BOUNDS else found


class RightsVersion(models.Model):
    """One row that counts every change of agencies and rights, so that whoever keeps a copy sees it is old."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def bump(cls) -> None:
        """Count one change; inside the transaction that makes it."""
        if not cls.objects.filter(pk=1).update(number=models.F("number") + 1):
            cls.objects.create(pk=1, number=1)
