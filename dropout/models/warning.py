"""Early warning: a flag says which rules fired on what evidence, and always ends in a check or a case."""
from __future__ import annotations

from django.db import models

from .cases import Case
from .children import Child


class FlagState(models.TextChoices):
    """预警处置."""

    OPEN = "open", "待核查"
    CHECKED = "checked", "已核查"
    CASE = "case", "已立案"
    LEFT = "left", "已离校(不再预警)"


class Flag(models.Model):
    """One warning of a child. `rules` [{"code", "weight", "evidence"}] as they stood on the day; `score` their sum."""

    child = models.ForeignKey(Child, models.CASCADE, related_name="flags")
    raised_on = models.DateField("预警日期")
    score = models.PositiveSmallIntegerField("分值")
    rules = models.JSONField(default=list)
    state = models.CharField("处置", max_length=8, choices=FlagState, default=FlagState.OPEN)
    outcome = models.CharField("核查结果", max_length=200, blank=True)
    checked_on = models.DateField("核查日期", null=True, blank=True)
    checked_by = models.CharField("核查人", max_length=120, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "预警"
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=models.Q(state="open"), name="one_open_flag_a_child")
        ]
        indexes = [models.Index(fields=["state", "raised_on"])]
