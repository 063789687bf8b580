"""Runs of 四查三比对 and what they found: counts for everybody who may see results, keys of children for the bureau."""
from __future__ import annotations

from django.conf import settings
from django.db import models

from schools.models import County, School

from .cases import Case


class MatchRun(models.Model):
    """One comparison of the lists as they stood. `counts` {kind: number, null = a list is missing}; `datasets` the ids compared."""

    county = models.ForeignKey(County, models.PROTECT, related_name="match_runs")
    year = models.PositiveSmallIntegerField("学年")
    on = models.DateField("比对日期")
    counts = models.JSONField(default=dict)
    sizes = models.JSONField("各名单人数", default=dict)
    lacking = models.JSONField("没有名单的学校", default=dict)
    datasets = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_name = models.CharField("比对人", max_length=120, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "名单比对"
        ordering = ["county_id", "-id"]
        indexes = [models.Index(fields=["county", "year"])]


class FindingState(models.TextChoices):
    """What became of a finding."""

    OPEN = "open", "待核查"
    CASE = "case", "已立案"
    CLEARED = "cleared", "已核实"


class MatchFinding(models.Model):
    """A child that is on one list and missing on another. No name: the child register has it. Decisions pass on to the next run."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="findings")
    kind = models.CharField("类别", max_length=24)
    person_key = models.CharField(max_length=32)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    township = models.CharField("乡镇", max_length=60, blank=True)
    state = models.CharField("处置", max_length=8, choices=FindingState, default=FindingState.OPEN)
    note = models.CharField("核实结果", max_length=200, blank=True)
    decided_by = models.CharField("核实人", max_length=120, blank=True)
    decided_on = models.DateField("核实日期", null=True, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "比对结果"
        ordering = ["run_id", "kind", "school_id", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "kind", "person_key"], name="finding_once_a_run")]
        indexes = [models.Index(fields=["run", "kind", "state"])]
