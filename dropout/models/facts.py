"""What the ledgers about children say (A7-A11, the lists for matching). Rows of datasets: written once, never updated.

No name, no number, no phone: `person_key` is the keyed hash of the ID; the person is in the child register.
Months are integers YYYYMM, money is integer fen, NULL = not given.
"""
from __future__ import annotations

from django.db import models

from schools.models import School
from schools.models.facts import Fact, PersonFact

from .care import ContactWay, Placement
from .cases import CaseReason, Outcome, VisitWay
from .children import AttendsAs, ChildStatus


class Disability(models.TextChoices):
    """残疾类别 in the order of the certificate's digit 19; 孤独症 and 其他 are the school's own words, without certificate."""

    SIGHT = "sight", "视力残疾"
    HEARING = "hearing", "听力残疾"
    SPEECH = "speech", "言语残疾"
    LIMBS = "limbs", "肢体残疾"
    INTELLECT = "intellect", "智力残疾"
    MIND = "mind", "精神残疾"
    MULTIPLE = "multiple", "多重残疾"
    AUTISM = "autism", "孤独症"
    OTHER = "other", "其他障碍"
    NONE = "none", "无"


class LeftBehind(models.TextChoices):
    """留守 in the school register's definition (away three months or more)."""

    NO = "no", "非留守"
    ONE = "one", "单亲留守"
    BOTH = "both", "双亲留守"


class Pupil(PersonFact):
    """A7 学生名册: one pupil of one school and year; only the columns that are needed."""

    registration_key = models.CharField(max_length=32, blank=True)
    sex = models.CharField("性别", max_length=6, blank=True)
    birth = models.DateField("出生日期", null=True)
    grade = models.PositiveSmallIntegerField("年级", null=True)
    class_name = models.CharField("班级", max_length=30, blank=True)
    entered = models.PositiveIntegerField("入学年月(YYYYMM)", null=True)
    attends_as = models.CharField("就读方式", max_length=7, choices=AttendsAs, blank=True)
    household_region = models.CharField("户口所在地行政区划", max_length=12, blank=True)
    left_behind = models.CharField("是否留守儿童", max_length=4, choices=LeftBehind, blank=True)
    is_migrant = models.BooleanField("是否随迁子女", null=True)
    disability = models.CharField("残疾类型", max_length=9, choices=Disability, blank=True)
    is_inclusive = models.BooleanField("随班就读", null=True)
    is_orphan = models.BooleanField("是否孤儿", null=True)
    status = models.CharField("学籍状态", max_length=12, choices=ChildStatus, blank=True)
    distance = models.PositiveIntegerField("上下学距离(米)", null=True)

    class Meta(PersonFact.Meta):
        verbose_name = "学生名册行"


class ReportedCase(PersonFact):
    """A8 控辍保学台账, the main table: what a school says of a child that is missing."""

    category = models.CharField("台账类别", max_length=12, blank=True)
    grade = models.PositiveSmallIntegerField("年级", null=True)
    class_name = models.CharField("班级", max_length=30, blank=True)
    township = models.CharField("乡镇", max_length=60, blank=True)
    village = models.CharField("村", max_length=60, blank=True)
    found_on = models.DateField("发现日期", null=True)
    left_on = models.DateField("辍学日期", null=True)
    groups = models.CharField("特殊类别", max_length=120, blank=True)
    reason = models.CharField("辍学原因", max_length=10, choices=CaseReason, blank=True)
    whereabouts = models.CharField("目前去向", max_length=120, blank=True)
    stage_said = models.CharField("处理阶段", max_length=20, blank=True)
    returned_on = models.DateField("复学日期", null=True)
    placement = models.CharField("安置方式", max_length=13, choices=Placement, blank=True)
    is_struck_off = models.BooleanField("是否销号", null=True)
    struck_off_on = models.DateField("销号日期", null=True)

    class Meta(PersonFact.Meta):
        verbose_name = "控辍保学台账行"


class ReportedVisit(PersonFact):
    """A8, sheet 劝返记录."""

    on = models.DateField("日期", null=True)
    way = models.CharField("方式", max_length=6, choices=VisitWay, blank=True)
    outcome = models.CharField("结果", max_length=7, choices=Outcome, blank=True)
    participants = models.CharField("参加人员", max_length=200, blank=True)

    class Meta(PersonFact.Meta):
        verbose_name = "劝返记录行"


