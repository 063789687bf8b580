"""Care for the five groups: helpers, contacts, one plan for one disabled child, lessons at home, gifts."""
from __future__ import annotations

from django.conf import settings
from django.db import models

from schools.models import County, School

from .children import Child, Group


class Placement(models.TextChoices):
    """安置方式, of a returned child and of a disabled one."""

    CLASS = "class", "原班级"
    LOWER = "lower", "降级编班"
    BY_AGE = "by_age", "按年龄编班"
    SEPARATE = "separate", "单独编班"
    VOCATIONAL = "vocational", "普职融合(职教班)"
    SPECIAL = "special", "特殊教育学校"
    SPECIAL_CLASS = "special_class", "普通学校特教班"
    INCLUSIVE = "inclusive", "随班就读"
    HOME = "home", "送教上门"
    WELFARE = "welfare", "儿童福利机构或远程教育"
    DEFERRED = "deferred", "缓学"
    FINDING = "finding", "专家委员会评估(暂不具备学习条件)"
    WAITING = "waiting", "待安置"


class HelpMode(models.TextChoices):
    """结对方式."""

    ONE_TO_ONE = "one", "一对一"
    ONE_TO_MANY = "many", "一对多"


class Pairing(models.Model):
    """A helper teacher for one child and group. The helper is a login or a person of the staff register (by key)."""

    child = models.ForeignKey(Child, models.CASCADE, related_name="pairings")
    group = models.CharField("类别", max_length=12, choices=Group)
    helper_key = models.CharField(max_length=32, blank=True)
    helper_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    helper_name = models.CharField("帮扶教师(掩码)", max_length=40)
    subject = models.CharField("学科", max_length=20, blank=True)
    mode = models.CharField("结对方式", max_length=4, choices=HelpMode, default=HelpMode.ONE_TO_MANY)
    measures = models.CharField("帮扶措施", max_length=200, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "结对帮扶"
        ordering = ["child_id", "-since", "id"]
        indexes = [models.Index(fields=["helper_key"]), models.Index(fields=["child", "until"])]


class ContactWay(models.TextChoices):
    """帮扶方式."""

    TALK = "talk", "谈心"
    TUTORING = "tutoring", "辅导"
    VISIT = "visit", "家访"
    AID = "aid", "资助"
    MIND = "mind", "心理疏导"
    PHONE = "phone", "电话"


class Contact(models.Model):
    """One contact within a pairing; `sealed` under the child's key."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="contacts")
    on = models.DateField("日期")
    way = models.CharField("方式", max_length=8, choices=ContactWay)
    sealed = models.TextField(blank=True)
    effect = models.CharField("效果", max_length=60, blank=True)
    recorded_by = models.CharField("登记人", max_length=120, blank=True)
    entry_key = models.CharField(max_length=40)

    class Meta:
        verbose_name = "帮扶记录"
        ordering = ["pairing_id", "-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["pairing", "entry_key"], name="a_contact_is_recorded_once")]


class IndividualPlan(models.Model):
    """一人一案 of a disabled child: what was found, where it learns, who answers. The newest row without `until` holds."""

    child = models.ForeignKey(Child, models.CASCADE, related_name="plans")
    kind = models.CharField("残疾类别", max_length=12, blank=True)
    degree = models.PositiveSmallIntegerField("残疾等级", null=True, blank=True)
    has_certificate = models.BooleanField("有残疾人证", null=True)
    finding = models.CharField("评估结论", max_length=200, blank=True)
    placement = models.CharField("安置方式", max_length=13, choices=Placement)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("未入学原因", max_length=120, blank=True)
    rehabilitation = models.CharField("康复需求", max_length=120, blank=True)
    responsible = models.CharField("责任人", max_length=60, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "一人一案"
        ordering = ["child_id", "-since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=models.Q(until__isnull=True), name="one_plan_in_force")
        ]


class HomeLesson(models.Model):
    """送教上门: one visit to teach at home. `lessons` 课时, `minutes` in all."""

    child = models.ForeignKey(Child, models.CASCADE, related_name="home_lessons")
    on = models.DateField("日期")
    lessons = models.PositiveSmallIntegerField("课时数")
    minutes = models.PositiveSmallIntegerField("时长(分钟)")
    teachers = models.CharField("送教教师", max_length=120)
    place = models.CharField("地点", max_length=60, blank=True)
    content = models.CharField("送教内容", max_length=200, blank=True)
    parent_signed = models.BooleanField("家长签字", default=False)
    recorded_by = models.CharField("登记人", max_length=120, blank=True)
    entry_key = models.CharField(max_length=40)

    class Meta:
        verbose_name = "送教上门记录"
        ordering = ["child_id", "-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["child", "entry_key"], name="a_home_lesson_is_recorded_once")]


class ResourceRoom(models.Model):
    """特殊教育资源教室 of a school."""

    school = models.ForeignKey(School, models.PROTECT, related_name="resource_rooms")
    rooms = models.PositiveSmallIntegerField("间数")
    area = models.PositiveBigIntegerField("面积(0.01㎡)", null=True, blank=True)
    teachers = models.PositiveSmallIntegerField("资源教师数", null=True, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "资源教室"


class Gift(models.Model):
    """捐赠和关爱款物: received (no child) or given (to a group, a child or a school). Money in fen, goods counted.

    `holder` is the school in whose book it stands, empty for the county's own; `school` is whom it was given to.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="gifts")
    on = models.DateField("日期")
    direction = models.CharField("收支", max_length=8, choices=[("received", "接收"), ("given", "发放")])
    kind = models.CharField("类别", max_length=6, choices=[("money", "资金"), ("goods", "物品")])
    item = models.CharField("名称", max_length=60)
    unit = models.CharField("单位", max_length=10, default="元")
    amount = models.PositiveBigIntegerField("数额(分)或数量")
    donor = models.CharField("捐赠方", max_length=120, blank=True)
    holder = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, null=True, blank=True, related_name="+")
    group = models.CharField("类别", max_length=12, choices=Group, blank=True)
    published_on = models.DateField("公示日期", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    recorded_by = models.CharField("登记人", max_length=120, blank=True)
    entry_key = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "关爱款物"
        ordering = ["county_id", "-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["county", "entry_key"], condition=~models.Q(entry_key=""), name="a_gift_is_recorded_once")
        ]
