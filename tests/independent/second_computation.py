"""The second computation: quality-2017 Q1-Q7 and basic-2012 B1-B8 straight from the demo county's workbooks.

Shares no code with the project, on purpose: openpyxl, Fraction and Decimal only, written from the rules
(教督〔2017〕6号 with the 2019 working procedure, 教督〔2012〕3号). If the portal and this file disagree, one of them is wrong.
It knows only the workbooks of the demo county: their titles, the two shapes of A1, the folders.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import openpyxl

TYPES = {
    "小学": "211",
    "小学教学点": "218",
    "初级中学": "311",
    "九年一贯制学校": "312",
    "完全中学": "341",
    "十二年一贯制学校": "345",
    "职业高中学校": "365",
    "其他特殊教育学校": "514",
}
GRADES = {
    name: n
    for n, name in enumerate(
        ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级"), 1
    )
}
GRADES |= {"高一": 10, "高二": 11, "高三": 12}
COUNTED = {"在编", "特岗", "县管校聘", "合同制"}
ABOVE = {
    "primary": {"大学专科", "大学本科", "研究生-硕士", "研究生-博士"},
    "junior": {"大学本科", "研究生-硕士", "研究生-博士"},
}
BACKBONE = {"国家级", "省级", "市级", "县级"}
MIDDLE = {"正高级教师", "高级教师", "一级教师"}
ARTS = {"体育", "音乐", "美术", "艺术"}
WORDS = {"primary": "小学", "junior": "初中"}

QUALITY = {  # code: (numerator, per, threshold primary, threshold junior)
    "Q1": ("above", 100, "4.2", "5.3"),
    "Q2": ("backbone", 100, "1", "1"),
    "Q3": ("arts", 100, "0.9", "0.9"),
    "Q4": ("teaching_without_sports", 1, "4.5", "5.8"),
    "Q5": ("sports", 1, "7.5", "10.2"),
    "Q6": ("equipment", 1, "2000", "2500"),
    "Q7": ("multimedia", 100, "2.3", "2.4"),
}
BASIC = {
    "B1": ("teaching", 1),
    "B2": ("sports", 1),
    "B3": ("equipment", 1),
    "B4": ("computers", 100),
    "B5": ("books", 1),
    "B6": ("teachers", 1),
    "B7": ("above", 1),
    "B8": ("middle", 1),
}
LIMITS = {"primary": Fraction(50, 100), "junior": Fraction(45, 100)}
COMPOSITE = {"primary": Fraction(65, 100), "junior": Fraction(55, 100)}
FLOOR = Fraction(85, 100)


# Reading ----------------------------------------------------------------------------------------------------------


def text(value: object) -> str:
    """A cell as text without spaces and full-width forms."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).replace(" ", "").strip()


def title(value: object) -> str:
    """A column title without its unit in brackets."""
    name = text(value)
    for unit in ("(m2)", "(万元)"):
        name = name.removesuffix(unit)
    return {"身份证件号": "身份证号", "学历": "最高学历", "任教学科": "主要任教学科", "编制性质": "编制类型"}.get(
        name, name
    )


def number(value: object) -> Fraction | None:
    """The exact number a cell shows: Excel's float is read back as the decimal that was typed."""
    written = text(value)
    return Fraction(Decimal(written)) if written else None


def table(path: Path, must: str) -> list[dict[str, object]]:
    """The rows of the first sheet as {title: value}, below the row that holds the title `must`."""
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    merged = {}
    for area in sheet.merged_cells.ranges:
        for row, column in area.cells:
            merged[row, column] = sheet.cell(area.min_row, area.min_col).value
    rows = [
        [merged.get((r, c), sheet.cell(r, c).value) for c in range(1, sheet.max_column + 1)]
        for r in range(1, sheet.max_row + 1)
    ]
    head = next(n for n, row in enumerate(rows) if must in [title(cell) for cell in row])
    titles = [title(cell) for cell in rows[head]]
    return [dict(zip(titles, row, strict=True)) for row in rows[head + 1 :] if any(text(cell) for cell in row)]


