"""清河县 as the dropout room needs it: two townships, two schools, somebody in every role, children under made-up names."""
from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field

from accounts.actor import Actor
from accounts.masking import mask_name
from accounts.models import User
from accounts.secrets import keyed_hash, seal_rows
from dropout.models import Child, ChildStatus
from schools import access
from schools.calendar import save_calendar
from schools.models import County, School, Township
from tests.factories import OPERATOR, CountyFactory, SchoolFactory, TownshipFactory, make_person

COUNTY = "999901"
XIANGYANG, WANGZHUANG, MIDDLE, FOREIGN = "9999010001", "9999010002", "9999010003", "9999020001"
TOWN, OTHER_TOWN, VILLAGE, OTHER_VILLAGE = "城关镇", "河湾乡", "东村", "西村"
CLASS, OTHER_CLASS = "三年级/1班", "三年级/2班"
D = dt.date

# username -> (role, scope): everybody a case of 向阳小学's class 三年级/1班 in 城关镇东村 can meet, and those it must not.
CAST: dict[str, tuple[str, str]] = {
    "teacher": ("class_teacher", f"{XIANGYANG}/{CLASS}"),
    "other_teacher": ("class_teacher", f"{XIANGYANG}/{OTHER_CLASS}"),
    "clerk": ("school_clerk", XIANGYANG),
    "head": ("school_head", XIANGYANG),
    "other_head": ("school_head", MIDDLE),
    "other_clerk": ("school_clerk", MIDDLE),
    "village": ("village_officer", f"{COUNTY}/{TOWN}/{VILLAGE}"),
    "other_village": ("village_officer", f"{COUNTY}/{TOWN}/{OTHER_VILLAGE}"),
    "town": ("town_officer", f"{COUNTY}/{TOWN}"),
    "other_town": ("town_officer", f"{COUNTY}/{OTHER_TOWN}"),
    "reviewer": ("centre_reviewer", f"{COUNTY}/{TOWN}"),
    "officer": ("county_officer", COUNTY),
    "lead": ("county_lead", COUNTY),
    "filer": ("department_filer", COUNTY),
    "inspector": ("inspector", COUNTY),
    "evaluator": ("evaluator", COUNTY),
    "supervisor": ("supervisor", "9999"),
    "policy": ("policy_admin", COUNTY),
    "auditor": ("auditor", COUNTY),
    "admin": ("system_admin", "portal"),
    "stranger": ("county_lead", "999902"),
}
PDF = b"%PDF-1.7 a scan"
JPEG = b"\xff\xd8\xff\xe0 a photo"


@dataclass
class World:
    """The county with its people; `actor(name)` acts as one of them."""

    county: County
    school: School
    point: School
    other_school: School
    foreign_school: School
    town: Township
    other_town: Township
    people: dict[str, User]
    made: int = 0
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        if name not in self.actors:
            user = self.people[name]
            self.actors[name] = access.actor_for_user(user, role=CAST[name][0], remember=True)
        return self.actors[name]

    def child(self, name: str = "", **fields) -> Child:
        """A child of class 三年级/1班 who lives in 东村; `fields` say otherwise."""
        self.made += 1
        values = {
            "school": self.school, "class_text": CLASS, "grade": 3, "township": self.town, "village": VILLAGE,
            "status": ChildStatus.ENROLLED, "sex": "female", "birth": D(2017, 5, 1), **fields,
        }
        return make_child(self.county, self.made, name or f"赵小{'一二三四五六七八九十'[self.made % 10]}", **values)


def make_child(county: County, number: int, name: str, **values) -> Child:
    """One row of the child register, sealed as the register seals it."""
    key = keyed_hash(f"{county.code}/{number}")
    [(wrapped, sealed)] = seal_rows([json.dumps(personal(name, number), ensure_ascii=False)])
    return Child.objects.create(county=county, person_key=key, masked_name=mask_name(name), data_key=wrapped, sealed=sealed, **values)


def personal(name: str, number: int) -> dict[str, str]:
    """What a register seals of a child."""
    return {"name": name, "id_number": f"99990020170501{number:04d}", "registration": f"G{number:018d}", "guardian": f"{name[0]}大山",
            "relation": "父亲", "phone": f"139{number:08d}", "address": f"东村第{number}组"}  # fmt: skip


def make_world() -> World:
    """Create it in the test database, with the calendars of 2025-2026 and 2026-2027."""
    county = CountyFactory(code=COUNTY)
    town, other_town = TownshipFactory(county=county, name=TOWN), TownshipFactory(county=county, name=OTHER_TOWN)
    school = SchoolFactory(county=county, code=XIANGYANG, name="向阳小学", township=town)
    point = SchoolFactory(county=county, code=WANGZHUANG, name="向阳小学王庄教学点", kind="point", parent=school, type_code="218",
                          township=other_town)  # fmt: skip
    other = SchoolFactory(county=county, code=MIDDLE, name="城关中学", type_code="311", township=town)
    foreign = CountyFactory(code="999902", name="邻河县")
    foreign_school = SchoolFactory(county=foreign, code=FOREIGN, name="邻河一小")
    make_calendars(county)
    people = {name: make_person(name, role, scope) for name, (role, scope) in CAST.items()}
    return World(county, school, point, other, foreign_school, town, other_town, people)


def make_calendars(county: County) -> None:
    """Two school years with terms, holidays and make-up days as a county enters them."""
    save_calendar(
        county, 2025, terms=[["2025-09-01", "2026-01-23"], ["2026-02-27", "2026-07-03"]],
        holidays=[["2025-10-01", "2025-10-08", "国庆中秋"], ["2026-01-01", "2026-01-03", "元旦"], ["2026-04-04", "2026-04-06", "清明"],
                  ["2026-05-01", "2026-05-05", "劳动节"], ["2026-06-19", "2026-06-21", "端午"]],
        makeup_days=["2025-09-28", "2025-10-11", "2026-01-04", "2026-05-09"], by=OPERATOR,
    )  # fmt: skip
    save_calendar(
        county, 2026, terms=[["2026-09-01", "2027-01-22"], ["2027-02-26", "2027-07-02"]],
        holidays=[["2026-09-25", "2026-09-27", "中秋"], ["2026-10-01", "2026-10-07", "国庆"], ["2027-01-01", "2027-01-03", "元旦"]],
        makeup_days=["2026-10-10"], by=OPERATOR,
    )  # fmt: skip
