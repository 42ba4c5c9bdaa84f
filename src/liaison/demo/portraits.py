"""Draw a face that is nobody's: simple shapes from a seed, marked SPECIMEN across.

240 x 320 pixels, JPEG, under 15 KB.  No photograph was used, and nothing is
learned from any.
"""

from functools import cache
from io import BytesIO
from math import cos, pi, sin
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from liaison.demo.dice import Dice

WIDTH, HEIGHT = 240, 320
# Drawn larger and made smaller, which smooths the edges.
_SCALE = 3
_REFERENCE = "demo-portrait-"

Colour = tuple[int, int, int]
_SKINS: tuple[Colour, ...] = (
    (241, 209, 180),
    (224, 179, 143),
    (197, 146, 108),
    (156, 107, 75),
    (110, 72, 49),
    (84, 55, 40),
)
_HAIRS: tuple[Colour, ...] = ((28, 24, 22), (59, 41, 30), (96, 64, 40), (150, 112, 66), (178, 172, 166), (120, 60, 34))
_CLOTHES: tuple[Colour, ...] = ((52, 73, 94), (108, 52, 61), (60, 90, 70), (120, 112, 96), (70, 60, 100), (40, 40, 44))
_GROUNDS: tuple[Colour, ...] = ((214, 222, 228), (226, 222, 212), (208, 220, 210), (222, 214, 222))
_IRISES: tuple[Colour, ...] = ((66, 46, 32), (92, 116, 88), (84, 112, 140), (40, 32, 28))


class _Face(NamedTuple):
    """Measures of a face in pixels of the finished picture, and its colours."""

    half_width: int
    half_height: int
    middle: int
    eye_gap: int
    eye_size: int
    brow: int
    nose: int
    mouth: int
    smile: int
    hair_style: str
    skin: Colour
    hair: Colour
    clothes: Colour
    ground: Colour
    iris: Colour
    glasses: bool
    beard: bool


def portrait(seed: int) -> bytes:
    """Return the portrait of this seed as JPEG bytes; the same seed gives the same bytes."""
    face = _face(Dice(seed, "portrait"))
    picture = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), face.ground)
    pen = _Pen(picture)
    _draw_back_hair(pen, face)
    _draw_shoulders(pen, face)
    _draw_head(pen, face)
    _draw_hair(pen, face)
    _draw_eyes(pen, face)
    _draw_nose_and_mouth(pen, face)
    picture = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    picture.paste(_watermark(), (0, 0), _watermark())
    written = BytesIO()
    picture.save(written, "JPEG", quality=82, optimize=True)
    return written.getvalue()


def portrait_named(reference: str) -> bytes:
    """Return the picture that a record of the demo world names in its field `portrait`.

    Raises ValueError for a reference that this world did not make.
    """
    number = reference.removeprefix(_REFERENCE)
    if number == reference or not number.isdecimal():
        raise ValueError(f"{reference[:40]!r} is no portrait of the demo world: they are called {_REFERENCE}17")
    return portrait(int(number))


def _face(dice: Dice) -> _Face:
    return _Face(
        half_width=dice.number(56, 68),
        half_height=dice.number(78, 90),
        middle=dice.number(148, 158),
        eye_gap=dice.number(22, 28),
        eye_size=dice.number(8, 12),
        brow=dice.number(-4, 5),
        nose=dice.number(7, 13),
        mouth=dice.number(15, 25),
        smile=dice.number(0, 7),
        hair_style=dice.pick(("short", "long", "bun", "bald", "curly", "scarf")),
        skin=dice.pick(_SKINS),
        hair=dice.pick(_HAIRS),
        clothes=dice.pick(_CLOTHES),
        ground=dice.pick(_GROUNDS),
        iris=dice.pick(_IRISES),
        glasses=dice.chance(0.25),
        beard=dice.chance(0.2),
    )


