"""Cases live on in the register: a ledger may open one or add visits, people move it, and nothing of its history is lost."""
from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from files.models import StoredFile
from schools.models import County, School, Township

from .care import Placement
from .children import Child


class CaseState(models.TextChoices):
    """The states of a case; dropout/states.py says who may move what, and what each move needs."""

    ABSENT = "absent", "缺勤"
    SUSPECTED = "suspected", "疑似辍学"
    REGISTERED = "registered", "辍学(已登记、已书面报告)"
    PERSUADING = "persuading", "劝返中"
    NOTICED = "noticed", "已发限期返校通知书"
    RETURNED = "returned", "已复学"
    PLACED = "placed", "已安置"
    STRUCK_OFF = "struck_off", "已销号"
    CLEARED = "cleared", "已核实未辍学"
    TRANSFERRED = "transferred", "转出已接收"
    DEFERRED = "deferred", "缓学"
    SUSPENDED = "suspended", "休学"
    UNFIT = "unfit", "不具备学习条件"
    DECEASED = "deceased", "死亡"
    EMIGRATED = "emigrated", "出国(境)定居"
    OVER_AGE = "over_age", "超过义务教育年龄"


# A case in one of these is closed; DEFERRED and SUSPENDED end by themselves on the day their paper expires.
CLOSED = frozenset({
    CaseState.STRUCK_OFF.value, CaseState.CLEARED.value, CaseState.TRANSFERRED.value, CaseState.UNFIT.value,
    CaseState.DECEASED.value, CaseState.EMIGRATED.value, CaseState.OVER_AGE.value,
})  # fmt: skip
RESTING = frozenset({CaseState.DEFERRED.value, CaseState.SUSPENDED.value})
OPEN = frozenset(CaseState.values) - CLOSED


class Opening(models.TextChoices):
    """How a case came to be."""

    ABSENCE = "absence", "缺勤"
    LEDGER = "ledger", "控辍保学台账"
    MATCHING = "matching", "名单比对"
    WARNING = "warning", "预警核查"
    PERSON = "person", "人工登记"
    REOPENED = "reopened", "再次离校"
    EXPIRED = "expired", "缓学或休学到期"


class CaseReason(models.TextChoices):
    """辍学原因."""

    LEARNING = "learning", "厌学或学习困难"
    POVERTY = "poverty", "家庭贫困"
    WORK = "work", "外出务工"
    MARRIAGE = "marriage", "早婚早育"
    ILLNESS = "illness", "疾病或残疾"
    FAMILY = "family", "家庭变故"
    RELIGION = "religion", "宗教原因"
    MOVED = "moved", "随父母外出失联"
    JUDICIAL = "judicial", "司法"
    DISTANCE = "distance", "上学路远"
    OTHER = "other", "其他"


