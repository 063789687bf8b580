"""Hand-made workbooks that imitate real exports of the statistics system, with invented schools and figures.

Both generations: 教基 (since 2021: one sheet a form, suffix _办学类型, no row numbers) and 基础基 (to 2020: letters of the grid in
row 1 and the row numbers in column A as data). All numbers are text; cells that do not apply hold * or —; labels are padded.
"""
from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import openpyxl
from openpyxl.utils import get_column_letter

BANDS = ("25人及以下", "26-30人", "31-35人", "36-40人", "41-45人", "46-50人", "51-55人", "56-60人", "61-65人", "66人及以上")
PRIMARY_SUBJECTS = ("道德与法治", "语文", "数学", "科学", "外语", "信息技术", "综合实践", "体育", "劳动", "音乐", "美术", "艺术", "其他", "本学年不授课")
JUNIOR_SUBJECTS = ("道德与法治", "语文", "数学", "英语", "日语", "俄语", "物理", "化学", "生物", "历史", "地理", "历史与社会", "科学", "信息技术", "综合实践", "劳动",
                   "体育与健康", "音乐", "美术", "艺术", "其他", "本学年不授课")  # fmt: skip
OLD_SUBJECTS = ("思想品德", "语文", "数学", "科学", "英语", "其他外语", "综合实践", "体育", "艺术", "信息技术", "音乐", "美术", "其他", "当年不任课")
DEGREES = ("博士研究生", "硕士研究生", "本科", "专科", "高中阶段", "高中阶段以下")
RANKS = ("正高级", "副高级", "中级", "助理级", "员级", "未定职级")


@dataclass(frozen=True)
class Part:
    """One stage: pupils by grade, classes by grade as {band index: count}, teachers by degree, subject and rank."""

    pupils: tuple[int, ...]
    classes: tuple[Mapping[int, int], ...]
    degrees: tuple[int, ...]
    subjects: Mapping[str, int]
    ranks: tuple[int, ...]
    backbone: int

    @property
    def teachers(self) -> int:
        return sum(self.degrees)


@dataclass(frozen=True)
class School:
    code: str
    name: str
    kind: str
    primary: Part | None = None
    junior: Part | None = None
    buildings: Mapping[str, str] = field(default_factory=dict)
    assets: Mapping[str, str] = field(default_factory=dict)


PRIMARY = Part(
    pupils=(44, 43, 45, 84, 88, 90), classes=({4: 1}, {4: 1}, {4: 1}, {4: 2}, {4: 2}, {4: 1, 5: 1}),
    degrees=(0, 1, 17, 6, 2, 0), subjects={"体育": 2, "音乐": 1, "美术": 1, "艺术": 1}, ranks=(0, 3, 11, 8, 2, 2), backbone=5,
)  # fmt: skip
JUNIOR = Part(
    pupils=(96, 92, 90), classes=({5: 2}, {5: 2}, {4: 2}),
    degrees=(0, 2, 18, 4, 0, 0), subjects={"体育": 2, "音乐": 1, "美术": 1}, ranks=(1, 5, 9, 6, 2, 1), backbone=4,
)  # fmt: skip
BUILDINGS = {"总计": "6200.5", "教学及辅助用房": "3200.25", "室内体育用房": "400"}
ASSETS = {"占地面积": "15000", "运动场地面积": "5200.5", "图书": "14400", "计算机数": "60", "教学用计算机": "52", "网络多媒体教室": "14", "教学仪器设备资产值": "115.2"}

PRIMARY_SCHOOL = School("9999010001", "向阳小学", "小学", primary=PRIMARY, buildings=BUILDINGS, assets=ASSETS)
JUNIOR_SCHOOL = School("9999010003", "第一初级中学", "初级中学", junior=JUNIOR, buildings=BUILDINGS, assets=ASSETS)
NINE_YEAR_SCHOOL = School("9999010002", "清河九年一贯制学校", "九年一贯制学校", primary=PRIMARY, junior=JUNIOR, buildings=BUILDINGS, assets=ASSETS)


