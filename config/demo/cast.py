"""The people of the demo: a login for every role that has something to see, clerks for many schools, a stranger."""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .generator import COUNTY, NEIGHBOUR, Written
from .layout import TOWNSHIPS

# A password hash is slow on purpose, so three clerks file for all the schools that have no login of their own.
DISTRICTS = (("city", "城区", TOWNSHIPS[:2]), ("east", "东片乡镇", TOWNSHIPS[2:6]), ("west", "西片乡镇", TOWNSHIPS[6:]))
FROM, TO = dt.date(2026, 9, 1), dt.date(2027, 8, 31)


@dataclass(frozen=True)
class Player:
    """One demo user: login name, what to show, role, and the scopes (one membership each)."""

    username: str
    title: str
    role: str
    scopes: tuple[str, ...]
    dated: bool = False


def cast(written: Written) -> list[Player]:
    """Everybody, in the order of the logins file."""
    units = written.county.units
    code = {unit.name: unit.code for unit in units}
    points = tuple(unit.code for unit in units if unit.kind == "教学点")
    own = code["柳林镇中心小学"]
    return [
        Player("lead", "清河县教育局 负责人", "county_lead", (COUNTY,)),
        Player("officer", "清河县教育局 经办人", "county_officer", (COUNTY,)),
        Player("clerk", "柳林镇中心小学 填报员", "school_clerk", (own,)),
        Player("points", "各教学点 填报员(一人管多点)", "school_clerk", points),
        Player("head", "柳林镇中心小学 校长", "school_head", (own,)),
        Player("centre", "石桥镇中心校 审核员", "centre_reviewer", (f"{COUNTY}/石桥镇",)),
        Player("teacher", "柳林镇中心小学 三年级1班 班主任", "class_teacher", (f"{own}/三年级/1班",)),
        Player("town", "柳林镇 控辍专干", "town_officer", (f"{COUNTY}/柳林镇",)),
        Player("village", "柳林镇河东村 专干", "village_officer", (f"{COUNTY}/柳林镇/河东村",)),
        Player("inspector", "责任督学", "inspector", (COUNTY,), dated=True),
        Player("supervisor", "省市督导员", "supervisor", (COUNTY[:4],)),
        Player("admin", "系统管理员", "system_admin", ("portal",)),
        Player("stranger", "邻河县教育局 经办人", "county_officer", (NEIGHBOUR,)),
        Player("neighbour", "邻河县 填报员", "school_clerk", tuple(unit.code for unit in written.neighbour.units)),
        *(
            Player(username, f"{title}各校填报员", "school_clerk", tuple(u.code for u in units if u.township in towns))
            for username, title, towns in DISTRICTS
        ),
    ]


def clerks(written: Written) -> dict[str, str]:
    """school code -> the login that files for it."""
    towns = {town: username for username, _, towns in DISTRICTS for town in towns}
    by_school = {unit.code: "points" if unit.kind == "教学点" else towns[unit.township] for unit in written.county.units}
    by_school |= {unit.code: "neighbour" for unit in written.neighbour.units}
    return by_school | {unit.code: "clerk" for unit in written.county.units if unit.name == "柳林镇中心小学"}
