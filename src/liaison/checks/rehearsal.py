"""Ask what nobody asked, and forget the answer, so that the first officer waits no longer than the thousandth.

The first question of a process reads tables, compiles or loads kernels, connects to
the database and remembers the rights: 50 to 200 ms.  A rehearsal has no entry in the
register: nobody asks, and nobody is shown anything.
"""

from datetime import datetime

import structlog

from liaison.access.rules import Asker
from liaison.checks.actions import complete
from liaison.checks.answer import look_up
from liaison.checks.plan import plan_request
from liaison.checks.request import request_from
from liaison.engine.index import Index
from liaison.records.databases import all_databases
from liaison.records.indexing import day_number
from liaison.records.rights import rights_table

# Names that some record is likely to resemble, so that reading and comparing records is rehearsed too.
_NAMES = ("Maria Garcia Lopez", "Mohammed Ahmed Ali", "Andrei Ivanov", "John Smith", "王伟", "محمد علي", "Иван Петров")

log = structlog.get_logger()


def rehearse(index: Index, now: datetime) -> None:
    """Go once through all that a search does, with an index that this process answers with."""
    everybody = frozenset((database, "check") for database in all_databases())
    asker = Asker("rehearsal", agency=0, bureau=0, country="", duty="officer", entitlements=everybody)
    queries = [{"id": f"q{place}", "person": {"name": name, "born": "1984"}} for place, name in enumerate(_NAMES)]
    request = request_from({"purpose": "border", "reference": "REHEARSAL", "queries": queries})
    try:
        table, plans = rights_table(), plan_request(request, now.date())
        complete(plans, look_up(plans, table, asker, index, day_number(now.date())), table, asker, now)
    except Exception as error:  # A door: what fails here fails again where somebody is told.
        log.error("search.rehearsal_failed", reason=type(error).__name__, exc_info=error)
