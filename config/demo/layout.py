"""Which schools the demo county has, in the order in which a smaller county keeps them.

`story` names what a school is there to show:
    stadium        a very large school with a new sports ground: the enrolment-weighted CV of Q5 passes 0.50,
                   the plain one does not
    dense          inner-city school far below the sports area floor
    exact_floor    six of seven met, the seventh exactly at 85 %: passes
    below_floor    the same less 0.01 m2: fails
    on_threshold   a junior middle school exactly on the sports area threshold: met
    two_short      two indicators short: fails although both are above 85 %
    junior_short   a nine-year school whose primary part passes and whose junior part does not
    large_class    one class of 56
    no_pe_art      no PE, music or art teacher at all
    expired        backbone titles that have run out do not count
    unsent_teachers, unsent   has not handed in its roster, or anything
"""
from __future__ import annotations

from dataclasses import dataclass, field

TOWNSHIPS = ("城关镇", "城东街道", "石桥镇", "柳林镇", "白塔镇", "双河镇", "龙泉镇", "马家集镇", "青峰乡", "大王庄乡")
TYPE_WORDS = {"211": "小学", "218": "小学教学点", "311": "初级中学", "312": "九年一贯制学校", "341": "完全中学",
              "345": "十二年一贯制学校", "365": "职业高中学校", "514": "其他特殊教育学校"}
_CATEGORY = {"211": "21", "218": "21", "311": "31", "312": "31", "341": "34", "345": "34", "365": "36", "514": "51"}


@dataclass
class Unit:
    """A school, campus or teaching point of the plan. `pupils` per stage: P primary, J junior, S senior."""

    name: str
    type_code: str
    township: str
    area: str
    pupils: dict[str, int]
    story: str = ""
    sponsor: str = "7"
    kind: str = "本部"
    parent_name: str = ""
    dense: bool = False
    boarding: bool = False
    built: int = 2008
    code: str = ""
    parent: str = ""
    former: str = ""
    centre: bool = False
    notes: dict[str, str] = field(default_factory=dict)


def _primary(name, town, pupils, area="220", **more) -> Unit:
    return Unit(name, "211", town, area, {"P": pupils}, **more)


def _junior(name, town, pupils, area="121", **more) -> Unit:
    return Unit(name, "311", town, area, {"J": pupils}, boarding=area != "111", **more)


def _point(town, name, pupils, parent, **more) -> Unit:
    return Unit(f"{town}{name}教学点", "218", town, "220", {"P": pupils}, kind="教学点", parent_name=parent, **more)


def _core() -> list[Unit]:
    """The schools every demo county has, however small."""
    return [
        _primary("清河县实验小学", "城关镇", 1890, "111", story="stadium", built=1958, former="清河县第一小学"),
        _primary("城关镇中心小学", "城关镇", 1310, "111", story="dense", dense=True, built=1972, centre=True),
        _primary("石桥镇中心小学", "石桥镇", 400, "121", story="exact_floor", built=1986, centre=True),
        _primary("柳林镇中心小学", "柳林镇", 480, "121", story="below_floor", built=1991, centre=True),
        _junior("清河县第一初级中学", "城关镇", 1440, "111", built=1964),
        _junior("石桥镇初级中学", "石桥镇", 500, story="on_threshold", built=1988),
        _junior("柳林镇初级中学", "柳林镇", 620, story="two_short", built=1995),
        Unit("双河镇九年一贯制学校", "312", "双河镇", "121", {"P": 420, "J": 280}, story="junior_short", boarding=True, built=2012),
        Unit("清河县第二中学", "341", "城东街道", "111", {"J": 700, "S": 1060}, built=1979, boarding=True),
        Unit("清河县外国语学校", "345", "城东街道", "112", {"P": 600, "J": 420, "S": 360}, sponsor="10", built=2016, boarding=True),
        _point("石桥镇", "东岭", 38, "石桥镇中心小学", story="unsent_teachers", built=1994),
        _point("石桥镇", "西坪", 72, "石桥镇中心小学", built=1998),
        _primary("白塔镇中心小学", "白塔镇", 560, "121", story="large_class", built=1983, centre=True),
        _primary("白塔镇杨庄小学", "白塔镇", 150, story="no_pe_art", built=1999),
        Unit("清河县特殊教育学校", "514", "城关镇", "111", {"P": 64, "J": 31}, boarding=True, built=2010),
        Unit("清河县职业技术学校", "365", "城东街道", "112", {"S": 860}, story="unsent", boarding=True, built=2003),
        _primary("清河县育才小学", "城东街道", 640, "112", sponsor="10", built=2014),
        _junior("清河县明德初级中学", "城东街道", 560, "112", sponsor="10", built=2011),
        _primary("清水市第六小学", "城关镇", 880, "111", sponsor="5", built=1992),
        _primary("清河县实验小学东校区", "城东街道", 520, "112", kind="校区", parent_name="清河县实验小学", built=2019),
    ]


