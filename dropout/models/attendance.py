"""Attendance and the monthly report: who was missing on which school day, and what each school says of its month."""
from __future__ import annotations

from django.conf import settings
from django.db import models

from schools.models import County, School

from .children import Child


class AbsenceKind(models.TextChoices):
    """Why a child is not in class. Only `unexplained` runs the clock."""

    UNEXPLAINED = "unexplained", "无故缺勤"
    SICK = "sick", "病假"
    LEAVE = "leave", "事假"
    OTHER = "other", "其他请假"


class Absence(models.Model):
    """One child on one school day. `explained_on`: the day its reason became known (it then no longer counts)."""

    child = models.ForeignKey(Child, models.CASCADE, related_name="absences")
    day = models.DateField("日期")
    kind = models.CharField("类别", max_length=12, choices=AbsenceKind)
    explained_on = models.DateField("说明日期", null=True, blank=True)
    explanation = models.CharField("说明", max_length=200, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "缺勤"
        ordering = ["child_id", "day"]
        constraints = [models.UniqueConstraint(fields=["child", "day"], name="one_absence_a_day")]
        indexes = [models.Index(fields=["day", "kind"])]


class MonthlyReport(models.Model):
    """控辍保学月报 of one school (or, without school, the county's sum): counts made from the cases, confirmed by the head.

    `counts` {"open_before", "opened", "struck_off", "cleared", …, "open_after", "pupils"}; a month without cases is a zero report, said
    on purpose. A later report of the same month replaces none: it is the next `number`.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="monthly_reports")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField("月份", help_text="its first day")
    number = models.PositiveSmallIntegerField("次数", default=1)
    counts = models.JSONField(default=dict)
    zero_report = models.BooleanField("零报告", default=False)
    note = models.CharField("说明", max_length=300, blank=True)
    filed_by = models.CharField("报送人", max_length=120, blank=True)
    filed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "控辍保学月报"
        ordering = ["county_id", "-month", "school_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "school", "month", "number"], condition=models.Q(school__isnull=False), name="monthly_report_school"
            ),
            models.UniqueConstraint(
                fields=["county", "month", "number"], condition=models.Q(school__isnull=True), name="monthly_report_county"
            ),
        ]
