"""One result beside earlier ones: what moved, what slid back below a level reached before, and what is close to its line.

Everything is read from stored results, so that a comparison says the same for ever. A slide is a fact (met then, not met
now, or a coefficient above the one the county was recognised with); a warning is only near or moving the wrong way.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indicators.arithmetic import half_up
from schools.codes import Stage
from schools.numbers import group_thousands
from schools.parameters import Parameter, declare

STAGE_NAMES = dict(Stage.choices)
MARGIN = declare(Parameter(
    "warning_margin", "监测预警的临界幅度", "fraction", "0.05", "地方监测规定", share=True, note="与限值相差不到限值的这一比例即提示临界，例如 0.05 为 5%。",
)).code  # fmt: skip
RUN = 3  # years of one direction that make a trend
LOST, NEAR, FALLING = "lost", "near", "falling"


@dataclass(frozen=True)
class Slide:
    """One warning: `kind` lost (met in `year`, not met now), near (its line is close) or falling (`RUN` years)."""

    kind: str
    code: str
    title: str
    stage: str
    text: str
    year: int | None = None


@dataclass(frozen=True)
class Point:
    """A figure of one year as it was stored: value and verdict, None where there was none."""

    year: int
    value: str | None
    met: bool | None
    unit: str = ""
    threshold: str | None = None


def _body(payload: Mapping, ruleset: str) -> Mapping:
    return payload["rulesets"][ruleset]


def item_history(payloads: Iterable[Mapping], ruleset: str, code: str) -> list[Point]:
    """An item over the years, oldest first; a year that does not list it has no point."""
    found = []
    for payload in sorted(payloads, key=lambda p: p["year"]):
        entry = next((e for e in _body(payload, ruleset)["items"] if e["code"] == code), None)
        if entry is not None:
            found.append(Point(payload["year"], entry["value"], entry["met"], entry["unit"], entry["threshold"]))
    return found


def slides(now: Mapping, earlier: Sequence[Mapping], ruleset: str = "national") -> list[Slide]:
    """What was reached in one of the earlier results and is not any more, the newest such year named; schools last."""
    before = sorted((p for p in earlier if p["year"] < now["year"]), key=lambda p: -p["year"])
    here = _body(now, ruleset)
    return [*_lost_items(here, before, ruleset), *_lost_differences(here, before, ruleset), *_lost_schools(here, before, ruleset)]


def _lost_items(here: Mapping, before: Sequence[Mapping], ruleset: str) -> Iterator[Slide]:
    for entry in here["items"]:
        if entry["met"] is not False:
            continue
        for payload in before:
            old = next((e for e in _body(payload, ruleset)["items"] if e["code"] == entry["code"]), None)
            if old and old["met"]:
                yield Slide(LOST, entry["code"], entry["title"], "", f"{payload['year_label']}达到要求，现在未达到：{entry['detail']}", payload["year"])
                break


def _lost_differences(here: Mapping, before: Sequence[Mapping], ruleset: str) -> Iterator[Slide]:
    titles = {(c["stage"], c["indicator"]): c for c in here["county"]}
    for key, line in titles.items():
        if line["met"] is not False:
            continue
        for payload in before:
            old = next((c for c in _body(payload, ruleset)["county"] if (c["stage"], c["indicator"]) == key), None)
            if old and old["met"]:
                text = f"{STAGE_NAMES[key[0]]}差异系数由 {payload['year_label']}的 {half_up(old['cv'], 3)} 变为 {half_up(line['cv'], 3)}，高于限值。" if line["cv"] else "差异系数现在不能计算。"
                yield Slide(LOST, key[1], f"{key[1]} 校际差异系数", key[0], text, payload["year"])
                break


def _lost_schools(here: Mapping, before: Sequence[Mapping], ruleset: str) -> Iterator[Slide]:
    failing = {(row["code"], row["stage"]): row for row in here["schools"] if row["passes"] is False}
    for payload in before:
        for old in _body(payload, ruleset)["schools"]:
            row = failing.get((old["code"], old["stage"]))
            if row is not None and old["passes"]:
                del failing[old["code"], old["stage"]]
                misses = "、".join(row["misses"])
                yield Slide(LOST, row["code"], row["name"], row["stage"], f"{payload['year_label']}达标，现在未达标（{misses}）。", payload["year"])


def below_recognised(now: Mapping, recognised: Mapping[int, Mapping[str, Fraction]]) -> list[Slide]:
    """Composite coefficients above those of the last year in which the county was recognised (attested, by stage)."""
    years = [year for year in recognised if year < now["year"]]
    if not years:
        return []
    year, found = max(years), []
    for line in _body(now, "national")["composite"]:
        then = recognised[year].get(line["stage"])
        if then is not None and line["value"] is not None and Fraction(line["value"]) > then:
            text = f"{STAGE_NAMES[line['stage']]}综合差异系数 {half_up(line['value'], 3)}，高于 {year} 年认定时的 {half_up(then, 3)}。"
            found.append(Slide(LOST, "composite", "综合差异系数", line["stage"], text, year))
    return found


def warnings(now: Mapping, earlier: Sequence[Mapping], margin: Fraction, ruleset: str = "national") -> list[Slide]:
    """What still holds but is near its line, or has moved the wrong way for `RUN` years."""
    before = sorted((p for p in earlier if p["year"] < now["year"]), key=lambda p: p["year"])
    here = _body(now, ruleset)
    found = []
    for line in here["county"]:
        if line["met"] and line["limit"] and line["cv"] is not None:
            key = line["stage"], line["indicator"]
            where = f"{STAGE_NAMES[line['stage']]}差异系数"
            if Fraction(line["limit"]) - Fraction(line["cv"]) < margin * Fraction(line["limit"]):
                found.append(Slide(NEAR, line["indicator"], f"{line['indicator']} 校际差异系数", line["stage"], f"{where} {half_up(line['cv'], 3)}，接近限值 {half_up(line['limit'], 2)}。"))
            run = [c["cv"] for p in before for c in _body(p, ruleset)["county"] if (c["stage"], c["indicator"]) == key][1 - RUN:] + [line["cv"]]
            if len(run) == RUN and None not in run and all(Fraction(a) < Fraction(b) for a, b in zip(run, run[1:], strict=False)):
                found.append(Slide(FALLING, line["indicator"], f"{line['indicator']} 校际差异系数", line["stage"],
                                   f"{where}连续 {RUN} 年扩大：{' → '.join(half_up(value, 3) for value in run)}。"))  # fmt: skip
    for entry in here["items"]:
        found += _near_item(entry, margin)
        found += _falling_item(entry, item_history([*before, now], ruleset, entry["code"]))
    return found


def _gap(value: str, threshold: str, comparator: str) -> Fraction:
    """How far on the good side of the line; negative on the bad one."""
    gap = Fraction(value) - Fraction(threshold)
    return gap if comparator in (">=", ">") else -gap


def _printed(value: str) -> str:
    """A value as the pages print it: 8,000 and 98.53."""
    return group_thousands(half_up(value, 2 if Fraction(value).denominator > 1 else 0))


def _near_item(entry: Mapping, margin: Fraction) -> list[Slide]:
    if not entry["met"] or not entry["comparator"] or entry["value"] is None or entry["threshold"] in (None, "100", "0"):
        return []  # a rate of 100 per cent has no room above it
    gap = _gap(entry["value"], entry["threshold"], entry["comparator"])
    if gap >= margin * Fraction(entry["threshold"]):
        return []
    text = f"现为 {_printed(entry['value'])}{entry['unit']}，接近要求的 {_printed(entry['threshold'])}{entry['unit']}。"
    return [Slide(NEAR, entry["code"], entry["title"], "", text)]


def _falling_item(entry: Mapping, points: Sequence[Point]) -> list[Slide]:
    run = points[-RUN:]
    if not entry["met"] or not entry["comparator"] or len(run) < RUN or any(p.value is None for p in run):
        return []
    values = [Fraction(p.value) if entry["comparator"] in (">=", ">") else -Fraction(p.value) for p in run]
    if not all(a > b for a, b in zip(values, values[1:], strict=False)):
        return []
    text = f"连续 {RUN} 年变差：{' → '.join(_printed(p.value) for p in run)}{entry['unit']}。"
    return [Slide(FALLING, entry["code"], entry["title"], "", text)]
