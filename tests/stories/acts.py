"""The acts of the mission; each plays on the stage, says what happens, and asserts what is seen and what is not.

`test_*.py` plays them as tests, `python -m tests.stories` for an audience.
"""

import json
from typing import Protocol

from playwright.sync_api import Page, expect

from liaison.checks.mrz_write import Holder, write_mrz_td3
from tests.stories.stage import Stage

STOLEN = Holder("KE", "9ZZS00077", "Wanderimo", "Achola", "KE", "1991-04-17", "F", "2031-04-16")
REFERENCE = "KE-STORY-1"
FEED = json.dumps(
    {
        "source_reference": REFERENCE,
        "purpose": ["border"],
        "number": STOLEN.number,
        "issuer": "KE",
        "type": "passport",
        "reason": "stolen",
        "action_to_be_taken": "Keep the passport and tell NCB Nairobi",
    }
)
# The first of the fixed persons of the demo world, misspelt, with only the year of birth.
MISSPELT = "Zoheir Fawaz Elbarghashy"
WRITTEN = "Zuhayr Fawwaz al-Barghashi"


class Scene(Protocol):
    """How an act reaches its audience."""

    def tell(self, sentence: str) -> None:
        """Say what happens."""
        ...

    def show(self, page: Page, name: str) -> None:
        """Keep a picture."""
        ...


def nairobi_feeds_a_stolen_passport(stage: Stage, scene: Scene) -> None:
    """A system of NCB Nairobi feeds the number of a passport stolen this morning."""
    scene.tell("A passport was stolen in Nairobi this morning. The national police system there feeds its number.")
    key = stage.key_of("NCB Nairobi", "Lost passports desk")
    status, body = stage.http("POST", "/api/feed/travel_documents?format=jsonl", key, FEED.encode())

    assert status == 200, body
    assert json.loads(body)["accepted"] == 1
    scene.tell("The row has its receipt: accepted, and durable before the answer came.")

    foreign = stage.key_of("NCB Madrid", "Lost passports desk")
    status, body = stage.http("POST", "/api/feed/travel_documents?format=jsonl", foreign, FEED.encode())

    assert json.loads(body)["refused"] == 1, body
    scene.tell("Madrid tries to record the same Kenyan passport and is refused: only the country that issued it may.")


def warsaw_scans_the_passport(stage: Stage, scene: Scene) -> None:
    """An officer in Warsaw scans the machine-readable zone."""
    scene.tell("A minute later the passport lies on a desk in Warsaw. The officer scans its machine-readable zone.")
    page = stage.sign_in("warsaw_officer")
    check(page, write_mrz_td3(STOLEN), "WAW/2026/1")

    expect(page.locator(".app-match").first).to_contain_text(REFERENCE)
    expect(page.locator(".app-match").first).to_contain_text("NCB Nairobi")
    expect(page.locator(".app-match").first).to_contain_text("Keep the passport and tell NCB Nairobi")
    scene.show(page, "1-warsaw-scans-a-stolen-passport")
    scene.tell("The answer: stolen, recorded by NCB Nairobi; keep the passport, and verify with Nairobi before acting.")
    page.context.close()


def warsaw_checks_a_misspelt_name(stage: Stage, scene: Scene) -> None:
    """The officer types an Arabic name as it was heard, and reads why the record resembles it."""
    scene.tell(f"Another traveller says his name. The officer writes what she hears: {MISSPELT}, born about 1979.")
    page = stage.sign_in("warsaw_officer")
    check(page, f"{MISSPELT} 1979", "WAW/2026/2")

    first = page.locator(".app-match").first
    expect(first).to_contain_text(WRITTEN)
    expect(first.locator("tbody tr")).not_to_have_count(0)
    scene.show(page, "2-warsaw-reads-why-a-misspelt-name-matched")
    scene.tell(f"{WRITTEN}: the page says part by part what agrees, what does not, and how much each weighs.")
    for reason in first.locator("tbody tr").all():
        scene.tell("  " + " · ".join(cell.inner_text().strip() for cell in reason.locator("th, td").all()))
    first.locator("a").last.click()
    expect(page.locator("main")).to_contain_text(WRITTEN)
    scene.tell("She opens the full record under the same purpose and reference. Both looks are in the register.")
    page.context.close()


