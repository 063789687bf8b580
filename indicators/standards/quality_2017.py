"""优质均衡: 教督〔2017〕6号 with the working procedure 国教督办函〔2019〕30号, resource part (seven indicators)."""
import datetime as dt

from indicators.standard import DifferenceRule, SchoolIndicator, SchoolRule, Scope, Standard
from indicators.standards.quality_2017_items import ITEMS

DOCUMENT = "教督〔2017〕6号"
CLAUSE = f"{DOCUMENT}《县域义务教育优质均衡发展督导评估办法》资源配置"
DIFFERENCE = {"primary": "0.50", "junior": "0.45"}

INDICATORS = (
    SchoolIndicator(
        code="Q1", title="每百名学生拥有高于规定学历教师数", short="高于规定学历教师", clause=f"{CLAUSE}第1项",
        numerator="above_degree_teachers", per=100, unit="人", noun="名高于规定学历教师",
        at_least={"primary": "4.2", "junior": "5.3"}, difference_at_most=DIFFERENCE,
        note="小学为专科及以上、初中为本科及以上学历的专任教师，按任教学段计。",
    ),
    SchoolIndicator(
        code="Q2", title="每百名学生拥有县级及以上骨干教师数", short="骨干教师", clause=f"{CLAUSE}第2项",
        numerator="backbone_teachers", per=100, unit="人", noun="名县级及以上骨干教师",
        at_least={"primary": "1", "junior": "1"}, difference_at_most=DIFFERENCE,
    ),
    SchoolIndicator(
        code="Q3", title="每百名学生拥有体育、艺术(美术、音乐)专任教师数", short="体育艺术教师", clause=f"{CLAUSE}第3项",
        numerator="pe_art_teachers", per=100, unit="人", noun="名体育、艺术专任教师",
        at_least={"primary": "0.9", "junior": "0.9"}, difference_at_most=DIFFERENCE,
    ),
    SchoolIndicator(
        code="Q4", title="生均教学及辅助用房面积", short="教学及辅助用房", clause=f"{CLAUSE}第4项",
        numerator="teaching_area_net", unit="㎡", noun="㎡教学及辅助用房",
        at_least={"primary": "4.5", "junior": "5.8"}, difference_at_most=DIFFERENCE, split=True,
        note="不含室内体育用房。",
    ),
    SchoolIndicator(
        code="Q5", title="生均体育运动场馆面积", short="体育运动场馆", clause=f"{CLAUSE}第5项",
        numerator="sports_area", unit="㎡", noun="㎡体育运动场馆",
        at_least={"primary": "7.5", "junior": "10.2"}, difference_at_most=DIFFERENCE, split=True,
    ),
    SchoolIndicator(
        code="Q6", title="生均教学仪器设备值", short="教学仪器设备", clause=f"{CLAUSE}第6项",
        numerator="equipment_value", unit="元", noun="元教学仪器设备",
        at_least={"primary": "2000", "junior": "2500"}, difference_at_most=DIFFERENCE, split=True,
    ),
    SchoolIndicator(
        code="Q7", title="每百名学生拥有网络多媒体教室数", short="网络多媒体教室", clause=f"{CLAUSE}第7项",
        numerator="multimedia_rooms", per=100, unit="间", noun="间网络多媒体教室",
        at_least={"primary": "2.3", "junior": "2.4"}, difference_at_most=DIFFERENCE, split=True,
    ),
)

QUALITY_2017 = Standard(
    code="quality-2017", title="义务教育优质均衡发展", document=DOCUMENT, clause=CLAUSE,
    valid_from=dt.date(2017, 4, 19), stages=("primary", "junior"), indicators=INDICATORS, items=ITEMS,
    school_rule=SchoolRule(6, "0.85", f"{CLAUSE}：每所学校至少6项达到要求，余项不能低于要求的85%"),
    difference_rule=DifferenceRule("each", f"{CLAUSE}：所有指标校际差异系数，小学均小于或等于0.50，初中均小于或等于0.45"),
    scope=Scope(
        "国教督办函〔2019〕30号：50人及以上教学点、民办学校纳入；特殊教育学校、职业学校不纳入",
        points=True, point_minimum_pupils=50, private=True,
    ),
    split_weights={"primary": "1", "junior": "1.1", "senior": "1.32"},
    split_clause="国教督办函〔2019〕30号：一贯制学校、完全中学按生均 1∶1.1∶1.32 拆分",
)
