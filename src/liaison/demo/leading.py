"""The fixed records with which every demo world begins, whatever its seed and size.

Sample checks, stories and documentation point at them by source reference.
Names are combinations that no table of `tables/` can draw.
"""

from copy import deepcopy

from liaison.demo.numbers import document_number, imo_number, mmsi, plate, vin
from liaison.demo.shares import Row

Fed = tuple[str, Row]
"""The country of the bureau that feeds the row, and the row."""


def _name(full: str, kind: str = "primary", **parts: str) -> dict[str, object]:
    name: dict[str, object] = {"full": full, "kind": kind}
    if parts:
        name["parts"] = [{"role": role, "text": text} for role, text in parts.items()]
    return name


def _passport(index: int, issuer: str) -> list[dict[str, object]]:
    return [{"number": document_number("L", index), "issuer": issuer, "type": "passport"}]


_WANTED: tuple[Fed, ...] = (
    (
        "JO",
        {
            "source_reference": "JO-N-L001",
            "purpose": ["arrest", "locate"],
            "names": [
                _name("Zuhayr Fawwaz al-Barghashi", given="Zuhayr", middle="Fawwaz", family="al-Barghashi"),
                _name("زهير فواز البرغشي", "original_script"),
            ],
            "born": ["1979-06-14"],
            "sex": "M",
            "nationalities": ["JO"],
            "places_of_birth": ["Irbid"],
            "documents": _passport(101, "JO"),
            "status": "charged",
            "event": "Armed robbery of a jeweller in Zarqa, 2023-11",
            "relevance": "Charged by the court of Zarqa; left the country before the hearing.",
            "action_to_be_taken": "Detain and verify with NCB Amman before any coercive measure",
            "warning_markers": ["armed", "absconded"],
            "portrait": "demo-portrait-101",
        },
    ),
    (
        "ES",
        {
            "source_reference": "ES-N-L002",
            "purpose": ["locate", "information"],
            "names": [
                _name("Mundhir Qays al-Shaybarani", given="Mundhir", middle="Qays", family="al-Shaybarani"),
                _name("منذر قيس الشيبراني", "original_script"),
                _name("Mondher Kaïs Chebrani"),
            ],
            "born": ["1988-02"],
            "sex": "M",
            "nationalities": ["TN"],
            "places_of_birth": ["Sfax"],
            "status": "suspect",
            "event": "Forged residence permits sold in Almería, 2022-05",
            "relevance": "Named by two buyers of forged permits.",
            "action_to_be_taken": "Note whereabouts and tell NCB Madrid; do not detain",
        },
    ),
    (
        "KR",
        {
            "source_reference": "KR-N-L003",
            "purpose": ["arrest"],
            "names": [
                _name("Ouyang Qiwu", family="Ouyang", given="Qiwu"),
                _name("欧阳栖梧", "original_script"),
                _name("歐陽棲梧", "original_script"),
            ],
            "born": ["1985-09-21"],
            "sex": "M",
            "nationalities": ["CN"],
            "places_of_birth": ["Xiamen"],
            "documents": _passport(103, "CN"),
            "status": "convicted",
            "event": "Investment fraud by telephone in Incheon, 2021-08",
            "relevance": "Sentenced in absence to six years.",
            "action_to_be_taken": "Detain and verify with NCB Seoul before any coercive measure",
        },
    ),
    (
        "GE",
        {
            "source_reference": "GE-N-L004",
            "purpose": ["arrest", "locate"],
            "names": [
                _name(
                    "Yevstafy Arkadyevich Zavyalkin",
                    given="Yevstafy",
                    patronymic="Arkadyevich",
                    family="Zavyalkin",
                ),
                _name("Евстафий Аркадьевич Завьялкин", "original_script"),
            ],
            "born": ["1972-01-30"],
            "sex": "M",
            "nationalities": ["RU"],
            "places_of_birth": ["Perm"],
            "status": "charged",
            "event": "Theft of icons from a church in Kutaisi, 2020-01",
            "relevance": "Seen by a camera carrying two of the icons.",
            "action_to_be_taken": "Detain and verify with NCB Tbilisi before any coercive measure",
            "warning_markers": ["violent"],
        },
    ),
)