class CareRow(PersonFact):
    """A9 五类学生关爱台账: one child, its groups (codes joined by ","), its helper."""

    grade = models.PositiveSmallIntegerField("年级", null=True)
    class_name = models.CharField("班级", max_length=30, blank=True)
    groups = models.CharField("类别", max_length=120)
    basis = models.CharField("认定依据", max_length=120, blank=True)
    helper = models.CharField("帮扶教师(掩码)", max_length=40, blank=True)
    helper_subject = models.CharField("学科", max_length=20, blank=True)
    mode = models.CharField("结对方式", max_length=4, blank=True)
    measures = models.CharField("帮扶措施", max_length=200, blank=True)

    class Meta(PersonFact.Meta):
        verbose_name = "关爱台账行"


class ReportedContact(PersonFact):
    """A9, sheet 帮扶记录. What was said is not kept here."""

    on = models.DateField("日期", null=True)
    way = models.CharField("帮扶方式", max_length=8, choices=ContactWay, blank=True)
    effect = models.CharField("效果", max_length=60, blank=True)

    class Meta(PersonFact.Meta):
        verbose_name = "帮扶记录行"


class DisabledRow(PersonFact):
    """A10 残疾儿童一人一案."""

    kind = models.CharField("残疾类别", max_length=9, choices=Disability, blank=True)
    degree = models.PositiveSmallIntegerField("残疾等级", null=True)
    has_certificate = models.BooleanField("有无残疾人证", null=True)
    finding = models.CharField("评估结论", max_length=200, blank=True)
    placement = models.CharField("安置方式", max_length=13, choices=Placement, blank=True)
    place = models.CharField("就读学校", max_length=120, blank=True)
    reason = models.CharField("未入学原因", max_length=120, blank=True)
    rehabilitation = models.CharField("康复需求", max_length=120, blank=True)

    class Meta(PersonFact.Meta):
        verbose_name = "一人一案行"


class ReportedLesson(PersonFact):
    """A10, sheet 送教上门记录: one visit to teach at home. Teachers' names are masked."""

    on = models.DateField("送教时间", null=True)
    lessons = models.PositiveSmallIntegerField("课时数", null=True)
    minutes = models.PositiveSmallIntegerField("时长(分钟)", null=True)
    teachers = models.CharField("送教教师(掩码)", max_length=120, blank=True)
    place = models.CharField("地点", max_length=60, blank=True)
    content = models.CharField("送教内容", max_length=200, blank=True)
    parent_signed = models.BooleanField("家长签字", null=True)

    class Meta(PersonFact.Meta):
        verbose_name = "送教上门记录行"


class AidItem(models.TextChoices):
    """资助项目."""

    BOARDER = "boarder", "生活补助(寄宿)"
    DAY = "day", "生活补助(非寄宿)"
    MEAL = "meal", "营养改善计划"
    BOOKS = "books", "免费教科书"
    DONATION = "donation", "社会捐助"
    OTHER = "other", "其他"


class AidRow(PersonFact):
    """A11 学生资助台账: one pupil, item and term. Money in fen."""

    item = models.CharField("资助项目", max_length=8, choices=AidItem)
    hardship = models.CharField("困难类型", max_length=12, blank=True)
    term = models.CharField("学期", max_length=6, help_text="2026-1: the first term of school year 2026")
    standard = models.PositiveBigIntegerField("标准(分)", null=True)
    amount = models.PositiveBigIntegerField("金额(分)", null=True)
    paid_on = models.DateField("发放日期", null=True)
    is_published = models.BooleanField("公示情况", null=True)
    explanation = models.CharField("说明", max_length=120, blank=True)

    class Meta(PersonFact.Meta):
        verbose_name = "资助台账行"


class ListedChild(PersonFact):
    """One child on a list for matching: age-group population, household register, pupils present, poverty. The ledger is the dataset's."""

    sex = models.CharField("性别", max_length=6, blank=True)
    birth = models.DateField("出生日期", null=True)
    township = models.CharField("乡镇", max_length=60, blank=True)
    village = models.CharField("村", max_length=60, blank=True)
    school_code = models.CharField("学校", max_length=20, blank=True)
    grade = models.PositiveSmallIntegerField("年级", null=True)
    class_name = models.CharField("班级", max_length=30, blank=True)

    class Meta(PersonFact.Meta):
        verbose_name = "比对名单行"


class ExtractRow(Fact):
    """A live figure as it stood on a day: the dated extract through which cases and children enter a snapshot.

    One row for each figure, stage and (where it is a school's) school. The day is the dataset's row_map["extract"]["on"].
    """

    code = models.CharField("数量", max_length=40)
    stage = models.CharField("学段", max_length=7, blank=True)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.PositiveIntegerField("人数")

    class Meta:
        verbose_name = "控辍数据摘录"
        indexes = [models.Index(fields=["dataset", "code"])]
