"""Who is told of what, once, and under which rights."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from liaison.access.actions import end_entitlement, lift_restriction, restrict_source
from liaison.access.models import Entitlement
from liaison.access.requests import acting
from liaison.agencies.actions import close_officer, revoke_key
from liaison.agencies.models import Key
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.records.actions import change_state
from liaison.records.indexing import last_sequence
from liaison.standing import telling
from liaison.standing.actions import end_standing_check, extend_standing_check
from liaison.standing.matching import Questions
from liaison.standing.models import Place, Told
from liaison.standing.telling import Overtaken, look, tell
from liaison.standing.tests.asking import compare_all, shown, standing_check, told
from tests.cast import House, Member, a_passport, a_person, a_vehicle, feed, feed_accepted

NAME = "Oksana Tverdokhlib"
BORN: dict[str, Any] = {"born": ["1984-02-29"]}


def kinds(member: Member) -> list[str]:
    return [one.about["why"] for one in told(member)]


def test_what_is_fed_later_is_told_once_with_its_entry_in_the_register(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    standing_check(warsaw_officer.asker)

    (record,) = feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    compare_all()
    compare_all()

    (one,) = told(warsaw_officer)
    entry = Entry.objects.get(number=one.about["entry"])
    assert (entry.event, entry.actor, entry.purpose) == ("standing_check_told", warsaw_officer.officer.actor, "locate")
    assert (entry.reference, entry.shown_references, entry.database) == ("CASE-7", [record], "nominal")
    assert entry.searched_data == [{"person": {"name": NAME, "born": "1984-02-29"}}]


def test_what_was_recorded_before_is_answered_at_once_and_not_told(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))

    created = standing_check(warsaw_officer.asker)
    compare_all()

    assert created.answer.results[0].outcome == "matches"
    assert told(warsaw_officer) == []


def test_a_record_committed_while_the_comparing_was_further_is_told_all_the_same(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    """The comparing reads the records; the check of the moment reads an index that may be a moment behind."""
    # given a comparing that has gone past everything
    standing_check(warsaw_officer.asker, {"vehicle": {"plate": "WA 1"}})
    feed_accepted(nairobi_feeder, "nominal", a_person("Somebody Else"))
    compare_all()
    place = Place.objects.get().sequence

    # when a standing check begins from an earlier place
    created = standing_check(warsaw_officer.asker)

    # then nothing between is passed over
    assert created.standing_check.since <= place
    assert Place.objects.get().sequence == created.standing_check.since


@pytest.mark.parametrize(
    ("query", "database", "row"),
    [
        ({"document": {"number": "9ZZL00001", "issuer": "KE"}}, "travel_documents", a_passport("9ZZL00001", "KE")),
        ({"vehicle": {"vin": "1M8GDM9AXKP042788"}}, "vehicles", a_vehicle("1M8GDM9AXKP042788")),
        ({"person": {"name": "Oksana Tverdohlib"}}, "nominal", a_person(NAME)),
        ({"person": {"name": "Оксана Твердохліб", "born": "1984"}}, "nominal", a_person(NAME, **BORN)),
        ({"organisation": {"name": "Blue Heron Trading"}}, "nominal",
         a_person("Blue Heron Trading Ltd", kind="organisation", status=None)),
        ({"vessel": {"name": "Marigold Star"}}, "vessels",
         {"source_reference": "S/1", "purpose": ["locate"], "name": "Marigold Star", "imo": "9074729"}),
    ],
)  # fmt: skip
def test_every_kind_of_question_is_put_to_what_is_fed(
    query: dict[str, Any], database: str, row: dict[str, Any], warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    standing_check(warsaw_officer.asker, query)

    feed_accepted(nairobi_feeder, database, {name: value for name, value in row.items() if value is not None})
    compare_all()

    assert kinds(warsaw_officer) == ["new"]


def test_the_record_of_somebody_else_is_not_told(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    standing_check(warsaw_officer.asker)

    feed_accepted(nairobi_feeder, "nominal", a_person("Baraka Ndurumo", born=["1991"]))
    compare_all()

    assert told(warsaw_officer) == []


def test_a_version_that_says_the_same_is_not_told_again(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    standing_check(warsaw_officer.asker)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    compare_all()

    feed(nairobi_feeder, "nominal", a_person(NAME, **BORN, relevance="Seen at a station"))
    compare_all()

    assert kinds(warsaw_officer) == ["new"]


def test_a_match_that_got_stronger_or_says_something_else_is_told_again(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    standing_check(warsaw_officer.asker, {"person": {"name": NAME, "born": "1984-02-29", "nationality": ["UA"]}})
    known = {**BORN, "nationalities": ["UA"]}
    feed(nairobi_feeder, "nominal", a_person(NAME, "P/1", born=["1984"], nationalities=["UA"]))
    compare_all()

    feed(nairobi_feeder, "nominal", a_person(NAME, "P/1", **known))
    compare_all()
    feed(nairobi_feeder, "nominal", a_person(NAME, "P/1", **known, warning_markers=["armed"]))
    compare_all()

    assert kinds(warsaw_officer) == ["new", "stronger", "changed"]
    assert Told.objects.count() == 1


def test_a_record_that_was_withdrawn_and_is_fed_again_is_new(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    standing_check(warsaw_officer.asker)
    (record,) = feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    compare_all()
    change_state(nairobi_feeder.asker, record, "withdraw", "It was an error", timezone.now())
    compare_all()

    feed(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    compare_all()

    assert kinds(warsaw_officer) == ["new", "new"]


def test_an_expired_record_is_not_told_and_one_that_is_recorded_anew_is(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    today = timezone.now()
    later = today + timedelta(days=10)
    standing_check(warsaw_officer.asker)
    row = a_person(NAME, **BORN)
    feed_accepted(nairobi_feeder, "nominal", row | {"expires_on": str((today + timedelta(days=2)).date())})

    compare_all(later)
    nothing = told(warsaw_officer)
    feed(nairobi_feeder, "nominal", row, now=later)
    compare_all(later)

    assert nothing == []
    assert kinds(warsaw_officer) == ["new"]


def test_a_blocked_record_is_not_told(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    standing_check(warsaw_officer.asker)
    (record,) = feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    change_state(nairobi_feeder.asker, record, "block", "In doubt", timezone.now())

    compare_all()

    assert told(warsaw_officer) == []


def test_a_record_that_is_restricted_is_told_when_a_version_lifts_that(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    standing_check(warsaw_officer.asker)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN, restricted_against=["PL"]))
    compare_all()
    nothing = told(warsaw_officer)

    feed(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    compare_all()

    assert nothing == []
    assert kinds(warsaw_officer) == ["new"]


def test_what_a_source_keeps_from_the_bureau_is_not_told_and_neither_is_the_lifting(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    """A right that changes is no version: who could see by then what was hidden would learn that it was."""
    standing_check(warsaw_officer.asker)
    by, now = acting(nairobi_feeder.asker), timezone.now()
    kept = restrict_source(nairobi_feeder.agency, "nominal", warsaw_officer.agency, by=by, now=now)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    compare_all()

    lift_restriction(kept, by=by, now=now)
    compare_all()

    assert told(warsaw_officer) == []


def test_a_record_of_the_own_bureau_is_told_like_any_other(warsaw_officer: Member) -> None:
    standing_check(warsaw_officer.asker)

    feed_accepted(warsaw_officer, "nominal", a_person(NAME, **BORN))
    compare_all()

    assert kinds(warsaw_officer) == ["new"]


def test_who_has_lost_the_right_is_not_told(border_officer: Member, nairobi_feeder: Member) -> None:
    standing_check(border_officer.asker)
    for right in Entitlement.objects.filter(agency=border_officer.agency, database="nominal"):
        end_entitlement(right, by=OPERATOR, now=timezone.now())

    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    compare_all()

    assert told(border_officer) == []


def test_a_right_that_is_lost_between_comparing_and_telling_stops_the_telling(
    border_officer: Member, nairobi_feeder: Member
) -> None:
    # given a step that has compared
    standing_check(border_officer.asker)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    questions, now, place = Questions(), timezone.now(), Place.objects.get()
    questions.refresh(place.revision, now.date())
    done = look(questions, place.sequence, last_sequence(), now)
    assert len(done.found) == 1

    # when the right ends before it tells
    for right in Entitlement.objects.filter(agency=border_officer.agency, database="nominal"):
        end_entitlement(right, by=OPERATOR, now=now)

    # then nothing is told, and the step begins again
    with pytest.raises(Overtaken):
        tell(done, now)
    compare_all()
    assert told(border_officer) == []
    assert not Entry.objects.filter(event="standing_check_told").exists()
    assert Place.objects.get().sequence == last_sequence()


def test_a_closed_account_is_not_told(house: House, nairobi_feeder: Member) -> None:
    officer = house.member("leaving_officer", house.bureau("PL"))
    standing_check(officer.asker)
    close_officer(officer.officer, by=OPERATOR, now=timezone.now())

    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    compare_all()

    assert told(officer) == []


def test_a_system_is_told_while_one_of_its_keys_holds(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    standing_check(warsaw_officer.system)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, "P/1", **BORN))
    compare_all()
    actor = warsaw_officer.system
    revoke_key(Key.objects.get(), by=OPERATOR, now=timezone.now())

    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, "P/2", **BORN))
    compare_all()

    assert Entry.objects.filter(event="standing_check_told", actor=actor.actor).count() == 1
    assert told(warsaw_officer) == []


def test_after_its_end_or_its_last_day_nothing_is_told(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    now = timezone.now()
    ended = standing_check(warsaw_officer.asker).standing_check
    standing_check(warsaw_officer.asker, days=2, reference="CASE-8")
    end_standing_check(warsaw_officer.asker, ended.id, now)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))

    compare_all(now + timedelta(days=3))

    assert told(warsaw_officer) == []


def test_the_last_day_itself_counts_and_an_extended_one_goes_on(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    now = timezone.now()
    created = standing_check(warsaw_officer.asker, days=2)
    standing_check(warsaw_officer.asker, days=3, reference="CASE-8")
    extend_standing_check(
        warsaw_officer.asker, created.standing_check.id, str((now + timedelta(days=5)).date()), "Still missing", now
    )
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))

    compare_all(now + timedelta(days=3))

    assert len(told(warsaw_officer)) == 2


def test_a_crash_between_comparing_and_telling_loses_nothing_and_doubles_nothing(
    warsaw_officer: Member, nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a telling that breaks off after the register was written
    standing_check(warsaw_officer.asker)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    before = Place.objects.get().sequence
    with monkeypatch.context() as broken:
        broken.setattr(telling, "put_into_inboxes", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            compare_all()

    # then nothing of it is there but the entry, which the register never takes back
    assert (Place.objects.get().sequence, Told.objects.count(), told(warsaw_officer)) == (before, 0, [])

    # and the next process does it
    compare_all()
    assert kinds(warsaw_officer) == ["new"]


def test_of_two_workers_that_compare_the_same_versions_one_tells(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    standing_check(warsaw_officer.asker)
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))
    now, place, first, second = timezone.now(), Place.objects.get(), Questions(), Questions()
    first.refresh(place.revision, now.date())
    second.refresh(place.revision, now.date())
    found = [look(one, place.sequence, last_sequence(), now) for one in (first, second)]

    tell(found[0], now)
    with pytest.raises(Overtaken):
        tell(found[1], now)

    assert kinds(warsaw_officer) == ["new"]
    assert Entry.objects.filter(event="standing_check_told").count() == 1


def test_a_step_that_finds_much_ends_earlier(
    warsaw_officer: Member, nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "PIECE", 1)
    monkeypatch.setattr(telling, "MOST_AT_ONCE", 2)
    standing_check(warsaw_officer.asker)
    feed_accepted(nairobi_feeder, "nominal", *(a_person(NAME, f"P/{number}", **BORN) for number in range(5)))

    steps = compare_all()

    assert steps == 3
    assert len(told(warsaw_officer)) == 5


def test_more_than_can_be_worked_with_is_cut_and_that_is_told_once_a_day(
    warsaw_officer: Member, nairobi_feeder: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MOST_A_DAY", 2)
    standing_check(warsaw_officer.asker)
    feed_accepted(nairobi_feeder, "nominal", *(a_person(NAME, f"P/{number}", **BORN) for number in range(4)))
    compare_all()
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, "P/more", **BORN))

    compare_all()

    found = [one.kind for one in told(warsaw_officer)]
    assert found == ["standing_check_match", "standing_check_match", "standing_check_cut"]
    assert "More than 2 records of one day" in shown(warsaw_officer)[-1].title


def test_without_any_standing_check_the_place_moves_on_unread(warsaw_officer: Member, nairobi_feeder: Member) -> None:
    created = standing_check(warsaw_officer.asker).standing_check
    end_standing_check(warsaw_officer.asker, created.id, timezone.now())
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))

    assert compare_all() == 1
    assert Place.objects.get().sequence == last_sequence()


def test_before_the_first_standing_check_there_is_nothing_to_do(nairobi_feeder: Member) -> None:
    feed_accepted(nairobi_feeder, "nominal", a_person(NAME, **BORN))

    assert compare_all() == 0


def test_a_name_alone_is_told_of_a_dated_record_that_hardly_matches(
    warsaw_officer: Member, nairobi_feeder: Member
) -> None:
    standing_check(warsaw_officer.asker, {"person": {"name": "Maria Nowak"}})
    feed_accepted(nairobi_feeder, "nominal", a_person("Maria Nowakowa", **BORN))

    compare_all()

    assert len(told(warsaw_officer)) == 1
