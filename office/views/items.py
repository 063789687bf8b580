"""The whole standard on one screen, and the page of each item with its working."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from indicators.items.item import CONDITION, PART_TITLES
from office.exports import Column, download
from office.navigation import address
from office.reading import Reading, need, read
from office.results import STAGES, Results
from schools import access
from schools.codes import Stage
from schools.models import County
from schools.numbers import difference, exact, half_up_text, plain_text

MET = {True: "达标", False: "未达标", None: "无结论"}
REASONS = {"missing": "缺数据或还没有认定", "undefined": "无法计算", "not_applicable": "不适用"}
SIGNS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜"}
LOOKS = {"pass": "pass", "fail": "fail", "incomplete": "warn"}
WORDS = {"pass": "达标", "fail": "未达标", "incomplete": "未完成"}
LINES = 300  # lines a page; a workbook has them all


def show_items(request: HttpRequest, code: str, year: int, standard: str) -> HttpResponse:
    """Every item of the standard: value, requirement, margin, verdict under both rulesets, link to why."""
    county = access.get_county(access.actor_of(request), code, "view_results")
    reading = read(request, county, year, standard)
    if reading.results is None:
        return render(request, "office/items.html", {"county": county, "year": year, "standard": standard, "reading": reading})
    other = Results(reading.results.payload, "local" if reading.results.ruleset == "national" else "national")
    if request.GET.get("format") == "xlsx":
        return _workbook(reading, other)
    context = {
        "county": county, "year": year, "standard": standard, "reading": reading,
        "parts": parts_of(reading, other), "indicators": indicators_of(reading.results), "stages": STAGES.items(),
        "school_rows": reading.results.body.get("stages", []), "local": reading.results.has_local,
        "other_title": "地方口径" if other.ruleset == "local" else "全国口径",
        "evidence_url": _evidence_url(request, county, year, standard),
    }  # fmt: skip
    return render(request, "office/items.html", context)


def show_item(request: HttpRequest, code: str, year: int, standard: str, item: str) -> HttpResponse:
    """One item: what was found, what is wanted, each comparison, the schools, subjects or years behind it, the papers."""
    county = access.get_county(access.actor_of(request), code, "view_results")
    reading = read(request, county, year, standard)
    results = need(reading)
    entry = entry_of(results, item)
    if entry is None:
        raise Http404
    if request.GET.get("format") == "xlsx":
        return _item_workbook(reading, entry)
    payload = results.payload["rulesets"]
    context = {
        "county": county, "year": year, "standard": standard, "reading": reading, "item": entry,
        "part": PART_TITLES.get(entry["part"], entry["part"]), "reason": REASONS.get(entry["reason"], ""),
        "tests": [{**test, "far": margin_of(test), "sign": SIGNS.get(test["comparator"], "")} for test in entry["tests"]],
        "lines": entry["lines"][:LINES], "more_lines": max(0, len(entry["lines"]) - LINES),
        "sides": [
            {"title": title, "entry": found} for ruleset, title in (("national", "全国口径"), ("local", "地方口径"))
            if results.has_local and (found := entry_of(Results(results.payload, ruleset), item))
        ],
        "rules": _rules_of(payload[results.ruleset], standard, entry),
        "evidence_url": _evidence_url(request, county, year, standard, item),
        "stage_titles": dict(Stage.choices),
    }  # fmt: skip
    return render(request, "office/item.html", context)


def entry_of(results: Results, code: str) -> dict | None:
    """An item's entry; None where the standard does not list it here."""
    return next((entry for entry in results.body["items"] if entry["code"] == code), None)


def parts_of(reading: Reading, other: Results) -> list[dict]:
    """The parts in order, each with its verdict and its items; the conditions to apply come last."""
    body = reading.results.body
    listed = {entry["part"] for entry in body["items"]}
    order = [part for part in PART_TITLES if part in body["parts"] or part in listed]
    beside = {entry["code"]: entry for entry in other.body["items"]}
    return [
        {
            "code": part, "title": PART_TITLES.get(part, part),
            "verdict": (word := _verdict_of(part, body)),
            "look": LOOKS[word], "word": WORDS[word],
            "items": [_shown(entry, beside.get(entry["code"])) for entry in body["items"] if entry["part"] == part],
        }
        for part in order
    ]  # fmt: skip


