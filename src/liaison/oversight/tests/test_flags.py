"""A flag says that somebody should ask, for a reason that can be looked up; usual work raises none."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import pytest

from liaison.checks.mrz_write import Holder, write_mrz_td3
from liaison.oversight import habits
from liaison.oversight.flags import Flag, Look, Roster, flags_of, flags_of_reference, is_odd_reference
from liaison.oversight.habits import Day, Habit, Question
from liaison.oversight.questions import Asked, asked_in, name_parts

MONDAY = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
ANNA, JAN = 12, 13
ROSTER = Roster([(ANNA, "Anna Łoś"), (JAN, "Jan Maria Nowak"), (14, "Cher"), (15, "Piet van Dijk")])
ZONE = write_mrz_td3(Holder("KE", "9ZZL00001", "Kamandura", "Wambui", "KE", "1990-05-12", "F", "2031-03-13"))


def look(
    at: datetime = MONDAY, reference: str = "PL-2026-18", *asked: Asked, mark: int = 7, purpose: str = "locate"
) -> Look:
    remembered = tuple(Question(crc32(one.text.encode()), one.year, mark) for one in asked)
    return Look(at, purpose, reference, asked, remembered, mark)


def person(name: str, year: int = 0) -> Asked:
    return Asked(f"person {name}", name_parts(name), year)


def codes(one: Look, habit: Habit | None = None) -> list[str]:
    return [flag.code for flag in flags_of(one, ANNA, ROSTER, habit or Habit({}))]


def noted(*looks: Look) -> Habit:
    """Return the habit of somebody who made these checks, after it was stored and read again."""
    habit = Habit({})
    for one in looks:
        habit.note(one.day, one.at.hour, one.remembered)
    return Habit({day: Day.unpacked(kept.packed()) for day, kept in habit.changed()})


def working_days(count: int, hours: tuple[int, ...] = (8, 9, 10, 11, 12, 13, 14)) -> list[Look]:
    """Return checks of the last working days before MONDAY, Mondays to Fridays."""
    days = (MONDAY - timedelta(days=back) for back in range(1, 2 * count))
    weekdays = [day for day in days if day.weekday() < 5][:count]
    return [look(day.replace(hour=hour)) for day in reversed(weekdays) for hour in hours]


@pytest.mark.parametrize(
    "text", ["", "-", "x", "xx", "000", "!!!", "Test", "test 1", "qwerty", "asdf", "12345", "N/A", "brak"]
)
def test_a_reference_that_names_no_case_is_odd(text: str) -> None:
    assert is_odd_reference(text)
    assert [flag.code for flag in flags_of_reference(look(reference=text))] == ["odd_reference"]


@pytest.mark.parametrize(
    "text", ["PL-2026-18", "V Ds 118/26", "TEST/2026/118", "Kowalski", "18/26", "شرطة ١٢٣", "案件123"]
)
def test_a_reference_that_may_name_a_case_is_not(text: str) -> None:
    assert not is_odd_reference(text)


@pytest.mark.parametrize("name", ["Anna Łoś", "LOS, ANNA", "Dr Anna Maria Łoś", "Анна Лось"])
def test_whoever_asks_for_the_own_name_is_flagged_however_it_is_written(name: str) -> None:
    assert codes(look(MONDAY, "PL-2026-18", person(name))) == ["own_name"]


@pytest.mark.parametrize("name", ["Jan Nowak", "Nowak Jan Maria", "JAN MARIA NOWAK"])
def test_the_name_of_a_colleague_is_flagged_with_whose_it_is(name: str) -> None:
    found = list(flags_of(look(MONDAY, "PL-2026-18", person(name)), ANNA, ROSTER, Habit({})))

    assert found == [Flag("colleague", str(JAN), {"officer": JAN})]


@pytest.mark.parametrize("name", ["Anna Nowak", "Łoś", "Cher", "Jan Nowakowski", "Maria Nowak Kowalska", "van Dijk"])
def test_another_name_is_not_that_of_an_account(name: str) -> None:
    assert codes(look(MONDAY, "PL-2026-18", person(name))) == []


def test_a_machine_readable_zone_has_a_name_too() -> None:
    [asked] = asked_in([{"id": "1", "mrz": ZONE}], MONDAY.date())

    assert (asked.name, asked.year, asked.has_papers) == (("kamandura", "wambui"), 1990, True)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"person": {"name": "Łoś, Anna", "born": "1984-02"}}, "person anna los"),
        ({"person": {"name": "??"}}, None),
        ({"document": {"number": "9zz-l00001"}}, "document 9ZZL00001"),
        ({"vehicle": {"plate": "WX 123"}}, "vehicle WX123"),
        ({"vessel": {"name": "Sea Otter"}}, "vessel sea otter"),
        ({"organisation": {"name": "Delta Ltd"}}, "organisation delta ltd"),
        ({"mrz": "no zone"}, "mrz NOZONE"),
        ({}, None),
    ],
)
def test_a_question_is_the_same_however_it_is_spelt(query: dict[str, Any], text: str | None) -> None:
    found = asked_in([{"id": "1", **query}], MONDAY.date())

    assert [asked.text for asked in found] == [text] * (text is not None)


@pytest.mark.parametrize("searched", [None, {}, "text", [None], [7]])
def test_what_is_no_question_is_left_out(searched: Any) -> None:
    assert asked_in(searched, MONDAY.date()) == []


def on_days(count: int, one: Asked, *, marks: int = 2) -> list[Look]:
    return [look(MONDAY - timedelta(days=back), "R", one, mark=back % marks) for back in range(count, 0, -1)]


@pytest.mark.parametrize(
    ("days_before", "references", "is_flagged"),
    [(3, 2, True), (2, 2, False), (4, 1, True), (3, 1, False)],
)
def test_the_same_person_on_many_days_is_flagged_sooner_under_several_references(
    days_before: int, references: int, is_flagged: bool
) -> None:
    oksana = person("Oksana Tverdokhlib")
    habit = noted(*on_days(days_before, oksana, marks=references))

    assert ("repeated" in codes(look(MONDAY, "R-2026", oksana, mark=0), habit)) is is_flagged


@pytest.mark.parametrize(("days_before", "is_flagged"), [(11, True), (10, False)])
def test_a_case_with_more_people_in_it_is_worked_on_for_long(days_before: int, is_flagged: bool) -> None:
    oksana, others = person("Oksana Tverdokhlib"), look(MONDAY - timedelta(days=1), "R", person("Zofia"), mark=0)
    habit = noted(*on_days(days_before, oksana, marks=1), others)

    assert ("repeated" in codes(look(MONDAY, "R-2026", oksana, mark=0), habit)) is is_flagged


def test_more_people_in_the_case_count_from_the_same_day_on() -> None:
    oksana = person("Oksana Tverdokhlib")
    habit = noted(*on_days(6, oksana, marks=1), look(MONDAY, "R", person("Zofia"), mark=0))

    assert codes(look(MONDAY, "R-2026", oksana, mark=0), habit) == []


@pytest.mark.parametrize(("purpose", "found"), [("border", []), ("locate", ["colleague", "repeated"])])
def test_who_stands_at_a_border_with_papers_passes_again_and_may_be_a_namesake(purpose: str, found: list[str]) -> None:
    commuter = person("Jan Nowak")._replace(has_papers=True)
    habit = noted(*on_days(6, commuter, marks=6))

    assert codes(look(MONDAY, "R-2026", commuter, mark=9, purpose=purpose), habit) == found


def test_the_own_name_is_flagged_with_papers_too() -> None:
    own = person("Anna Łoś")._replace(has_papers=True)

    assert codes(look(MONDAY, "R-2026", own, purpose="border")) == ["own_name"]


def test_a_repetition_says_on_how_many_days_and_under_how_many_references() -> None:
    oksana = person("Oksana Tverdokhlib")
    habit = noted(*on_days(5, oksana))

    [flag] = flags_of(look(MONDAY, "R-2026", oksana, mark=9), ANNA, ROSTER, habit)

    assert flag.facts == {"days": 6, "references": 3}


def test_the_same_name_with_another_year_of_birth_is_somebody_else() -> None:
    habit = noted(*on_days(9, person("Jan Kowalski", 1951)))

    assert codes(look(MONDAY, "R-2026", person("Jan Kowalski", 1984)), habit) == []
    assert codes(look(MONDAY, "R-2026", person("Jan Kowalski", 1951)), habit) == ["repeated"]
    assert codes(look(MONDAY, "R-2026", person("Jan Kowalski")), habit) == ["repeated"]


def test_many_times_on_one_day_is_one_day() -> None:
    oksana = person("Oksana Tverdokhlib")
    habit = noted(*[look(MONDAY - timedelta(days=1), "R", oksana, mark=number) for number in range(9)])

    assert codes(look(MONDAY, "R-2026", oksana), habit) == []


def test_a_repetition_is_said_once_a_day() -> None:
    oksana = person("Oksana Tverdokhlib")
    habit = noted(*on_days(5, oksana), look(MONDAY, "R", oksana))

    assert codes(look(MONDAY + timedelta(hours=1), "R-2026", oksana), habit) == []


def test_what_lies_back_longer_than_the_window_is_forgotten() -> None:
    oksana = person("Oksana Tverdokhlib")
    old = [look(MONDAY - timedelta(days=back), "R", oksana, mark=back) for back in range(40, 30, -1)]

    assert codes(look(MONDAY, "R-2026", oksana), noted(*old)) == []


def different(day: int, count: int, mark: int = 5) -> list[Look]:
    at = MONDAY - timedelta(days=day)
    return [look(at, "R", person(f"Somebody {'x' * day} {'y' * number}z"), mark=mark) for number in range(count)]


@pytest.mark.parametrize(
    ("days", "each", "others", "is_flagged"), [(4, 5, 0, True), (3, 7, 0, False), (4, 4, 0, False), (4, 5, 6, False)]
)
def test_one_reference_for_many_people_on_many_days_is_flagged_where_it_is_nearly_all(
    days: int, each: int, others: int, is_flagged: bool
) -> None:
    used = [one for day in range(days, 0, -1) for one in different(day, each)]
    besides = [one for day in range(days, 0, -1) for one in different(day, others, mark=6)]

    found = codes(look(MONDAY, "R-2026", person("Somebody New"), mark=5), noted(*sorted(used + besides)))

    assert ("same_reference" in found) is is_flagged


@pytest.mark.parametrize(("hour", "is_flagged"), [(3, True), (22, True), (7, False), (15, False), (9, False)])
def test_an_hour_at_which_the_officer_never_works_is_flagged_and_one_beside_is_not(hour: int, is_flagged: bool) -> None:
    found = codes(look(MONDAY.replace(hour=hour)), noted(*working_days(20)))

    assert ("off_hours" in found) is is_flagged


def test_midnight_lies_beside_an_hour_before_it() -> None:
    assert codes(look(MONDAY.replace(hour=0)), noted(*working_days(20, hours=(22, 23)))) == []


def test_who_has_worked_at_every_hour_has_no_unusual_one() -> None:
    shifts = [one for hour in (2, 10, 18) for one in working_days(20, hours=(hour, hour + 2, hour + 4))]

    assert codes(look(MONDAY.replace(hour=3)), noted(*sorted(shifts))) == []


def test_before_three_weeks_of_work_nothing_is_unusual() -> None:
    assert codes(look(MONDAY.replace(hour=3)), noted(*working_days(14))) == []


def test_a_day_of_the_week_without_work_is_flagged_after_some_weeks() -> None:
    sunday = MONDAY - timedelta(days=1)

    assert codes(look(sunday), noted(*working_days(30)[:-1])) == ["off_hours"]
    assert codes(look(sunday), noted(*working_days(16)[:-1])) == []


def test_an_unusual_hour_is_said_once() -> None:
    habit = noted(*working_days(20), look(MONDAY.replace(hour=3)))

    assert codes(look(MONDAY.replace(hour=3, minute=50)), habit) == []


def test_a_new_shift_is_soon_usual() -> None:
    nights = [look((MONDAY + timedelta(days=day)).replace(hour=3)) for day in range(3)]
    habit, flagged = noted(*working_days(30)), []
    for night in nights:
        flagged.append("off_hours" in codes(night, habit))
        habit.note(night.day, night.at.hour, ())

    assert flagged == [True, True, False]


def test_a_clock_that_was_set_back_opens_no_day_that_is_over() -> None:
    habit = noted(look(MONDAY))

    habit.note(look(MONDAY - timedelta(days=3)).day, 5, ())

    assert [day for day, _ in habit.changed()] == [look(MONDAY).day]


def test_a_day_keeps_no_more_questions_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(habits, "MOST_A_DAY", 3)
    habit = Habit({})

    for number in range(5):
        habit.note(1, 9, [Question(number, 0, 1), Question(number + 100, 0, 1)])

    [(_, day)] = habit.changed()
    assert len(day.questions) == 3 * 7
