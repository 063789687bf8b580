"""One school's row of a one-row table met on two sheets: a form and a row, a sheet and its copy."""
from __future__ import annotations

from ..ledger import COUNTY, Ledger
from ..problems import Problem
from .frame import Frame
from .results import Report, Skip


def same_school_twice(ledger: Ledger, frames: list[Frame], report: Report) -> None:
    """A school of a one-row table on two sheets: equal ones count once, the fuller one is kept, contradictions are errors."""
    seen: dict[tuple[str, int], tuple[Frame, int]] = {}
    for frame in frames:
        for i in range(len(frame)) if frame.table.single else ():
            school = frame.schools[i]
            if school is None and ledger.scope != COUNTY or i in frame.dropped:
                continue
            key = (frame.table.code, school.id if school else 0)
            other, k = seen.setdefault(key, (frame, i))
            if other is not frame:
                seen[key] = _settle_twice(other, k, frame, i, report)


def _settle_twice(first: Frame, k: int, second: Frame, i: int, report: Report) -> tuple[Frame, int]:
    """The one of two rows that counts; the other is dropped when it says nothing else."""
    said = [{name: frame.values[name][at] for name in frame.texts if frame.values[name][at] not in (None, "", ())} for frame, at in ((first, k), (second, i))]
    names = [name for name in said[0].keys() & said[1].keys() if second.column(name) is not None and second.column(name).type != "ignored"]
    for name in sorted(name for name in names if said[0][name] != said[1][name]):
        second.problem("sheets-contradict", i, name, other=first.sheet(k, name), wanted=first.texts[name][k].strip())
    stored = [{name for name in one if first.table.by_field.get(name) and first.table.model_of(first.table.by_field[name])} for one in said]
    (kept, at), (gone, row) = ((second, i), (first, k)) if stored[0] < stored[1] else ((first, k), (second, i))
    gone.dropped.add(row)
    sheet, other = gone.sheets[gone.sheet_of[row]], kept.sheets[kept.sheet_of[at]]
    copies = [name for name, texts in gone.texts.items() if texts[row].strip()] if gone.turned else [""]
    report.skipped.extend(Skip(sheet, gone.rows[row], f"工作表“{other}”已有") for _ in copies)
    report.problems.append(Problem("same-sheet-twice", sheet, params={"other": other}))
    return kept, at
