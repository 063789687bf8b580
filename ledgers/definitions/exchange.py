"""A4 校长教师交流轮岗台账: one row for each exchange, filed by the sending school or for the whole county in one sheet."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schools.codes import area_group
from schools.factset import SchoolRef
from teachers.models import Backbone, ExchangeForm, Post, Subject

from ..checking.context import Context
from ..checking.frame import Frame
from ..checking.matching import school_called
from ..columns import Choice, Identity, Ignored, MonthRange, PersonName, SchoolName, Text, YearMonth, YesNo
from ..ledger import Ledger, Table
from ..problems import Problem
from . import teacher_words as words
from .shared import REMARKS, SCHOOL_CODE, SERIAL, YEAR_BESIDE

START, OUTSIDE_FORMS = "start", ("support", "posting", "partner")
FORM_WORDS = {
    "定期轮岗": "regular", "交流轮岗": "regular", "轮岗交流": "regular", "轮岗": "regular", "交流": "regular", "竞聘": "competition", "跨校竞争": "competition",
    "集团内": "group", "学区一体化": "group", "集团内交流": "group", "学区内": "group", "结对帮扶": "partner", "对口帮扶": "partner", "支教交流": "support",
    "挂职锻炼": "posting", "挂职交流": "posting",
}  # fmt: skip
SIDES = {"城区": "城", "镇区": "镇", "乡村": "乡"}

EXCHANGE_COLUMNS = (
    SERIAL, YEAR_BESIDE,
    replace(SCHOOL_CODE, header="派出学校标识码", aliases=("原学校标识码", "学校(机构)标识码", "标识码", "学校标识码", "派出学校代码"), required="school",
            help="派出(原)学校的标识码；写了派出学校名称的可以不填。"),
    SchoolName("派出学校", "school_name", "向阳小学", aliases=("派出(原)学校", "原学校", "原任教学校", "流出学校", "派出单位", "交流前学校", "原单位", "学校名称"),
               help="人事关系所在的原学校，与学校名录一致。"),
    PersonName("姓名", "name", "王芳", aliases=("教师姓名", "校长教师姓名"), required=True, target=""),
    Identity("身份证号", "id_number", "999901198506120026", aliases=("身份证件号", "证件号码", "公民身份号码", "身份证号码", "身份证"), required=True, target="",
             help="18 位，单元格须为文本格式；须在本县教师花名册中。"),
    Choice("职务", "post", "教师", aliases=("身份", "交流人员类别", "人员类别"), required=True, choices=tuple(Post.choices),
           words={"正校长": "head", "校级正职": "head", "书记": "head", "副书记": "vice", "校级副职": "vice", "专任教师": "teacher", "骨干教师": "teacher", "普通教师": "teacher"},
           contains={"副校长": "vice", "校长": "head", "教师": "teacher"}),
    Choice("骨干教师级别", "backbone_level", "无", aliases=("骨干级别", "是否骨干教师", "骨干教师", "是否骨干教师/级别", "骨干"), absent_notice=True,
           choices=tuple(Backbone.choices), words={**words.BACKBONE_WORDS, "是": "county"},
           contains={"国家级": "nation", "省级": "province", "市级": "city", "县级": "county", "区级": "county", "校级": "school"},
           help="交流开始时的级别；空白的按教师花名册。"),
    YesNo("是否符合交流条件", "eligible", "是", aliases=("应交流", "符合交流条件", "是否符合条件", "符合条件"), required=True),
    Text("接收学校", "to_text", "第一初级中学", aliases=("交流到(接收)学校", "现任教学校", "流入学校", "接收单位", "交流后学校", "现学校", "现单位", "交流学校", "支教学校"), required=True,
         help="与学校名录一致；到县外支教、挂职的写全称。"),
    Choice("交流形式", "form", "定期交流", aliases=("交流方式", "轮岗形式"), required=True, choices=tuple(ExchangeForm.choices), words=FORM_WORDS),
    Ignored("流向", "direction_said", aliases=("交流流向", "交流方向")),
    MonthRange("起止时间", "period", "", aliases=("交流时间", "起止年月", "交流起止时间", "交流期限"), target="", in_template=False),
    YearMonth("开始时间", "start", "2025-09", aliases=("交流开始时间", "起始时间", "开始年月", "起始年月", "开始日期"), required=START, past=False),
    YearMonth("结束时间", "end", "2026-07", aliases=("交流结束时间", "终止时间", "结束年月", "终止年月", "结束日期"), past=False,
              help="尚未结束的可以不填。"),
    YesNo("人事关系是否随转", "relation_moved", "否", aliases=("是否转编", "人事关系随转", "是否随转")),
    Choice("任教学科", "subject", "语文", aliases=("主要任教学科", "学科"), choices=tuple(Subject.choices), words=words.SUBJECT_WORDS),
    Text("文件依据", "document", "", aliases=("文号", "依据文件", "文件", "派遣文件"), longest=120),
    REMARKS,
)  # fmt: skip


@dataclass(frozen=True)
class ExchangeLedger(Ledger):
    """Direction and counting follow from the facts; one person at one place at a time."""

    def needed_rows(self, condition: str, frame: Frame, context: Context) -> list[int]:
        """The beginning must be told, in its own column or in 起止时间."""
        told = frame.get("period")
        return [i for i in range(len(frame)) if told[i] is None and i not in frame.bad.get("period", ())] if condition == START else []

    def complete(self, frame: Frame, context: Context) -> None:
        """起止时间 becomes 开始 and 结束; the receiving school is found in the register."""
        if frame.has("period"):
            for name, part in (("start", 0), ("end", 1)):
                given = frame.get(name)
                frame.values[name] = [told if told is not None or not whole else whole[part] for told, whole in zip(given, frame.values["period"], strict=True)]
                frame.bad.setdefault(name, set())
                frame.letters.setdefault(name, frame.letters["period"])
            del frame.values["period"]
        if frame.has("to_text"):
            frame.values["to_code"] = [self._receiving(frame, i, text, context) for i, text in enumerate(frame.values["to_text"])]
            frame.letters["to_code"] = frame.letters["to_text"]

    @staticmethod
    def _receiving(frame: Frame, i: int, text: str, context: Context) -> str:
        """The register code of the receiving school; "" for a posting outside the county."""
        if not text:
            return ""
        found = school_called(text, context)
        if isinstance(found, SchoolRef):
            if frame.schools[i] is not None and found.id == frame.schools[i].id:
                frame.problem("same-school", i, "to_text")
            return found.code
        if frame.get("form")[i] not in OUTSIDE_FORMS:
            code, params = found
            frame.problem(code, i, "to_text", **{k: v for k, v in params.items() if k != "value"})
        return ""

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        starts, ends, columns = frame.get("start"), frame.get("end"), frame.table.by_field
        for i in frame.usable():
            if starts[i] and ends[i] and ends[i] < starts[i]:
                wanted = f"{starts[i] // 100}-{starts[i] % 100:02}"
                frame.problem("dates-reversed", i, "end" if "end" in frame.texts else "period", what="结束时间", whole="开始时间", wanted=wanted)
        self._check_overlaps(frame, starts, ends)
        if frame.has("direction_said") and "direction_said" in columns:
            self._check_directions(frame, context)
        yield from ()

    @staticmethod
    def _check_overlaps(frame: Frame, starts: list, ends: list) -> None:
        """One person cannot be at two schools in the same months."""
        of_person: dict[str, list[int]] = {}
        for i in frame.usable():
            if frame.get("person_key")[i] and starts[i] and (not ends[i] or ends[i] >= starts[i]):
                of_person.setdefault(frame.values["person_key"][i], []).append(i)
        for rows in of_person.values():
            rows.sort(key=lambda i: starts[i])
            for before, i in zip(rows, rows[1:], strict=False):
                if ends[before] is None or starts[i] <= ends[before]:
                    frame.problem("periods-overlap", i, "start" if "start" in frame.texts else "period", other=f"第 {frame.rows[before]} 行")

    @staticmethod
    def _check_directions(frame: Frame, context: Context) -> None:
        """The direction typed beside the schools against the one the register gives."""
        for i in frame.usable():
            said, to = frame.texts["direction_said"][i].strip(), context.schools.get(frame.get("to_code")[i] or "")
            if said and frame.schools[i] and to:
                found = direction(frame.schools[i], to)
                if found and not _same_direction(said, found):
                    frame.problem("differs-from-computed", i, "direction_said", what="流向", wanted=found)


def direction(sending: SchoolRef, receiving: SchoolRef) -> str:
    """城→乡, 镇→乡 … by the areas of the two schools in the register; "" when one is not known."""
    sides = [SIDES.get(area_group(school.area_code), "") for school in (sending, receiving)]
    return "→".join(sides) if all(sides) else ""


def _same_direction(said: str, found: str) -> bool:
    """城-乡, 城到乡, 城镇→农村 … mean what the register says; 村 is 乡."""
    sides = [part.replace("村", "乡").replace("农乡", "乡") for part in said.replace("至", "→").replace("到", "→").replace("-", "→").replace("—", "→").split("→") if part]
    return len(sides) == 2 and all(known in given for given, known in zip(sides, found.split("→"), strict=True))


EXCHANGE = ExchangeLedger(
    code="exchange",
    title="校长教师交流轮岗台账",
    order=40,
    tables=(Table("main", "交流轮岗", EXCHANGE_COLUMNS, target="teachers.Exchange", key=("id_number", "start", "to_text"), note="每人每次交流一行。"),),
    person=("id_number", ("name", "id_number")),
    one_school_each=False,
    may_be_none=True,
    note="本学年交流轮岗的校长和教师，由派出学校填报，也可全县一张表。一人一学年计一次，满一学年才计入。",
)
