"""The columns of the school profile A1, grouped as the form prints them (domain ledgers A1; contracts 2)."""
from __future__ import annotations

from ..columns import AREA, MONEY, Choice, Column, Ignored, Measure, Text, Whole, Year, YesNo
from .profile_computed import COMPUTED
from .shared import AREA_TYPE, REMARKS, SCHOOL_CODE, SCHOOL_NAME, SCHOOL_TYPE, SERIAL, SPONSOR, TOWNSHIP, YEAR

PREMISES, EQUIPMENT, MONEY_MODEL, ROOM = "schools.Premises", "schools.Equipment", "funding.SchoolMoney", "schools.SpecialRoom"
PUPILS, CLASSES, TEACHERS = "pupils", "classes", "teachers"
STAGES = (("primary", "小学"), ("junior", "初中"), ("senior", "高中"))
BASIC_STAGES = STAGES[:2]


def area(header: str, field: str, example: str, *aliases: str, required: bool = False, **more) -> Measure:
    return Measure(header, field, example, aliases=aliases, required=required, unit="㎡", units=AREA, target=PREMISES, **more)


def money(header: str, field: str, example: str, *aliases: str, **more) -> Measure:
    return Measure(header, field, example, aliases=aliases, unit="万元", units=MONEY, **{"target": MONEY_MODEL, **more})


def by_stage(suffix: str, words: tuple[str, ...], example: str, stages=BASIC_STAGES, **more) -> tuple[Whole, ...]:
    """One count for each stage; `words` are header endings ("在校生数"), also accepted as "在校生数/小学"."""
    return tuple(
        Whole(
            f"{name}{words[0]}", f"{stage}_{suffix}", example,
            aliases=tuple(alias for word in words for alias in (f"{name}{word}", f"{word}{name}", f"{name}部{word}", f"{word}({name})")), **more,
        )
        for stage, name in stages
    )  # fmt: skip


IDENTITY: tuple[Column, ...] = (
    SERIAL, YEAR, SCHOOL_CODE, SCHOOL_NAME, SCHOOL_TYPE, SPONSOR, AREA_TYPE, TOWNSHIP,
    Year("建校年份", "built_year", "1986", aliases=("建校时间", "建校年月", "建校于")),
    YesNo("是否2010年及之前规划并建成", "built_by_2010", "是", aliases=("2010年及之前规划并建成", "是否2010年及以前规划并建成", "是否2010年及之前建成")),
    YesNo("是否2016年及之前规划并建成", "built_by_2016", "是", aliases=("2016年及之前规划并建成", "是否2016年及以前规划并建成", "是否2016年及之前建成")),
    YesNo("是否寄宿制", "is_boarding", "否", aliases=("寄宿制学校", "是否寄宿制学校", "是否为寄宿制学校")),
    Ignored("是否人口密集中心城区", "dense_centre", aliases=("是否人口密集的中心城区", "人口密集中心城区", "是否位于人口密集的中心城区")),
    Ignored("填表人", "filled_by", aliases=("填报人",)),
    Ignored("审核人", "checked_by"),
    Ignored("校长", "head", aliases=("校长姓名", "单位负责人", "负责人")),
    Ignored("联系电话", "phone", aliases=("电话",)),
    Ignored("填报日期", "filled_on", aliases=("填表日期", "填报时间")),
)  # fmt: skip

HEADS: tuple[Column, ...] = (
    *by_stage("pupils", ("在校生数", "学生数", "在校学生数", "学生人数", "在校生", "在籍学生数"), "480", STAGES, required=PUPILS, unit="人",
              help="统计时点 9 月 1 日的在籍学生；已报班级情况表的可以不填，填了必须与班级情况表一致。"),
    Whole("在校生总数", "all_pupils", "480", aliases=("在校生数", "学生数", "在校学生数", "学生总数", "在校学生总数"), unit="人", target="", in_template=False,
          help="只有一个学段的学校可以只填总数。"),
    Whole("随迁子女在校生数", "migrant_pupils", "12", aliases=("进城务工人员随迁子女数", "随迁子女数", "随迁子女", "进城务工人员随迁子女在校生数"), unit="人"),
    Whole("随班就读学生数", "inclusive_pupils", "2", aliases=("随班就读", "随班就读人数"), unit="人"),
    Whole("特教班学生数", "special_class_pupils", "0", aliases=("特教班", "特教班人数"), unit="人"),
    Whole("送教上门学生数", "home_taught_pupils", "0", aliases=("送教上门", "送教上门人数"), unit="人"),
    *by_stage("classes", ("教学班数", "班级数", "班数", "教学班"), "12", required=CLASSES, unit="个", help="已报班级情况表的可以不填。"),
    Whole("教学班总数", "all_classes", "12", aliases=("教学班数", "班级数", "班级总数", "教学班"), unit="个", target="", in_template=False),
    Whole("教职工数", "staff", "36", aliases=("教职工总数", "教职工人数"), unit="人", required=TEACHERS, help="已报教师花名册的可以不填。"),
    Whole("核定教职工编制数", "approved_posts", "36", aliases=("核定编制数", "编制数", "教职工编制数", "核编数", "编制总数"), unit="人", help="机构编制部门核定给本校的编制。"),
    Whole("专任教师数", "full_time_teachers", "33", aliases=("教师数", "专任教师总数", "专任教师"), unit="人", required=TEACHERS,
          help="已报教师花名册的可以不填。"),
)  # fmt: skip

