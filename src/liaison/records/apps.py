"""What happens once at start-up: `access` learns which databases there are, the register whose a record is."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The application of records."""

    name = "liaison.records"

    def ready(self) -> None:
        """Declare every database, and how the register learns whose a record is."""
        from liaison.access.catalogue import declare_database
        from liaison.audit.showings import declare_owners
        from liaison.records.databases import all_databases
        from liaison.records.storage import owners_of

        for code, database in all_databases().items():
            declare_database(code, database.title)
        declare_owners(owners_of)
