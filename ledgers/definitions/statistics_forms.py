"""Where the figures stand in the statistics workbook: forms by their numbers, values by the labels of row and column.

基础基 numbers stand for exports up to 2020, 教基 for those since 2021 (domain ledgers 1.0). Cells named with `at` are those of
the 2021 layout; they are only compared.
"""
from __future__ import annotations

from ..scattered import MAY, MUST, Form, Scattered, Spot, Sweep
from .profile_columns import BANDS, BASIC_STAGES, band_aliases

STAGE_ROWS = ("学前教育", "小学", "初中", "普通高中", "高中", "特殊教育学校", "特殊教育", "中等职业学校")
NEW = "教基"

FORMS = (
    Form("basics", "学校基本情况", ("教基1001", "基础基111"), need=MAY),
    Form("backbone", "学校基本情况(续)", ("教基1102", "基础基112"), need=MAY),
    Form("primary_classes", "小学班数、班额", ("教基2106", "基础基212"), stage="primary"),
    Form("junior_classes", "初中班数、班额", ("教基2107", "基础基213"), stage="junior"),
    Form("primary_pupils", "小学学生数", ("教基3112", "基础基312"), stage="primary", need=MUST),
    Form("junior_pupils", "初中学生数", ("教基3115", "基础基313"), stage="junior", need=MUST),
    Form("senior_pupils", "高中学生数", ("教基3118", "基础基314"), stage="senior"),
    Form("special_pupils", "特殊教育学生数", ("教基3120", "基础基315"), need=MAY),
    Form("staff", "中小学教职工数", ("教基4149", "基础基412"), need=MAY),
    Form("special_staff", "特殊教育教职工数", ("教基4150", "基础基425", "基础基413"), need=MAY),
    Form("titles", "专任教师专业技术职务", ("教基4153", "基础基422"), need=MAY, sections=STAGE_ROWS),
    Form("primary_teachers", "小学专任教师分课程、分学历", ("教基4155", "基础基423"), stage="primary", sections=STAGE_ROWS),
    Form("junior_teachers", "初中专任教师分课程、分学历", ("教基4156", "基础基424"), stage="junior", sections=STAGE_ROWS),
    Form("buildings", "校舍情况", ("教基5170", "基础基512")),
    Form("assets", "占地面积及其他办学条件", ("教基5176", "基础基531", "基础基522")),
)  # fmt: skip

TOTAL = ("总计", "合计", "计")
CLASS_TOTAL = (*TOTAL, "班数", "教学班数", "班级数", "班数/合计", "班数/计")
ENROLLED = ("在校生数/合计", "在校生数/计", "在校生数", "在校学生数", "在校生")
AREA_COLUMNS = ("学校产权校舍建筑面积/计", "学校产权校舍建筑面积/合计", "学校产权校舍建筑面积", "校舍建筑面积/计", "校舍建筑面积/合计", "校舍建筑面积", "建筑面积/计", "建筑面积", "面积")
DEGREES = (("doctor", "博士", ("博士研究生", "博士研究生毕业", "博士")), ("master", "硕士", ("硕士研究生", "硕士研究生毕业", "硕士")),
           ("graduate", "研究生", ("研究生毕业", "研究生")), ("bachelor", "本科", ("本科毕业", "本科", "大学本科")),
           ("college", "专科", ("专科毕业", "专科", "大学专科")))  # fmt: skip
ABOVE = {"primary": ("doctor", "master", "graduate", "bachelor", "college"), "junior": ("doctor", "master", "graduate", "bachelor")}
SUBJECTS = (("pe", "体育", ("体育与健康", "体育", "体育(与健康)")), ("music", "音乐", ("音乐",)), ("art", "美术", ("美术",)), ("arts", "艺术", ("艺术",)))
TITLES = (("senior", "正高级", ("正高级",)), ("vice", "副高级", ("副高级",)), ("middle", "中级", ("中级",)))
# Cells of the 2021 layout: total, degrees, subjects of the teacher forms of each stage.
TEACHER_CELLS = {
    "primary": {"pe": "L6", "music": "N6", "art": "O6", "arts": "P6", "bachelor": "C11", "college": "C12"},
    "junior": {"pe": "U6", "music": "V6", "art": "W6", "arts": "X6", "bachelor": "C11"},
}
GRADES = {
    "primary": {n: (f"{word}年级", f"小学{word}年级", f"在校生数/{word}年级") for n, word in enumerate("一二三四五六", start=1)},
    "junior": {n + 6: (f"{word}年级", f"初{short}", f"{long}年级", f"初中{word}年级", f"在校生数/{word}年级", f"在校生数/{long}年级")
               for n, (word, short, long) in enumerate(zip("一二三", "一二三", "七八九", strict=True), start=1)},
}  # fmt: skip


