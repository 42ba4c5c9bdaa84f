"""What browsers load is small, complete, and borrows nobody's emblem or font."""

import gzip
from pathlib import Path

import pytest

WEB = Path(__file__).parents[1] / "static" / "web"
SHEETS = ["liaison.css", "liaison.rtl.css"]


@pytest.mark.parametrize("name", SHEETS)
def test_a_style_sheet_loads_nothing_from_anywhere(name: str) -> None:
    sheet = (WEB / name).read_text(encoding="utf-8")

    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "@font-face" not in sheet


@pytest.mark.parametrize("name", SHEETS)
def test_no_font_or_emblem_of_another_house_is_used(name: str) -> None:
    sheet = (WEB / name).read_text(encoding="utf-8").lower()

    assert "gds transport" not in sheet
    assert "crown" not in sheet
    assert "noto sans" in sheet


@pytest.mark.parametrize("name", SHEETS)
def test_a_style_sheet_stays_under_its_limit(name: str) -> None:
    assert len(gzip.compress((WEB / name).read_bytes())) < 26_000


def test_the_mirrored_sheet_is_made_from_the_same_rules() -> None:
    plain, mirrored = ((WEB / name).read_text(encoding="utf-8") for name in SHEETS)

    assert plain.count("{") == mirrored.count("{")
    assert plain != mirrored


def test_the_borrowed_parts_are_named_with_their_licence() -> None:
    notice = (WEB / "LICENCES.txt").read_text(encoding="utf-8")

    assert "govuk-frontend 6.6.0" in notice
    assert "Permission is hereby granted, free of charge" in notice
