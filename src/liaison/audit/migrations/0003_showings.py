"""Say beside the entries that there are which records they showed, and whose these are; index entries by who acted."""

from collections.abc import Iterator
from typing import Any

import django.db.models.deletion
import msgspec
from django.db import connections, migrations, models

_STEP = 1000


def name_owners(apps: Any, schema_editor: Any) -> None:
    """Make the rows of every entry that showed records and can still be read."""
    alias = schema_editor.connection.alias
    entries = apps.get_model("audit", "Entry").objects.using(alias).exclude(shown_marks="")
    showings = apps.get_model("audit", "Showing").objects.using(alias)
    last = 0
    while batch := list(entries.filter(number__gt=last).order_by("number")[:_STEP]):
        shown = {entry: list(dict.fromkeys(_shown(entry))) for entry in batch}
        owners = dict(_owners({reference for references in shown.values() for reference in references}))
        showings.bulk_create(_rows(showings.model, shown, owners), batch_size=_STEP)
        last = batch[-1].number


def _shown(entry: Any) -> list[str]:
    from liaison.audit.sealed import Damaged, Erased, unseal

    try:
        words = msgspec.json.decode(unseal(bytes(entry.sealed), entry.at_us, entry.agency))
    except (Erased, Damaged):
        return []
    return list(msgspec.json.decode(words[2] or "[]"))


def _owners(references: set[str]) -> Iterator[tuple[str, int]]:
    """Yield the owners; the records lie in the other database, and are there where an entry showed one."""
    wanted = sorted(references)
    with connections["default"].cursor() as cursor:
        for start in range(0, len(wanted), _STEP):
            some = wanted[start : start + _STEP]
            marks = ",".join(["%s"] * len(some))
            cursor.execute(f"SELECT reference, owner_id FROM records_record WHERE reference IN ({marks})", some)
            yield from cursor.fetchall()


def _rows(model: Any, shown: dict[Any, list[str]], owners: dict[str, int]) -> Iterator[Any]:
    from liaison.audit.sealed import mark
    from liaison.audit.showings import owner_mark

    for entry, references in shown.items():
        for reference in references:
            yield model(
                entry_id=entry.number, at_us=entry.at_us, owner_mark=owner_mark(owners.get(reference, 0)),
                record_mark=mark(reference),
            )


class Migration(migrations.Migration):
    """A table of what was shown, and an index."""

    dependencies = [("audit", "0002_sealed_words")]

    operations = [
        migrations.CreateModel(
            name="Showing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at_us", models.BigIntegerField()),
                ("owner_mark", models.CharField(max_length=16)),
                ("record_mark", models.CharField(max_length=16)),
                (
                    "entry",
                    models.ForeignKey(
                        db_column="number", db_constraint=False, db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.entry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner_mark", "at_us"], name="audit_shown_by_owner"),
                    models.Index(fields=["record_mark"], name="audit_shown_by_record"),
                ],
            },
        ),
        migrations.AddIndex("entry", models.Index(fields=["actor", "at_us"], name="audit_by_actor")),
        migrations.RunPython(name_owners, migrations.RunPython.noop, elidable=True),
    ]
