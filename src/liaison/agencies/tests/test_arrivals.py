"""A key is taken from its networks, with its certificate, at its rate and with the officer's name, or not at all."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.test import Client
from django.utils import timezone

from liaison.agencies.actions import create_key, replace_key
from liaison.agencies.arrivals import (
    NO_BOUNDS,
    Arrival,
    Bounds,
    Rates,
    arrival_of,
    fingerprint,
    rates,
    read_fingerprint,
    read_networks,
    require_arrival,
)
from liaison.agencies.models import Key
from liaison.audit.actions import OPERATOR
from liaison.audit.models import Entry
from liaison.checks.tests.test_door import ABOUT_PERSON, knock
from liaison.errors import BadInput, LiaisonError, Refused, TooMany
from tests.cast import Member, a_person, browser_of, feed

LIFE = timedelta(days=30)
HERE = Bounds(networks=("127.0.0.0/8",))
ELSEWHERE = Bounds(networks=("192.0.2.0/24", "2001:db8::/32"))


def bind(member: Member, bounds: Bounds) -> Key:
    """Demand this of whoever comes with the member's key."""
    _ = member.key
    key = Key.objects.get(system__agency=member.agency)
    key.networks, key.certificate = " ".join(bounds.networks), bounds.certificate
    key.per_minute, key.names_officer = bounds.per_minute, bounds.names_officer
    key.save()
    return key


def refusal(bounds: Bounds, arrival: Arrival) -> str:
    with pytest.raises(LiaisonError) as caught:
        require_arrival(bounds, 1, arrival)
    return caught.value.problems[0].code


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::5", "::ffff:192.0.2.9"])
def test_a_key_is_taken_from_its_networks(address: str) -> None:
    require_arrival(ELSEWHERE, 1, Arrival(address))


@pytest.mark.parametrize("address", ["192.0.3.7", "2001:db9::5", "::ffff:192.0.3.9", "", "not an address", "192.0.2"])
def test_a_key_is_taken_from_nowhere_else(address: str) -> None:
    assert refusal(ELSEWHERE, Arrival(address)) == "wrong-network"


def test_a_key_with_a_certificate_is_taken_with_that_one_only() -> None:
    bounds = Bounds(certificate="ab" * 32)

    require_arrival(bounds, 1, Arrival(certificate="ab" * 32))
    assert refusal(bounds, Arrival(certificate="cd" * 32)) == "no-certificate"
    assert refusal(bounds, Arrival()) == "no-certificate"


def test_a_rate_is_taken_at_once_and_then_evenly() -> None:
    limited = Rates()

    at_once = [limited.take(1, 3, 100.0) for _ in range(4)]
    soon, later = limited.take(1, 3, 110.0), limited.take(1, 3, 131.0)

    assert at_once == [True, True, True, False]
    assert (soon, later) == (False, True)
    assert limited.take(2, 3, 100.0)


def test_what_a_proxy_says_counts_only_behind_one(settings: Any) -> None:
    headers = [(b"x-forwarded-for", b"203.0.113.9, 192.0.2.7")]

    alone = arrival_of("127.0.0.1", headers)
    settings.LIAISON_BEHIND_PROXY = True
    behind = arrival_of("127.0.0.1", headers)

    # The last is what the proxy itself saw; what stands before it, anybody may have written.
    assert (alone.address, behind.address) == ("127.0.0.1", "192.0.2.7")


def test_a_secret_that_the_proxy_sends_and_nobody_agreed_on_changes_nothing(settings: Any) -> None:
    settings.LIAISON_BEHIND_PROXY = True

    arrival = arrival_of("127.0.0.1", [(b"x-forwarded-for", b"192.0.2.7"), (b"x-proxy-secret", b"of the proxy")])

    assert arrival.address == "192.0.2.7"


def test_with_a_secret_only_the_proxy_that_knows_it_is_believed(settings: Any) -> None:
    settings.LIAISON_BEHIND_PROXY, settings.LIAISON_PROXY_SECRET = True, "between us"
    said = (b"x-forwarded-for", b"192.0.2.7")

    liar = arrival_of("127.0.0.1", [said, (b"x-proxy-secret", b"guessed")])
    proxy = arrival_of("127.0.0.1", [said, (b"x-proxy-secret", b"between us")])

    assert (liar.address, proxy.address) == ("127.0.0.1", "192.0.2.7")


