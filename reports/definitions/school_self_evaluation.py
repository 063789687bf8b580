"""学校自评表, part A1 资源配置: the absolute numbers and per-pupil values of the seven indicators, filled and underlined."""

from __future__ import annotations

from fractions import Fraction

from indicators.arithmetic import half_up

from ..document import Cell, Document, Line, Signatures, Table, filled, label
from ..report import SCHOOL, CannotMake, Material, Report

TYPE_WORDS = {
    "211": "小学",
    "218": "教学点",
    "311": "初中",
    "312": "九年一贯制",
    "345": "十二年一贯制",
    "341": "完全中学",
}


class Sheet:
    """The rows of one school by stage, read the way the form's sentences ask for them."""

    def __init__(self, material: Material) -> None:
        self.rows = {row["stage"]: row for row in material.rows()}
        if not self.rows:
            raise CannotMake("该校没有纳入本次评估的学段数据，无法生成自评表；请先在“不纳入评估学校”中查看原因。")
        self.any = next(iter(self.rows.values()))

    def whole(self, code: str, stage: str, places: int) -> str | None:
        """The absolute number of a stage (a split share is the school's part); None = not this stage or missing."""
        result = self.rows.get(stage, {}).get("indicators", {}).get(code)
        return None if result is None or result["numerator"] is None else half_up(result["numerator"], places)

    def value(self, code: str, stage: str) -> str | None:
        result = self.rows.get(stage, {}).get("indicators", {}).get(code)
        return None if result is None or result["value"] is None else half_up(result["value"], 2)

    def fact(self, code: str, places: int) -> str | None:
        """A school-wide fact the snapshot carries beside the indicators, in its unit."""
        text = self.any["facts"].get(code)
        return None if text is None else half_up(text, places)

    def undivided(self, code: str, places: int, divisor: int = 1) -> str | None:
        """The whole resource of the school before it is split between stages; `divisor` 10000 turns 元 into 万元."""
        result = self.any["indicators"][code]
        text = result["split"]["raw"] if result["split"] else result["numerator"]
        return None if text is None else half_up(Fraction(text) / divisor, places)

    def conclusion(self, code: str) -> Cell:
        """是否达标: of every stage the school has."""
        marks = [
            ({True: "达标", False: "未达标"}.get(row["indicators"][code]["met"], "缺数据"), stage)
            for stage, row in self.rows.items()
        ]
        names = {"primary": "小学", "junior": "初中"}
        lines = [(f"{names[stage]}:{mark}" if len(marks) > 1 else mark,) for mark, stage in marks]
        return Cell(lines=tuple(lines))


def _per_hundred(sheet: Sheet, code: str, what: str, noun: str, unit: str = "人") -> tuple[Line, ...]:
    """学校拥有…:小学＿＿人;初中＿＿人。每百名学生拥有…:小学＿＿人;初中＿＿人."""
    return (
        filled(
            f"学校拥有{noun}:小学{{}}{unit};初中{{}}{unit}。",
            sheet.whole(code, "primary", 0),
            sheet.whole(code, "junior", 0),
        ),
        filled(
            f"每百名学生拥有{what}:小学{{}}{unit};初中{{}}{unit}。",
            sheet.value(code, "primary"),
            sheet.value(code, "junior"),
        ),
    )


def _q4(sheet: Sheet) -> tuple[Line, ...]:
    return (
        filled("学校教学及辅助用房面积(不含室内体育用房){}㎡。", sheet.undivided("Q4", 2)),
        filled("生均教学及辅助用房面积:小学{}㎡;初中{}㎡。", sheet.value("Q4", "primary"), sheet.value("Q4", "junior")),
    )


def _q5(sheet: Sheet) -> tuple[Line, ...]:
    return (
        filled(
            "体育场{}㎡;体育馆{}㎡;校园其他专用运动场地{}㎡;校外周边租借体育场馆{}㎡。",
            sheet.fact("outdoor_sports_area", 2),
            sheet.fact("indoor_sports_area", 2),
            sheet.fact("other_campus_sports_area", 2),
            sheet.fact("leased_sports_area", 2),
        ),  # fmt: skip
        filled("生均体育运动场馆面积:小学{}㎡;初中{}㎡。", sheet.value("Q5", "primary"), sheet.value("Q5", "junior")),
    )


def _q6(sheet: Sheet) -> tuple[Line, ...]:
    return (
        filled("学校教学仪器设备值{}万元。", sheet.undivided("Q6", 2, 10_000)),
        filled("生均教学仪器设备值:小学{}元;初中{}元。", sheet.value("Q6", "primary"), sheet.value("Q6", "junior")),
    )


