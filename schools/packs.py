"""Shipped rule packs: read-only sets of local rules, each standing on one document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class PackRule:
    """One rule of a pack: a declared parameter, its value in text form, and the clause."""

    parameter: str
    value: str
    clause: str = ""
    scope: str = "all"
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True)
class Pack:
    """A document's rules under one code."""

    code: str
    title: str
    document: str
    valid_from: dt.date
    rules: tuple[PackRule, ...]


TAIZHOU = Pack(
    "taizhou-2017",
    "泰州市 2017 年城乡义务教育一体化要求",
    "泰州市关于统筹推进城乡义务教育一体化改革发展的实施意见（2017年）",
    dt.date(2017, 9, 1),
    (
        PackRule("exchange_period", "cycle", "校长、教师交流按周期计算"),
        PackRule("quality-2017.G11.threshold", "15", "交流教师不低于符合交流条件教师总数的15%"),
        PackRule("quality-2017.G11.backbone_threshold", "15", "其中骨干教师不低于15%"),
        PackRule("exchange_head_share", "0.15", "交流校长不低于符合交流条件校长总数的15%"),
        PackRule("small_school_floor", "300", "学生不足300人的学校按300人核定公用经费"),
        PackRule("public_funds_multiplier", "1.1", "生均公用经费不低于省定标准的110%", valid_from=dt.date(2018, 1, 1)),
        PackRule("village_top_up", "0.5", "村小和教学点教师补贴高于本人乡镇工作补贴50%以上"),
        PackRule("allowance_share", "1", "农村教师补贴应发尽发"),
        PackRule("super_large_class", "60", "60人及以上为超大班额"),
        PackRule("large_class_free_grades", "1,7", "2018年起始年级消除大班额", valid_from=dt.date(2018, 9, 1)),
    ),
)
JIANGSU = Pack(
    "jiangsu-class-size",
    "江苏省义务教育优质均衡示范县班额要求",
    "江苏省义务教育优质均衡发展县(市、区)建设要求",
    dt.date(2017, 9, 1),
    (
        PackRule("class_size_limit", "primary:40,junior:45", "小学班额不超过40人，初中班额不超过45人"),
    ),
)
GONGYI = Pack(
    "gongyi-2020",
    "巩义市 2020 年教师培训经费要求",
    "巩义市义务教育优质均衡发展文件（2020年）",
    dt.date(2020, 1, 1),
    (
        PackRule("training_wage_share", "0.015", "教师培训经费按教职工工资总额的1.5%列入预算"),
        PackRule("training_must_rise", "true", "教师培训经费逐年提高"),
        PackRule("training_share", "0.05", "农村学校按公用经费预算总额的5%安排教师培训经费", scope="rural"),
    ),
)


def _home_teaching(code: str, place: str, clause: str, *, visits: int, lessons: int, yearly: int = 0, minutes: int = 0) -> Pack:
    """How often a place has disabled children taught at home. Read in local texts without their numbers: a county that
    uses one writes its own document beside it."""
    values = (("visits_per_week", visits), ("lessons_per_week", lessons), ("lessons_per_year", yearly), ("minutes_per_lesson", minutes))
    rules = tuple(PackRule(f"home_teaching.{name}", str(value), clause) for name, value in values)
    return Pack(f"home-teaching-{code}", f"{place}送教上门频次", f"{place}关于送教上门工作的规定（文号由本县补注）", dt.date(2020, 9, 1), rules)


HOME_TEACHING = (
    _home_teaching("shandong", "山东省", "每周两次，每次三课时，每年不少于216课时", visits=2, lessons=6, yearly=216),
    _home_teaching("ningxia", "宁夏回族自治区", "每周一次，每次两课时", visits=1, lessons=2),
    _home_teaching("hainan", "海南省", "每周至少一次，不少于两课时，每课时30分钟", visits=1, lessons=2, minutes=30),
    _home_teaching("huaiyuan", "怀远县", "每周两次，每次一至两课时，每年不少于30课时", visits=2, lessons=2, yearly=30),
)

PACKS: dict[str, Pack] = {pack.code: pack for pack in (TAIZHOU, JIANGSU, GONGYI, *HOME_TEACHING)}
