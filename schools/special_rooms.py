"""Music and art rooms that are large enough, with the reliefs of 2019 as rules that are off unless a place sets them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from . import reliefs
from .codes import is_rural, stages_of_type
from .factset import FactSet
from .models import Profile, SpecialRoom
from .parameters import Parameter, ParameterSet, declare
from .quantity import QUANTITIES, Quantity, SourceCell, Tally
from .quantity import declare as declare_quantity

LEDGERS = ("school_profile", "statistics")
KINDS = {"music": "音乐", "art": "美术"}
CLAUSE, RELIEF_CLAUSE = "教督〔2017〕6号 政府保障程度第3项", reliefs.CLAUSE


def _area(code: str, title: str, default: str, clause: str, note: str = "") -> str:
    return declare(Parameter(code, title, "fraction", default, clause, unit="㎡", note=note)).code


AREAS = {
    "music": _area("music_room_area", "音乐专用教室面积", "96", CLAUSE),
    "art": _area("art_room_area", "美术专用教室面积", "90", CLAUSE),
}
RELIEF = declare(reliefs.relief(
    "room_area_relief", "音乐美术教室面积过渡性放宽", "放宽时，2016年及以前规划建成的学校和最大班额不足30人的乡村学校按放宽面积；",
)).code  # fmt: skip
BUILT_AREAS = {
    "music": _area("music_room_area_built", "2016年及以前规划建成学校的音乐教室面积", "73", RELIEF_CLAUSE),
    "art": _area("art_room_area_built", "2016年及以前规划建成学校的美术教室面积", "67", RELIEF_CLAUSE),
}
SMALL_AREAS = {
    "primary": _area("small_room_area_primary", "最大班额不足30人的乡村小学音乐美术教室面积", "54", RELIEF_CLAUSE),
    "junior": _area("small_room_area_junior", "最大班额不足30人的乡村初中音乐美术教室面积", "61", RELIEF_CLAUSE),
}
SMALL_CLASS, BUILT_BY = 30, 2016


class _Needed:
    """The least area of a room at each school under one set of parameters."""

    def __init__(self, facts: FactSet, parameters: ParameterSet):
        self.facts, self.parameters = facts, parameters
        profiles = Profile.objects.filter(dataset_id__in=facts.ids(*LEDGERS))
        school_of = facts.school_of()
        self.built = {school_of[i]: built for i, built in profiles.values_list("dataset_id", "built_by_2016")}
        relieved = any(parameters.get(RELIEF, school=school) for school in facts.schools)
        self.largest = QUANTITIES["largest_class"].tally(facts, parameters) if relieved else {}

    def area(self, kind: str, school_id: int) -> Fraction:
        """In m2."""
        school, get = self.facts.school_by_id.get(school_id), self.parameters.get
        least = get(AREAS[kind], school=school)
        if school is None or not get(RELIEF, school=school):
            return least
        built = self.built.get(school_id)
        if built or (built is None and school.built_year and school.built_year <= BUILT_BY):
            least = min(least, get(BUILT_AREAS[kind], school=school))
        largest = [count for (owner, _), count in self.largest.items() if owner == school_id]
        if is_rural(school.area_code) and largest and max(largest) < SMALL_CLASS:
            stage = "junior" if "junior" in stages_of_type(school.type_code) else "primary"
            least = min(least, get(SMALL_AREAS[stage], school=school))
        return least


def _rooms(facts: FactSet, school_id: int | None = None) -> Iterator[tuple[int, int, int, str, int | None]]:
    """(school, row, dataset, kind, area) of every room told; areas in 0.01 m2."""
    school_of = facts.school_of()
    ids = [i for i in facts.ids(*LEDGERS) if school_id is None or school_of[i] == school_id]
    rows = SpecialRoom.objects.filter(dataset_id__in=ids).order_by("id").values_list("pk", "dataset_id", "kind", "area")
    for pk, dataset_id, kind, area in rows:
        yield school_of[dataset_id], pk, dataset_id, kind, area


def _without(facts: FactSet, kind: str) -> list[int]:
    """The schools that state 0 rooms of the kind."""
    school_of = facts.school_of()
    rows = Profile.objects.filter(dataset_id__in=facts.ids(*LEDGERS), **{f"{kind}_rooms": 0})
    return [school_of[i] for i in rows.values_list("dataset_id", flat=True)]


def _declare(kind: str) -> Quantity:
    def tally(facts: FactSet, parameters: ParameterSet) -> Tally:
        """A school that lists rooms of one kind only has none of the other; one that lists none at all is missing, unless
        it says that it has none."""
        return _count(facts, parameters, kind, large=True)

    def cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
        return _cells(facts, parameters, school_id, kind, large=True)

    title = f"面积达标的{KINDS[kind]}专用教室"
    note = f"只计面积不小于规定的{KINDS[kind]}教室；没有列出任何音乐、美术教室，也没有填间数为 0 的学校按缺数处理。"
    return declare_quantity(Quantity(f"{kind}_rooms", title, "间", 1, "school", LEDGERS, "school_year", tally, cells, note))


def _declare_short(kind: str) -> Quantity:
    def tally(facts: FactSet, parameters: ParameterSet) -> Tally:
        return _count(facts, parameters, kind, large=False)

    def cells(facts: FactSet, parameters: ParameterSet, school_id: int, stage: str) -> list[SourceCell]:
        return _cells(facts, parameters, school_id, kind, large=False)

    title, note = f"面积不足的{KINDS[kind]}教室", f"面积小于规定，不计入达标间数的{KINDS[kind]}教室。"
    return declare_quantity(Quantity(f"short_{kind}_rooms", title, "间", 1, "school", LEDGERS, "school_year", tally, cells, note))


def _count(facts: FactSet, parameters: ParameterSet, kind: str, *, large: bool) -> Tally:
    needed = _Needed(facts, parameters)
    found = {(school_id, ""): 0 for school_id in _without(facts, kind)}
    for school_id, _, _, of_kind, area in _rooms(facts):
        counts = of_kind == kind and area is not None and (area >= 100 * needed.area(kind, school_id)) is large
        found[school_id, ""] = found.get((school_id, ""), 0) + counts
    return found


def _cells(facts: FactSet, parameters: ParameterSet, school_id: int, kind: str, *, large: bool) -> list[SourceCell]:
    least = 100 * _Needed(facts, parameters).area(kind, school_id)
    return [
        SourceCell("schools.SpecialRoom", pk, dataset_id, "area", str(area))
        for _, pk, dataset_id, of_kind, area in _rooms(facts, school_id)
        if of_kind == kind and area is not None and (area >= least) is large
    ]


ROOMS = {kind: _declare(kind) for kind in KINDS}
SHORT = {kind: _declare_short(kind) for kind in KINDS}
