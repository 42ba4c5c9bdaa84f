"""What happens once when Liaison starts: rights say what their notifications say."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The application of rights and restrictions."""

    name = "liaison.access"

    def ready(self) -> None:
        """Declare the kinds of notifications."""
        from liaison.access import describing
        from liaison.notifications.catalogue import declare_kind

        declare_kind("entitlement_granted", describing.describe_granted)
        declare_kind("entitlement_ended", describing.describe_ended)
        declare_kind("agency_admitted", describing.describe_admitted)
        declare_kind("urgent_request", describing.describe_urgent)
        declare_kind("urgent_request_silent", describing.describe_silent)
