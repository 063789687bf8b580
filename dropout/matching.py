"""四查三比对: which children one list has and another lacks. Pure sets of keyed hashes; a name is never compared but as a suggestion.

查户籍、查学籍、查在校、查脱贫; household with record, record with present, those out of school with poverty. Each answer is exact:
it says which children, and "not compared" (None) where a list is not there, never an empty list.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

POPULATION, HOUSEHOLD, RECORD, PRESENT, POVERTY, AID = "population", "household", "pupils", "present", "poverty", "aid"
LEFT = "left"  # children of the register whom their school's newer roster no longer names
LISTS = {LEFT: "去向不明", POPULATION: "适龄名单", HOUSEHOLD: "户籍名单", RECORD: "学籍名册", PRESENT: "在校名单", POVERTY: "脱贫户名单", AID: "资助台账"}


@dataclass(frozen=True)
class Kind:
    """One comparison: children on every list of `have` and not on `lack`. `suspect`: a finding may become a suspected case."""

    code: str
    title: str
    have: tuple[str, ...]
    lack: str
    advice: str
    suspect: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        return (*self.have, self.lack)


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("household_no_record", "有户籍、无学籍", (HOUSEHOLD,), RECORD, "核实是否在外地就读、未入学或已辍学；确未就学的列为疑似辍学。", True),
        Kind("population_no_record", "在适龄名单、无学籍", (POPULATION,), RECORD, "由乡镇(街道)入户核实；确未就学的列为疑似辍学。", True),
        Kind("record_not_present", "有学籍、不在校", (RECORD,), PRESENT, "由学校核实去向；无正当理由不在校的列为疑似辍学。", True),
        Kind("left_roster", "原在册、新名册没有", (LEFT,), RECORD, "由原就读学校核实去向；没有接收学校证明的列为疑似辍学。", True),
        Kind("poverty_no_record", "脱贫户(监测对象)子女、无学籍", (POVERTY,), RECORD, "会同农业农村(乡村振兴)部门逐人核实；确未就学的列为疑似辍学。", True),
        Kind("poverty_not_present", "脱贫户(监测对象)子女、有学籍不在校", (POVERTY, RECORD), PRESENT, "优先核实和劝返。", True),
        Kind("poverty_no_aid", "脱贫户(监测对象)子女、在读未受助", (POVERTY, RECORD), AID, "由就读学校核实并补发，应助尽助。"),
        Kind("present_no_record", "在校、无学籍", (PRESENT,), RECORD, "由就读学校核实学籍：补建学籍，或办理转入。"),
        Kind("record_no_population", "有学籍、不在适龄名单", (RECORD,), POPULATION, "核实是否为随迁子女，或适龄名单漏登。"),
        Kind("household_no_population", "有户籍、不在适龄名单", (HOUSEHOLD,), POPULATION, "由乡镇(街道)核实是否漏登或人户分离。"),
        Kind("population_no_household", "在适龄名单、无本县户籍", (POPULATION,), HOUSEHOLD, "核实是否为随迁子女，或户籍名单漏登。"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Lists:
    """The lists by key. `members` only those whom a comparison is about (of the compulsory ages, in the compulsory grades); a list that
    is not there is absent. `everybody`: all keys of a list, whatever the age: nobody is missing on a list that names him.
    `school_of`, `town_of`: where a child learns and lives, as far as the lists say. `schools` {list: ids of the schools that filed it};
    `towns` {list: townships it covers, None = the whole county}.
    """

    members: Mapping[str, frozenset[str]]
    everybody: Mapping[str, frozenset[str]] = field(default_factory=dict)
    school_of: Mapping[str, int] = field(default_factory=dict)
    town_of: Mapping[str, str] = field(default_factory=dict)
    schools: Mapping[str, frozenset[int]] = field(default_factory=dict)
    towns: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    def named(self, name: str) -> frozenset[str]:
        return self.everybody.get(name, self.members[name])


def compare(lists: Lists) -> dict[str, list[str] | None]:
    """kind -> the keys found, sorted; None where one of its lists is not there.

    A list of schools (在校, 资助) is missing nobody of a school that did not file it; a list of townships nobody who lives elsewhere.
    """
    return {code: _compare(kind, lists) for code, kind in KINDS.items()}


def _compare(kind: Kind, lists: Lists) -> list[str] | None:
    if any(name not in lists.members for name in kind.needs):
        return None
    first, *others = kind.have
    found = lists.members[first].intersection(*(lists.members[name] for name in others)) - lists.named(kind.lack)
    if kind.lack in (PRESENT, AID):
        filed = lists.schools.get(kind.lack, frozenset())
        found = {key for key in found if lists.school_of.get(key) in filed}
    towns = lists.towns.get(kind.lack)
    if towns is not None:
        found = {key for key in found if lists.town_of.get(key, "") in towns}
    return sorted(found)


# Suggestions -------------------------------------------------------------------------------------------------------------


def is_similar(one: str, other: str) -> bool:
    """Two names that a clerk may have meant for one: the same sound, one character of three or more mistyped, or two swapped."""
    if one == other:
        return True
    if len(one) < 2 or len(other) < 2:
        return False
    if sound_of(one) == sound_of(other):
        return True
    if len(one) == len(other):
        return sorted(one) == sorted(other) or (len(one) >= 3 and sum(a != b for a, b in zip(one, other, strict=True)) == 1)
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and len(short) >= 3 and all(letter in long for letter in short)


@lru_cache(maxsize=4096)
def sound_of(name: str) -> str:
    """The syllables of a name without tones."""
    import pypinyin  # a megabyte of tables that only this needs

    return " ".join(pypinyin.lazy_pinyin(name))
