"""优质均衡申报表: the county tables Ⅱ-1, Ⅱ-2 and Ⅲ, labels and digits as in the national form (规程 2019)."""

from __future__ import annotations

from fractions import Fraction

from indicators.arithmetic import half_up
from indicators.items.item import relief_note

from ..document import Cell, Document, Table, filled, label, number
from ..report import COUNTY, Material, Report

NONE = "——"
STAGES = (("primary", "小学"), ("junior", "初中"))
SPONSOR_NOTE = (
    "举办者类型代码:1.中央教育部门,2.中央其他部门,3.省级教育部门,4.省级其他部门,5.地级教育部门,"
    "6.地级其他部门,7.县级教育部门,8.县级其他部门,9.地方企业,10.民办。"
)


# Measures stand behind the label, as the national form prints them; counts are named by the label itself.
MEASURES = ("㎡", "元")


def _title(indicator: dict) -> str:
    """The official label: 生均教学及辅助用房面积(㎡), 每百名学生拥有网络多媒体教室数."""
    return f"{indicator['title']}({indicator['unit']})" if indicator["unit"] in MEASURES else indicator["title"]


def _has_standard(rows: list[dict], code: str) -> bool:
    """Whether anybody sets a threshold for the indicator: without one no school can meet it, and none fails it."""
    return not rows or any(row["indicators"][code]["threshold"] is not None for row in rows)


def _codes(count: int, start: int = 1) -> list[Cell]:
    return [label(f"L{n}") for n in range(start, start + count)]


def _pass_mark(value: bool | None) -> str:
    return {True: "是", False: "否"}.get(value, "—")


def _share(part: int, whole: int) -> Cell:
    return number(half_up(Fraction(100 * part, whole), 1) if whole else None, 1)


def table_ii_1(material: Material) -> Table:
    """Schools that meet each indicator, and the whole: count and share, by stage. A missing figure is not a met one;
    where nobody sets a standard there is nothing to count."""
    codes = [i["code"] for i in material.indicators]
    header = (
        (label("", colspan=2, rowspan=2), *(label(_title(i)) for i in material.indicators), label("综合评估")),
        tuple(_codes(len(codes) + 1)),
    )
    body = []
    for stage, title in STAGES:
        rows = material.rows(stage)
        judged = {code: _has_standard(rows, code) for code in codes}
        counts = [sum(row["indicators"][code]["met"] is True for row in rows) if judged[code] else None for code in codes]
        counts.append(sum(row["passes"] is True for row in rows) if any(judged.values()) else None)
        body.append((label(title, rowspan=2), label("达标学校总数(所)"), *(number(None if n is None else str(n), 0, none=NONE) for n in counts)))
        body.append((label("达标学校比例(%)"), *(Cell(NONE) if n is None else _share(n, len(rows)) for n in counts)))
    return Table(
        "表Ⅱ-1 小学、初中资源配置基本情况",
        header,
        tuple(body),
        (4, 9, *([8] * (len(codes) + 1))),
        landscape=True,
        sheet="表Ⅱ-1",
    )


def _ranges(numbers: list[int]) -> str:
    """Column numbers the short way: [7, 8, 9, 11] -> "L7-L9、L11"."""
    groups: list[list[int]] = []
    for n in numbers:
        if groups and n == groups[-1][-1] + 1:
            groups[-1].append(n)
        else:
            groups.append([n])
    return "、".join(f"L{g[0]}" if len(g) == 1 else f"L{g[0]}-L{g[-1]}" for g in groups)


def _floor(material: Material) -> str:
    """The floor in force for the indicators not met, as people write it: 85%; "" where none is set."""
    ratio = material.ruleset["parameters"].get(f"{material.payload['standard']}.floor_ratio")
    return f"{half_up(Fraction(ratio) * 100, 1).removesuffix('.0')}%" if ratio and Fraction(ratio) else ""


def _remark(row: dict, columns: dict[str, int], floor: str) -> str:
    """Which indicators are met, which of the rest reach the floor, and what is missing (the form's 备注)."""
    if all(r["threshold"] is None for r in row["indicators"].values()):
        return "未设学校标准"
    met = [columns[c] for c, r in row["indicators"].items() if r["met"] is True]
    near = [columns[c] for c in row["indicators"] if c in row["misses"] and c not in row["below_floor"]]
    missing = [columns[c] for c, r in row["indicators"].items() if r["value"] is None]
    parts = [f"{_ranges(met)}达标" if len(met) < len(columns) else "全部达标"] if met else ["无达标项"]
    if near and floor:
        parts.append(f"{_ranges(near)}达{floor}")
    if missing:
        parts.append(f"{_ranges(missing)}缺数据")
    return ";".join(parts)