def _rest() -> list[Unit]:
    """The other schools of the full county of sixty."""
    return [
        _junior("白塔镇初级中学", "白塔镇", 700, built=1990),
        _primary("龙泉镇中心小学", "龙泉镇", 610, "121", story="expired", built=1985, centre=True),
        _junior("龙泉镇初级中学", "龙泉镇", 760, built=1993),
        Unit("马家集镇九年一贯制学校", "312", "马家集镇", "121", {"P": 380, "J": 240}, boarding=True, built=2009),
        _primary("清河县第二小学", "城关镇", 1420, "111", built=1969),
        _primary("清河县第三小学", "城东街道", 1260, "112", built=2005),
        _junior("清河县第三初级中学", "城东街道", 1320, "112", built=2006),
        _primary("双河镇中心小学", "双河镇", 460, "121", built=1987, centre=True),
        _primary("马家集镇中心小学", "马家集镇", 360, "121", built=1989, centre=True),
        _primary("青峰乡中心小学", "青峰乡", 310, "210", built=1992, centre=True),
        _primary("大王庄乡中心小学", "大王庄乡", 390, "210", built=1990, centre=True),
        _primary("城东街道中心小学", "城东街道", 1080, "111", built=1998, centre=True),
        _junior("清河县第四初级中学", "城关镇", 1150, "111", built=2013),
        _junior("青峰乡初级中学", "青峰乡", 410, "210", built=1994),
        _junior("大王庄乡初级中学", "大王庄乡", 470, "210", built=1996),
        Unit("清河县第一初级中学南校区", "311", "城关镇", "112", {"J": 430}, kind="校区", parent_name="清河县第一初级中学", built=2020),
        _primary("清河县第五小学", "城关镇", 990, "112", built=2017),
        _point("柳林镇", "北沟", 64, "柳林镇中心小学", built=1997),
        _point("白塔镇", "李家湾", 41, "白塔镇中心小学", built=1995),
        _point("龙泉镇", "泉眼", 57, "龙泉镇中心小学", built=2001),
        _point("青峰乡", "云台", 29, "青峰乡中心小学", built=1990),
        _point("青峰乡", "上坪", 83, "青峰乡中心小学", built=2004),
        _point("大王庄乡", "后河", 46, "大王庄乡中心小学", built=1993),
        _point("马家集镇", "塘口", 68, "马家集镇中心小学", built=1999),
        _point("双河镇", "柏树", 35, "双河镇中心小学", built=1996),
        _point("双河镇", "河湾", 76, "双河镇中心小学", built=2002),
    ]


_VILLAGES = ("前进", "新庄", "桃园", "槐树", "王家台", "赵店", "红旗", "南寨", "刘坪", "曹村", "吴桥", "周家", "何家沟", "丁字口", "梅林", "黄岭")


def _villages(count: int) -> list[Unit]:
    """Village primaries, and beyond the full county further junior schools, without end."""
    units = []
    for n in range(count):
        town = TOWNSHIPS[2 + n % (len(TOWNSHIPS) - 2)]
        turn = n // len(_VILLAGES)
        name = f"{_VILLAGES[n % len(_VILLAGES)]}{'' if not turn else '第' + '一二三四五六七八九十'[turn % 10] * (1 + turn // 10)}"
        if turn and n % 4 == 3:
            units.append(_junior(f"{town}{name}初级中学", town, 380 + 37 * n % 420, built=1985 + n % 30))
        else:
            units.append(_primary(f"{town}{name}小学", town, 110 + 53 * n % 190, built=1984 + 7 * n % 32))
    return units


def plan(schools: int, prefix: str = "901") -> list[Unit]:
    """`schools` units with codes; a unit whose parent was cut off stays a school of its own township, without parent."""
    listed = _core() + _rest()
    units = (listed + _villages(max(0, schools - len(listed))))[:schools]
    codes: dict[str, str] = {}
    for number, unit in enumerate(units, 1):
        unit.code = codes[unit.name] = f"{_CATEGORY[unit.type_code]}99{prefix}{number:03d}"
    for unit in units:
        unit.parent = codes.get(unit.parent_name, "")
    return units


def neighbour_plan() -> list[Unit]:
    """The three schools of the county next door, whose officer must see nothing of 清河县."""
    units = [
        _primary("邻河县第一小学", "邻河镇", 720, "111", built=1980, centre=True),
        _primary("邻河县北街小学", "邻河镇", 430, "121", built=1996),
        _junior("邻河县初级中学", "邻河镇", 640, "111", built=1991),
    ]
    for number, unit in enumerate(units, 1):
        unit.code = f"{_CATEGORY[unit.type_code]}99902{number:03d}"
    return units
