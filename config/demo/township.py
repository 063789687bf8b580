"""The children of one township of the demo county: two years of rosters, and the ledgers and lists that speak of them.

    DIR/<county>/approved/<year>/<ledger>/<school code>.xlsx, or county.xlsx for the county's lists and last year's rosters

Every class has exactly the pupils its class list says. A few stories are planted: children on the household's list and on no
roster, pupils who are not in class, a poor child without aid, one taught at home, one whose number was mistyped.
"""
from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field, replace
from pathlib import Path

from .columns import GRADE_WORDS, class_name
from .county import THIS_YEAR, ClassRow, DemoCounty, SchoolYear
from .identities import People, id_number
from .workbooks import Book

TOWN = "石桥镇"
ALSO = ("柳林镇中心小学",)  # the school of the clerk who has a login of his own
VILLAGES, ELSEWHERE = ("石桥村", "东岭村", "西坪村", "河口村", "青石村", "柳树湾社区"), ("河东村", "河西村", "柳树湾村")
NEAREST = 10  # the first children of each class elsewhere live in its first village
# Kinds of ledgers in the order of sending: lists first, so that what schools send is compared with them.
COUNTY_LISTS, SCHOOL_LEDGERS = ("poverty", "population", "household"), ("present", "disabled", "care", "aid")
SUSPECTS, MISSING_FROM_RECORD, POOR, UNAIDED = 4, 4, 26, 1


@dataclass(frozen=True)
class Kid:
    """One child. `since` the September of entry into this stage; `moved`: left last summer, with a record of it."""

    name: str
    sex: str
    number: str
    born: dt.date
    grade: int
    class_number: int
    school: str
    since: int
    village: str
    guardian: str
    phone: str
    boards: bool = False
    disability: str = ""
    taught_at_home: bool = False
    left_behind: str = "非留守"
    migrant: bool = False
    moved: bool = False
    town: str = TOWN


@dataclass
class Town:
    """What is written: this year's and last year's pupils, children on no roster, and who is what."""

    now: list[Kid] = field(default_factory=list)
    before: list[Kid] = field(default_factory=list)
    unknown: list[Kid] = field(default_factory=list)
    suspects: list[Kid] = field(default_factory=list)
    poor: list[Kid] = field(default_factory=list)

    def of(self, school: str, kids: list[Kid]) -> list[Kid]:
        return [kid for kid in kids if kid.school == school]


def schools_of(county: DemoCounty) -> list[SchoolYear]:
    """The schools whose rosters the demo has."""
    return [s for s in county.years[THIS_YEAR] if s.unit.story != "unsent" and (s.unit.township == TOWN or s.unit.name in ALSO)]


def write_children(county: DemoCounty, into: Path, seed: int) -> None:
    """Every workbook about the children. Same county and seed, same bytes."""
    town, root = build(county, seed), into / county.code / "approved"
    now, last = root / str(THIS_YEAR), root / str(THIS_YEAR - 1)
    _last_years_rosters(county, town, last / "pupils" / "county.xlsx")
    listed = sorted((kid for kid in town.now if not kid.moved), key=lambda kid: kid.town != TOWN)
    _list(now / "population" / "county.xlsx", "适龄儿童少年名单", [*listed, *town.unknown])
    _list(now / "household" / "county.xlsx", "户籍适龄人口名单", [_mistyped(kid) if kid is listed[40] else kid for kid in listed if not kid.migrant] + town.unknown)
    _list(now / "poverty" / "county.xlsx", "脱贫户和监测对象子女名单", [*town.poor, town.unknown[0]])
    for number, school in enumerate(schools_of(county)):
        kids = town.of(school.unit.code, town.now)
        _roster(now / "pupils" / f"{school.unit.code}.xlsx", school, kids, as_export=number == 1)
        if school.unit.township == TOWN:
            _school_ledgers(now, school, [kid for kid in kids if not kid.moved], town)


# Who they are ---------------------------------------------------------------------------------------------------------


