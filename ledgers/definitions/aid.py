"""A11 学生资助台账: one row for each pupil, item and term. Card numbers and signatures are not kept."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from accounts.actor import Actor
from dropout.models import AidItem
from dropout.services.children import register_children
from schools.models import Dataset

from ..checking.context import Context
from ..checking.frame import Frame
from ..columns import MONEY, Choice, Day, Dropped, Ignored, Measure, Term, Text, YesNo
from ..ledger import Table
from ..problems import Problem
from .child_columns import CLASS, GRADE, GUARDIAN, ID_NUMBER, NAME, PERSON_FIELDS, PHONE, REGISTRATION, ChildLedger
from .shared import SCHOOL_CODE, SCHOOL_NAME, SERIAL, YEAR

HARDSHIPS = (("poor", "脱贫家庭(原建档立卡)"), ("watched", "监测对象"), ("minimum", "低保"), ("extreme", "特困供养"), ("disabled", "残疾"), ("orphan", "孤儿"),
             ("unsupported", "事实无人抚养"), ("sudden", "突发困难"), ("other", "其他"))  # fmt: skip
HARDSHIP_WORDS = {"脱贫户": "poor", "脱贫家庭": "poor", "建档立卡": "poor", "建档立卡户": "poor", "监测户": "watched", "低保户": "minimum", "低保家庭": "minimum", "特困": "extreme", "特困人员": "extreme",
                  "残疾学生": "disabled", "家庭经济困难残疾学生": "disabled", "突发严重困难": "sudden"}  # fmt: skip
ITEM_WORDS = {"生活补助-寄宿": "boarder", "家庭经济困难学生生活补助-寄宿": "boarder", "寄宿生生活补助": "boarder", "生活补助-非寄宿": "day", "家庭经济困难学生生活补助-非寄宿": "day",
              "非寄宿生生活补助": "day", "营养餐": "meal", "教科书": "books"}  # fmt: skip

AID_COLUMNS = (
    SERIAL, YEAR, SCHOOL_CODE, SCHOOL_NAME, NAME, ID_NUMBER, REGISTRATION, replace(GRADE, required=False, target=""), replace(CLASS, target=""),
    Choice("资助项目", "item", "生活补助(非寄宿)", aliases=("项目", "资助类别", "补助项目"), required=True, choices=tuple(AidItem.choices), words=ITEM_WORDS,
           contains={"非寄宿": "day", "寄宿": "boarder", "营养": "meal", "教科书": "books", "捐": "donation"}),
    Choice("困难类型", "hardship", "低保", aliases=("困难类别", "贫困类型", "资助对象类型"), choices=HARDSHIPS, words=HARDSHIP_WORDS,
           contains={"脱贫": "poor", "建档立卡": "poor", "监测": "watched", "低保": "minimum", "特困": "extreme", "残疾": "disabled", "孤儿": "orphan", "突发": "sudden"}),
    Term("学期", "term", "2025-2026学年第一学期", aliases=("资助学期", "发放学期", "享受学期"), required=True),
    Measure("标准", "standard", "312.5", aliases=("资助标准", "补助标准", "标准(元)"), unit="元", units=MONEY, absent_notice=True, help="本项目每学期的标准。"),
    Measure("金额", "amount", "312.5", aliases=("资助金额", "补助金额", "发放金额", "实发金额", "金额(元)"), unit="元", units=MONEY, required=True),
    Ignored("发放方式", "way"), Dropped("卡号", "card", aliases=("银行卡号", "打卡账号", "社保卡号", "账号", "惠农卡号")),
    Day("发放日期", "paid_on", "2025-11-20", aliases=("发放时间", "打卡日期")), Ignored("领取人签字", "signature", aliases=("领取人", "签字")),
    YesNo("公示情况", "is_published", "是", aliases=("是否公示", "公示"), help="已公示填“是”。"),
    Text("说明", "explanation", "", aliases=("备注", "金额说明", "与标准不同的说明"), help="金额与标准不同的，写明原因。"),
    replace(GUARDIAN, in_template=False), replace(PHONE, in_template=False),
)  # fmt: skip


@dataclass(frozen=True)
class AidLedger(ChildLedger):
    """The amount is the standard, or a word says why not."""

    def complete(self, frame: Frame, context: Context) -> None:
        super().complete(frame, context)
        if frame.has("term"):
            frame.values["term"] = [f"{context.year}{term}" if term.startswith("-") else term for term in frame.values["term"]]

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        for i in frame.usable():
            standard, amount = frame.get("standard")[i], frame.get("amount")[i]
            if standard is not None and amount is not None and standard != amount and not frame.get("explanation")[i]:
                frame.problem("amount-differs-from-standard", i, "amount", value=frame.shown("amount", amount), wanted=frame.shown("standard", standard))
            if (term := frame.get("term")[i]) and int(term[:4]) != context.year:
                frame.problem("other-year", i, "term", wanted=f"{context.year}-{context.year + 1}学年")
        yield from ()

    def after_commit(self, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> None:
        """Children the register does not know come to exist there."""
        register_children(dataset=dataset, persons=persons, by=by)


AID = AidLedger(
    code="aid",
    title="学生资助台账",
    order=130,
    tables=(Table("main", "学生资助", AID_COLUMNS, target="dropout.AidRow", key=("person_key", "item", "term"), note="每名学生每个项目每学期一行。"),),
    person=("id_number", PERSON_FIELDS[:-1]),
    may_be_none=True,
    other_names=("资助台账", "学生资助发放表"),
    note="家庭经济困难学生生活补助、营养改善、免费教科书、社会捐助等；银行卡号不读取、不保存。",
)  # fmt: skip
