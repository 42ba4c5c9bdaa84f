"""What an account or an agency is told: the kind and what it is about, never a text."""

from typing import Any

import msgspec
from django.db import models

from liaison.agencies.models import Agency


class Notification(models.Model):
    """One thing that one inbox is told.

    `inbox` is an actor ("officer:12", "system:3"), or those of an agency who have
    a duty ("agency:5:administrator"): then it is one tray for all of them, and
    whoever reads it has taken it.  `number` grows within an inbox and tells
    nothing of others; `parameters` is JSON: numbers, codes and references, no
    personal data, because what may be shown is decided when it is shown.
    """

    inbox = models.CharField(max_length=48)
    number = models.BigIntegerField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    parameters = models.TextField()
    at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "number"], name="one_number_in_an_inbox")]
        indexes = [
            models.Index(fields=["inbox", "number"], condition=models.Q(read_at=None), name="unread_of_an_inbox")
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.inbox}"

    @property
    def place(self) -> str:
        """Where it lies: the inbox and the number in it, as a form of the list names it."""
        return f"{self.inbox}.{self.number}"

    @property
    def about(self) -> dict[str, Any]:
        """What it is about."""
        return dict(msgspec.json.decode(self.parameters))