def a_stranger_gets_no_record(stage: Stage, scene: Scene) -> None:
    """Somebody about whom nothing is recorded gets "no record", and an outsider learns nothing at all."""
    scene.tell("The next traveller is a bare stranger: nothing is recorded about her.")
    page = stage.sign_in("warsaw_officer")
    check(page, "Quintilla Aldermoor 1994-06-21", "WAW/2026/3")

    expect(page.locator(".app-answer--no_match")).to_be_visible()
    expect(page.locator(".app-match")).to_have_count(0)
    scene.show(page, "3-a-stranger-gets-no-record")
    page.context.close()

    scene.tell("A patrol that was granted nothing asks for the stolen passport. It is not told that it is there.")
    key = stage.key_of("Lake District Patrol", "Patrol phone")
    status, body = stage.ask(key, [{"id": "1", "document": {"number": STOLEN.number, "issuer": "KE"}}])

    assert status == 200
    assert json.loads(body)["results"][0]["outcome"] == "refused"
    assert b"Nairobi" not in body


def nairobi_restricts_warsaw(stage: Stage, scene: Scene) -> None:
    """Nairobi keeps its documents from Warsaw, which is answered byte for byte as for a number that nobody recorded."""
    warsaw = stage.key_of("NCB Warsaw", "Border gate")
    scene.tell("Nairobi decides that Warsaw shall see none of its travel documents any more.")
    page = stage.sign_in("nairobi_admin", lands_on="/access/restrictions/")
    page.locator("select[name=database]").select_option("travel_documents")
    page.locator("select[name=against]").select_option(label="NCB Warsaw")
    page.locator("button[value=restrict]").click()
    expect(page.locator("table")).to_contain_text("NCB Warsaw")
    scene.show(page, "4-nairobi-restricts-warsaw")
    page.context.close()

    known, unknown = (answered(stage, warsaw, number) for number in (STOLEN.number, "9ZZS99999"))

    assert known == unknown, (known, unknown)
    assert b"no_match" in known
    scene.tell("The very next check of the stolen passport answers Warsaw, byte for byte, as one that nobody recorded.")


def answered(stage: Stage, key: str, number: str) -> bytes:
    """Ask for a document; return the answer without the number of its entry, which counts on."""
    status, body = stage.ask(key, [{"id": "1", "document": {"number": number, "issuer": "KE"}}])
    assert status == 200
    return body.replace(str(json.loads(body)["entry"]).encode(), b"N")


def a_witness_refuses_a_rewritten_register(stage: Stage, scene: Scene) -> None:
    """The operator edits the register and signs it again; the witness of a bureau does not sign, and that is seen."""
    scene.tell("A witness of NCB Warsaw, on a machine of its own, signs that the log of the register only grows.")
    with stage.witnessed("witness.warsaw.example") as witness:
        demand = ("--witness", witness.key, "--need", "1")
        scene.tell(stage.liaison("verify", *demand, witnesses=witness.setting).strip())

        scene.tell("The operator, who has the machine and the key, makes one entry say that somebody else asked.")
        stage.rewrite_the_register()
        stage.liaison("log", "sign")
        scene.tell(f"For the machine itself all is well: {stage.liaison('verify').strip()}")

        told = stage.liaison("verify", *demand, witnesses=witness.setting, expect=4)
        assert "has seen other entries" in told
        assert "0 witnesses have cosigned, 1 must" in told
        scene.tell(f"Whoever demands the witness sees it: {told.strip().splitlines()[-1]}")


def check(page: Page, text: str, reference: str) -> None:
    """Ask in the one box, as an officer does: with the keyboard."""
    page.goto(page.url.split("/check/")[0] + "/check/")
    page.locator("#id_q").fill(text)
    page.locator("#id_purpose").select_option("border")
    page.locator("#id_reference").fill(reference)
    page.locator("#id_reference").press("Enter")
    page.locator(".app-answer").first.wait_for()


ACTS = (
    nairobi_feeds_a_stolen_passport,
    warsaw_scans_the_passport,
    warsaw_checks_a_misspelt_name,
    a_stranger_gets_no_record,
    nairobi_restricts_warsaw,
    a_witness_refuses_a_rewritten_register,
)