@dataclass
class Leaf:
    """A sheet: rows of text and merged ranges (zero-based, inclusive)."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def total(part: Part) -> dict[int, int]:
    found: dict[int, int] = {}
    for grade in part.classes:
        for band, count in grade.items():
            found[band] = found.get(band, 0) + count
    return found


def text(value: object) -> str:
    return "*" if value is None else str(value)


# --- the generation since 2021 ----------------------------------------------------------------------------------------
def new_workbook(school: School, *, suffix: bool = True, year: str = "2025-2026学年", combined: bool = False) -> list[Leaf]:
    """One sheet a form, the title in row 1, number in row 2, index row 甲 乙 1 2 …; as the known cells of 2021 have it.

    `combined`: a later layout, with one teacher form for both stages (blocks 小学, 初中) and music and art under 艺术.
    """
    end = f"_{school.kind}" if suffix else ""
    leaves = [Leaf("封面", [["教育事业统计报表"], [year], [f"学校：{school.name}"]])]
    leaves.append(Leaf("目录", [["表号", "表名"], *([n, t] for n, t in (("教基1001", "学校基本情况"), ("教基3112", "小学学生数"), ("教基5176", "资产")))]))
    leaves += [_basics(f"教基1001{end}", school, year), _backbone(f"教基1102续{end}", school)]
    for stage, part, classes, pupils in (("小学", school.primary, "教基2106", "教基3112"), ("初中", school.junior, "教基2107", "教基3115")):
        if part:
            leaves += [_classes(f"{classes}{end}", stage, part), pupil_form(f"{pupils}{end}", stage, part)]
    leaves.append(Leaf(f"教基4068{end}", [["教职工其他情况"], ["教基4068"], ["指标名称", "代码", "中共党员"], ["甲", "乙", "1"], ["教职工", "01", "12"]]))
    leaves.append(_titles(f"教基4153{end}", school))
    if combined:
        leaves.append(_both_teachers(f"教基4155{end}", school))
    else:
        if school.primary:
            leaves.append(_teachers(f"教基4155{end}", "教基4155", school.primary, PRIMARY_SUBJECTS))
        if school.junior:
            leaves.append(_teachers(f"教基4156{end}", "教基4156", school.junior, JUNIOR_SUBJECTS))
    return [*leaves, _buildings(f"教基5170{end}", school), _assets(f"教基5176{end}", school)]


def _basics(name: str, school: School, year: str) -> Leaf:
    return Leaf(name, [
        ["学校（机构）基本情况", "", "", ""], ["", "", year, "教基1001"], ["学校（机构）标识码", "", school.code, ""],
        ["学校（机构）名称", "", school.name, ""], ["学校办学类型", "", school.kind, ""], ["学校（机构）负责人", "", "王某某", "13900000000"],
    ], [(0, 0, 0, 3), (2, 0, 2, 1), (3, 0, 3, 1), (4, 0, 4, 1)])  # fmt: skip


def _backbone(name: str, school: School) -> Leaf:
    rows = [["学校（机构）基本情况（续）", "", "", ""], ["", "", "", "教基1102续"], ["指标名称", "单位", "代码", "数量"], ["甲", "乙", "丙", "1"]]
    rows += [[f"项目{n}", "—", f"{n:02}", "—"] for n in range(1, 7)]
    rows.append(["县级及以上骨干教师", "人", "07", text(sum(p.backbone for p in (school.primary, school.junior) if p))])
    for code, stage, part in (("08", "  其中：小学", school.primary), ("09", "　初中", school.junior), ("10", "　普通高中", None)):
        rows.append([stage, "人", code, text(part.backbone if part else None)])
    return Leaf(name, [*rows, ["校医", "人", "11", "1"]], [(0, 0, 0, 3)])


def _classes(name: str, stage: str, part: Part) -> Leaf:
    grades = [f"{word}年级" for word in "一二三四五六"[: len(part.pupils)]]
    rows = [[f"{stage}班数、班额情况", *[""] * (len(grades) + 3)], [*[""] * (len(grades) + 3), name.split("_")[0]],
            ["指标名称", "代码", "合  计", *grades, "复式班"], ["甲", "乙", *[str(n) for n in range(1, len(grades) + 3)]]]  # fmt: skip
    rows.append(["总  计", "01", str(sum(total(part).values())), *[str(sum(c.values())) for c in part.classes], "0"])
    for band, title in enumerate(BANDS):
        counts = [str(c.get(band, 0)) for c in part.classes]
        rows.append([f" {title}", f"{band + 2:02}", str(total(part).get(band, 0)), *counts, "*"])
    return Leaf(name, rows, [(0, 0, 0, len(grades) + 3)])


def pupil_form(name: str, stage: str, part: Part) -> Leaf:
    """在校生 合计 in I6 (primary) and E6 (junior): two header rows, the second under a merged 在校生数."""
    before = ["毕业生数", "招生数", "转入", "转出", "复学", "休学"] if stage == "小学" else ["毕业生数", "招生数"]
    grades = [f"{word}年级" for word in "一二三四五六"[: len(part.pupils)]]
    first = 2 + len(before)
    width = first + 1 + len(grades) + 1
    rows = [[f"{stage}学生数", *[""] * (width - 1)], [*[""] * (width - 2), "教基3112", "单位：人"],
            ["指标名称", "代码", *before, "在校生数", *[""] * len(grades), "预计毕业生数_x000D_\n"],
            ["", "", *[""] * len(before), "合计", *grades, ""],
            ["甲", "乙", *[str(n) for n in range(1, width - 1)]]]  # fmt: skip
    numbers = ["90"] * len(before)
    rows.append(["总  计", "01", *numbers, str(sum(part.pupils)), *[str(n) for n in part.pupils], str(part.pupils[-1])])
    rows.append(["  其中：女", "02", *numbers, str(sum(part.pupils) // 2), *[str(n // 2) for n in part.pupils], "*"])
    merges = [(0, 0, 0, width - 1), (2, first, 2, first + len(grades)), (2, 0, 3, 0), (2, 1, 3, 1), (2, width - 1, 3, width - 1)]
    merges += [(2, j, 3, j) for j in range(2, first)]
    rows[1][-2] = name.split("_")[0]
    return Leaf(name, rows, merges)


def _teachers(name: str, number: str, part: Part, subjects: Sequence[str]) -> Leaf:
    """合计 in C6, degrees from C9; primary PE L, music N, art O, arts P; junior U-X."""
    heads = ["合计", "其中：女", *subjects]
    rows = [["专任教师分课程、分学历情况", *[""] * (len(heads) + 1)], ["", "", *[""] * (len(heads) - 1), number],
            ["", *[""] * (len(heads) + 1)], ["指标名称", "代码", *heads], ["甲", "乙", *[str(n) for n in range(1, len(heads) + 1)]]]  # fmt: skip
    rows.append(["总  计", "01", str(part.teachers), "10", *_by_subject(part, subjects)])
    rows += [["其中：女", "02", "10", "*", *["0"] * len(subjects)], ["其中：少数民族", "03", "0", "0", *["0"] * len(subjects)]]
    rows += [[f"{degree}毕业" if degree == "本科" else degree, f"{n:02}", str(count), "*", *["0"] * len(subjects)]
             for n, (degree, count) in enumerate(zip(DEGREES, part.degrees, strict=True), start=4)]  # fmt: skip
    return Leaf(name, rows, [(0, 0, 0, len(heads) + 1)])


def _by_subject(part: Part, subjects: Iterable[str]) -> list[str]:
    return [str(part.subjects.get("体育" if subject == "体育与健康" else subject, 0)) for subject in subjects]


def _both_teachers(name: str, school: School) -> Leaf:
    subjects = ["语文", "数学", "体育与健康", "艺术", "音乐", "美术", "其他"]
    heads = ["合计", "#女", *subjects]
    rows = [["义务教育阶段专任教师分课程、分学历情况"], ["教基4155"], ["指标名称", "代码", *heads], ["甲", "乙", *[str(n) for n in range(1, len(heads) + 1)]]]
    parts = [(stage, part) for stage, part in (("小学", school.primary), ("初中", school.junior)) if part]
    rows.append(["总计", "01", str(sum(part.teachers for _, part in parts)), "30", *["9"] * len(subjects)])
    for stage, part in parts:
        arts = {**part.subjects, "艺术": part.subjects["音乐"] + part.subjects["美术"]}
        counts = [str(arts.get("体育" if s == "体育与健康" else s, 0)) for s in subjects]
        rows.append([stage, "02", str(part.teachers), "10", *counts])
        rows.append(["  #女", "03", "10", "-", *["0"] * len(subjects)])
        rows += [[f"  {degree}", "05", str(count), "-", *["0"] * len(subjects)] for degree, count in zip(DEGREES, part.degrees, strict=True)]
    return Leaf(name, rows)


def _titles(name: str, school: School) -> Leaf:
    rows = [["专任教师专业技术职务、年龄情况", "", "", ""], ["", "", "", "教基4153"], ["指标名称", "代码", "合计", "24岁及以下"], ["甲", "乙", "1", "2"]]
    parts = [(stage, part) for stage, part in (("小学", school.primary), ("初中", school.junior)) if part]
    for stage, part in parts:
        if len(parts) > 1:
            rows.append([stage, "01", str(part.teachers), "0"])
        else:
            rows += [["总计", "01", str(part.teachers), "0"], ["其中：女", "02", "10", "0"], ["其中：少数民族", "03", "0", "0"]]
        rows += [[f"  {rank}", f"{n:02}", str(count), "0"] for n, (rank, count) in enumerate(zip(RANKS, part.ranks, strict=True), start=4)]
    return Leaf(name, rows, [(0, 0, 0, 3)])


def _buildings(name: str, school: School) -> Leaf:
    """教学及辅助用房 in F10 and 室内体育用房 in F17."""
    heads = ["指标名称", "代码", "单位", "", "", "学校产权校舍建筑面积", "", "正在施工"]
    rows = [["校舍情况", *[""] * 7], [*[""] * 7, "教基5170"], heads, ["", "", "", "", "", "计", "其中：危房", ""],
            ["甲", "乙", "丙", "丁", "戊", "1", "2", "3"]]  # fmt: skip
    lines = ["总  计", "一、产权登记", "项目甲", "项目乙", "教学及辅助用房", "  教室", "  实验室", "  图书室", "  微机室", "  语音室", "  其他教学用房", "  室内体育用房", "二、行政办公用房"]
    values = {"总  计": school.buildings["总计"], "教学及辅助用房": school.buildings["教学及辅助用房"], "  室内体育用房": school.buildings["室内体育用房"]}
    rows += [[f"一、{line}" if line == "教学及辅助用房" else line, f"{n:02}", "㎡", "", "", values.get(line, "100"), "0", "—"] for n, line in enumerate(lines, start=1)]
    return Leaf(name, rows, [(0, 0, 0, 7), (2, 5, 2, 6), (2, 0, 3, 0), (2, 1, 3, 1), (2, 7, 3, 7)])


def _assets(name: str, school: School) -> Leaf:
    """运动场地面积 D7, 图书 D12, 网络多媒体教室 D17, 教学仪器设备资产值 D19 (万元)."""
    rows = [["占地面积及其他办学条件", "", "", ""], ["", "", "", "教基5176"], ["指标名称", "代码", "单位", "数量"], ["甲", "乙", "丙", "1"]]
    lines = [("占地面积", "㎡"), ("  其中：绿化用地面积", "㎡"), ("  运动场地面积", "㎡"), ("校园足球场", "个"), ("篮球场", "个"), ("排球场", "个"), ("100米直跑道", "条"),
             ("图书", "册"), ("  其中：当年新增", "册"), ("计算机数", "台"), ("  其中：教学用计算机", "台"), ("教室", "间"), ("  其中：网络多媒体教室", "间"),
             ("固定资产总值", "万元"), ("  其中：教学仪器设备资产值", "万元")]  # fmt: skip
    for n, (line, unit) in enumerate(lines, start=1):
        key = line.strip().removeprefix("其中：")
        rows.append([line, f"{n:02}", unit, school.assets.get(key, "1500" if key == "固定资产总值" else "20")])
    return Leaf(name, rows, [(0, 0, 0, 3)])


# --- the generation up to 2020 ----------------------------------------------------------------------------------------
def old_workbook(school: School, *, year: str = "2025-2026学年") -> list[Leaf]:
    """Letters of the grid in row 1 and row numbers in column A as data; title row 2, number row 3; assets lie across."""
    leaves = [Leaf("封面", [["基层报表"], [year]]), Leaf("目录", [["基础基111"], ["基础基312"], ["基础基522"]])]
    leaves.append(_gridded("基础基111", [["学校（机构）基本情况"], ["基础基111"], ["学校（机构）标识码", school.code], ["学校（机构）名称", school.name], ["校长", "李某某"]]))
    leaves.append(_gridded("基础基112", [["学校基本情况（续）"], ["基础基112"], ["指标名称", "编号", "数量"], ["甲", "乙", "1"], ["校医", "1", "1"],
                                       ["县级及以上骨干教师", "2", "—"], ["小  学", "3", text(school.primary.backbone if school.primary else None)],
                                       ["初  中", "4", text(school.junior.backbone if school.junior else None)]]))  # fmt: skip
    for stage, part, classes, pupils, teachers in (("小学", school.primary, "基础基212", "基础基312", "基础基423"), ("初中", school.junior, "基础基213", "基础基313", "基础基424")):
        if part:
            leaves += [_old_classes(classes, stage, part), _old_pupils(pupils, stage, part), _old_teachers(teachers, stage, part)]
    return [*leaves, _old_titles(school), _old_buildings(school), _old_assets(school)]


def _gridded(name: str, rows: list[list[str]], merges: Sequence[tuple[int, int, int, int]] = ()) -> Leaf:
    width = max(len(row) for row in rows)
    body = [[str(i), *row, *[""] * (width - len(row))] for i, row in enumerate(rows, start=2)]
    letters = ["", *[get_column_letter(j) for j in range(2, width + 2)]]
    return Leaf(name, [letters, *body], [(a + 1, b + 1, c + 1, d + 1) for a, b, c, d in merges])


def _old_classes(number: str, stage: str, part: Part) -> Leaf:
    """Grades go down, bands go across."""
    rows = [[f"{stage}班数、班额情况"], [number], ["", "编号", "班数", *BANDS], ["甲", "乙", *[str(n) for n in range(1, 12)]]]
    rows.append(["总  计", "1", str(sum(total(part).values())), *[str(total(part).get(band, 0)) for band in range(10)]])
    for n, counts in enumerate(part.classes, start=2):
        rows.append([f"{'一二三四五六'[n - 2]} 年 级", str(n), str(sum(counts.values())), *[str(counts.get(band, 0)) for band in range(10)]])
    return _gridded(number, rows, [(0, 0, 0, 12)])


def _old_pupils(number: str, stage: str, part: Part) -> Leaf:
    grades = [f"{word}年级" for word in "一二三四五六"[: len(part.pupils)]]
    width = 5 + len(grades)
    rows = [[f"{stage}学生数"], [number], ["", "编号", "毕业生数", "招生数", "在校生数", *[""] * len(grades)], ["", "", "", "", "合计", *grades],
            ["甲", "乙", *[str(n) for n in range(1, len(grades) + 4)]]]  # fmt: skip
    rows.append(["总  计", "1", "90", "95", str(sum(part.pupils)), *[str(n) for n in part.pupils]])
    rows.append(["其中：女", "2", "40", "45", "*", *["*"] * len(grades)])
    return _gridded(number, rows, [(0, 0, 0, width - 1), (2, 4, 2, width - 1), (2, 2, 3, 2), (2, 3, 3, 3)])


def _old_teachers(number: str, stage: str, part: Part) -> Leaf:
    heads = ["合计", "其中：女_x000D_", *OLD_SUBJECTS]
    rows = [[f"{stage}专任教师分学科、分学历情况"], [number], ["", "编号", *heads], ["甲", "乙", *[str(n) for n in range(1, len(heads) + 1)]]]
    rows.append(["总  计", "1", str(part.teachers), "12", *_by_subject(part, OLD_SUBJECTS)])
    rows.append(["其中：少数民族", "2", "—", "—", *["—"] * len(OLD_SUBJECTS)])
    graduates = part.degrees[0] + part.degrees[1]
    for n, (degree, count) in enumerate((("研究生毕业", graduates), ("本科毕业", part.degrees[2]), ("专科毕业", part.degrees[3]), ("高中阶段毕业", part.degrees[4]))):
        rows.append([degree, str(n + 3), str(count), "*", *["*"] * len(OLD_SUBJECTS)])
    return _gridded(number, rows, [(0, 0, 0, len(heads) + 1)])


def _old_titles(school: School) -> Leaf:
    rows = [["专任教师专业技术职务情况"], ["基础基422"], ["", "编号", "合计"], ["甲", "乙", "1"]]
    parts = [(stage, part) for stage, part in (("小  学", school.primary), ("初  中", school.junior)) if part]
    for stage, part in parts:
        rows.append([stage, "1", str(part.teachers)])
        rows += [[rank, str(n), str(count)] for n, (rank, count) in enumerate(zip(RANKS, part.ranks, strict=True), start=2)]
    return _gridded("基础基422", rows)


def _old_buildings(school: School) -> Leaf:
    rows = [["校舍情况"], ["基础基512"], ["", "编号", "校舍建筑面积(平方米)", "", "被外单位借用"], ["", "", "计", "其中：危房", ""], ["甲", "乙", "1", "2", "3"],
            ["总  计", "1", school.buildings["总计"], "0", "*"], ["一、教学及辅助用房", "2", school.buildings["教学及辅助用房"], "0", "*"],
            ["教  室", "3", "1800", "0", "*"], ["体育馆", "4", school.buildings["室内体育用房"], "0", "*"], ["二、行政办公用房", "5", "300", "0", "*"]]  # fmt: skip
    return _gridded("基础基512", rows, [(0, 0, 0, 4), (2, 2, 2, 3)])


def _old_assets(school: School) -> Leaf:
    heads = ["占地面积(平方米)", "", "图书(册)", "计算机数(台)", "", "教室(间)", "", "固定资产总值(万元)", ""]
    under = ["计", "其中：运动场地面积", "", "计", "其中：教学用计算机", "计", "其中：网络多媒体教室", "计", "其中：教学仪器设备资产值"]
    a = school.assets
    values = [a["占地面积"], a["运动场地面积"], a["图书"], a["计算机数"], a["教学用计算机"], "20", a["网络多媒体教室"], "1500", a["教学仪器设备资产值"]]
    rows = [["占地面积及其他办学条件"], ["基础基522"], ["", "编号", *heads], ["", "", *under], ["甲", "乙", *[str(n) for n in range(1, 10)]],
            ["总  计", "1", *values], ["非学校产权", "2", *["*"] * 9]]  # fmt: skip
    return _gridded("基础基522", rows, [(0, 0, 0, 10), (2, 2, 2, 3), (2, 4, 3, 4), (2, 5, 2, 6), (2, 7, 2, 8), (2, 9, 2, 10)])


# --- special schools --------------------------------------------------------------------------------------------------
def special_workbook(code: str, name: str) -> list[Leaf]:
    """教基1001, 3120 (小学 and 初中 as rows), 4150 and the forms of the premises."""
    school = School(code, name, "其他特教学校", buildings=BUILDINGS, assets=ASSETS)
    pupils = Leaf("教基3120_其他特教学校", [
        ["特殊教育学生数"], ["教基3120"], ["指标名称", "代码", "毕业生数", "招生数", "在校生数"], ["甲", "乙", "1", "2", "3"],
        ["总计", "01", "5", "9", "61"], ["  小学阶段", "02", "3", "5", "40"], ["  初中阶段", "03", "2", "4", "21"],
    ])  # fmt: skip
    staff = Leaf("教基4150_其他特教学校", [
        ["特殊教育学校教职工数"], ["教基4150"], ["指标名称", "代码", "教职工数", "专任教师", "行政人员"], ["甲", "乙", "1", "2", "3"], ["总计", "01", "28", "24", "2"],
    ])  # fmt: skip
    return [_basics("教基1001_其他特教学校", school, "2025-2026学年"), pupils, staff, _buildings("教基5170_其他特教学校", school), _assets("教基5176_其他特教学校", school)]


def save(leaves: Iterable[Leaf]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for leaf in leaves:
        sheet = book.create_sheet(leaf.name)
        for row in leaf.rows:
            sheet.append([value if value != "" else None for value in row])
        for top, left, bottom, right in leaf.merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
