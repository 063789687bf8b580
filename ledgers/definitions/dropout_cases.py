"""A8 控辍保学台账 with sheet 劝返记录: what a school reports of children that are missing. The cases themselves live in the register."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from accounts.actor import Actor
from dropout.models import CaseReason, Group, Outcome, Placement, VisitWay
from dropout.services.reported import take_reported_cases
from schools.models import Dataset

from ..checking.context import Context
from ..checking.frame import Frame
from ..cleaning import name_key, squeeze
from ..columns import Choice, Day, Ignored, Several, Text, Whole, YesNo
from ..ledger import Table
from ..problems import Problem
from .child_columns import (
    ADDRESS,
    BIRTH,
    CLASS,
    GRADE,
    GRADED,
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
)
from .shared import REMARKS, SCHOOL_CODE, SCHOOL_NAME, SERIAL, YEAR

PLACED, DATED = "placed", "dated"
CATEGORIES = (("suspected", "疑似辍学"), ("dropout", "辍学"), ("never", "失学(未入学)"), ("leave", "长期请假"), ("lost", "去向不明"))
CATEGORY_WORDS = {"疑似": "suspected", "疑似辍学学生": "suspected", "辍学学生": "dropout", "失学": "never", "未入学": "never", "长期请假学生": "leave", "失联": "lost", "去向不明学生": "lost"}
STAGES = (("school", "学校劝返"), ("report", "书面报告"), ("town", "乡镇劝返"), ("notice", "限期返校通知书"), ("legal", "司法或行政措施"), ("returned", "复学"))
STAGE_WORDS = {"劝返": "school", "劝返中": "school", "学校劝返中": "school", "已书面报告": "report", "乡镇劝返中": "town", "政府劝返": "town", "《限期返校通知书》": "notice", "已发通知书": "notice",
               "司法": "legal", "行政": "legal", "司法/行政": "legal", "司法程序": "legal", "已复学": "returned", "返校": "returned", "已返校": "returned"}  # fmt: skip
REASON_WORDS = {"厌学": "learning", "厌学/学习困难": "learning", "学习困难": "learning", "贫困": "poverty", "打工": "work", "务工": "work", "早婚": "marriage", "早育": "marriage",
                "疾病": "illness", "残疾": "illness", "疾病/残疾": "illness", "因病": "illness", "宗教": "religion", "随父母外出": "moved", "失联": "moved", "路远": "distance"}  # fmt: skip
PLACEMENT_WORDS = {"原班": "class", "原班就读": "class", "降级": "lower", "降级就读": "lower", "按年龄": "by_age", "职教班": "vocational", "职业教育": "vocational", "普职融合": "vocational",
                   "特教": "special", "特教学校": "special", "特教班": "special_class", "送教": "home", "儿童福利机构": "welfare", "远程教育": "welfare", "福利机构": "welfare"}  # fmt: skip
GROUP_WORDS = {"脱贫户": "poor", "建档立卡": "poor", "脱贫户(建档立卡)": "poor", "脱贫家庭": "poor", "贫困": "poor", "困难": "poor", "监测户": "watched", "残疾儿童": "disabled", "残疾学生": "disabled",
               "留守儿童": "left_behind", "学困": "learning", "学困生": "learning", "随迁子女": "migrant", "孤儿/事实无人抚养": "orphan", "事实无人抚养儿童": "unsupported", "低保户": "minimum",
               "低保家庭": "minimum", "贫困(建档立卡)": "poor"}  # fmt: skip
FLAGS = (("is_poor", "poor", "是否脱贫户", ("是否脱贫户(原建档立卡)", "是否建档立卡", "脱贫户", "建档立卡")), ("is_minimum", "minimum", "是否低保", ("低保",)), ("is_disabled", "disabled", "是否残疾", ("残疾",)),
         ("is_left_behind", "left_behind", "是否留守", ("留守", "是否留守儿童")), ("is_migrant", "migrant", "是否随迁", ("随迁", "是否随迁子女")),
         ("is_orphan", "orphan", "是否孤儿", ("孤儿", "孤儿/事实无人抚养")))  # fmt: skip

CASE_COLUMNS = (
    SERIAL, YEAR, SCHOOL_CODE, replace(SCHOOL_NAME, aliases=(*SCHOOL_NAME.aliases, "原就读学校", "原学校", "就读学校")),
    NAME, replace(SEX, target=""), ID_NUMBER, REGISTRATION, replace(BIRTH, target=""),
    replace(TOWNSHIP, required=PLACED, help="户籍所在乡镇(街道)，用来落实行政线责任人。"), replace(VILLAGE, absent_notice=True),
    Text("户籍地", "household_place", "", aliases=("户籍地址", "户籍地(乡镇/村/组)", "户籍所在地"), target="", in_template=False),
    ADDRESS, replace(GRADE, required=GRADED), CLASS, Ignored("班主任", "class_teacher"),
    replace(GUARDIAN, required=True), RELATION, replace(PHONE, absent_notice=True),
    Choice("台账类别", "category", "疑似辍学", aliases=("类别", "所属台账", "学生类别"), required=True, choices=CATEGORIES, words=CATEGORY_WORDS),
    Day("发现日期", "found_on", "2025-09-10", aliases=("发现时间",), required=DATED),
    Day("辍学日期", "left_on", "2025-09-08", aliases=("离校时间", "离校日期", "辍学时间", "失学时间"), help="最后一次到校之后的第一个应到校日；没有入学的可以不填。"),
    Several("特殊类别", "groups", "留守", aliases=("特殊群体类别", "学生特殊类别"), choices=tuple(Group.choices), words=GROUP_WORDS, help="可填多个，用顿号隔开；没有的填“无”。"),
    *(YesNo(header, field, "", aliases=aliases, target="", in_template=False) for field, _, header, aliases in FLAGS),
    Choice("辍学原因", "reason", "厌学或学习困难", aliases=("原因", "失学原因", "离校原因"), required=True, choices=tuple(CaseReason.choices), words=REASON_WORDS,
           contains={"厌学": "learning", "务工": "work", "打工": "work", "早婚": "marriage", "残疾": "illness", "疾病": "illness", "变故": "family", "离异": "family", "宗教": "religion"}),
    Text("目前去向", "whereabouts", "在家", aliases=("去向", "现去向", "学生去向"), required=True, help="在家、外出务工(写明省市)、外地就读、出国、失联等。"),
    *(Ignored(f"包保责任人/{who}", f"head{k}", aliases=(f"{who}责任人", f"{who}包保责任人", f"包保{who}")) for k, who in enumerate(("县级", "乡镇", "村", "学校", "教师"))),
    Ignored("包保责任人", "heads", aliases=("包联干部", "双线责任人", "责任人")),
    Whole("劝返次数", "visits_said", "", aliases=("已劝返次数",), target="", in_template=False, high=500),
    Day("最近一次劝返", "last_said", "", aliases=("最近一次劝返日期", "最近劝返时间"), target="", in_template=False),
    Choice("处理阶段", "stage_said", "学校劝返", aliases=("状态", "办理阶段", "当前阶段"), required=True, choices=STAGES, words=STAGE_WORDS,
           contains={"通知书": "notice", "书面": "report", "乡镇": "town", "司法": "legal", "复学": "returned"}),
    Day("复学日期", "returned_on", "", aliases=("返校时间", "返校日期", "复学时间")),
    Ignored("复学学校", "return_school"),
    Choice("安置方式", "placement", "", choices=tuple(Placement.choices), words=PLACEMENT_WORDS),
    YesNo("是否销号", "is_struck_off", "否", aliases=("销号",), help="销号在系统中由教育线、政府线会签办理；台账上写的只作核对。"),
    Day("销号日期", "struck_off_on", "", aliases=("销号时间",)),
    Ignored("销号依据", "basis"),
    REMARKS,
)  # fmt: skip
WAY_WORDS = {"电话劝返": "phone", "电话联系": "phone", "入户": "home", "上门": "home", "入户劝返": "home", "面谈": "talk", "谈话": "talk", "通知书": "notice", "限期返校通知书": "notice", "联合": "joint",
             "多部门联合": "joint"}  # fmt: skip
OUTCOME_WORDS = {"同意": "agreed", "已返校": "agreed", "同意复学": "agreed", "不同意": "refused", "拒绝返校": "refused", "未见": "not_met", "未见到本人": "not_met", "未见到人": "not_met", "联系不上": "lost"}
VISIT_COLUMNS = (
    SERIAL, SCHOOL_CODE, SCHOOL_NAME, replace(NAME, required=False), ID_NUMBER, REGISTRATION,
    Day("日期", "on", "2025-09-12", aliases=("劝返日期", "时间", "劝返时间"), required=True),
    Choice("方式", "way", "家访", aliases=("劝返方式",), required=True, choices=tuple(VisitWay.choices), words=WAY_WORDS),
    Text("参加人员", "participants", "王芳(班主任)、赵强(村干部)", aliases=("劝返人员", "参与人员", "参加人员(姓名、单位、职务)"), required=True, longest=200),
    Ignored("谈话对象", "talked_to"), Ignored("主要内容", "content", aliases=("谈话内容", "内容")),
    Choice("结果", "outcome", "同意返校", aliases=("劝返结果",), required=True, choices=tuple(Outcome.choices), words=OUTCOME_WORDS),
    Ignored("下次计划", "next_plan", aliases=("下一步计划",)), Ignored("照片", "photo", aliases=("照片/通知书",)), Ignored("监护人签字", "signature", aliases=("签字",)),
    REMARKS,
)  # fmt: skip


@dataclass(frozen=True)
class DropoutLedger(ChildLedger):
    """A report, not the case: it may open one or add visits, and what it says beyond that is compared with the register."""

    def needed_rows(self, condition: str, frame: Frame, context: Context) -> list[int]:
        if condition == PLACED:
            return [i for i, place in enumerate(frame.get("household_place")) if not self._place(place or "", context)[0]]
        if condition == DATED:
            return [i for i, left in enumerate(frame.get("left_on")) if left is None]
        found = super().needed_rows(condition, frame, context)
        return [i for i in found if frame.get("category")[i] not in ("never", "lost")] if condition == GRADED else found

    def complete(self, frame: Frame, context: Context) -> None:
        """户籍地 in one cell becomes township and village; 是否脱贫户 and the like become groups."""
        if frame.has("household_place"):
            places = [self._place(text or "", context) for text in frame.values["household_place"]]
            for k, name in enumerate(("township", "village")):
                frame.values[name] = [said or place[k] for said, place in zip(frame.get(name), places, strict=True)]
                frame.letters.setdefault(name, frame.letters["household_place"])
        if any(frame.has(field) for field, *_ in FLAGS):
            groups = [(text or "").split(",") for text in frame.get("groups")]
            for field, group, *_ in FLAGS:
                for i, flag in enumerate(frame.get(field)):
                    if flag and group not in groups[i]:
                        groups[i].append(group)
            frame.values["groups"] = [",".join(part for part in one if part) for one in groups]
            frame.letters.setdefault("groups", next(frame.letters[field] for field, *_ in FLAGS if field in frame.letters))
        super().complete(frame, context)

    @staticmethod
    def _place(text: str, context: Context) -> tuple[str, str]:
        """(township, village) in 城关镇王家村3组 or 城关镇/王家村/3组."""
        bare = squeeze(text).removeprefix(squeeze(context.county_name))
        town = next((name for name in sorted(context.townships, key=len, reverse=True) if name_key(name) in name_key(bare)), "")
        rest = bare.split(town, 1)[-1].lstrip("/-、,") if town and town in bare else ""
        ends = [rest.index(mark) + len(mark) for mark in ("村委会", "居委会", "社区", "村") if mark in rest]
        return town, rest[: min(ends)] if ends else ""

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        if frame.table.code == "visits":
            self._check_counts(frame)
        else:
            self._check_dates(frame)
        yield from ()

    @staticmethod
    def _check_dates(frame: Frame) -> None:
        orders = (("left_on", "returned_on", "辍学日期", "复学日期"), ("returned_on", "struck_off_on", "复学日期", "销号日期"), ("left_on", "found_on", "辍学日期", "发现日期"))
        for first, second, whole, what in orders:
            for i in frame.usable():
                before, after = frame.get(first)[i], frame.get(second)[i]
                if before and after and after < before:
                    frame.problem("dates-reversed", i, second, value=after.isoformat(), what=what, whole=whole, wanted=before.isoformat())

    @staticmethod
    def _check_counts(frame: Frame) -> None:
        """劝返次数 and 最近一次劝返 follow from the records; what is typed beside them is compared. Nobody is visited before the absence."""
        days: dict[str, list] = {}
        left = {key: day for main in frame.beside for key, day in zip(main.get("person_key"), main.get("left_on"), strict=True) if key and day}
        for i in frame.usable():
            if frame.get("person_key")[i] and frame.get("on")[i]:
                days.setdefault(frame.get("person_key")[i], []).append(frame.get("on")[i])
                if (day := left.get(frame.get("person_key")[i])) and frame.get("on")[i] < day:
                    frame.problem("dates-reversed", i, "on", what="劝返日期", whole="辍学日期", wanted=day.isoformat())
        for main in frame.beside:
            for i in main.usable():
                found = days.get(main.get("person_key")[i], [])
                if (said := main.get("visits_said")[i]) is not None and said != len(found):
                    main.problem("differs-from-computed", i, "visits_said", what="劝返次数", wanted=str(len(found)))
                if (last := main.get("last_said")[i]) and found and last != max(found):
                    main.problem("differs-from-computed", i, "last_said", what="最近一次劝返", wanted=max(found).isoformat())

    def after_commit(self, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> None:
        """Children come to be known, cases are opened and visits added; nothing is advanced and nothing closed."""
        take_reported_cases(dataset=dataset, persons=persons, by=by)


DROPOUT_CASES = DropoutLedger(
    code="dropout_cases",
    title="控辍保学台账",
    order=100,
    tables=(
        Table("main", "控辍保学台账", CASE_COLUMNS, target="dropout.ReportedCase", key=("person_key",), note="每名疑似辍学、辍学或未入学的孩子一行；没有的报“零报告”。"),
        Table("visits", "劝返记录", VISIT_COLUMNS, target="dropout.ReportedVisit", extra=True, note="每次劝返一行；只写姓名的，须与主表中唯一的一人相同。"),
    ),
    person=("id_number", PERSON_FIELDS),
    may_be_none=True,
    other_names=("辍学学生台账", "疑似辍学学生台账"),
    note="按学年报送，新增和变化随时重报。台账可以立案和补充劝返记录，案件的复学、安置、销号在系统中办理。",
)  # fmt: skip
