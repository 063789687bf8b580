"""The second counting of the children: age groups, dropout, consolidation and placement, straight from the demo county's workbooks.

Shares no code with the project: openpyxl and sets of ID numbers only, written from the rules (义务教育法 art. 11; 教育统计指标;
the old 两基 form; the application form of quality balance). A child is its 18-digit number. A figure whose workbooks are not there
has no key. The demo county has rosters of one township, so these are figures of its schools.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import openpyxl

YEAR = 2026
GRADES = {f"{word}年级": n for n, word in enumerate("一二三四五六七八九", 1)} | {"高一": 10, "高二": 11, "高三": 12}
STAGES = ("primary", "junior")
AT_SCHOOL, ON_RECORD = ("", "在校"), ("", "在校", "休学")
LEFT, DIED, DROPPED = "转出", ("死亡",), ("辍学", "退学")
SPANS = {"six": (1, 6), "three": (7, 9), "nine": (1, 9)}
THREE_KINDS = ("视力残疾", "听力残疾", "智力残疾")
TAUGHT = ("随班就读", "特教班", "特教学校", "特殊教育学校", "送教上门")
Roster = dict[str, tuple[int, str]]


def figures(root: Path) -> dict[str, dict[tuple[str, str], int]]:
    """Every figure of children by the portal's name for it, as a number of the county."""
    rosters = {year: found for year in range(YEAR - 9, YEAR + 1) if (found := roster(root, year))}
    now = rosters[YEAR]
    found: dict[str, int] = {}
    for name, ledger in (("age_group", "population"), ("poor", "poverty")):
        for stage in STAGES:
            listed = {number for number in of_list(root, ledger) if stage_of_age(number) == stage}
            found[f"{name}_{stage}"] = len(listed)
            found[f"{name}_enrolled_{stage}"] = sum(learns(now.get(number), stage) for number in listed)
    _dropout(found, rosters[YEAR - 1], now)
    for span, (first, last) in SPANS.items():
        if all(YEAR - back in rosters for back in range(1, last - first + 2)):
            _consolidation(found, span, first, last, rosters)
    kinds = plans(root)
    found["three_kinds_listed"] = sum(kind in THREE_KINDS for kind, _ in kinds.values())
    found["three_kinds_placed"] = sum(kind in THREE_KINDS and place in TAUGHT for kind, place in kinds.values())
    return {code: {("", ""): number} for code, number in found.items()}


def enrolled_by_kind(root: Path) -> dict[str, tuple[int, int]]:
    """残疾类别 -> (taught somewhere, listed) of the 一人一案 workbooks."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for kind, place in plans(root).values():
        counts[kind][0] += place in TAUGHT
        counts[kind][1] += 1
    return {kind: (taught, listed) for kind, (taught, listed) in counts.items()}


def compared(root: Path) -> dict[str, int]:
    """四查三比对: how many children one list has and another lacks, by the portal's name of the comparison."""
    record = {number for number, (grade, status) in roster(root, YEAR).items() if status in ON_RECORD}
    home = school_of(root)
    lists = {name: {n for n in of_list(root, name) if stage_of_age(n)} for name in ("population", "household", "poverty")}
    present, aided = (in_school_lists(root, name) for name in ("present", "aid"))

    def missing(wanted: set[str], ledger: dict[str, set[str]]) -> int:
        named = set().union(*ledger.values())
        return len({number for number in wanted - named if home.get(number) in ledger})

    return {
        "household_no_record": len(lists["household"] - record), "population_no_record": len(lists["population"] - record),
        "poverty_no_record": len(lists["poverty"] - record), "record_not_present": missing(record, present),
        "poverty_not_present": missing(lists["poverty"] & record, present), "poverty_no_aid": missing(lists["poverty"] & record, aided),
    }  # fmt: skip


