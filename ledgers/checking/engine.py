"""The check of a workbook against a ledger: one direction, one step after another. No ledger is known here by name."""
from __future__ import annotations

from collections.abc import Collection, Iterable

from accounts.masking import mask_name
from accounts.secrets import keyed_hashes
from jobs.collector import collector_paused

from ..columns import Column
from ..crosschecks import CROSSCHECKS, OF_SUMS
from ..ledger import COUNTY, Ledger
from ..problems import ERROR, Problem, of_notice
from ..reading.workbook import Workbook
from .context import Context
from .frame import Frame
from .matching import assign_schools, check_register, check_years
from .parts import split
from .results import Checked, Outcome, Report, Skip
from .scattered import check_forms, read_scattered
from .sheets import Sources, find_sheets, make_frames
from .telling import missing_column
from .totals import check_totals
from .twice import same_school_twice

PERSON = "person_key"  # the keyed hash of a person's number: what a fact row names a person by


def check(ledger: Ledger, workbook: Workbook, context: Context) -> Outcome:
    """Check a read workbook.

    1 find the sheets and headers · 2 read the columns, listing every repair · 3 find each row's school · 4 required cells ·
    5 repeated rows and keys · 6 the ledger's own row checks · 7 split by school · 8 checks of each part and across ledgers.
    """
    with collector_paused():
        return _check(ledger, workbook, context)


def _check(ledger: Ledger, workbook: Workbook, context: Context) -> Outcome:
    report = Report(problems=[of_notice(notice) for notice in workbook.notices])
    report.hidden = [grid.name for grid in workbook.sheets if grid.hidden]
    sources = _sources(ledger, workbook, context, report)
    if sources is None:
        return Outcome(report)
    for frame in sources.frames:
        if frame.table.extra:
            frame.beside = [other for other in sources.frames if not other.table.extra]
        _check_frame(ledger, frame, sources, context, report)
    same_school_twice(ledger, sources.frames, report)
    parts = split(ledger, sources.frames, context)
    _count(sources.frames, parts, report)
    countable = _countable(ledger, sources, context, parts)
    for part in parts:
        part.problems.extend(ledger.check_part(part, context))
        counted = countable.get(part.school.id if part.school else 0, part)
        part.problems.extend(crosscheck(part, context, OF_SUMS) if counted is None else crosscheck(counted, context))
    if ledger.one_school_each:
        persons_twice(parts, ledger.two_schools)
    if not report.accepted + report.refused and not any(p.level == ERROR for p in report.problems):
        report.problems.append(Problem("no-rows", report.layout[0].rsplit(":", 1)[0]))
    return Outcome(report, parts)


def _countable(ledger: Ledger, sources: Sources, context: Context, parts: list[Checked]) -> dict[int, Checked | None]:
    """For parts with refused rows: the part that is compared with other ledgers (school id -> part), None when a row cannot be counted.

    Without the refused rows every sum would be wrong, and told as a fault of the other ledger."""
    if not any(part.refused for part in parts):
        return {}
    made = split(ledger, sources.frames, context, for_counting=True)
    return {part.school.id if part.school else 0: None if part.uncounted else part for part in made}


def _sources(ledger: Ledger, workbook: Workbook, context: Context, report: Report) -> Sources | None:
    """The sheets of the ledger as frames, in whatever shape it has; None (and a problem) when there are none."""
    if ledger.forms:
        return read_scattered(ledger, workbook, context, report)
    found = find_sheets(ledger, workbook, context, report)
    report.layout = [f"{one.grid.name}:{one.table.title}" for one in found]
    return make_frames(found, workbook, context, report) if found else None


def crosscheck(part: Checked, context: Context, but: Collection = ()) -> list[Problem]:
    """Every check across ledgers, years and schools for one part; run again when a sibling changes and at approval."""
    return [problem for run in CROSSCHECKS if run not in but for problem in run(part, context)]


def _check_frame(ledger: Ledger, frame: Frame, sources: Sources, context: Context, report: Report) -> None:
    for column in frame.table.columns:
        if column.field in frame.texts:
            _read_column(frame, column)
    _schools_of(ledger, frame, sources, context)
    _fill_parts(frame)
    _required(ledger, frame, context, report)
    if PERSON not in frame.table.key:
        _same_rows(ledger, frame, report)
    _add_up(frame)
    ledger.complete(frame, context)
    if ledger.forms:
        check_forms(ledger, frame)
    _person_keys(ledger, frame, context)
    if PERSON in frame.table.key:
        _same_rows(ledger, frame, report)
    check_register(frame)
    check_years(frame, context)
    for problem in ledger.check_rows(frame, context):
        report.problems.append(problem)
    report.problems.extend(check_totals([total for total in sources.totals if total.frame is frame]))


