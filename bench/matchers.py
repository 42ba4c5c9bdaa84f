"""Who searches a million persons: Liaison's index, and the peers, each with the same names, dates and questions.

Peers get names in lower-case ASCII.  With a birth date they keep to the years beside it and to the undated, as Liaison
does; the candidates of tantivy are ordered by rapidfuzz.  A peer that is not installed is named and left out.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from anyascii import anyascii
from rapidfuzz import fuzz, process

from bench.population import ALLOWED, TODAY, bytes_of, index_of
from liaison.engine.index import Index
from liaison.engine.score import MATCH
from liaison.engine.types import Subject

TOP = 10
_TAKEN = 200
# Candidates of the other peers that are put in order by name and date.
_REORDERED = 50
# How much the same date, and the same year, say beside a likeness of 0-100.
_SAME_DATE, _SAME_YEAR = 15, 5
_TUNED = (
    *("shared_buffers=2GB", "work_mem=128MB", "maintenance_work_mem=1GB", "effective_cache_size=8GB"),
    "random_page_cost=1.1",
)
Search = Callable[[Subject], list[int]]


class Matcher(NamedTuple):
    """An engine that is ready: how it finds the numbers of at most TOP records, what it cost, how much to ask it."""

    name: str
    search: Search
    build_seconds: float
    size_bytes: int
    most: int | None = None


class Row(NamedTuple):
    """A record as the peers have it; the year is 0 where the record has none."""

    number: int
    name: str
    year: int
    born: str


def plain(subject: Subject) -> str:
    """Return the first name in lower-case ASCII letters and spaces."""
    return re.sub(r"[^a-z0-9]+", " ", anyascii(subject.names[0]).lower()).strip()


def rows(subjects: Sequence[Subject]) -> list[Row]:
    return [Row(number, plain(one), year_of(one), born_of(one)) for number, one in enumerate(subjects, 1)]


def born_of(subject: Subject) -> str:
    return subject.born[0] if subject.born else ""


def year_of(subject: Subject) -> int:
    return int(subject.born[0][:4]) if subject.born else 0


def _years(subject: Subject) -> list[int]:
    """Return the years that a record may have; none when any will do."""
    year = year_of(subject)
    return [0, year - 1, year, year + 1] if year else []


@contextmanager
def liaison(subjects: Sequence[Subject]) -> Iterator[Matcher]:
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        folder = Path(name)
        started = time.perf_counter()
        index = index_of(folder, subjects)
        seconds = time.perf_counter() - started
        yield Matcher("liaison", searching(index), seconds, bytes_of(folder))


def searching(index: Index) -> Search:
    """Return how Liaison finds the first ten of those likelier the same than not: the peers ask for no more either."""
    return lambda query: [one.record for one in index.search(query, ALLOWED, TODAY, TOP, MATCH).candidates]


@contextmanager
def tantivy(records: Sequence[Row]) -> Iterator[Matcher]:
    """A full-text index: each part as it is or one edit away (two in long parts), then rapidfuzz."""
    engine = import_module("tantivy")
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        fields = engine.SchemaBuilder().add_text_field("name", stored=True)
        fields.add_integer_field("year", stored=True, indexed=True, fast=True)
        fields.add_integer_field("number", stored=True)
        fields.add_text_field("born", stored=True, tokenizer_name="raw")
        schema = fields.build()
        started = time.perf_counter()
        index = engine.Index(schema, path=name)
        writer = index.writer(256_000_000, 1)
        for one in records:
            writer.add_document(engine.Document(name=one.name, year=one.year, number=one.number, born=one.born))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        seconds = time.perf_counter() - started
        searcher = index.searcher()

        def search(query: Subject) -> list[int]:
            text = plain(query)
            wanted = _tantivy_query(engine, schema, text, _years(query))
            found = [searcher.doc(address) for _, address in searcher.search(wanted, _TAKEN, count=False).hits]
            whole = (Row(one["number"][0], one["name"][0], one["year"][0], one["born"][0]) for one in found)
            return _best([(fuzz.token_sort_ratio(one.name, text), one) for one in whole], query)

        yield Matcher("tantivy + rapidfuzz", search, seconds, bytes_of(Path(name)))


def _tantivy_query(engine: Any, schema: Any, text: str, years: Sequence[int]) -> Any:
    should, must = engine.Occur.Should, engine.Occur.Must
    parts = []
    for part in text.split():
        parts.append((should, engine.Query.term_query(schema, "name", part)))
        if len(part) > 2:
            edits = 2 if len(part) > 7 else 1
            parts.append((should, engine.Query.fuzzy_term_query(schema, "name", part, distance=edits)))
    names = engine.Query.boolean_query(parts)
    if not years:
        return names
    whole = [(should, engine.Query.term_query(schema, "year", year)) for year in years]
    dated = engine.Query.const_score_query(engine.Query.boolean_query(whole), 0.0)
    return engine.Query.boolean_query([(must, names), (must, dated)])


def _best(found: Sequence[tuple[float, Row]], query: Subject) -> list[int]:
    """Order by the likeness of the names (0-100), and by the date where the query has one."""
    scored = [(-score - _for_date(one, query), one.number) for score, one in found]
    return [number for _, number in sorted(scored)[:TOP]]


def _for_date(one: Row, query: Subject) -> int:
    if not query.born:
        return 0
    return _SAME_DATE if one.born == query.born[0] else _SAME_YEAR if one.year == year_of(query) else 0


@contextmanager
def everything(records: Sequence[Row]) -> Iterator[Matcher]:
    """Compare with every name, by rapidfuzz; with a birth date, with every name of its years."""
    started = time.perf_counter()
    by_year: dict[int, tuple[list[str], list[Row]]] = {}
    for one in records:
        names, rows_of_year = by_year.setdefault(one.year, ([], []))
        names.append(one.name)
        rows_of_year.append(one)

    def search(query: Subject) -> list[int]:
        text, found = plain(query), list[tuple[float, Row]]()
        for year in _years(query) or list(by_year):
            names, same = by_year.get(year, ([], []))
            near = process.extract(text, names, scorer=fuzz.token_sort_ratio, limit=_REORDERED, processor=None)
            found += [(score, same[place]) for _, score, place in near]
        return _best(found, query)

    yield Matcher("rapidfuzz over everything", search, time.perf_counter() - started, 0, most=20)


@contextmanager
def postgres(records: Sequence[Row], method: str) -> Iterator[Matcher]:
    """Trigrams in PostgreSQL, `method` "gin" or "gist", in a server of its own with memory enough for all."""
    psycopg = import_module("psycopg")
    server_module = import_module("tests.plugins.postgres_server")

    programs = server_module.find_programs()
    if programs is None:
        raise ImportError("there is no PostgreSQL on this machine")
    server = server_module.PostgresServer(programs, _TUNED)
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            started = time.perf_counter()
            _fill(connection, records, method)
            seconds = time.perf_counter() - started
            size = connection.execute("SELECT pg_indexes_size('person') + pg_table_size('person')").fetchone()[0]
            find, most = (_nearest, 50) if method == "gist" else (_alike, 200)
            yield Matcher(f"pg_trgm {method.upper()}", lambda query: find(connection, query), seconds, size, most)
    finally:
        server.stop()


def _fill(connection: Any, records: Sequence[Row], method: str) -> None:
    for extension in ("pg_trgm", "btree_gin", "btree_gist"):
        connection.execute(f"CREATE EXTENSION {extension}")
    connection.execute("CREATE TABLE person (number int, name text, year int, born text)")
    with connection.cursor().copy("COPY person FROM STDIN") as copy:
        for one in records:
            copy.write_row(one)
    operators = "gist_trgm_ops(siglen=64)" if method == "gist" else "gin_trgm_ops"
    connection.execute(f"CREATE INDEX ON person USING {method} (name {operators})")
    connection.execute(f"CREATE INDEX ON person USING {method} (year, name {operators})")
    connection.execute("VACUUM ANALYZE person")
    connection.execute("SET pg_trgm.similarity_threshold = 0.45")


def _alike(connection: Any, query: Subject) -> list[int]:
    """Ask for all that share enough trigrams, the most alike first."""
    dated = "AND year = ANY(%(years)s)" if query.born else ""
    asked = (f"SELECT number, name, year, born, similarity(name, %(name)s) AS likeness FROM person "
             f"WHERE name %% %(name)s {dated} ORDER BY likeness DESC LIMIT {_REORDERED}")  # fmt: skip
    return _numbers(connection, asked, query)


def _nearest(connection: Any, query: Subject) -> list[int]:
    """Walk the tree from the nearest on."""
    dated = "WHERE year = ANY(%(years)s)" if query.born else ""
    asked = (f"SELECT number, name, year, born, 1 - (name <-> %(name)s) AS likeness FROM person "
             f"{dated} ORDER BY name <-> %(name)s LIMIT {_REORDERED}")  # fmt: skip
    return _numbers(connection, asked, query)


def _numbers(connection: Any, asked: str, query: Subject) -> list[int]:
    told = {"name": plain(query), "years": _years(query)}
    return _best([(100 * row[4], Row(*row[:4])) for row in connection.execute(asked, told, prepare=True)], query)
