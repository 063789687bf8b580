"""The register of schools: the only way townships, schools, campuses and points come to exist.

read_register turns the workbook of contracts §1 into plain rows or named problems; apply_register writes them.
Re-running updates what is named and leaves the rest; a change of name, code or type becomes a dated version and event.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from jobs import outbox

from . import codes
from .datasets import bump, lock_county
from .models import County, School, SchoolAlias, SchoolEvent, SchoolKind, SchoolVersion, Township
from .periods import census_day, current_school_year

SCHOOL_SHEET, TOWNSHIP_SHEET = "学校", "乡镇"
NEEDED = ("学校(机构)标识码", "学校名称", "办学类型", "举办者类型", "城乡类型", "乡镇(街道)")
OPTIONAL = (
    "单位性质",
    "上级标识码",
    "别名代码",
    "曾用名",
    "建校年份",
    "是否寄宿制",
    "是否人口密集中心城区",
    "启用日期",
    "停用日期",
)
HEADER_ALIASES = {
    "标识码": NEEDED[0],
    "学校标识码": NEEDED[0],
    "学校代码": NEEDED[0],
    "名称": NEEDED[1],
    "乡镇": NEEDED[5],
    "所在乡镇": NEEDED[5],
}
KINDS = {
    "": "whole",
    "本部": "whole",
    "校区": "campus",
    "教学点": "point",
    "whole": "whole",
    "campus": "campus",
    "point": "point",
}
YES, NO = {"是", "1", "Y", "y", "√", "有"}, {"否", "0", "N", "n", "×", "无"}


@dataclass(frozen=True)
class RegisterProblem:
    """A fault in the register workbook, by sheet, cell and wording; level error or notice."""

    level: str
    code: str
    sheet: str
    cell: str
    message: str

    def as_json(self) -> dict[str, str]:
        return self.__dict__.copy()


@dataclass
class Register:
    """What a register workbook says: townships and schools as plain dicts, and the problems found."""

    townships: list[dict[str, str]] = field(default_factory=list)
    schools: list[dict[str, Any]] = field(default_factory=list)
    problems: list[RegisterProblem] = field(default_factory=list)

    @property
    def errors(self) -> list[RegisterProblem]:
        return [p for p in self.problems if p.level == "error"]


def _clean(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\u3000", " ").strip()


def _header(value: object) -> str:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", _clean(value))).lstrip("*★")
    return HEADER_ALIASES.get(text, text)


def _sheet_rows(sheet) -> tuple[dict[str, int], list[tuple[int, tuple]]]:
    """The header (name -> column index) of the first of 10 rows that holds the wanted words, and the rows below it."""
    rows = list(sheet.iter_rows(values_only=True))
    for index, row in enumerate(rows[:10]):
        header = {_header(v): i for i, v in enumerate(row) if _header(v)}
        if "学校名称" in header or "乡镇名称" in header:
            body = [(index + 2 + n, r) for n, r in enumerate(rows[index + 1 :]) if any(_clean(v) for v in r)]
            return header, body
    return {}, []


def read_register(path: str) -> Register:
    """Read the workbook. Every fault is a RegisterProblem naming sheet and cell; nothing is written."""
    register = Register()
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception:  # openpyxl raises many kinds on a broken file; to the person they are one
        register.problems.append(
            RegisterProblem("error", "broken-file", "", "", "文件无法打开，请确认是 .xlsx 工作簿并重新另存后再试。")
        )
        return register
    if SCHOOL_SHEET not in book.sheetnames:
        register.problems.append(
            RegisterProblem(
                "error", "missing-sheet", SCHOOL_SHEET, "", "没有找到名为“学校”的工作表，请按学校名录模板填写。"
            )
        )
        return register
    if TOWNSHIP_SHEET in book.sheetnames:
        _read_townships(book[TOWNSHIP_SHEET], register)
    _read_schools(book[SCHOOL_SHEET], register)
    return register


def _read_townships(sheet, register: Register) -> None:
    header, rows = _sheet_rows(sheet)
    for _, row in rows:
        value = {name: _clean(row[i]) for name, i in header.items() if i < len(row)}
        if value.get("乡镇名称"):
            register.townships.append(
                {"name": value["乡镇名称"], "code": value.get("乡镇代码", ""), "centre": value.get("中心校标识码", "")}
            )


def _read_schools(sheet, register: Register) -> None:
    header, rows = _sheet_rows(sheet)
    absent = [name for name in NEEDED if name not in header]
    if absent:
        register.problems.append(
            RegisterProblem(
                "error", "missing-column", SCHOOL_SHEET, "", f"“学校”表缺少列：{'、'.join(absent)}，请补上后重新导入。"
            )
        )
        return
    seen: dict[str, int] = {}
    for number, row in rows:
        reader = _RowReader(register, header, number, row)
        school = reader.school()
        if school is None:
            continue
        if school["code"] in seen:
            reader.problem(
                "error",
                "duplicate-key",
                NEEDED[0],
                f"标识码“{school['code']}”与第{seen[school['code']]}行重复，同一所学校只能有一行。",
            )
        seen[school["code"]] = number
        register.schools.append(school)
    known = set(seen)
    for school in register.schools:
        if school["parent"] and school["parent"] not in known:
            school["parent_outside"] = True


class _RowReader:
    """One row of the sheet 学校, cell by cell."""

    def __init__(self, register: Register, header: dict[str, int], number: int, row: tuple) -> None:
        self.register, self.header, self.number, self.row = register, header, number, row

    def text(self, name: str) -> str:
        index = self.header.get(name)
        return _clean(self.row[index]) if index is not None and index < len(self.row) else ""

    def problem(self, level: str, code: str, name: str, message: str) -> None:
        cell = f"{openpyxl.utils.get_column_letter(self.header[name] + 1)}{self.number}" if name in self.header else ""
        self.register.problems.append(
            RegisterProblem(level, code, SCHOOL_SHEET, cell, f"“学校”表第{self.number}行 {name}：{message}")
        )

    def coded(self, name: str, table: dict[str, str], aliases: dict[str, str]) -> str:
        text = self.text(name)
        code = codes.lookup(unicodedata.normalize("NFKC", text), table, aliases)
        if code is None:
            sample = "、".join(f"{k} {v}" for k, v in list(table.items())[:6])
            self.problem("error", "not-in-list", name, f"“{text}”不在代码表内，请填写代码或名称（如 {sample} ……）。")
        return code or ""

    def yes_no(self, name: str) -> bool | None:
        text = self.text(name)
        if text and text not in YES | NO:
            self.problem("error", "not-in-list", name, f"“{text}”应填写“是”或“否”。")
        return True if text in YES else False if text in NO else None

    def date(self, name: str) -> dt.date | None:
        text = self.text(name)
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", text)
        try:
            return dt.date(*map(int, found.groups())) if found else self._bad_date(name, text)
        except ValueError:
            return self._bad_date(name, text)

    def _bad_date(self, name: str, text: str) -> None:
        self.problem("error", "not-a-date", name, f"“{text}”不是日期，请写成 2019-09-01 的形式。")

    def school(self) -> dict[str, Any] | None:
        code, name = self.text(NEEDED[0]), self.text(NEEDED[1])
        if not code and not name:
            return None
        for column, value in ((NEEDED[0], code), (NEEDED[1], name)):
            if not value:
                self.problem("error", "missing-value", column, "没有填写，请补上。")
        if code and not re.fullmatch(r"\d{10}", code):
            self.problem(
                "notice", "unusual-code", NEEDED[0], f"“{code}”不是 10 位数字，请核对；若为本县自编代码可忽略。"
            )
        kind = KINDS.get(self.text("单位性质"))
        if kind is None:
            self.problem("error", "not-in-list", "单位性质", f"“{self.text('单位性质')}”应为 本部、校区 或 教学点。")
        year = self.text("建校年份").rstrip("年")
        if year and not re.fullmatch(r"(18|19|20)\d\d", year):
            self.problem("error", "not-a-year", "建校年份", f"“{year}”不是四位年份，请填写如 1998。")
            year = ""
        return {
            "code": code,
            "name": name,
            "kind": kind or SchoolKind.WHOLE.value,
            "type_code": self.coded("办学类型", codes.SCHOOL_TYPES, codes.TYPE_ALIASES),
            "sponsor_code": self.coded("举办者类型", codes.SPONSORS, codes.SPONSOR_ALIASES),
            "area_code": self.coded("城乡类型", codes.AREAS, codes.AREA_ALIASES),
            "township": self.text("乡镇(街道)"),
            "parent": self.text("上级标识码"),
            "alias_codes": _several(self.text("别名代码")),
            "former_names": _several(self.text("曾用名")),
            "built_year": int(year) if year else None,
            "is_boarding": self.yes_no("是否寄宿制"),
            "is_dense_centre": self.yes_no("是否人口密集中心城区"),
            "opened_on": self.date("启用日期"),
            "closed_on": self.date("停用日期"),
        }


def _several(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、,，;；]", text) if part.strip()]


@transaction.atomic
def apply_register(register: Register, *, county_code: str, county_name: str, by: Actor) -> dict[str, int]:
    """Write a register without errors; returns counts of created, changed and unchanged schools and townships."""
    county, _ = County.objects.get_or_create(code=county_code, defaults={"name": county_name})
    county = lock_county(county)
    if county_name and county.name != county_name:
        county.name = county_name
        county.save(update_fields=["name"])
    counts = {"townships": 0, "created": 0, "changed": 0, "unchanged": 0}
    townships = _write_townships(county, register, counts)
    held = {school.code: school for school in School.objects.filter(county=county)}
    for row in register.schools:
        held[row["code"]] = _write_school(county, row, townships, held, counts)
    _link_parents(register, held)
    _link_centres(register, townships, held)
    version = bump(county)
    audit.record(
        "register.applied", by=by, county=county.code, object=f"county/{county.code}", data_version=version, **counts
    )
    outbox.announce("register_changed", county.code, county=county.code)
    return counts


def _write_townships(county: County, register: Register, counts: dict[str, int]) -> dict[str, Township]:
    held = {t.name: t for t in Township.objects.filter(county=county)}
    named = {t["name"]: t for t in register.townships}
    for name in dict.fromkeys([*named, *(s["township"] for s in register.schools if s["township"])]):
        if name not in held:
            held[name] = Township.objects.create(county=county, name=name)
            counts["townships"] += 1
        code = named.get(name, {}).get("code", "")
        if code and held[name].code != code:
            held[name].code = code
            held[name].save(update_fields=["code"])
    return held


PLAIN = (
    "name",
    "kind",
    "type_code",
    "sponsor_code",
    "area_code",
    "built_year",
    "is_boarding",
    "is_dense_centre",
    "opened_on",
    "closed_on",
)
VERSIONED = ("name", "type_code", "sponsor_code", "area_code", "township_id")


def _write_school(
    county: County, row: dict, townships: dict[str, Township], held: dict[str, School], counts: dict[str, int]
) -> School:
    township = townships.get(row["township"])
    school = held.get(row["code"])
    if school is None:
        school = School.objects.create(
            county=county, code=row["code"], township=township, **{name: row[name] for name in PLAIN}
        )
        _add_version(school, row["opened_on"] or dt.date(row["built_year"] or 1949, 1, 1))
        counts["created"] += 1
    else:
        before = {name: getattr(school, name) for name in (*PLAIN, "township_id")}
        # An empty cell leaves what is known; only named values change.
        for name in PLAIN:
            if row[name] not in (None, ""):
                setattr(school, name, row[name])
        school.township = township or school.township
        changed = [name for name, value in before.items() if getattr(school, name) != value]
        counts["changed" if changed else "unchanged"] += 1
        if changed:
            school.save()
        _record_change(school, before, changed)
    _write_aliases(school, row, county)
    return school


def _record_change(school: School, before: dict, changed: list[str]) -> None:
    """A change of name, type or place becomes a dated version and, for name and type, an event."""
    if not set(changed) & set(VERSIONED):
        return
    today = timezone.localdate()
    _add_version(school, today)
    if "name" in changed:
        SchoolEvent.objects.create(school=school, kind="rename", on=today, note=f"原名：{before['name']}")
        SchoolAlias.objects.get_or_create(
            school=school, county_id=school.county_id, kind="name", text=before["name"], defaults={"source": "更名"}
        )
    if "type_code" in changed:
        SchoolEvent.objects.create(
            school=school,
            kind="retype",
            on=today,
            note=f"原办学类型：{codes.SCHOOL_TYPES.get(before['type_code'], before['type_code'])}",
        )


def _add_version(school: School, on: dt.date) -> None:
    first = census_day(current_school_year(timezone.localdate()))
    SchoolVersion.objects.update_or_create(
        school=school,
        valid_from=min(on, first) if not school.versions.exists() else on,
        defaults={
            "code": school.code,
            "name": school.name,
            "type_code": school.type_code,
            "sponsor_code": school.sponsor_code,
            "area_code": school.area_code,
            "township": school.township,
        },
    )


def _write_aliases(school: School, row: dict, county: County) -> None:
    for kind, texts in (("code", row["alias_codes"]), ("name", row["former_names"])):
        for text in texts:
            SchoolAlias.objects.get_or_create(
                school=school, county=county, kind=kind, text=text, defaults={"source": "学校名录"}
            )


def _link_parents(register: Register, held: dict[str, School]) -> None:
    for row in register.schools:
        if row["parent"]:
            parent = held.get(row["parent"])
            if parent is None or parent.pk == held[row["code"]].pk:
                raise UnknownParent(f"“{row['name']}”的上级标识码“{row['parent']}”在名录中找不到，请核对后重新导入。")
            School.objects.filter(pk=held[row["code"]].pk).update(parent=parent)


def _link_centres(register: Register, townships: dict[str, Township], held: dict[str, School]) -> None:
    for row in register.townships:
        if row["centre"]:
            if row["centre"] not in held:
                raise UnknownParent(
                    f"乡镇“{row['name']}”的中心校标识码“{row['centre']}”在名录中找不到，请核对后重新导入。"
                )
            Township.objects.filter(pk=townships[row["name"]].pk).update(centre_school=held[row["centre"]])


class UnknownParent(ValueError):
    """A parent or centre school that the register does not know; the message is a Chinese sentence."""


@transaction.atomic
def update_school(school: School, values: dict[str, Any], *, by: Actor) -> None:
    """Change one school from the browser; what is versioned becomes a dated version, what changed is logged."""
    county = lock_county(school.county_id)
    school.refresh_from_db()
    before = {name: getattr(school, name) for name in (*PLAIN, "township_id")}
    for name, value in values.items():
        setattr(school, name, value)
    changed = [name for name, value in before.items() if getattr(school, name) != value]
    if not changed:
        return
    school.save()
    _record_change(school, before, changed)
    version = bump(county)
    audit.record(
        "school.changed",
        by=by,
        county=county.code,
        object=f"school/{school.code}",
        fields=changed,
        data_version=version,
    )
    outbox.announce("register_changed", county.code, county=county.code)