# Reading ----------------------------------------------------------------------------------------------------------


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of the first sheet as {title: text}, below the row that names the persons."""
    sheet, titles = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0], None
    for cells in sheet.iter_rows(values_only=True):
        texts = ["" if cell is None else str(cell).strip() for cell in cells]
        if titles is None:
            titles = texts if "姓名" in texts else None
        elif any(texts):
            row = dict(zip(titles, texts, strict=False))
            yield row | {"number": row.get("身份证件号") or row.get("身份证号", "")}


def workbooks(root: Path, year: int, ledger: str) -> list[Path]:
    return sorted((root / "approved" / str(year) / ledger).glob("*.xlsx"))


def roster(root: Path, year: int) -> Roster:
    """number -> (grade, 学籍状态) of every roster of a year; of a child on two the row of the school that has it still."""
    found: Roster = {}
    for path in workbooks(root, year, "pupils"):
        for row in rows(path):
            if row["number"] not in found or found[row["number"]][1] not in ON_RECORD:
                found[row["number"]] = GRADES[row["年级"]], row["学籍状态"]
    return found


def school_of(root: Path) -> dict[str, str]:
    """number -> the school that has the child on record this year."""
    found = {}
    for path in workbooks(root, YEAR, "pupils"):
        found |= {row["number"]: path.stem for row in rows(path) if row["学籍状态"] in ON_RECORD}
    return found


def of_list(root: Path, ledger: str) -> set[str]:
    return {row["number"] for path in workbooks(root, YEAR, ledger) for row in rows(path)}


def in_school_lists(root: Path, ledger: str) -> dict[str, set[str]]:
    """school -> the numbers on its list."""
    return {path.stem: {row["number"] for row in rows(path)} for path in workbooks(root, YEAR, ledger)}


def plans(root: Path) -> dict[str, tuple[str, str]]:
    """number -> (残疾类别, 安置方式)."""
    return {row["number"]: (row["残疾类别"], row["安置方式"]) for path in workbooks(root, YEAR, "disabled") for row in rows(path)}


# Counting ---------------------------------------------------------------------------------------------------------


def stage_of_age(number: str) -> str:
    """Six by 31 August enters primary school; nine years of schooling follow."""
    born, by = number[6:14], f"{YEAR}0831"
    age = int(by[:4]) - int(born[:4]) - (born[4:] > by[4:])
    return "" if not 6 <= age < 15 else "primary" if age < 12 else "junior"


def learns(entry: tuple[int, str] | None, stage: str) -> bool:
    """At this or a higher stage; not while suspended."""
    return entry is not None and entry[1] in AT_SCHOOL and (stage == "primary" or entry[0] > 6)


def _dropout(found: dict[str, int], before: Roster, now: Roster) -> None:
    for stage, grades in zip(STAGES, (range(1, 7), range(7, 10)), strict=True):
        base = {number for number, (grade, status) in before.items() if grade in grades and status in ON_RECORD}
        said = {number: now[number][1] for number in base if number in now}
        left = [number for number, status in said.items() if status == LEFT]
        out = [number for number, status in said.items() if status in DROPPED]
        paused = [number for number, status in said.items() if status == "休学"]
        died = [number for number, status in said.items() if status in DIED]
        nowhere = [number for number in base - said.keys() if before[number][0] != 9]  # grade nine has finished
        came = [
            number for number, (grade, status) in now.items()
            if grade in grades and grade not in (1, 7) and status in ON_RECORD and before.get(number, (0, LEFT))[1] not in ON_RECORD
        ]  # fmt: skip
        found[f"dropout_base_{stage}"] = len(base)
        found[f"dropout_statistics_{stage}"] = len(out)
        found[f"dropout_terminology_{stage}"] = len(paused) + len(out) + len(left) + len(nowhere)
        found[f"dropout_two_basics_{stage}"] = len(paused) + len(out) + len(died) + len(left) + len(nowhere) - len(came)


def _consolidation(found: dict[str, int], span: str, first: int, last: int, rosters: dict[int, Roster]) -> None:
    """(graduates − transfers in + transfers out) ÷ (entrants − deaths) of the cohort that finished last summer."""
    entered = {n for n, (grade, status) in rosters[YEAR - (last - first + 1)].items() if grade == first and status in ON_RECORD}
    last_seen = rosters[YEAR - 1].items()
    finished = {n for n, (grade, status) in last_seen if grade == last and status in ON_RECORD and rosters[YEAR].get(n, (0, ""))[1] in (*AT_SCHOOL, "毕业")}
    if last == 6:  # who finished primary school must be somewhere; who finished grade nine need not
        finished -= {n for n in finished if n not in rosters[YEAR]}
    fate = {n: status for year in sorted(rosters) if year > YEAR - (last - first + 1) for n, (_, status) in rosters[year].items()}
    out = {n for n in entered - finished if fate.get(n) == LEFT}
    died = {n for n in entered - finished if fate.get(n) in DIED}
    found[f"consolidation_{span}_kept"] = len(finished) - len(finished - entered) + len(out)
    found[f"consolidation_{span}_base"] = len(entered) - len(died)
