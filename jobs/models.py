"""The Job row: the truth about work that outlives a request. The queue carries only hints to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Job(models.Model):
    """One piece of work: waiting, running under a lease, done or failed.

    `token` is the fence: each claim writes a new one, and an effect is applied only by whoever still holds it.
    `args` and `result` carry ids and counts, never personal values.
    """

    class Queue(models.TextChoices):
        CHECK = "check", "检查"
        COMPUTE = "compute", "计算"
        PAPER = "paper", "出件"

    class State(models.TextChoices):
        WAITING = "waiting", "等待中"
        RUNNING = "running", "处理中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"

    kind = models.CharField("种类", max_length=64)
    key = models.CharField("键", max_length=160)
    queue = models.CharField("队列", max_length=16, choices=Queue)
    county_code = models.CharField("县代码", max_length=12, blank=True)
    school_code = models.CharField("学校代码", max_length=32, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="发起人"
    )
    args = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=16, choices=State, default=State.WAITING)
    token = models.CharField("令牌", max_length=32, blank=True)
    lease_until = models.DateTimeField("租期", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    progress_done = models.PositiveIntegerField("已处理", default=0)
    progress_total = models.PositiveIntegerField("总数", default=0)
    progress_text = models.CharField("进度说明", max_length=200, blank=True)
    result = models.JSONField("结果", null=True, blank=True)
    error = models.CharField("未完成的原因", max_length=500, blank=True)
    hinted_at = models.DateTimeField("提示时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=models.Q(state="waiting"), name="one_waiting_job_per_key"
            ),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=models.Q(state="running"), name="one_running_job_per_key"
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "state", "id"], name="job_queue_state"),
            models.Index(fields=["state", "lease_until"], name="job_lease"),
            models.Index(fields=["queue", "-started_at"], name="job_recently_served"),
            models.Index(fields=["county_code", "-created_at"], name="job_county_newest"),
        ]

    @property
    def is_open(self) -> bool:
        """Still waiting or running."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