class Case(models.Model):
    """One child's absence from school, from the first day to the strike-off. At most one open case a child.

    `number` is 县内年度流水号 "2026-0001". `revision` rises with every step; a verb names the revision its actor saw.
    `absent_since` is the first school day missed: the clock counts from it. School, class and place are those at opening;
    who answers today follows the child's own row.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="cases")
    child = models.ForeignKey(Child, models.PROTECT, related_name="cases")
    number = models.CharField("编号", max_length=12)
    state = models.CharField("状态", max_length=12, choices=CaseState)
    state_since = models.DateField("进入本状态")
    revision = models.PositiveIntegerField(default=1)
    opening = models.CharField("发现途径", max_length=10, choices=Opening)
    opened_on = models.DateField("立案日期")
    opened_by = models.CharField("立案人", max_length=120, blank=True)
    absent_since = models.DateField("离校日期")
    reason = models.CharField("原因", max_length=10, choices=CaseReason, blank=True)
    whereabouts = models.CharField("目前去向", max_length=120, blank=True)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    township = models.ForeignKey(Township, models.PROTECT, null=True, blank=True, related_name="+")
    class_text = models.CharField("班级", max_length=40, blank=True)
    report_number = models.CharField("书面报告编号", max_length=40, blank=True)
    rests_until = models.DateField("缓学(休学)到期日", null=True, blank=True)
    closed_on = models.DateField("结案日期", null=True, blank=True)
    transfer_to = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟转入学校",
        help_text="the school that is asked to confirm; only its own people close the case as transferred",
    )
    reopens = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reopened")

    class Meta:
        verbose_name = "控辍案件"
        ordering = ["county_id", "-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="case_number_once_in_county"),
            models.UniqueConstraint(
                fields=["child"], condition=~Q(state__in=sorted(CLOSED)), name="one_open_case_a_child"
            ),
        ]
        indexes = [models.Index(fields=["county", "state"]), models.Index(fields=["county", "absent_since"])]

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED


class CaseStep(models.Model):
    """One move of a case: never changed, never deleted."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    verb = models.CharField("办理", max_length=20)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    on = models.DateField("日期")
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField("办理人", max_length=120, blank=True)
    by_role = models.CharField("角色", max_length=30, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "案件办理记录"
        ordering = ["case_id", "id"]


class DocumentKind(models.TextChoices):
    """Papers of a case."""

    REPORT = "report", "辍学书面报告"
    NOTICE = "notice", "限期返校通知书"
    RETURN_PROOF = "return_proof", "返校证明"
    RECEIVING = "receiving", "接收学校证明"
    APPLICATION = "application", "监护人申请"
    HOSPITAL = "hospital", "医院证明"
    APPROVAL = "approval", "缓学(休学)批准"
    FINDING = "finding", "残疾人教育专家委员会评估意见"
    PROOF = "proof", "其他证明"
    PHOTO = "photo", "走访照片"


class CaseDocument(models.Model):
    """A paper of a case: number, date, and the stored file where one was handed in."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    kind = models.CharField("类别", max_length=12, choices=DocumentKind)
    number = models.CharField("编号", max_length=60, blank=True)
    title = models.CharField("名称", max_length=120, blank=True)
    issued_on = models.DateField("日期", null=True, blank=True)
    valid_to = models.DateField("有效期至", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.CharField("登记人", max_length=120, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "案件文书"
        ordering = ["case_id", "id"]


class VisitWay(models.TextChoices):
    """劝返方式."""

    PHONE = "phone", "电话"
    HOME = "home", "家访"
    TALK = "talk", "约谈"
    NOTICE = "notice", "送达通知书"
    JOINT = "joint", "联合劝返"


class Outcome(models.TextChoices):
    """劝返结果."""

    AGREED = "agreed", "同意返校"
    REFUSED = "refused", "拒绝"
    NOT_MET = "not_met", "未见到"
    LOST = "lost", "失联"


class Visit(models.Model):
    """One attempt to bring a child back. `sealed`: what was said, under the child's own key (erased with it).

    `entry_key` is made by the form: the same visit sent twice over a poor line is one row.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="visits")
    on = models.DateField("日期")
    way = models.CharField("方式", max_length=6, choices=VisitWay)
    outcome = models.CharField("结果", max_length=7, choices=Outcome)
    participants = models.CharField("参加人员", max_length=200, help_text="names, units and posts of the visitors")
    talked_to = models.CharField("谈话对象", max_length=20, blank=True, help_text="relation to the child, no name")
    sealed = models.TextField(blank=True)
    next_plan = models.CharField("下次计划", max_length=200, blank=True)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    guardian_signed = models.BooleanField("监护人签字", default=False)
    line = models.CharField("所属线", max_length=10, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    recorded_name = models.CharField("登记人", max_length=120, blank=True)
    source = models.CharField("来源", max_length=20, default="person")
    entry_key = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "劝返记录"
        ordering = ["case_id", "on", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "entry_key"], name="a_visit_is_recorded_once")]


class Line(models.TextChoices):
    """双线: the government line county–town–village and the education line bureau–school–class."""

    SCHOOL = "school", "教育线"
    GOVERNMENT = "government", "政府线"


class SignOff(models.Model):
    """One line's signature under a strike-off. A case that slides back loses them (`void`)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="signatures")
    line = models.CharField("线", max_length=10, choices=Line)
    on = models.DateField("日期")
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField("签字人", max_length=120, blank=True)
    by_role = models.CharField("角色", max_length=30, blank=True)
    note = models.CharField("意见", max_length=300, blank=True)
    void = models.BooleanField(default=False)

    class Meta:
        verbose_name = "销号会签"
        constraints = [
            models.UniqueConstraint(fields=["case", "line"], condition=Q(void=False), name="one_signature_a_line")
        ]


class Return(models.Model):
    """Where a returned child sits: school, class, day; placement follows from the length of the absence."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="returns")
    on = models.DateField("复学日期")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    class_text = models.CharField("班级", max_length=40, blank=True)
    grade = models.PositiveSmallIntegerField("年级", null=True, blank=True)
    placement = models.CharField("安置方式", max_length=13, choices=Placement, blank=True)
    placed_on = models.DateField("安置日期", null=True, blank=True)
    advised = models.CharField("按离校时长应安置", max_length=60, blank=True)
    void = models.BooleanField(default=False)

    class Meta:
        verbose_name = "复学安置"
        ordering = ["case_id", "id"]


class Reminder(models.Model):
    """A step of the clock that fell due: whom it reached, and how far it has been escalated.

    Once a case, step, round, turn and level. The clock runs another `round` when a child leaves again or a leave expires; within
    one, a step that falls due again after each act (another visit) has a `turn` for every one, 0 where it comes once.
    `done_on`: the day the step was fulfilled (or fell away); `users`: the ids the notice went to.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="reminders")
    step = models.CharField("环节", max_length=30)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    turn = models.PositiveIntegerField("第几天起算", default=0)
    level = models.PositiveSmallIntegerField("层级", default=0)
    head_kind = models.CharField("责任人类别", max_length=14)
    head_name = models.CharField("责任人", max_length=120, blank=True)
    users = models.JSONField(default=list)
    due_on = models.DateField("应办日期")
    sent_on = models.DateField("提醒日期")
    done_on = models.DateField("办结日期", null=True, blank=True)

    class Meta:
        verbose_name = "到期提醒"
        constraints = [
            models.UniqueConstraint(fields=["case", "step", "round", "turn", "level"], name="a_reminder_goes_out_once")
        ]
        indexes = [models.Index(fields=["done_on", "due_on"])]
