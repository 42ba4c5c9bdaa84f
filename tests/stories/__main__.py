"""Play the mission for an audience: `make story`; SHOW=1 opens visible browsers."""

import os
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.plugins.chromium import open_browser
from tests.stories.acts import ACTS
from tests.stories.stage import Stage

PICTURES = Path("build/story")


class Aloud:
    """Say each sentence on the terminal, and keep each picture in `build/story`."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        PICTURES.mkdir(parents=True, exist_ok=True)

    def tell(self, sentence: str) -> None:
        """Say what happens, and how many seconds into the story."""
        sys.stdout.write(f"{time.monotonic() - self._started:5.0f} s  {sentence}\n")
        sys.stdout.flush()

    def show(self, page: Page, name: str) -> None:
        """Keep a picture of the page."""
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
        self.tell(f"[picture: {PICTURES / name}.png]")


def play() -> None:
    """Play every act on a stage of its own."""
    scene = Aloud()
    scene.tell("An invented world is built: fifteen bureaux, their records, their officers.")
    with tempfile.TemporaryDirectory(prefix="liaison-story-") as folder, sync_playwright() as playwright:
        browser = open_browser(playwright, visible=os.environ.get("SHOW") == "1")

        def open_page(*, locale: str = "en", width: int = 1280) -> Page:
            return browser.new_context(locale=locale, viewport={"width": width, "height": 900}).new_page()

        with Stage(Path(folder) / "home", "", open_page).running() as stage:
            for act in ACTS:
                act(stage, scene)
        browser.close()
    scene.tell("The story ends here, for now.")


play()
