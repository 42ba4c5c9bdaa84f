"""Numbers that cannot exist, draws that repeat, and travellers without a record."""

import pytest

from liaison.demo.clean import travellers
from liaison.demo.dice import Dice
from liaison.demo.numbers import document_number, vin
from liaison.demo.world import persons
from liaison.records.identifiers import vin_check_digit


def test_no_document_number_comes_twice() -> None:
    numbers = {document_number("D", index) for index in range(50_000)}

    assert len(numbers) == 50_000


@pytest.mark.parametrize("index", [-1, 31**5])
def test_a_block_has_no_more_numbers_than_it_says(index: int) -> None:
    with pytest.raises(ValueError, match="a block has 28629151 document numbers"):
        document_number("D", index)


@pytest.mark.parametrize(("year", "index"), [(1988, 3), (2025, 1_000_007)])
def test_a_vin_has_the_right_check_digit(year: int, index: int) -> None:
    number = vin("KA4B2", year, index)

    assert len(number) == 17
    assert number[8] == vin_check_digit(number)


def test_two_purposes_of_one_seed_do_not_disturb_each_other() -> None:
    assert Dice(1, "a").roll() == Dice(1, "a").roll()
    assert Dice(1, "a").roll() != Dice(1, "b").roll()


def test_dice_stay_within_their_bounds() -> None:
    dice = Dice(1, "bounds")

    drawn = {dice.number(2, 4) for _ in range(200)}

    assert drawn == {2, 3, 4}


def test_clean_travellers_are_the_same_from_one_seed() -> None:
    first = list(travellers(1, 300))

    assert list(travellers(1, 300)) == first
    assert list(travellers(2, 300)) != first


def test_a_clean_traveller_shares_name_and_birth_date_with_no_recorded_person() -> None:
    recorded = {(str(name), born) for _, row in persons(7, 5_000) for name, born in _name_and_birth(row)}

    shared = [one for one in travellers(99, 2_000) if (one.name, one.born) in recorded]

    assert shared == []


def _name_and_birth(row: dict[str, object]) -> list[tuple[object, object]]:
    names, born = row["names"], row["born"]
    assert isinstance(names, list)
    assert isinstance(born, list)
    return [(name["full"], date) for name in names for date in born]
