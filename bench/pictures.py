"""Draw what was measured as SVG: lines and bars that can be read in print, with title, units, machine and date."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from bench.report import Machine

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 90, 170, 70, 80
_HEIGHT = 460
_ROW = 18
# Told apart in grey as well: each line has its own dashes.
_STYLES = (("#1b4f72", ""), ("#b03a2e", "7 3"), ("#1e8449", "2 3"), ("#7d3c98", "9 3 2 3"), ("#b9770e", "4 4"),
           ("#424949", "1 4"), ("#148f77", "12 4"), ("#6e2c00", "3 6"))  # fmt: skip
Point = tuple[float, float]


class Picture(NamedTuple):
    """What stands around the drawing; a unit belongs to each axis."""

    title: str
    told: str
    x: str
    y: str
    machine: Machine


class Bar(NamedTuple):
    """A value with the bounds that it surely lies between."""

    name: str
    value: float
    low: float
    high: float


def lines(
    path: Path, picture: Picture, series: dict[str, list[Point]], *, log_x: bool = False, log_y: bool = False
) -> None:
    """Draw one line for each series of (x, y)."""
    points = [point for line in series.values() for point in line]
    if not points:
        return
    across = _Axis([x for x, _ in points], _LEFT, _WIDTH - _RIGHT, is_log=log_x)
    up = _Axis([y for _, y in points], _HEIGHT - _BOTTOM, _TOP, is_log=log_y)
    drawn = [*_grid(across, up)]
    for number, (name, line) in enumerate(series.items()):
        if line:
            drawn += _line(name, sorted(line), _STYLES[number % len(_STYLES)], across, up)
            drawn += _legend(name, number, _STYLES[number % len(_STYLES)])
    _write(path, picture, drawn, _HEIGHT)


def bars(path: Path, picture: Picture, shown: Sequence[Bar]) -> None:
    """Draw one bar for each value, one under the other, with a line for its bounds."""
    if not shown:
        return
    height = _TOP + _BOTTOM + _ROW * len(shown)
    across = _Axis([0.0, *(bar.high for bar in shown)], _LEFT + 40, _WIDTH - 60, is_log=False)
    drawn = [*_ticks_below(across, height - _BOTTOM)]
    for number, bar in enumerate(shown):
        y = _TOP + _ROW * number
        low, value, high = (across.place(one) for one in (bar.low, bar.value, bar.high))
        drawn += [
            _text(_LEFT + 32, y + 12, bar.name, "end"),
            f'<rect x="{across.start}" y="{y + 3}" width="{max(value - across.start, 0.5):.1f}" height="11" '
            'fill="#7fb3d5"/>',
            f'<path d="M{low:.1f} {y + 8.5}H{high:.1f}" stroke="#1b2631"/>',
        ]
    _write(path, picture, drawn, height)


class _Axis:
    """Places values between two edges; ticks are round."""

    def __init__(self, values: Sequence[float], start: float, end: float, *, is_log: bool) -> None:
        self.start, self.end, self._is_log = start, end, is_log
        if is_log:
            positive = [value for value in values if value > 0] or [1.0]
            self._low = 10.0 ** math.floor(math.log10(min(positive)) + 1e-9)
            self._high = max(10.0 ** math.ceil(math.log10(max(positive)) - 1e-9), 10 * self._low)
        else:
            self._low = min(0.0, *values)
            self._high = max(*values, self._low + 1e-9)

    def place(self, value: float) -> float:
        if self._is_log:
            share = math.log10(max(value, self._low) / self._low) / math.log10(self._high / self._low)
        else:
            share = (value - self._low) / (self._high - self._low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        if self._is_log:
            first, last = round(math.log10(self._low)), round(math.log10(self._high))
            return [10.0**power for power in range(first, last + 1)]
        raw = (self._high - self._low) / 6
        unit = 10.0 ** math.floor(math.log10(raw))
        step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= raw)
        count = math.floor((self._high - self._low) / step + 1e-9)
        return [self._low + step * number for number in range(count + 1)]


def _grid(across: _Axis, up: _Axis) -> Iterable[str]:
    yield from _ticks_below(across, up.start, up.end)
    for tick in up.ticks():
        y = up.place(tick)
        yield f'<path d="M{across.start} {y:.1f}H{across.end}" stroke="#d5d8dc"/>'
        yield _text(across.start - 8, y + 4, _number(tick), "end")


def _ticks_below(across: _Axis, bottom: float, top: float = _TOP) -> Iterable[str]:
    for tick in across.ticks():
        x = across.place(tick)
        yield f'<path d="M{x:.1f} {bottom}V{top}" stroke="#d5d8dc"/>'
        yield _text(x, bottom + 18, _number(tick), "middle")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _line(name: str, points: Sequence[Point], style: tuple[str, str], across: _Axis, up: _Axis) -> Iterable[str]:
    colour, dashes = style
    path = " ".join(f"{across.place(x):.1f},{up.place(y):.1f}" for x, y in points)
    yield (f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}">'
           f"<title>{escape(name)}</title></polyline>")  # fmt: skip
    for x, y in points:
        yield f'<circle cx="{across.place(x):.1f}" cy="{up.place(y):.1f}" r="2.5" fill="{colour}"/>'


def _legend(name: str, number: int, style: tuple[str, str]) -> Iterable[str]:
    x, y = _WIDTH - _RIGHT + 14, _TOP + 10 + 20 * number
    yield f'<path d="M{x} {y}h28" stroke="{style[0]}" stroke-width="2" stroke-dasharray="{style[1]}"/>'
    yield _text(x + 34, y + 4, name, "start")


def _text(x: float, y: float, text: str, anchor: str, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'


def _write(path: Path, picture: Picture, drawn: Iterable[str], height: int) -> None:
    machine = picture.machine
    where = f"{machine.processor}, {machine.cores} cores, {machine.memory_mib >> 10} GiB, {machine.measured_at[:10]}"
    around = [
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        _text(_LEFT, 26, picture.title, "start", 17),
        _text(_LEFT, 46, picture.told, "start"),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, height - 38, picture.x, "middle"),
        _text(_LEFT, height - 12, where, "start", 11),
        f'<text transform="translate(22 {height / 2}) rotate(-90)" text-anchor="middle" font-size="12">'
        f"{escape(picture.y)}</text>",
    ]
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
            f'font-family="sans-serif"><title>{escape(picture.title)}</title>')  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([head, *around, *drawn, "</svg>", ""]), encoding="utf-8")