class _Maker:
    """Hands out children with numbers of their own."""

    def __init__(self, county: DemoCounty, seed: int):
        self.rng = random.Random(f"{seed}/{county.code}/children")
        self.people, self.area, self.taken = People(county.code, self.rng), county.code, set()

    def kid(self, *, grade: int, class_number: int, school: str, sex: str = "", **more) -> Kid:
        rng = self.rng
        sex = sex or rng.choice("男女")
        first = dt.date(THIS_YEAR - 6 - grade, 9, 1)
        while True:
            born = first + dt.timedelta(days=rng.randrange(365))
            number = id_number(self.area, born, rng.randrange(1, 1000, 2) if sex == "男" else rng.randrange(0, 1000, 2))
            if number not in self.taken:
                break
        self.taken.add(number)
        name = self.people.name(sex)
        guardian = name[0] + self.people.name(rng.choice("男女"))[1:]
        since = THIS_YEAR - grade + (1 if grade < 7 else 7)
        village, phone = rng.choice(VILLAGES), f"199{rng.randint(0, 99999999):08d}"
        return Kid(name, sex, number, born, grade, class_number, school, since, more.pop("village", village), guardian, phone, **more)


def build(county: DemoCounty, seed: int) -> Town:
    """The township's children, the same for the same seed."""
    maker, town = _Maker(county, seed), Town()
    earlier = {s.unit.code: s for s in county.years[THIS_YEAR - 1]}
    listed = schools_of(county)
    for school in listed:
        for row in school.classes:
            town.now += _pupils(maker, school, row)
    local = [school for school in listed if school.unit.township == TOWN and school.unit.kind != "教学点"]
    went_on = _Entrants(town, local)
    for school in local:
        _last_year(maker, town, school, earlier[school.unit.code], went_on)
    _stories(maker, county, town)
    return town


def _pupils(maker: _Maker, school: SchoolYear, row: ClassRow) -> list[Kid]:
    """The pupils of one class: boys, boarders and pupils with special needs as the class list has them."""
    rng, kids = maker.rng, []
    for place in range(row.pupils):
        lives = {} if school.unit.township == TOWN else {"town": school.unit.township, "village": ELSEWHERE[0] if place < NEAREST else rng.choice(ELSEWHERE)}
        special = rng.choice(("智力残疾", "肢体残疾", "听力残疾")) if place >= row.pupils - row.inclusive else ""
        away = rng.choices(("非留守", "单亲留守", "双亲留守"), (84, 9, 7))[0] if school.unit.area[0] == "2" or school.unit.area[1] == "2" else "非留守"
        kids.append(maker.kid(
            grade=row.grade, class_number=row.number, school=school.unit.code, sex="男" if place < row.boys else "女", boards=place < row.boarders, disability=special,
            left_behind=away, migrant=rng.random() < 0.03, **lives,
        ))  # fmt: skip
    return kids


class _Entrants:
    """Pupils of a first grade above the first, who were in the highest grade of another school last year."""

    def __init__(self, town: Town, schools: list[SchoolYear]):
        own = {school.unit.code: min(row.grade for row in school.classes) for school in schools}
        self._free = {kid.grade: [] for kid in town.now}
        for kid in town.now:
            if kid.school in own and kid.grade == own[kid.school] > 1:
                self._free[kid.grade].append(kid)

    def take(self, grade: int, count: int, not_of: str) -> list[Kid]:
        free = [kid for kid in self._free.get(grade, []) if kid.school != not_of][:count]
        self._free[grade] = [kid for kid in self._free.get(grade, []) if kid not in free]
        return free


def _last_year(maker: _Maker, town: Town, school: SchoolYear, earlier: SchoolYear, went_on: _Entrants) -> None:
    """Last year's roster fits last year's class list: most moved up a grade (the highest one to the next school), a few came since,
    a few left and say so this year."""
    here: dict[tuple[int, int], list[Kid]] = {}
    for kid in town.of(school.unit.code, town.now):
        here.setdefault((kid.grade, kid.class_number), []).append(kid)
    for row in earlier.classes:
        top = (row.grade + 1, row.number) not in here
        code, since = school.unit.code, THIS_YEAR - 1 - row.grade + (1 if row.grade < 7 else 7)
        stayed = went_on.take(row.grade + 1, row.pupils, code) if top else here[row.grade + 1, row.number][: row.pupils]
        gone = [maker.kid(grade=row.grade + 1, class_number=row.number, school=code) for _ in range(row.pupils - len(stayed))]
        then = {"grade": row.grade, "class_number": row.number, "school": code, "since": since}
        town.before += [replace(kid, **then) for kid in (*stayed, *gone)]
        if not top:
            town.now += [replace(kid, moved=True) for kid in gone]