_IN_NEED: tuple[Fed, ...] = (
    (
        "PL",
        {
            "source_reference": "PL-N-L005",
            "purpose": ["locate"],
            "names": [
                _name("Świętosława Żółtaszek-Brzęk", given="Świętosława", family="Żółtaszek-Brzęk"),
                _name("Świętosława Żółtaszek", "former"),
            ],
            "born": ["1991-11-03"],
            "sex": "F",
            "nationalities": ["PL"],
            "places_of_birth": ["Rzeszów"],
            "documents": _passport(105, "PL"),
            "status": "missing",
            "event": "Did not return from a walk near Lublin, 2024-10",
            "relevance": "Reported missing by the family.",
            "action_to_be_taken": "Make sure that the person is safe and tell NCB Warsaw",
            "special_conditions": "Missing person: no restrictive measures (RPD 40)",
            "portrait": "demo-portrait-105",
        },
    ),
    (
        "BR",
        {
            "source_reference": "BR-N-L006",
            "purpose": ["locate"],
            "names": [_name("Ludimila Pirajuba Tangará", given="Ludimila", middle="Pirajuba", family="Tangará")],
            "born": ["2013-04-19"],
            "sex": "F",
            "nationalities": ["BR"],
            "places_of_birth": ["Recife"],
            "status": "missing",
            "event": "Taken abroad against a court's decision, Recife, 2025-02",
            "relevance": "The other parent reported the departure.",
            "action_to_be_taken": "Make sure that the child is safe and tell NCB Brasilia",
            "special_conditions": "Minor at the time of the event (RPD 41); no restrictive measures (RPD 40)",
            "confidentiality_level": "restricted",
        },
    ),
    (
        "KE",
        {
            "source_reference": "KE-N-L007",
            "purpose": ["information"],
            "names": [_name("Nyaboke Tirindani", given="Nyaboke", family="Tirindani")],
            "born": ["1996-07-08"],
            "sex": "F",
            "nationalities": ["KE"],
            "places_of_birth": ["Kisumu"],
            "status": "witness",
            "event": "Arson of a warehouse in Mombasa, 2024-03",
            "relevance": "Saw the fire begin; has not been heard yet.",
            "special_conditions": "Witness: no restrictive measures (RPD 40)",
        },
    ),
)


_HARD: tuple[Fed, ...] = (
    (
        "SN",
        {
            "source_reference": "SN-N-L008",
            "purpose": ["locate"],
            "names": [_name("Marie Fournier", given="Marie", family="Fournier")],
            "born": ["1983-04-12"],
            "sex": "F",
            "nationalities": ["FR"],
            "places_of_birth": ["Nantes"],
            "status": "suspect",
            "event": "Card fraud in hotels of Dakar, 2023-02",
            "relevance": "A namesake of travellers who have nothing to do with the event.",
            "action_to_be_taken": "Note whereabouts and tell NCB Dakar; do not detain",
        },
    ),
    (
        "CA",
        {
            "source_reference": "CA-N-L009",
            "purpose": ["arrest"],
            "names": [_name("Osric Wetherlamb", given="Osric", family="Wetherlamb")],
            "born": ["1969-08-08"],
            "sex": "M",
            "nationalities": ["CA"],
            "places_of_birth": ["Hamilton"],
            "documents": _passport(109, "CA"),
            "status": "charged",
            "event": "Embezzlement in a shipping office in Gatineau, 2019-09",
            "relevance": "Restricted by its source: the bureau of Warsaw must not learn that it exists.",
            "action_to_be_taken": "Detain and verify with NCB Ottawa before any coercive measure",
            "restricted_against": ["PL"],
            "confidentiality_level": "confidential",
        },
    ),
    (
        "VN",
        {
            "source_reference": "VN-N-L010",
            "purpose": ["warn"],
            "names": [_name("Trầm Thị Mộng Điệp", family="Trầm", middle="Thị Mộng", given="Điệp")],
            "born": [],
            "sex": "F",
            "nationalities": ["VN"],
            "status": "possible_threat",
            "event": "Sale of forged medicines in Cần Thơ, 2022-12",
            "relevance": "The date of birth is not known.",
            "action_to_be_taken": "Search luggage for medicines and tell NCB Hanoi",
        },
    ),
    (
        "AU",
        {
            "source_reference": "AU-N-L011",
            "purpose": ["information"],
            "names": [_name("Sukarmilah", given="Sukarmilah")],
            "born": ["1990"],
            "sex": "F",
            "nationalities": ["ID"],
            "places_of_birth": ["Semarang"],
            "status": "suspect",
            "event": "Recruitment for forced labour in Hobart, 2021-06",
            "relevance": "Has one name only.",
            "action_to_be_taken": "Ask about the employer named in the record and tell NCB Canberra",
        },
    ),
    (
        "ES",
        {
            "source_reference": "ES-N-L012",
            "purpose": ["locate"],
            "names": [_name("João Paulo da Silva Silveirinha", given="João Paulo", family="da Silva Silveirinha")],
            "born": ["1975", "1976-03-02"],
            "sex": "M",
            "nationalities": ["BR", "PT"],
            "status": "criminal_history",
            "event": "Handling of stolen cars in Zaragoza, 2018-07",
            "relevance": "Has stated two dates of birth.",
            "action_to_be_taken": "Note whereabouts and tell NCB Madrid; do not detain",
        },
    ),
)


