"""What the ledgers about children share: who the child is, where it learns and lives, who answers for it at home.

Names, numbers, phones and addresses go to the child register only (`person`); fact rows name a child by its key.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.secrets import keyed_hashes
from dropout.models import AttendsAs, Disability
from dropout.services.children import known_by_registration
from schools.codes import GRADE_NAMES, stages_of_type
from teachers.models import Sex

from ..checking.context import Context
from ..checking.frame import Frame
from ..cleaning import name_key, split_class
from ..columns import (
    Choice,
    Column,
    Day,
    DocumentNumber,
    PersonName,
    Phone,
    PupilClass,
    PupilGrade,
    Registration,
    Text,
    Unsound,
    id_in,
)
from ..columns.base import Cell, is_empty_word
from ..columns.people import birth_of, sex_of
from ..ledger import Ledger
from ..problems import Problem

EXAMPLE_ID = "999901201703120011"
RESIDENT, NAMED, GRADED = "resident", "named", "graded"
PERSON_FIELDS = ("name", "id_number", "registration", "guardian", "relation", "phone", "address")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1\d{10}|0\d{2,3}-?\d{7,8})(?!\d)")


@dataclass(frozen=True)
class GuardianName(Column):
    """监护人; "张三 13800000000" in one cell is taken apart by the ledger. Kept only in the child register."""

    personal: bool = True

    type = "name"
    blank = ""

    def mask(self, text: str) -> str:
        return text[:1] + "*" * (len(text) > 1) * 2

    def read(self, text: str, kind: str, unit: str) -> Cell:
        return Cell("" if is_empty_word(text) else text[:60])


@dataclass(frozen=True)
class Address(Text):
    """现住址; kept only in the child register."""

    personal: bool = True
    longest: int = 120


NAME = PersonName("姓名", "name", "李小阳", aliases=("学生姓名", "儿童姓名", "姓名(学生)"), required=True, target="")
SEX = Choice("性别", "sex", "男", choices=tuple(Sex.choices), words={"1": "male", "2": "female", "男性": "male", "女性": "female"},
             help="可以不填，由身份证号得出；填了与身份证号核对。")  # fmt: skip
BIRTH = Day("出生日期", "birth", "2017-03-12", aliases=("出生年月日", "出生年月"), help="可以不填，由身份证号得出；填了与身份证号核对。")
ID_NUMBER = DocumentNumber("身份证号", "id_number", EXAMPLE_ID, required=NAMED, target="", help="18 位，单元格须为文本格式；没有身份证的填学籍号。",
                           aliases=("身份证件号", "身份证件号码", "证件号码", "公民身份号码", "身份证号码", "身份证", "学生身份证号"))  # fmt: skip
REGISTRATION = Registration("学籍号", "registration", f"G{EXAMPLE_ID}", target="", aliases=("全国学籍号", "学籍号码", "全国学籍号码", "学籍主号"),
                            help="以 G、J 或 L 开头的 19 位全国学籍号。")  # fmt: skip
GRADE = PupilGrade("年级", "grade", "三年级", aliases=("所在年级", "就读年级"), help="一年级至九年级；写在班级名称里的可以不填。")
CLASS = PupilClass("班级", "class_name", "2班", aliases=("班级名称", "班号", "年级班级", "所在班级", "就读班级", "班别"), help="“2班”“三(2)班”“三年级2班”都可以。")
GUARDIAN = GuardianName("监护人", "guardian", "李建国", target="", aliases=("监护人姓名", "家长", "家长姓名", "监护人与电话", "监护人及电话", "监护人及联系电话"))
RELATION = Text("与监护人关系", "relation", "父子", target="", longest=20, aliases=("关系", "监护人关系", "与学生关系"))
PHONE = Phone("联系电话", "phone", "", target="", aliases=("监护人电话", "监护人联系电话", "电话", "手机", "手机号", "家长电话", "联系方式"))
ADDRESS = Address("现住址", "address", "", target="", aliases=("家庭住址", "现住地址", "住址", "家庭现住址"))
TOWNSHIP = Text("乡镇", "township", "城关镇", longest=60, aliases=("户籍乡镇", "乡镇(街道)", "所在乡镇", "户籍所在乡镇", "户籍所在乡镇(街道)"))
VILLAGE = Text("村", "village", "王家村", longest=60, aliases=("村(社区)", "村(居)", "行政村", "户籍村", "户籍所在村", "村居"))

ATTENDS_WORDS = {"1": "day", "2": "boarder", "3": "home", "住宿": "boarder", "住宿生": "boarder", "寄宿": "boarder", "寄宿生": "boarder", "住校生": "boarder", "走读生": "day",
                 "通学": "day", "借宿": "day", "送教": "home", "送教上门生": "home", "其他": "day"}  # fmt: skip
ATTENDS = Choice("就读方式", "attends_as", "走读", choices=tuple(AttendsAs.choices), words=ATTENDS_WORDS, help="走读、住校或送教上门。")

DISABILITY_WORDS = {
    "0": "none", "无残疾": "none", "否": "none", "健全": "none", "非残疾": "none", "1": "sight", "2": "hearing", "3": "speech", "4": "limbs", "5": "intellect", "6": "mind",
    "7": "multiple", "9": "other", "视力": "sight", "视障": "sight", "盲": "sight", "低视力": "sight", "听力": "hearing", "听障": "hearing", "聋": "hearing", "言语": "speech",
    "语言": "speech", "语言残疾": "speech", "肢体": "limbs", "智力": "intellect", "智障": "intellect", "精神": "mind", "多重": "multiple", "自闭症": "autism", "孤独症(自闭症)": "autism",
    "其他": "other", "其他残疾": "other",
}  # fmt: skip
DISABILITY_CONTAINS = {"视力": "sight", "听力": "hearing", "言语": "speech", "肢体": "limbs", "智力": "intellect", "精神": "mind", "多重": "multiple", "孤独": "autism", "自闭": "autism"}
CERTIFIED = ("sight", "hearing", "speech", "limbs", "intellect", "mind", "multiple")  # in the order of the certificate's digit 19


def disability(header: str, field: str, example: str, *aliases: str, **more) -> Choice:
    return Choice(header, field, example, aliases=aliases, choices=tuple(Disability.choices), words=DISABILITY_WORDS, contains=DISABILITY_CONTAINS, **more)


@dataclass(frozen=True)
class ChildLedger(Ledger):
    """One child by whichever number is given: ID, else the ID within a G number, else the 学籍号, else its name in the main table."""

    other_numbers: tuple[str, ...] = ("registration", "name")
    one_school_each: bool = False

    def needed_rows(self, condition: str, frame: Frame, context: Context) -> list[int]:
        """NAMED: neither number is given. GRADED: neither grade nor class tells the grade."""
        if condition == NAMED:
            known = {name_key(name) for other in frame.beside for name in other.get("name") if name}
            given = zip(frame.get("id_number"), frame.get("registration"), frame.get("name"), strict=True)
            return [i for i, (number, registered, name) in enumerate(given) if not number and not registered and name_key(name or "") not in known]
        if condition == GRADED:
            grades, classes, bad = frame.get("grade"), frame.get("class_name"), frame.bad.get("grade", ())
            return [i for i, (grade, name) in enumerate(zip(grades, classes, strict=True)) if grade is None and i not in bad and not (name and split_class(name)[0])]
        return []

    def complete(self, frame: Frame, context: Context) -> None:
        """Documents judged, birth and sex from the ID, guardian and phone taken apart, class and grade in one form."""
        self._documents(frame)
        self._from_id(frame)
        self._guardians(frame)
        if frame.has("class_name") or frame.has("grade"):
            self._classes(frame, context)
        if frame.has("township") and "township" in frame.texts:
            self._townships(frame, context)

    @staticmethod
    def _documents(frame: Frame) -> None:
        """A number that is no 居民身份证号 is another document where its kind says so, or where it can be nothing else."""
        if not frame.has("id_number"):
            return
        numbers, kinds = frame.values["id_number"], frame.get("id_kind")
        for i, number in enumerate(numbers):
            if not isinstance(number, Unsound):
                continue
            if kinds[i] not in (None, "", "id") or (not kinds[i] and number.may_be_other):
                numbers[i] = str(number)
                if not kinds[i]:
                    frame.problem("document-other", i, "id_number")
            else:
                frame.problem(number.code, i, "id_number", **number.params)
                frame.bad["id_number"].add(i)
                numbers[i] = ""
        if frame.has("registration"):
            for i, (number, registration) in enumerate(zip(numbers, frame.values["registration"], strict=True)):
                if number and registration:
                    if (own := id_in(registration)) and own != number and len(number) == 18:
                        frame.problem("registration-differs-from-id", i, "registration")
                    elif registration[0] == "J" and len(registration) == 19 and len(number) == 18 and kinds[i] in (None, "", "id"):
                        frame.problem("registration-doubtful", i, "registration")

    @classmethod
    def _from_id(cls, frame: Frame) -> None:
        wanted = [name for name in ("birth", "sex") if frame.column(name) is not None]
        numbers = cls._numbers(frame)
        if not wanted or numbers is None:
            return
        births, sexes = list(frame.get("birth")), [sex or "" for sex in frame.get("sex")]
        labels = dict(Sex.choices)
        for i, number in enumerate(numbers):
            if len(number) != 18 or number[0].isalpha() or (born := birth_of(number)) is None:
                continue
            sex = sex_of(number)
            if births[i] is not None and births[i] != born:
                frame.problem("birth-differs-from-id", i, "birth", wanted=born.isoformat())
            if sexes[i] and sexes[i] != sex:
                frame.problem("sex-differs-from-id", i, "sex", wanted=labels[sex])
            births[i], sexes[i] = births[i] or born, sexes[i] or sex
        source = next((one for one in ("id_number", "registration") if one in frame.letters), None)
        for name, values in (("birth", births), ("sex", sexes)):
            if name in wanted:
                frame.values[name] = values
                frame.bad.setdefault(name, set())
                if source and name not in frame.letters:
                    frame.letters[name] = frame.letters[source]

    @staticmethod
    def _guardians(frame: Frame) -> None:
        """"张三 13800000000" in the guardian's cell: the phone goes where phones are kept."""
        if not frame.has("guardian"):
            return
        phones = list(frame.get("phone"))
        for i, text in enumerate(frame.values["guardian"]):
            if text and (found := _PHONE.search(text)):
                phones[i] = phones[i] or found[1]
                frame.values["guardian"][i] = text.replace(found[0], "").strip(" ,，、;；/()（）:：")
        frame.values["phone"] = [phone or "" for phone in phones]

    def _classes(self, frame: Frame, context: Context) -> None:
        """Class names as "2班"; the grade from its own column, else from the class name, else from the year of entry."""
        grades, names = list(frame.get("grade")), [name or "" for name in frame.get("class_name")]
        years = context.parameters.get("primary_years")
        for i, name in enumerate(names):
            told, short, cohort = split_class(name) if name else (None, "", None)
            names[i] = short
            by_year = grades[i] is not None and grades[i] < 0  # the cell says "2023级"
            if grades[i] is None or by_year:
                entry = -grades[i] if by_year else cohort
                grades[i] = told or (grade_of_entry(entry, frame.schools[i], context.year, years) if entry else None)
                if grades[i] is None and by_year:
                    frame.problem("grade-not-told", i, "grade")
        for field, values in (("grade", grades), ("class_name", names)):
            if frame.column(field) is not None:
                frame.values[field] = values
                frame.bad.setdefault(field, set())
                if other := frame.letters.get("class_name") or frame.letters.get("grade"):
                    frame.letters.setdefault(field, other)

    @staticmethod
    def _townships(frame: Frame, context: Context) -> None:
        """The household's township as the register writes it; another is asked about, for no officer would answer for it."""
        known = {name_key(name): name for name in context.townships}
        if not known:
            return
        for i, text in enumerate(frame.values["township"]):
            if not text:
                continue
            bare = name_key(text).removeprefix(name_key(context.county_name))
            if bare in known:
                frame.values["township"][i] = known[bare]
            else:
                frame.problem("township-unknown", i, "township")

    @staticmethod
    def _numbers(frame: Frame) -> list[str] | None:
        """The number of each row: a sound ID, else the ID in a G number, else the 学籍号; None without such a column."""
        if not frame.has("id_number") and not frame.has("registration"):
            return None
        given = zip(frame.get("id_number"), frame.get("registration"), strict=True)
        return [str(number or id_in(registered or "") or registered or "") for number, registered in given]

    def person_numbers(self, frame: Frame) -> list[str] | None:
        numbers = self._numbers(frame)
        if not frame.beside or not frame.has("name"):
            return numbers
        known: dict[str, set[str]] = {}
        for other in frame.beside:
            for name, number in zip(other.get("name"), self._numbers(other) or [], strict=False):
                if name and number:
                    known.setdefault(name_key(name), set()).add(number)
        numbers = list(numbers or [""] * len(frame))
        for i, name in enumerate(frame.values["name"]):
            if not numbers[i] and name:
                found = known.get(name_key(name), set())
                numbers[i] = next(iter(found)) if len(found) == 1 else ""
                if not numbers[i] and i not in frame.bad.get("id_number", ()):
                    frame.problem("child-not-named", i, "name")
        return numbers

    def known_persons(self, keys: list[str], frame: Frame, context: Context) -> list[str]:
        """A child named by its 学籍号 alone is the one the register knows by it."""
        if context.siblings is None or not frame.has("registration"):
            return keys
        given = zip(keys, frame.get("id_number"), frame.values["registration"], strict=True)
        loose = {key for key, number, registered in given if key and not number and not id_in(registered or "")}
        known = known_by_registration(context.county_id, loose) if loose else {}
        return [known.get(key, key) for key in keys] if known else keys

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        yield from ()


def registration_keys(frame: Frame) -> None:
    """The keyed hash of the 学籍号 beside the facts: other lists may know the child only by it."""
    numbers = frame.values["registration"]
    hashed = iter(keyed_hashes([number for number in numbers if number]))
    frame.values["registration_key"] = [next(hashed) if number else "" for number in numbers]
    frame.letters["registration_key"] = frame.letters.get("registration", "")


def grade_of_entry(entry: int, school, year: int, primary_years: int) -> int | None:
    """The grade of a pupil who entered this school in September `entry`: only where the school teaches one compulsory stage."""
    stages = stages_of_type(school.type_code) if school else ()
    if stages not in (("primary",), ("junior",)):
        return None
    first, last = (1, primary_years) if stages == ("primary",) else (primary_years + 1, 9)
    grade = year - entry + first
    return grade if first <= grade <= last else None


def grade_name(grade: int | None) -> str:
    return GRADE_NAMES.get(grade or 0, "")