def teacher_spots(stage: str, name: str) -> list[Spot]:
    """The teachers of one stage: in the form of the stage, or in the block of the stage where one form is for both."""
    own, known = f"{stage}_teachers", TEACHER_CELLS[stage]
    other = "primary_teachers" if stage == "junior" else "junior_teachers"
    spots = []

    def add(field: str, rows: tuple[str, ...], columns: tuple[str, ...], at: str) -> None:
        cells = {NEW: at} if at else {}
        in_block = tuple(name if row in TOTAL else f"{name}/{row}" for row in rows)
        spots.append(Spot(field, own, (*dict.fromkeys(in_block), *rows), columns, cells))
        spots.append(Spot(field, other, tuple(dict.fromkeys(in_block)), columns))

    add(f"{stage}_full_time_teachers", TOTAL, TOTAL, "C6")
    for code, _, words in DEGREES:
        if code in ABOVE[stage]:
            add(f"{stage}_above_degree_{code}", words, TOTAL, known.get(code, ""))
    for code, _, words in SUBJECTS:
        add(f"{stage}_pe_art_{code}", TOTAL, words, known[code])
    return spots


def title_spots() -> list[Spot]:
    """Teachers by rank: in the block of their stage; a form without blocks is that of a school of one stage."""
    spots = []
    for code, _, words in TITLES:
        for stage, name in BASIC_STAGES:
            spots.append(Spot(f"{stage}_mid_title_{code}", "titles", tuple(f"{name}/{word}" for word in words), TOTAL))
        spots.append(Spot(f"all_mid_title_{code}", "titles", words, TOTAL))
    return spots


def backbone_spots() -> list[Spot]:
    words = ("县级及以上骨干教师", "县级及以上骨干教师数", "县级以上骨干教师")
    cells = {"primary": "D12", "junior": "D13"}
    spots = [
        Spot(f"{stage}_backbone", "backbone", tuple(path for word in words for path in (f"{word}/{name}", f"{word}/{name}教师")), at={NEW: cells[stage]})
        for stage, name in BASIC_STAGES
    ]
    return [*spots, Spot("all_backbone", "backbone", words)]


def pupil_spots() -> list[Spot]:
    cells = {"primary": "I6", "junior": "E6"}
    spots = []
    for stage, name in BASIC_STAGES:
        spots.append(Spot(f"{stage}_pupils", f"{stage}_pupils", TOTAL, ENROLLED, {NEW: cells[stage]}))
        spots.append(Spot(f"{stage}_pupils", "special_pupils", (f"{name}阶段", name), ENROLLED))
        spots.append(Spot(f"{stage}_classes", f"{stage}_classes", TOTAL, CLASS_TOTAL, {NEW: "C5"}))
    return spots


SPOTS = (
    Spot("school_code", "basics", ("学校(机构)标识码", "学校标识码", "标识码")),
    Spot("school_name", "basics", ("学校(机构)名称", "学校名称"), at={NEW: "C4"}),
    *pupil_spots(),
    Spot("senior_pupils", "senior_pupils", TOTAL, ENROLLED),
    Spot("staff", "staff", TOTAL, ("教职工数/合计", "教职工数/计", "教职工数", "合计")),
    Spot("staff", "special_staff", TOTAL, ("教职工数/合计", "教职工数/计", "教职工数", "合计")),
    Spot("full_time_teachers", "staff", TOTAL, ("专任教师",)),
    Spot("full_time_teachers", "special_staff", TOTAL, ("专任教师",)),
    *teacher_spots("primary", "小学"),
    *teacher_spots("junior", "初中"),
    *backbone_spots(),
    *title_spots(),
    Spot("building_area", "buildings", (*TOTAL, "校舍建筑面积"), AREA_COLUMNS),
    Spot("teaching_area", "buildings", ("教学及辅助用房", "教学及教学辅助用房", "教学及辅助用房面积"), AREA_COLUMNS, {NEW: "F10"}),
    Spot("indoor_sports_area", "buildings", ("室内体育用房", "体育馆", "室内体育用房面积"), AREA_COLUMNS, {NEW: "F17"}),
    Spot("land_area", "assets", ("占地面积", "学校占地面积", "占地面积/计")),
    Spot("outdoor_sports_area", "assets", ("运动场地面积", "体育运动场地面积", "占地面积/运动场地面积"), at={NEW: "D7"}),
    Spot("books", "assets", ("图书", "图书藏量", "纸质图书"), at={NEW: "D12"}),
    Spot("computers", "assets", ("计算机数", "计算机", "数字终端数", "数字终端", "计算机数/计", "数字终端数/计")),
    Spot("teaching_computers", "assets", ("教学用计算机", "计算机数/教学用", "计算机数/教学用计算机", "数字终端数/教学用", "数字终端数/教师终端", "教学用终端")),
    Spot("multimedia_rooms", "assets", ("网络多媒体教室", "教室/网络多媒体教室", "网络多媒体教室数"), at={NEW: "D17"}),
    Spot("equipment_value", "assets", ("教学仪器设备资产值", "固定资产总值/教学仪器设备资产值", "教学、科研仪器设备资产值", "教学仪器设备资产"), at={NEW: "D19"}),
)  # fmt: skip

SCATTERED = Scattered(spots=SPOTS)
BAND_SWEEPS = Scattered(
    sweeps=tuple(
        sweep
        for stage, _ in BASIC_STAGES
        for sweep in (
            Sweep(f"{stage}_classes", "grade", GRADES[stage], {"classes": CLASS_TOTAL, **{code: (title, *band_aliases(title)) for code, title, _, _ in BANDS}}),
            Sweep(f"{stage}_pupils", "grade", {n: tuple(reversed(labels)) for n, labels in GRADES[stage].items()}, {"pupils": TOTAL}),
        )
    )
)
