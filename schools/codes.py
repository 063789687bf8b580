"""Code lists of the field: stages, grades, school types, sponsors, areas.

Sources: GB/T 33782-2017 tables 4 and 5 (types, areas); the national application form (sponsors 1-10).
"""

from __future__ import annotations

from django.db import models


class Stage(models.TextChoices):
    """学段."""

    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中"


COMPULSORY = (Stage.PRIMARY.value, Stage.JUNIOR.value)

GRADE_NAMES = {
    1: "一年级",
    2: "二年级",
    3: "三年级",
    4: "四年级",
    5: "五年级",
    6: "六年级",
    7: "七年级",
    8: "八年级",
    9: "九年级",
    10: "高一",
    11: "高二",
    12: "高三",
}

SCHOOL_TYPES = {
    "111": "幼儿园",
    "119": "附设幼儿班",
    "211": "小学",
    "218": "小学教学点",
    "219": "附设小学班",
    "221": "职工小学",
    "222": "农民小学",
    "228": "小学班",
    "229": "扫盲班",
    "311": "初级中学",
    "312": "九年一贯制学校",
    "319": "附设普通初中班",
    "321": "职业初中",
    "329": "附设职业初中班",
    "331": "成人职工初中",
    "332": "成人农民初中",
    "341": "完全中学",
    "342": "高级中学",
    "345": "十二年一贯制学校",
    "349": "附设普通高中班",
    "361": "调整后中等职业学校",
    "362": "中等技术学校",
    "363": "中等师范学校",
    "364": "成人中等专业学校",
    "365": "职业高中学校",
    "366": "技工学校",
    "368": "附设中职班",
    "369": "其他中职机构",
    "371": "专门学校",
    "511": "盲人学校",
    "512": "聋人学校",
    "513": "培智学校",
    "514": "其他特殊教育学校",
    "519": "附设特教班",
}
TYPE_ALIASES = {
    "完全小学": "211",
    "初中": "311",
    "普通初中": "311",
    "九年一贯制": "312",
    "十二年一贯制": "345",
    "完中": "341",
    "教学点": "218",
    "特殊教育学校": "514",
    "特教学校": "514",
    "弱智学校": "513",
    "高中": "342",
    "职业高中": "365",
    "工读学校": "371",
    "中等职业学校": "361",
}
SPECIAL_TYPES = frozenset({"511", "512", "513", "514", "519"})
VOCATIONAL_TYPES = frozenset({"321", "329", "361", "362", "363", "364", "365", "366", "368", "369"})
NINE_YEAR, TWELVE_YEAR, COMPLETE_MIDDLE = "312", "345", "341"

SPONSORS = {
    "1": "中央教育部门",
    "2": "中央其他部门",
    "3": "省级教育部门",
    "4": "省级其他部门",
    "5": "地级教育部门",
    "6": "地级其他部门",
    "7": "县级教育部门",
    "8": "县级其他部门",
    "9": "地方企业",
    "10": "民办",
}
SPONSOR_ALIASES = {
    "教育部门": "7",
    "县教育局": "7",
    "县级教育局": "7",
    "公办": "7",
    "县级其他": "8",
    "省级其他": "4",
    "地级其他": "6",
    "中央其他": "2",
    "民办学校": "10",
    "社会力量": "10",
}
COUNTY_SPONSORS = frozenset({"7", "8"})
PRIVATE = "10"

AREAS = {
    "111": "主城区",
    "112": "城乡结合区",
    "121": "镇中心区",
    "122": "镇乡结合区",
    "123": "特殊区域",
    "210": "乡中心区",
    "220": "村庄",
}
AREA_GROUPS = {"城区": ("111", "112"), "镇区": ("121", "122", "123"), "乡村": ("210", "220")}
# A sheet that says only 城区/镇区/乡村 stores the group's most common member.
AREA_ALIASES = {"城区": "111", "城市": "111", "镇区": "121", "县镇": "121", "乡村": "220", "农村": "220"}


def stage_of_grade(grade: int, primary_years: int = 6) -> str:
    """The stage a grade belongs to where primary school lasts `primary_years` (6, or 5 in 5-4 areas)."""
    if grade <= primary_years:
        return Stage.PRIMARY.value
    return Stage.JUNIOR.value if grade <= 9 else Stage.SENIOR.value


def area_group(area_code: str) -> str:
    """城区, 镇区 or 乡村 for an area code; the empty string when unknown."""
    return next((name for name, codes in AREA_GROUPS.items() if area_code in codes), "")


VILLAGE = "220"


def is_rural(area_code: str) -> bool:
    return area_code in AREA_GROUPS["乡村"]


def is_village(area_code: str) -> bool:
    return area_code == VILLAGE


def lookup(text: str, codes: dict[str, str], aliases: dict[str, str]) -> str | None:
    """The code for a code or a wording, None when neither is known."""
    text = text.strip()
    if text in codes:
        return text
    return aliases.get(text) or next((code for code, name in codes.items() if name == text), None)


STAGES_OF_TYPE: dict[str, tuple[str, ...]] = {
    "211": ("primary",),
    "218": ("primary",),
    "219": ("primary",),
    "221": ("primary",),
    "222": ("primary",),
    "228": ("primary",),
    "311": ("junior",),
    "319": ("junior",),
    "312": ("primary", "junior"),
    "341": ("junior", "senior"),
    "342": ("senior",),
    "345": ("primary", "junior", "senior"),
    "349": ("senior",),
}


def stages_of_type(type_code: str) -> tuple[str, ...]:
    """The stages a school type teaches; empty where the type does not say (special, vocational).

    Only used to tell "blank because it has no such stage" from "blank and missing"; rows follow the pupils.
    """
    return STAGES_OF_TYPE.get(type_code, ())
