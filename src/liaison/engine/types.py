"""What goes into the engine and what comes out of it."""

from typing import Literal

import msgspec

SubjectKind = Literal["person", "organisation", "vessel"]
Sex = Literal["F", "M", "X", "U"]
Strength = Literal["strong", "possible", "none"]


class Subject(msgspec.Struct, frozen=True, array_like=True):
    """A person, organisation or vessel, as a query or a record describes it.

    `names` are as written, in any script, the primary one first.  `born` holds
    partial ISO dates ("1984", "1984-02", "1984-02-29"): alternatives, not a
    range.  `nationalities` are ISO 3166-1 alpha-2.  `places` are places of birth as
    written, alternatives too.  `documents` are "ISSUER/NUMBER" in normal form, "*" or
    "?" for an unknown issuer: a search finds them by exact keys, and only comparing
    weighs them.
    """

    names: tuple[str, ...]
    born: tuple[str, ...] = ()
    sex: Sex = "U"
    nationalities: tuple[str, ...] = ()
    kind: SubjectKind = "person"
    places: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class Item(msgspec.Struct, frozen=True):
    """One version of one record, ready to be searched.

    record        number of the record (> 0); the newest version replaces the others
    sequence      place of this version in the commit order (> 0)
    rights_class  number shared by all records that rights treat alike
    expires_day   days since 1970-01-01; from that day on it is not found
    keys          exact keys, as bytes
    subject       what the fuzzy search knows, or None
    texts         what a pattern with `?` and `*` is compared with, as UTF-8
    """

    record: int
    sequence: int
    rights_class: int
    expires_day: int
    keys: tuple[bytes, ...] = ()
    subject: Subject | None = None
    texts: tuple[bytes, ...] = ()


class Removal(msgspec.Struct, frozen=True):
    """A record that is no longer to be found (withdrawn, blocked, erased)."""

    record: int
    sequence: int


class Term(msgspec.Struct, frozen=True):
    """One reason for or against: `weight` in bits, positive speaks for the same person.

    `kind` is a stable code ("name_part", "name_missing", "birth_date", "sex",
    "nationality", "place_of_birth", "document", "prior", ...); `finding` a stable code of what was found
    ("same", "similar", "initial", "nickname", "different", "year_only", ...).
    """

    kind: str
    finding: str
    query: str
    record: str
    weight: float


class Comparison(msgspec.Struct, frozen=True):
    """How alike two subjects are: `score` (0-1) is the logistic of the sum of the terms' weights."""

    score: float
    terms: tuple[Term, ...]
    strength: Strength


class Candidate(msgspec.Struct, frozen=True):
    """A record that resembles the query: number of the record, and the comparison's score."""

    record: int
    score: float
    strength: Strength
