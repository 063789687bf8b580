"""优质均衡 beside the seven indicators: 15 guarantee items, 9 quality items, recognition, vetoes, conditions to apply."""
from indicators.items.all_of import AllOf
from indicators.items.attested import Attested
from indicators.items.class_size import ClassSize
from indicators.items.conditions import CompositeBefore, DifferencesHold, RecognisedSince, SameAs
from indicators.items.consolidation import Consolidation
from indicators.items.county_rate import Base, CountyRate, Rate
from indicators.items.item import CONDITION, GUARANTEE, QUALITY, RECOGNITION, VETO
from indicators.items.listing import SMALL, Listing
from indicators.items.monitoring import Monitoring
from indicators.items.rooms import Rooms
from indicators.items.school_size import SchoolSize
from indicators.items.survey import Survey
from indicators.items.trend import Growth, Trend
from indicators.items.veto import Veto
from indicators.standards.local_items import local_items

DOCUMENT = "教督〔2017〕6号"
PROCEDURE = "国教督办函〔2019〕30号"


def _guarantee(number: int) -> dict:
    return {"code": f"G{number}", "part": GUARANTEE, "clause": f"{DOCUMENT} 政府保障程度第{number}项"}


def _quality(number: int) -> dict:
    return {"code": f"E{number}", "part": QUALITY, "clause": f"{DOCUMENT} 教育质量第{number}项"}


GUARANTEES = (
    Attested(title="县域内义务教育学校规划布局合理", requirement="学校规划布局合理，符合国家规定要求", **_guarantee(1)),
    Attested(
        title="城乡义务教育四统一", **_guarantee(2),
        requirement="学校建设标准、教师编制标准、生均公用经费基准定额、基本装备配置标准城乡统一",
    ),
    Rooms(title="音乐、美术专用教室", rooms=("music_rooms", "art_rooms"), short=("short_music_rooms", "short_art_rooms"), classes_a_room="12", **_guarantee(3),
          note="音乐专用教室每间不小于96㎡，美术专用教室每间不小于90㎡。"),
    SchoolSize(
        title="学校规模", single="2000", combined="2500", relief_single="2400", relief_combined="3000",
        relief_built="2010", relief_migrant="50", relief_clause=f"{PROCEDURE}(2019年起三年内有效)", **_guarantee(4),
    ),
    ClassSize(title="班级学生数", **_guarantee(5), note="小学、初中所有班级学生数分别不超过45人、50人。"),
    Listing(
        title="规模较小学校公用经费", numerator="public_funds_paid", denominator="public_funds_due", comparator=">=",
        limit="100", per=100, figure="已拨公用经费占应拨数的", figure_unit="%", only=SMALL, small_rule="small_school_floor",
        private=False, **_guarantee(6), note="不足100名学生的规模较小学校和教学点按100名学生核定公用经费。",
    ),
    CountyRate(
        title="特殊教育学校生均公用经费", **_guarantee(7),
        rates=(Rate("threshold", "特殊教育学校生均公用经费", ("special_school_funds",), ("special_school_pupils",), limit="8000",
                    per=1, unit="元", places=0),),
    ),
    CountyRate(
        title="义务教育教师平均工资收入水平", **_guarantee(8), attest="教师绩效工资足额核定",
        rates=(Rate("threshold", "教师年平均工资收入与公务员之比", ("teacher_pay",), ("civil_servant_pay",), limit="100"),),
    ),
    CountyRate(
        title="教师5年360学时培训", **_guarantee(9),
        rates=(Rate("threshold", "培训完成率", ("trained_teachers",), ("full_time_teachers",), limit="100"),),
    ),
    Attested(
        title="统筹分配编制和岗位", requirement="县级教育行政部门在核定的教职工编制总额和岗位总量内，统筹分配各校教职工编制和岗位数量",
        **_guarantee(10),
    ),
    CountyRate(
        title="教师交流轮岗", **_guarantee(11),
        rates=(
            Rate("threshold", "交流轮岗教师占符合条件教师的比例", ("exchanged_teachers",), ("eligible_teachers",), limit="10",
                 bases=(Base("full_time", "交流轮岗教师占专任教师的比例", ("full_time_teachers",)),), base_rule="exchange_base"),
            Rate("backbone_threshold", "骨干教师占交流轮岗教师的比例", ("exchanged_backbone",), ("exchanged_teachers",), limit="20",
                 bases=(Base("eligible", "交流骨干教师占符合条件教师的比例", ("eligible_teachers",)),), base_rule="exchange_backbone_base"),
            Rate("heads", "交流校长占符合条件校长的比例", ("exchanged_heads",), ("eligible_heads",), limit_rule="exchange_head_share"),
        ),
    ),
    CountyRate(
        title="专任教师持证上岗", **_guarantee(12),
        rates=(Rate("threshold", "专任教师持证率", ("certified_teachers",), ("full_time_teachers",), limit="100"),),
    ),
    CountyRate(
        title="就近划片入学", **_guarantee(13), note="城区和镇区公办小学、初中，均不含寄宿制学校。",
        rates=(Rate("threshold", "就近划片入学比例", ("in_zone_pupils",), ("zone_pupils",),
                    limits={"primary": "100", "junior": "95"}, partial=True),),
    ),
    CountyRate(
        title="优质高中招生名额分配", **_guarantee(14), attest="名额分配向农村初中倾斜",
        rates=(
            Rate("threshold", "优质高中招生名额分配比例", ("senior_high_allotted",), ("senior_high_places",), limit="50"),
            Rate("rural", "分配农村学校的名额占比", ("senior_high_rural",), ("senior_high_allotted",)),
        ),
    ),
    CountyRate(
        title="留守儿童关爱与随迁子女就读", **_guarantee(15), attest="留守儿童关爱体系健全",
        rates=(Rate("threshold", "随迁子女在公办和政府购买服务学校就读的比例", ("migrant_public", "migrant_bought"),
                    ("migrant_eligible",), limit="85"),),
    ),
)

