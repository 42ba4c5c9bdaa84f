"""What happens once when Liaison starts: spot checks say what their notifications say."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The application of oversight."""

    name = "liaison.oversight"

    def ready(self) -> None:
        """Declare the kinds of notifications."""
        from liaison.notifications.catalogue import declare_kind
        from liaison.oversight.actions import ANSWERED, ASKED
        from liaison.oversight.describing import describe_answered, describe_asked

        declare_kind(ASKED, describe_asked)
        declare_kind(ANSWERED, describe_answered)