def _stories(maker: _Maker, county: DemoCounty, town: Town) -> None:
    rng = maker.rng
    codes = {s.unit.name: s.unit.code for s in schools_of(county)}
    junior = next(code for name, code in codes.items() if name.endswith("初级中学"))
    local = [kid for kid in town.now if kid.town == TOWN and not kid.moved]
    town.suspects = [kid for kid in local if kid.school == junior and not kid.boards][:SUSPECTS]
    plain = [kid for kid in local if kid not in town.suspects]
    town.poor = sorted(rng.sample(plain, POOR - 1), key=lambda kid: kid.number) + town.suspects[:1]
    home = next((kid for kid in plain if kid.disability and kid not in town.poor), None)  # a small county may have none
    if home:
        town.now[town.now.index(home)] = replace(home, taught_at_home=True, boards=False)
    town.unknown = [maker.kid(grade=grade, class_number=0, school="") for grade in (1, 4, 8, 9)[:MISSING_FROM_RECORD]]


def _mistyped(kid: Kid) -> Kid:
    """The same child with two digits of the number swapped and made right again: another number, a similar name."""
    number = id_number(kid.number[:6], kid.born, (int(kid.number[14:17]) + 2) % 1000)
    return replace(kid, number=number)


# What is written ----------------------------------------------------------------------------------------------------------

ROSTER_TITLES = (
    "全国学籍号", "姓名", "性别", "身份证件类型", "身份证件号", "年级", "班级", "入学年月", "就读方式", "是否留守儿童", "是否进城务工人员随迁子女", "残疾类型", "随班就读", "学籍状态",
    "上下学距离(公里)", "监护人姓名", "监护人电话",
)  # fmt: skip
EXPORT_TITLES = (
    "学校标识码", "姓名", "性别", "出生日期", "出生地", "籍贯", "民族", "国籍/地区", "身份证件类型", "港澳台侨外", "健康状况", "政治面貌", "身份证件号", "全国学籍号", "户口性质", "户口所在地",
    "年级", "班级", "入学年月", "入学方式", "就读方式", "现住址", "通信地址", "家庭地址", "联系电话", "邮政编码", "是否独生子女", "是否受过学前教育", "是否留守儿童", "是否需要申请资助",
    "是否享受一补", "是否孤儿", "是否烈士或优抚子女", "上下学距离", "上下学交通方式", "是否需要乘坐校车", "曾用名", "身份证件有效期", "血型", "特长", "学籍辅号", "班内学号", "学生来源", "电子信箱",
    "主页地址", "残疾类型", "是否由政府购买学位", "随班就读",
    *(f"成员{n}{what}" for n in (1, 2) for what in ("姓名", "关系", "关系说明", "现住址", "户口所在地", "联系电话", "是否监护人", "证件类型", "证件号", "民族", "工作单位", "职务")),
    "是否进城务工人员随迁子女", "学籍状态",
)  # fmt: skip
LEFT_CODES = {"非留守": 0, "单亲留守": 1, "双亲留守": 2}
KIND_CODES = {"": 0, "听力残疾": 2, "肢体残疾": 4, "智力残疾": 5}


def _attends(kid: Kid) -> str:
    return "送教上门" if kid.taught_at_home else "住校" if kid.boards else "走读"


def _entry(kid: Kid, year: int = THIS_YEAR) -> str:
    return f"{kid.since}-09"


def _roster_cells(kid: Kid) -> dict[str, object]:
    return {
        "全国学籍号": f"G{kid.number}", "姓名": kid.name, "性别": kid.sex, "身份证件类型": "居民身份证", "身份证件号": kid.number, "年级": GRADE_WORDS[kid.grade],
        "班级": class_name(kid.grade, kid.class_number), "入学年月": _entry(kid), "就读方式": _attends(kid), "是否留守儿童": kid.left_behind,
        "是否进城务工人员随迁子女": "是" if kid.migrant else "否", "残疾类型": kid.disability or "无", "随班就读": "是" if kid.disability and not kid.taught_at_home else "否",
        "学籍状态": "转出" if kid.moved else "在校", "上下学距离(公里)": round(0.3 + int(kid.number[12:14]) / 8, 1), "监护人姓名": kid.guardian, "监护人电话": kid.phone,
    }  # fmt: skip