TEACHING: tuple[Column, ...] = (
    *by_stage("full_time_teachers", ("专任教师数", "专任教师", "专任教师总数"), "33", unit="人", help="没有教师花名册时填写。"),
    *by_stage("above_degree", ("高于规定学历教师数", "高于规定学历专任教师数"), "30", unit="人",
              help="小学为专科及以上，初中为本科及以上；没有教师花名册时填写。"),
    *by_stage("backbone", ("县级及以上骨干教师数", "县级以上骨干教师数", "骨干教师数"), "6", unit="人", help="没有教师花名册时填写。"),
    *by_stage("pe_art", ("体育艺术专任教师数", "体育、艺术专任教师数", "体艺专任教师数", "音体美专任教师数", "体育艺术(美术、音乐)专任教师数"), "5", unit="人",
              help="体育、音乐、美术、艺术；没有教师花名册时填写。"),
    *by_stage("mid_title", ("中级及以上职称教师数", "中级及以上专业技术职务教师数"), "15", unit="人", help="没有教师花名册时填写。"),
    *by_stage("certified", ("持证专任教师数", "持有教师资格证专任教师数", "持教师资格证专任教师数", "持教师资格证人数", "教师资格证上岗人数"), "33", unit="人"),
    *by_stage("trained", ("完成360学时教师数", "五年360学时完成人数", "完成360学时培训教师数", "5年360学时培训完成人数", "五年360学时培训完成人数"), "33", unit="人"),
)  # fmt: skip


def parts(stage: str, name: str, names: tuple[tuple[str, str], ...], into: str, kind: str) -> tuple[Whole, ...]:
    """Counts that only the vertical form asks for one by one; summed into `into`."""
    return tuple(
        Whole(
            f"{name}{word}{kind}", f"{stage}_{into}_{code}", "0", unit="人", adds_to=f"{stage}_{into}", target="", only_turned=False, in_template=False,
            aliases=tuple(f"{name}{word}{end}" for end in ("教师数", "专任教师数", "人数", "学历教师数", "学历专任教师数", "")),
        )
        for code, word in names
    )  # fmt: skip


ABOVE = (("bachelor", "本科"), ("master", "硕士"), ("doctor", "博士"), ("graduate", "研究生"))
SUMMED: tuple[Column, ...] = (
    *parts("primary", "小学", (("college", "大专"), ("college2", "专科"), *ABOVE), "above_degree", "学历教师数"),
    *parts("junior", "初中", ABOVE, "above_degree", "学历教师数"),
    Ignored("初中大专学历教师数", "junior_college", aliases=("初中大专教师数", "初中专科学历教师数", "初中专科教师数", "初中大专人数", "初中大专")),
    *(column for stage, name in BASIC_STAGES for column in parts(
        stage, name, (("pe", "体育"), ("music", "音乐"), ("art", "美术"), ("arts", "艺术")), "pe_art", "教师数")),
)  # fmt: skip