def _q7(sheet: Sheet) -> tuple[Line, ...]:
    return (
        filled("学校拥有网络多媒体教室{}间。", sheet.undivided("Q7", 0)),
        filled(
            "每百名学生拥有网络多媒体教室数:小学{}间;初中{}间。",
            sheet.value("Q7", "primary"),
            sheet.value("Q7", "junior"),
        ),
    )


SENTENCES = {
    "Q1": lambda s: _per_hundred(s, "Q1", "高于规定学历教师数", "高于规定学历教师数"),
    "Q2": lambda s: _per_hundred(s, "Q2", "县级及以上骨干教师数", "县级及以上骨干教师数"),
    "Q3": lambda s: _per_hundred(s, "Q3", "体育、艺术(美术、音乐)专任教师数", "体育、艺术(美术、音乐)专任教师数"),
    "Q4": _q4,
    "Q5": _q5,
    "Q6": _q6,
    "Q7": _q7,
}


def _sentences(sheet: Sheet, indicator: dict) -> tuple[Line, ...]:
    """The sentences of the printed form; of an indicator that has none there, its values."""
    if indicator["code"] in SENTENCES:
        return SENTENCES[indicator["code"]](sheet)
    code, unit = indicator["code"], indicator["unit"]
    return (filled(f"{indicator['title']}:小学{{}}{unit};初中{{}}{unit}。", sheet.value(code, "primary"), sheet.value(code, "junior")),)


def _requirement(indicator: dict, sheet: Sheet) -> str:
    """The B-level point with the thresholds in force: 小学、初中分别达到…"""
    names = {"primary": "小学", "junior": "初中"}
    limits = [
        f"{names[stage]}{half_up(row['indicators'][indicator['code']]['threshold'], 2).rstrip('0').rstrip('.')}{indicator['unit']}"
        for stage, row in sheet.rows.items()
    ]
    return f"{indicator['title']}达到{'、'.join(limits)}以上。"


def _rule(material: Material) -> str:
    """When a school passes, by the rules the snapshot stood on: 7项指标中至少6项达标,其余1项不低于标准的85%。"""
    standard, rules = material.payload["standard"], material.ruleset["parameters"]
    whole, least = len(material.indicators), int(rules[f"{standard}.minimum_met"])
    floor = half_up(Fraction(rules[f"{standard}.floor_ratio"]) * 100, 1).removesuffix(".0")
    rest = f"其余{whole - least}项不低于标准的{floor}%" if least < whole else ""
    return f"{whole}项指标" + (f"中至少{least}项达标,{rest}。" if rest else "全部达标。")


def _overall(sheet: Sheet) -> str:
    """The school's verdict over its stages."""
    passes = [row["passes"] for row in sheet.rows.values()]
    if all(p is True for p in passes):
        return "达标"
    return "未达标" if any(p is False for p in passes) else "数据不全,暂不能判定"


def build(material: Material) -> Document:
    """Part A1 of the school's self-evaluation form."""
    sheet = Sheet(material)
    rows = []
    for n, indicator in enumerate(material.indicators, start=1):
        first = (label("A1 资源配置", rowspan=len(material.indicators)),) if n == 1 else ()
        asked = Cell(f"{n}.{_requirement(indicator, sheet)}", align="left")
        rows.append((*first, asked, Cell(lines=_sentences(sheet, indicator), align="left"), sheet.conclusion(indicator["code"])))
    overall = _overall(sheet)
    rows.append((label("资源配置综合评估", colspan=2), Cell(lines=(filled(f"{_rule(material)}本校{{}}。", overall),), align="left"),
                 Cell(overall, strong=True)))  # fmt: skip
    heads = tuple(label(text) for text in ("A级指标", "B级指标及评估要点", "指标值或简要结论", "是否达标"))
    table = Table("", (heads,), tuple(rows), (9, 24, 52, 15), sheet="学校自评表")
    kind = TYPE_WORDS.get(sheet.any["type_code"], "小学、初中、九年一贯制、十二年一贯制")
    return Document(
        title=f"{material.county_name}创建国家义务教育优质均衡发展县学校自评表",
        subtitle=filled("{}学校({})建校于{}年", sheet.any["name"].removesuffix("学校"), kind, sheet.any["facts"].get("built_year")),
        blocks=(table, Signatures(("填表人(签字)", "审核人(签字)", "校长签字(盖章)", "日期"))),
    )


REPORT = Report(
    code="school-self-evaluation", title="学校自评表", scope=SCHOOL, formats=("pdf",), standards=("quality-2017",), build=build,
    description="学校自评表的资源配置部分（A1），空格已按定版数据填好并加下划线，打印后由校长签字盖章。",
)  # fmt: skip