QUALITIES = (
    Consolidation(title="初中三年巩固率", at_least="95", **_quality(1), rates=(
        Rate("by_name", "初中巩固率(按学生名册逐人)", ("consolidation_three_kept",), ("consolidation_three_base",), places=2),
        Rate("nine", "九年义务教育巩固率(按学生名册逐人)", ("consolidation_nine_kept",), ("consolidation_nine_base",), places=2),
    )),
    CountyRate(
        title="残疾儿童少年入学率", **_quality(2),
        rates=(
            Rate("threshold", "残疾儿童少年入学率", ("disabled_enrolled",), ("disabled_children",), limit="95"),
            Rate("special", "在特殊教育学校就读的占比", ("disabled_special",), ("disabled_enrolled",)),
        ),
    ),
    Attested(title="学校章程与管理信息化", requirement="所有学校制定章程，实现学校管理与教学信息化", **_quality(3)),
    AllOf(
        title="教师培训经费", **_quality(4),
        demands_of=(
            Listing(
                title="教师培训经费", numerator="training_funds", denominator="public_funds_budget", comparator=">=", per=100,
                limit_rule="training_share", figure="培训经费占公用经费预算的", figure_unit="%", private=False, **_quality(4),
            ),
            CountyRate(
                title="教师培训经费", **_quality(4),
                rates=(Rate("wages", "教师培训经费占教职工工资总额的比例", ("county_training_funds",), ("teacher_wages",),
                            limit_rule="training_wage_share", places=2),),
            ),
            Trend(title="教师培训经费", growths=(Growth("教师培训经费", "county_training_funds"),), asked_by="training_must_rise", **_quality(4)),
        ),
    ),
    Attested(title="信息化教学与设施利用", requirement="教师能熟练运用信息化手段组织教学，设施设备利用率达到较高水平", **_quality(5)),
    Attested(title="德育与校园文化", requirement="所有学校德育工作、校园文化建设水平达到良好以上", **_quality(6)),
    Attested(title="课程开齐开足", requirement="课程开齐开足，教学秩序规范，综合实践活动有效开展", **_quality(7)),
    Attested(title="无过重课业负担", requirement="无过重课业负担", **_quality(8)),
    Monitoring(title="国家义务教育质量监测", level=3, below="0.15", **_quality(9)),
)

WATCH = {4: ("vacant_posts", "off_quota_staff")}
VETOES = tuple(
    Veto(f"V{number}", title, VETO, clause, watch=WATCH.get(number, ()))
    for number, (title, clause) in enumerate(
        (
            ("以考试方式招生", f"{DOCUMENT} 一票否决"),
            ("违规择校行为", f"{DOCUMENT} 一票否决"),
            ("设置重点学校或重点班", f"{DOCUMENT} 一票否决"),
            ("“有编不补”或长期聘用编外教师", f"{DOCUMENT} 一票否决"),
            ("教育系统重大安全责任事故和严重违纪违规事件", f"{DOCUMENT} 一票否决"),
            ("校外培训和作业负担管控不力", "后续文件增补的一票否决事项"),
            ("弄虚作假", f"{DOCUMENT}、{PROCEDURE}：弄虚作假"),
        ),
        1,
    )
)

_APPLY = f"{DOCUMENT} 申报条件"
CONDITIONS = (
    RecognisedSince("C1", "基本均衡发展认定满三年", CONDITION, _APPLY, of="basic-2012", years="3"),
    Attested("C2", "认定后年度监测持续保持较高水平", CONDITION, _APPLY, requirement="基本均衡认定后，年度监测持续保持较高水平"),
    CompositeBefore(
        "C3", "申报前三年基本均衡综合差异系数", CONDITION, f"{_APPLY}（2024年县级解读）", of="basic-2012", years="3",
        limits={"primary": "0.60", "junior": "0.50"},
    ),
    DifferencesHold("C4", "优质均衡校际差异系数已达标", CONDITION, f"{_APPLY}（2024年县级解读）"),
    SameAs("C5", "质量监测等级和校际差异率达标", CONDITION, _APPLY, other="E9"),
    Attested("C6", "当年无重大安全事故、严重违纪违规和强烈群众反映", CONDITION, _APPLY,
             requirement="当年没有重大安全责任事故、严重违纪违规事件和群众强烈反映的问题"),
)

ITEMS = (
    *GUARANTEES, *QUALITIES,
    Survey("S1", "社会认可度", RECOGNITION, f"{DOCUMENT} 社会认可度", at_least="85"),
    *VETOES, *CONDITIONS, *local_items(),
)
