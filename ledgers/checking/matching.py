"""Which school a row is about: by code, by name or alias, by the title line or by the choice at upload."""
from __future__ import annotations

import difflib
from collections.abc import Iterator

from schools.factset import SchoolRef

from ..cleaning import name_key
from ..ledger import SCHOOL_YEAR
from ..problems import Problem
from .context import Context
from .frame import Frame
from .titles import Title

FILLED_FROM_MONTH = 6
SHORTEST_NAME = 4
TOGETHER = frozenset("含及和与、,，")  # “中心小学(含王庄教学点)” speaks of both


def assign_schools(frame: Frame, context: Context, titles: list[Title]) -> None:
    """Fill `frame.schools`; a row whose school is unknown, foreign or contradictory is refused with a problem."""
    codes = frame.get("school_code") if frame.has("school_code") else [""] * len(frame)
    names = frame.get("school_name") if frame.has("school_name") else [""] * len(frame)
    answers: dict[tuple[str, str, int], tuple] = {}
    frame.schools = [None] * len(frame)
    for i in range(len(frame)):
        key = (codes[i] or "", names[i] or "", frame.sheet_of[i])
        if key not in answers:
            answers[key] = _answer(key[0], key[1], titles[key[2]], context)
        school, code, field_name, params = answers[key]
        frame.schools[i] = school
        if code:
            if field_name == "school_code" and not frame.has("school_code") and frame.has("school_name"):
                field_name = "school_name"  # the cell in which a school could have been named
            params = dict(params)
            frame.problem(code, i, field_name, value=params.pop("value", None), **params)


def _answer(code: str, name: str, title: Title, context: Context) -> tuple[SchoolRef | None, str, str, dict]:
    """(school, problem code or "", field, params)."""
    found, field_name, said = _named(code, name, title, context)
    if isinstance(found, tuple):
        return None, found[0], field_name, found[1]
    chosen = context.school
    if found is None or isinstance(found, SchoolRef) and _by_title_alone(code, name, field_name, found, context):
        if chosen is None:
            return None, "no-school", "school_code", {"value": ""}
        return chosen, "", "", {}
    if chosen is not None and found.id != chosen.id and found.id not in context.covers:  # campuses and points too file their own facts, under their own code
        return None, "other-school", field_name, {"value": said, "wanted": chosen.name}
    if not context.may_file(found):
        return None, "not-allowed-school", field_name, {"value": said}
    if code and name and not _same_name(found, name, context):
        return _name_differs(found, name, context)
    return found, "", "", {}


def _by_title_alone(code: str, name: str, field_name: str, found: SchoolRef, context: Context) -> bool:
    """Another school named by the title alone: `check_title` tells it once, not in every row."""
    chosen = context.school
    return chosen is not None and not code and not name and field_name == "school_name" and found.id not in (chosen.id, *context.covers)


def _named(code: str, name: str, title: Title, context: Context):
    """(school | None | (problem code, params), field, what the sheet says)."""
    if code:
        school = context.schools.get(code)
        if school is None:
            return ("unknown-school", {"value": code, "near": _near_code(name, context)}), "school_code", code
        return school, "school_code", code
    if name:
        return _by_name(name, context), "school_name", name
    if title.code and title.code in context.schools:
        return context.schools[title.code], "school_code", title.code
    if title.school and (known := context.names.get(name_key(title.school))) and len(known) == 1:
        return known[0], "school_name", title.school
    return None, "school_code", ""


def _by_name(name: str, context: Context):
    known = context.names.get(name_key(name), [])
    if not known and context.county_name:
        known = context.names.get(name_key(name.removeprefix(context.county_name)), []) or context.names.get(
            name_key(context.county_name + name), []
        )
    if len(known) == 1:
        return known[0]
    if known:
        if context.school is not None and context.school in known:
            return context.school
        return "ambiguous-school", {"value": name, "count": len(known), "wanted": "、".join(s.code for s in known)}
    return "unknown-school", {"value": name, "near": _near_name(name, context)}


def school_called(text: str, context: Context) -> SchoolRef | tuple[str, dict]:
    """The school of the register that a code, name or alias means; else (problem code, params)."""
    return context.schools.get(text.strip()) or _by_name(text, context)


def _same_name(school: SchoolRef, name: str, context: Context) -> bool:
    """Also with the county's name in front, or without it."""
    bare = name.removeprefix(context.county_name) if context.county_name else name
    keys = {name_key(name), name_key(bare), name_key(context.county_name + name)}
    return name_key(school.name) in keys or any(s.id == school.id for key in keys for s in context.names.get(key, ()))


def _name_differs(school: SchoolRef, name: str, context: Context) -> tuple[SchoolRef | None, str, str, dict]:
    known = context.names.get(name_key(name), [])
    if known:
        return None, "code-and-name-differ", "school_name", {"value": name, "wanted": school.name}
    return school, "differs-from-register", "school_name", {"value": name, "wanted": school.name}


