"""达标情况一览表: every indicator and item of a standard on one paper, the national and the local result side by side."""

from __future__ import annotations

from indicators.arithmetic import half_up
from indicators.items.item import PART_TITLES, relief_note
from schools.numbers import group_thousands, plain_text

from ..document import Cell, Document, Signatures, Table, label, number
from ..report import COUNTY, Material, Report

RULESETS = (("national", "国家标准"), ("local", "地方规则"))
MET = {True: "达标", False: "未达标"}
REASONS = {"missing": "缺数据或未认定", "undefined": "无法计算", "not_applicable": "不适用"}
WORDS = {"pass": "达标", "fail": "未达标", "incomplete": "未完成"}
STAGES = (("primary", "小学"), ("junior", "初中"))


def sides(material: Material) -> list[tuple[str, dict]]:
    """The rulesets to stand side by side; only the national one where no place has set a rule."""
    found = [(title, material.payload["rulesets"][code]) for code, title in RULESETS]
    return found if found[1][1]["local_rules"] else found[:1]


def said_of(entry: dict | None) -> str:
    """The verdict on an item in one word."""
    if entry is None:
        return "无此要求"
    if entry["met"] is None:
        return REASONS.get(entry["reason"], entry.get("beside", "只作参考"))
    return MET[entry["met"]] if entry["decides"] else f"{MET[entry['met']]}(参考)"


def table_of_parts(material: Material) -> Table:
    """The county's verdict and each part under each ruleset."""
    shown = sides(material)
    parts = [part for part in PART_TITLES if any(part in side["parts"] for _, side in shown)]
    header = (tuple(label(text) for text in ("口径", "全县结论", *(PART_TITLES[part] for part in parts), "申报条件")),)
    body = tuple(
        (label(title), _word(side["verdict"]), *(_word(side["parts"].get(part, "incomplete")) for part in parts), _word(side.get("applying")))
        for title, side in shown
    )
    return Table("一、全县结论", header, body, (10, 10, *([9] * len(parts)), 9), landscape=True, sheet="全县结论")


def _word(verdict: str | None) -> Cell:
    return Cell("—" if verdict is None else WORDS[verdict], failing=verdict == "fail", strong=verdict == "fail")


def table_of_indicators(material: Material) -> Table:
    """Schools that meet each indicator and its coefficient of difference, by stage and ruleset."""
    shown = sides(material)
    top, below = [label("指标", rowspan=2)], []
    for title, _ in shown:
        for _, stage in STAGES:
            top.append(label(f"{title}·{stage}", colspan=3))
            below += [label(text) for text in ("达标学校", "差异系数", "限值")]
    body = tuple((Cell(f"{i['code']} {i['title']}", align="left"), *_figures(i, shown)) for i in material.indicators)
    rows = [(Cell("综合差异系数", align="left"), *_composites(shown))] if any(side["composite"] for _, side in shown) else []
    rows.append((Cell("学校综合评估达标", align="left"), *_schools(shown)))
    widths = (22, *([7] * (6 * len(shown))))
    return Table("二、资源配置", (tuple(top), tuple(below)), (*body, *rows), widths, landscape=True, follows=True, sheet="资源配置")


def _figures(indicator: dict, shown: list[tuple[str, dict]]) -> list[Cell]:
    cells = []
    for _, side in shown:
        for stage, _ in STAGES:
            line = next((c for c in side["county"] if (c["stage"], c["indicator"]) == (stage, indicator["code"])), None)
            if line is None:
                rows = [r["indicators"][indicator["code"]] for r in side["schools"] if r["stage"] == stage]
                cells += [Cell(f"{sum(r['met'] is True for r in rows)}/{len(rows)}"), Cell("—"), Cell("—")]
                continue
            asked = any(r["counted"] for r in side["schools"] if r["stage"] == stage)
            cells += [
                Cell(f"{line['schools_met']}/{line['schools_total']}" if asked else "—"),
                number(None if line["cv"] is None else half_up(line["cv"], 3), 3, failing=line["met"] is False),
                number(None if line["limit"] is None else half_up(line["limit"], 2), 2),
            ]
    return cells


def _composites(shown: list[tuple[str, dict]]) -> list[Cell]:
    cells = []
    for _, side in shown:
        for stage, _ in STAGES:
            line = next((c for c in side["composite"] if c["stage"] == stage), {})
            cells += [Cell("—"), number(half_up(line["value"], 3) if line.get("value") else None, 3, failing=line.get("met") is False),
                      number(half_up(line["limit"], 2) if line.get("limit") else None, 2)]  # fmt: skip
    return cells


