"""A5 教师培训学时台账: one row for each item, or a wide sheet with one column a year."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from teachers.models import TrainingForm, TrainingLevel

from ..checking.context import Context
from ..checking.frame import Frame
from ..columns import Choice, Identity, Ignored, PersonName, Tenths, Text, Year, YearMonth
from ..ledger import Ledger, NotRead, Spread, Table
from ..problems import Problem
from .shared import REMARKS, SCHOOL_CODE, SCHOOL_OF_STAFF, SERIAL

LEAST, MOST_OF_ITEM, MOST_OF_YEAR = 1, 240_0, 1000_0  # tenths of a 学时
YEARS = tuple(range(2012, 2041))
WIDE = {year: f"hours_{year}" for year in YEARS}
LEVEL_WORDS = {"国培": "nation", "国家": "nation", "国培计划": "nation", "省培": "province", "省": "province", "市培": "city", "市": "city", "县培": "county", "县": "county",
               "区级": "county", "县区级": "county", "校": "school", "校级": "school", "校本培训": "school", "校本研修": "school"}  # fmt: skip
FORM_WORDS = {"集中培训": "together", "面授": "together", "线下": "together", "远程": "remote", "网络": "remote", "线上": "remote", "网络研修": "remote", "远程培训": "remote",
              "跟岗培训": "shadow", "跟岗研修": "shadow", "校本研修": "school", "校本培训": "school"}  # fmt: skip

PERSON = (
    SCHOOL_CODE, SCHOOL_OF_STAFF,
    PersonName("姓名", "name", "王芳", aliases=("教师姓名",), required=True, target=""),
    Identity("身份证号", "id_number", "999901198506120026", aliases=("身份证件号", "证件号码", "公民身份号码", "身份证号码", "身份证"), required=True, target="",
             help="18 位，单元格须为文本格式；须在本县教师花名册中。"),
)  # fmt: skip
ITEM_COLUMNS = (
    SERIAL, *PERSON,
    Year("年度", "year", "2025", aliases=("培训年度", "年份"), required=True),
    Text("培训项目名称", "item", "小学语文统编教材研修", aliases=("培训项目", "项目名称", "培训名称", "培训内容"), required=True),
    Choice("培训级别", "level", "县级", aliases=("级别", "培训层次"), choices=tuple(TrainingLevel.choices), words=LEVEL_WORDS, absent_notice=True),
    Choice("培训形式", "form", "集中", aliases=("培训方式", "形式"), choices=tuple(TrainingForm.choices), words=FORM_WORDS,
           contains={"网络": "remote", "远程": "remote", "线上": "remote", "集中": "together", "跟岗": "shadow", "校本": "school"}),
    YearMonth("开始时间", "start", "2025-07", aliases=("开始日期", "培训开始时间", "起始日期", "培训时间"), help="同一项目一年办几次的必须填写。"),
    YearMonth("结束时间", "end", "2025-07", aliases=("结束日期", "培训结束时间", "终止日期"), past=False),
    Tenths("学时", "hours", "36", aliases=("培训学时", "学时数", "认定学时"), required=True, low=LEAST, high=MOST_OF_ITEM, summable=True, help="大于 0，每项不超过 240，可有一位小数。"),
    Text("承办单位", "organiser", "", aliases=("培训机构", "主办单位", "举办单位")),
    Text("证书或文号", "certificate", "", aliases=("证书编号", "证书号", "文号", "结业证书编号")),
    Ignored("审核结果", "audited", aliases=("审核意见", "审核情况")),
    REMARKS,
)  # fmt: skip
WIDE_COLUMNS = (
    SERIAL, *PERSON,
    *(Tenths(f"{year}年", name, "72" if year == 2025 else "", aliases=(f"{year}", f"{year}年度", f"{year}年学时", f"{year}年培训学时", f"{year}年度学时", f"{year}学时"),
             high=MOST_OF_YEAR) for year, name in WIDE.items()),
    Tenths("合计", "total", "", aliases=("学时合计", "总学时", "五年合计", "五年学时", "累计学时", "五年培训学时", "总计", "合计学时"), target=""),
    REMARKS,
)  # fmt: skip


@dataclass(frozen=True)
class TrainingLedger(Ledger):
    """Hours exact to a tenth; the five-year sum and the gap follow from them and are never typed."""

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        if frame.table.code == "wide":
            self._check_totals(frame)
        else:
            self._check_items(frame)
        yield from ()

    @staticmethod
    def _check_totals(frame: Frame) -> None:
        years = [name for name in WIDE.values() if frame.has(name)]
        for i in frame.usable():
            given = [v for name in years if (v := frame.values[name][i]) is not None]
            if any(i in frame.bad[name] for name in years):
                continue  # told by itself; the sum waits for it
            total = frame.get("total")[i]
            if total is not None and given and sum(given) != total:
                found, wanted = (frame.shown("total", value) for value in (sum(given), total))
                frame.problem("parts-differ-from-total", i, "total", what="各年学时", found=found, whole="合计", wanted=wanted)

    @staticmethod
    def _check_items(frame: Frame) -> None:
        """Months in order and in their year; without a month, one item a year and person."""
        keys, years, items, starts, ends = (frame.get(name) for name in ("person_key", "year", "item", "start", "end"))
        seen: dict[tuple, int] = {}
        for i in frame.usable():
            if starts[i] and ends[i] and ends[i] < starts[i]:
                frame.problem("dates-reversed", i, "end", what="结束时间", whole="开始时间", wanted=f"{starts[i] // 100}-{starts[i] % 100:02}")
            if years[i] and starts[i] and starts[i] // 100 != years[i] and (not ends[i] or ends[i] // 100 != years[i]):
                frame.problem("differs-from-computed", i, "year", what="年度", wanted=str(starts[i] // 100))
            if starts[i] or not (keys[i] and years[i] and items[i]):
                continue
            first = seen.setdefault((keys[i], years[i], items[i]), i)
            if first != i:
                frame.problem("duplicate-key", i, "item", other=frame.row_named(first, beside=i), key="“身份证号、年度、培训项目名称”")


TRAINING = TrainingLedger(
    code="training",
    title="教师培训学时台账",
    order=50,
    tables=(
        Table("main", "培训学时", ITEM_COLUMNS, target="teachers.Training", key=("id_number", "year", "item", "start"), note="每人每项培训一行。"),
        Table("wide", "培训学时(分年)", WIDE_COLUMNS, target="teachers.Training", key=("id_number",), any_of=tuple(WIDE.values()),
              spread=Spread("year", "hours", WIDE), note="每人一行，每年一列；没有逐项记录时使用。"),
    ),
    person=("id_number", ("name", "id_number")),
    one_school_each=False,
    not_read=(
        NotRead(r"\d\d年(?:度|度?学时)?", "年份只写了两位（例如“21年”），看不出是哪一年，没有读取。请把各列的表头写成“2021年”这样的四位年份。"),
        NotRead(r"20\d\d[-—–~至](?:20)?\d\d(?:学年度?)?(?:学时)?", "这个工作表按学年分列，本台账按年度（1 月至 12 月）累计，没有读取。请改成“2021年”这样的年度列，或每项培训一行并写明年度。"),
    ),
    note="近五年的培训学时。可以只报当年，以前各年已报的会一并计算；同一年再报的以新报的为准。",
)  # fmt: skip
