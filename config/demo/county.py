"""The facts of the demo county: classes, rooms, sports ground, equipment and teachers of every school and year.

Areas are integers of 0.01 m2 and equipment of 100 yuan (0.01 万元), so that a school can lie exactly on a threshold.
"""
from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from .layout import Unit
from .posts import approved_posts
from .staffing import COUNTED_CONTRACTS, Rosters, needs

YEARS = (2024, 2025, 2026)
THIS_YEAR = YEARS[-1]
GRADES = {"P": range(1, 7), "J": range(7, 10), "S": range(10, 13)}
# Thresholds of the seven indicators the resources are drawn around: primary, junior.
_TEACHING, _SPORTS, _EQUIPMENT, _ROOMS = (450, 580), (750, 1020), (20, 25), (0.023, 0.024)
_COMPUTERS, _BOOKS = (0.13, 0.16), (26, 36)


@dataclass
class ClassRow:
    """One class of A2."""

    grade: int
    number: int
    pupils: int
    boys: int
    head_teacher: str = ""
    boarders: int = 0
    inclusive: int = 0


@dataclass
class SchoolYear:
    """Everything one school hands in for one year."""

    unit: Unit
    year: int
    classes: list[ClassRow] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    rooms: list[tuple[str, str, int]] = field(default_factory=list)
    roster: list[dict[str, object]] = field(default_factory=list)

    def pupils(self, stage: str) -> int:
        return sum(row.pupils for row in self.classes if row.grade in GRADES[stage])

    def class_count(self, stage: str) -> int:
        return sum(row.grade in GRADES[stage] for row in self.classes)


@dataclass
class DemoCounty:
    code: str
    name: str
    townships: tuple[str, ...]
    units: list[Unit]
    years: dict[int, list[SchoolYear]]


def build(code: str, name: str, units: list[Unit], seed: int, years: tuple[int, ...] = YEARS) -> DemoCounty:
    """All facts of a county, the same for the same seed."""
    rng = random.Random(f"{seed}/{code}")
    townships = tuple(dict.fromkeys(unit.township for unit in units))
    built: dict[int, list[SchoolYear]] = {year: [] for year in years}
    rosters = Rosters(code, THIS_YEAR, rng)
    for unit in units:
        classes = _classes(unit, years, random.Random(f"{seed}/{unit.code}/classes"))
        for year in years:
            built[year].append(SchoolYear(unit, year, classes[year]))
        now = built[THIS_YEAR][-1]
        now.figures = _figures(unit, now, rng)
        now.rooms = _rooms(unit, now, rng)
        now.roster = rosters.roster(unit, {stage: needs(unit, stage, now.pupils(stage), rng) for stage in unit.pupils})
        now.figures["posts"] = approved_posts(unit, now.roster)
        _name_head_teachers(now)
        for year in years[:-1]:
            _earlier(built[year][-1], now, rng)
    county = DemoCounty(code, name, townships, units, built)
    _fit_stadium(built[THIS_YEAR])
    return county


# Classes ---------------------------------------------------------------------------------------------------------

def _classes(unit: Unit, years: tuple[int, ...], rng: random.Random) -> dict[int, list[ClassRow]]:
    """Class lists by year. A cohort keeps its classes as it moves up; this year's total is exactly the planned one."""
    result: dict[int, list[ClassRow]] = {year: [] for year in years}
    for stage, total in unit.pupils.items():
        grades = list(GRADES[stage])[:4] if unit.type_code == "218" else list(GRADES[stage])
        per_grade = max(1, math.ceil(total / len(grades) / (41 if stage == "P" else 46)))
        sizes = _spread(total, per_grade * len(grades), rng)
        if unit.story == "large_class" and stage == "P":
            _enlarge(sizes, 3 * per_grade, 56)
        for year in years:
            for place, grade in enumerate(grades):
                for number in range(per_grade):
                    base = sizes[place * per_grade + number]
                    size = base if year == years[-1] else max(2, base + rng.randint(-1, 1) - (base > 40))
                    result[year].append(_class(unit, grade, number + 1, size, rng))
    return result


