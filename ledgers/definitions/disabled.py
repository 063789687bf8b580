"""A10 残疾儿童一人一案 with sheet 送教上门记录. The denominator of the rate is the federation's list, never the sum of schools."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from accounts.actor import Actor
from dropout.models import Disability, Placement
from dropout.services.children import register_children
from dropout.services.reported_care import take_plans
from schools.models import Dataset

from ..checking.context import Context
from ..checking.frame import Frame
from ..cleaning import squeeze
from ..columns import Choice, Column, Day, DisabilityCertificate, Fault, Ignored, Text, Whole, YesNo
from ..columns.base import Cell, is_empty_word
from ..ledger import Table
from ..problems import Problem
from .care import HelperName
from .child_columns import (
    ADDRESS,
    BIRTH,
    CERTIFIED,
    EXAMPLE_ID,
    GUARDIAN,
    ID_NUMBER,
    NAME,
    PERSON_FIELDS,
    PHONE,
    REGISTRATION,
    RELATION,
    SEX,
    TOWNSHIP,
    VILLAGE,
    ChildLedger,
    disability,
)
from .dropout_cases import PLACEMENT_WORDS
from .shared import REMARKS, SCHOOL_CODE, SCHOOL_NAME, SERIAL, YEAR

DEGREES = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
WORDS = dict(Disability.choices)
PLACEMENTS = tuple((code, word) for code, word in Placement.choices if code in
                   ("inclusive", "special", "special_class", "home", "welfare", "deferred", "finding", "waiting"))  # fmt: skip
HINT = "注意：1 是视力、2 是听力，网上有些对照表把两者写反了。"


@dataclass(frozen=True)
class Degree(Column):
    """残疾等级 1 (most severe) to 4."""

    type = "degree"

    @property
    def allowed(self) -> list[str]:
        return ["一级", "二级", "三级", "四级"]

    @property
    def wanted(self) -> str:
        return "“一级”至“四级”"

    def read(self, text: str, kind: str, unit: str) -> Cell:
        word = squeeze(text).removesuffix(".0").removesuffix("级")
        if is_empty_word(text) or word == "未评":
            return Cell(None)
        if word not in DEGREES:
            raise Fault("not-in-list", wanted=self.wanted)
        return Cell(DEGREES[word])


PLAN_COLUMNS = (
    SERIAL, YEAR, SCHOOL_CODE, SCHOOL_NAME, NAME, replace(SEX, target=""), replace(BIRTH, target=""), ID_NUMBER, REGISTRATION,
    replace(TOWNSHIP, target=""), replace(VILLAGE, target=""), replace(ADDRESS, aliases=(*ADDRESS.aliases, "户籍/住址", "户籍地址")), GUARDIAN, RELATION, PHONE,
    YesNo("有无残疾人证", "has_certificate", "是", aliases=("有无办证", "是否办证", "是否持证", "有无残疾证"), help="有残疾人证的填“是”。"),
    DisabilityCertificate("残疾人证号", "certificate", f"{EXAMPLE_ID}53", aliases=("残疾证号", "残疾证号码", "残疾人证号码"), target="", help="20 位，单元格须为文本格式；只用于核对，不保存。"),
    disability("残疾类别", "kind", "智力残疾", "残疾类型", "障碍类型", "残疾种类", required=True),
    Degree("残疾等级", "degree", "三级", aliases=("等级", "残疾程度")),
    Text("评估结论", "finding", "适合在普通学校随班就读", aliases=("专家委员会评估结论", "评估意见", "教育评估结论"), longest=200),
    Choice("安置方式", "placement", "随班就读", aliases=("教育安置方式", "就学方式", "安置形式"), required=True, choices=PLACEMENTS, words={**PLACEMENT_WORDS, "暂不具备学习条件": "finding", "未安置": "waiting"},
           contains={"随班": "inclusive", "送教": "home", "特教班": "special_class", "特殊教育学校": "special", "福利": "welfare", "远程": "welfare", "缓学": "deferred"}),
    Text("就读学校", "place", "向阳小学", aliases=("安置学校", "现就读学校"), longest=120),
    Ignored("责任人", "responsible", aliases=("个案责任人",)),
    Text("未入学原因", "reason", "", aliases=("未入学理由", "未就学原因"), longest=120),
    Text("康复需求", "rehabilitation", "", aliases=("康复训练需求",), longest=120),
    Ignored("个别化教育计划", "plan", aliases=("IEP", "个别化教育计划(IEP)", "个别化教育方案")), Ignored("资助情况", "aid"),
    REMARKS,
)  # fmt: skip
LESSON_COLUMNS = (
    SERIAL, SCHOOL_CODE, SCHOOL_NAME,
    replace(NAME, header="送教对象", required=False, aliases=("姓名", "学生姓名", "儿童姓名")), ID_NUMBER, REGISTRATION,
    Day("送教时间", "on", "2025-10-15", aliases=("送教日期", "日期", "时间"), required=True),
    Whole("课时数", "lessons", "2", aliases=("课时", "送教课时"), unit="课时", low=1, high=10, absent_notice=True),
    Whole("时长", "minutes", "80", aliases=("时长(分钟)", "送教时长", "分钟数"), high=600, absent_notice=True, help="分钟。"),
    HelperName("送教教师", "teachers", "王芳、李军", aliases=("教师",), required=True, longest=120),
    Text("地点", "place", "学生家中", aliases=("送教地点",), longest=60),
    Text("送教内容", "content", "生活语文", aliases=("内容", "送教内容/目标", "内容/目标"), longest=200),
    Ignored("过程", "course", aliases=("送教过程",)), Ignored("学生表现", "conduct"),
    YesNo("家长签字", "parent_signed", "是", aliases=("家长意见与签字", "监护人签字", "家长是否签字")), Ignored("家长意见", "opinion"), Ignored("照片", "photo"),
    REMARKS,
)  # fmt: skip


@dataclass(frozen=True)
class DisabledLedger(ChildLedger):
    """The certificate's last two digits are kind and degree; its first eighteen the ID."""

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        if frame.table.code == "main":
            for i in frame.usable():
                if number := frame.get("certificate")[i]:
                    self._check_certificate(frame, i, number)
        yield from ()

    @staticmethod
    def _check_certificate(frame: Frame, i: int, number: str) -> None:
        own = frame.get("id_number")[i]
        if own and number[:18] != own:
            frame.problem("certificate-differs-from-id", i, "certificate")
        kind, degree = frame.get("kind")[i], frame.get("degree")[i]
        certified = CERTIFIED[int(number[18]) - 1]
        if kind and kind != certified:
            hint = HINT if {kind, certified} == {"sight", "hearing"} else ""
            frame.problem("disability-differs-from-certificate", i, "kind", place=19, wanted=WORDS[certified], hint=hint)
        if degree and degree != int(number[19]):
            frame.problem("disability-differs-from-certificate", i, "degree", place=20, wanted=f"{number[19]} 级", hint="")

    def complete(self, frame: Frame, context: Context) -> None:
        super().complete(frame, context)
        if frame.has("certificate") and not frame.has("has_certificate"):
            frame.values["has_certificate"] = [True if number else None for number in frame.values["certificate"]]
            frame.letters["has_certificate"] = frame.letters.get("certificate", "")

    def after_commit(self, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> None:
        """The child register learns the children and that they are disabled, their files the plans and home lessons."""
        register_children(dataset=dataset, persons=persons, by=by)
        take_plans(dataset=dataset, by=by)


DISABLED = DisabledLedger(
    code="disabled",
    title="残疾儿童一人一案台账",
    order=120,
    tables=(
        Table("main", "一人一案", PLAN_COLUMNS, target="dropout.DisabledRow", key=("person_key",), note="每名残疾儿童少年一行，由提供教育服务的学校填报；没有入学的由户籍地片区学校填报。"),
        Table("lessons", "送教上门记录", LESSON_COLUMNS, target="dropout.ReportedLesson", extra=True, note="每次送教一行。"),
    ),
    person=("id_number", PERSON_FIELDS),
    may_be_none=True,
    other_names=("残疾儿童台账", "特殊教育一人一案", "残疾学生一人一案"),
    note="学籍由提供教育服务的学校保存。残疾儿童少年入学率的分母是残联名单，由县填报，不是各校之和。",
)  # fmt: skip
