"""Harmless messes, each a function (table, rng) that dresses a tidy table; any of them may be put on top of any other."""
from __future__ import annotations

import random
from collections.abc import Callable

from openpyxl.styles import Font

from .tables import NUMERALS, Table

Dressing = Callable[[Table, random.Random], None]
DRESSINGS: dict[str, tuple[Dressing, tuple[str, ...]]] = {}
ALL = ("classes", "teachers", "school_profile")
ALIASES = {
    "年级": ("班级年级", "所在年级"), "班级名称": ("班号", "班级"), "学生数": ("人数", "在校生数", "学生人数"), "姓名": ("教师姓名",),
    "身份证号": ("公民身份号码", "身份证号码", "证件号码"), "最高学历": ("学历", "文化程度"), "是否专任教师": ("是否专任",), "任教学段": ("学段",),
    "主要任教学科": ("任教学科", "学科"), "职称": ("专业技术职务",), "教师资格证种类": ("教师资格证",), "编制类型": ("编制性质",), "骨干级别": ("骨干教师级别",),
    "到本校时间": ("来校年月", "进校时间"), "占地面积": ("校园面积",), "图书册数": ("藏书量",), "教学仪器设备资产值": ("仪器设备值",), "体育运动场地面积": ("运动场面积",),
}  # fmt: skip
FULL = {ord(c): ord(c) + 0xFEE0 for c in "0123456789"}


def dressing(*ledgers: str):
    """Register under the function's name for these ledgers."""

    def register(function: Dressing) -> Dressing:
        DRESSINGS[function.__name__] = (function, ledgers or ALL)
        return function

    return register


def for_ledger(ledger: str) -> list[str]:
    return [name for name, (_, ledgers) in DRESSINGS.items() if ledger in ledgers]


def dress(table: Table, names, rng: random.Random) -> Table:
    """Put the named dressings on, in the order of their declaration (cells first, then the frame around them)."""
    for name, (function, _) in DRESSINGS.items():
        if name in names:
            function(table, rng)
    return table


def _each(table: Table, rng: random.Random, change, share: float = 0.6, headers=None) -> None:
    for row in table.data:
        for j, value in enumerate(row):
            if value is not None and (headers is None or table.head[j] in headers) and rng.random() < share:
                row[j] = change(value, table.head[j])


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# --- what stands in the cells ---------------------------------------------------------------------------------------------
@dressing()
def numbers_as_text(table, rng):
    _each(table, rng, lambda v, _: str(v) if _is_number(v) else v)


@dressing("school_profile")
def thousands_marks(table, rng):
    _each(table, rng, lambda v, h: f"{v:,}" if _is_number(v) and v >= 1000 and "年" not in h else v)


@dressing("classes", "school_profile")
def full_width_digits(table, rng):
    _each(table, rng, lambda v, _: str(v).translate(FULL) if _is_number(v) else v)


@dressing("classes")
def units_in_cells(table, rng):
    _each(table, rng, lambda v, _: f"{v}人" if _is_number(v) else v)


@dressing("school_profile")
def areas_with_their_unit(table, rng):
    _each(table, rng, lambda v, h: f"{v}{rng.choice(('㎡', '平方米', 'm2'))}" if "面积" in h else v)


@dressing("classes")
def grades_by_other_names(table, rng):
    def other(value, _):
        number = NUMERALS.index(value[0]) + 1
        return rng.choice((str(number), number, f"{number}年级", f"小学{value}", f"G{number}", value[0]))

    _each(table, rng, other, headers=("年级",))


@dressing("classes")
def full_width_brackets(table, rng):
    _each(table, rng, lambda v, _: v.replace("(", "（").replace(")", "）"), headers=("班级名称",))


@dressing("teachers")
def padded_names(table, rng):
    _each(table, rng, lambda v, _: rng.choice((v[0] + "　" + v[1:], f" {v}", " ".join(v))), headers=("姓名",))


@dressing("teachers")
def worn_identity_numbers(table, rng):
    def worn(value, _):
        return rng.choice((f"'{value}", f" {value}", value.lower(), value.translate(FULL), f"{value[:6]} {value[6:14]} {value[14:]}", f"{value}\n"))

    _each(table, rng, worn, headers=("身份证号",))