class _Pen:
    """Draws in pixels of the finished picture."""

    def __init__(self, picture: Image.Image) -> None:
        self._draw = ImageDraw.Draw(picture)

    def oval(self, centre: tuple[float, float], across: float, down: float, fill: Colour) -> None:
        """Fill an ellipse with these half-axes."""
        x, y = centre
        box = [(x - across) * _SCALE, (y - down) * _SCALE, (x + across) * _SCALE, (y + down) * _SCALE]
        self._draw.ellipse(box, fill=fill)

    def ring(self, centre: tuple[float, float], radius: float, colour: Colour) -> None:
        """Draw a circle two pixels wide."""
        x, y = centre
        box = [(x - radius) * _SCALE, (y - radius) * _SCALE, (x + radius) * _SCALE, (y + radius) * _SCALE]
        self._draw.ellipse(box, outline=colour, width=2 * _SCALE)

    def half_oval(self, centre: tuple[float, float], across: float, down: float, fill: Colour, *, top: bool) -> None:
        """Fill the upper or the lower half of an ellipse."""
        x, y = centre
        box = [(x - across) * _SCALE, (y - down) * _SCALE, (x + across) * _SCALE, (y + down) * _SCALE]
        start = 180 if top else 0
        self._draw.pieslice(box, start, start + 180, fill=fill)

    def line(self, points: list[tuple[float, float]], width: float, colour: Colour) -> None:
        """Draw a bent line."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=int(width * _SCALE), joint="curve")

    def shape(self, points: list[tuple[float, float]], fill: Colour) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=fill)


def _shade(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(255, int(part * factor)) for part in colour)
    return (red, green, blue)


def _draw_back_hair(pen: _Pen, face: _Face) -> None:
    """Draw what hangs behind the head."""
    dark = _shade(face.hair, 0.85)
    if face.hair_style == "long":
        pen.oval((120, face.middle + 28), face.half_width + 17, face.half_height + 34, dark)
    if face.hair_style == "bun":
        pen.oval((120, face.middle - face.half_height - 16), 24, 22, dark)
    if face.hair_style == "scarf":
        pen.oval((120, face.middle + 12), face.half_width + 18, face.half_height + 30, _shade(face.clothes, 1.25))


def _draw_shoulders(pen: _Pen, face: _Face) -> None:
    pen.oval((120, 332), 104, 76, face.clothes)
    pen.shape([(98, face.middle + 40), (142, face.middle + 40), (148, 276), (92, 276)], _shade(face.skin, 0.88))
    pen.half_oval((120, 268), 32, 24, _shade(face.skin, 0.88), top=False)
    pen.line([(88, 266), (120, 296), (152, 266)], 4, _shade(face.clothes, 0.75))


def _draw_head(pen: _Pen, face: _Face) -> None:
    for side in (-1, 1):
        pen.oval((120 + side * face.half_width, face.middle + 6), 9, 15, _shade(face.skin, 0.92))
    pen.oval((120, face.middle), face.half_width, face.half_height, face.skin)
    if face.beard and face.hair_style != "scarf":
        pen.half_oval((120, face.middle + 24), face.half_width - 4, face.half_height - 22, face.hair, top=False)
        pen.oval((120, face.middle + 22), face.half_width - 14, 22, face.skin)


def _draw_hair(pen: _Pen, face: _Face) -> None:
    """Draw what lies over the forehead."""
    top = face.middle - face.half_height
    if face.hair_style in {"short", "long", "bun"}:
        pen.half_oval((120, top + 42), face.half_width + 5, 54, face.hair, top=True)
        pen.half_oval((112, top + 42), face.half_width - 14, 14, face.skin, top=True)
    if face.hair_style == "curly":
        for step in range(11):
            angle = pi + step * pi / 10
            pen.oval((120 + cos(angle) * face.half_width, top + 44 + sin(angle) * 46), 19, 18, face.hair)
    if face.hair_style == "scarf":
        pen.half_oval((120, top + 34), face.half_width + 8, 46, _shade(face.clothes, 1.25), top=True)


def _draw_eyes(pen: _Pen, face: _Face) -> None:
    level = face.middle - 8
    for side in (-1, 1):
        x = 120 + side * face.eye_gap
        pen.oval((x, level), face.eye_size + 2, face.eye_size * 0.62, (250, 248, 244))
        pen.oval((x, level), face.eye_size * 0.5, face.eye_size * 0.56, face.iris)
        pen.oval((x, level), 2.2, 2.2, (12, 10, 10))
        outer, inner = x + side * 13, x - side * 11
        pen.line([(inner, level - 15), (x, level - 19), (outer, level - 16 + face.brow)], 3.5, _shade(face.hair, 0.9))
        if face.glasses:
            pen.ring((x, level), 18, (50, 50, 56))
    if face.glasses:
        pen.line([(120 - face.eye_gap + 18, level), (120 + face.eye_gap - 18, level)], 2, (50, 50, 56))


def _draw_nose_and_mouth(pen: _Pen, face: _Face) -> None:
    dark = _shade(face.skin, 0.74)
    bottom = face.middle + 22
    pen.line([(118, face.middle - 2), (120 - face.nose, bottom), (120 + face.nose * 0.6, bottom + 1)], 2.5, dark)
    level = face.middle + 42
    lips = (150, 82, 78)
    curve = [(120 + face.mouth * step / 4, level + face.smile * (1 - (step / 4) ** 2)) for step in range(-4, 5)]
    pen.line([(float(x), float(y)) for x, y in curve], 5, lips)


@cache
def _watermark() -> Image.Image:
    """Return the word SPECIMEN, slanted and half transparent, as large as a portrait."""
    layer = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    font = ImageFont.load_default(46)
    ImageDraw.Draw(layer).text((WIDTH / 2, HEIGHT / 2), "SPECIMEN", font=font, fill=(176, 24, 36, 118), anchor="mm")
    return layer.rotate(42, resample=Image.Resampling.BICUBIC)
