"""Attendance: who was missing on which school day, and whose roll was called at all."""
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


class RollCall(models.Model):
    """A class whose roll was called on a day. Without it nobody knows whether a child not named as absent was there."""

    county = models.ForeignKey(County, models.PROTECT, related_name="roll_calls")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    class_text = models.CharField("班级", max_length=40)
    day = models.DateField("日期")
    absent = models.PositiveSmallIntegerField("缺勤人数")
    called_by = models.CharField("点名人", max_length=120, blank=True)
    called_at = models.DateTimeField("点名时间")

    class Meta:
        verbose_name = "点名"
        constraints = [models.UniqueConstraint(fields=["school", "class_text", "day"], name="one_roll_call_a_day")]
        indexes = [models.Index(fields=["county", "day"])]
