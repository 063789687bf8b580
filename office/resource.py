"""The lines of the school indicators as the page of all items and its workbook have them: coefficients, composites, schools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from office.results import STAGES, Results
from schools.numbers import half_up_text, plain_text

MET = {True: "达标", False: "未达标", None: "无结论"}
NOT_LISTED, NO_OWN_LIMIT = "没有这项要求", "没有单项限值"


def is_asked(side: Results, stage: str, indicator: str) -> bool:
    """Whether a standard for schools is set: without one no school meets or misses it."""
    return any(row["indicators"][indicator]["threshold"] is not None for row in side.rows(stage) if indicator in row["indicators"])


def schools_of(side: Results, stage: str, indicator: str) -> str:
    """达标学校 18/22 所; "" where nothing is asked of schools."""
    cells = [row["indicators"][indicator] for row in side.rows(stage) if indicator in row["indicators"]]
    return f"达标学校 {sum(cell['met'] is True for cell in cells)}/{len(cells)} 所" if is_asked(side, stage, indicator) else ""


def beside(results: Results, other: Results, stage: str, indicator: str) -> str:
    """What the other rules say of an indicator, where they say something else: 达标学校 18/22 所，不大于 0.4，未达标."""
    own, found = results.county_row(stage, indicator), other.county_row(stage, indicator)
    schools = schools_of(other, stage, indicator)
    same = schools == schools_of(results, stage, indicator)
    if found and own and (own["limit"], own["met"]) == (found["limit"], found["met"]):
        found = None
    if same and not found:
        return ""
    limit = f"不大于 {plain_text(found['limit'])}，{MET[found['met']]}" if found and found["limit"] else ""
    return "，".join(part for part in ("" if same else schools, limit) if part)


def composite_beside(results: Results, other: Results, stage: str) -> str:
    """What the other rules say of a composite, where it is something else: 不大于 0.6，未达标."""
    own, found = results.composite(stage), other.composite(stage)
    if found is None or own and (own["value"], own["limit"], own["met"]) == (found["value"], found["limit"], found["met"]):
        return ""
    return f"{half_up_text(found['value'], 3)}，不大于 {plain_text(found['limit'])}，{MET[found['met']]}"


def schools_beside(results: Results, other: Results, stage: str) -> str:
    """How many schools pass under the other rules, where it is another number."""
    own, found = _schools(results, stage), _schools(other, stage)
    return "" if own == found else found[-1] or found[1]


def workbook_rows(sides: Sequence[Results], part: str) -> Iterator[list]:
    """Code, part, title, unit; value, requirement, verdict and situation of each side; clause."""
    for indicator in sides[0].indicators:
        for stage, title in STAGES.items():
            if any(side.rows(stage) for side in sides):
                told = [cell for side in sides for cell in _coefficient(side, stage, indicator["code"])]
                yield [indicator["code"], part, f"{indicator['title']}：{title}校际差异系数", "", *told, indicator["clause"]]
    for stage, title in STAGES.items():
        if any(side.composite(stage) for side in sides):
            yield ["", part, f"{title}综合差异系数", "", *(cell for side in sides for cell in _composite(side, stage)), ""]
    for stage, title in STAGES.items():
        if any(side.rows(stage) for side in sides):
            yield ["", part, f"{title}：学校综合评估达标", "", *(cell for side in sides for cell in _schools(side, stage)), ""]


def _coefficient(side: Results, stage: str, indicator: str) -> list:
    line, schools = side.county_row(stage, indicator), schools_of(side, stage, indicator)
    if line is None:
        return [None, "", "", schools or NOT_LISTED]
    wanted = f"不大于 {plain_text(line['limit'])}" if line["limit"] else NO_OWN_LIMIT
    told = "" if line["complete"] else "有学校的数据还没有收齐，为暂算值"
    return [line["cv"], wanted, MET[line["met"]] if line["limit"] else "只作参考", "；".join(part for part in (schools, told) if part)]


def _composite(side: Results, stage: str) -> list:
    line = side.composite(stage)
    if line is None:
        return [None, NOT_LISTED, "", ""]
    value = f"综合差异系数 {half_up_text(line['value'], 3)}" if line["value"] else "还不能计算"
    return [line["value"], f"不大于 {plain_text(line['limit'])}", MET[line["met"]], value]


def _schools(side: Results, stage: str) -> list:
    line = next((row for row in side.body.get("stages", ()) if row["stage"] == stage), None)
    if line is None or not any(row["counted"] for row in side.rows(stage)):
        return [None, "没有设定学校标准", "只作参考", ""]
    verdict = MET[False] if line["failing"] else MET[None] if line["undecided"] else MET[True]
    return [None, "全部学校达到学校要求", verdict, f"{line['passing']}/{line['schools']} 所达到，{line['failing']} 所未达到，{line['undecided']} 所还不能判定"]
