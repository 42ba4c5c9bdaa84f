"""Portraits: small, of one size, the same from one seed."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from liaison.demo.portraits import portrait, portrait_named


def test_the_same_seed_draws_the_same_face() -> None:
    assert portrait(5) == portrait(5)
    assert portrait(5) != portrait(6)


@pytest.mark.parametrize("seed", range(24))
def test_a_portrait_is_a_small_picture_of_the_agreed_size(seed: int) -> None:
    written = portrait(seed)

    picture = Image.open(BytesIO(written))
    assert (picture.format, picture.size) == ("JPEG", (240, 320))
    assert len(written) < 15_000


def test_the_mark_specimen_lies_across_every_portrait() -> None:
    red, green, _ = Image.open(BytesIO(portrait(3))).convert("RGB").split()

    # Nothing else in this picture is so much redder than it is green.
    marked = ImageChops.subtract(red, green).point(lambda level: 255 if level > 70 else 0)

    left, top, right, bottom = marked.getbbox() or (0, 0, 0, 0)
    assert (right - left, bottom - top) >= (120, 120)


def test_the_portrait_that_a_record_names_is_drawn() -> None:
    assert portrait_named("demo-portrait-17") == portrait(17)


@pytest.mark.parametrize("reference", ["", "17", "demo-portrait-", "demo-portrait-x", "photo-17"])
def test_a_portrait_of_another_world_is_refused(reference: str) -> None:
    with pytest.raises(ValueError, match="is no portrait of the demo world"):
        portrait_named(reference)
