"""The second counting: every further figure of the demo county straight from its workbooks, for its newest year.

Shares no code with the project. Keys are (school code or "", stage or ""); values exact, in people's units. A school for
which nobody handed in the facts has no key.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import openpyxl

from .second_computation import COUNTED, GRADES, WORDS, number, profiles, read_county, table, text, title, workbooks

YEAR, FISCAL = 2026, 2025
CENSUS = f"{YEAR}-09"
LIMIT, TOWN = {"primary": 45, "junior": 50}, ("主城区", "城乡结合区", "镇中心区")
ALL_STAGES = {**WORDS, "senior": "高中"}
GRADUATE = {"研究生-硕士", "研究生-博士"}
ABOVE = {"primary": GRADUATE | {"大学本科", "大学专科"}, "junior": GRADUATE | {"大学本科"}, "senior": GRADUATE}
PERIODS = {
    "primary": {"语文": 7, "数学": 5, "英语": 2, "道德与法治": 2, "科学": 2, "体育": 4, "艺术": 4, "信息科技": 1, "劳动": 2},
    "junior": {"语文": 5, "数学": 5, "英语": 4, "道德与法治": 3, "物理": Fraction(5, 3), "化学": 1, "生物": Fraction(4, 3), "历史": 2,
               "地理": Fraction(4, 3), "体育": 4, "艺术": 2, "信息科技": 1, "劳动": 2},
}  # fmt: skip
LOAD = {"primary": 15, "junior": 13}
GROUP = {"音乐": "艺术", "美术": "艺术", "综合实践": "劳动"}
QUOTA = {"primary": 720, "junior": 940}
FINANCE = {
    "education_appropriation": ("义务教育预算内经费拨款", 10000), "recurrent_revenue": ("地方财政经常性收入", 10000),
    "education_spending": ("一般公共预算教育支出", 10000), "budget_spending": ("一般公共预算支出", 10000),
    "per_pupil_spending_primary": ("小学生均预算内教育事业费(元)", 1), "per_pupil_spending_junior": ("初中生均预算内教育事业费(元)", 1),
    "per_pupil_public_funds_primary": ("小学生均预算内公用经费(元)", 1), "per_pupil_public_funds_junior": ("初中生均预算内公用经费(元)", 1),
    "average_pay": ("教职工年人均工资(元)", 1), "new_money": ("新增教育经费", 10000), "rural_new_money": ("其中:用于农村", 10000),
    "teacher_wages": ("教职工工资总额", 10000), "county_training_funds": ("教师培训经费", 10000), "back_payment": ("补拨金额", 10000),
}  # fmt: skip
NUMBERS = {
    "teacher_pay": ("义务教育教师年平均工资收入", 10000), "civil_servant_pay": ("公务员年平均工资收入", 10000), "senior_high_places": ("优质高中招生计划数", 1),
    "senior_high_allotted": ("优质高中分配到校指标数", 1), "senior_high_rural": ("分配到农村初中的指标数", 1), "migrant_eligible": ("符合条件的随迁子女数", 1),
    "migrant_public": ("在公办学校就读的随迁子女数", 1), "migrant_bought": ("政府购买民办学位就读的随迁子女数", 1), "disabled_children": ("适龄残疾儿童少年数", 1),
    "disabled_enrolled": ("入学的残疾儿童少年数", 1), "disabled_special": ("在特殊教育学校就读的残疾儿童少年数", 1), "posts_approved": ("教职工编制总额", 1),
    "posts_allotted": ("教师岗位总量", 1), "posts_filled": ("在编教职工数", 1),
}  # fmt: skip
COHORT = {"graduates": "初中毕业生数", "entrants": "三年前初一入学数", "transfers_in": "三年转入", "transfers_out": "三年转出", "deaths": "三年死亡"}
PREMISES = {"land_area": "占地面积", "building_area": "校舍建筑面积", "outdoor_sports_area": "体育运动场地面积", "indoor_sports_area": "其中:室内体育用房面积",
            "migrant_pupils": "随迁子女在校生数", "approved_posts": "核定教职工编制数"}  # fmt: skip


def figures(root: Path, *, multiplier: Fraction = Fraction(1), floor_heads: int = 100) -> dict[str, dict[tuple[str, str], Fraction]]:
    """Every further figure by quantity. `multiplier` and `floor_heads` are the local rules of public funds."""
    found: dict[str, dict] = defaultdict(dict)
    schools = read_county(root, YEAR)
    areas = {text(row["学校(机构)标识码"]): row for row in table(root / "register.xlsx", "学校名称")}
    folder = root / "approved" / str(YEAR)
    lists = _lists(folder / "classes")
    _classes(found, lists)
    forms = {code: _form(path) for code, path in workbooks(folder / "school_profile")}
    rosters = {code: [row for row in table(path, "姓名") if text(row["身份证号"])[:17].isdigit()] for code, path in workbooks(folder / "teachers")}
    _forms(found, schools, forms, areas)
    for code, path in workbooks(folder / "school_profile"):
        _rooms(found, code, path, forms[code])
    for code, rows in rosters.items():
        _roster(found, code, rows, lists.get(code, []), areas[code])
    _posts(found, schools, forms)
    _money(found, root, schools, forms, multiplier, floor_heads)
    _county(found, root)
    _exchange(found, folder, rosters, areas)
    _training(found, folder, rosters)
    return found


def _form(path: Path) -> dict[str, object]:
    return profiles(path)[0]


def _lists(folder: Path) -> dict[str, list[tuple[int, int]]]:
    """school -> [(grade, pupils)] of its classes."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for code, path in workbooks(folder):
        for row in table(path, "班级名称"):
            if text(row["年级"]) in GRADES:
                found[code or text(row["学校(机构)标识码"])].append((GRADES[text(row["年级"])], int(text(row["学生数"]))))
    return found