def _schools(shown: list[tuple[str, dict]]) -> list[Cell]:
    cells = []
    for _, side in shown:
        for stage, _ in STAGES:
            line = next((s for s in side["stages"] if s["stage"] == stage), None)
            asked = any(r["counted"] for r in side["schools"] if r["stage"] == stage)
            text = f"{line['passing']}/{line['schools']}" if line and asked else "—"
            cells += [Cell(text, failing=bool(line and line["failing"])), Cell("—"), Cell("—")]
    return cells


def table_of_items(material: Material) -> Table:
    """Every item with what each ruleset asks and says."""
    shown = sides(material)
    heads = [label("部分"), label("代码"), label("条目"), label("数值")]
    for title, _ in shown:
        heads += [label(f"{title}要求"), label(f"{title}结论")]
    tables = [{entry["code"]: entry for entry in side["items"]} for _, side in shown]
    order = {part: n for n, part in enumerate((*PART_TITLES,))}
    entries = {code: entry for table in reversed(tables) for code, entry in table.items()}
    codes = sorted(entries, key=lambda code: order.get(entries[code]["part"], len(order)))
    body = [(*_names(entries[code]), *_words(code, tables)) for code in codes]
    width = 100 - 8 - 6 - 20 - 12
    widths = (8, 6, 20, 12, *([width * 0.7 / len(shown), width * 0.3 / len(shown)] * len(shown)))
    return Table("三、各条目", (tuple(heads),), tuple(body), widths, notes=notes_of(material), landscape=True, follows=True, sheet="各条目")


def _names(entry: dict) -> list[Cell]:
    places = entry["tests"][0]["places"] if entry["tests"] else 2
    value = Cell("—") if entry["value"] is None else Cell(f"{group_thousands(half_up(entry['value'], places))}{entry['unit']}{_made_of(entry)}")
    return [Cell(PART_TITLES.get(entry["part"], entry["part"])), Cell(entry["code"]), Cell(entry["title"], align="left"), value]


def _made_of(entry: dict) -> str:
    """The numerator and denominator of a ratio, behind it."""
    above, below = entry["numerator"], entry["denominator"]
    return f"({group_thousands(plain_text(above))}÷{group_thousands(plain_text(below))})" if above is not None and below is not None else ""


def _words(code: str, tables: list[dict]) -> list[Cell]:
    cells = []
    for table in tables:
        entry = table.get(code)
        failing = bool(entry and entry["met"] is False and entry["decides"])
        cells += [Cell(entry["requirement"] if entry else "—", align="left"), Cell(said_of(entry), failing=failing, strong=failing)]
    return cells


def notes_of(material: Material) -> tuple:
    """The reliefs in force and the documents of the local rules, as notes under the items."""
    shown = sides(material)
    found = [f"注:{text}" for text in dict.fromkeys(relief_note(r) for _, side in shown for r in side.get("reliefs", ()))]
    if len(shown) > 1:
        days: dict[str, set[str]] = {}
        for settings in shown[1][1]["local_rules"].values():
            for s in settings:
                days.setdefault(s["document"], set()).add(f"{s.get('valid_from') or '—'}起{'至' + s['valid_to'] if s.get('valid_to') else ''}")
        found += [f"注:地方规则依据:{document}({'、'.join(sorted(when))})。" for document, when in sorted(days.items())]
    return tuple((text,) for text in found)


def build(material: Material) -> Document:
    """The whole verdict of a standard."""
    document, year = material.payload["document"], material.year_label
    return Document(
        title=f"{material.county_name}{material.payload['title']}达标情况一览表",
        subtitle=(f"{year}，财政年度{material.payload['fiscal_year']}，依据{document}",),
        blocks=(
            table_of_parts(material), table_of_indicators(material), table_of_items(material),
            Signatures(("填表人(签字)", "审核人(签字)", "单位负责人(签字)", "单位(盖章)")),
        ),
    )  # fmt: skip


REPORT = Report(
    code="standard-verdict", title="达标情况一览表", scope=COUNTY, formats=("pdf", "xlsx"), standards=("quality-2017", "basic-2012"), build=build,
    description="一项标准的全部指标和条目：数值、要求、结论，国家标准和地方规则并列；附过渡性放宽和地方规则的依据。",
)  # fmt: skip
