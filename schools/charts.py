"""Geometry of the portal's charts: one definition for page and PDF, drawn by templates/charts/*.svg.html.

Colours and fonts are SVG attributes, so that a strict CSP and WeasyPrint both obey. A fault is hatched as well as red.
Values are decimal strings; they are only turned into positions here, printed figures keep their own digits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from schools.numbers import exact, half_up_text, plain_text, share_of

PASS, FAIL, NONE, LIMIT, INK, SOFT, GRID = "#2c7a4f", "#b3382e", "#9aa6b2", "#1b2430", "#1b2430", "#4a5665", "#dfe5eb"
SERIES = ("#1d4571", "#935c00", "#2c7a4f", "#7b4b94", "#5d6b7a")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4")
MARKERS = ("circle", "square", "diamond", "triangle", "cross")


def colour_of(met: bool | None) -> str:
    return {True: PASS, False: FAIL, None: NONE}[met]


def nice_top(highest: Decimal) -> Decimal:
    """The next round number (1, 2, 2.5, 5, 10 × 10ⁿ) not below `highest`, so that an axis ends on a plain figure."""
    if highest <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(highest.adjusted())
    return next(
        step * power
        for step in map(Decimal, ("1", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10"))
        if step * power >= highest
    )


_PLAIN_STEPS = {(1,), (2,), (5,), (2, 5)}


def ticks(top: Decimal, whole: bool = False) -> list[tuple[Decimal, str]]:
    """The marks of an axis from 0 to `top`, in steps people count in (1, 2, 2.5, 5 × 10ⁿ); `whole`: of things that have no parts."""
    counts = [n for n in (5, 4, 3, 2, 1) if not whole or not top % n] or [1]
    count = next((n for n in counts if (top / n).normalize().as_tuple().digits in _PLAIN_STEPS), counts[0])
    return [(top * i / count, plain_text(top * i / count)) for i in range(count + 1)]


@dataclass
class ThresholdBar:
    """One value against its threshold (and floor): a strip 300 wide."""

    value: str | None
    threshold: str | None
    floor: str | None
    unit: str
    met: bool | None
    at_most: bool
    width: int = 300
    height: int = 26
    fill: float = 0
    line: float | None = None
    floor_line: float | None = None
    text: str = ""

    def __post_init__(self):
        numbers = [n for n in (exact(self.value), exact(self.threshold)) if n is not None]
        top = max(numbers, default=Decimal(1)) * Decimal("1.15") or Decimal(1)
        at = lambda v: None if share_of(v, top) is None else round(min(1, max(0, share_of(v, top))) * self.width, 1)
        self.fill, self.line, self.floor_line = at(self.value) or 0, at(self.threshold), at(self.floor)
        self.colour = colour_of(self.met)
        want = "不高于" if self.at_most else "不低于"
        self.text = (
            f"{half_up_text(self.value)}{self.unit}"
            + (f"，标准{want}{plain_text(self.threshold)}{self.unit}" if self.threshold else "")
            if self.value is not None
            else "暂无数值"
        )


@dataclass
class BarRow:
    """One row of a bar list: `label`, `value` with its `met`, and its own `limit`."""

    label: str
    value: str | None
    limit: str | None = None
    met: bool | None = None
    places: int = 3
    y: float = 0
    length: float = 0
    limit_x: float | None = None
    shown: str = ""
    colour: str = NONE
    sign: str = "—"


@dataclass
class BarList:
    """Rows of horizontal bars, each against its limit (difference coefficients of one stage)."""

    title: str
    rows: list[BarRow]
    limit_title: str = "标准"
    unit: str = ""
    label_width: int = 150
    width: int = 580
    row_height: int = 25
    ticks: list = field(default_factory=list)

    def __post_init__(self):
        numbers = [n for row in self.rows for n in (exact(row.value), exact(row.limit)) if n is not None]
        top = nice_top(max(numbers, default=Decimal(1)))
        room = self.width - self.label_width - 86
        self.top, self.bottom = 24, 24 + self.row_height * len(self.rows)
        self.height = self.bottom + 22
        for index, row in enumerate(self.rows):
            row.y = self.top + index * self.row_height
            row.length = round((share_of(row.value, top) or 0) * room, 1)
            share = share_of(row.limit, top)
            row.limit_x = None if share is None else round(self.label_width + share * room, 1)
            row.shown = half_up_text(row.value, row.places)
            row.colour, row.sign = colour_of(row.met), {True: "✓", False: "✗", None: "!"}[row.met]
            row.text_x = round(max(self.label_width + row.length, row.limit_x or 0) + 6, 1)
        self.ticks = [(round(self.label_width + float(v / top) * room, 1), text) for v, text in ticks(top)]


@dataclass
class Series:
    """One named line or bar group: `values` in the order of the categories, None = no value."""

    name: str
    values: list[str | None]


@dataclass
class Plot:
    """Lines over years, or grouped bars over categories; one axis of values, an optional limit."""

    title: str
    categories: list[str]
    series: list[Series]
    unit: str = ""
    limit: str | None = None
    limit_title: str = "标准"
    places: int = 2
    kind: str = "lines"
    width: int = 640
    height: int = 260

    def __post_init__(self):
        numbers = [n for s in self.series for v in s.values if (n := exact(v)) is not None]
        numbers += [n for n in [exact(self.limit)] if n is not None]
        self.highest = nice_top(max(numbers, default=Decimal(1)))
        self.left, self.right, self.top, self.bottom = 54, self.width - 16, 46, self.height - 28
        self.step = (self.right - self.left) / max(1, len(self.categories))
        self.axis = [(self._y(v), text) for v, text in ticks(self.highest, whole=self.places == 0)]
        self.names = [(round(self._x(i), 1), name) for i, name in enumerate(self.categories)]
        self.limit_y = self._y(exact(self.limit)) if self.limit is not None else None
        self.drawn = [self._draw(i, s) for i, s in enumerate(self.series)]
        self._place_labels()

    @staticmethod
    def _legend_width(name: str) -> int:
        return max(100, 36 + 13 * len(name))

    def _x(self, index: int) -> float:
        return self.left + self.step * (index + 0.5)

    def _y(self, value: Decimal) -> float:
        return round(self.bottom - float(value / self.highest) * (self.bottom - self.top), 1)

    def _place_labels(self) -> None:
        """Of the points of one category the highest is labelled above, the lowest below, so that figures never meet."""
        columns: dict[float, list[dict]] = {}
        for line in self.drawn:
            for point in line["points"]:
                columns.setdefault(point["x"], []).append(point)
        for points in columns.values():
            points.sort(key=lambda point: point["y"])
            for point in points:
                point["beside"] = None
            low, high = points[-1], points[0]
            if low["y"] + 19 <= self.bottom + 2:
                low["beside"] = low["y"] + 19
            elif low is high or low["shown"] != high["shown"]:  # below it stand the names of the axis
                low["beside"] = low["y"] - 9
            high["beside"] = high["y"] - 9

    def _draw(self, number: int, series: Series) -> dict:
        points = [
            {
                "x": round(self._x(i), 1),
                "y": self._y(exact(v)),
                "text": f"{self.categories[i]} {half_up_text(v, self.places)}{self.unit}",
                "shown": half_up_text(v, self.places),
            }
            for i, v in enumerate(series.values)
            if exact(v) is not None
        ]
        paths, open_path = [], []
        for value, i in zip(series.values, range(len(series.values)), strict=True):
            if exact(value) is None:
                open_path = []
                continue
            if not open_path:
                paths.append(open_path)
            open_path.append(f"{round(self._x(i), 1)},{self._y(exact(value))}")
        width = min(46, self.step * 0.72 / max(1, len(self.series)))
        for point in points:
            left = point["x"] - width * len(self.series) / 2 + width * number
            point |= {
                "left": round(left, 1),
                "width": round(width - 2, 1),
                "high": round(self.bottom - point["y"], 1),
                "mid": round(left + width / 2 - 1, 1),
                "over": point["y"] - 5,
            }
        k = number % len(SERIES)
        return {
            "name": series.name,
            "points": points,
            "paths": [" ".join(p) for p in paths],
            "colour": SERIES[k],
            "dash": DASHES[k],
            "marker": MARKERS[k],
            "legend_x": self.left + sum(self._legend_width(one.name) for one in self.series[:number]),
            "pattern": k,
        }


def _fitting(name: str, wide: float) -> str:
    """As much of a name as fits into so many units, nothing where that would be less than three characters."""
    room = int((wide - 8) / 12.5)
    if len(name) <= room:
        return name
    return f"{name[: room - 1]}…" if room >= 4 else ""


@dataclass
class Shares:
    """Parts of one whole as a strip: (name, share as a decimal string of 1). `rest`: the last part is all the others together."""

    title: str
    parts: list[tuple[str, str]]
    rest: bool = False
    width: int = 640
    height: int = 34

    def __post_init__(self):
        self.drawn, x = [], 0.0
        for index, (name, share) in enumerate(self.parts):
            wide = (share_of(share, 1) or 0) * self.width
            percent = half_up_text((exact(share) or Decimal(0)) * 100, 1) + "%"
            self.drawn.append(
                {
                    "name": name,
                    "x": round(x, 1),
                    "wide": round(max(0, wide), 1),
                    "mid": round(x + wide / 2, 1),
                    "percent": percent,
                    "colour": SOFT if self.rest and index == len(self.parts) - 1 else SERIES[index % len(SERIES)],
                    "label": _fitting(name, wide),
                    "roomy": wide > 44,
                }
            )
            x += wide