def _spread(total: int, parts: int, rng: random.Random) -> list[int]:
    """`total` in `parts` nearly equal parts that differ by a few."""
    base, rest = divmod(total, parts)
    sizes = [base + (n < rest) for n in range(parts)]
    for _ in range(parts // 2):
        a, b = rng.randrange(parts), rng.randrange(parts)
        if sizes[a] > 3 and sizes[a] >= base and sizes[b] <= base:
            sizes[a], sizes[b] = sizes[a] - 1, sizes[b] + 1
    return sizes


def _enlarge(sizes: list[int], index: int, size: int) -> None:
    """Bring one class to `size`, taking the pupils from the others, so that the total stays."""
    place = 0
    while sizes[index] < size:
        if place % len(sizes) != index:
            sizes[place % len(sizes)] -= 1
            sizes[index] += 1
        place += 1


def _class(unit: Unit, grade: int, number: int, size: int, rng: random.Random) -> ClassRow:
    boys = min(size, max(0, round(size * rng.uniform(0.45, 0.56))))
    boarders = round(size * rng.uniform(0.2, 0.6)) if unit.boarding and grade > 2 else 0
    return ClassRow(grade, number, size, boys, boarders=boarders, inclusive=int(size > 20 and rng.random() < 0.15))


def _name_head_teachers(school: SchoolYear) -> None:
    names = [str(row["姓名"]) for row in school.roster if row["是否专任教师"] == "是"]
    for place, row in enumerate(school.classes):
        row.head_teacher = names[place % len(names)]


# Resources -------------------------------------------------------------------------------------------------------

def weights(unit: Unit) -> dict[str, float]:
    """What one pupil of a stage weighs in an undivided resource of this kind of school (1 : 1.1 : 1.32, 1 : 1.2)."""
    return {"J": 1.0, "S": 1.2} if unit.type_code == "341" else {"P": 1.0, "J": 1.1, "S": 1.32}


def _per_head(unit: Unit, primary: float, junior: float) -> float:
    """The least amount per weighted pupil with which every stage of the school reaches its threshold."""
    if unit.type_code in ("312", "345"):
        return max(primary, junior / 1.1)
    return primary if "P" in unit.pupils else junior if unit.type_code == "341" else junior / 1.1


def _figures(unit: Unit, school: SchoolYear, rng: random.Random) -> dict[str, int]:
    """Areas (0.01 m2), equipment (100 yuan) and counts of this year, at or a little above each threshold."""
    weighted = sum(school.pupils(stage) * weights(unit).get(stage, 1.0) for stage in unit.pupils)
    low, widest = (1.12, 2.2) if weighted < 200 else (1.02, 1.85)

    def amount(pair: tuple[float, float], richest: float = widest) -> float:
        return weighted * _per_head(unit, *pair) * rng.uniform(low, min(richest, widest))

    indoor = round(weighted * rng.uniform(25, 60)) if weighted > 600 else 0
    figures = {
        "indoor": indoor, "teaching": math.ceil(amount(_TEACHING, 1.55)) + indoor, "outdoor": math.ceil(amount(_SPORTS)) - indoor,
        "equipment": math.ceil(amount(_EQUIPMENT)), "multimedia": math.ceil(amount(_ROOMS, 1.5)),
        "computers": math.ceil(amount(_COMPUTERS)), "books": math.ceil(amount(_BOOKS)),
    }
    figures["multimedia"] = min(figures["multimedia"], max(int(len(school.classes) * 1.5), math.ceil(weighted * _per_head(unit, *_ROOMS))))
    figures["building"] = round(figures["teaching"] * rng.uniform(1.5, 1.9))
    figures["land"] = figures["building"] + round(figures["outdoor"] * rng.uniform(1.6, 2.4)) + 60000
    figures["migrant"] = int(sum(unit.pupils.values()) * rng.uniform(0.02, 0.18 if unit.area[0] == "1" else 0.05))
    figures.update(_told(unit, weighted))
    return figures


def _told(unit: Unit, weighted: float) -> dict[str, int]:
    """The figures a story fixes."""
    match unit.story:
        case "dense":
            return {"indoor": 0, "outdoor": round(490 * weighted)}
        case "exact_floor":
            return {"indoor": 0, "outdoor": unit.pupils["P"] * 6375 // 10}
        case "below_floor":
            return {"indoor": 0, "outdoor": unit.pupils["P"] * 6375 // 10 - 1}
        case "on_threshold":
            return {"indoor": 0, "outdoor": unit.pupils["J"] * 1020}
        case "two_short":
            return {"multimedia": unit.pupils["J"] * 21 // 1000, "equipment": unit.pupils["J"] * 225 // 10}
        case "junior_short":
            return {"indoor": 0, "teaching": round(490 * weighted), "outdoor": round(900 * weighted)}
    return {}


def _rooms(unit: Unit, school: SchoolYear, rng: random.Random) -> list[tuple[str, str, int]]:
    """Music and art rooms of sheet 专用教室; areas in 0.01 m2."""
    if unit.type_code == "218":
        return []
    count = math.ceil(len(school.classes) / 12)
    small = unit.built <= 2016 and rng.random() < 0.3
    rooms = []
    for kind, least in (("音乐", 7300 if small else 9600), ("美术", 6700 if small else 9000)):
        rooms += [(kind, f"{kind}教室{n + 1}", least + rng.randint(0, 24) * 50) for n in range(count)]
    return rooms


def _earlier(school: SchoolYear, now: SchoolYear, rng: random.Random) -> None:
    """An earlier year of the same school: the same buildings, fewer machines, teacher counts instead of a roster."""
    back = now.year - school.year
    shrink = {"equipment": 0.93, "computers": 0.94, "books": 0.96, "multimedia": 0.95}
    school.figures = {key: math.ceil(value * shrink.get(key, 1.0) ** back) for key, value in now.figures.items()}
    school.rooms = list(now.rooms)
    school.figures.update(_teacher_counts(now, back, rng))


def _teacher_counts(now: SchoolYear, back: int, rng: random.Random) -> dict[str, int]:
    """Teachers by stage as an older profile form states them, a little fewer than the roster of this year shows."""
    counts: dict[str, int] = {}
    for stage, word in (("P", "小学"), ("J", "初中")):
        if stage not in now.unit.pupils:
            continue
        rows = [r for r in now.roster if r["是否专任教师"] == "是" and r["任教学段"] == word and r["编制类型"] in COUNTED_CONTRACTS]
        above = ("大学专科", "大学本科", "研究生-硕士") if stage == "P" else ("大学本科", "研究生-硕士")
        some = {
            "teachers": len(rows), "above": sum(r["最高学历"] in above for r in rows),
            "backbone": sum(r["骨干级别"] not in ("无", "校级") for r in rows),
            "pe_art": sum(r["主要任教学科"] in ("体育", "音乐", "美术", "艺术") for r in rows),
            "mid": sum(r["职称"] in ("高级教师", "一级教师") for r in rows),
        }
        for key, value in some.items():
            less = sum(rng.random() < 0.25 for _ in range(back)) if key != "teachers" else 0
            counts[f"{word}/{key}"] = max(0, value - less)
        counts[f"{word}/certified"] = counts[f"{word}/trained"] = len(rows)
    return counts


# The stadium ------------------------------------------------------------------------------------------------------

def sports_rows(schools: list[SchoolYear]) -> list[tuple[float, float, SchoolYear]]:
    """(pupils, m2 per pupil, school) of every primary row of the quality standard, for fitting only."""
    rows = []
    for school in schools:
        unit, heads = school.unit, school.pupils("P")
        if not heads or unit.type_code in ("514", "365") or (unit.type_code == "218" and heads < 50):
            continue
        weighted = sum(school.pupils(stage) * weights(unit)[stage] for stage in unit.pupils)
        rows.append((heads, (school.figures["outdoor"] + school.figures["indoor"]) / weighted / 100, school))
    return rows


def spreads(rows: list[tuple[float, float, SchoolYear]]) -> tuple[float, float]:
    """(enrolment-weighted CV, plain population CV)."""
    total = sum(p for p, _, _ in rows)
    mean = sum(p * x for p, x, _ in rows) / total
    plain = sum(x for _, x, _ in rows) / len(rows)
    return (
        math.sqrt(sum(p * (x - mean) ** 2 for p, x, _ in rows) / total) / mean,
        math.sqrt(sum((x - plain) ** 2 for _, x, _ in rows) / len(rows)) / plain,
    )


def _fit_stadium(schools: list[SchoolYear]) -> None:
    """Give the stadium school the ground with which the weighted CV comes to just above 0.50 and the plain one does not."""
    stadium = next((s for s in schools if s.unit.story == "stadium"), None)
    if stadium is None:
        return
    low, high = 8.0, 60.0
    for _ in range(40):
        middle = (low + high) / 2
        stadium.figures["outdoor"] = round(middle * 100 * stadium.pupils("P")) - stadium.figures["indoor"]
        low, high = (middle, high) if spreads(sports_rows(schools))[0] < 0.507 else (low, middle)
    stadium.figures["land"] = max(stadium.figures["land"], stadium.figures["outdoor"] + stadium.figures["building"])
