"""Seal what is personal in the entries that there are; the register is rewritten once, before it is signed."""

from typing import Any

import msgspec
from django.db import migrations, models

_STEP = 1000


def seal_entries(apps: Any, schema_editor: Any) -> None:
    """Seal the words of every entry under the keys of its month and agency."""
    from liaison.audit.sealed import mark, marks, seal

    alias = schema_editor.connection.alias
    entries = apps.get_model("audit", "Entry").objects.using(alias)
    last = 0
    while batch := list(entries.filter(number__gt=last).order_by("number")[:_STEP]):
        for entry in batch:
            words = [entry.reference, entry.searched, entry.shown, entry.detail]
            entry.sealed = seal(msgspec.json.encode(words), entry.at_us, entry.agency)
            entry.reference_mark = mark(entry.reference)
            entry.shown_marks = marks(msgspec.json.decode(entry.shown or "[]", type=list[str]))
        entries.bulk_update(batch, ["sealed", "reference_mark", "shown_marks"], batch_size=90)
        last = batch[-1].number


class Migration(migrations.Migration):
    """Keys, sealed words, and marks in the place of words."""

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PeriodKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.IntegerField()),
                ("agency", models.BigIntegerField()),
                ("sealed", models.BinaryField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("month", "agency"), name="audit_one_key")],
            },
        ),
        migrations.AddField("entry", "sealed", models.BinaryField(default=b""), preserve_default=False),
        migrations.AddField("entry", "reference_mark", models.CharField(max_length=16, default=""), preserve_default=False),
        migrations.AddField("entry", "shown_marks", models.TextField(default=""), preserve_default=False),
        migrations.RunPython(seal_entries, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex("entry", "audit_by_reference"),
        *(migrations.RemoveField("entry", name) for name in ("reference", "searched", "shown", "detail")),
        migrations.AddIndex("entry", models.Index(fields=["reference_mark", "number"], name="audit_by_mark")),
    ]
