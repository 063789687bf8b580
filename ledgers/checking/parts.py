"""Splitting checked frames by school: rows of facts by model, where they came from, and the persons they name."""
from __future__ import annotations

from ..ledger import COUNTY, Expansion, Ledger
from ..problems import ERROR, Problem
from ..reading.workbook import position
from .context import Context
from .frame import Frame
from .results import Checked, Rows

MAY_NOT_BE = frozenset({"duplicate-key", "row-of-other-year"})  # whether such a row counts at all is the question


def split(ledger: Ledger, frames: list[Frame], context: Context, for_counting: bool = False) -> list[Checked]:
    """One part per school (one in all for a county ledger), with only the rows that no error refuses.

    `for_counting`: also with refused rows whose counted fields are sound, so that sums can be compared before the rest is mended.
    """
    parts: dict[int | None, Checked] = {}
    for frame in frames:
        for school, places in _groups(ledger, frame).items():
            part = parts.get(school)
            if part is None:
                ref = next((s for s in frame.schools if s and s.id == school), None)
                part = parts[school] = Checked(ledger, ref, row_map={"sheets": frame.sheets, "targets": {}})
            _add(ledger, part, frame, places, for_counting)
    if ledger.expansions:
        for part in parts.values():
            _expand(ledger, part, [frame for frame in frames if frame.turned])
    return sorted(parts.values(), key=lambda part: part.school.code if part.school else "")


def _groups(ledger: Ledger, frame: Frame) -> dict[int | None, list[int]]:
    if ledger.scope == COUNTY:
        return {None: list(range(len(frame)))}
    groups: dict[int | None, list[int]] = {}
    for i, school in enumerate(frame.schools):
        if school is not None:
            groups.setdefault(school.id, []).append(i)
    return groups


def _add(ledger: Ledger, part: Checked, frame: Frame, places: list[int], for_counting: bool) -> None:
    wanted = set(places)
    part.problems.extend(problem for i, problem in frame.problems if i in wanted)
    part.repairs.extend(repair for i, repair in frame.repairs if i in wanted)
    part.signers.update(frame.signers)
    good = [i for i in places if i not in frame.refused and i not in frame.dropped]
    if for_counting and frame.refused:
        good, part.uncounted = _countable(frame, places)
    kept = [i for i in places if i not in frame.dropped]
    part.rows_read += len(kept)
    part.accepted += len(good)
    part.refused += len(kept) - len(good)
    for model, fields in _fields_by_model(frame).items():
        _add_rows(part, frame, model, fields, good)
    if ledger.person:
        _add_persons(ledger, part, frame, good)


def _countable(frame: Frame, places: list[int]) -> tuple[list[int], int]:
    """(rows that can be counted although something else in them is wrong, number of those that cannot)."""
    wanted = set(frame.table.counted_by)
    spoilt: dict[int, set[str]] = {}
    for i, problem in frame.problems:
        if problem.level == ERROR:
            spoilt.setdefault(i, set()).update(wanted if problem.code in MAY_NOT_BE else (problem.field,))
    kept = [i for i in places if i not in frame.dropped]
    sound = [i for i in kept if i not in frame.refused or frame.table.single or (wanted and not wanted & spoilt.get(i, wanted))]
    return sound, len(kept) - len(sound) if wanted else 0


def _fields_by_model(frame: Frame) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for column in frame.table.columns:
        model = frame.table.model_of(column)
        if model and column.field in frame.values and not column.adds_to:
            fields.setdefault(model, []).append(column.field)
    declared = {column.field for column in frame.table.columns}
    for name in frame.values:
        if name not in declared and frame.table.target and name not in fields.get(frame.table.target, ()):
            fields.setdefault(frame.table.target, []).append(name)
    return fields


def _add_rows(part: Checked, frame: Frame, model: str, fields: list[str], good: list[int]) -> None:
    if frame.table.single:
        good = [i for i in good if any(frame.values[name][i] is not None for name in fields)]
    if not good:
        return
    if frame.table.spread and model == frame.table.target:
        _spread_rows(part, frame, model, fields, good)
        return
    rows = part.rows_by_model.setdefault(model, Rows())
    for name in fields:
        column = frame.values[name]
        rows.columns.setdefault(name, [None] * len(rows)).extend([column[i] for i in good])
    rows.sheet.extend([frame.sheet_of[i] for i in good])
    rows.row.extend([frame.rows[i] for i in good])
    target = part.row_map["targets"].setdefault(model, {})
    if frame.turned:
        target.setdefault("cell", {}).update({name: frame.cells[name] for name in fields if name in frame.cells})
        if frame.home:
            target.setdefault("sheet", {}).update({name: frame.home[name] for name in fields if name in frame.home})
    elif frame.places:
        _name_places(target, frame, fields, good)
    else:
        for name in fields:
            letter = frame.letters.get(name, "")
            if "+" in letter and frame.table.single:
                cells = "+".join(f"{one}{frame.rows[good[0]]}" for one in letter.split("+"))
                target.setdefault("cell", {})[name] = cells
            elif letter:
                target.setdefault("column", {})[name] = letter
        for sheet in frame.own_letters:
            target.setdefault("columns", {}).setdefault(str(sheet), {}).update({name: frame.letter(name, sheet) for name in fields if frame.letters.get(name)})


