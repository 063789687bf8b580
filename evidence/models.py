"""Evidence: what a county attests where no ledger counts. Rows of county datasets of the ledger code "attested".

Each attestation writes a whole new dataset (what stood, with the new entries in place of the old), so a snapshot names
the evidence it stood on, and the earlier datasets are the history. Documents live on beside them: one may serve several
items and years.
"""
from __future__ import annotations

from django.db import models

from files.models import StoredFile
from schools.models import County
from schools.models.facts import Fact


class EvidenceDocument(models.Model):
    """One paper of a county: title, issuer, number 文号 (may be blank), date; the file where one was handed in."""

    county = models.ForeignKey(County, models.PROTECT, related_name="evidence")
    title = models.CharField("文件名称", max_length=200)
    issuer = models.CharField("发文单位", max_length=120)
    number = models.CharField("文号", max_length=80, blank=True)
    date = models.DateField("日期", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.CharField("登记人", max_length=120, blank=True)
    added_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "佐证文件"
        ordering = ["county", "id"]
        indexes = [models.Index(fields=["county", "title"])]


class AttestedFact(Fact):
    """What every attested row says: for which standard, who decided, who entered it and when."""

    standard = models.CharField("标准", max_length=40)
    entered_by = models.CharField("录入人", max_length=120, blank=True)
    entered_on = models.DateField("录入日期", null=True)

    class Meta:
        abstract = True


class Attestation(AttestedFact):
    """One item attested: met or not, the conclusion as it stands in the form, and figures given beside it."""

    code = models.CharField("条目", max_length=10)
    met = models.BooleanField("是否达标")
    conclusion = models.TextField("结论")
    values = models.JSONField("数值", default=dict)
    decided_by = models.CharField("认定人", max_length=120, blank=True)
    decided_on = models.DateField("认定日期", null=True)

    class Meta:
        verbose_name = "条目认定"


class Citation(AttestedFact):
    """A document that an item (or a veto) cites, with the page; `place` is its order within the item."""

    code = models.CharField("条目", max_length=10)
    document = models.ForeignKey(EvidenceDocument, models.PROTECT, related_name="citations")
    page = models.CharField("页码", max_length=40, blank=True)
    place = models.PositiveSmallIntegerField("序号", default=0)

    class Meta:
        verbose_name = "引用文件"


class Veto(AttestedFact):
    """Whether a case of one veto item 一票否决 was found in the county."""

    code = models.CharField("条目", max_length=10)
    found = models.BooleanField("是否发现")
    detail = models.TextField("情况", blank=True)
    decided_by = models.CharField("认定人", max_length=120, blank=True)
    decided_on = models.DateField("认定日期", null=True)

    class Meta:
        verbose_name = "一票否决情况"


class SurveyRow(AttestedFact):
    """One row of table Ⅵ: questionnaires issued, valid and satisfied; people visited and satisfied."""

    group = models.CharField("人群", max_length=10)
    issued = models.PositiveIntegerField("问卷总数", null=True)
    valid = models.PositiveIntegerField("回收有效问卷数", null=True)
    satisfied = models.PositiveIntegerField("满意问卷数", null=True)
    visited = models.PositiveIntegerField("实地走访人数", null=True)
    visit_satisfied = models.PositiveIntegerField("走访满意人数", null=True)

    class Meta:
        verbose_name = "满意度调查"


class MonitoringRow(AttestedFact):
    """National quality monitoring of one subject: level 1-4 and the difference rate between schools as decimal text."""

    subject = models.CharField("学科", max_length=10)
    level = models.PositiveSmallIntegerField("等级")
    difference_rate = models.CharField("校际差异率", max_length=40)

    class Meta:
        verbose_name = "质量监测结果"


class PointsRow(AttestedFact):
    """Points of one scored item in the three columns 自评, 复评, 省评 as decimal text; empty = not scored yet."""

    code = models.CharField("条目", max_length=10)
    self_points = models.CharField("自评分", max_length=40, blank=True)
    city_points = models.CharField("市复评分", max_length=40, blank=True)
    province_points = models.CharField("省评分", max_length=40, blank=True)

    class Meta:
        verbose_name = "评分"


class PastRecognition(AttestedFact):
    """A past year of a standard: recognised then, and the composite coefficients as decimal text. `standard` is the past one."""

    year = models.PositiveSmallIntegerField("年份")
    recognised = models.BooleanField("是否认定")
    primary_composite = models.CharField("小学综合差异系数", max_length=40, blank=True)
    junior_composite = models.CharField("初中综合差异系数", max_length=40, blank=True)

    class Meta:
        verbose_name = "历年认定"
