"""The whole standard on one screen, and the page of each item with its working."""

from __future__ import annotations

from fractions import Fraction

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.actor import Actor
from evidence.catalogue import CATALOGUES, ITEM, VETO
from indicators.arithmetic import decimal34
from indicators.history import Point, item_history, slides
from indicators.items.item import CONDITION, PART_TITLES, relief_note
from indicators.standards import STANDARDS
from indicators.working import item_sources
from office import desk, resource
from office.exports import Column, download
from office.navigation import address
from office.reading import RULESETS, Reading, earlier_payloads, need, read
from office.results import STAGES, Results
from schools import access
from schools.models import County
from schools.numbers import difference, exact, half_up_text, plain_text
from schools.parameters import PARAMETERS

MET = {True: "达标", False: "未达标", None: "无结论"}
REASONS = {"missing": "缺数据或还没有认定", "undefined": "无法计算", "not_applicable": "不适用"}
SIGNS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜"}
LOOKS = {"pass": "pass", "fail": "fail", "incomplete": "warn"}
WORDS = {"pass": "达标", "fail": "未达标", "incomplete": "未完成"}
LINES, CELLS, SLIDES, YEARS = 100, 50, 12, 5  # a page's worth; workbooks have them all


def show_items(request: HttpRequest, code: str, year: int, standard: str) -> HttpResponse:
    """Every item of the standard: value, requirement, margin, verdict under both rulesets, last year, link to why."""
    county = access.get_county(access.actor_of(request), code, "view_results")
    reading = read(request, county, year, standard)
    if reading.results is None:
        return render(request, "office/items.html", {"county": county, "year": year, "standard": standard, "reading": reading})
    if request.GET.get("format") == "xlsx":
        return items_workbook(reading)
    sides = sides_of(reading.results)
    earlier = earlier_payloads(county, standard, year)
    context = {
        "county": county, "year": year, "standard": standard, "reading": reading,
        "parts": parts_of(reading.results, sides, earlier), "indicators": indicators_of(reading.results, sides), "stages": STAGES.items(),
        "composites": composites_of(reading.results, sides), "school_rows": stages_of(reading.results, sides), "sides": sides, "verdicts": verdicts_of(sides),
        "slides": slides(reading.results.payload, earlier, reading.results.ruleset)[:SLIDES], "last_year": earlier[0]["year_label"] if earlier else "",
        "evidence_url": _evidence_url(request, county, year, standard), "reliefs": [relief_note(r) for r in reading.results.body.get("reliefs", ())],
    }  # fmt: skip
    return render(request, "office/items.html", context)


def show_item(request: HttpRequest, code: str, year: int, standard: str, item: str) -> HttpResponse:
    """One item: what was found, what is wanted, each comparison, the schools, subjects or years behind it, the cells."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, "view_results")
    reading = read(request, county, year, standard)
    results = need(reading)
    entry = entry_of(results, item)
    if entry is None:
        raise Http404
    if request.GET.get("format") == "xlsx":
        return _item_workbook(reading, entry)
    lines = Paginator(entry["lines"], LINES).get_page(request.GET.get("page"))
    context = {
        "county": county, "year": year, "standard": standard, "reading": reading, "item": entry,
        "part": PART_TITLES.get(entry["part"], entry["part"]), "reason": REASONS.get(entry["reason"], ""),
        "tests": [{**test, "far": margin_of(test), "sign": SIGNS.get(test["comparator"], "")} for test in entry["tests"]],
        "page": lines, "divides": any(line.get("denominator") for line in entry["lines"]),
        "sides": [{"title": RULESETS[side.ruleset], "entry": found} for side in sides_of(results) if (found := entry_of(side, item))],
        "line_unit": next((one.line_unit for one in STANDARDS[standard].items if one.code == item), ""), "rules": _rules_of(results.body, standard, entry), "history": history_of(results, county, standard, year, item),
        "evidence_url": _evidence_url(request, county, year, standard, item),
        **_sources(request, actor, reading, item),
    }  # fmt: skip
    return render(request, "office/item.html", context)


def _sources(request: HttpRequest, actor: Actor, reading: Reading, item: str) -> dict:
    """The cells behind the item's quantities: of the county, or of the school asked."""
    school = request.GET.get("school", "")
    try:
        found = item_sources(reading.snapshot, reading.results.ruleset, item, school)
    except LookupError:
        raise Http404 from None
    cells = {one.quantity.code: list(one.cells[:CELLS]) for one in found}
    rows = desk.source_rows(actor, cells, {code: code for code in cells})
    name = next((r["name"] for r in reading.results.body["schools"] if r["code"] == school), school)
    return {
        "sources": [
            {"quantity": one.quantity, "value": None if one.count is None else decimal34(Fraction(one.count, one.quantity.scale)),
             "rows": rows[one.quantity.code], "more": max(0, len(one.cells) - CELLS)}
            for one in found
        ],
        "source_school": school and {"code": school, "name": name},
    }  # fmt: skip