def leading_persons() -> tuple[Fed, ...]:
    """Return the fixed persons, always in this order."""
    # A copy, because whoever normalises a row may change it.
    return deepcopy((*_WANTED, *_IN_NEED, *_HARD))


def leading_documents() -> tuple[Fed, ...]:
    """Return the fixed lost and stolen documents, always in this order."""
    return (
        ("KE", _document("KE-D-L001", 1, "stolen", "2025-03-14", ("Wambui Kamandura", "1990-05-12"))),
        ("ES", _document("ES-D-L002", 2, "lost", "2024-08-30", ("Leocadio Zurbarrena Tuñón", "1968-12-01"))),
        ("PE", _document("PE-D-L003", 3, "revoked", "2025-01-09", ("Yolotzin Carhuapoma Tello", "2001-02-17"))),
        ("GR", _document("GR-D-L004", 4, "stolen_blank", "2023-05-22", None)),
    )


def _document(reference: str, index: int, reason: str, reported_on: str, holder: tuple[str, str] | None) -> Row:
    row: Row = {
        "source_reference": reference,
        "purpose": ["border", "identify"],
        "number": document_number("L", index),
        # Only the issuing country records a document, so the reference begins with it.
        "issuer": reference[:2],
        "type": "passport",
        "reason": reason,
        "reported_on": reported_on,
        "relevance": "Reported to the issuing authority.",
        "action_to_be_taken": "Keep the document and ask the bearer how it was obtained",
    }
    if holder:
        row["holder_name"], row["holder_born"] = holder
    return row


def leading_vehicles() -> tuple[Fed, ...]:
    """Return the fixed stolen vehicles, always in this order."""
    return (
        ("ES", _vehicle("ES-V-L001", 0, "ES", ("Kestrel", "Andar", "red", 2019), "2025-02-02")),
        ("PL", _vehicle("PL-V-L002", 1, "PL", ("Meridian", "Courier", "white", 2022), "2024-11-19")),
    )


def _vehicle(reference: str, index: int, country: str, looks: tuple[str, str, str, int], stolen_on: str) -> Row:
    make, model, colour, year = looks
    return {
        "source_reference": reference,
        "purpose": ["locate"],
        "vin": vin("LEAD7", year, index),
        "plate": plate(index),
        "plate_country": country,
        "make": make,
        "model": model,
        "colour": colour,
        "year": year,
        "stolen_on": stolen_on,
        "relevance": "Reported stolen by the owner.",
        "action_to_be_taken": "Secure the vehicle and tell the bureau that recorded it",
    }


def leading_vessels() -> tuple[Fed, ...]:
    """Return the fixed vessels, always in this order."""
    return (
        (
            "GR",
            {
                "source_reference": "GR-S-L001",
                "purpose": ["information", "locate"],
                "imo": imo_number(1),
                "mmsi": mmsi(1),
                "name": "Halcyon Thistledown",
                "flag": "GR",
                "type": "general cargo",
                "relevance": "Switched off its transponder before a meeting at sea.",
                "action_to_be_taken": "Tell NCB Athens the position and the next port",
            },
        ),
    )