LAND: tuple[Column, ...] = (
    area("占地面积", "land_area", "15000", "校园面积", "学校占地", "校园占地面积", "学校占地面积"),
    area("校舍建筑面积", "building_area", "6200", "建筑面积", "校舍面积"),
    area("教学及辅助用房面积", "teaching_area", "3200", "教辅用房面积", "教学及辅助用房", "教学及教学辅助用房面积", "教学辅助用房面积", required=True,
         help="统计口径，含室内体育用房。"),
    area("室内体育用房面积", "indoor_sports_area", "400", "体育馆面积", "风雨操场", "室内体育用房", "体育馆", "其中:室内体育用房面积", required=True,
         help="没有请填 0，不能空白。"),
    area("体育运动场地面积", "outdoor_sports_area", "5200", "运动场面积", "体育场面积", "运动场地面积", "体育运动场地", "体育运动场面积", "体育运动场(馆)面积", required=True),
    area("校内其他专用运动场地面积", "other_campus_sports_area", "0", "楼顶/地下运动场地", "校内其他运动场地面积", "校园其他专用运动场地", "校园其他专用运动场地面积",
         help="只用于人口密集中心城区学校。"),
    area("校外租借场馆面积", "leased_sports_area", "0", "校外租借体育场馆面积", "校外周边租借体育场馆面积", "校外租借体育场馆", "租借场馆面积",
         help="只用于人口密集中心城区学校，须有租借协议。"),
    money("教学仪器设备资产值", "equipment_value", "115.20", "仪器设备值", "设备总值", "教学仪器设备值", "教学仪器设备总值", "仪器设备资产值", "教学仪器设备资产总值",
          target=EQUIPMENT, required=True, help="账面原值。"),
    Whole("网络多媒体教室", "multimedia_rooms", "14", aliases=("多媒体教室数", "班班通教室", "网络多媒体教室数", "网络多媒体教室间数", "多媒体教室"), unit="间",
          target=EQUIPMENT, required=True),
    Whole("音乐教室间数", "music_rooms", "1", aliases=("音乐专用教室间数", "音乐教室数", "音乐专用教室数"), unit="间", help="没有请填 0；每间的面积填在“专用教室”表。"),
    Whole("美术教室间数", "art_rooms", "1", aliases=("美术专用教室间数", "美术教室数", "美术专用教室数"), unit="间", help="没有请填 0；每间的面积填在“专用教室”表。"),
    Whole("计算机台数", "computers", "60", aliases=("计算机总台数", "计算机数", "计算机总数"), unit="台", target=EQUIPMENT),
    Whole("教学用计算机台数", "teaching_computers", "52", unit="台", target=EQUIPMENT,
          aliases=("其中教学用", "教学用", "学生用机", "计算机台数(其中教学用)", "教学用计算机", "教学用计算机数", "其中:教学用计算机台数", "学生用计算机台数")),
    Whole("图书册数", "books", "14400", aliases=("纸质图书", "藏书量", "图书", "图书藏量", "纸质图书册数"), unit="册", target=EQUIPMENT),
)  # fmt: skip

FUNDS: tuple[Column, ...] = (
    money("上年度公用经费预算总额", "public_funds_budget", "57.60", "公用经费预算总额", "公用经费预算", "上年度公用经费预算", "上年公用经费预算总额", absent_notice=True),
    money("上年度公用经费决算总额", "public_funds_final", "57.10", "公用经费决算总额", "公用经费决算", "决算总额", "上年度公用经费决算", "上年公用经费决算总额"),
    money("教师培训经费预算", "training_budget", "3.20", "上年度教师培训经费预算", "培训经费预算", "教师培训经费预算总额", "上年度教师培训经费预算总额", absent_notice=True),
    money("教师培训经费决算", "training_final", "3.15", "上年度教师培训经费决算", "培训经费决算", "教师培训经费决算总额", "上年度教师培训经费决算总额"),
)  # fmt: skip

FLOWS: tuple[Column, ...] = (
    *by_stage("in_zone", ("就近划片入学学生数", "就近入学学生数", "划片范围内在校学生数", "家庭住址在划片范围内的在校学生数", "就近划片入学人数"), "450", unit="人"),
    Whole("初中毕业生数", "graduates", "150", aliases=("毕业生数", "当年毕业生数", "初三毕业生数"), unit="人"),
    Whole("三年前初一入学数", "entrants", "152", aliases=("三年前入学数", "三年前初一入学人数", "三年前七年级入学数", "初一入学人数", "三年前初中入学人数"), unit="人"),
    Whole("三年转入", "transfers_in", "3", aliases=("转入", "转入学生数", "三年转入学生数", "三年内转入", "三年内转入学生数"), unit="人"),
    Whole("三年转出", "transfers_out", "4", aliases=("转出", "转出学生数", "三年转出学生数", "三年内转出", "三年内转出学生数"), unit="人"),
    Whole("三年死亡", "deaths", "0", aliases=("死亡", "死亡学生数", "三年死亡学生数", "三年内死亡", "三年内死亡学生数"), unit="人"),
)  # fmt: skip

