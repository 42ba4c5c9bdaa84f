"""The checks that a new demo home shows: a question, its story in a sentence, and the answer to expect.

They are asked with the key of the bureau of `world.DEMO_KEY_COUNTRY`, and
point at the fixed records of `leading.py`, so they hold for every seed and size.
"""

from typing import Literal, NamedTuple

from liaison.checks.mrz_write import Holder, write_mrz_td3
from liaison.demo.numbers import document_number, imo_number, plate, vin

PURPOSE = "border"
"""The purpose under which the samples are asked."""

Expected = Literal["matches", "no_match", "any"]


class Sample(NamedTuple):
    """One question of `POST /api/check`.

    `expected` is the outcome, "any" where the answer depends on the world's
    size; `source_reference` is the record that comes first when there are matches.
    """

    story: str
    query: dict[str, object]
    expected: Expected
    source_reference: str = ""


def samples() -> tuple[Sample, ...]:
    """Return the sample checks in the order in which they are shown; the ids of the queries are s1, s2, ..."""
    told = (*_document_samples(), *_thing_samples(), *_person_samples(), *_misses())
    return tuple(sample._replace(query={"id": f"s{place}", **sample.query}) for place, sample in enumerate(told, 1))


def _document_samples() -> tuple[Sample, ...]:
    stolen, lost = document_number("L", 1), document_number("L", 2)
    stolen_page = Holder("KE", stolen, "Kamandura", "Wambui", "KE", "1990-05-12", "F", "2031-03-13")
    lost_page = Holder("ES", lost, "Zurbarrena Tuñón", "Leocadio", "ES", "1968-12-01", "M", "2029-11-05")
    return (
        Sample(
            "The number of a passport that was stolen in Nairobi",
            {"document": {"number": stolen, "issuer": "KE"}},
            "matches",
            "KE-D-L001",
        ),
        Sample(
            "The same number on a passport of another country",
            {"document": {"number": stolen, "issuer": "PE"}},
            "no_match",
        ),
        Sample(
            "The stolen passport itself, read by a scanner", {"mrz": write_mrz_td3(stolen_page)}, "matches", "KE-D-L001"
        ),
        Sample(
            "A lost Spanish passport whose date of birth the scanner read with an O for a zero",
            {"mrz": write_mrz_td3(lost_page).replace("681201", "6812O1")},
            "matches",
            "ES-D-L002",
        ),
    )


def _thing_samples() -> tuple[Sample, ...]:
    return (
        Sample(
            "A stolen car by its identification number",
            {"vehicle": {"vin": vin("LEAD7", 2019, 0)}},
            "matches",
            "ES-V-L001",
        ),
        Sample(
            "A stolen van by its plate, typed in small letters",
            {"vehicle": {"plate": plate(1).lower(), "country": "PL"}},
            "matches",
            "PL-V-L002",
        ),
        Sample("A ship by its IMO number", {"vessel": {"imo": f"IMO {imo_number(1)}"}}, "matches", "GR-S-L001"),
    )


def _person_samples() -> tuple[Sample, ...]:
    return (
        Sample(
            "A misspelt Arabic name with only the year of birth",
            {"person": {"name": "Zoheir Fawaz Elbarghashy", "born": "1979"}},
            "matches",
            "JO-N-L001",
        ),
        Sample(
            "An Arabic name in its original spelling, with year and month of birth",
            {"person": {"name": "منذر قيس الشيبراني", "born": "1988-02", "nationality": ["TN"]}},
            "matches",
            "ES-N-L002",
        ),
        Sample(
            "A Chinese name in Han characters",
            {"person": {"name": "欧阳栖梧", "born": "1985-09-21"}},
            "matches",
            "KR-N-L003",
        ),
        Sample(
            "A Russian name in another romanisation, without the patronymic",
            {"person": {"name": "Evstafij Zavjalkin", "born": "1972-01-30"}},
            "matches",
            "GE-N-L004",
        ),
        Sample(
            "A missing woman with Polish letters, from an airline ticket that has none",
            {"person": {"name": "ZOLTASZEK BRZEK SWIETOSLAWA", "born": "1991-11-03", "nationality": ["PL"]}},
            "matches",
            "PL-N-L005",
        ),
    )


def _misses() -> tuple[Sample, ...]:
    return (
        Sample(
            "A namesake of a suspect with a common name: another date of birth, another passport",
            {"person": {"name": "Marie Fournier", "born": "1957-10-30", "nationality": ["CA"]}},
            "no_match",
        ),
        Sample(
            "A traveller about whom nothing is recorded",
            {"person": {"name": "Quintilla Aldermoor", "born": "1994-06-21", "nationality": ["AU"]}},
            "no_match",
        ),
        Sample(
            "A person whom Ottawa records and has restricted against Warsaw: the same answer as for nobody",
            {"person": {"name": "Osric Wetherlamb", "born": "1969-08-08", "nationality": ["CA"]}},
            "no_match",
        ),
        Sample("A very common name and nothing else", {"person": {"name": "Nguyễn Thị Mai"}}, "any"),
    )
