"""A9 五类学生关爱台账: one child, one file, many tags; beside it the records of help given."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from accounts.actor import Actor
from accounts.masking import mask_id, mask_name
from dropout.models import ContactWay, Group, HelpMode
from dropout.services.children import register_children
from dropout.services.reported_care import take_care
from schools.models import Dataset

from ..checking.context import Context
from ..checking.frame import Frame
from ..cleaning import split_names
from ..columns import Choice, Day, Ignored, Several, Text
from ..columns.base import Cell, is_empty_word
from ..ledger import Table
from ..problems import Problem
from .child_columns import (
    CLASS,
    GRADE,
    GUARDIAN,
    ID_NUMBER,
    NAME,
    PERSON_FIELDS,
    PHONE,
    REGISTRATION,
    RELATION,
    ChildLedger,
)
from .dropout_cases import GROUP_WORDS
from .shared import REMARKS, SCHOOL_CODE, SCHOOL_NAME, SERIAL, YEAR

# 留守 in the two definitions, kept apart: the school register's (away three months), and the civil affairs' (under 16, rural …).
CIVIL = "left_behind.civil"
GROUPS = (*Group.choices, (CIVIL, "留守(民政口径)"))
HELPED = frozenset({"disabled", "poor", "watched", "left_behind", CIVIL, "learning"})
TITLES = dict(GROUPS)


@dataclass(frozen=True)
class Basis(Text):
    """认定依据: words stay, numbers of certificates and cards are masked before anything is kept."""

    def read(self, text: str, kind: str, unit: str) -> Cell:
        cell = super().read(text, kind, unit)
        return Cell(re.sub(r"[0-9][0-9Xx]{6,}(?:B\d+)?", lambda found: mask_id(found[0]), str(cell.value)))

    def mask(self, text: str) -> str:
        return re.sub(r"[0-9][0-9Xx]{6,}(?:B\d+)?", lambda found: mask_id(found[0]), text)


@dataclass(frozen=True)
class HelperName(Text):
    """帮扶教师, one or several; kept masked."""

    personal: bool = True

    def mask(self, text: str) -> str:
        return "、".join(mask_name(part.strip()) for part in split_names(text))

    def read(self, text: str, kind: str, unit: str) -> Cell:
        return Cell("" if is_empty_word(text) else self.mask(text)[:40])


CARE_COLUMNS = (
    SERIAL, YEAR, SCHOOL_CODE, SCHOOL_NAME, NAME, ID_NUMBER, REGISTRATION, replace(GRADE, required=False), CLASS,
    Several("类别", "groups", "留守、学习困难", aliases=("学生类别", "所属类别", "关爱类别", "群体类别"), required=True, choices=GROUPS, words=GROUP_WORDS,
            help="残疾、脱贫户、监测对象、留守、学习困难、随迁等，可填多个，用顿号隔开；一名学生只填一行。"),
    Basis("认定依据", "basis", "学籍登记", aliases=("认定依据/证号", "证号", "依据", "认定依据及证号"), help="残疾人证号等证件号码只保留首尾几位。"),
    Ignored("家庭情况", "family"), GUARDIAN, RELATION, PHONE,
    HelperName("帮扶教师", "helper", "王芳", aliases=("结对教师", "帮扶人", "帮扶责任人", "帮扶教师姓名"), longest=60),
    Text("学科", "helper_subject", "语文", aliases=("帮扶教师学科", "任教学科", "帮扶学科"), longest=20),
    Choice("结对方式", "mode", "一对多", aliases=("帮扶方式(一对一/一对多)", "帮扶形式"), choices=tuple(HelpMode.choices), words={"1对1": "one", "1对多": "many", "一帮一": "one", "一帮多": "many"}),
    Text("帮扶措施", "measures", "每周谈心一次", aliases=("措施", "关爱措施"), longest=200),
    *(Ignored(title, f"civil{k}") for k, title in enumerate(("父亲务工地点", "母亲务工地点", "监护类型", "委托监护人", "监护情况", "经济来源", "救助情况"))),
    REMARKS,
)  # fmt: skip
RECORD_COLUMNS = (
    SERIAL, SCHOOL_CODE, SCHOOL_NAME, replace(NAME, required=False), ID_NUMBER, REGISTRATION,
    Day("日期", "on", "2025-10-11", aliases=("帮扶日期", "帮扶时间", "时间"), required=True),
    Choice("帮扶方式", "way", "谈心", aliases=("方式",), required=True, choices=tuple(ContactWay.choices),
           words={"谈话": "talk", "辅导学习": "tutoring", "学习辅导": "tutoring", "心理": "mind", "心理辅导": "mind", "电话联系": "phone", "走访": "visit", "慰问": "aid"}),
    Ignored("内容", "content", aliases=("帮扶内容",)), Text("效果", "effect", "情绪好转", aliases=("帮扶效果",), longest=60), Ignored("签字", "signature", aliases=("帮扶教师签字",)),
    REMARKS,
)  # fmt: skip


@dataclass(frozen=True)
class CareLedger(ChildLedger):
    """Each of the first four groups has a helper; migrants need none by rule."""

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        if frame.table.code == "main":
            for i in frame.usable():
                groups = (frame.get("groups")[i] or "").split(",")
                alone = [TITLES[group] for group in groups if group in HELPED]
                if alone and not frame.get("helper")[i]:
                    frame.problem("helper-missing", i, "helper" if frame.has("helper") else "groups", value="、".join(alone))
        yield from ()

    def after_commit(self, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> None:
        """The child register learns the children and their groups, the children's files their helpers and contacts."""
        register_children(dataset=dataset, persons=persons, by=by)
        take_care(dataset=dataset, by=by)


CARE = CareLedger(
    code="care",
    title="五类学生关爱台账",
    order=110,
    tables=(
        Table("main", "关爱台账", CARE_COLUMNS, target="dropout.CareRow", key=("person_key",), note="每名学生一行，属于几类的在“类别”中一并写明。"),
        Table("records", "帮扶记录", RECORD_COLUMNS, target="dropout.ReportedContact", extra=True, note="每次帮扶一行；只写姓名的，须与主表中唯一的一人相同。"),
    ),
    person=("id_number", PERSON_FIELDS[:-1]),
    may_be_none=True,
    other_names=("关爱帮扶台账", "特殊群体学生台账"),
    note="残疾、脱贫户(监测对象)、留守、学习困难、随迁学生。一名学生一行、多个类别；学习困难等标签只在学生本人页面向负责帮扶的人显示。",
)  # fmt: skip
