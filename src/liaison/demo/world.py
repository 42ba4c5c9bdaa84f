"""Who takes part in the demo world: bureaux, the secretariat, national entities, and the cast of accounts.

All persons are invented; their addresses lie under `example` domains, which
exist nowhere.  The countries are real, so that codes and scripts are; nothing
is said about their police.
"""

from typing import Literal, NamedTuple

from liaison.demo.documents import documents
from liaison.demo.persons import persons
from liaison.demo.vehicles import vehicles
from liaison.demo.vessels import vessels

__all__ = ["documents", "persons", "vehicles", "vessels"]

SEED = 7
"""The seed of the demo world that `make run` builds."""

DEMO_KEY_COUNTRY = "PL"
"""The bureau whose key lies in a demo home: it may feed and check everything, and the samples are asked with it."""


class Bureau(NamedTuple):
    """A country's bureau: the single point of contact (RPD 1(6), 5(5))."""

    country: str
    city: str

    @property
    def name(self) -> str:
        """The name that users see."""
        return f"NCB {self.city}"


class Entity(NamedTuple):
    """A national entity under the bureau of its country (RPD 1(8), 21)."""

    country: str
    name: str


class Entitlement(NamedTuple):
    """What an agency, named by `agency`, may do in these databases."""

    agency: str
    databases: tuple[str, ...]
    operations: tuple[str, ...]


class Account(NamedTuple):
    """An officer of the cast: `role` is the name that tests and stories use, `agency` the name of the agency."""

    role: str
    full_name: str
    email: str
    agency: str
    duty: Literal["officer", "administrator", "auditor"] = "officer"
    language: str = "en"


BUREAUX = (
    Bureau("PL", "Warsaw"),
    Bureau("KE", "Nairobi"),
    Bureau("ES", "Madrid"),
    Bureau("JO", "Amman"),
    Bureau("GE", "Tbilisi"),
    Bureau("PE", "Lima"),
    Bureau("VN", "Hanoi"),
    Bureau("CA", "Ottawa"),
    Bureau("GR", "Athens"),
    Bureau("SN", "Dakar"),
    Bureau("KR", "Seoul"),
    Bureau("AU", "Canberra"),
    Bureau("TR", "Ankara"),
    Bureau("BR", "Brasilia"),
    Bureau("JP", "Tokyo"),
)

SECRETARIAT = "General Secretariat"

BORDER_GUARD = Entity("PL", "Vistula Border Guard")
CITY_POLICE = Entity("PL", "Old Town City Police")
HARBOUR_POLICE = Entity("KE", "Mombasa Harbour Police")
# Authorised, and granted nothing yet: what the outsider must not see is seen from here.
LAKE_PATROL = Entity("AU", "Lake District Patrol")
ENTITIES = (BORDER_GUARD, CITY_POLICE, HARBOUR_POLICE, LAKE_PATROL)

ALL_DATABASES = ("nominal", "travel_documents", "vehicles", "vessels")

ENTITLEMENTS = (
    *(Entitlement(bureau.name, ALL_DATABASES, ("check", "read", "feed")) for bureau in BUREAUX),
    Entitlement(SECRETARIAT, ALL_DATABASES, ("check", "read")),
    Entitlement(BORDER_GUARD.name, ("nominal", "travel_documents", "vehicles"), ("check", "read")),
    Entitlement(CITY_POLICE.name, ("vehicles",), ("check",)),
    Entitlement(HARBOUR_POLICE.name, ("travel_documents", "vessels"), ("check", "read")),
)

ACCOUNTS = (
    Account("warsaw_officer", "Hanna Brzeźniak", "warsaw.officer@pl.example", "NCB Warsaw", language="pl"),
    Account("warsaw_admin", "Tymon Ostrówek", "warsaw.admin@pl.example", "NCB Warsaw", "administrator", "pl"),
    Account("border_officer", "Lena Modrzyk", "border.officer@pl.example", BORDER_GUARD.name, language="pl"),
    Account("city_officer", "Igor Szałwia", "city.officer@pl.example", CITY_POLICE.name, language="pl"),
    Account("nairobi_feeder", "Achieng Tumbwali", "nairobi.feeder@ke.example", "NCB Nairobi"),
    Account("nairobi_admin", "Baraka Ndurumo", "nairobi.admin@ke.example", "NCB Nairobi", "administrator"),
    Account("madrid_requester", "Aitana Berrocal", "madrid.requester@es.example", "NCB Madrid"),
    Account("amman_officer", "Rula al-Zaatari", "amman.officer@jo.example", "NCB Amman", language="ar"),
    Account("examiner", "Noor Vandersteen", "examiner@secretariat.example", SECRETARIAT),
    Account("secretariat_admin", "Teodor Halvarsen", "admin@secretariat.example", SECRETARIAT, "administrator"),
    Account("auditor", "Imre Castellan", "auditor@secretariat.example", SECRETARIAT, "auditor"),
    Account("outsider", "Marnie Wattlebury", "outsider@au.example", LAKE_PATROL.name),
)


def account(role: str) -> Account:
    """Return the account of the cast with this role; raise KeyError naming the roles otherwise."""
    for candidate in ACCOUNTS:
        if candidate.role == role:
            return candidate
    raise KeyError(f"no account {role!r}; the cast is {', '.join(one.role for one in ACCOUNTS)}")