def _roster(path: Path, school: SchoolYear, kids: list[Kid], *, as_export: bool) -> None:
    with Book(path) as book:
        book.sheet("学生信息" if as_export else "学生名册")
        if not as_export:
            book.title(f"{school.unit.name}{THIS_YEAR}-{THIS_YEAR + 1}学年学生名册", len(ROSTER_TITLES))
        book.head(EXPORT_TITLES if as_export else ROSTER_TITLES)
        for kid in kids:
            cells = _export_cells(school, kid) if as_export else _roster_cells(kid)
            book.row(tuple(cells.get(title, "") for title in (EXPORT_TITLES if as_export else ROSTER_TITLES)))


def _export_cells(school: SchoolYear, kid: Kid) -> dict[str, object]:
    """The national register's own words and codes; most of its columns mean nothing here and are dropped on reading."""
    return {
        **_roster_cells(kid), "学校标识码": school.unit.code, "性别": 1 if kid.sex == "男" else 2, "出生日期": f"{kid.born:%Y%m%d}", "出生地": "999901", "民族": "01", "国籍/地区": "156",
        "身份证件类型": 1, "健康状况": "健康", "户口性质": 1, "户口所在地": "999901", "入学年月": f"{kid.since}09", "入学方式": 11, "就读方式": {"走读": 1, "住校": 2}.get(_attends(kid), "送教上门"),
        "现住址": f"{kid.town}{kid.village}", "通信地址": f"{kid.town}{kid.village}", "家庭地址": f"{kid.town}{kid.village}", "邮政编码": "999901", "是否留守儿童": LEFT_CODES[kid.left_behind], "是否孤儿": 0,
        "上下学距离": round(0.3 + int(kid.number[12:14]) / 8, 1), "残疾类型": KIND_CODES[kid.disability], "随班就读": 1 if kid.disability and not kid.taught_at_home else 0, "成员1姓名": kid.guardian,
        "成员1关系": "父亲", "成员1联系电话": kid.phone, "成员1是否监护人": "是", "成员1工作单位": "务农", "班内学号": 1, "血型": "未知血型",
    }  # fmt: skip


def _last_years_rosters(county: DemoCounty, town: Town, path: Path) -> None:
    with Book(path) as book:
        book.sheet("学生名册")
        book.head(("学校(机构)标识码", *ROSTER_TITLES[:8], "学籍状态"))
        for kid in town.before:
            cells = _roster_cells(replace(kid, moved=False))
            book.row((kid.school, *(cells[title] for title in ROSTER_TITLES[:8]), "在校"))


def _list(path: Path, title: str, kids: list[Kid]) -> None:
    with Book(path) as book:
        book.sheet(title)
        book.head(("序号", "姓名", "身份证号", "性别", "出生日期", "乡镇", "村", "监护人", "联系电话", "备注"))
        for number, kid in enumerate(kids, 1):
            book.row((number, kid.name, kid.number, kid.sex, kid.born.isoformat(), kid.town, kid.village, kid.guardian, kid.phone, ""))


def _school_ledgers(folder: Path, school: SchoolYear, kids: list[Kid], town: Town) -> None:
    helpers = [str(row["姓名"]) for row in school.roster if row["是否专任教师"] == "是"] or ["王芳"]
    code = f"{school.unit.code}.xlsx"
    suspects = [kid for kid in kids if kid in town.suspects]
    with Book(folder / "present" / code) as book:
        book.sheet("在校学生名单")
        book.head(("姓名", "身份证号", "年级", "班级"))
        for kid in kids:
            if kid not in suspects:
                book.row((kid.name, kid.number, GRADE_WORDS[kid.grade], class_name(kid.grade, kid.class_number)))
    if disabled := [kid for kid in kids if kid.disability]:
        _write_disabled(folder / "disabled" / code, school, disabled, helpers)
    poor = {kid.number for kid in town.poor}
    _write_care(folder / "care" / code, [kid for kid in kids if kid.disability or kid.migrant or kid.left_behind != "非留守" or kid.number in poor], poor, helpers)
    if due := [kid for kid in kids if kid.number in poor]:
        _write_aid(folder / "aid" / code, due[UNAIDED if len(due) > 5 else 0 :])
    if suspects:
        _write_cases(folder / "dropout_cases" / code, suspects, helpers)


