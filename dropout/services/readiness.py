"""What a move still needs, in sentences: the same answer for the page that offers it and for the verb that does it."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from schools.calendar import NoCalendar, SchoolCalendar, calendar_between
from schools.parameters import ParameterSet, resolve

from ..classes import age_on, grade_by_age, grade_of, plus_months, whole_months
from ..models import (
    Absence,
    AbsenceKind,
    Case,
    CaseDocument,
    CaseState,
    CaseStep,
    DocumentKind,
    Line,
    Placement,
    Return,
    SignOff,
    Visit,
)
from ..parameters import (
    BY_AGE_AFTER,
    LEAVE_MONTHS,
    LEAVING_AGE,
    LOWER_AFTER,
    RETURN_CHECK_DAYS,
    SUSPENSION_RENEWALS,
)
from ..states import FIELD_TITLES, RESTARTS, Move

Given = Mapping[str, object]


@dataclass
class CaseFacts:
    """All that the rules look at, each part fetched once and only when asked for. `on` is the day of the move."""

    case: Case
    on: dt.date

    @cached_property
    def parameters(self) -> ParameterSet:
        return resolve(self.case.county.code, self.on)

    @cached_property
    def calendar(self) -> SchoolCalendar:
        start = self.current_return.on if self.current_return else self.case.absent_since
        return calendar_between(self.case.county, min(start, self.on), self.on)

    @cached_property
    def steps(self) -> list[CaseStep]:
        return list(CaseStep.objects.filter(case=self.case).order_by("id"))

    @cached_property
    def visits(self) -> list[Visit]:
        return list(Visit.objects.filter(case=self.case).select_related("photo"))

    @cached_property
    def documents(self) -> list[CaseDocument]:
        return list(CaseDocument.objects.filter(case=self.case).select_related("file"))

    @cached_property
    def signatures(self) -> dict[str, SignOff]:
        return {sign.line: sign for sign in SignOff.objects.filter(case=self.case, void=False)}

    @cached_property
    def current_return(self) -> Return | None:
        return Return.objects.filter(case=self.case, void=False).select_related("school").order_by("-id").first()

    @property
    def round_start(self) -> dt.date:
        """The day the present absence began to count: the first, or the latest relapse or expiry."""
        return next((step.on for step in reversed(self.steps) if step.verb in RESTARTS), self.case.absent_since)

    @property
    def spent(self) -> set[int]:
        """The papers that have proved a step already, or a return that did not last."""
        return {number for step in self.steps for number in step.detail.get("spent", ())}

    def unspent(self, kind: str) -> list[CaseDocument]:
        spent = self.spent
        return [d for d in self.documents if d.kind == kind and d.file_id and d.pk not in spent]

    @property
    def check(self) -> CaseStep | None:
        """The check of the present return."""
        for step in reversed(self.steps):
            if step.verb == "check":
                return step
            if step.verb in ("return", "resume"):
                return None
        return None

    def unexplained_since_return(self) -> int:
        """School days missed without a reason since the child is back."""
        if self.current_return is None:
            return 0
        missed = Absence.objects.filter(child=self.case.child_id, kind=AbsenceKind.UNEXPLAINED, explained_on__isnull=True)
        return missed.filter(day__gt=self.current_return.on, day__lte=self.on).count()

    def school_days_back(self) -> int:
        """School days since the return. Raises NoCalendar."""
        return self.calendar.school_days_between(self.current_return.on, self.on) if self.current_return else 0


@dataclass(frozen=True)
class Advice:
    """The placement that follows from how long the child was away."""

    placement: str
    text: str


def advise(parameters: ParameterSet, *, absent_since: dt.date, on: dt.date, grade: int | None, birth: dt.date | None) -> Advice:
    """Under three months the old class, up to a year one grade down, beyond by age (the limits are parameters)."""
    months = whole_months(absent_since, on)
    limit = parameters.get(BY_AGE_AFTER)
    over_limit = on > plus_months(absent_since, limit)
    if grade is None or over_limit:
        wanted = f"（{grade_by_age(birth, on)}年级）" if birth else ""
        return Advice(Placement.BY_AGE, f"离校{months}个月，按年龄编班{wanted}" if grade else f"没有原班级，按年龄编班{wanted}")
    if on >= plus_months(absent_since, parameters.get(LOWER_AFTER)):
        return Advice(Placement.LOWER, f"离校{months}个月，降一个年级编班（{max(1, grade - 1)}年级）")
    return Advice(Placement.CLASS, f"离校不满{parameters.get(LOWER_AFTER)}个月，回原班级")


def missing_for(
    facts: CaseFacts, move: Move, *, fields: Given | None = None, note: str | None = None, handed_in: Collection[str] = ()
) -> list[str]:
    """The sentences that say what keeps this move from being done; empty when nothing does.

    With `fields` and `note` (a form was sent) they are looked at too; without, only what must be there before.
    """
    lines = []
    if fields is not None:
        lines += [f"请填写{FIELD_TITLES[name]}。" for name in move.fields if not fields.get(name)]
    if note is not None and move.note and not note.strip():
        lines.append("请写明情况或理由。")
    lines += [
        f"缺少{DocumentKind(kind).label}的扫描件或照片。"
        for kind in move.documents
        if kind not in handed_in and not facts.unspent(kind)
    ]
    rule = RULES.get(move.verb)
    return lines + (rule(facts, fields, note) if rule else [])


def is_done(facts: CaseFacts, move: Move) -> bool:
    """Whether the present round has this step already, so that a page need not offer it."""
    signed = {"sign_school": Line.SCHOOL, "sign_government": Line.GOVERNMENT}
    if move.verb in signed:
        return signed[move.verb].value in facts.signatures
    return (move.verb == "check" and facts.check is not None) or (move.verb == "assign_school" and facts.case.child.school_id is not None)


def _notice(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    lines = []
    if not any(visit.on >= facts.round_start for visit in facts.visits):
        lines.append("发通知书之前至少要有一次劝返记录，请先登记劝返。")
    if fields and fields.get("deadline") and fields["deadline"] < facts.on:
        lines.append("限期返校日期不能早于发出日期。")
    return lines


def _return(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    lines = []
    if facts.on < facts.round_start:
        lines.append(f"复学日期不能早于离校日期{facts.round_start:%Y-%m-%d}。")
    if fields and fields.get("class_text") and grade_of(str(fields["class_text"])) is None:
        lines.append("班级请写明年级和班，例如“三年级/1班”。")
    return lines


def _place(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    placed = facts.current_return
    if placed is None:
        return ["没有复学记录，请先登记复学。"]
    if not fields or not fields.get("placement"):
        return []
    if fields["placement"] not in Placement.values:
        return ["请选择安置方式。"]
    advice = advice_for(facts)
    if fields["placement"] != advice.placement and not (note or "").strip():
        return [f"{advice.text}；现登记为“{Placement(fields['placement']).label}”，请写明理由。"]
    return []


def advice_for(facts: CaseFacts) -> Advice:
    """The advice for the child of this case: that given at its return, or for a return on this day."""
    if facts.current_return is not None:
        step = next(step for step in reversed(facts.steps) if step.verb in ("return", "resume"))
        return Advice(step.detail["advised"], facts.current_return.advised)
    child, since = facts.case.child, facts.case.absent_since
    grade = grade_of(facts.case.class_text) or child.grade
    return advise(facts.parameters, absent_since=since, on=max(since, facts.on), grade=grade, birth=child.birth)


def _check(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    if facts.current_return is None:
        return ["没有复学记录，请先登记复学。"]
    if facts.check is not None:
        return [f"已于{facts.check.on:%Y-%m-%d}核查，不必重复。"]
    wanted, lines = facts.parameters.get(RETURN_CHECK_DAYS), []
    try:
        days = facts.school_days_back()
    except NoCalendar as reason:
        return [str(reason)]
    if days < wanted:
        lines.append(f"复学后须在校上课满{wanted}个上课日才能核查，现为第{days}个上课日。")
    if missed := facts.unexplained_since_return():
        lines.append(f"复学后有{missed}天无故缺勤没有说明，请先核实。")
    return lines


def _sign(line: Line) -> Callable[[CaseFacts, Given | None, str | None], list[str]]:
    def rule(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
        return [f"{line.label}已经签字，不必重复。"] if line.value in facts.signatures else []

    return rule


def _strike_off(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    lines, back = [], facts.current_return
    if back is None or not back.class_text:
        lines.append("缺少复学的日期和班级。")
    elif not back.placement:
        lines.append("缺少安置方式。")
    if facts.check is None:
        wanted = facts.parameters.get(RETURN_CHECK_DAYS)
        lines.append(f"缺少返校核查：复学后在校上课满{wanted}个上课日、没有无故缺勤，由核查人登记。")
    if missed := facts.unexplained_since_return():
        lines.append(f"复学后有{missed}天无故缺勤没有说明，请先核实。")
    lines += [f"缺少{line.label}签字。" for line in Line if line.value not in facts.signatures]
    signers = [sign.by_user_id for sign in facts.signatures.values() if sign.by_user_id]
    if len(signers) == 2 and len(set(signers)) == 1:
        lines.append("两条线须由不同的人签字。")
    return lines


def _leave(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    until = fields.get("until") if fields else None
    if until is None:
        return []
    months = facts.parameters.get(LEAVE_MONTHS)
    start = max(facts.on, facts.case.rests_until) if facts.case.rests_until else facts.on
    if until <= facts.on:
        return ["到期日须在批准日期之后。"]
    if until > plus_months(start, months):
        return [f"一次批准最长{months}个月，到期日最晚为{plus_months(start, months):%Y-%m-%d}。"]
    return []


def _renew(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    most = facts.parameters.get(SUSPENSION_RENEWALS)
    begun = max((n for n, step in enumerate(facts.steps) if step.verb in ("suspend", "defer")), default=0)
    renewed = sum(step.verb == "renew" for step in facts.steps[begun:])
    if facts.case.state == CaseState.SUSPENDED and renewed >= most:
        return [f"休学只能续办{most}次，已经续办{renewed}次。期满请督促返校。"]
    return _leave(facts, fields, note)


def _assign(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    school = facts.case.child.school
    return [f"本案已由{school.name}负责；转学请由接收学校确认转入。"] if school else []


def _offer(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    if fields and fields.get("school") and facts.case.child.school and fields["school"] == facts.case.child.school.code:
        return ["接收学校就是现在的学校，请核对。"]
    return []


def _transfer(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    lines = [] if facts.case.transfer_to_id else ["还没有指明接收学校，请先办理“请接收学校确认转入”。"]
    if fields and fields.get("class_text") and grade_of(str(fields["class_text"])) is None:
        lines.append("班级请写明年级和班，例如“三年级/1班”。")
    return lines


def _over_age(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    birth, limit = facts.case.child.birth, facts.parameters.get(LEAVING_AGE)
    if birth is not None and age_on(birth, facts.on) < limit:
        return [f"按出生日期，学生还没有满{limit}周岁，仍应接受义务教育。"]
    return []


def _expire(facts: CaseFacts, fields: Given | None, note: str | None) -> list[str]:
    until = facts.case.rests_until
    return [f"缓学（休学）到{until:%Y-%m-%d}才到期。"] if until and until >= facts.on else []


RULES: dict[str, Callable[[CaseFacts, Given | None, str | None], list[str]]] = {
    "notice": _notice, "return": _return, "resume": _return, "place": _place, "check": _check,
    "sign_school": _sign(Line.SCHOOL), "sign_government": _sign(Line.GOVERNMENT), "strike_off": _strike_off,
    "defer": _leave, "suspend": _leave, "renew": _renew, "assign_school": _assign, "offer_transfer": _offer,
    "transfer": _transfer, "record_over_age": _over_age, "expire": _expire,
}  # fmt: skip