@dressing("teachers")
def other_words_for_choices(table, rng):
    words = {
        "本科": ("大学本科", "本科毕业"), "专科": ("大专", "专科毕业"), "硕士研究生": ("研究生", "硕士"), "一级教师": ("中小学一级教师", "一级"),
        "二级教师": ("中小学二级教师", "二级"), "在编": ("编内", "事业编制"), "特岗": ("特岗教师",), "县级": ("县级骨干教师", "县"), "市级": ("市级骨干", "地市级"),
        "无": ("否", "非骨干"), "小学": ("小学",), "在岗": ("在职在岗", "在编在岗"), "体育": ("体育与健康",), "英语": ("外语",),
    }  # fmt: skip
    _each(table, rng, lambda v, _: rng.choice(words.get(v, (v,))), headers=("最高学历", "职称", "编制类型", "骨干级别", "在岗状态", "主要任教学科"))


@dressing("teachers")
def marks_for_yes(table, rng):
    _each(table, rng, lambda v, _: rng.choice(("√", "✓", "Y", "有", "1", "是 ")), headers=("是否专任教师",))


@dressing("teachers")
def months_in_other_forms(table, rng):
    def other(value, _):
        year, month = value.split("-")
        return rng.choice((f"{year}.{month}", f"{year}年{int(month)}月", f"{year}{month}", f"{year}/{int(month)}/1", f"{year}-{month}-01"))

    _each(table, rng, other, headers=("到本校时间",))


@dressing()
def blanks_around_texts(table, rng):
    _each(table, rng, lambda v, _: rng.choice((f" {v}", f"{v}　", f"\u00a0{v} ", f"{v}\u200b")) if isinstance(v, str) else v)


@dressing("school_profile")
def float_dust(table, rng):
    _each(table, rng, lambda v, _: v + 1e-11 if isinstance(v, float) else v, 1.0)


# --- the columns -----------------------------------------------------------------------------------------------------------
@dressing("school_profile")
def another_unit_in_the_header(table, rng):
    header = "教学仪器设备资产值"
    if header in table.head and _is_number(table.get(0, header)):
        unit, times = rng.choice((("元", 10_000), ("千元", 10), ("万元", 1)))
        table.set(0, header, round(table.get(0, header) * times, 2))
        table.head[table.column(header)] = f"{header}（{unit}）"


@dressing()
def headers_by_other_names(table, rng):
    table.head = [rng.choice(ALIASES[h]) if h in ALIASES and rng.random() < 0.7 else h for h in table.head]


@dressing()
def decorated_headers(table, rng):
    marks = (lambda h: f"★{h}", lambda h: f"*{h}", lambda h: f"{h}（必填）", lambda h: f"{h[:1]}　{h[1:]}", lambda h: f"{h[:2]}\n{h[2:]}", lambda h: f" {h} ")
    table.head = [rng.choice(marks)(h) if rng.random() < 0.6 else h for h in table.head]


@dressing("classes", "teachers")
def columns_in_another_order(table, rng):
    order = list(range(len(table.head)))
    rng.shuffle(order)
    table.head = [table.head[j] for j in order]
    table.rows = [row and [row[j] for j in order] for row in table.rows]


@dressing("classes", "teachers")
def foreign_columns(table, rng):
    table.add("住校楼号", [f"{i % 3 + 1}号楼" for i in range(len(table.data))], at=rng.randint(0, len(table.head)))
    table.add("备注", [""] * len(table.data))


@dressing("classes", "teachers")
def serial_numbers(table, rng):
    table.add("序号", range(1, len(table.data) + 1), at=0)


@dressing("classes", "teachers")
def the_school_in_every_row(table, rng):
    table.add(rng.choice(("学校名称", "学校")), [rng.choice(("向阳小学", "清河县向阳小学", "向阳小")) for _ in table.data], at=0)
    table.add("学校代码", ["9999010001"] * len(table.data), at=0)


