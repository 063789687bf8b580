"""Snapshots: results that pages and papers read. A frozen one never changes again."""
from __future__ import annotations

from django.db import models

from schools.models import County, Dataset


class FrozenSnapshot(Exception):
    """A frozen snapshot (定版) may not be written or deleted; the message is a Chinese sentence."""

    def __init__(self) -> None:
        super().__init__("该结果已定版，不能再修改或删除。")


class SnapshotQuerySet(models.QuerySet):
    """Bulk writes stop at frozen rows, as single ones do."""

    def update(self, **values):
        if self.filter(frozen_at__isnull=False).exists():
            raise FrozenSnapshot
        return super().update(**values)

    def delete(self):
        if self.filter(frozen_at__isnull=False).exists():
            raise FrozenSnapshot
        return super().delete()


class Snapshot(models.Model):
    """One result: a standard over a fixed set of datasets, with the rules and names it stood on.

    `payload` holds {"rulesets": {"national": R, "local": R | null}, "indicators": […], "title", "document", …}; papers
    are made from it alone. `fingerprint` is equal for equal facts, schools, rules and engine: another one now means the
    snapshot is out of date (已过期). Current is the one neither frozen nor replaced; a replaced one is kept only while
    something (a draft paper) refers to it.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="snapshots")
    standard = models.CharField("标准", max_length=40)
    year = models.PositiveSmallIntegerField("学年")
    fiscal_year = models.PositiveSmallIntegerField("财政年度")
    data_version = models.PositiveBigIntegerField("数据版本")
    fingerprint = models.CharField(max_length=64)
    rules_mark = models.CharField(max_length=64)
    engine = models.CharField("计算程序版本", max_length=20)
    verdict = models.CharField("结论", max_length=12)
    complete = models.BooleanField("数据齐全")
    payload = models.JSONField("结果")
    datasets = models.ManyToManyField(Dataset, through="SnapshotDataset", related_name="+")
    created_at = models.DateTimeField("计算时间", auto_now_add=True)
    frozen_at = models.DateTimeField("定版时间", null=True, blank=True)
    frozen_by = models.CharField("定版人", max_length=120, blank=True)
    replaced_at = models.DateTimeField("被代替时间", null=True, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "结果快照"
        ordering = ["-id"]
        indexes = [models.Index(fields=["county", "standard", "year", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "standard", "year", "fiscal_year"],
                condition=models.Q(frozen_at__isnull=True, replaced_at__isnull=True), name="one_current_snapshot",
            )
        ]

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    def save(self, *args, **kwargs):
        """Raises FrozenSnapshot when the stored row is frozen."""
        if self.pk and Snapshot.objects.filter(pk=self.pk, frozen_at__isnull=False).exists():
            raise FrozenSnapshot
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Raises FrozenSnapshot when the stored row is frozen."""
        if Snapshot.objects.filter(pk=self.pk, frozen_at__isnull=False).exists():
            raise FrozenSnapshot
        return super().delete(*args, **kwargs)


class SnapshotDataset(models.Model):
    """A dataset a snapshot was made of. PROTECT: what a kept result stands on is never purged."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="+")
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "快照数据集"
        constraints = [models.UniqueConstraint(fields=["snapshot", "dataset"], name="snapshot_dataset_once")]


class FigureChange(models.Model):
    """A figure that moved between two successive results (national ruleset). `school` is empty for county figures.

    `measure`: value (a school's indicator) · passes · mean · cv · composite · verdict. "" = there was none.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    standard = models.CharField("标准", max_length=40)
    year = models.PositiveSmallIntegerField("学年")
    data_version = models.PositiveBigIntegerField("数据版本")
    school = models.CharField("学校标识码", max_length=20, blank=True)
    school_name = models.CharField("学校名称", max_length=120, blank=True)
    stage = models.CharField("学段", max_length=8, blank=True)
    indicator = models.CharField("指标", max_length=10, blank=True)
    measure = models.CharField("数值", max_length=10)
    old = models.CharField("原值", max_length=60, blank=True)
    new = models.CharField("现值", max_length=60, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "数值变动"
        ordering = ["-id"]
        indexes = [models.Index(fields=["county", "standard", "year", "-id"])]