def _stage(grade: int) -> str:
    return "primary" if grade <= 6 else "junior" if grade <= 9 else "senior"


def _classes(found: dict, lists: dict[str, list[tuple[int, int]]]) -> None:
    for code, rows in lists.items():
        for stage in {_stage(grade) for grade, _ in rows}:
            own = [(grade, n) for grade, n in rows if _stage(grade) == stage]
            found["pupils"][code, stage] = sum(n for _, n in own)
            found["classes"][code, stage] = len(own)
            found["grades"][code, stage] = len({grade for grade, _ in own})
            if stage != "senior":
                sizes = [n for _, n in own]
                found["largest_class"][code, stage] = max(sizes)
                for name, least in (("classes_over", LIMIT[stage] + 1), ("large_classes", 56), ("super_large_classes", 66)):
                    found[name][code, stage] = sum(n >= least for n in sizes)


def _forms(found: dict, schools: dict, forms: dict, areas: dict) -> None:
    for code, row in forms.items():
        for name, heading in PREMISES.items():
            if number(row.get(heading)) is not None:
                found[name][code, ""] = number(row[heading])
        found["built_by_2010"][code, ""] = int(text(row["是否2010年及之前规划并建成"]) == "是")
        # Special grounds and leases of dense inner-city schools: a form without these columns has none of either to add.
        shared = schools[code].shared
        for name, key in (("teaching_area", "teaching"), ("teaching_area_net", "teaching_without_sports"), ("sports_area", "sports"),
                          ("equipment_value", "equipment"), ("multimedia_rooms", "multimedia"), ("computers", "computers"), ("books", "books")):  # fmt: skip
            found[name][code, ""] = shared[key]
        near = text(areas[code]["城乡类型"]) in TOWN and text(areas[code]["举办者类型"]) != "10" and text(row["是否寄宿制"]) != "是"
        for stage, word in WORDS.items():
            if near and schools[code].pupils[stage]:
                found["zone_pupils"][code, stage] = schools[code].pupils[stage]
                if number(row[f"{word}就近划片入学学生数"]) is not None:
                    found["in_zone_pupils"][code, stage] = number(row[f"{word}就近划片入学学生数"])
    junior = [code for code, school in schools.items() if school.type in ("311", "312", "341", "345")]
    for name, heading in COHORT.items():
        found[name]["", ""] = sum(number(forms[code][heading]) for code in junior)


