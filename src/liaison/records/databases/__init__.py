"""The databases: one module declares one database, and nothing else knows it.

To add a database, add one module here that defines `DATABASE`; it is found by
its file.  `docs/integrator/databases.md` walks through an example.
"""

import importlib
import pkgutil
from functools import cache

from liaison.errors import BadInput
from liaison.lib.suggest import did_you_mean
from liaison.records.databases.base import Database, RecordFields
from liaison.records.identifiers import Key

__all__ = ["Database", "Key", "RecordFields", "all_databases", "database_named"]

_NOT_A_DATABASE = frozenset({"base", "rows", "tests"})


@cache
def all_databases() -> dict[str, Database]:
    """Return every declared database by its code, in alphabetical order."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _NOT_A_DATABASE)
    declared = (importlib.import_module(f"{__name__}.{name}").DATABASE for name in modules)
    return {database.code: database for database in declared}


def database_named(code: str) -> Database:
    """Return the database with this code; raise BadInput with a suggestion otherwise."""
    databases = all_databases()
    if code not in databases:
        hint = did_you_mean(code, databases)
        raise BadInput("unknown-database", f"There is no database {code[:40]!r}. {hint}", at="database", value=code)
    return databases[code]
