"""Tags and filters of the design system, for every room: figures with their marks, chips, charts, progress.

Numbers come as decimal strings of a snapshot. A unit always stands beside a number: `{{ v|decimal:2 }}{% unit "人" %}`.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html

from schools import charts, parameters
from schools.flow_chart import Flows
from schools.numbers import DASH, difference, exact, flips_when_rounded, group_thousands, half_up_text, plain_text

register = template.Library()

MARKS = {True: ("pass", "✓", "达标"), False: ("fail", "✗", "未达标"), None: ("none", "—", "无结论")}
VERDICTS = {"pass": ("pass", "✓", "达标"), "fail": ("fail", "✗", "未达标"), "incomplete": ("open", "!", "暂算值")}
SIGNS = {"pass": "✓", "fail": "✗", "warn": "!", "move": "…", "none": "—"}
REASONS = {
    "missing": "缺数据：尚未收齐计算所需的台账",
    "undefined": "无法计算：全县均值为 0",
    "not_applicable": "不适用：该校本学段没有在校生",
}


@register.filter
def decimal(value, places=2) -> str:
    """Rounded half up for print, once: `{{ cell.value|decimal:2 }}`."""
    return half_up_text(value, int(places))


@register.filter
def plain(value) -> str:
    """All digits, as the document writes a threshold."""
    return plain_text(value)


@register.filter
def thousands(value) -> str:
    return group_thousands(value)


@register.filter
def percent(value, places=1) -> str:
    """A share of one as per cent: "0.8512" → "85.1%"."""
    number = exact(value)
    return DASH if number is None else half_up_text(number * 100, int(places)) + "%"


@register.filter
def year_label(year) -> str:
    """2025 → 2025-2026学年."""
    return f"{int(year)}-{int(year) + 1}学年"


@register.filter
def stage_label(stage) -> str:
    return {"primary": "小学", "junior": "初中", "senior": "高中", "": "全校"}.get(stage, stage)


@register.filter
def worded(text, parameter=None) -> str:
    """The value or scope of a rule in words: "primary:0.45,junior:0.40" → 小学 0.45、初中 0.40; a choice by its name."""
    return parameter.worded(text) if parameter else parameters.worded(text)


@register.filter
def unit_each(indicator) -> str:
    """The unit of an indicator with what it counts by: 人/百生, ㎡/生; a percentage has none."""
    if indicator["unit"] == "%":
        return "%"
    return f"{indicator['unit']}/{'百生' if str(indicator['per']) == '100' else '生'}"


@register.filter
def reason_label(reason) -> str:
    return REASONS.get(reason, reason or "")


@register.simple_tag
def unit(text):
    return format_html('<span class="unit">{}</span>', text)


@register.filter
@lru_cache
def mark(met, form="full"):
    """True / False / None → ✓达标 / ✗未达标 / —; form "sign" shows the sign alone and reads the word out."""
    css, sign, word = MARKS[met if met in (True, False) else None]
    if form == "sign":
        return format_html(
            '<span class="mark mark-{}"><span class="sign" aria-hidden="true">{}</span><span class="unseen">{}</span></span>',
            css,
            sign,
            word,
        )
    shown = "" if css == "none" else word
    return format_html(
        '<span class="mark mark-{}"><span class="sign" aria-hidden="true">{}</span>{}<span class="unseen">{}</span></span>',
        css,
        sign,
        shown,
        "" if shown else word,
    )


@register.filter
def margin(cell, places=2) -> str:
    """How far a figure is from its bar: "高出 0.32" / "还差 0.20" (cell: value and threshold, or cv and limit)."""
    value, bar, at_most = (
        (cell.get("value"), cell.get("threshold"), False)
        if "threshold" in cell
        else (cell.get("cv", cell.get("value")), cell.get("limit"), True)
    )
    gap = difference(value, bar)
    if gap is None:
        return DASH
    size, fits = half_up_text(abs(gap), int(places)), (gap <= 0 if at_most else gap >= 0)
    if gap == 0:
        return "恰好等于标准"
    words = {(False, True): "高出", (False, False): "还差", (True, True): "低于限值", (True, False): "超出"}
    if exact(size) == 0:
        return f"{words[at_most, fits]}不足 {plain_text(Decimal(1).scaleb(-int(places)))}"
    return f"{words[at_most, fits]} {size}"


@register.filter
def cell_class(cell) -> str:
    """CSS class of a school × indicator cell: passes, near (at or above the floor), fails, no value."""
    if not cell or cell.get("met") is None:
        return "cell-none"
    if cell["met"]:
        return "cell-pass"
    gap = difference(cell.get("value"), cell.get("floor"))
    return "cell-near" if gap is not None and gap >= 0 else "cell-fail"


@register.filter
def cell_mark(cell):
    """The sign of a school × indicator cell, read out in words: ✓, ! (fails, but at or above the floor), ✗, —."""
    look = cell_class(cell)
    if look != "cell-near":
        return mark(cell.get("met") if cell else None, "sign")
    return format_html(
        '<span class="mark mark-near"><span class="sign" aria-hidden="true">!</span><span class="unseen">{}</span></span>',
        "未达标，但不低于底线",
    )


@register.simple_tag
def rounding_note(cell, places=2):
    """The warning that the printed figure, compared with the bar, would tell another verdict."""
    bar, at_most = (cell.get("limit"), True) if "limit" in cell else (cell.get("threshold"), False)
    value = cell.get("cv", cell.get("value"))
    if not flips_when_rounded(value, bar, cell.get("met"), int(places), at_most):
        return ""
    return format_html('<span class="small">(按未四舍五入的数值 {} 判定)</span>', plain_text(half_up_text(value, 8)))


@register.simple_tag
def chip(look, text, url=""):
    """A status chip; `look` is pass, fail, warn, move or none: `{% chip "warn" "有疑点 3" %}`."""
    sign = format_html('<span class="sign" aria-hidden="true">{}</span>{}', SIGNS[look], text)
    if url:
        return format_html('<a class="chip chip-{}" href="{}">{}</a>', look, url, sign)
    return format_html('<span class="chip chip-{}">{}</span>', look, sign)


@register.inclusion_tag("components/verdict.html")
def verdict(state, title, url="", why=(), link_text="查看依据"):
    """The banner over a page: `state` is pass, fail or incomplete; `why` is a list of sentences."""
    css, sign, word = VERDICTS[state]
    return {
        "css": css,
        "sign": sign,
        "word": word,
        "title": title,
        "url": url,
        "why": [why] if isinstance(why, str) else why,
        "link_text": link_text,
    }


@register.inclusion_tag("components/tile.html")
def tile(label, cell, unit="", places=2, url="", link_text="为什么"):
    """A figure with unit, bar, margin and a link to why; `cell` has value+threshold or cv+limit, met, reason."""
    at_most = "limit" in cell
    return {
        "label": label,
        "cell": cell,
        "unit": unit,
        "places": places,
        "url": url,
        "link_text": link_text,
        "at_most": at_most,
        "value": cell.get("cv", cell.get("value")),
        "bar": cell.get("limit") if at_most else cell.get("threshold"),
        "css": MARKS[cell.get("met")][0],
    }


@register.inclusion_tag("charts/threshold.svg.html")
def bar_with_threshold(value, threshold, unit="", floor=None, met=None, at_most=False):
    """One value as a strip with the threshold as a line (and the floor as a dotted one)."""
    return {"bar": charts.ThresholdBar(value, threshold, floor, unit, met, at_most)}


@register.inclusion_tag("charts/bars.svg.html")
def bars(title, rows, limit_title="标准", unit=""):
    """Bars against limits: rows of dicts label, value, limit, met, and places."""
    return {"chart": charts.BarList(title, [charts.BarRow(**row) for row in rows], limit_title, unit)}


@register.inclusion_tag("charts/lines.svg.html")
def lines(title, categories, series, unit="", limit=None, limit_title="标准", places=2):
    """Lines over years: series of (name, values); None breaks a line."""
    return {
        "chart": charts.Plot(
            title,
            list(categories),
            [charts.Series(n, list(v)) for n, v in series],
            unit,
            limit,
            limit_title,
            places,
            "lines",
        )
    }


@register.inclusion_tag("charts/groups.svg.html")
def grouped_bars(title, categories, series, unit="", limit=None, limit_title="标准", places=2):
    """Grouped bars: series of (name, values) over categories."""
    return {
        "chart": charts.Plot(
            title,
            list(categories),
            [charts.Series(n, list(v)) for n, v in series],
            unit,
            limit,
            limit_title,
            places,
            "groups",
        )
    }


@register.inclusion_tag("charts/shares.svg.html")
def shares(title, parts, rest=False):
    """Parts of one whole: (name, share of 1); `rest`: the last one is all the others."""
    return {"chart": charts.Shares(title, list(parts), rest=rest)}


@register.inclusion_tag("charts/flows.svg.html")
def flow_chart(title, rows):
    """Flows between schools: rows of (sender, receiver, persons)."""
    return {"chart": Flows(title, list(rows))}


@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """The page's own query string with changes ("" drops a key): `<a href="{% query sort="name" page="" %}">`."""
    pairs = {**context["request"].GET.dict(), **changes}
    return "?" + urlencode({k: v for k, v in pairs.items() if v not in ("", None)})


@register.filter
def get(mapping, key):
    """mapping[key], None when absent: rows of a matrix in a template."""
    return mapping.get(key) if mapping else None


@register.simple_tag(takes_context=True)
def keep(context, *names) -> str:
    """Only these keys of the page's query string, for links to pages of the same choice: `{% keep "frozen" %}`."""
    given = context["request"].GET
    pairs = {name: given[name] for name in names if given.get(name)}
    return "?" + urlencode(pairs) if pairs else ""