def history_of(results: Results, county: County, standard: str, year: int, item: str) -> list[Point]:
    """The item over the years, oldest first; empty while there is only one."""
    points = item_history([*earlier_payloads(county, standard, year, YEARS), results.payload], results.ruleset, item)
    return points if len(points) > 1 else []


def sides_of(results: Results) -> list[Results]:
    """The national result and, where a place sets rules, the local one beside it."""
    rulesets = ("national", "local") if results.has_local else ("national",)
    return [Results(results.payload, ruleset) for ruleset in rulesets]


def verdicts_of(sides: list[Results]) -> list[dict]:
    """The county's verdict and its parts under each ruleset, side by side."""
    parts = [part for part in PART_TITLES if any(part in side.body["parts"] for side in sides)]
    return [
        {"title": RULESETS[side.ruleset], "code": side.ruleset, "look": LOOKS[side.verdict], "word": WORDS[side.verdict],
         "parts": [(PART_TITLES[part], LOOKS[word], WORDS[word]) for part in parts if (word := side.body["parts"].get(part, "incomplete"))]}
        for side in sides
    ]  # fmt: skip


def entry_of(results: Results, code: str) -> dict | None:
    """An item's entry; None where the standard does not list it here."""
    return next((entry for entry in results.body["items"] if entry["code"] == code), None)


def parts_of(results: Results, sides: list[Results], earlier: list[dict]) -> list[dict]:
    """The parts in order, each with its verdict and its items; the conditions to apply come last."""
    body = results.body
    tables = [{entry["code"]: entry for entry in side.body["items"]} for side in sides]
    own = {entry["code"]: entry for entry in body["items"]}
    # What only the other ruleset asks is shown too: a verdict is read beside the other one.
    entries = list(own.values()) + [e for table in tables for code, e in table.items() if code not in own]
    listed = {entry["part"] for entry in entries}
    order = [part for part in PART_TITLES if part in body["parts"] or part in listed]
    before = {entry["code"]: entry for entry in earlier[0]["rulesets"][results.ruleset]["items"]} if earlier else {}
    return [
        {
            "code": part, "title": PART_TITLES.get(part, part),
            "verdict": (word := _verdict_of(part, body)),
            "look": LOOKS[word], "word": WORDS[word],
            "items": [
                _shown(entry, [table.get(entry["code"]) for table in tables], before.get(entry["code"]))
                for entry in entries if entry["part"] == part
            ],
        }
        for part in order
    ]  # fmt: skip


def _verdict_of(part: str, body: dict) -> str:
    """A part's verdict; one that the result does not speak of yet (nobody has begun to answer it) is open."""
    word = body.get("applying") if part == CONDITION else body["parts"].get(part)
    return word or "incomplete"


def indicators_of(results: Results, sides: list[Results]) -> list[dict]:
    """The school indicators with the county's coefficient and the schools that meet them, stage by stage; `beside`: what
    the other rules say where they say something else."""
    others = [side for side in sides if side.ruleset != results.ruleset]

    def stage_line(stage: str, code: str) -> dict:
        told = [(RULESETS[other.ruleset], text) for other in others if (text := resource.beside(results, other, stage, code))]
        return {"code": stage, "line": results.county_row(stage, code), "asked": resource.is_asked(results, stage, code), "beside": told}

    return [{"indicator": indicator, "stages": [stage_line(stage, indicator["code"]) for stage in STAGES]} for indicator in results.indicators]


def composites_of(results: Results, sides: list[Results]) -> list[dict]:
    """The composite of each stage, and what the other rules say of it where they say something else."""
    if not results.body["composite"]:
        return []
    others = [side for side in sides if side.ruleset != results.ruleset]
    return [
        {"line": results.composite(stage), "beside": [(RULESETS[o.ruleset], text) for o in others if (text := resource.composite_beside(results, o, stage))]}
        for stage in STAGES
    ]


def stages_of(results: Results, sides: list[Results]) -> list[dict]:
    """How many schools of each stage pass; `asked` False where no standard for schools is set; `beside`: under other rules."""
    counted = {row["stage"] for row in results.body["schools"] if row["counted"]}
    others = [side for side in sides if side.ruleset != results.ruleset]
    return [
        {**row, "asked": row["stage"] in counted,
         "beside": [(RULESETS[o.ruleset], text) for o in others if (text := resource.schools_beside(results, o, row["stage"]))]}
        for row in results.body.get("stages", ())
    ]  # fmt: skip


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


def _shown(entry: dict, sides: list[dict | None], before: dict | None) -> dict:
    head = entry["tests"][0] if entry["tests"] else None
    return {
        **entry, "head": head, "far": margin_of(head) if head else "", "reason_text": REASONS.get(entry["reason"], ""),
        "sides": [_side(side, entry) for side in sides], "before": before, "moved": moved_of(entry, before),
    }  # fmt: skip


