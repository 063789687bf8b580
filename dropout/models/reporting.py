"""What schools and the county say of a month, a quarter, a term, a year; and the reminders of those who owe it."""
from __future__ import annotations

from django.db import models
from django.db.models import Q

from schools.models import County, School


class MonthlyReport(models.Model):
    """控辍保学月报 of one school (or, without school, the county's sum): counts made from the cases, confirmed by the head.

    `counts` are those of `dropout.services.counting`, with "from" and "upto" (ISO days, both inside): a report filed
    before the month's end leaves its last days to the next one, so that nothing falls between two reports. A month
    without cases is a zero report, said on purpose. A later report of the same month replaces none: it is the next
    `number`.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="monthly_reports")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField("月份", help_text="its first day")
    number = models.PositiveSmallIntegerField("次数", default=1)
    counts = models.JSONField(default=dict)
    zero_report = models.BooleanField("零报告", default=False)
    note = models.CharField("说明", max_length=300, blank=True)
    filed_on = models.DateField("报送日期", null=True)
    filed_by = models.CharField("报送人", max_length=120, blank=True)
    filed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "控辍保学月报"
        ordering = ["county_id", "-month", "school_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "school", "month", "number"], condition=Q(school__isnull=False), name="monthly_report_school"
            ),
            models.UniqueConstraint(
                fields=["county", "month", "number"], condition=Q(school__isnull=True), name="monthly_report_county"
            ),
        ]


class ReviewKind(models.TextChoices):
    """What the county owes beside the monthly reports (教育部 2024: 县级每季度核查，市每学期、省每学年)."""

    QUARTER = "quarter", "季度核查"
    TERM = "term", "学期汇总"
    YEAR = "year", "学年汇总"


class Review(models.Model):
    """The county's quarterly check, term or year summary: the counts as they stood, what was looked at, who says so."""

    county = models.ForeignKey(County, models.PROTECT, related_name="dropout_reviews")
    kind = models.CharField("类别", max_length=8, choices=ReviewKind)
    start = models.DateField("起")
    end = models.DateField("止")
    number = models.PositiveSmallIntegerField("次数", default=1)
    counts = models.JSONField(default=dict)
    note = models.CharField("核查情况", max_length=600, blank=True)
    filed_on = models.DateField("日期")
    filed_by = models.CharField("核查人", max_length=120, blank=True)
    filed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "控辍保学核查汇总"
        ordering = ["county_id", "-start", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "start", "number"], name="review_once_a_period_and_number")
        ]


class ReportReminder(models.Model):
    """A report or review that fell due and was not there: whom the reminder reached. Once a period, place and level."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    step = models.CharField("事项", max_length=30)
    start = models.DateField("所属时段起")
    level = models.PositiveSmallIntegerField("层级", default=0)
    head_kind = models.CharField("责任人类别", max_length=14)
    head_name = models.CharField("责任人", max_length=120, blank=True)
    users = models.JSONField(default=list)
    due_on = models.DateField("应办日期")
    sent_on = models.DateField("提醒日期")
    done_on = models.DateField("办结日期", null=True, blank=True)

    class Meta:
        verbose_name = "报送提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "school", "step", "start", "level"], condition=Q(school__isnull=False), name="report_reminder_school"
            ),
            models.UniqueConstraint(
                fields=["county", "step", "start", "level"], condition=Q(school__isnull=True), name="report_reminder_county"
            ),
        ]
        indexes = [models.Index(fields=["county", "done_on"])]
