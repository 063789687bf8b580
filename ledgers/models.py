"""Filings and their versions: the slot a ledger is owed in, and each file received for it."""
from __future__ import annotations

from django.db import models
from django.db.models import Q

from files.models import StoredFile
from schools.models import County, Dataset, Period, School


class State(models.TextChoices):
    """What has become of a received file (design: the way of the data)."""

    RECEIVED = "received", "已接收"
    CHECKING = "checking", "检查中"
    REFUSED = "refused", "拒收"
    FAULTY = "faulty", "有错误"
    CHECKED = "checked", "检查通过"
    SUBMITTED = "submitted", "已报送"
    HEAD_CONFIRMED = "head-confirmed", "校长已审签"
    TOWNSHIP_PASSED = "township-passed", "中心校已初审"
    APPROVED = "approved", "已审核"
    RETURNED = "returned", "退回修改"
    SUPERSEDED = "superseded", "已被替代"


# A version that can still move; at most one of a filing.
OPEN_STATES = (
    State.RECEIVED, State.CHECKING, State.FAULTY, State.CHECKED,
    State.SUBMITTED, State.HEAD_CONFIRMED, State.TOWNSHIP_PASSED,
)  # fmt: skip
# On their way through the offices: the school has let go of them.
UNDER_REVIEW = (State.SUBMITTED, State.HEAD_CONFIRMED, State.TOWNSHIP_PASSED)
# Their staged rows count as what the school says now (the working set of cross checks).
WORKING_STATES = (State.CHECKED, *UNDER_REVIEW)


class Channel(models.TextChoices):
    """How the file came."""

    BROWSER = "browser", "网页上传"
    API = "api", "接口上传"
    COMMAND = "command", "命令行导入"
    MENDED = "mended", "网页改正"
    PART = "part", "由合并工作簿拆分"
    WITHDRAWAL = "withdrawal", "撤回"
    ZERO = "zero", "零报告"