def _name_places(target: dict, frame: Frame, fields: list[str], good: list[int]) -> None:
    """Rows swept up from several forms: the key of a row tells sheet and cell of each of its fields."""
    by = frame.table.key[0]
    for name in (name for name in fields if name in frame.places):
        at = [(str(frame.values[by][i]), frame.places[name][i], frame.homes[name][i]) for i in good if frame.places[name][i]]
        place = {"by": by, "column": {key: cell for key, cell, _ in at}, "sheet": {key: sheet for key, _, sheet in at}}
        target.setdefault("spread", {})[name] = place


def _spread_rows(part: Checked, frame: Frame, model: str, fields: list[str], good: list[int]) -> None:
    """A wide sheet: each filled column of the spread becomes a row, with what the row says of itself repeated."""
    spread = frame.table.spread
    wide = {value: name for value, name in spread.columns.items() if name in frame.values}
    own = [name for name in fields if name not in spread.columns.values()]
    rows = part.rows_by_model.setdefault(model, Rows())
    for name in (*own, spread.by, spread.field):
        rows.columns.setdefault(name, [None] * len(rows))
    for i in good:
        for value, name in wide.items():
            amount = frame.values[name][i]
            if amount is not None:
                rows.append({**{own_name: frame.values[own_name][i] for own_name in own}, spread.by: value, spread.field: amount},
                            frame.sheet_of[i], frame.rows[i])  # fmt: skip
    target = part.row_map["targets"].setdefault(model, {})
    target.setdefault("column", {}).update({name: frame.letters[name] for name in own if frame.letters.get(name)})
    letters = {str(value): frame.letters[name] for value, name in wide.items()}
    target["spread"] = {name: {"by": spread.by, "column": letters} for name in (spread.by, spread.field)}


def _expand(ledger: Ledger, part: Checked, frames: list[Frame]) -> None:
    """Counted items of a turned sheet become rows, unless the rows were listed on a sheet of their own; then the counts are compared."""
    listed = {model: len(rows) for model, rows in part.rows_by_model.items()}
    counted: dict[str, list[tuple[Frame, Expansion]]] = {}
    for frame in frames:
        if frame.schools[0] == part.school and not frame.refused:
            for expansion in ledger.expansions:
                if frame.has(expansion.field) and frame.values[expansion.field][0]:
                    counted.setdefault(expansion.model, []).append((frame, expansion))
    for model, found in counted.items():
        number = sum(frame.values[expansion.field][0] for frame, expansion in found)
        if model not in listed:
            for frame, expansion in found:
                _expand_one(part, frame, expansion)
        elif number != listed[model]:
            frame, expansion = found[0]
            place = (frame.sheet(0, expansion.field), frame.address(0, expansion.field), None, frame.headers[expansion.field], expansion.field)
            part.problems.append(Problem("counted-and-listed", *place, value=str(number), params={"found": listed[model]}))


def _expand_one(part: Checked, frame: Frame, expansion: Expansion) -> None:
    rows = part.rows_by_model.setdefault(expansion.model, Rows())
    row = position(frame.cells[expansion.field])[0] + 1
    for _ in range(frame.values[expansion.field][0]):
        rows.append(dict(expansion.values), frame.sheet_of[0], row)
    spreads = part.row_map["targets"].setdefault(expansion.model, {}).setdefault("spread", {})
    key = str(expansion.values[expansion.by])
    for name in expansion.values:
        place = spreads.setdefault(name, {"by": expansion.by, "column": {}, "sheet": {}})
        place["column"][key], place["sheet"][key] = frame.cells[expansion.field], frame.sheet_of[0]


def _add_persons(ledger: Ledger, part: Checked, frame: Frame, good: list[int]) -> None:
    fields = [name for name in ledger.person[1] if frame.has(name)]
    keys = frame.get("person_key")
    columns = [frame.values[name] for name in fields]
    for i in good:
        if keys[i]:
            said = {name: column[i] for name, column in zip(fields, columns, strict=True) if column[i]}
            part.persons[keys[i]] = {**part.persons.get(keys[i], {}), **said}
