"""双线 and 七长: who answers for a child. Heads hold a place for a time; a child's heads follow from where it lives and learns."""
from __future__ import annotations

from django.conf import settings
from django.db import models

from files.models import StoredFile
from schools.models import County, School, Township


class HeadKind(models.TextChoices):
    """七长. The parent is the child's own guardian and has no row here."""

    COUNTY = "county_head", "县长"
    BUREAU = "bureau_head", "教育局长"
    TOWN = "town_head", "乡镇长"
    VILLAGE = "village_head", "村长"
    SCHOOL = "school_head", "校长"
    TEACHER = "class_teacher", "师长(班主任)"
    PARENT = "parent", "家长"


class Head(models.Model):
    """One of the heads at one place, with a login or only a name. Township, village, school and class name the place."""

    county = models.ForeignKey(County, models.PROTECT, related_name="heads")
    kind = models.CharField("责任人", max_length=14, choices=HeadKind)
    township = models.ForeignKey(Township, models.PROTECT, null=True, blank=True, related_name="+")
    village = models.CharField("村(社区)", max_length=60, blank=True)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    class_text = models.CharField("班级", max_length=40, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField("姓名", max_length=60)
    post = models.CharField("单位和职务", max_length=120, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "责任人"
        ordering = ["county_id", "kind", "id"]
        indexes = [models.Index(fields=["county", "kind", "until"])]


class Pledge(models.Model):
    """责任书 signed by a head for a school year, with the scan where one was handed in."""

    head = models.ForeignKey(Head, models.PROTECT, related_name="pledges")
    year = models.PositiveSmallIntegerField("学年")
    number = models.CharField("编号", max_length=60, blank=True)
    signed_on = models.DateField("签订日期")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "控辍保学责任书"
        constraints = [models.UniqueConstraint(fields=["head", "year"], name="one_pledge_a_year")]


class SystemItem(models.Model):
    """One of the county's 十项制度: names are the county's data; document, date and owner prove it."""

    county = models.ForeignKey(County, models.PROTECT, related_name="dropout_systems")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("制度名称", max_length=120)
    document = models.CharField("文件", max_length=200, blank=True)
    document_number = models.CharField("文号", max_length=80, blank=True)
    issued_on = models.DateField("日期", null=True, blank=True)
    owner = models.CharField("责任科室或责任人", max_length=120, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "控辍保学制度"
        ordering = ["county_id", "number"]
        constraints = [models.UniqueConstraint(fields=["county", "number"], name="system_number_once")]
