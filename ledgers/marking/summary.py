"""A long list of problems made short: by rule, column and range of consecutive rows."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..problems import LEVELS
from ..reading.workbook import column_index, column_letters, position
from .task import ORDER, Found


@dataclass(frozen=True)
class Line:
    """One line of a summary. `where`: a range such as "D5:D1204", or words; `first`: the cell a click goes to."""

    level: str
    title: str
    sheet: str
    column: str
    where: str
    first: str
    count: int
    sample: str
    advice: str
    allowed: str


@dataclass(frozen=True)
class _Range:
    where: str
    first: str
    problems: Sequence[Found]


def groups_of(problems: Iterable[Found]) -> list[list[Found]]:
    """Problems of one rule and column together; the gravest first: by level, faults of the whole file or sheet, then number.
    The columns of one rule stay beside each other."""
    groups: dict[tuple, list[Found]] = {}
    rules: dict[tuple, int] = {}
    for problem in problems:
        letters = problem.cell.rstrip("0123456789") if "+" not in problem.cell else ""
        groups.setdefault((problem.level, problem.code, problem.sheet, problem.field, letters), []).append(problem)
        rules[problem.level, problem.code] = rules.get((problem.level, problem.code), 0) + 1
    ordered = sorted(
        groups.values(),
        key=lambda g: (ORDER[g[0].level], bool(g[0].cell), -rules[g[0].level, g[0].code], g[0].code, g[0].sheet, -len(g)),
    )
    return ordered


def lines_by_range(problems: Iterable[Found], allowed: Mapping[str, str], limit: int) -> list[Line]:
    """At most `limit` lines: consecutive rows of one rule and column as one range; what has no room is counted in a last line."""
    groups = groups_of(problems)
    shown, rest = _with_room(groups, limit)
    ranges = [_ranges(group) for group in shown]
    cap = _cap([len(found) for found in ranges], limit - bool(rest))
    lines = []
    for found in ranges:
        kept, left = (found, []) if len(found) <= cap else (found[: cap - 1], found[cap - 1 :])
        lines += [_line(one, allowed) for one in kept]
        if left:
            lines.append(_line(_joined(left, scattered=True), allowed))
    return [*lines, *_rest(rest)]


def lines_by_rule(problems: Iterable[Found], allowed: Mapping[str, str], limit: int) -> list[Line]:
    """At most `limit` lines, one for each rule and column."""
    shown, rest = _with_room(groups_of(problems), limit)
    return [*[_line(_joined(_ranges(group)), allowed) for group in shown], *_rest(rest)]


def _with_room(groups: list[list[Found]], limit: int) -> tuple[list[list[Found]], list[list[Found]]]:
    return (groups, []) if len(groups) <= limit else (groups[: limit - 1], groups[limit - 1 :])


def _rest(groups: list[list[Found]]) -> list[Line]:
    if not groups:
        return []
    count = sum(len(group) for group in groups)
    words = f"还有 {len(groups)} 类问题，共 {count} 处，没有逐一列出；各单元格已标色，网页上的问题清单是全的。"
    return [Line(groups[0][0].level, "其余各类", "", "", "", "", count, "", words, "")]


def _cap(needs: list[int], limit: int) -> int:
    """The most lines one group may take so that all fit."""
    cap = max(needs, default=1)
    low, high = 1, cap
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(need, middle) for need in needs) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _ranges(group: list[Found]) -> list[_Range]:
    """Runs of consecutive rows, from top to bottom; problems without one plain cell stand alone."""
    plain, odd = [], []
    for problem in group:
        if problem.cell and "+" not in problem.cell:
            plain.append((*position(problem.cell), problem))
        else:
            odd.append(_Range(_words(problem), problem.addresses[0] if problem.cell else "", [problem]))
    plain.sort(key=lambda one: one[:2])
    runs: list[list[tuple[int, int, Found]]] = []
    for one in plain:
        if runs and one[1] == runs[-1][-1][1] and one[0] - runs[-1][-1][0] <= 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return odd + [_Range(_span(run[0], run[-1]), run[0][2].cell, [one[2] for one in run]) for run in runs]


def _span(first: tuple[int, int, Found], last: tuple[int, int, Found]) -> str:
    return first[2].cell if first[0] == last[0] else f"{first[2].cell}:{last[2].cell}"


def _words(problem: Found) -> str:
    if problem.cell:
        return problem.cell
    return f"第 {problem.row} 行" if problem.row else "整张工作表" if problem.sheet else "整个文件"


def _joined(ranges: list[_Range], scattered: bool = False) -> _Range:
    """Several ranges told as one; exact when they are one."""
    problems = [problem for one in ranges for problem in one.problems]
    first = ranges[0]
    if len(ranges) == 1:
        return _Range(first.where, first.first, problems)
    words = f"其余 {len(problems)} 处，在 {_hull(problems)} 之间" if scattered else f"{_hull(problems)} 之间，分 {len(ranges)} 段"
    return _Range(words, first.first, problems)


def _hull(problems: list[Found]) -> str:
    places = [position(address) for problem in problems for address in problem.addresses]
    if not places:
        return problems[0].sheet
    rows, columns = [row for row, _ in places], [column for _, column in places]
    first, last = f"{column_letters(min(columns))}{min(rows) + 1}", f"{column_letters(max(columns))}{max(rows) + 1}"
    return f"{first}:{last}"


def _line(found: _Range, allowed: Mapping[str, str]) -> Line:
    problem = found.problems[0]
    column = problem.column
    if problem.cell and "+" not in problem.cell:
        letters = problem.cell.rstrip("0123456789")
        column = f"{letters} 列 {column}".strip() if column_index(letters) >= 0 else column
    samples = list(dict.fromkeys(one.value for one in found.problems[:50] if one.value))[:3]
    return Line(
        LEVELS[problem.level], problem.title, problem.sheet, column, found.where, found.first, len(found.problems),
        "、".join(samples), problem.sentence, allowed.get(problem.field, ""),
    )  # fmt: skip