BANDS = (
    ("upto_25", "25人及以下", 0, 25), ("from_26", "26-30人", 26, 30), ("from_31", "31-35人", 31, 35), ("from_36", "36-40人", 36, 40),
    ("from_41", "41-45人", 41, 45), ("from_46", "46-50人", 46, 50), ("from_51", "51-55人", 51, 55), ("from_56", "56-60人", 56, 60),
    ("from_61", "61-65人", 61, 65), ("from_66", "66人及以上", 66, None),
)  # fmt: skip


def band_aliases(title: str) -> tuple[str, ...]:
    """"46-50人" -> 46-50, 46至50人, 46～50人 …"""
    bare = title.replace("人", "")
    forms = [title, bare, f"{bare}人", bare.replace("-", "~"), bare.replace("-", "至"), f"{bare.replace('-', '至')}人", f"{bare.replace('-', '~')}人"]
    if "及" in title:
        number = title[:2]
        forms += [f"{number}及以下", f"{number}人以下", f"≤{number}"] if number == "25" else [f"{number}及以上", f"{number}人以上", f"≥{number}"]
    return tuple(form for name in dict.fromkeys(forms) for form in (name, f"班额{name}", f"{name}班数", f"{name}班级数"))


def stage_bands(stage: str, name: str) -> tuple[Whole, ...]:
    """Classes in the ten size bands as the vertical form asks for them: they are added up to the number of classes."""
    return tuple(
        Whole(f"{name}{title}班级数", f"{stage}_classes_{code}", "0", unit="个", adds_to=f"{stage}_classes", target="", in_template=False, only_turned=True,
              aliases=tuple(f"{name}{form}" for form in band_aliases(title)))
        for code, title, _, _ in BANDS
    )  # fmt: skip


SIZE_BANDS: tuple[Column, ...] = tuple(column for stage, name in BASIC_STAGES for column in stage_bands(stage, name))

# Area bands of music and art rooms in the vertical form: a counted room becomes a row with the least area of its band.
ROOM_BANDS = (
    ("music", "音乐", (("96", "96㎡及以上", 9600), ("73", "73-96㎡", 7300), ("61", "61-73㎡", 6100), ("54", "54-61㎡", 5400))),
    ("art", "美术", (("90", "90㎡及以上", 9000), ("67", "67-90㎡", 6700), ("61", "61-67㎡", 6100), ("54", "54-61㎡", 5400))),
)


def _room_aliases(name: str, title: str) -> tuple[str, ...]:
    plain = title.replace("㎡", "")
    forms = []
    for band in (plain, plain.replace("-", "~"), plain.replace("-", "至"), plain.replace("及以上", "以上"), plain.replace("及", "")):
        for unit in ("平方米", "㎡"):
            with_unit = band.replace("及以上", f"{unit}及以上") if "及以上" in band else band.replace("以上", f"{unit}以上") if "以上" in band else band + unit
            forms += [f"{name}教室{with_unit}间数", f"{name}教室{with_unit}", f"{with_unit}{name}教室", f"{with_unit}{name}教室间数", f"{with_unit}的{name}教室"]
    return tuple(dict.fromkeys(forms))


ROOM_COUNTS: tuple[Column, ...] = tuple(
    Whole(f"{name}教室{title}间数", f"{kind}_rooms_{code}", "1", unit="间", adds_to=f"{kind}_rooms", target="", in_template=False, only_turned=True,
          aliases=_room_aliases(name, title))
    for kind, name, bands in ROOM_BANDS
    for code, title, _ in bands
)

PROFILE_COLUMNS: tuple[Column, ...] = (*IDENTITY, *COMPUTED, *HEADS, *TEACHING, *SUMMED, *LAND, *FUNDS, *FLOWS, *SIZE_BANDS, *ROOM_COUNTS, REMARKS)

ROOM_COLUMNS: tuple[Column, ...] = (
    SERIAL, SCHOOL_CODE, SCHOOL_NAME,
    Choice("教室类别", "kind", "音乐", aliases=("类别", "专用教室类别", "功能室类别", "功能室", "教室类型"), required=True,
           choices=(("music", "音乐"), ("art", "美术")), words={"音乐教室": "music", "音乐室": "music", "美术教室": "art", "美术室": "art"},
           contains={"音乐": "music", "美术": "art"}),
    Text("教室名称", "name", "音乐教室1", aliases=("名称", "功能室名称", "专用教室名称"), longest=60),
    Measure("面积", "area", "96", aliases=("教室面积", "使用面积", "建筑面积", "每间面积"), required=True, unit="㎡", units=AREA),
    REMARKS,
)  # fmt: skip
