"""What happens once when Liaison starts: rights say what their notifications say."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The application of rights and restrictions."""

    name = "liaison.access"

    def ready(self) -> None:
        """Declare the kinds of notifications."""
        from liaison.access import telling
        from liaison.notifications.catalogue import declare_kind

        declare_kind("entitlement_granted", telling.describe_granted)
        declare_kind("entitlement_ended", telling.describe_ended)
        declare_kind("agency_admitted", telling.describe_admitted)
        declare_kind("urgent_request", telling.describe_urgent)
        declare_kind("urgent_request_silent", telling.describe_silent)
