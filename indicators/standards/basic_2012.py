"""基本均衡: 教督〔2012〕3号, the composite coefficient of eight indicators; lives on as yearly monitoring and re-inspection."""
import datetime as dt

from indicators.standard import DifferenceRule, Figure, SchoolIndicator, SchoolRule, Scope, Standard
from indicators.standards.basic_2012_items import ITEMS

DOCUMENT = "教督〔2012〕3号"
CLAUSE = f"{DOCUMENT}《县域义务教育均衡发展督导评估暂行办法》校际间均衡状况"

INDICATORS = (
    SchoolIndicator(
        code="B1", title="生均教学及辅助用房面积", short="教学及辅助用房", clause=f"{CLAUSE}第1项",
        numerator="teaching_area", unit="㎡", noun="㎡教学及辅助用房", split=True, digits=2,
    ),
    SchoolIndicator(
        code="B2", title="生均体育运动场馆面积", short="体育运动场馆", clause=f"{CLAUSE}第2项",
        numerator="sports_area", unit="㎡", noun="㎡体育运动场馆", split=True, digits=2,
    ),
    SchoolIndicator(
        code="B3", title="生均教学仪器设备值", short="教学仪器设备", clause=f"{CLAUSE}第3项",
        numerator="equipment_value", unit="元", noun="元教学仪器设备", split=True, digits=2,
    ),
    SchoolIndicator(
        code="B4", title="每百名学生拥有计算机台数", short="计算机", clause=f"{CLAUSE}第4项",
        numerator="computers", per=100, unit="台", noun="台教学用计算机", split=True, digits=2,
    ),
    SchoolIndicator(
        code="B5", title="生均图书册数", short="图书", clause=f"{CLAUSE}第5项",
        numerator="books", unit="册", noun="册图书", split=True, digits=2,
    ),
    SchoolIndicator(
        code="B6", title="师生比", short="师生比", clause=f"{CLAUSE}第6项",
        numerator="full_time_teachers", unit="人", noun="名专任教师", digits=3,
        note="专任教师数除以在校生数；与生师比方向相反，差异系数也不同。",
    ),
    SchoolIndicator(
        code="B7", title="生均高于规定学历教师数", short="高于规定学历教师", clause=f"{CLAUSE}第7项",
        numerator="above_degree_teachers", unit="人", noun="名高于规定学历教师", digits=3,
    ),
    SchoolIndicator(
        code="B8", title="生均中级及以上专业技术职务教师数", short="中级及以上职称教师", clause=f"{CLAUSE}第8项",
        numerator="mid_title_teachers", unit="人", noun="名中级及以上专业技术职务教师", digits=3,
    ),
)

# What a province may put on its list of at most ten school indicators (table Ⅱ of the application form of 2012).
FIGURES = (
    Figure("land", "生均占地面积", "占地面积", "land_area", "㎡", "㎡校园用地", split=True),
    Figure("building", "生均校舍建筑面积", "校舍建筑面积", "building_area", "㎡", "㎡校舍", split=True),
    Figure("teaching", "生均教学及辅助用房面积", "教学及辅助用房", "teaching_area", "㎡", "㎡教学及辅助用房", split=True),
    Figure("sports", "生均体育运动场馆面积", "体育运动场馆", "sports_area", "㎡", "㎡体育运动场馆", split=True),
    Figure("equipment", "生均教学仪器设备值", "教学仪器设备", "equipment_value", "元", "元教学仪器设备", split=True),
    Figure("computers", "每百名学生拥有计算机台数", "计算机", "computers", "台", "台教学用计算机", per=100, split=True),
    Figure("books", "生均图书册数", "图书", "books", "册", "册图书", split=True),
    Figure("teachers", "师生比", "师生比", "full_time_teachers", "人", "名专任教师", digits=3),
    Figure("above_degree", "高于规定学历教师占专任教师的比例", "高学历教师占比", "above_degree_teachers", "%", "名高于规定学历教师", per=100,
           denominator="full_time_teachers", digits=1),
    Figure("mid_title", "中级及以上职称教师占专任教师的比例", "中级职称教师占比", "mid_title_teachers", "%", "名中级及以上职称教师", per=100,
           denominator="full_time_teachers", digits=1),
    Figure("certified", "专任教师持证率", "教师持证率", "certified_teachers", "%", "名持证教师", per=100, denominator="full_time_teachers", digits=1),
    Figure("pe_art", "每百名学生拥有体育、艺术专任教师数", "体育艺术教师", "pe_art_teachers", "人", "名体育、艺术专任教师", per=100),
    Figure("multimedia", "每百名学生拥有网络多媒体教室数", "网络多媒体教室", "multimedia_rooms", "间", "间网络多媒体教室", per=100, split=True),
)  # fmt: skip
SLOTS = tuple(
    figure.as_slot(f"P{number}", f"{DOCUMENT} 义务教育学校办学基本标准：由各省(区、市)规定")
    for number, figure in enumerate(FIGURES[:10], 1)
)

BASIC_2012 = Standard(
    code="basic-2012", title="义务教育基本均衡发展", document=DOCUMENT, clause=CLAUSE,
    valid_from=dt.date(2012, 1, 20), stages=("primary", "junior"), indicators=(*INDICATORS, *SLOTS), figures=FIGURES, items=ITEMS,
    school_rule=SchoolRule(0, "0", f"{DOCUMENT}：学校达到本省(区、市)义务教育学校办学基本标准；各省规定不一，未设时不判定"),
    difference_rule=DifferenceRule(
        "composite", f"{CLAUSE}：综合差异系数，小学不超过0.65，初中不超过0.55",
        at_most={"primary": "0.65", "junior": "0.55"},
    ),
    scope=Scope(
        "差异系数测算说明：不含教学点、民办学校、特殊教育学校、职业学校和县级以外举办的学校",
        points=False, point_minimum_pupils=50, private=False, other_sponsors=False,
    ),
    split_weights={"primary": "1", "junior": "1.1", "senior": "1.32"},
    split_clause="均衡测算拆分公式：一贯制学校、完全中学按生均 1∶1.1∶1.32 拆分",
)
