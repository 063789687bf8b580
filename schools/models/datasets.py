"""Datasets: what a filing brought, never updated; a pointer flip makes one standing and the former retired."""

from django.db import models
from django.db.models import Q

from .periods import Period
from .registers import County, School


class DatasetState(models.TextChoices):
    STAGED = "staged", "待定"
    STANDING = "standing", "现行"
    RETIRED = "retired", "已被替代"


class Dataset(models.Model):
    """The rows of one ledger for one county or school and period, as one received file gave them.

    Fact rows point here and are never updated. `row_map` names the cell of every field (schools.provenance):
    {"sheets": [name, …], "targets": {"schools.Profile": {"column": {field: "D"}, "cell": {field: "E12"}}}}
    A sheet whose columns stand in another order has its own letters: "columns": {"1": {field: "F"}} (by sheet index).
    On a wide sheet the column depends on the row: "spread": {field: {"by": "year", "column": {"2021": "D"}}}.
    A fact row carries `sheet` (index into "sheets") and `row` (the Excel row number, 0 for a turned sheet).
    `persons` is the encrypted sidecar {person_key: {name, id_number, …}} that after_commit reads once.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="datasets")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="datasets")
    ledger = models.CharField("台账", max_length=40)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("序号")
    state = models.CharField("状态", max_length=8, choices=DatasetState.choices, default=DatasetState.STAGED)
    zero_report = models.BooleanField("零报告", default=False)
    withdrawn = models.BooleanField("撤回", default=False)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    persons = models.ForeignKey("files.StoredFile", models.SET_NULL, null=True, blank=True, related_name="+")
    row_map = models.JSONField(default=dict)
    rows = models.PositiveIntegerField("行数", default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    standing_since = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "数据集"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "ledger", "school", "period", "number"],
                condition=Q(school__isnull=False),
                name="dataset_number_school",
            ),
            models.UniqueConstraint(
                fields=["county", "ledger", "period", "number"],
                condition=Q(school__isnull=True),
                name="dataset_number_county",
            ),
            models.UniqueConstraint(
                fields=["county", "ledger", "school", "period"],
                condition=Q(school__isnull=False, state="standing"),
                name="one_standing_school",
            ),
            models.UniqueConstraint(
                fields=["county", "ledger", "period"],
                condition=Q(school__isnull=True, state="standing"),
                name="one_standing_county",
            ),
        ]
        indexes = [models.Index(fields=["county", "period", "ledger", "state"])]


class SourceChoice(models.Model):
    """Which source of a fact stands for a county (school empty) or one school; else the default order holds.

    `fact` is a code of schools.sources (pupils, classes, full_time_teachers …), `source` a ledger code.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="source_choices")
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True, related_name="+")
    fact = models.CharField(max_length=40)
    source = models.CharField(max_length=40)

    class Meta:
        verbose_name = "数据来源选择"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "fact", "school"], condition=Q(school__isnull=False), name="source_school"
            ),
            models.UniqueConstraint(fields=["county", "fact"], condition=Q(school__isnull=True), name="source_county"),
        ]