def profiles(path: Path) -> list[dict[str, object]]:
    """A1, one dictionary per school, from a row per school or from the vertical form."""
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    vertical = any(text(cell.value) == "填报项目" for row in sheet.iter_rows(max_row=3) for cell in row)
    if not vertical:
        return table(path, "学校名称")
    return [{title(row["填报项目"]): row["填报值"] for row in table(path, "填报项目")}]


# Counting ---------------------------------------------------------------------------------------------------------


@dataclass
class School:
    code: str
    name: str
    type: str
    sponsor: str
    pupils: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_stage: dict[tuple[str, str], int] = field(default_factory=dict)
    shared: dict[str, Fraction | None] = field(default_factory=dict)


def register(root: Path) -> dict[str, School]:
    schools = {}
    for row in table(root / "register.xlsx", "学校名称"):
        kind = text(row["办学类型"])
        code = text(row["学校(机构)标识码"])
        schools[code] = School(code, text(row["学校名称"]), TYPES.get(kind, kind), text(row["举办者类型"]))
    return schools


def workbooks(folder: Path) -> list[tuple[str, Path]]:
    """(school code, or empty for a county-wide table; file) of one ledger and year."""
    return [("" if path.stem == "county" else path.stem, path) for path in sorted(folder.glob("*.xlsx"))]


def read_county(root: Path, year: int) -> dict[str, School]:
    """Every school of the register with what its approved workbooks of the year say."""
    schools = register(root)
    folder = root / "approved" / str(year)
    for code, path in workbooks(folder / "classes"):
        for row in table(path, "班级名称"):
            if text(row["年级"]) not in GRADES:
                continue
            grade = GRADES[text(row["年级"])]
            stage = "primary" if grade <= 6 else "junior" if grade <= 9 else "senior"
            schools[code or text(row["学校(机构)标识码"])].pupils[stage] += int(text(row["学生数"]))
    for code, path in workbooks(folder / "school_profile"):
        for row in profiles(path):
            profile(schools[code or text(row["学校(机构)标识码"])], row)
    for code, path in workbooks(folder / "teachers"):
        roster(schools[code], table(path, "姓名"), census=f"{year}-09")
    return schools


def profile(school: School, row: dict[str, object]) -> None:
    def measure(name: str) -> Fraction | None:
        return number(row.get(name))

    teaching, indoor, outdoor = (
        measure("教学及辅助用房面积"),
        measure("其中:室内体育用房面积"),
        measure("体育运动场地面积"),
    )
    value = measure("教学仪器设备资产值")
    school.shared = {
        "teaching": teaching,
        "teaching_without_sports": teaching - indoor,
        "sports": outdoor + indoor,
        "equipment": value * 10000,
        "multimedia": measure("网络多媒体教室"),
        "computers": measure("其中:教学用计算机台数"),
        "books": measure("图书册数"),
    }
    for stage, word in WORDS.items():
        for key, name in (
            ("teachers", "专任教师数"),
            ("above", "高于规定学历教师数"),
            ("backbone", "县级及以上骨干教师数"),
            ("arts", "体育艺术专任教师数"),
            ("middle", "中级及以上职称教师数"),
        ):
            if measure(word + name) is not None:
                school.by_stage[stage, key] = int(measure(word + name))


def roster(school: School, rows: list[dict[str, object]], census: str) -> None:
    """Teachers by the stage they mainly teach: full-time, with the personnel relation here."""
    for stage, word in WORDS.items():
        mine = [
            row
            for row in rows
            if text(row["是否专任教师"]) == "是" and text(row["任教学段"]) == word and text(row["编制类型"]) in COUNTED
        ]
        school.by_stage[stage, "teachers"] = len(mine)
        school.by_stage[stage, "above"] = sum(text(row["最高学历"]) in ABOVE[stage] for row in mine)
        school.by_stage[stage, "arts"] = sum(text(row["主要任教学科"]) in ARTS for row in mine)
        school.by_stage[stage, "middle"] = sum(text(row["职称"]) in MIDDLE for row in mine)
        # A title with an end that lies before the census month no longer counts.
        school.by_stage[stage, "backbone"] = sum(
            text(row["骨干级别"]) in BACKBONE and not (text(row["有效期"]) and text(row["有效期"]) < census)
            for row in mine
        )