def _verdict_of(part: str, body: dict) -> str:
    """A part's verdict; one that the result does not speak of yet (nobody has begun to answer it) is open."""
    word = body.get("applying") if part == CONDITION else body["parts"].get(part)
    return word or "incomplete"


def indicators_of(results: Results) -> list[dict]:
    """The school indicators with the county's coefficient and the schools that meet them, stage by stage."""
    return [
        {"indicator": indicator,
         "stages": [{"code": stage, "line": results.county_row(stage, indicator["code"])} for stage in STAGES]}
        for indicator in results.indicators
    ]


def margin_of(test: dict) -> str:
    """How far from the line, in the item's unit: 高出 1.2%, 还差 3 元, 恰好等于要求."""
    gap = difference(test["value"], test["threshold"])
    if gap is None or not test["comparator"]:
        return ""
    if gap == 0:
        return "恰好等于要求"
    good = (gap > 0) == (test["comparator"] in (">=", ">"))
    words = ("高出" if gap > 0 else "低于限值") if good else ("还差" if gap < 0 else "超出")
    size = half_up_text(abs(gap), test["places"])
    if exact(size) == 0:
        size = plain_text(half_up_text(abs(gap), 6))
    return f"{words} {size}{test['unit']}"


def _shown(entry: dict, beside: dict | None) -> dict:
    head = entry["tests"][0] if entry["tests"] else None
    return {
        **entry, "head": head, "far": margin_of(head) if head else "", "beside": beside,
        "reason_text": REASONS.get(entry["reason"], ""),
    }


def _rules_of(body: dict, standard: str, entry: dict) -> list[dict]:
    """The local rules in force that this item asks, its own and those of other rooms."""
    own, others = f"{standard}.{entry['code']}.", set(entry.get("rules", ()))
    asked = {code: found for code, found in body["local_rules"].items() if code.startswith(own) or code in others}
    return [{"code": code, **setting} for code, settings in asked.items() for setting in settings]


def _evidence_url(request: HttpRequest, county: County, year: int, standard: str, item: str = "") -> str | None:
    """Where the bureau enters evidence; None for those who may not."""
    if not access.may(access.actor_of(request), "attest", county=county):
        return None
    if item:
        return address("evidence:item", county.code, year, standard, item)
    return address("evidence:catalogue", county.code, year, standard)


def _workbook(reading: Reading, other: Results) -> HttpResponse:
    columns = [Column("代码"), Column("部分"), Column("条目"), Column("数值", 4), Column("单位"), Column("要求"),
               Column("结论"), Column("另一口径结论"), Column("说明"), Column("依据")]  # fmt: skip
    beside = {entry["code"]: entry for entry in other.body["items"]}
    rows = [
        [e["code"], PART_TITLES.get(e["part"], e["part"]), e["title"], e["value"], e["unit"], e["requirement"], MET[e["met"]],
         MET[beside[e["code"]]["met"]] if e["code"] in beside else "", e["detail"], e["clause"]]
        for e in reading.results.body["items"]
    ]
    return download(f"{reading.title}全部条目", reading.note, columns, rows)


def _item_workbook(reading: Reading, entry: dict) -> HttpResponse:
    columns = [Column("名称"), Column("学校标识码"), Column("学段"), Column("数值", 4), Column("要求", 4), Column("结论"), Column("说明")]
    rows = [
        [x["title"], x.get("school", ""), STAGES.get(x.get("stage"), ""), x.get("value"), x.get("threshold"), MET[x["met"]],
         x.get("text", "")]
        for x in entry["lines"]
    ]
    return download(f"{entry['code']} {entry['title']}", reading.note, columns, rows)
