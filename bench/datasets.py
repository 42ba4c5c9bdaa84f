"""Which labelled pairs of names a folder holds, to learn from and to test on.

`load(folder)` returns {set: pairs}; `is_held_out(pair)` says which fifth is kept for testing, so
that a script that learns leaves it out:

    names/name_bench.csv, entity_checks.yml   as labelled
    names/ofac_aka_dev.csv                    as labelled: alias against primary names
    names/wd_<script>.tsv, ar_en_google.tsv   a name in Latin against its other script, and the two nearest other names'
    lists/ofac_sdn.csv, ofac_alt.csv          alias against its primary name and against the two nearest others
    lists/un_*.xml                            the same, and Latin against the original script
    screening/positives_un_*.csv              an altered row with its birth date against its own, and two others
"""

import csv
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz

from bench import listed, single_names
from bench.pairs import Pair, is_held_out, named, with_negatives
from liaison.engine.types import Subject, SubjectKind
from liaison.lib.countries import country_code
from liaison.lib.partial_date import parse_partial_date

__all__ = ["Pair", "is_held_out", "load"]

PER_FILE = 2000
_KINDS: dict[str, SubjectKind] = {
    "Person": "person",
    "Company": "organisation",
    "Organization": "organisation",
    "LegalEntity": "organisation",
    "Vessel": "vessel",
}


def load(folder: Path, per_file: int = PER_FILE) -> dict[str, list[Pair]]:
    """Return every set that the folder holds; of a file of single names at most `per_file` names."""
    names, lists = folder / "names", folder / "lists"
    readers: dict[str, tuple[Path, Callable[[Path], list[Pair]]]] = {
        "name_bench": (names / "name_bench.csv", lambda file: list(_name_bench(file))),
        "entity_checks": (names / "entity_checks.yml", lambda file: list(_entity_checks(file))),
        "ofac_dev": (names / "ofac_aka_dev.csv", lambda file: list(_ofac_dev(file))),
        "ofac_list": (lists / "ofac_sdn.csv", listed.ofac_pairs),
        "treated": (folder / "screening" / "positives_un_treated.csv", _treated),
    }
    for file in sorted(names.glob("wd_*.tsv")) + sorted(names.glob("*_google.tsv")):
        readers[file.stem] = (file, partial(single_names.pairs, size=per_file))
    found = {name: read(file) for name, (file, read) in readers.items() if file.exists()}
    for file in sorted(lists.glob("un_*.xml")):
        found |= listed.un_pairs(file)
    return {name: pairs for whole, some in found.items() for name, pairs in _by_kind(whole, some) if pairs}


def _by_kind(name: str, pairs: list[Pair]) -> Iterator[tuple[str, list[Pair]]]:
    """Yield persons apart from organisations and vessels."""
    persons = [pair for pair in pairs if pair.query.kind == "person"]
    yield name, persons
    yield f"{name}_others", [pair for pair in pairs if pair.query.kind != "person"]


def _name_bench(file: Path) -> Iterator[Pair]:
    for row in _rows(file):
        kind = _KINDS[row["schema"]]
        # The candidates recur: they, not the queries, keep what belongs together on one side.
        yield Pair(named(row["name1"], kind), named(row["name2"], kind), row["is_match"] == "true", row["name2"])


def _ofac_dev(file: Path) -> Iterator[Pair]:
    """Group by the primary name that is right, as the pairs of the whole list are grouped."""
    rows = list(_rows(file))
    owners = {row["query"]: row["candidate"] for row in rows if row["is_match"] == "true"}
    for row in rows:
        yield Pair(named(row["query"]), named(row["candidate"]), row["is_match"] == "true", owners[row["query"]])


def _entity_checks(file: Path) -> Iterator[Pair]:
    """Read the checks: a list of mappings of at most two levels, the only YAML there is in it."""
    for check in file.read_text(encoding="utf-8").split("\n  - ")[1:]:
        told = _mappings(check)
        kind = _KINDS[told[""]["schema"]]
        query, candidate = (_entity(told[side], kind) for side in ("query", "candidate"))
        yield Pair(query, candidate, told[""]["match"] == "true", candidate.names[0])


def _mappings(text: str) -> dict[str, dict[str, str]]:
    """Return {"": what stands at the outer level, name: what stands below it}."""
    told: dict[str, dict[str, str]] = {"": {}}
    level = last = ""
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        key, colon, value = line.strip().partition(":")
        if not line.strip() or key.startswith("#"):
            continue
        if depth > 6:
            told[level][last] += " " + line.strip()
        elif colon and not value:
            level, told[key] = key, {}
        else:
            level, last = (level if depth == 6 else ""), key
            told[level][key] = _unquoted(value.strip())
    return told


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _entity(told: dict[str, str], kind: SubjectKind) -> Subject:
    parts = (told[key] for key in ("firstName", "middleName", "fatherName", "lastName") if key in told)
    born = (str(parse_partial_date(told["birthDate"])),) if "birthDate" in told else ()
    lands = (country_code(told["country"]),) if "country" in told else ()
    return Subject((told.get("name") or " ".join(parts),), born, "U", lands, kind)


def _treated(file: Path) -> list[Pair]:
    """Pair each altered row with the row of the same number in the untreated file."""
    own = [_person(row) for row in _rows(file.with_name(file.name.replace("treated", "untreated")))]
    right = [(one.names[0], _person(row), one) for row, one in zip(_rows(file), own, strict=True)]
    return with_negatives(right, {f"{one.names[0]}\n{one.names[0]}": one for one in own}, fuzz.token_sort_ratio)


def _person(row: dict[str, str]) -> Subject:
    born = "-".join(part.zfill(2) for part in row["date_of_birth"].split("-"))
    lands = (country_code(row["nationality"].upper()),) if row["nationality"] else ()
    return Subject((row["full_name"],), (born,) if born else (), "U", lands)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        yield from csv.DictReader(source)


def ofac_aliases(file: Path) -> list[tuple[str, str]]:
    """Return the aliases of `names/ofac_aka_dev.csv`, each with its primary name."""
    return [(row["query"], row["candidate"]) for row in _rows(file) if row["is_match"] == "true"]


def load_clean(folder: Path, count: int) -> list[str]:
    """Return the first names of `screening/clean_persons.csv`."""
    return [row["full_name"] for row in islice(_rows(folder / "screening" / "clean_persons.csv"), count)]
