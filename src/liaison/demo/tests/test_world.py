"""The demo world: its cast, and rows that every database accepts."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

import msgspec
import pytest

from liaison.demo import world
from liaison.demo.leading import Fed
from liaison.lib.countries import is_country
from liaison.records.databases import database_named

Generator = Callable[[int, int], Iterator[Fed]]
GENERATORS = {
    "nominal": world.persons,
    "travel_documents": world.documents,
    "vehicles": world.vehicles,
    "vessels": world.vessels,
}
every_database = pytest.mark.parametrize(("code", "generate"), GENERATORS.items())
# Well-known people: an invented person must not bear the name of one.
KNOWN = re.compile(
    r"saddam hussein|osama bin|vladimir putin|xi jinping|kim jong|donald trump|angela merkel|barack obama|fidel castro"
    r"|jair bolsonaro|recep|erdo[gğ]an|volodymyr|zelensk|joseph kony|pablo escobar|nicol[aá]s maduro|bashar|netanyahu"
    r"|narendra modi|shinzo abe|lech wa|jaros[lł]aw kaczy|uhuru kenyatta|william ruto|macky sall|haile selassie",
    re.IGNORECASE,
)


@every_database
def test_the_same_seed_makes_the_same_rows(code: str, generate: Generator) -> None:
    first = list(generate(3, 400))

    again = list(generate(3, 400))

    assert again == first
    assert list(generate(4, 400)) != first


@every_database
def test_a_larger_world_begins_with_the_smaller_one(code: str, generate: Generator) -> None:
    small = list(generate(3, 50))

    large = list(generate(3, 90))

    assert len(large) == 90
    assert large[:50] == small


@every_database
@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_world_smaller_than_its_leading_records_has_the_size_asked_for(
    code: str, generate: Generator, count: int
) -> None:
    assert len(list(generate(3, count))) == count


@every_database
def test_every_row_is_accepted_by_its_database(code: str, generate: Generator) -> None:
    database = database_named(code)
    rows = list(generate(5, 3000))

    records = [(country, msgspec.convert(database.normalise(row), database.record)) for country, row in rows]

    assert [problem for _, record in records for problem in database.validate(record)] == []
    assert [country for country, record in records if database.may_feed(record, country)] == []
    assert [record for _, record in records if not record.relevance] == []


@every_database
def test_no_source_reference_and_no_exact_key_of_a_database_comes_twice(code: str, generate: Generator) -> None:
    database = database_named(code)
    rows = [row for _, row in generate(5, 3000)]

    references = Counter(str(row["source_reference"]) for row in rows)
    numbers = Counter(row.get("number") or row.get("vin") or row.get("imo") or row["source_reference"] for row in rows)

    assert references.most_common(1)[0][1] == 1
    assert numbers.most_common(1)[0][1] == 1
    assert database.code == code


def test_document_numbers_lie_in_a_range_that_no_state_issues() -> None:
    documents = [str(row["number"]) for _, row in world.documents(5, 2000)]
    carried = [found for _, row in world.persons(5, 4000) for found in re.findall(r"'number': '(\w+)'", str(row))]

    wrong = [number for number in documents + carried if not re.fullmatch("9ZZ[LDPC][0-9A-HJ-NPR-X]{5}", number)]

    assert len(carried) > 1000
    assert wrong == []


def test_vehicles_and_vessels_bear_numbers_that_nobody_assigns() -> None:
    vehicles = [row for _, row in world.vehicles(5, 2000)]
    vessels = [row for _, row in world.vessels(5, 500)]

    assert {str(row["vin"])[:3] for row in vehicles} == {"0ZZ"}
    assert {str(row.get("plate", "DEMO "))[:5] for row in vehicles} == {"DEMO "}
    assert {str(row["imo"])[0] for row in vessels} == {"0"}
    assert {str(row.get("mmsi", "299"))[:3] for row in vessels} == {"299"}


def test_nobody_bears_the_name_of_a_well_known_person() -> None:
    names = [str(name["full"]) for name in _names(world.persons(world.SEED, 5_000))]

    assert [name for name in names if KNOWN.search(name)] == []


def test_the_look_alikes_that_make_finding_hard_are_there() -> None:
    rows = [row for _, row in world.persons(world.SEED, 5_000)]
    primary = [str(names[0]["full"]) for names in (row["names"] for row in rows) if isinstance(names, list)]

    shared_names = [name for name, times in Counter(primary).items() if times > 1]
    undated = [row for row in rows if row["born"] == []]
    single = [name for name in primary if " " not in name]
    very_long = [name for name in primary if len(name) > 60]
    restricted = [row for row in rows if row.get("restricted_against")]
    minors = [row for row in rows if "Minor" in str(row.get("special_conditions"))]
    marked = [row for row in rows if row.get("warning_markers")]

    assert len(shared_names) > 150
    assert len(undated) > 100
    assert len(single) > 25
    assert len(very_long) > 5
    assert len(restricted) > 10
    assert len(minors) > 25
    assert len(marked) > 125


def test_victims_and_witnesses_are_marked_and_never_detained() -> None:
    rows = [row for _, row in world.persons(5, 3000) if row["status"] in {"victim", "witness"}]

    assert len(rows) > 100
    assert [row for row in rows if "no restrictive measures" not in str(row.get("special_conditions"))] == []
    assert [row for row in rows if "arrest" in str(row["purpose"]) or row.get("action_to_be_taken")] == []


def test_many_scripts_are_met() -> None:
    text = "".join(str(name["full"]) for name in _names(world.persons(5, 3000)))

    met = {unicodedata.name(character, "NONE").split()[0] for character in set(text)}

    assert {"LATIN", "ARABIC", "CYRILLIC", "GREEK", "CJK", "KATAKANA", "HANGUL", "HEBREW"} <= met
    assert {"DEVANAGARI", "GEORGIAN", "ETHIOPIC"} <= met


def test_every_agency_that_the_cast_and_the_entitlements_name_exists() -> None:
    agencies = {bureau.name for bureau in world.BUREAUX} | {entity.name for entity in world.ENTITIES}
    agencies.add(world.SECRETARIAT)

    assert {one.agency for one in world.ACCOUNTS} <= agencies
    assert {one.agency for one in world.ENTITLEMENTS} <= agencies
    assert {entity.country for entity in world.ENTITIES} <= {bureau.country for bureau in world.BUREAUX}


def test_there_are_twelve_bureaux_at_least_one_in_a_country() -> None:
    countries = [bureau.country for bureau in world.BUREAUX]

    assert len(countries) >= 12
    assert len(set(countries)) == len(countries)
    assert [country for country in countries if not is_country(country)] == []


def test_every_feeding_country_has_a_bureau() -> None:
    feeding = {country for country, _ in world.persons(5, 3000)}

    assert feeding == {bureau.country for bureau in world.BUREAUX}


def test_the_outsider_belongs_to_an_agency_that_may_do_nothing() -> None:
    outsider = world.account("outsider")

    assert [one for one in world.ENTITLEMENTS if one.agency == outsider.agency] == []


def test_addresses_of_the_cast_lead_nowhere_and_are_its_own() -> None:
    addresses = [one.email for one in world.ACCOUNTS]

    assert [address for address in addresses if not address.endswith(".example")] == []
    assert len(set(addresses)) == len(addresses)


def test_a_role_that_nobody_plays_is_named_with_those_that_somebody_does() -> None:
    with pytest.raises(KeyError, match=r"no account 'chief'; the cast is warsaw_officer, .*outsider"):
        world.account("chief")


def _names(rows: Iterator[Fed]) -> Iterator[dict[str, object]]:
    return (name for _, row in rows for name in msgspec.convert(row["names"], list[dict[str, object]]))