# --- rows around and between ------------------------------------------------------------------------------------------------
@dressing("classes", "teachers")
def a_row_twice(table, rng):
    if "序号" not in table.head:
        table.rows.append(list(rng.choice(table.data)))


@dressing("classes", "teachers")
def blank_lines_between(table, rng):
    for _ in range(2):
        table.rows.insert(rng.randint(1, len(table.rows)), None)


@dressing("classes", "teachers")
def a_sample_row(table, rng):
    table.under_head.append(["示例：张三", *["样例"] * (len(table.head) - 1)])


@dressing("classes", "teachers")
def an_index_row(table, rng):
    table.under_head.insert(0, ["甲", *range(1, len(table.head))])


@dressing("classes")
def a_total_row(table, rng):
    at = next((j for j, h in enumerate(table.head) if any(word in h.replace("\n", "").replace("　", "") for word in ("学生", "人数", "在校"))), None)
    if at:
        line = [None] * len(table.head)
        line[0] = rng.choice(("合计", "合  计", "总计"))
        table.below.append(line)


@dressing("classes")
def an_average_row(table, rng):
    table.below.append([rng.choice(("平均班额", "平均")), *[None] * (len(table.head) - 2), 41.5])


def _grade_column(table) -> int:
    return next(j for j, h in enumerate(table.head) if "年级" in h.replace("\n", "").replace("　", ""))


def _lone(table, at, text) -> list:
    return [text if j == at else None for j in range(len(table.head))]


@dressing("classes")
def small_headings(table, rng):
    at = _grade_column(table)
    for text in ("一、低年级段", "二、中高年级段", "第1页 共2页"):
        table.rows.insert(rng.randint(0, len(table.rows)), _lone(table, at, text))


@dressing("classes")
def subtotal_lines(table, rng):
    at = _grade_column(table)
    for _ in range(2):
        table.rows.insert(rng.randint(1, len(table.rows)), _lone(table, at, rng.choice(("小计", "小 计", "一年级小计"))))


@dressing("classes", "teachers")
def the_header_again_after_a_page(table, rng):
    table.rows.insert(rng.randint(1, len(table.rows)), list(table.head))


@dressing("classes", "teachers")
def merged_headings(table, rng):
    table.rows.insert(rng.randint(0, len(table.rows)), _lone(table, 0, "语文教研组"))

    def edit(sheet, made):
        for row in sheet.iter_rows(min_row=len(made.above) + 2):
            if row[0].value == "语文教研组":
                sheet.merge_cells(start_row=row[0].row, end_row=row[0].row, start_column=1, end_column=len(made.head))

    table.edits.append(edit)


@dressing()
def notes_and_signatures(table, rng):
    table.below += [["注：统计时点为9月1日。"], ["填表人：李四", "", "审核人：王五"]]


@dressing()
def a_title(table, rng):
    table.above.append([rng.choice(("清河县2025-2026学年统计表", "统 计 表", "附件1"))])
    table.above.append([])


@dressing()
def a_letterhead(table, rng):
    table.above.append(["填报单位：向阳小学", "", "填表日期：2025年9月5日"])


@dressing("school_profile")
def the_vertical_form(table, rng):
    table.turned = True


# --- what only .xlsx can hold -----------------------------------------------------------------------------------------------
@dressing()
def a_hidden_sheet(table, rng):
    table.others.append(("旧数据", [["去年的数"], [1]], "hidden"))


@dressing()
def empty_sheets(table, rng):
    table.others += [("Sheet2", [], "visible"), ("Sheet3", [], "visible")]


@dressing("classes", "teachers")
def formatted_blank_rows(table, rng):
    def edit(sheet, _):
        for row in range(sheet.max_row + 3, sheet.max_row + 60):
            sheet.cell(row, 2).font = Font(bold=True)

    table.edits.append(edit)


@dressing()
def a_merged_title(table, rng):
    table.above.insert(0, ["学校情况一览表"])

    def edit(sheet, _):
        sheet.merge_cells("A1:C1")

    table.edits.append(edit)


@dressing()
def hidden_rows(table, rng):
    def edit(sheet, made):
        sheet.row_dimensions[len(made.above) + 2].hidden = True

    table.edits.append(edit)
