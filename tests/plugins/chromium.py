"""A real browser for tests: Debian's Chromium, driven by Playwright.

The page of a test fails it when a script on it fails, or when it asks any other
machine than this one for anything.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.plugins import components

PROGRAM = Path("/usr/bin/chromium")
ACTION_MILLISECONDS = 10_000
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
ARGUMENTS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


# One browser a module and not a session: Playwright keeps an event loop running in the thread of the tests,
# and the tests of the next module may want one of their own (those of the same module cannot have one).
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a running Chromium; it is visible with SHOW=1."""
    if not PROGRAM.exists():
        components.missing("Chromium", "chromium")
    # Django refuses its database in a thread with a running event loop, and Playwright keeps one in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = open_browser(playwright, visible=os.environ.get("SHOW") == "1")
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def open_browser(playwright: Playwright, *, visible: bool) -> Browser:
    """Start Chromium; its own sandbox refuses to start as root."""
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.getuid() == 0 else ARGUMENTS
    return playwright.chromium.launch(executable_path=PROGRAM, args=arguments, headless=not visible)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page for somebody new: own cookies, own language, own window size."""
    contexts, faults = [], list[str]()

    def open_page(*, locale: str = "en", width: int = 1280, height: int = 900) -> Page:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
        contexts.append(context)
        context.set_default_timeout(ACTION_MILLISECONDS)
        context.on("request", lambda request: faults.extend(outside(request.url)))
        context.on("weberror", lambda error: faults.append(f"A script failed: {error.error}"))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Return a page of an English browser, 1280 pixels wide."""
    return new_page()


def outside(address: str) -> list[str]:
    """Return the fault of asking this address: one where it lies on another machine, else none."""
    parts = urlsplit(address)
    inside = parts.scheme in {"data", "blob", "about"} or parts.hostname in LOOPBACK
    return [] if inside else [f"The page asked another machine: {address}"]
