"""The child register: it lives on beside the datasets, as the staff register does. Names and numbers stand only here."""
from __future__ import annotations

from django.db import models

from schools.models import County, School, Township


class ChildStatus(models.TextChoices):
    """学籍状态 as the pupil roster (or the end of a case) last told it."""

    ENROLLED = "enrolled", "在校"
    SUSPENDED = "suspended", "休学"
    DEFERRED = "deferred", "缓学"
    OUT = "out", "辍学"
    NOT_ENROLLED = "not_enrolled", "未入学"
    TRANSFERRED = "transferred", "转出"
    GRADUATED = "graduated", "毕业"
    UNFIT = "unfit", "不具备学习条件"
    GONE = "gone", "不再统计"  # died, emigrated, over age: the case says which
    UNKNOWN = "unknown", "未知"


class AttendsAs(models.TextChoices):
    """就读方式."""

    DAY = "day", "走读"
    BOARDER = "boarder", "住校"
    HOME = "home", "送教上门"


class Child(models.Model):
    """A child of a county. `person_key` is the keyed hash of the ID number (of the 学籍号 where there is no ID).

    `sealed` is the JSON {"name", "id_number", "registration", "guardian", "relation", "phone", "address"} under the row's
    own `data_key`; erasure destroys the key. `class_text` is "三年级/2班" as a class teacher's membership writes it;
    `township` and `village` are those of the household (government line), `school` is the school that answers (school line).
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="children")
    person_key = models.CharField(max_length=32)
    registration_key = models.CharField(max_length=32, blank=True)
    masked_name = models.CharField("姓名(掩码)", max_length=20)
    data_key = models.TextField(blank=True)
    sealed = models.TextField(blank=True)
    sex = models.CharField("性别", max_length=6, blank=True)
    birth = models.DateField("出生日期", null=True, blank=True)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    grade = models.PositiveSmallIntegerField("年级", null=True, blank=True)
    class_text = models.CharField("班级", max_length=40, blank=True)
    attends_as = models.CharField("就读方式", max_length=7, choices=AttendsAs, blank=True)
    township = models.ForeignKey(Township, models.PROTECT, null=True, blank=True, related_name="+")
    village = models.CharField("村(社区)", max_length=60, blank=True)
    status = models.CharField("学籍状态", max_length=12, choices=ChildStatus, default=ChildStatus.UNKNOWN)
    status_since = models.DateField("自", null=True, blank=True)
    distance = models.PositiveIntegerField("上下学距离(米)", null=True, blank=True)
    siblings_key = models.CharField("同一监护人", max_length=32, blank=True, help_text="keyed hash of guardian and phone")
    first_seen = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "学生(适龄儿童少年)"
        ordering = ["county_id", "id"]
        constraints = [models.UniqueConstraint(fields=["county", "person_key"], name="child_once_in_county")]
        indexes = [
            models.Index(fields=["county", "school", "class_text"]),
            models.Index(fields=["county", "township", "village"]),
            models.Index(fields=["county", "registration_key"]),
            models.Index(fields=["county", "siblings_key"]),
        ]

    def __str__(self) -> str:
        return self.masked_name


class Group(models.TextChoices):
    """五类学生 and the groups a case must name beside them. 学困 is shown on the child's own page only."""

    DISABLED = "disabled", "残疾"
    POOR = "poor", "脱贫户(原建档立卡)"
    WATCHED = "watched", "监测对象"
    LEFT_BEHIND = "left_behind", "留守"
    LEARNING = "learning", "学习困难"
    MIGRANT = "migrant", "随迁"
    ORPHAN = "orphan", "孤儿"
    UNSUPPORTED = "unsupported", "事实无人抚养"
    MINIMUM = "minimum", "低保"


class ChildTag(models.Model):
    """One child, one file, many tags. `definition`: for 留守 "register" (学籍口径) or "civil" (民政口径), kept apart."""

    child = models.ForeignKey(Child, models.CASCADE, related_name="tags")
    group = models.CharField("类别", max_length=12, choices=Group)
    definition = models.CharField("口径", max_length=10, blank=True)
    basis = models.CharField("认定依据", max_length=120, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    source = models.CharField("来源", max_length=40, blank=True, help_text="ledger code, or person")

    class Meta:
        verbose_name = "学生类别"
        constraints = [
            models.UniqueConstraint(
                fields=["child", "group", "definition"], condition=models.Q(until__isnull=True), name="one_open_tag_a_group"
            )
        ]
        indexes = [models.Index(fields=["group", "child"])]
