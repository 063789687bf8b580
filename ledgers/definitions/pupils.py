"""A7 学生名册: the needed columns of the national register's export; all others are recognised and dropped at the door."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from accounts.actor import Actor
from dropout.models import ChildStatus, LeftBehind
from dropout.services.children import register_children
from schools.models import Dataset
from schools.periods import census_day

from ..checking.context import Context
from ..checking.frame import Frame
from ..checking.results import Checked
from ..cleaning import split_class
from ..columns import LENGTH, Choice, Dropped, Measure, Phone, Region, Text, YearMonth, YesNo
from ..columns.base import Cell
from ..columns.choices import NO, YES
from ..ledger import Table
from ..problems import Problem
from .child_columns import (
    ATTENDS,
    BIRTH,
    CLASS,
    GRADE,
    GRADED,
    GUARDIAN,
    ID_NUMBER,
    NAME,
    PERSON_FIELDS,
    PHONE,
    REGISTRATION,
    RELATION,
    RESIDENT,
    SEX,
    ChildLedger,
    GuardianName,
    disability,
    grade_name,
    grade_of_entry,
    registration_keys,
)
from .shared import REMARKS, SCHOOL_CODE, SCHOOL_NAME, SERIAL, YEAR

REGISTERED = "registered"
FAR = 50_000  # metres
ENTRY_AGE, LAST_COMPULSORY_AGE, SENIOR_AGES = 6, 16, (15, 19)  # full years on the census day at which a grade is usual
PRESENT = ("", ChildStatus.ENROLLED.value, ChildStatus.SUSPENDED.value)  # blank: on the roster, nothing else said

DOCUMENTS = (("id", "居民身份证"), ("hongkong", "香港特区护照/身份证明"), ("macao", "澳门特区护照/身份证明"), ("taiwan", "台湾居民来往大陆通行证"),
             ("foreign", "境外永久居住证"), ("passport", "护照"), ("other", "其他"))  # fmt: skip
DOCUMENT_WORDS = {"1": "id", "身份证": "id", "6": "hongkong", "7": "macao", "8": "taiwan", "9": "foreign", "a": "passport", "z": "other", "外国人永久居留证": "foreign", "无": "other"}
STATUS_WORDS = {"在读": "enrolled", "在籍": "enrolled", "正常": "enrolled", "在籍在校": "enrolled", "就读": "enrolled", "1": "enrolled", "转学": "transferred", "已转出": "transferred",
                "退学": "out", "失学": "out", "死亡": "gone", "毕业离校": "graduated", "休学在籍": "suspended"}  # fmt: skip
STATUSES = tuple((code, word) for code, word in ChildStatus.choices if code in ("enrolled", "suspended", "transferred", "out", "graduated"))
LEFT_BEHIND_WORDS = {"0": "no", "否": "no", "非留守儿童": "no", "无": "no", "1": "one", "单亲留守儿童": "one", "2": "both", "双亲留守儿童": "both", "是": "both"}

# What else the national register's export and template carry (S14); nobody here needs it.
ELSEWHERE = (
    "出生地", "出生地行政区划", "籍贯", "民族", "国籍/地区", "港澳台侨外", "健康状况", "政治面貌", "户口性质", "入学方式", "现住址", "通信地址", "家庭地址", "邮政编码", "是否独生子女",
    "是否受过学前教育", "是否需要申请资助", "是否享受一补", "是否烈士或优抚子女", "上下学交通方式", "是否需要乘坐校车", "曾用名", "身份证件有效期", "血型", "特长", "学籍辅号", "班内学号",
    "学生来源", "电子信箱", "主页地址", "是否由政府购买学位", "姓名拼音", "照片", "学生类别",
)  # fmt: skip
ALSO_CALLED = {"国籍/地区": ("国籍", "国籍(地区)"), "出生地行政区划": ("出生地行政区划代码", "出生地代码"), "是否独生子女": ("独生子女",), "电子信箱": ("电子邮箱",), "学籍辅号": ("辅号",)}
MEMBER_KEPT = ("姓名", "关系", "联系电话", "是否监护人")
MEMBER_DROPPED = ("关系说明", "现住址", "户口所在地", "证件类型", "证件号", "民族", "工作单位", "职务")
CHINESE = {1: "一", 2: "二"}


def of_member(n: int, what: str) -> dict:
    """Header and aliases of a family member's column: 成员1姓名, 成员1/姓名 under a joined header, 家庭成员1姓名."""
    more = {"证件类型": ("身份证件类型",), "证件号": ("身份证件号", "证件号码")}.get(what, ())
    names = [f"{lead}{m}{slash}{one}" for one in (what, *more) for m in (n, CHINESE[n]) for lead in ("成员", "家庭成员") for slash in ("", "/")]
    return {"header": names[0], "aliases": tuple(names[1:])}