def table_ii_2(material: Material) -> Table:
    """One row per school and stage, primary first, each block numbered from 1; values two decimals."""
    columns = {i["code"]: n for n, i in enumerate(material.indicators, start=7)}
    floor = _floor(material)
    titles = ("序号", "学校名称", "举办者类型", "在校生数(人)", "年级数(个)", "班级数(个)", *(_title(i) for i in material.indicators),
              "该校综合评估是否达标", "备注")  # fmt: skip
    header = (tuple(label(text) for text in titles), (*_codes(7 + len(columns)), label("")))
    body = [
        (Cell(f"{title}{n}"), *_school_cells(material, row), Cell(_remark(row, columns, floor), align="left"))
        for stage, title in STAGES
        for n, row in enumerate(material.rows(stage), start=1)
    ]
    widths = (6, 15, 5, 6, 5, 5, *([7] * len(columns)), 6, 16)
    return Table(
        "表Ⅱ-2 小学、初中资源配置基本情况(分学校)", header, tuple(body), widths, notes=_notes(material), landscape=True, sheet="表Ⅱ-2",
    )  # fmt: skip


def _school_cells(material: Material, row: dict) -> list[Cell]:
    """L2 to the verdict of one school's stage."""
    figures = [
        number(None if r["value"] is None else half_up(r["value"], places), places, failing=r["met"] is False)
        for r, places in ((row["indicators"][i["code"]], i["places"]) for i in material.indicators)
    ]
    return [
        Cell(row["name"], align="left"), Cell(row["sponsor_code"]), number(str(row["pupils"]), 0), number(row["grades"], 0),
        number(row["classes"], 0), *figures, Cell(_pass_mark(row["passes"])),
    ]  # fmt: skip


def _notes(material: Material) -> tuple:
    primary, junior = material.rows("primary"), material.rows("junior")
    complete = sum(row["type_code"] == "341" for row in junior)
    return (
        filled(
            "注:1.小学学校总数{}所(其中:一贯制学校的小学部有{}所,50人及以上教学点有{}个),初中学校总数{}所(其中:一贯制学校的初中部{}所,完全中学的初中部{}所)。",
            str(len(primary)),
            str(sum(row["part"] == "primary_part" for row in primary)),
            str(sum(row["part"] == "point" for row in primary)),
            str(len(junior)),
            str(sum(row["part"] == "junior_part" and row["type_code"] != "341" for row in junior)),
            str(complete),
        ),
        filled(f"2.{SPONSOR_NOTE}"),
        (f"3.{_decimals(material)};底纹格为未达到标准的指标值。",),
        *((f"{number}.{relief_note(relief)}",) for number, relief in enumerate(material.ruleset.get("reliefs", ()), 4)),
    )


def _decimals(material: Material) -> str:
    """How many decimals which columns have: L7—L13保留2位小数."""
    runs: list[list[int]] = []
    for column, indicator in enumerate(material.indicators, start=7):
        if runs and runs[-1][2] == indicator["places"]:
            runs[-1][1] = column
        else:
            runs.append([column, column, indicator["places"]])
    return ",".join(f"L{first}—L{last}保留{places}位小数" for first, last, places in runs)


def table_iii(material: Material) -> Table:
    """County mean (as many decimals as its values) and coefficient (three) by stage; 综合 is "——" but for a composite standard."""
    codes = [i["code"] for i in material.indicators]
    header = (
        (label("", colspan=2, rowspan=2), *(label(_title(i)) for i in material.indicators), label("综合")),
        tuple(_codes(len(codes) + 1)),
    )
    found = {(c["stage"], c["indicator"]): c for c in material.ruleset["county"]}
    composite = {c["stage"]: c for c in material.ruleset.get("composite") or []}
    body = []
    for stage, title in STAGES:
        cells = [found.get((stage, code), {}) for code in codes]
        means = [
            number(None if c.get("mean") is None else half_up(c["mean"], i["mean_places"]), i["mean_places"])
            for c, i in zip(cells, material.indicators, strict=True)
        ]
        cvs = [
            number(None if c.get("cv") is None else half_up(c["cv"], 3), 3, failing=c.get("met") is False)
            for c in cells
        ]
        whole = composite.get(stage, {}).get("value")
        body.append((label(title, rowspan=2), label("全县平均值"), *means, Cell(NONE)))
        body.append((label("差异系数"), *cvs, number(half_up(whole, 3), 3) if whole else Cell(NONE)))
    return Table(
        "表Ⅲ 县域义务教育校际均衡情况",
        header,
        tuple(body),
        (4, 9, *([8] * (len(codes) + 1))),
        landscape=True,
        sheet="表Ⅲ",
    )


def build(material: Material) -> Document:
    """The resource tables of the county's application form."""
    return Document(
        title=f"{material.county_name}{material.payload['title']}申报表(资源配置部分)",
        blocks=(table_ii_1(material), table_ii_2(material), table_iii(material)),
    )


REPORT = Report(
    code="application-form", title="优质均衡申报表(表Ⅱ、表Ⅲ)", scope=COUNTY, formats=("pdf", "xlsx"), standards=("quality-2017", "basic-2012"),
    build=build, description="县级申报表的资源配置部分：达标情况汇总、分学校达标情况一览表、校际差异系数。",
)  # fmt: skip