def _side(side: dict | None, entry: dict) -> dict | None:
    """One ruleset's word on the item; its own requirement where it asks something else."""
    if side is None:
        return None
    return {**side, "reason_text": REASONS.get(side["reason"], ""), "other": side["requirement"] if side["requirement"] != entry["requirement"] else ""}


def moved_of(entry: dict, before: dict | None) -> dict | None:
    """How the figure moved since last year: {"word", "good": bool | None}; None where one of the two has no figure."""
    gap = difference(entry["value"], before["value"]) if before else None
    if gap is None:
        return None
    if gap == 0:
        return {"word": "持平", "good": None}
    good = None if not entry["comparator"] else (gap > 0) == (entry["comparator"] in (">=", ">"))
    return {"word": "升" if gap > 0 else "降", "good": good}


def _rules_of(body: dict, standard: str, entry: dict) -> list[dict]:
    """The local rules in force that this item asks, its own and those of other rooms."""
    own, others = f"{standard}.{entry['code']}.", set(entry.get("rules", ()))
    asked = {code: found for code, found in body["local_rules"].items() if code.startswith(own) or code in others}
    return [
        {"title": PARAMETERS[code].title, "said": PARAMETERS[code].worded(setting["value"]), **setting}
        for code, settings in asked.items() if code in PARAMETERS for setting in settings
    ]  # fmt: skip


def _evidence_url(request: HttpRequest, county: County, year: int, standard: str, item: str = "") -> str | None:
    """The catalogue of evidence, open to whoever sees the results; an item's form only to those who may attest, and only
    where there is something to enter: other items are counted from ledgers or from other items."""
    if not item:
        return address("evidence:catalogue", county.code, year, standard)
    if not access.may(access.actor_of(request), "attest", county=county):
        return None
    asked = CATALOGUES.get(standard)
    if asked and item in asked.codes(ITEM) | asked.codes(VETO):
        return address("evidence:item", county.code, year, standard, item)
    if asked is None or asked.demand(item) is None:
        return None
    return address("evidence:catalogue", county.code, year, standard)


def items_workbook(reading: Reading) -> HttpResponse:
    """The county, the coefficients and every item with what each ruleset asks and says of it: the lines of the page."""
    sides = sides_of(reading.results)
    columns = [Column("代码"), Column("部分"), Column("条目"), Column("单位")]
    for side in sides:
        title = RULESETS[side.ruleset]
        columns += [Column(f"{title}数值", 4), Column(f"{title}要求"), Column(f"{title}结论"), Column(f"{title}情况")]
    columns.append(Column("依据"))
    columns += [Column(f"{RULESETS[side.ruleset]}{what}", 2) for side in sides for what in ("分子", "分母")]
    tables = [{entry["code"]: entry for entry in side.body["items"]} for side in sides]
    rows = []
    for code in dict.fromkeys(code for table in tables for code in table):
        one = next(table[code] for table in tables if code in table)
        row = [code, PART_TITLES.get(one["part"], one["part"]), one["title"], one["unit"]]
        for table in tables:
            entry = table.get(code)
            row += [entry["value"], entry["requirement"], said_of(entry), entry["detail"]] if entry else [None, "没有这项要求", "", ""]
        rows.append([*row, one["clause"], *(figure for table in tables for figure in made_of(table.get(code)))])
    whole = ["", "全县", "结论", ""]
    for side in sides:
        whole += [None, "", WORDS[side.verdict], "".join(side.reasons())]
    blank = [None, None] * len(sides)
    lines = [[*line, *blank] for line in ([*whole, ""], *resource.workbook_rows(sides, PART_TITLES["resource"]))]
    return download(f"{reading.title}全部条目", reading.note, columns, [*lines, *rows])


def made_of(entry: dict | None) -> tuple[str | None, str | None]:
    """Numerator and denominator of a ratio, in the units of its figures."""
    return (entry["numerator"], entry["denominator"]) if entry else (None, None)


def said_of(entry: dict) -> str:
    """The verdict in one word."""
    if entry["met"] is None:
        return REASONS.get(entry["reason"], entry.get("beside", "只作参考"))
    return MET[entry["met"]] if entry["decides"] else f"{MET[entry['met']]}（参考）"


def _item_workbook(reading: Reading, entry: dict) -> HttpResponse:
    columns = [Column("名称"), Column("学校标识码"), Column("学段"), Column("分子", 2), Column("分母", 2), Column("数值", 4), Column("要求", 4), Column("结论"),
               Column("说明")]  # fmt: skip
    rows = [
        [x["title"], x.get("school", ""), STAGES.get(x.get("stage"), ""), x.get("numerator"), x.get("denominator"), x.get("value"), x.get("threshold"), MET[x["met"]],
         x.get("text", "")]
        for x in entry["lines"]
    ]
    return download(f"{entry['code']} {entry['title']}", reading.note, columns, rows)
