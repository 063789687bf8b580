"""Geometry of the chart of flows: senders on the left, receivers on the right, a band for each flow as wide as its persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from schools.charts import SERIES

ROW, GAP, TOP = 22, 6, 26


@dataclass
class Flows:
    """Rows of (sender, receiver, persons), the largest first. Beyond `most` flows the smallest are left out."""

    title: str
    rows: Sequence[tuple[str, str, int]]
    most: int = 24
    width: int = 720
    height: int = 0
    left: list[dict] = field(default_factory=list)
    right: list[dict] = field(default_factory=list)
    bands: list[dict] = field(default_factory=list)

    def __post_init__(self):
        rows = sorted(self.rows, key=lambda row: -row[2])[: self.most]
        total = sum(n for *_, n in rows)
        if not total:
            return
        names = (list(dict.fromkeys(a for a, *_ in rows)), list(dict.fromkeys(b for _, b, _ in rows)))
        # Tall enough for the words of the side with more schools; both sides share one scale.
        inner = max(len(side) for side in names) * ROW * 1.3
        scale = inner / total
        places = [self._side(side, [(row[k], row[2]) for row in rows], scale) for k, side in enumerate(names)]
        self.left, self.right = ([dict(place, name=name) for name, place in side.items()] for side in places)
        self.height = round(max(max(p["y"] + p["high"], p["text"]) for side in places for p in side.values()) + 12)
        self._draw(rows, places, scale)

    @staticmethod
    def _side(names: list[str], flows: list[tuple[str, int]], scale: float) -> dict[str, dict]:
        found, y = {}, float(TOP)
        for name in names:
            persons = sum(n for who, n in flows if who == name)
            high = persons * scale
            found[name] = {"y": round(y, 1), "high": round(high, 1), "persons": persons, "text": round(y + high / 2 + 4, 1), "at": y}
            y += max(high, ROW - GAP) + GAP
        return found

    def _draw(self, rows: Sequence[tuple[str, str, int]], places: list[dict[str, dict]], scale: float) -> None:
        x1, x2 = self.width * 0.32, self.width * 0.68
        order = list(places[0])
        for sender, receiver, n in rows:
            a, b = places[0][sender], places[1][receiver]
            thick, middle = n * scale, (x1 + x2) / 2
            y1, y2 = a["at"] + thick / 2, b["at"] + thick / 2
            a["at"], b["at"] = a["at"] + thick, b["at"] + thick
            self.bands.append({
                "path": f"M{x1 + 8:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2 - 8:.1f} {y2:.1f}", "wide": f"{max(1.0, thick):.1f}",
                "colour": SERIES[order.index(sender) % len(SERIES)], "text": f"{sender} → {receiver}：{n} 人",
            })  # fmt: skip
        self.x1, self.x2, self.end1, self.end2 = round(x1, 1), round(x2 - 8, 1), round(x1 - 6, 1), round(x2 + 6, 1)
