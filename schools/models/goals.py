"""The staged goal of a county and its townships: 初步均衡 → 基本均衡 → 优质均衡, each with its target year."""

from django.db import models
from django.db.models import Q

from .registers import County, Township


class GoalStage(models.TextChoices):
    """The stages in their order."""

    INITIAL = "initial", "初步均衡"
    BASIC = "basic", "基本均衡"
    QUALITY = "quality", "优质均衡"


class Goal(models.Model):
    """One stage of one county (`township` empty) or township: the year aimed at, and the year it was reached in."""

    county = models.ForeignKey(County, models.CASCADE, related_name="goals")
    township = models.ForeignKey(Township, models.CASCADE, null=True, blank=True, related_name="goals")
    stage = models.CharField("阶段", max_length=8, choices=GoalStage)
    target_year = models.PositiveSmallIntegerField("目标年份")
    reached_year = models.PositiveSmallIntegerField("实现年份", null=True, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    set_by = models.CharField("设定人", max_length=120, blank=True)
    set_at = models.DateTimeField("设定时间", auto_now=True)

    class Meta:
        verbose_name = "均衡目标"
        ordering = ["county_id", "township__code", "township_id", "target_year"]
        constraints = [
            models.UniqueConstraint(fields=["county", "township", "stage"], condition=Q(township__isnull=False), name="goal_once_a_township"),
            models.UniqueConstraint(fields=["county", "stage"], condition=Q(township__isnull=True), name="goal_once_a_county"),
        ]  # fmt: skip
