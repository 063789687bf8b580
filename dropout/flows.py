"""What became of the pupils of one school year in the next, and the three ways in use to call that dropout.

Pure: two rosters in, sets of children out. The definitions give different answers for the same pupils (standards §8.4), so each
has a name and is printed under its figure; every numerator is a list of children, not only a count.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schools.codes import COMPULSORY, stage_of_grade

LAST_GRADE = 9


@dataclass(frozen=True)
class Enrolled:
    """One row of a roster: the school that filed it, grade, and 学籍状态 ("" as 在校)."""

    school_id: int | None
    grade: int | None
    status: str = ""

    @property
    def is_here(self) -> bool:
        return self.status in ("", "enrolled", "suspended")

    @property
    def learns(self) -> bool:
        """In class; a suspended pupil does not count until it is back."""
        return self.status in ("", "enrolled")


Roster = Mapping[str, Enrolled]


class Fate(StrEnum):
    """What the rosters say became of a pupil."""

    STAYED = "stayed"
    GRADUATED = "graduated"
    SUSPENDED = "suspended"
    DROPPED = "dropped"
    LEFT = "left"  # transferred out, and no roster of the county has the child
    GONE = "gone"  # died, emigrated, over age
    VANISHED = "vanished"  # on no roster any more, and nobody says why


FATES = {
    Fate.STAYED: "仍在校", Fate.GRADUATED: "毕业", Fate.SUSPENDED: "休学", Fate.DROPPED: "辍学(退学)", Fate.LEFT: "转出未见接收", Fate.GONE: "死亡等不再统计", Fate.VANISHED: "去向不明",
}  # fmt: skip


@dataclass
class Flow:
    """One stage's pupils of the earlier year by fate, and those who came in beside the entrants of the first grade."""

    base: set[str] = field(default_factory=set)
    by_fate: dict[str, set[str]] = field(default_factory=lambda: {fate.value: set() for fate in Fate})
    joined: set[str] = field(default_factory=set)

    def of(self, *fates: Fate) -> set[str]:
        return set().union(*(self.by_fate[fate.value] for fate in fates))


def flows(before: Roster, after: Roster, primary_years: int = 6) -> dict[str, Flow]:
    """stage -> what became of its pupils of the earlier roster; the stage is that of the earlier grade."""
    found = {stage: Flow() for stage in COMPULSORY}
    for key, row in before.items():
        if not row.is_here or row.grade is None or row.grade > LAST_GRADE:
            continue
        flow = found[stage_of_grade(row.grade, primary_years)]
        flow.base.add(key)
        flow.by_fate[fate_of(row, after.get(key)).value].add(key)
    for key, row in after.items():
        known = before.get(key)
        if row.is_here and row.grade and row.grade <= LAST_GRADE and row.grade not in (1, primary_years + 1) and (known is None or not known.is_here):
            found[stage_of_grade(row.grade, primary_years)].joined.add(key)
    return found


def fate_of(row: Enrolled, later: Enrolled | None) -> Fate:
    """A pupil of the last compulsory grade whom no later roster names has finished; any other has vanished."""
    if later is None:
        return Fate.GRADUATED if row.grade == LAST_GRADE else Fate.VANISHED
    by_status = {
        "suspended": Fate.SUSPENDED, "out": Fate.DROPPED, "transferred": Fate.LEFT, "gone": Fate.GONE, "graduated": Fate.GRADUATED,
    }  # fmt: skip
    return by_status.get(later.status, Fate.STAYED)


@dataclass(frozen=True)
class Definition:
    """A named way to count dropouts: whom it counts, whom it takes off again, and the words of its source."""

    code: str
    title: str
    source: str
    counts: tuple[Fate, ...]
    less_joined: bool = False

    def counted(self, flow: Flow) -> set[str]:
        return flow.of(*self.counts)

    def number(self, flow: Flow) -> int:
        """The count; the old form nets those who came in and may be below zero."""
        return len(self.counted(flow)) - (len(flow.joined) if self.less_joined else 0)


DEFINITIONS: dict[str, Definition] = {
    definition.code: definition
    for definition in (
        Definition("statistics", "辍学率(统计词典)", "教育统计指标：学年内辍学学生数 ÷ 上学年初在校学生数 × 100", (Fate.DROPPED,)),
        Definition(
            "two_basics", "辍学率(“两基”旧表)", "“两基”旧表：(休学 + 退学 + 死亡 + 转出 + 其他减少) − (转入 + 其他增加)，÷ 学年初在校学生数 × 100",
            (Fate.SUSPENDED, Fate.DROPPED, Fate.GONE, Fate.LEFT, Fate.VANISHED), less_joined=True,
        ),
        Definition(
            "terminology", "辍学率(教育学名词)", "名词定义：除毕业、转学、死亡外的离校，含休学、退学和转出而无学校接收，÷ 学年初在校学生数 × 100",
            (Fate.SUSPENDED, Fate.DROPPED, Fate.LEFT, Fate.VANISHED),
        ),
    )
}  # fmt: skip