@dataclass(frozen=True)
class Inclusive(YesNo):
    """随班就读: the register writes the kind of disability where the answer is yes (0 no, 1 视力 …)."""

    def read(self, text: str, kind: str, unit: str) -> Cell:
        word = text.strip().removesuffix(".0").lower()
        if word not in YES | NO and ("随班" in word or word in ("2", "3", "4", "5", "6", "7", "9")):
            return Cell("非" not in word)
        return super().read(text, kind, unit)


PUPIL_COLUMNS = (
    SERIAL, YEAR, SCHOOL_CODE, SCHOOL_NAME,
    replace(NAME, aliases=("学生姓名", "姓名(学生)")), SEX, BIRTH,
    Choice("身份证件类型", "id_kind", "居民身份证", aliases=("证件类型", "学生身份证件类型"), target="", choices=DOCUMENTS, words=DOCUMENT_WORDS),
    replace(ID_NUMBER, header="身份证件号", required=RESIDENT, aliases=("身份证号", *(a for a in ID_NUMBER.aliases if a != "身份证件号")),
            help="18 位，单元格须为文本格式；证件类型为“其他”(Z)的可以不填。"),
    replace(REGISTRATION, header="全国学籍号", aliases=("学籍号", "学籍号码", "全国学籍号码", "学籍主号"), required=REGISTERED, absent_notice=True),
    replace(GRADE, required=GRADED), replace(CLASS, required=True),
    YearMonth("入学年月", "entered", "2023-09", aliases=("入学时间", "入学日期"), help="进入本学段(小学或初中)的年月。"),
    ATTENDS,
    Region("户口所在地行政区划", "household_region", "", aliases=("户口所在地", "户口所在地行政区划代码", "户口所在地代码", "户籍所在地", "户口所在地(行政区划)")),
    Choice("是否留守儿童", "left_behind", "非留守", aliases=("留守儿童", "留守情况", "是否留守"), choices=tuple(LeftBehind.choices), words=LEFT_BEHIND_WORDS,
           help="学籍口径：父母一方或双方外出三个月以上；填非留守、单亲留守或双亲留守。"),
    YesNo("是否随迁子女", "is_migrant", "否", aliases=("是否进城务工人员随迁子女", "进城务工人员随迁子女", "随迁子女")),
    disability("残疾类型", "disability", "无", "残疾类别", "残疾种类"),
    Inclusive("随班就读", "is_inclusive", "否", aliases=("是否随班就读",)),
    YesNo("是否孤儿", "is_orphan", "否", aliases=("孤儿",)),
    Choice("学籍状态", "status", "在校", aliases=("学生状态", "在校状态", "就读状态", "学籍情况"), choices=(*STATUSES, ("gone", "死亡")), words=STATUS_WORDS,
           help="在校的可以不填；已休学、转出、辍学、毕业的请写明，该行不要删去。"),
    Measure("上下学距离", "distance", "1.5", aliases=("家校距离", "离校距离"), unit="公里", units=LENGTH, high=200_000),
    replace(GUARDIAN, header="监护人姓名", aliases=("监护人", *(a for a in GUARDIAN.aliases if a != "监护人姓名"))),
    RELATION, PHONE,
    *(GuardianName(field=f"member{n}", target="", in_template=False, **of_member(n, "姓名")) for n in CHINESE),
    *(Text(field=f"member{n}_relation", target="", in_template=False, **of_member(n, "关系")) for n in CHINESE),
    *(Phone(field=f"member{n}_phone", target="", in_template=False, **of_member(n, "联系电话")) for n in CHINESE),
    *(YesNo(field=f"member{n}_guards", target="", in_template=False, **of_member(n, "是否监护人")) for n in CHINESE),
    *(Dropped(field=f"member{n}_dropped{k}", **of_member(n, what)) for n in CHINESE for k, what in enumerate(MEMBER_DROPPED)),
    *(Dropped(title, f"dropped{k}", aliases=ALSO_CALLED.get(title, ())) for k, title in enumerate(ELSEWHERE)),
    REMARKS,
)  # fmt: skip


