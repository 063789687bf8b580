"""基本均衡 beside the composite: the provincial school standard, 17 scored government items, satisfaction, the veto."""
from indicators.items.conditions import SchoolStandard
from indicators.items.county_rate import Rate
from indicators.items.item import GUARANTEE, RECOGNITION, VETO
from indicators.items.points import Points, PointsTotal
from indicators.items.survey import Survey
from indicators.items.trend import Growth, Trend
from indicators.items.veto import Veto

DOCUMENT = "教督〔2012〕3号"
WORK = f"{DOCUMENT} 县级人民政府推进义务教育均衡发展工作评估"

# Four areas, 4 + 4 + 4 + 5 items; the points of each are the province's.
AREAS = (
    ("入学机会", (
        "将进城务工人员随迁子女就学纳入当地教育发展规划，纳入财政保障体系",
        "建立以政府为主导、社会各方面广泛参与的留守儿童关爱体系",
        "三类残疾儿童少年入学率不低于80%",
        "优质普通高中招生名额分配到县域内初中的比例逐步提高",
    )),
    ("保障机制", (
        "建立义务教育均衡发展责任、监督和问责机制",
        "义务教育经费在财政预算中单列，近三年教育经费做到“三个增长”",
        "推进学校标准化建设，制定并有效实施薄弱学校改造计划",
        "农村税费改革转移支付资金用于义务教育的比例达到省级规定要求",
    )),
    ("教师队伍", (
        "全面实施义务教育绩效工资制度",
        "建立并有效实施县域内义务教育学校校长和教师定期交流制度",
        "义务教育学校学科教师配备合理，生师比达到省定编制标准",
        "落实教师培训经费，加强教师培训",
    )),
    ("质量与管理", (
        "按照国家规定的义务教育课程方案开齐开足课程",
        "小学、初中巩固率达到省级规定标准",
        "小学、初中学生体质健康及格率达到省级规定标准",
        "义务教育阶段不存在重点学校和重点班，公办义务教育择校现象得到基本遏制",
        "中小学生过重的课业负担得到有效减轻",
    )),
)
# What is counted of pupils stands beside the points of its item; the points themselves are given by people.
RATES = {
    3: (
        Rate("disabled", "残疾儿童少年入学率", ("disabled_enrolled",), ("disabled_children",)),
        Rate("three", "三类残疾儿童少年入学率", ("three_kinds_placed",), ("three_kinds_listed",)),
    ),
    14: (
        Rate("six", "小学巩固率(按学生名册逐人)", ("consolidation_six_kept",), ("consolidation_six_base",), places=2),
        Rate("three", "初中巩固率(按学生名册逐人)", ("consolidation_three_kept",), ("consolidation_three_base",), places=2),
        *(
            Rate(f"dropout_{stage}", f"{word}辍学率(统计词典)", (f"dropout_statistics_{stage}",), (f"dropout_base_{stage}",), places=2)
            for stage, word in (("primary", "小学"), ("junior", "初中"))
        ),
    ),
}
_LISTED = [(area, text) for area, texts in AREAS for text in texts]
WORKS = tuple(
    Points(f"W{number}", text, GUARANTEE, f"{WORK}：{area}", asks=text, rates=RATES.get(number, ()))
    for number, (area, text) in enumerate(_LISTED, 1)
)

ITEMS = (
    SchoolStandard("P", "学校达到本省办学基本标准", GUARANTEE, f"{DOCUMENT} 义务教育学校办学基本标准",
                   requirement="每所学校达到本省(区、市)义务教育学校办学基本标准"),
    *WORKS,
    PointsTotal("W", "政府推进义务教育均衡发展工作合计", GUARANTEE, WORK, of=tuple(item.code for item in WORKS), at_least="85"),
    Trend(
        "T1", "近三年教育经费“三个增长”", GUARANTEE, "教育法第五十六条、义务教育法第四十二条", years="3", decides=False,
        note="列出增幅和缺口，供 W6 评分时使用，本身不决定结论。",
        growths=(
            Growth("财政教育拨款", "education_appropriation", "recurrent_revenue", paid="back_payment"),
            Growth("小学生均教育事业费", "per_pupil_spending_primary"),
            Growth("初中生均教育事业费", "per_pupil_spending_junior"),
            Growth("小学生均公用经费", "per_pupil_public_funds_primary"),
            Growth("初中生均公用经费", "per_pupil_public_funds_junior"),
            Growth("教师平均工资", "average_pay"),
        ),
    ),
    Trend(
        "T2", "一般公共预算教育支出“两个只增不减”", GUARANTEE, "国办发〔2018〕82号", years="3", decides=False, or_equal=True,
        note="教育支出总额和生均教育支出逐年只增不减，供评分和监测使用，本身不决定结论。",
        growths=(
            Growth("一般公共预算教育支出", "education_spending"), Growth("小学生均教育事业费", "per_pupil_spending_primary"),
            Growth("初中生均教育事业费", "per_pupil_spending_junior"),
        ),
    ),
    Survey("S1", "公众满意度", RECOGNITION, f"{DOCUMENT} 公众满意度", at_least="85"),
    Veto("V7", "弄虚作假", VETO, f"{DOCUMENT}：弄虚作假"),
)
