"""The demo workbooks' column titles: A1 from a year's figures, A2 from its classes."""
from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .county import SchoolYear
from .layout import TYPE_WORDS, Unit
from .posts import TITLES as POST_TITLES

GRADE_WORDS = ("", "一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级", "高一", "高二", "高三")
CLASS_TITLES = ("年级", "班级名称", "学生数", "男", "女", "班主任", "寄宿生数", "随班就读人数")
TEACHER_TITLES = (
    "序号", "姓名", "性别", "身份证号", "出生年月", "民族", "政治面貌", "参加工作时间", "到本校时间", "最高学历", "毕业院校", "专业", "教职工类别",
    "是否专任教师", "任教学段", "主要任教学科", "周课时数", "职称", "教师资格证种类", "教师资格证号", "编制类型", "在岗状态", "骨干级别", "认定文号",
    "认定时间", "有效期", *POST_TITLES, "五年培训学时", "联系电话", "备注",
)
AREA_WORDS = {"111": "主城区", "112": "城乡结合区", "121": "镇中心区", "210": "乡中心区", "220": "村庄"}
_STAGES = (("P", "小学"), ("J", "初中"), ("S", "高中"))
_COUNTS = (("teachers", "专任教师数"), ("above", "高于规定学历教师数"), ("backbone", "县级及以上骨干教师数"), ("pe_art", "体育艺术专任教师数"),
           ("mid", "中级及以上职称教师数"), ("certified", "持证专任教师数"), ("trained", "完成360学时教师数"))


def hundredths(value: int) -> Decimal:
    """An integer of 0.01 as the number people write."""
    return Decimal(value) / 100


def profile(school: SchoolYear) -> Iterator[tuple[str, str, str, object]]:
    """(group, title, unit, value) of every item of A1, in the order of the form."""
    unit, figures = school.unit, school.figures
    yield from (("学校概况", title, "", value) for title, value in (
        ("学校(机构)标识码", unit.code), ("学校名称", unit.name), ("办学类型", TYPE_WORDS[unit.type_code]), ("举办者类型", unit.sponsor),
        ("城乡类型", AREA_WORDS[unit.area]), ("乡镇(街道)", unit.township), ("建校年份", unit.built),
        ("是否2010年及之前规划并建成", "是" if unit.built <= 2010 else "否"), ("是否2016年及之前规划并建成", "是" if unit.built <= 2016 else "否"),
        ("是否寄宿制", "是" if unit.boarding else "否"),
    ))
    for stage, word in _STAGES:
        yield "学生", f"{word}在校生数", "人", school.pupils(stage)
    yield "学生", "随迁子女在校生数", "人", figures["migrant"]
    yield "学生", "随班就读学生数", "人", sum(row.inclusive for row in school.classes)
    for stage, word in _STAGES[:2]:
        yield "班级", f"{word}教学班数", "个", school.class_count(stage)
    if school.roster:
        yield "教师", "核定教职工编制数", "人", figures["posts"]
    else:
        yield from _teachers(school)
    yield from _flows(school)
    for title, key in (("占地面积", "land"), ("校舍建筑面积", "building"), ("教学及辅助用房面积", "teaching"), ("其中:室内体育用房面积", "indoor"),
                       ("体育运动场地面积", "outdoor")):
        yield "校舍场地", title, "㎡", hundredths(figures[key])
    yield "装备", "教学仪器设备资产值", "万元", hundredths(figures["equipment"])
    yield "装备", "网络多媒体教室", "间", figures["multimedia"]
    for kind in ("音乐", "美术"):
        yield "装备", f"{kind}教室间数", "间", sum(room[0] == kind for room in school.rooms)
    yield "装备", "计算机台数", "台", figures["computers"]
    yield "装备", "其中:教学用计算机台数", "台", round(figures["computers"] * 0.88)
    yield "装备", "图书册数", "册", figures["books"]
    yield from _money(school)


def _nearby(unit: Unit) -> bool:
    """A public non-boarding school of city or town: its pupils should live nearby."""
    return unit.area[0] == "1" and unit.sponsor != "10" and not unit.boarding


def _flows(school: SchoolYear) -> Iterator[tuple[str, str, str, object]]:
    """Pupils from the zone, and the cohort that left junior school this summer."""
    for stage, word in _STAGES[:2]:
        heads = school.pupils(stage)
        yield "学生流动", f"{word}就近划片入学学生数", "人", (heads if stage == "P" else heads * 97 // 100) if _nearby(school.unit) and heads else ""
    junior = school.pupils("J")
    entrants = -(-junior // 3)
    moved = (entrants % 4, entrants % 5, 1 if entrants > 300 else 0)
    figures = (entrants - moved[2] - entrants // 60 + moved[0] - moved[1], entrants, *moved) if junior else ("",) * 5
    titles = ("初中毕业生数", "三年前初一入学数", "三年转入", "三年转出", "三年死亡")
    for title, value in zip(titles, figures, strict=True):
        yield "学生流动", title, "人", value


def _teachers(school: SchoolYear) -> Iterator[tuple[str, str, str, object]]:
    """Teacher counts by stage, for the years in which the county kept no roster."""
    total = sum(value for key, value in school.figures.items() if key.endswith("/teachers"))
    if total:
        yield "教师", "专任教师数", "人", total
    for _, word in _STAGES[:2]:
        for key, title in _COUNTS:
            yield "教师", f"{word}{title}", "人", school.figures.get(f"{word}/{key}", 0)


def _money(school: SchoolYear) -> Iterator[tuple[str, str, str, object]]:
    """Last year's public funds: 800 and 1,100 yuan a head, 100 pupils at least, six per cent of it for training."""
    heads = max(100, sum(school.unit.pupils.values()))
    budget = round(heads * (11 if "J" in school.unit.pupils else 8) * 1.02)
    training = -(-budget * 6 // 100)
    for title, value in (("上年度公用经费预算总额", budget), ("上年度公用经费决算总额", budget), ("上年度教师培训经费预算", training), ("上年度教师培训经费决算", training)):
        yield "经费", title, "万元", hundredths(value)


def class_name(grade: int, number: int) -> str:
    return f"{GRADE_WORDS[grade][:1] if grade < 10 else GRADE_WORDS[grade]}({number})班"


def class_cells(school: SchoolYear) -> list[tuple[object, ...]]:
    """The rows of A2 under CLASS_TITLES."""
    return [
        (GRADE_WORDS[row.grade], class_name(row.grade, row.number), row.pupils, row.boys, row.pupils - row.boys, row.head_teacher, row.boarders, row.inclusive)
        for row in school.classes
    ]
