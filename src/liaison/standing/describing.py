"""Say what a standing check told, to whoever reads it now and under the rights of now.

The notification holds references only.  A record that may no longer be seen, or
is no longer there, is not named: both are one answer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaison.access.grants import grant
from liaison.access.queries import asker_of_actor
from liaison.access.rules import Asker, decide_database
from liaison.agencies.models import Agency
from liaison.errors import NotSignedIn
from liaison.notifications.catalogue import Line, Shown
from liaison.notifications.rules import Reader
from liaison.records.databases import all_databases
from liaison.records.describing import language_of
from liaison.records.storage import Stored, read_reference
from liaison.standing.models import StandingCheck
from liaison.standing.words import QUESTIONS, kind_of, question_words


def describe_matches(reader: Reader, about: Sequence[Mapping[str, Any]], now: datetime) -> Sequence[Shown]:
    """Return each match as the reader may see it now."""
    asker, rows = _asker(reader, now), _rows(reader, about)
    sources = dict(Agency.objects.values_list("pk", "name"))
    countries = dict(Agency.objects.values_list("pk", "country"))
    shown = []
    for one in about:
        row = rows.get(one["standing_check"])
        stored = _readable(asker and asker.for_purpose(row.purpose if row else ""), one, now)
        if stored is None or asker is None:
            shown.append(_gone(one, row))
        else:
            language = language_of(countries.get(stored.owner, ""))
            shown.append(_match(one, stored, row, asker, (sources.get(stored.owner, ""), language)))
    return shown


def describe_cuts(reader: Reader, about: Sequence[Mapping[str, Any]], now: datetime) -> Sequence[Shown]:  # noqa: ARG001
    """Return each notice that a standing check found more than is told in a day."""
    rows = _rows(reader, about)
    return [
        Shown(
            title=_("More than %(most)s records of one day fit your standing check: the others were not told")
            % {"most": one["most"]},
            lines=(*_about(rows.get(one["standing_check"])),
                   Line(_("What to do"), _("Make a check now, and set a standing check that says more."))),
            link=reverse("standing_check", args=[one["standing_check"]]) if one["standing_check"] in rows else "",
            link_text=_("Open the standing check"),
            data={"standing_check": one["standing_check"]},
        )
        for one in about
    ]  # fmt: skip


def _asker(reader: Reader, now: datetime) -> Asker | None:
    try:
        return asker_of_actor(reader.actor, now)
    except NotSignedIn:
        return None


def _rows(reader: Reader, about: Sequence[Mapping[str, Any]]) -> dict[str, StandingCheck]:
    names = {one["standing_check"] for one in about}
    return {row.id: row for row in StandingCheck.objects.filter(actor=reader.actor, pk__in=names)}


def _readable(asker: Asker | None, one: Mapping[str, Any], now: datetime) -> Stored | None:
    """Return the record if a check by this asker may find it now."""
    if asker is None or not decide_database(asker, "check", one["database"]).is_allowed:
        return None
    stored = read_reference(grant(asker, "check", one["database"]), one["record"], now.date())
    return stored if stored and stored.state == "active" else None


def _match(
    one: Mapping[str, Any], stored: Stored, row: StandingCheck | None, asker: Asker, source: tuple[str, str]
) -> Shown:
    name, language = source
    fields = stored.fields
    may_read = decide_database(asker, "read", stored.database).is_allowed
    titles = {
        "new": _("A record fits your standing check"),
        "stronger": _("A record fits your standing check better than before"),
        "changed": _("A record that fits your standing check has changed"),
    }
    return Shown(
        title=titles[one["why"]],
        headline=all_databases()[stored.database].headline(fields),
        lines=(
            Line(_("Match"), one["strength"], "strength"), Line(_("Database"), stored.database, "database"),
            Line(_("Source"), name), *_about(row), Line(_("Record"), stored.reference, ltr=True),
            Line(_("Register entry"), str(one["entry"]), ltr=True),
        ),
        warnings={
            "warning_markers": fields.warning_markers, "action_to_be_taken": fields.action_to_be_taken,
            "special_conditions": fields.special_conditions, "source_language": language,
        },
        link=f"{reverse('record', args=[stored.reference])}?check={one['entry']}" if may_read else "",
        link_text=_("Open the full record"),
        data={
            "standing_check": one["standing_check"], "why": one["why"], "strength": one["strength"],
            "record": stored.reference, "database": stored.database, "source": name, "check": one["entry"],
            "name": all_databases()[stored.database].headline(fields), "warning_markers": fields.warning_markers,
            "action_to_be_taken": fields.action_to_be_taken, "special_conditions": fields.special_conditions,
        },
    )  # fmt: skip


def _gone(one: Mapping[str, Any], row: StandingCheck | None) -> Shown:
    return Shown(
        title=_("You were told of a record at this time; you cannot see it now"),
        lines=_about(row),
        data={"standing_check": one["standing_check"]},
    )


def _about(row: StandingCheck | None) -> tuple[Line, ...]:
    """Return what the reader asked for; nothing once the standing check is erased."""
    if row is None:
        return ()
    kind = str(QUESTIONS[kind_of(row.query)])
    return (
        Line(_("You asked for"), f"{kind}: {question_words(row.query)}"),
        Line(_("Your reference"), row.reference),
    )