def _near_name(name: str, context: Context) -> str:
    near = difflib.get_close_matches(name_key(name), list(context.names), n=2, cutoff=0.6)
    found = [context.names[key][0].name for key in near]
    return f"，名录中相近的有：{'、'.join(dict.fromkeys(found))}" if found else ""


def _near_code(name: str, context: Context) -> str:
    known = context.names.get(name_key(name), []) if name else []
    return f"，“{name}”的登记标识码是 {known[0].code}" if known else ""


def check_title(title: Title, context: Context, sheet: str, address) -> Iterator[Problem]:
    """The title line against the choice at upload: another school is an error, another year a doubt."""
    for said, at in title.schools if context.school is not None else ():
        known = context.names.get(name_key(said), [])
        if known and all(s.id != context.school.id and s.id not in context.covers for s in known):
            yield Problem("other-school", sheet, address(*at), value=said, params={"wanted": context.school.name})
    if _other_year(title, context):
        wanted = f"{context.year}-{context.year + 1}学年" if context.clock == SCHOOL_YEAR else f"{context.year} 年度"
        yield Problem("other-year", sheet, address(*title.year_at), value=title.year_text, params={"wanted": wanted})


def _other_year(title: Title, context: Context) -> bool:
    """A school year runs over two years, so a plain "2026年" may mean 2025-2026; a form filled in before June is an old one.
    A form filled in long afterwards may well be handed in for a past year."""
    year = context.year
    if context.clock != SCHOOL_YEAR:
        return title.of_year is not None and title.of_year != year
    if title.year is not None:
        return title.year != year
    if title.of_year is not None:
        return title.of_year not in (year, year + 1)
    return title.dated is not None and title.dated < (year, FILLED_FROM_MONTH)


def name_in_title(title: Title, sheet: str, context: Context) -> None:
    """A school of the register that the title names without a label ("东关小学班级情况表"), or whose name the sheet bears."""
    if title.school:
        return
    for text, at in title.lines:
        if found := school_mentioned(name_key(text), context):
            title.name(found, at)
            return
    if name_key(sheet) in context.names:
        title.name(sheet, (0, 0))


def school_mentioned(line: str, context: Context) -> str:
    """The school a line names: the chosen one where it is named, but a point of it named behind it goes before; else the
    longest name; "" where none, or no single one, is named."""
    found = [(key, schools) for key, schools in context.names.items() if key in line and (len(key) >= SHORTEST_NAME or line.startswith(key))]
    if not found:
        return ""
    longest = max(len(key) for key, _ in found)
    named = [schools[0] for key, schools in found if len(key) == longest]
    chosen = context.school
    if chosen is not None and any(chosen.id == school.id for _, schools in found for school in schools):
        points = [s for key, schools in found for s in schools if s.parent_id == chosen.id and line[: line.index(key)][-1:] not in TOGETHER]
        return points[0].name if points else chosen.name
    if chosen is not None and any(school.id == chosen.parent_id for school in named):
        return ""  # a point's form often bears the name of its school
    return named[0].name if len(named) == 1 else ""


def check_years(frame: Frame, context: Context) -> None:
    """A year beside the rows: rows of another year among those of this one are errors, a whole sheet of another year a doubt."""
    name = next((column.field for column in frame.table.columns if column.identity == "year"), "")
    if not frame.has(name):
        return
    said = {i: years for i in frame.usable() if (years := frame.values[name][i])}
    fiscal = context.clock != SCHOOL_YEAR
    others = [i for i, years in said.items() if (years[0] != context.year if fiscal else context.year not in years)]
    wanted = f"{context.year} 年度" if fiscal else f"{context.year}-{context.year + 1}学年"
    if len(others) < len(said):
        for i in others:
            frame.problem("row-of-other-year", i, name, wanted=wanted)
    elif others:
        frame.problem("other-year", others[0], name, wanted=wanted)


def check_register(frame: Frame) -> None:
    """Type, sponsor, area and township of a row against the register."""
    checks = (("school_type", "type_code"), ("sponsor", "sponsor_code"), ("area", "area_code"))
    for name, attribute in checks:
        column = frame.column(name)
        if not frame.has(name) or column is None or not column.identity:
            continue  # a room's 面积 is called area too, and says nothing of the register
        for i in frame.usable():
            school, codes = frame.schools[i], frame.values[name][i]
            if school and codes and getattr(school, attribute) and getattr(school, attribute) not in codes:
                word = column.codes.get(getattr(school, attribute), getattr(school, attribute))
                frame.problem("differs-from-register", i, name, wanted=word)
    column = frame.column("township")
    if frame.has("township") and column is not None and column.identity:  # a household's 乡镇 says nothing of the school
        for i in frame.usable():
            school, said = frame.schools[i], frame.values["township"][i]
            if school and said and school.township and name_key(said) != name_key(school.township):
                frame.problem("differs-from-register", i, "township", wanted=school.township)