@pytest.fixture(scope="module")
def certificate() -> tuple[str, str]:
    """Return a certificate of a gate in PEM, and its SHA-256 with colons as programs print it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gate")])
    begun, ended = timezone.now(), timezone.now() + LIFE
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begun, ended)
    made = builder.sign(key, SHA256())
    return made.public_bytes(Encoding.PEM).decode(), made.fingerprint(SHA256()).hex(":").upper()


def test_a_certificate_passed_on_has_the_fingerprint_that_programs_print(certificate: tuple[str, str]) -> None:
    pem, printed = certificate

    assert fingerprint(quote(pem)) == read_fingerprint(printed)
    assert fingerprint("") == fingerprint("nonsense") == ""


def test_a_certificate_without_the_proxys_secret_is_nobodys(settings: Any, certificate: tuple[str, str]) -> None:
    settings.LIAISON_BEHIND_PROXY = True
    passed_on = (b"x-client-certificate", quote(certificate[0]).encode())

    without = arrival_of("127.0.0.1", [passed_on])
    settings.LIAISON_PROXY_SECRET = "between us"
    beside = arrival_of("127.0.0.1", [passed_on, (b"x-proxy-secret", b"between us")])

    assert without.certificate == ""
    assert beside.certificate == read_fingerprint(certificate[1])


@pytest.mark.parametrize("text", ["192.0.2.7/24", "here", "300.1.1.1", "10.0.0.0/33"])
def test_a_text_that_is_no_network_is_refused_with_it(text: str) -> None:
    with pytest.raises(BadInput, match=text.replace(".", r"\.")):
        read_networks(f"10.0.0.0/8 {text}")


@pytest.mark.parametrize("text", ["ab", "zz" * 32, "ab" * 33])
def test_a_text_that_is_no_fingerprint_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="bad-fingerprint"):
        read_fingerprint(text)


@pytest.mark.parametrize("name", ["%E2%80%AE", "x" * 121, "%FF"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="Name the officer"):
        arrival_of("127.0.0.1", [(b"liaison-officer", name.encode())])


def test_the_door_refuses_a_key_from_elsewhere_and_registers_nothing(warsaw_officer: Member) -> None:
    bind(warsaw_officer, ELSEWHERE)

    [answer] = knock(warsaw_officer, {"json": ABOUT_PERSON})

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong-network")
    assert not Entry.objects.filter(event="checked").exists()


def test_the_door_takes_a_key_from_its_network_at_its_rate(warsaw_officer: Member) -> None:
    bind(warsaw_officer, HERE._replace(per_minute=2))

    answers = knock(warsaw_officer, *[{"json": ABOUT_PERSON}] * 3)

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "too-many-requests"


def test_the_doors_of_django_demand_the_same(warsaw_officer: Member) -> None:
    bind(warsaw_officer, ELSEWHERE)
    headers = {"Authorization": f"Bearer {warsaw_officer.key}"}

    answers = [Client(headers=headers).get(path) for path in ("/api/batches", "/api/log/checkpoint", "/catalog")]

    assert [answer.status_code for answer in answers] == [403] * 3


def test_for_whom_a_system_asks_stands_in_the_register(nairobi_feeder: Member, warsaw_officer: Member) -> None:
    feed(nairobi_feeder, "nominal", a_person("Oksana Tverdokhlib"))
    bind(warsaw_officer, Bounds(names_officer=True))
    named = {"Liaison-Officer": "Hanna%20Brze%C5%BAniak"}

    unnamed, answer = knock(warsaw_officer, {"json": ABOUT_PERSON}, {"json": ABOUT_PERSON, "headers": named})
    shown, entry = answer.json()["results"][0]["matches"][0]["record"], answer.json()["entry"]
    key = {"Authorization": f"Bearer {warsaw_officer.key}"}
    Client(headers=key | named).get(f"/api/records/{shown}?check={entry}")

    assert (unnamed.status_code, unnamed.json()["code"]) == (400, "no-officer")
    assert Entry.objects.get(number=entry).detail == '{"for_officer":"Hanna Brzeźniak"}'
    assert '"for_officer":"Hanna Brzeźniak"' in Entry.objects.get(event="record_read").detail


def test_a_key_without_bounds_names_an_officer_if_it_likes(warsaw_officer: Member) -> None:
    [answer] = knock(warsaw_officer, {"json": ABOUT_PERSON, "headers": {"Liaison-Officer": "Hanna"}})

    assert Entry.objects.get(number=answer.json()["entry"]).detail == '{"for_officer":"Hanna"}'


def test_a_key_is_replaced_by_one_alike_and_both_work_for_a_while(warsaw_officer: Member) -> None:
    old, text, now = bind(warsaw_officer, HERE), warsaw_officer.key, timezone.now()

    new, new_text = replace_key(old, timedelta(days=7), by=OPERATOR, now=now)

    assert (new.bounds, new.system) == (HERE, old.system)
    assert old.expires_at == now + timedelta(days=7)
    answers = [Client(headers={"Authorization": f"Bearer {one}"}).get("/api/batches") for one in (text, new_text)]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_a_key_that_ends_sooner_is_not_prolonged_by_its_replacement(warsaw_officer: Member) -> None:
    now = timezone.now()
    key, _ = create_key(warsaw_officer.agency, "Gate", timedelta(days=1), by=OPERATOR, now=now)

    replace_key(key, timedelta(days=7), by=OPERATOR, now=now)

    assert key.expires_at == now + timedelta(days=1)


def test_an_administrator_binds_a_key_on_the_page_and_replaces_it(warsaw_admin: Member) -> None:
    browser, path = browser_of(warsaw_admin), f"/agencies/{warsaw_admin.agency.pk}/"
    sent = {
        "action": "create_system", "name": "Gate 4", "days": "30", "networks": "192.0.2.0/24, 192.0.2.7",
        "certificate": ":".join(["AB"] * 32), "per_minute": "600", "names_officer": "on",
    }  # fmt: skip

    browser.post(path, sent)
    key = Key.objects.get()
    shown = browser.post(path, {"action": "replace_key", "id": str(key.pk)}).content.decode()

    assert key.bounds == Bounds(("192.0.2.0/24", "192.0.2.7/32"), "ab" * 32, 600, names_officer=True)
    assert Key.objects.get(pk__gt=key.pk).bounds == key.bounds
    assert "The key that it replaces works until" in shown
    assert "192.0.2.0/24" in browser.get(path).content.decode()


def test_a_network_that_is_none_is_shown_beside_its_field(warsaw_admin: Member) -> None:
    browser, path = browser_of(warsaw_admin), f"/agencies/{warsaw_admin.agency.pk}/"

    page = browser.post(path, {"action": "create_system", "name": "Gate 4", "days": "30", "networks": "nowhere"})

    assert "nowhere" in page.context["form"].errors["networks"][0]
    assert not Key.objects.exists()


def test_bounds_that_demand_nothing_are_the_same_thing(warsaw_officer: Member) -> None:
    assert bind(warsaw_officer, Bounds()).bounds is NO_BOUNDS


def test_a_rate_is_counted_by_key(warsaw_officer: Member) -> None:
    require_arrival(Bounds(per_minute=1), 71, Arrival())

    with pytest.raises(TooMany):
        require_arrival(Bounds(per_minute=1), 71, Arrival())
    require_arrival(Bounds(per_minute=1), 72, Arrival())
    rates.__init__()  # type: ignore[misc]


def test_nobody_else_replaces_a_key(nairobi_admin: Member, warsaw_officer: Member) -> None:
    key = bind(warsaw_officer, HERE)

    answer = browser_of(nairobi_admin).post(
        f"/agencies/{warsaw_officer.agency.pk}/", {"action": "replace_key", "id": str(key.pk)}
    )

    assert answer.status_code == 404
    assert Key.objects.count() == 1
    with pytest.raises(Refused):
        require_arrival(ELSEWHERE, key.pk, Arrival("127.0.0.1"))