class Filing(models.Model):
    """The slot: one ledger of one school (or the county itself) for one period.

    Made by a round or by the first upload. `standing` is the approved version, `open` the one on its way.
    A school-level ledger with no school is the slot of county-wide workbooks: its versions carry a file whose parts
    are versions of the schools' own filings, and hold no facts themselves.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="filings", verbose_name="县(市、区)")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="filings", verbose_name="学校")
    ledger = models.CharField("台账", max_length=40)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name="时期")
    standing = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行版本")
    open = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理中的版本")
    latest = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="最新版本")
    latest_number = models.PositiveIntegerField("最新版本号", default=0)
    locked = models.BooleanField("已锁定", default=False)
    unlock_requested = models.BooleanField("已申请解锁", default=False)
    unlock_reason = models.CharField("解锁理由", max_length=300, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    changed_at = models.DateTimeField("变动时间", auto_now=True)

    class Meta:
        verbose_name = "填报"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "ledger", "school", "period"], condition=Q(school__isnull=False), name="filing_slot_school"
            ),
            models.UniqueConstraint(
                fields=["county", "ledger", "period"], condition=Q(school__isnull=True), name="filing_slot_county"
            ),
        ]
        indexes = [models.Index(fields=["county", "period", "ledger"], name="filing_county_period")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.period} {self.school or self.county}"


class Version(models.Model):
    """One received file (or a withdrawal) of a filing, with its verdict. Numbered from 1 within the filing.

    `problems` and `repairs` hold the first rows of the lists and `groups` the whole list by rule; a longer list lies
    complete in `report`, a compressed stored file. `explanations`: {group key: {"text", "by", "at"}} for doubts.
    `problem_count` … are counts of the whole list. Values in problems are masked where they are personal.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="versions", verbose_name="填报")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=16, choices=State.choices, default=State.RECEIVED)
    receipt = models.CharField("回执号", max_length=40, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=255, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    uploaded_by = models.BigIntegerField("上传人编号", null=True, blank=True)
    uploaded_name = models.CharField("上传人", max_length=64, blank=True)
    uploaded_role = models.CharField("上传人角色", max_length=32, blank=True)
    channel = models.CharField("来源", max_length=12, choices=Channel.choices, default=Channel.BROWSER)
    carrier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="所属合并工作簿")
    dataset = models.ForeignKey(Dataset, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="数据集")
    withdrawn_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回的版本")
    restores = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="恢复的版本")
    job_id = models.BigIntegerField("检查任务", null=True, blank=True)
    rows_read = models.PositiveIntegerField("读入", default=0)
    accepted = models.PositiveIntegerField("接收", default=0)
    refused = models.PositiveIntegerField("拒绝", default=0)
    skipped = models.PositiveIntegerField("跳过", default=0)
    errors = models.PositiveIntegerField("错误", default=0)
    doubts = models.PositiveIntegerField("疑点", default=0)
    notices = models.PositiveIntegerField("提示", default=0)
    repair_count = models.PositiveIntegerField("自动修正", default=0)
    groups = models.JSONField("问题归类", default=list)
    problems = models.JSONField("问题", default=list)
    repairs = models.JSONField("修正", default=list)
    report = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="完整报告")
    marked = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="批注后的工作簿")
    explanations = models.JSONField("疑点说明", default=dict)
    returned_reason = models.CharField("退回原因", max_length=500, blank=True)
    returned_cells = models.JSONField("退回的单元格", default=list)
    changed_outside = models.JSONField("退回范围以外的改动", default=list)
    created_at = models.DateTimeField("接收时间", auto_now_add=True)
    checked_at = models.DateTimeField("检查时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = "版本"
        constraints = [
            models.UniqueConstraint(fields=["filing", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["receipt"], condition=~Q(receipt=""), name="version_receipt_once"),
        ]
        indexes = [
            models.Index(fields=["state", "filing"], name="version_state"),
            models.Index(fields=["carrier"], name="version_carrier"),
        ]
        ordering = ["filing_id", "-number"]

    def __str__(self) -> str:
        return f"{self.filing} 第{self.number}版"

    @property
    def is_open(self) -> bool:
        """Still on its way."""
        return self.state in OPEN_STATES

    @property
    def unexplained(self) -> list[dict]:
        """Groups of doubts nobody has explained yet."""
        return [g for g in self.groups if g["level"] == "doubt" and g["key"] not in self.explanations]

    @property
    def status(self) -> str:
        """The verdict on the file itself, whatever the offices did with it: refused, faulty, doubts or clean; "" if none yet."""
        if self.state in (State.RECEIVED, State.CHECKING):
            return ""
        if self.checked_at is None and self.state != State.REFUSED:
            return ""
        if self.state == State.REFUSED:
            return "refused"
        if self.errors:
            return "faulty"
        return "doubts" if self.doubts else "clean"


class VersionStep(models.Model):
    """One verb done to a version, by whom and when; `on_behalf` marks 代办 by the operator."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="steps", verbose_name="版本")
    verb = models.CharField("动作", max_length=20)
    state = models.CharField("动作后状态", max_length=16, choices=State.choices)
    actor_id = models.BigIntegerField("办理人编号", null=True, blank=True)
    actor_name = models.CharField("办理人", max_length=64, blank=True)
    actor_role = models.CharField("角色", max_length=32, blank=True)
    on_behalf = models.BooleanField("代办", default=False)
    note = models.CharField("备注", max_length=500, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "办理记录"
        ordering = ["version_id", "id"]


class WorkflowStep(models.Model):
    """A review step a county asks for between submission and its own approval, per kind of school (empty: every kind)."""

    STEPS = [("head", "校长审签"), ("township", "中心校(乡镇)初审")]

    county = models.ForeignKey(County, models.CASCADE, related_name="workflow_steps", verbose_name="县(市、区)")
    school_kind = models.CharField("单位性质", max_length=6, blank=True)
    step = models.CharField("环节", max_length=8, choices=STEPS)

    class Meta:
        verbose_name = "审核环节"
        constraints = [models.UniqueConstraint(fields=["county", "school_kind", "step"], name="workflow_step_once")]


class Remembered(models.Model):
    """An answer given once: what a clerk said a header, a unit or a school's name means, or in which row the header stands.

    Kept for the school (school None: for the whole county) and the ledger (a name serves all ledgers: "").
    """

    class Kind(models.TextChoices):
        COLUMN = "column", "表头对应"
        HEADER = "header", "表头所在行"
        UNIT = "unit", "计量单位"
        NAME = "name", "学校名称"

    county = models.ForeignKey(County, models.PROTECT, related_name="+", verbose_name="县(市、区)")
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="学校")
    ledger = models.CharField("台账", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    question = models.CharField("问题", max_length=200)
    answer = models.CharField("回答", max_length=200, blank=True)
    by_id = models.BigIntegerField("回答人编号", null=True, blank=True)
    by_name = models.CharField("回答人", max_length=64, blank=True)
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = "记住的回答"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "school", "ledger", "kind", "question"], condition=Q(school__isnull=False), name="answer_once_school"
            ),
            models.UniqueConstraint(
                fields=["county", "ledger", "kind", "question"], condition=Q(school__isnull=True), name="answer_once_county"
            ),
        ]


class Round(models.Model):
    """填报任务: which ledgers of a period are owed, and by when."""

    county = models.ForeignKey(County, models.PROTECT, related_name="rounds", verbose_name="县(市、区)")
    name = models.CharField("名称", max_length=80)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name="时期")
    ledgers = models.JSONField("台账", default=list)
    due = models.DateTimeField("截止时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "填报任务"
        ordering = ["-created_at"]