@dataclass(frozen=True)
class PupilRoster(ChildLedger):
    """One pupil, one register: the roster says who learns where; those it no longer names are asked about."""

    one_school_each: bool = True

    def needed_rows(self, condition: str, frame: Frame, context: Context) -> list[int]:
        """RESIDENT: every document but 其他 has a number. REGISTERED: where the column is there, or no document names the child."""
        if condition == RESIDENT:
            return [i for i, kind in enumerate(frame.get("id_kind")) if kind != "other"]
        if condition == REGISTERED:
            told = frame.has("registration")
            return [i for i, number in enumerate(frame.get("id_number")) if told or not number]
        if condition == GRADED:
            bare = super().needed_rows(condition, frame, context)
            return [i for i in bare if not self._entry_grade(frame, i, context)]
        return super().needed_rows(condition, frame, context)

    @staticmethod
    def _entry_grade(frame: Frame, i: int, context: Context) -> int | None:
        """The grade by the year of entry, in the class name or in 入学年月."""
        entered, name = frame.get("entered")[i], frame.get("class_name")[i]
        began = (split_class(name)[2] if name else None) or (_began(entered) if entered else None)
        return grade_of_entry(began, frame.schools[i], context.year, context.parameters.get("primary_years")) if began else None

    def complete(self, frame: Frame, context: Context) -> None:
        self._members(frame)
        super().complete(frame, context)
        grades = frame.get("grade")
        for i in range(len(frame)):
            if grades[i] is None and i not in frame.bad.get("grade", ()):
                grades[i] = self._entry_grade(frame, i, context)
        if frame.has("registration"):
            registration_keys(frame)

    @staticmethod
    def _members(frame: Frame) -> None:
        """The family member marked 是否监护人 is the guardian, where the sheet does not name one itself."""
        if frame.has("guardian") or not (frame.has("member1") or frame.has("member2")):
            return
        guardians, relations, phones = ([] for _ in range(3))
        for i in range(len(frame)):
            marked = next((n for n in CHINESE if frame.get(f"member{n}_guards")[i]), None) or (1 if frame.get("member1")[i] else 2)
            guardians.append(frame.get(f"member{marked}")[i] or "")
            relations.append(frame.get(f"member{marked}_relation")[i] or "")
            phones.append(frame.get("phone")[i] or frame.get(f"member{marked}_phone")[i] or "")
        frame.values.update(guardian=guardians, relation=relations, phone=phones)

    def claimed(self, part: Checked) -> Iterable[str]:
        """Those the school still counts as its own: not the rows of pupils who went elsewhere."""
        rows = part.rows_by_model.get("dropout.Pupil")
        if not rows:
            return ()
        return [key for key, status in zip(rows.get("person_key"), rows.get("status"), strict=True) if key and (status or "") in PRESENT]

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        self._check_registrations(frame)
        self._check_grades(frame, context)
        yield from ()

    @staticmethod
    def _check_registrations(frame: Frame) -> None:
        """One 学籍号, one pupil."""
        seen: dict[str, int] = {}
        for i in frame.usable():
            number, keys = frame.get("registration")[i], frame.get("person_key")
            if number and keys[seen.setdefault(number, i)] != keys[i]:
                frame.problem("duplicate-key", i, "registration", other=frame.row_named(seen[number], beside=i), key="“全国学籍号”")

    def _check_grades(self, frame: Frame, context: Context) -> None:
        day, years = census_day(context.year), context.parameters.get("primary_years")
        grades, births, entered, far = (frame.get(name) for name in ("grade", "birth", "entered", "distance"))
        shown = "grade" if "grade" in frame.texts else "class_name"
        for i in frame.usable():
            grade, born = grades[i], births[i]
            if entered[i] and grade:
                first = (years + 1 if grade > years else 1) if grade <= 9 else 10
                expected = context.year - _began(entered[i]) + first
                # A pupil of a nine-year school may carry the month of its first grade.
                if grade not in (expected, expected - first + 1):
                    frame.problem("grade-differs-from-entry", i, shown, value=grade_name(grade), wanted=grade_name(expected) or f"第 {expected} 年")
            if born and grade:
                low, high = (ENTRY_AGE, ENTRY_AGE + years) if grade <= years else (ENTRY_AGE + years, LAST_COMPULSORY_AGE) if grade <= 9 else SENIOR_AGES
                age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
                if not low <= age <= high:
                    frame.problem("age-unusual-for-grade", i, shown, value="", found=age, wanted=grade_name(grade), low=low, high=high)
            if far[i] is not None and far[i] > FAR:
                low, high = ("0公里", f"{FAR // 1000}公里")
                frame.problem("unit-doubtful", i, "distance", what="上下学距离", found=f"{float(Fraction(far[i], 1000)):g}公里", low=low, high=high)

    def after_commit(self, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> None:
        """The child register learns the pupils; those missing from the new roster become 未知 there."""
        register_children(dataset=dataset, persons=persons, by=by)


def _began(entered: int) -> int:
    """The school year a month of entry belongs to: spring entrants joined the year that was running."""
    return entered // 100 if entered % 100 >= 7 else entered // 100 - 1


PUPILS = PupilRoster(
    code="pupils",
    title="学生名册",
    order=90,
    tables=(Table("main", "学生名册", PUPIL_COLUMNS, target="dropout.Pupil", key=("person_key",),
                  counted_by=("grade", "class_name", "status", "id_number", "registration"), note="每名学生一行；直接用全国学籍系统导出的表即可，用不到的列不读取、不保存。"),),
    person=("id_number", PERSON_FIELDS[:-1]),
    two_schools="pupil-in-two-schools",
    other_numbers=("registration",),
    note="统计时点 9 月 1 日有学籍的学生。姓名、证件号码、学籍号、监护人和电话只存入加密的学生登记，不进入统计数据。",
)
