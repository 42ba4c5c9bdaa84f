"""Empty the databases between tests without making Django's permissions and content types anew.

Nobody here asks for them, and making them takes a quarter of the time of a test that
writes to a database.
"""

from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate


def pytest_sessionstart() -> None:
    """Run after pytest-django has set Django up."""
    post_migrate.disconnect(create_permissions, dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
