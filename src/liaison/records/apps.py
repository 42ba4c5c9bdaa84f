"""What happens once when Liaison starts: the databases make themselves known to `access`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The application of records."""

    name = "liaison.records"

    def ready(self) -> None:
        """Declare every database."""
        from liaison.access.catalogue import declare_database
        from liaison.records.databases import all_databases

        for code, database in all_databases().items():
            declare_database(code, database.title)
