"""The three sheets that a marked workbook begins with: 说明, 必改, 汇总."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ..problems import LEVELS
from .own import COLOURS, HELP, OPENINGS, SUMMARY, TO_MEND
from .rows import SheetPage
from .styles import StyleTable
from .summary import Line, lines_by_range, lines_by_rule
from .task import Task

_MEANING = {
    "error": "必须改正。改正以前不能报送。",
    "doubt": "请核对：有误就改正；无误请在网页上说明原因，说明一次即可。",
    "notice": "供参考，不影响报送。",
}
_STEPS = (
    "先看“必改”：每一行是一类错误，写着在哪里、填了什么、应当怎样填。点“位置”一栏可直接跳到那个单元格。",
    "回到您自己的工作表改正带颜色的单元格。把鼠标停在单元格上，可以看到批注里的具体说明。",
    "“必改”改完后看“汇总”里的疑点：有误就改，无误就在网页上说明原因。",
    "保存后直接上传本文件即可：“说明”“必改”“汇总”三张表和本系统的批注会自动跳过，颜色不影响检查，不必删除。",
)
_RANGE_HEADS = ("序号", "问题", "工作表", "列", "位置", "处数", "填写的内容（示例）", "问题与改法", "可填写的内容")
_RULE_HEADS = ("级别", "问题", "工作表", "列", "位置", "处数", "填写的内容（示例）", "问题与改法", "可填写的内容")
_WIDTHS = (8, 20, 16, 22, 26, 8, 24, 70, 40)


@dataclass(frozen=True)
class Looks:
    """Style indices of our own sheets."""

    title: int
    head: int
    body: int
    quoted: int
    link: int
    bold: int
    grounds: Mapping[str, int]

    @classmethod
    def in_table(cls, styles: StyleTable) -> Looks:
        border, bold = styles.thin_border(), styles.font(bold=True)
        plain, link = styles.font(), styles.font(colour="0B5CAD", underlined=True)
        return cls(
            title=styles.format(font=styles.font(size=14, bold=True)),
            head=styles.format(font=bold, fill=styles.fill("E8EDF3"), border=border, wrap=True),
            body=styles.format(font=plain, border=border, wrap=True),
            quoted=styles.format(font=plain, border=border, wrap=True, quoted=True),
            link=styles.format(font=link, border=border, wrap=True),
            bold=styles.format(font=bold),
            grounds={level: styles.format(font=plain, fill=styles.ground(level), border=border, wrap=True) for level in COLOURS},
        )

    def of(self, value: object) -> int:
        """A text that begins with = + - @ stays a text when somebody edits it."""
        return self.quoted if isinstance(value, str) and value[:1] in "=+-@＝＋－＠" and value else self.body


@dataclass(frozen=True)
class Told:
    """What the help sheet has to say of the marking itself: `remarks` are whole sentences."""

    remarks: tuple[str, ...] = ()


def own_pages(task: Task, looks: Looks, names: Mapping[str, str], told: Told) -> dict[str, SheetPage]:
    """The three sheets by their name; `names` maps the sheets as read to the sheets as shown, for the links."""
    errors = [problem for problem in task.problems if problem.level == "error"]
    return {
        HELP: _help(task, looks, told),
        TO_MEND: _to_mend(lines_by_range(errors, task.allowed, task.lines), looks, names, len(errors)),
        SUMMARY: _summary(lines_by_rule(task.problems, task.allowed, task.lines), looks, names),
    }


def _help(task: Task, looks: Looks, told: Told) -> SheetPage:
    page = SheetPage(widths=(16, 110))
    page.add([(OPENINGS[HELP], looks.title)])
    page.add([("这是您上传的工作簿，内容一字未改：有问题的单元格涂了颜色并加了批注，前面加了三张表。", 0)])
    page.add([])
    for label, value in task.facts:
        page.add([(label, looks.head), (value, looks.of(value))])
    page.add([])
    counts = Counter(problem.level for problem in task.problems)
    page.add([("颜色", looks.head), ("含义", looks.head)])
    for level, name in LEVELS.items():
        page.add([(name, looks.grounds[level]), (f"{counts[level]} 处。{_MEANING[level]}", looks.body)])
    page.add([])
    page.add([("怎样改", looks.bold)])
    for number, step in enumerate(_STEPS, start=1):
        page.add([(f"第 {number} 步", looks.head), (step, looks.body)])
    if told.remarks:
        page.add([])
        page.add([("请注意", looks.bold)])
        for remark in told.remarks:
            page.add([("", 0), (remark, looks.body)])
    return page


def _to_mend(lines: list[Line], looks: Looks, names: Mapping[str, str], count: int) -> SheetPage:
    page = SheetPage(widths=_WIDTHS, frozen_rows=3)
    page.add([(OPENINGS[TO_MEND], looks.title)])
    words = f"共 {count} 处错误，归为 {len(lines)} 行，重要的在前。" if count else "没有必须改正的错误。疑点和提示见“汇总”。"
    page.add([(words, 0)])
    page.add([(head, looks.head) for head in _RANGE_HEADS])
    for number, line in enumerate(lines, start=1):
        _add(page, (number, looks.body), line, looks, names)
    return page


def _summary(lines: list[Line], looks: Looks, names: Mapping[str, str]) -> SheetPage:
    page = SheetPage(widths=_WIDTHS, frozen_rows=3)
    page.add([(OPENINGS[SUMMARY], looks.title)])
    page.add([("错误、疑点、提示按规则和列归总；“位置”给出第一处。", 0)])
    page.add([(head, looks.head) for head in _RULE_HEADS])
    levels = {name: level for level, name in LEVELS.items()}
    for line in lines:
        _add(page, (line.level if line.level in levels else "", looks.grounds[levels.get(line.level, line.level)]), line, looks, names)
    return page


def _add(page: SheetPage, lead: tuple[object, int], line: Line, looks: Looks, names: Mapping[str, str]) -> None:
    linked = bool(line.first and line.sheet in names)
    page.add([
        lead, (line.title, looks.body), (line.sheet, looks.of(line.sheet)), (line.column, looks.of(line.column)),
        (line.where, looks.link if linked else looks.body), (line.count, looks.body), (line.sample, looks.of(line.sample)),
        (line.advice, looks.of(line.advice)), (line.allowed, looks.of(line.allowed)),
    ])  # fmt: skip
    if linked:
        page.link(4, names[line.sheet], line.first)