def share(school: School, stage: str) -> Fraction:
    """The part of an undivided resource that belongs to a stage: 1 : 1.1 : 1.32, in complete middle schools 1 : 1.2."""
    heads = {name: Fraction(school.pupils[name]) for name in ("primary", "junior", "senior")}
    weight = {
        "312": {"primary": Fraction(1), "junior": Fraction(11, 10), "senior": Fraction(0)},
        "345": {"primary": Fraction(1), "junior": Fraction(11, 10), "senior": Fraction(132, 100)},
        "341": {"primary": Fraction(0), "junior": Fraction(1), "senior": Fraction(12, 10)},
    }.get(school.type)
    if weight is None:
        return Fraction(1)
    return heads[stage] * weight[stage] / sum(heads[name] * weight[name] for name in heads)


# Results ----------------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """One school row of a county table."""

    code: str
    stage: str
    pupils: int
    numerators: dict[str, Fraction]
    values: dict[str, Fraction]
    met: dict[str, bool]
    passes: bool | None


@dataclass
class Result:
    rows: dict[tuple[str, str], Row]
    left_out: set[str]
    means: dict[tuple[str, str], Fraction]
    variances: dict[tuple[str, str], Fraction]
    coefficients: dict[tuple[str, str], Decimal]
    within: dict[tuple[str, str], bool]
    composite: dict[str, Decimal]
    composite_met: dict[str, bool]
    verdict: str


def in_scope(school: School, standard: str) -> bool:
    if school.type.startswith(("36", "51")):
        return False
    if standard == "basic-2012":
        return school.sponsor in ("7", "8") and school.type != "218"
    return school.type != "218" or school.pupils["primary"] >= 50


def compute(schools: dict[str, School], standard: str) -> Result:
    quality = standard == "quality-2017"
    rows, left_out = {}, set()
    for school in schools.values():
        if not in_scope(school, standard):
            left_out.add(school.code)
            continue
        for stage in ("primary", "junior"):
            if school.pupils[stage]:
                rows[school.code, stage] = school_row(school, stage, quality)
    means, variances, coefficients, within = {}, {}, {}, {}
    for stage in ("primary", "junior"):
        here = [row for row in rows.values() if row.stage == stage]
        heads = sum(row.pupils for row in here)
        for code in QUALITY if quality else BASIC:
            per = (QUALITY if quality else BASIC)[code][1]
            mean = sum(row.numerators[code] for row in here) * per / heads
            variance = sum(row.pupils * (row.values[code] - mean) ** 2 for row in here) / heads
            means[stage, code], variances[stage, code] = mean, variance
            coefficients[stage, code] = root(variance / mean**2)
            within[stage, code] = variance <= LIMITS[stage] ** 2 * mean**2
    composite = {} if quality else {stage: average(coefficients, stage) for stage in ("primary", "junior")}
    composite_met = {stage: value <= decimal(COMPOSITE[stage]) for stage, value in composite.items()}
    good = all(row.passes for row in rows.values()) and all(within.values()) if quality else all(composite_met.values())
    return Result(
        rows, left_out, means, variances, coefficients, within, composite, composite_met, "pass" if good else "fail"
    )


def school_row(school: School, stage: str, quality: bool) -> Row:
    heads = school.pupils[stage]
    numerators, values, met, nearly = {}, {}, {}, {}
    for code, entry in (QUALITY if quality else BASIC).items():
        key, per = entry[0], entry[1]
        numerators[code] = (
            Fraction(school.by_stage[stage, key])
            if (stage, key) in school.by_stage
            else school.shared[key] * share(school, stage)
        )
        values[code] = numerators[code] * per / heads
        if quality:
            threshold = Fraction(entry[2] if stage == "primary" else entry[3])
            met[code], nearly[code] = values[code] >= threshold, values[code] >= FLOOR * threshold
    passes = sum(met.values()) >= 6 and all(nearly.values()) if quality else None
    return Row(school.code, stage, heads, numerators, values, met, passes)


def decimal(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return Decimal(value.numerator) / Decimal(value.denominator)


def root(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()


def average(coefficients: dict[tuple[str, str], Decimal], stage: str) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return sum((coefficients[stage, code] for code in BASIC), Decimal(0)) / len(BASIC)
