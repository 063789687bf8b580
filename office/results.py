"""A snapshot's payload arranged for pages: rows, cells with their marks, sentences. Nothing is computed here.

Every figure is the payload's own string; only the distance in natural units is derived (office.distance).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from office.distance import Distance, distance
from schools.numbers import exact, half_up_text, plain_text

STAGES = {"primary": "小学", "junior": "初中"}
PARTS = {"whole": "", "primary_part": "小学部", "junior_part": "初中部", "point": "教学点", "campus": "校区"}
VERDICT_LOOK = {"pass": "pass", "fail": "fail", "incomplete": "open"}


@dataclass(frozen=True)
class Results:
    """One ruleset of one snapshot: `payload` the contract JSON, `ruleset` "national" or "local"."""

    payload: dict
    ruleset: str

    @property
    def body(self) -> dict:
        return self.payload["rulesets"][self.ruleset]

    @property
    def indicators(self) -> list[dict]:
        return self.payload["indicators"]

    def indicator(self, code: str) -> dict | None:
        return next((i for i in self.indicators if i["code"] == code), None)

    @property
    def verdict(self) -> str:
        return self.body["verdict"]

    @property
    def look(self) -> str:
        """How a chip shows the verdict."""
        return {"pass": "pass", "fail": "fail"}.get(self.verdict, "warn")

    @property
    def word(self) -> str:
        return {"pass": "达标", "fail": "未达标"}.get(self.verdict, "未完成")

    @property
    def has_local(self) -> bool:
        """Whether local rules make another result than the national one possible."""
        return bool(self.payload["rulesets"]["local"]["local_rules"])

    def rows(self, stage: str = "", only_failing: bool = False, codes: Iterable[str] | None = None) -> list[dict]:
        """School rows of the payload, one per school and stage."""
        wanted = None if codes is None else set(codes)
        return [
            row
            for row in self.body["schools"]
            if (not stage or row["stage"] == stage)
            and (not only_failing or row["passes"] is False)
            and (wanted is None or row["code"] in wanted)
        ]

    def row(self, codes: Iterable[str], stage: str) -> dict | None:
        """The row of a school, by any code it has or had, in one stage."""
        return next(iter(self.rows(stage, codes=codes)), None)

    def undecided(self) -> int:
        """How many schools nobody can judge yet: figures are missing, or no school standard is set."""
        unjudged = {r["code"] for r in self.rows() if r["passes"] is None}
        return len(unjudged | {m["school"] for m in self.body["missing"]})

    def county_row(self, stage: str, indicator: str) -> dict | None:
        found = (c for c in self.body["county"] if c["stage"] == stage and c["indicator"] == indicator)
        return next(found, None)

    def composite(self, stage: str) -> dict | None:
        return next((c for c in self.body["composite"] if c["stage"] == stage), None)

    def reasons(self, most: int = 4) -> list[str]:
        """Why the county does not pass (or is interim), in sentences, the gravest first."""
        sentences = [
            f"{STAGES[c['stage']]}综合差异系数 {half_up_text(c['value'], 3)}，高于限值 {plain_text(c['limit'])}。"
            for c in self.body["composite"]
            if c["met"] is False
        ]
        for stage, title in STAGES.items():
            over = [c for c in self.body["county"] if c["stage"] == stage and c["met"] is False]
            if over:
                named = "、".join(
                    f"{self.indicator(c['indicator'])['short']} {half_up_text(c['cv'], 3)}" for c in over[:most]
                )
                more = f"等 {len(over)} 项" if len(over) > most else ""
                sentences.append(f"{title}差异系数高于限值 {plain_text(over[0]['limit'])}：{named}{more}。")
        failing = len({(r["code"], r["stage"]) for r in self.rows(only_failing=True)})
        if failing:
            sentences.append(f"{failing} 所学校（含一贯制学校的学段部）未达到学校要求。")
        if missing := len({m["school"] for m in self.body["missing"]}):
            sentences.append(f"{missing} 所学校的数据还没有收齐，有关数值为暂算值。")
        if not self.body.get("begun", True):
            sentences.append("结论只含资源配置部分；其余部分还没有填报县级数据或认定条目。")
        return sentences + self.item_reasons(most)

    def item_reasons(self, most: int = 4) -> list[str]:
        """Which items of the standard are missed, and which nobody has given or attested yet; vetoes first."""
        deciding = [i for i in self.body["items"] if i["decides"] and i["part"] in self.body["parts"]]
        missed = sorted((i for i in deciding if i["met"] is False), key=lambda i: i["part"] != "veto")
        absent = [i for i in deciding if i["met"] is None and i["reason"] != "not_applicable"]
        sentences = []
        for found, words in ((missed, "未达到要求"), (absent, "还缺数据或没有认定")):
            if found:
                named = "、".join(f"{i['code']} {i['title']}" for i in found[:most])
                more = "等" if len(found) > most else ""
                sentences.append(f"{len(found)} 个条目{words}：{named}{more}。")
        return sentences


def school_title(row: dict) -> str:
    """清河九年制学校(初中部)."""
    part = PARTS.get(row["part"], "")
    return f"{row['name']}（{part}）" if part and part not in row["name"] else row["name"]


@dataclass(frozen=True)
class Line:
    """One indicator of one school row, ready for a page."""

    indicator: dict
    cell: dict
    distance: Distance | None
    to_floor: Distance | None
    mean: str | None


def lines_of(results: Results, row: dict) -> list[Line]:
    """The row's indicators with the distance to threshold and, when that is missed, to the floor."""
    lines = []
    for indicator in results.indicators:
        cell = row["indicators"][indicator["code"]]
        far = distance(cell, indicator["noun"])
        floor = distance(cell, indicator["noun"], cell["floor"]) if far and not far.met and cell["floor"] else None
        county = results.county_row(row["stage"], indicator["code"])
        lines.append(Line(indicator, cell, far, floor, county["mean"] if county else None))
    return lines


