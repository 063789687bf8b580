"""Music and art rooms: one for every so many classes, begun dozens counted whole."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, ClassVar

from indicators.items.item import MISSING, Item, Line, Result
from indicators.items.listing import private_rule, summed
from indicators.rules import code_of
from schools.factset import SchoolRef
from schools.parameters import PARAMETERS, Parameter

if TYPE_CHECKING:
    from indicators.items.sight import Sight
    from indicators.standard import Standard

EACH, TOGETHER = "each", "together"


@dataclass(frozen=True)
class Rooms(Item):
    """Rooms that qualify (the quantities count only those large enough) per `classes_a_room` classes of the school.

    `short`: quantities of the rooms that are too small; they are told beside, and count for nothing.
    """

    rooms: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    classes: str = "classes"
    classes_a_room: str = ""
    relief: str = "room_area_relief"

    kind: ClassVar[str] = "rooms"

    @property
    def line_unit(self) -> str:
        return "间"

    @property
    def needs(self) -> tuple[str, ...]:
        return (*self.rooms, self.classes)

    @property
    def shows(self) -> tuple[str, ...]:
        return (*self.rooms, *self.short, self.classes)

    def parameters(self, standard: Standard) -> Iterator[Parameter]:
        yield Parameter(code_of(standard, "classes_a_room", self.code), f"{standard.title}：每多少个班配一间音乐、美术专用教室",
                        "integer", self.classes_a_room, self.clause, unit="班", least="1")
        yield Parameter(
            code_of(standard, "counting", self.code), f"{standard.title}：音乐、美术专用教室的算法", "choice", EACH, self.clause,
            choices=(EACH, TOGETHER), words=((EACH, "音乐、美术各够数"), (TOGETHER, "两种合计够数")), note="各够数为从严口径。",
        )
        yield private_rule(standard, self, True)

    def reliefs(self, standard: Standard) -> tuple[str, ...]:
        return (self.relief,) if self.relief in PARAMETERS else ()

    def judge(self, sight: Sight) -> Result:
        lines = [self._line(sight, school) for school in sight.schools_for(self.code)]
        lines += [Line(s.name, "这所学校的在校生数还没有报送。", s.code, reason=MISSING) for s in sight.unknown]
        each = sight.rule(self.code, "counting") == EACH
        kinds = "、".join(sight.title(code) for code in self.rooms)
        size = sight.rule(self.code, "classes_a_room")
        requirement = f"每 {size} 个班{'各' if each else '合计'}有 1 间以上：{kinds}"
        return summed(self, sight, lines, requirement, "学校", self.needs)

    def _line(self, sight: Sight, school: SchoolRef) -> Line:
        counts = [sight.pupils.get((school.id, stage)) and sight.amount(self.classes, (school.id, stage))
                  for stage in sight.standard.stages if sight.pupils.get((school.id, stage))]
        held = {code: sight.amount(code, (school.id, "")) for code in self.rooms}
        lacking = [sight.title(code) for code, count in held.items() if count is None]
        if None in counts:
            lacking.insert(0, sight.title(self.classes))
        if lacking:
            return Line(school.name, f"还缺{'、'.join(lacking)}。", school.code, reason=MISSING)
        need = ceil(sum(counts) / sight.rule(self.code, "classes_a_room", school=school))
        each = sight.rule(self.code, "counting", school=school) == EACH
        least = min(held.values()) if each else sum(held.values())
        said = "、".join(f"{sight.title(code)} {count} 间" for code, count in held.items())
        small = {code: sight.amount(code, (school.id, "")) for code in self.short if sight.known(code)}
        beside = "".join(f"，另有{sight.title(code)} {count} 间" for code, count in small.items() if count)
        text = f"{sum(counts)} 个班，{'各' if each else '合计'}需 {need} 间，现有{said}{beside}。"
        return Line(school.name, text, school.code, "", least, None, least, Fraction(need), least >= need)
