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

from bench.population import ALLOWED, TODAY, bytes_of
from liaison.engine.index import Index
from liaison.engine.types import Item, Subject
from liaison.engine.writer import IndexWriter

TOP = 10
_TAKEN = 200
_NEVER = 60_000
_TUNED = (
    *("shared_buffers=2GB", "work_mem=128MB", "maintenance_work_mem=1GB", "effective_cache_size=8GB"),
    "random_page_cost=1.1",
)
_CHUNK = 10_000
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


def plain(subject: Subject) -> str:
    """Return the first name in lower-case ASCII letters and spaces."""
    return re.sub(r"[^a-z0-9]+", " ", anyascii(subject.names[0]).lower()).strip()


def rows(subjects: Sequence[Subject]) -> list[Row]:
    return [Row(number, plain(one), year_of(one)) for number, one in enumerate(subjects, 1)]


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
        with IndexWriter(folder) as writer:
            for start in range(0, len(subjects), _CHUNK):
                chunk = subjects[start : start + _CHUNK]
                items = [Item(at, at, 0, _NEVER, (), one) for at, one in enumerate(chunk, start + 1)]
                writer.apply(items, items[-1].sequence)
                writer.flush_in_time()
            writer.flush()
        seconds = time.perf_counter() - started
        yield Matcher("liaison", searching(Index(folder)), seconds, bytes_of(folder))


def searching(index: Index) -> Search:
    """Return how Liaison finds the first ten."""
    return lambda query: [one.record for one in index.search(query, ALLOWED, TODAY, TOP).candidates]


@contextmanager
def tantivy(records: Sequence[Row]) -> Iterator[Matcher]:
    """A full-text index: each part as it is or one edit away (two in long parts), then rapidfuzz."""
    engine = import_module("tantivy")
    with TemporaryDirectory(prefix="liaison-bench-") as name:
        fields = engine.SchemaBuilder().add_text_field("name", stored=True)
        fields.add_integer_field("year", stored=True, indexed=True, fast=True)
        fields.add_integer_field("number", stored=True)
        schema = fields.build()
        started = time.perf_counter()
        index = engine.Index(schema, path=name)
        writer = index.writer(256_000_000, 1)
        for one in records:
            writer.add_document(engine.Document(name=one.name, year=one.year, number=one.number))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        seconds = time.perf_counter() - started
        searcher = index.searcher()

        def search(query: Subject) -> list[int]:
            text = plain(query)
            wanted = _tantivy_query(engine, schema, text, _years(query))
            found = [searcher.doc(address) for _, address in searcher.search(wanted, _TAKEN, count=False).hits]
            return _best([(one["name"][0], one["number"][0], one["year"][0]) for one in found], text, year_of(query))

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


def _best(found: Sequence[tuple[str, int, int]], text: str, year: int) -> list[int]:
    """Order by the likeness of the names; the same year decides between equals."""
    scored = [(-fuzz.token_sort_ratio(name, text), theirs != year, number) for name, number, theirs in found]
    return [number for *_, number in sorted(scored)[:TOP]]


@contextmanager
def everything(records: Sequence[Row]) -> Iterator[Matcher]:
    """Compare with every name, by rapidfuzz; with a birth date, with every name of its years."""
    started = time.perf_counter()
    by_year: dict[int, tuple[list[str], list[int]]] = {}
    for one in records:
        names, numbers = by_year.setdefault(one.year, ([], []))
        names.append(one.name)
        numbers.append(one.number)

    def search(query: Subject) -> list[int]:
        text, found = plain(query), []
        for year in _years(query) or list(by_year):
            names, numbers = by_year.get(year, ([], []))
            near = process.extract(text, names, scorer=fuzz.token_sort_ratio, limit=TOP, processor=None)
            found += [(-score, year != year_of(query), numbers[place]) for _, score, place in near]
        return [number for *_, number in sorted(found)[:TOP]]

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
    connection.execute("CREATE TABLE person (number int, name text, year int)")
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
    asked = (
        f"SELECT number FROM person WHERE name %% %(name)s {dated} ORDER BY similarity(name, %(name)s) DESC LIMIT {TOP}"
    )
    return _numbers(connection, asked, query)


def _nearest(connection: Any, query: Subject) -> list[int]:
    """Walk the tree from the nearest on."""
    dated = "WHERE year = ANY(%(years)s)" if query.born else ""
    asked = f"SELECT number FROM person {dated} ORDER BY name <-> %(name)s LIMIT {TOP}"
    return _numbers(connection, asked, query)


def _numbers(connection: Any, asked: str, query: Subject) -> list[int]:
    told = {"name": plain(query), "years": _years(query)}
    return [row[0] for row in connection.execute(asked, told, prepare=True)]