def failing_list(results: Results) -> list[dict]:
    """Schools that fail, with the indicators they miss in words: the most misses first."""
    found = []
    for row in results.rows(only_failing=True):
        missed = [line for line in lines_of(results, row) if line.cell["met"] is False]
        found.append({"row": row, "title": school_title(row), "stage": STAGES[row["stage"]], "missed": missed})
    return sorted(found, key=lambda item: (-len(item["missed"]), item["row"]["code"]))


def bars_of(results: Results, stage: str) -> list[dict]:
    """Rows for the chart of coefficients against limits of one stage (composite first where the standard has one)."""
    rows = []
    if composite := results.composite(stage):
        rows.append(
            {"label": "综合差异系数", "value": composite["value"], "limit": composite["limit"], "met": composite["met"]}
        )
    for indicator in results.indicators:
        if line := results.county_row(stage, indicator["code"]):
            rows.append({"label": indicator["short"], "value": line["cv"], "limit": line["limit"], "met": line["met"]})
    return [{**row, "limit": plain_text(row["limit"]) if row["limit"] else None, "places": 3} for row in rows]


def sorted_rows(rows: list[dict], key: str) -> list[dict]:
    """By name, pupils, passes or an indicator's value; a leading "-" turns it round; rows without a value come last."""
    down, name = key.startswith("-"), key.lstrip("-")
    if name == "name":
        return sorted(rows, key=lambda r: (r["name"], r["stage"]), reverse=down)
    if name == "passes":
        order = {False: 0, None: 1, True: 2}
        return sorted(rows, key=lambda r: (order[r["passes"]], r["code"]), reverse=down)
    value = (
        (lambda r: exact(r["pupils"]))
        if name == "pupils"
        else lambda r: exact(r["indicators"].get(name, {}).get("value"))
    )
    known = sorted((r for r in rows if value(r) is not None), key=value, reverse=down)
    return known + [r for r in rows if value(r) is None]
