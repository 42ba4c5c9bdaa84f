"""What happens once when Liaison starts: standing checks say what their notifications say."""

from django.apps import AppConfig


class StandingConfig(AppConfig):
    """The application of standing checks."""

    name = "liaison.standing"

    def ready(self) -> None:
        """Declare the kinds of notifications."""
        from liaison.notifications.catalogue import declare_kind
        from liaison.standing.describing import describe_cuts, describe_matches

        declare_kind("standing_check_match", describe_matches)
        declare_kind("standing_check_cut", describe_cuts)