def _read_column(frame: Frame, column: Column) -> None:
    name = column.field
    parsed = column.parse(frame.texts[name], frame.kinds[name], frame.units.get(name, ""))
    frame.values[name], frame.bad[name] = parsed.values, parsed.bad
    for i, code, params in parsed.remarks:
        frame.problem(code, i, name, **params)
    for i, new in parsed.repairs:
        frame.repair(i, name, new)


def _schools_of(ledger: Ledger, frame: Frame, sources: Sources, context: Context) -> None:
    """An extra table that names no school belongs to the only school of the main one; a county ledger to no school."""
    if ledger.scope == COUNTY:
        frame.schools = [None] * len(frame)
        return
    names_one = frame.has("school_code") or frame.has("school_name")
    main = [other for other in sources.frames if not other.table.extra and other.schools]
    if frame.table.extra and not names_one and main:
        known = {school.id: school for other in main for school in other.schools if school}
        if len(known) <= 1:  # no school: what is wrong was told at the main table
            frame.schools = (list(known.values()) or [None]) * len(frame)
            return
    assign_schools(frame, context, sources.titles)


def _fill_parts(frame: Frame) -> None:
    """Blank parts are nought where those that are given already make up their whole; listed as repairs, never assumed."""
    for whole, parts in frame.table.made_up.items():
        given_parts = [part for part in parts if frame.has(part)]
        for i in frame.usable() if frame.has(whole) else ():
            total, values = frame.values[whole][i], [frame.values[part][i] for part in given_parts]
            known = [v for v in values if v is not None]
            if total is None or len(known) == len(values) or sum(known) != total or any(i in frame.bad[part] for part in given_parts):
                continue
            for part in given_parts:
                if frame.values[part][i] is None:
                    frame.values[part][i] = 0
                    frame.repair(i, part, "0")


def _required(ledger: Ledger, frame: Frame, context: Context, report: Report) -> None:
    by_condition: dict[str, list[int]] = {}
    for column in frame.table.columns:
        if not column.required or (column.required is True and not frame.has(column.field)):
            continue
        if column.required is True:
            needed = range(len(frame))
        else:
            if column.required not in by_condition:
                by_condition[column.required] = ledger.needed_rows(column.required, frame, context)
            needed = by_condition[column.required]
        if frame.has(column.field):
            _blanks(frame, column, needed)
        elif needed:
            first = next(iter(frame.letters.values()), "")
            sheet = frame.sheets[frame.sheet_of[needed[0]]]
            report.problems.append(missing_column(column, sheet, None if not first else frame.header_row))


def _blanks(frame: Frame, column: Column, needed: Iterable[int]) -> None:
    values, bad, blank = frame.values[column.field], frame.bad[column.field], column.blank
    if blank is None and None not in values or blank == "" and "" not in values and None not in values:
        return
    for i in needed:
        if (values[i] is None or values[i] == blank) and i not in bad:
            frame.problem("blank-required", i, column.field, wanted=column.wanted)


def _same_rows(ledger: Ledger, frame: Frame, report: Report) -> None:
    """Identical rows: one is kept. The same key with other contents: an error on the later row."""
    fields = [name for name in frame.table.key if frame.has(name)]
    if len(fields) != len(frame.table.key) or (not fields and not frame.table.single):
        return
    seen: dict[tuple, int] = {}
    columns = [frame.values[name] for name in fields]
    compared = [texts for name, texts in frame.texts.items() if frame.column(name).type != "ignored"]
    none = 0 if ledger.scope == COUNTY else None
    schools = [school.id if school else none for school in frame.schools]
    title = "、".join(frame.headers.get(name, name) for name in fields) or "学校"
    for i, key in enumerate(zip(schools, *columns, strict=True)):
        if None in key or "" in key:
            continue
        first = seen.setdefault(key, i)
        if first == i:
            continue
        other = frame.row_named(first, beside=i)
        where = fields[-1] if fields else next(iter(frame.texts))
        if all(texts[i] == texts[first] for texts in compared):
            frame.dropped.add(i)
            frame.problem("duplicate-row", i, where, value="", other=other)
            report.skipped.append(Skip(frame.sheets[frame.sheet_of[i]], frame.rows[i], f"与{other}完全相同"))
        else:
            frame.problem("duplicate-key", i, where, other=other, key=f"“{title}”")


