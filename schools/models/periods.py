"""Periods and the school calendar: two clocks, never a bare "year"."""

from django.db import models

from .registers import County


class PeriodKind(models.TextChoices):
    SCHOOL_YEAR = "school_year", "学年"
    FISCAL_YEAR = "fiscal_year", "财政年度"
    TERM = "term", "学期"
    MONTH = "month", "月"


class Period(models.Model):
    """A stretch of time that facts belong to. `start` and `end` are both inside it.

    School year Y runs 1 September Y to 31 August Y+1 (census day 1 September); fiscal year = calendar year.
    """

    kind = models.CharField("类别", max_length=12, choices=PeriodKind.choices)
    start = models.DateField("起")
    end = models.DateField("止")

    class Meta:
        verbose_name = "时期"
        ordering = ["kind", "start"]
        constraints = [models.UniqueConstraint(fields=["kind", "start"], name="period_once")]

    @property
    def year(self) -> int:
        return self.start.year

    def __str__(self) -> str:
        if self.kind == PeriodKind.SCHOOL_YEAR:
            return f"{self.start.year}-{self.start.year + 1}学年"
        if self.kind == PeriodKind.FISCAL_YEAR:
            return f"{self.start.year}年度"
        if self.kind == PeriodKind.MONTH:
            return f"{self.start.year}年{self.start.month}月"
        return f"{self.start:%Y-%m-%d}至{self.end:%Y-%m-%d}"


class Calendar(models.Model):
    """校历: the terms, holidays and make-up days of one county and school year.

    `terms` [[start, end], …], `holidays` [[start, end, name], …], `makeup_days` [date, …]; ISO dates.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="calendars")
    year = models.PositiveSmallIntegerField("学年")
    terms = models.JSONField(default=list)
    holidays = models.JSONField(default=list)
    makeup_days = models.JSONField(default=list)

    class Meta:
        verbose_name = "校历"
        constraints = [models.UniqueConstraint(fields=["county", "year"], name="calendar_once_a_year")]