def _write_disabled(path: Path, school: SchoolYear, kids: list[Kid], helpers: list[str]) -> None:
    digit = {"听力残疾": 2, "肢体残疾": 4, "智力残疾": 5}
    with Book(path) as book:
        book.sheet("一人一案")
        book.head(("姓名", "性别", "身份证号", "残疾证号", "残疾类别", "残疾等级", "评估结论", "安置方式", "就读学校", "康复需求"))
        for kid in kids:
            place = "送教上门" if kid.taught_at_home else "随班就读"
            book.row((kid.name, kid.sex, kid.number, f"{kid.number}{digit[kid.disability]}3", kid.disability, "三级", f"适合{place}", place, school.unit.name, "康复训练"))
        book.sheet("送教上门记录")
        book.head(("送教对象", "身份证号", "送教时间", "课时数", "时长(分钟)", "送教教师", "地点", "送教内容", "家长签字"))
        for kid in (kid for kid in kids if kid.taught_at_home):
            for day in (7, 14, 21, 28):
                book.row((kid.name, kid.number, f"{THIS_YEAR}-09-{day:02}", 2, 80, "、".join(helpers[:2]), "学生家中", "生活语文", "是"))


def _write_care(path: Path, kids: list[Kid], poor: set[str], helpers: list[str]) -> None:
    with Book(path) as book:
        book.sheet("关爱台账")
        book.head(("姓名", "学籍号", "年级班级", "类别", "认定依据", "监护人", "帮扶教师", "结对方式", "帮扶措施"))
        for n, kid in enumerate(kids):
            groups = [word for word, holds in (("残疾", kid.disability), ("脱贫户", kid.number in poor), ("留守", kid.left_behind != "非留守"), ("随迁", kid.migrant)) if holds]
            if n % 9 == 4 and not kid.migrant:
                groups.append("学困")
            book.row((kid.name, f"G{kid.number}", f"{GRADE_WORDS[kid.grade]}{kid.class_number}班", "、".join(groups), "学籍登记和部门名单", kid.guardian, helpers[n % len(helpers)], "一对多", "谈心和家访"))


def _write_aid(path: Path, kids: list[Kid]) -> None:
    with Book(path) as book:
        book.sheet("学生资助")
        book.head(("姓名", "身份证号", "年级班级", "资助项目", "困难类型", "学期", "标准(元)", "金额(元)", "发放方式", "发放日期", "公示情况"))
        for kid in kids:
            item, amount = ("家庭经济困难学生生活补助-寄宿", 625) if kid.boards else ("家庭经济困难学生生活补助-非寄宿", 312.5)
            book.row((kid.name, kid.number, f"{GRADE_WORDS[kid.grade]}{kid.class_number}班", item, "脱贫家庭(原建档立卡)", "第一学期", amount, amount, "打卡", f"{THIS_YEAR}-10-20", "是"))


def _write_cases(path: Path, kids: list[Kid], helpers: list[str]) -> None:
    reasons = (("厌学", "在家"), ("外出务工", "随亲属外出务工"), ("家庭变故", "在外祖父母家"), ("随父母外出失联", "去向待核实"))
    with Book(path) as book:
        book.sheet("控辍保学台账")
        book.head(("姓名", "身份证号", "乡镇", "村", "年级", "班级", "监护人", "联系电话", "台账类别", "发现日期", "辍学日期", "特殊类别", "辍学原因", "目前去向", "处理阶段"))
        for n, kid in enumerate(kids):
            reason, place = reasons[n % len(reasons)]
            book.row((kid.name, kid.number, TOWN, kid.village, GRADE_WORDS[kid.grade], class_name(kid.grade, kid.class_number), kid.guardian, kid.phone, "疑似辍学",
                      f"{THIS_YEAR}-09-{10 + n}", f"{THIS_YEAR}-09-{8 + n:02}", "脱贫户" if n == 0 else "无", reason, place, "学校劝返"))  # fmt: skip
        book.sheet("劝返记录")
        book.head(("姓名", "身份证号", "日期", "方式", "参加人员", "结果"))
        for n, kid in enumerate(kids):
            for day, way, outcome in ((12, "电话", "拒绝"), (18, "家访", "同意返校" if n else "未见到"))[: 1 + n % 2]:
                book.row((kid.name, kid.number, f"{THIS_YEAR}-09-{day + n}", way, f"{helpers[n % len(helpers)][0]}老师(班主任)", outcome))
