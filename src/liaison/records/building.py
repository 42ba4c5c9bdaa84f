"""What a process beside the indexer reads to build a part of the index (`engine/beside.py`).

It is imported before Django is ready, so nothing that has models is imported here
but inside functions.
"""

import os
from collections.abc import Sequence

from liaison.engine.types import Item, Removal


def changes_beside(after: int, until: int) -> Sequence[Item | Removal]:
    """Return what `indexing.changes` returns, in a process that knows nothing yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()

    from django.db import connections

    from liaison.records.indexing import changes

    try:
        return changes(after, until)
    finally:
        # The next part may be asked for in an hour, or never.
        connections.close_all()