def _add_up(frame: Frame) -> None:
    """Sum the parts that make another field (大专 + 本科 + … = 高于规定学历), where the sheet does not give it itself."""
    sums: dict[str, list[Column]] = {}
    for column in frame.table.columns:
        if column.adds_to and frame.has(column.field):
            sums.setdefault(column.adds_to, []).append(column)
    for name, parts in sums.items():
        given = frame.values.get(name) or [None] * len(frame)
        totals = []
        for i in range(len(frame)):
            values = [v for part in parts if (v := frame.values[part.field][i]) is not None]
            totals.append(given[i] if given[i] is not None else (sum(values) if values else None))
        if not frame.has(name) or given != totals:
            places = frame.cells if frame.turned else frame.letters
            given_parts = [part for part in parts if not frame.turned or frame.values[part.field][0] is not None] or parts
            places[name] = "+".join(places[part.field] for part in given_parts)
            if parts[0].field in frame.home:
                frame.home[name] = frame.home[parts[0].field]
        frame.values[name] = totals
        frame.bad.setdefault(name, set())


def _person_keys(ledger: Ledger, frame: Frame, context: Context) -> None:
    numbers = ledger.person_numbers(frame) if ledger.person else None
    if numbers is None:
        return
    hashed = iter(keyed_hashes([number for number in numbers if number]))
    keys = [next(hashed) if number else "" for number in numbers]
    frame.values[PERSON] = ledger.known_persons(keys, frame, context)
    name = next((one for one in (ledger.person[0], *ledger.other_numbers) if one in frame.letters), None)
    if name:
        frame.letters[PERSON], frame.headers[PERSON] = frame.letters[name], frame.headers.get(name, "")


def _count(frames: list[Frame], parts: list[Checked], report: Report) -> None:
    """rows_read = accepted + refused + skipped. On a turned sheet the non-blank items are counted."""
    whole_fails = any(p.level == ERROR for p in report.problems)
    for frame in frames:
        if frame.turned and 0 in frame.dropped:
            continue  # told as the copy of another sheet
        if frame.turned:
            items = [name for name, texts in frame.texts.items() if texts[0].strip()]
            faulty = {p.field for _, p in frame.problems if p.level == ERROR and p.field in items}
            refused = len(items) if whole_fails or (frame.refused and not faulty) else len(faulty)
            report.refused, report.accepted = report.refused + refused, report.accepted + len(items) - refused
        else:
            kept = len(frame) - len(frame.dropped)
            refused = kept if whole_fails else len(frame.refused - frame.dropped)
            report.refused, report.accepted = report.refused + refused, report.accepted + kept - refused
        if any(part.school is None for part in parts):
            continue  # a county ledger: its one part has them all
        assigned = {part.school.id for part in parts if part.school}
        for i, problem in frame.problems:
            if not frame.schools[i] or frame.schools[i].id not in assigned:
                report.problems.append(problem)
        report.repairs.extend(r for i, r in frame.repairs if not frame.schools[i] or frame.schools[i].id not in assigned)
    report.rows_read = report.accepted + report.refused + len(report.skipped)


def persons_twice(parts: list[Checked], code: str) -> None:
    """A person whom two schools of one file claim: told to both, as the problem `code`."""
    holders: dict[str, list[Checked]] = {}
    if len(parts) < 2:
        return
    for part in parts:
        for key in part.ledger.claimed(part):
            holders.setdefault(key, []).append(part)
    for key, claiming in holders.items():
        if len(claiming) < 2:
            continue
        for part in claiming:
            other = next(p for p in claiming if p is not part)
            for model, rows in part.rows_by_model.items():
                if key in rows.columns.get(PERSON, ()):
                    index = rows.columns[PERSON].index(key)
                    sheet, cell, row = part.place_of(model, PERSON, index)
                    name = mask_name(part.persons[key].get("name", ""))
                    part.problems.append(Problem(code, sheet, cell, row, "姓名", "person_key", name, {"wanted": other.school.name}))