def _rooms(found: dict, code: str, path: Path, form: dict) -> None:
    sheet = openpyxl.load_workbook(path, data_only=True)["专用教室"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = {title(name): n for n, name in enumerate(rows[0])}
    listed = [(text(row[at["教室类别"]]), number(row[at["面积"]])) for row in rows[1:] if text(row[at["教室类别"]])]
    for name, kind, least in (("music_rooms", "音乐", 96), ("art_rooms", "美术", 90)):
        if listed or text(form.get(f"{kind}教室间数")) == "0":
            found[name][code, ""] = sum(what == kind and area >= least for what, area in listed)
            found[f"short_{name}"][code, ""] = sum(what == kind and area < least for what, area in listed)


def _full_time(row: dict) -> bool:
    return text(row["是否专任教师"]) == "是" and text(row["编制类型"]) in COUNTED


def _roster(found: dict, code: str, rows: list[dict], classes: list[tuple[int, int]], place: dict) -> None:
    teachers = [row for row in rows if _full_time(row)]
    tests = {
        "full_time_teachers": lambda row, stage: True,
        "above_degree_teachers": lambda row, stage: text(row["最高学历"]) in ABOVE[stage],
        "backbone_teachers": lambda row, stage: text(row["骨干级别"]) in ("国家级", "省级", "市级", "县级") and not ("" < text(row["有效期"]) < CENSUS),
        "pe_art_teachers": lambda row, stage: text(row["主要任教学科"]) in ("体育", "音乐", "美术", "艺术"),
        "mid_title_teachers": lambda row, stage: text(row["职称"]) in ("正高级教师", "高级教师", "一级教师"),
        "certified_teachers": lambda row, stage: text(row["教师资格证种类"]) != "无",
    }
    for stage, word in ALL_STAGES.items():
        own = [row for row in teachers if text(row["任教学段"]) == word]
        for name, test in tests.items():
            found[name][code, stage] = sum(test(row, stage) for row in own)
    found["subject_shortage"][code, ""] = sum(_short(teachers, stage, [g for g, _ in classes if _stage(g) == stage]) for stage in WORDS)
    found["established_staff"][code, ""] = sum(text(row["编制类型"]) in ("在编", "县管校聘") for row in rows)
    found["off_quota_staff"][code, ""] = sum(text(row["编制类型"]) in ("合同制", "代课/临聘") and text(row["是否专任教师"]) == "是" for row in rows)
    found["away_staff"][code, ""] = sum(text(row["编制类型"]) in ("在编", "县管校聘") and text(row["在岗状态"]) != "在岗" for row in rows)
    found["allowance_due"][code, ""] = sum(number(row["乡镇工作补贴标准"]) for row in rows)
    found["allowance_paid"][code, ""] = sum(number(row["农村教师补贴实发"]) for row in rows if number(row["乡镇工作补贴标准"]))


def _short(teachers: list[dict], stage: str, grades: list[int]) -> int:
    have: dict[str, int] = defaultdict(int)
    for row in teachers:
        if text(row["任教学段"]) == WORDS[stage]:
            have[GROUP.get(text(row["主要任教学科"]), text(row["主要任教学科"]))] += 1
    needs = {subject: Fraction(periods) * len(grades) / LOAD[stage] for subject, periods in PERIODS[stage].items()}
    return sum(max(0, floor(need - have[subject])) for subject, need in needs.items())


def _posts(found: dict, schools: dict, forms: dict) -> None:
    for code, school in schools.items():
        if school.pupils["primary"] or school.pupils["junior"]:
            found["staff_due"][code, ""] = ceil(Fraction(school.pupils["primary"], 19) + Fraction(school.pupils["junior"] * 2, 27))
    for key, posts in found["approved_posts"].items():
        if key in found["established_staff"]:
            found["vacant_posts"][key] = max(0, posts - found["established_staff"][key])


def _money(found: dict, root: Path, schools: dict, forms: dict, multiplier: Fraction, floor_heads: int) -> None:
    for code, row in forms.items():
        for name, heading in (("public_funds_paid", "上年度公用经费决算总额"), ("public_funds_budget", "上年度公用经费预算总额"), ("training_funds", "上年度教师培训经费预算")):
            found[name][code, ""] = number(row[heading]) * 10000
    accounts = {text(row["学校(机构)标识码"]): row for row in table(root / "approved" / str(FISCAL) / "school_funds" / "county.xlsx", "学校名称")}
    census = _lists(root / "approved" / str(FISCAL) / "classes")
    for code, row in accounts.items():
        found["public_funds_paid"][code, ""] = sum(number(row[name]) for name in ("公用经费(基准定额)", "寄宿生公用经费", "特教/随班就读公用经费"))
        found["public_funds_budget"][code, ""] = number(row["公用经费预算总额"])
        found["training_funds"][code, ""] = number(row["教师培训经费预算"])
    for code, school in schools.items():
        heads = {stage: sum(n for grade, n in census[code] if _stage(grade) == stage) for stage in WORDS}
        total = sum(heads.values())
        if not total:
            if code in census:
                found["public_funds_due"][code, ""] = Fraction(0)
            continue
        if school.type == "514":
            found["public_funds_due"][code, ""] = Fraction(7000 * total)
            continue
        base = sum(QUOTA[stage] * multiplier * n for stage, n in heads.items())
        row = accounts.get(code, {})
        boarders, special = (number(row.get(name)) or 0 for name in ("寄宿生数", "随班就读学生数"))
        due = base * max(total, floor_heads) / total + special * max(0, 7000 - base / total) + boarders * 300
        found["public_funds_due"][code, ""] = Fraction(ceil(due * 100), 100)
    special = [code for code, school in schools.items() if school.type == "514"]
    if special and all(code in accounts for code in special):
        found["special_school_funds"]["", ""] = sum(found["public_funds_paid"][code, ""] for code in special)
        found["special_school_pupils"]["", ""] = sum(n for code in special for _, n in census[code])


def _county(found: dict, root: Path) -> None:
    rows = {int(text(row["年度"])): row for row in table(root / "approved" / str(FISCAL) / "county_finance" / "county.xlsx", "年度")}
    for name, (heading, scale) in FINANCE.items():
        value = number(rows[FISCAL].get(heading) if heading in rows[FISCAL] else rows[FISCAL].get(heading.removesuffix("(元)")))
        if value is not None:
            found[name]["", ""] = value * scale
    stated = {title(row["项目"]): number(row["数值"]) for row in table(root / "approved" / str(YEAR) / "county_numbers" / "county.xlsx", "项目")}
    for name, (heading, scale) in NUMBERS.items():
        found[name]["", ""] = stated[heading] * scale


def _exchange(found: dict, folder: Path, rosters: dict, areas: dict) -> None:
    moves = table(folder / "exchange" / "county.xlsx", "派出学校")
    persons = {text(row["身份证号"]): row for row in moves}
    found["exchanged_teachers"]["", ""] = len(persons)
    found["exchanged_backbone"]["", ""] = sum(text(row["骨干教师级别"]) not in ("无", "校级") for row in persons.values())
    found["exchanged_heads"]["", ""] = sum(text(row["职务"]) == "校长" for row in persons.values())
    asked = [
        code for code, place in areas.items()
        if text(place["举办者类型"]) != "10" and text(place["单位性质"]) != "教学点" and not _no_stage(text(place["办学类型"]))
    ]  # fmt: skip
    eligible = {
        text(row["身份证号"]) for code in asked for row in rosters[code]
        if _full_time(row) and text(row["任教学段"]) in WORDS.values() and text(row["到本校时间"]) <= f"{YEAR - 6}-09"
    }  # fmt: skip
    found["eligible_teachers"]["", ""] = len(eligible | {i for i, row in persons.items() if text(row["是否符合交流条件"]) == "是"})
    heads = [row for code in asked for row in rosters[code] if text(row["行政职务"]) == "校长"]
    found["eligible_heads"]["", ""] = sum(text(row["任现职时间"]) <= f"{YEAR - 6}-09" for row in heads)


def _no_stage(kind: str) -> bool:
    return kind.startswith(("36", "51")) or kind in ("职业高中学校", "其他特殊教育学校")


def _training(found: dict, folder: Path, rosters: dict) -> None:
    hours, told = defaultdict(int), set()
    for row in table(folder / "training" / "county.xlsx", "身份证号"):
        told.add(text(row["学校(机构)标识码"]))
        if YEAR - 4 <= number(row["年度"]) <= YEAR:
            hours[text(row["身份证号"])] += number(row["学时"])
    for code in told:
        for stage, word in ALL_STAGES.items():
            own = [row for row in rosters[code] if _full_time(row) and text(row["任教学段"]) == word]
            found["trained_teachers"][code, stage] = sum(hours[text(row["身份证号"])] >= 360 for row in own)
