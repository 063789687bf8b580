"""A3 教师花名册: one row for each person on the school's books on the census day. Names and IDs leave the row at the door."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from accounts.actor import Actor
from schools.codes import Stage, stages_of_type
from schools.models import Dataset
from schools.periods import census_day
from schools.staff import register_staff
from teachers.models import (
    Backbone,
    Certificate,
    Degree,
    Duty,
    Office,
    PostCategory,
    Recruited,
    Registration,
    Sex,
    Staffing,
    Subject,
    TitleRank,
)

from ..checking.context import Context
from ..checking.frame import Frame
from ..columns import (
    MONEY,
    Choice,
    Identity,
    Ignored,
    Measure,
    Noted,
    PersonName,
    Phone,
    Several,
    Tenths,
    Text,
    Whole,
    YearMonth,
    YesNo,
)
from ..columns.people import birth_of
from ..ledger import Ledger, Table
from ..problems import Problem
from . import teacher_words as words
from .shared import REMARKS, SCHOOL_CODE, SCHOOL_OF_STAFF, SERIAL, YEAR

FULL_TIME, STAGE_TAUGHT, EITHER_POST = "full-time", "stage", "post"
COUNTED_BY = ("is_full_time", "post_category", "stage", "staffing", "degree", "backbone_level", "backbone_valid_to", "subject", "title_rank")
YOUNGEST, OLDEST, WORKING_AGE = 18, 60, 14

# What is asked of a post beside the indicators: all may be blank; what nobody gave is missing, never 0.
POST_COLUMNS = (
    Choice("教师资格定期注册", "registration", "注册合格", aliases=("定期注册", "定期注册结论", "资格定期注册", "定期注册情况", "教师资格定期注册结论"),
           choices=tuple(Registration.choices), words=words.REGISTRATION_WORDS, help="首次注册、注册合格的在有效期内有效。"),
    YearMonth("定期注册有效期至", "registration_valid_to", "2030-06", aliases=("注册有效期", "定期注册有效期", "资格注册有效期至"), past=False, lasting=True),
    Choice("招聘来源", "recruited", "公开招聘", aliases=("进入方式", "录用方式", "来源", "教师来源", "招聘方式", "补充渠道"), choices=tuple(Recruited.choices),
           words=words.RECRUITED_WORDS),
    Whole("乡村学校任教年限", "rural_years", "6", aliases=("乡村任教年限", "农村任教年限", "农村学校任教年限", "乡村教龄"), unit="年", help="在乡村学校累计任教的整年数，没有填 0。"),
    Choice("行政职务", "office", "无", aliases=("校内职务", "担任职务", "行政岗位"), choices=tuple(Office.choices), words=words.OFFICE_WORDS,
           contains={"副校长": "vice", "校长": "head", "主任": "other", "书记": "other"}, help="校长交流的符合条件人数由此算出。"),
    YearMonth("任现职时间", "office_since", "2019-08", aliases=("任职时间", "现任职务时间", "任校长时间"), help="任现校现职的起始年月。"),
    Measure("乡镇工作补贴标准", "allowance_standard", "300", aliases=("乡镇工作补贴", "乡镇补贴标准", "乡镇工作补贴月标准", "应享受乡镇工作补贴"), unit="元", units=MONEY,
            help="本人应享受的每月标准，不享受的填 0。"),
    Measure("农村教师补贴实发", "allowance_paid", "450", aliases=("农村教师补贴", "乡村教师补贴", "乡村教师生活补助", "补贴实发", "乡镇工作补贴实发"), unit="元", units=MONEY,
            help="每月实际发给本人的补贴。"),
)  # fmt: skip

TEACHER_COLUMNS = (
    SERIAL, YEAR, SCHOOL_CODE, SCHOOL_OF_STAFF,
    PersonName("姓名", "name", "王芳", aliases=("教师姓名", "教职工姓名"), required=True, target=""),
    Choice("性别", "sex", "女", choices=tuple(Sex.choices), words={"1": "male", "2": "female", "男性": "male", "女性": "female"},
           help="可以不填，由身份证号得出；填了与身份证号核对。"),
    Identity("身份证号", "id_number", "999901198506120026", aliases=("身份证件号", "证件号码", "公民身份号码", "身份证号码", "身份证件号码", "身份证"),
             required=True, target="", help="18 位，单元格须为文本格式。"),
    YearMonth("出生年月", "birth", "1985-06", aliases=("出生日期", "出生时间"), help="可以不填，由身份证号得出；填了与身份证号核对。"),
    Ignored("民族", "nation"),
    Ignored("政治面貌", "politics"),
    YearMonth("参加工作时间", "started_work", "2007-08", aliases=("参加工作年月", "工作时间", "参加工作日期", "参工时间"), help="第一次参加工作的年月，不是到本校的时间。"),
    YearMonth("到本校时间", "arrived_at", "2012-08", aliases=("进校时间", "来校年月", "到校时间", "来校时间", "到本校年月", "进本校年月", "进入本校时间", "调入本校时间"), help="用于判断是否符合交流条件。"),
    Ignored("第一学历", "first_degree", aliases=("全日制学历",)),
    Choice("最高学历", "degree", "本科", aliases=("学历", "文化程度", "最高学历层次"), required=FULL_TIME, choices=tuple(Degree.choices),
           words=words.DEGREE_WORDS, contains=words.DEGREE_CONTAINS, help="取得的最高学历；只有硕士学位而无研究生学历的填本科。"),
    Text("学历类别", "degree_kind", "", aliases=("学历性质", "学习形式", "学习方式"), longest=20),
    Ignored("毕业院校", "college", aliases=("毕业学校", "毕业院校及专业")),
    Ignored("专业", "major", aliases=("所学专业",)),
    Ignored("学位", "academic_degree"),
    Choice("教职工类别", "post_category", "专任教师", aliases=("岗位", "人员类别", "教职工类型"), weak_aliases=("岗位类别",), choices=tuple(PostCategory.choices),
           words=words.POST_WORDS, contains={"教师": "teacher", "行政": "admin", "教辅": "support", "工勤": "worker"}),
    YesNo("是否专任教师", "is_full_time", "是", aliases=("专任", "专任教师", "是否专任"), required=EITHER_POST, help="只有“是”计入指标。",
          words={"专任": True, "专任教师": True, "非专任": False, "非专任教师": False}),
    Choice("任教学段", "stage", "小学", aliases=("学段", "所教学段", "任教阶段"), required=STAGE_TAUGHT, choices=tuple(Stage.choices), words=words.STAGE_WORDS,
           contains={"小学": "primary", "初中": "junior", "高中": "senior"}, help="只填一个主要学段；只有一个学段的学校可以不填。"),
    Choice("主要任教学科", "subject", "语文", aliases=("任教学科", "任教课程", "学科", "主教学科", "任课学科"), required=FULL_TIME, choices=tuple(Subject.choices),
           words=words.SUBJECT_WORDS, help="只填一个；体育、音乐、美术、艺术计入体艺教师。"),
    Several("兼教学科", "other_subjects", "", aliases=("兼课", "兼任学科"), choices=tuple(Subject.choices), words=words.SUBJECT_WORDS, otherwise="other"),
    Tenths("周课时数", "weekly_periods", "14", aliases=("课时", "周课时", "周课时量"), high=400),
    Choice("职称", "title_rank", "中小学一级教师", aliases=("专业技术职务", "职务", "聘任职称", "专业技术职称", "现聘职称", "职称等级"), required=FULL_TIME,
           choices=tuple(TitleRank.choices), words=words.TITLE_WORDS, contains=words.TITLE_CONTAINS, help="“小学高级”属中级；未评的填“未定职级”。"),
    YearMonth("聘任时间", "appointed", "2016-09", aliases=("职称聘任时间", "聘任年月", "评定时间", "职务聘任开始年月", "职称聘任开始年月")),
    Ignored("岗位等级", "post_grade", aliases=("专技几级", "专业技术岗位等级")),
    Choice("教师资格证种类", "certificate", "小学", aliases=("资格证", "教师资格", "教师资格证", "教师资格种类", "资格证种类"), required=FULL_TIME,
           choices=tuple(Certificate.choices), words=words.CERTIFICATE_WORDS, contains=words.CERTIFICATE_CONTAINS),
    Ignored("教师资格证号", "certificate_number", aliases=("证书编号", "教师资格证号码", "教师资格证书号码")),
    Choice("编制类型", "staffing", "在编", aliases=("编制性质", "编制类别", "是否在编", "人员性质", "用工性质", "编制情况"), weak_aliases=("用人形式", "编制"), required=FULL_TIME, choices=tuple(Staffing.choices),
           words=words.STAFFING_WORDS, help="代课、临聘、兼职不计入指标；“是否在编”填“否”的，须写明合同制还是代课。"),
    Choice("在岗状态", "duty", "在岗", aliases=("在编不在岗", "在岗情况", "是否在岗"), choices=tuple(Duty.choices), words=words.DUTY_WORDS, absent_notice=True),
    Choice("骨干级别", "backbone_level", "县级", aliases=("骨干教师", "骨干教师级别"), weak_aliases=("骨干称号", "骨干教师称号", "荣誉称号", "名师"), absent_notice=True,
           choices=tuple(Backbone.choices), words=words.BACKBONE_WORDS,
           contains={"国家级": "nation", "省级": "province", "市级": "city", "县级": "county", "区级": "county", "校级": "school"},
           help="县级及以上计入指标；不是骨干的填“无”。"),
    Ignored("认定文号", "backbone_document", aliases=("骨干认定文号", "文号")),
    Ignored("认定时间", "backbone_from", aliases=("骨干认定时间",)),
    YearMonth("骨干有效期至", "backbone_valid_to", "2030-08", aliases=("有效期", "有效期至", "骨干有效期"), past=False, lasting=True, help="过期的不计入指标。"),
    *POST_COLUMNS,
    Ignored("普通话等级", "mandarin"),
    Ignored("心理健康证", "psychology_certificate"),
    Noted("五年培训学时", "training_hours", "360", aliases=("培训学时", "近五年培训学时"), high=10_000_0, help="由教师培训学时台账累计；填写的只作核对。"),
    Ignored("360学时完成情况", "training_reached", aliases=("是否完成360学时", "五年360学时完成情况")),
    Ignored("国籍/地区", "country", aliases=("国籍", "国籍(地区)")),
    Ignored("身份证件类型", "id_kind", aliases=("证件类型",)),
    Phone("联系电话", "phone", "", aliases=("手机", "手机号", "电话", "手机号码"), target=""),
    REMARKS,
)  # fmt: skip


@dataclass(frozen=True)
class TeacherRoster(Ledger):
    """Only 专任 teachers count; one person counts once, at the school of the personnel relation."""

    def needed_rows(self, condition: str, frame: Frame, context: Context) -> list[int]:
        """A full-time teacher needs degree, subject, title …; others may leave them blank. 专任 or the post must be told."""
        full, posts = frame.get("is_full_time"), frame.get("post_category")
        if condition == EITHER_POST:
            return [i for i, (told, post) in enumerate(zip(full, posts, strict=True)) if told is None and not post]
        if condition not in (FULL_TIME, STAGE_TAUGHT):
            return []
        wanted = [i for i, (told, post) in enumerate(zip(full, posts, strict=True)) if (post in ("teacher", "", None) if told is None else told)]
        if condition == STAGE_TAUGHT:
            several = {s.id: len(stages_of_type(s.type_code)) != 1 for s in frame.schools if s}
            wanted = [i for i in wanted if frame.schools[i] is None or several[frame.schools[i].id]]
        return wanted

    def complete(self, frame: Frame, context: Context) -> None:
        """Sex and birth from the ID where blank, 专任 from the post, the stage from a one-stage school, the title as written."""
        self._from_id(frame)
        self._full_time(frame)
        self._stages(frame)
        if frame.has("title_rank"):
            frame.values["title_text"] = [text.strip()[:30] for text in frame.texts["title_rank"]]
            frame.letters["title_text"] = frame.letters.get("title_rank", "")
        if frame.has("backbone_level"):
            levels = frame.values["backbone_level"]
            blank = [i for i in frame.usable() if not levels[i] and i not in frame.bad["backbone_level"]]
            if blank:
                frame.problem("blank-as-none", blank[0], "backbone_level", count=len(blank))
            for i in blank:
                levels[i] = Backbone.NONE.value

    @staticmethod
    def _from_id(frame: Frame) -> None:
        numbers = frame.get("id_number")
        births, sexes = list(frame.get("birth")), list(frame.get("sex"))
        for i, number in enumerate(numbers):
            if number:
                if births[i] is None:
                    births[i] = int(number[6:12])
                if not sexes[i]:
                    sexes[i] = "male" if number[16] in "13579" else "female"
        frame.values["birth"], frame.values["sex"] = births, [sex or "" for sex in sexes]
        for name in ("birth", "sex"):
            frame.bad.setdefault(name, set())
            if name not in frame.letters and "id_number" in frame.letters:
                frame.letters[name] = frame.letters["id_number"]

    @staticmethod
    def _full_time(frame: Frame) -> None:
        if not frame.has("post_category"):
            return
        told = frame.get("is_full_time")
        posts = frame.values["post_category"]
        frame.values["is_full_time"] = [(p == "teacher" if p else None) if t is None else t for t, p in zip(told, posts, strict=True)]
        if "is_full_time" not in frame.letters:
            frame.letters["is_full_time"] = frame.letters["post_category"]

    @staticmethod
    def _stages(frame: Frame) -> None:
        stages = list(frame.get("stage"))
        only: dict[int, str] = {}
        for school in {s.id: s for s in frame.schools if s}.values():
            taught = stages_of_type(school.type_code)
            if len(taught) == 1:
                only[school.id] = taught[0]
        if not frame.has("stage") and not only:
            return
        frame.values["stage"] = [
            stage or (only.get(school.id, "") if school else "") for stage, school in zip(stages, frame.schools, strict=True)
        ]

    def after_commit(self, dataset: Dataset, persons: Mapping[str, Mapping[str, str]], by: Actor) -> None:
        """The county's staff register learns the persons; the dataset itself names them by key only."""
        register_staff(county=dataset.county, persons=persons)

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        self._check_identity(frame, context)
        self._check_posts(frame)
        yield from ()

    @staticmethod
    def _check_identity(frame: Frame, context: Context) -> None:
        day = census_day(context.year)
        numbers, births, sexes, started = frame.get("id_number"), frame.get("birth"), frame.get("sex"), frame.get("started_work")
        census = day.year * 100 + day.month
        labels = dict(Sex.choices)
        for i in frame.usable():
            number = numbers[i]
            if not number:
                continue
            born = int(number[6:12])
            if births[i] != born:
                frame.problem("birth-differs-from-id", i, "birth", wanted=f"{number[6:10]}-{number[10:12]}")
            male = number[16] in "13579"
            if (sexes[i] == "male") != male:
                frame.problem("sex-differs-from-id", i, "sex", wanted=labels["male" if male else "female"])
            age = census // 100 - born // 100 - (census % 100 < born % 100)
            if not YOUNGEST <= age <= OLDEST:
                full = birth_of(number)
                exact = day.year - full.year - ((day.month, day.day) < (full.month, full.day))
                if not YOUNGEST <= exact <= OLDEST:
                    frame.problem("age-unusual", i, "id_number", found=exact)
            if started[i] is not None and started[i] < born + WORKING_AGE * 100:
                wanted = f"{(born + WORKING_AGE * 100) // 100}-{born % 100:02}"
                frame.problem("dates-reversed", i, "started_work", what="参加工作时间", whole=f"年满 {WORKING_AGE} 岁的时间", wanted=wanted)

    @staticmethod
    def _check_posts(frame: Frame) -> None:
        full, posts, stages = frame.get("is_full_time"), frame.get("post_category"), frame.get("stage")
        certificates, titles, appointed = frame.get("certificate"), frame.get("title_text"), frame.get("appointed")
        names, kinds = dict(Certificate.choices), dict(Stage.choices)
        posts_named = dict(PostCategory.choices)
        said = frame.texts.get("stage", [""] * len(frame))
        for i in frame.usable():
            if said[i] == "中学" and frame.schools[i] and Stage.SENIOR in stages_of_type(frame.schools[i].type_code):
                frame.problem("stage-ambiguous", i, "stage")
            if full[i] and posts[i] in ("support", "worker"):
                frame.problem("post-and-full-time-differ", i, "is_full_time", value=posts_named[posts[i]], wanted="是")
            if not full[i]:
                continue
            held, taught = certificates[i], stages[i]
            if held and taught and words.CERTIFICATE_RANK[held] < words.STAGE_RANK[taught]:
                frame.problem("certificate-below-stage", i, "certificate", value=names[held], wanted=kinds[taught])
            if taught == "primary" and titles[i] in words.AMBIGUOUS_TITLES and (appointed[i] or 0) and appointed[i] < words.TITLE_REFORM:
                frame.problem("title-ambiguous", i, "title_rank")


TEACHERS = TeacherRoster(
    code="teachers",
    due=True,
    title="教师花名册",
    order=30,
    tables=(Table("main", "教师花名册", TEACHER_COLUMNS, target="teachers.Teacher", key=("id_number",), counted_by=COUNTED_BY, note="每人一行，含不任课的教职工。"),),
    person=("id_number", ("name", "id_number", "phone")),
    note="统计时点 9 月 1 日在册的教职工；姓名、身份证号只存入加密的人员登记，不进入统计数据。",
)
