"""What the law and the county ask of single moves: evidence of a strike-off, transfers, leave, placement, leaving again."""
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.actor import Actor
from accounts.models import AuditEvent
from dropout.classes import age_on, grade_by_age, grade_of, plus_months, whole_months
from dropout.models import (
    Absence,
    AbsenceKind,
    Case,
    CaseDocument,
    CaseState,
    CaseStep,
    ChildStatus,
    DocumentKind,
    Opening,
    Placement,
    Return,
    SignOff,
)
from dropout.services.cases import CaseError, NotReady, add_paper, add_visit, move, open_case
from dropout.services.readiness import CaseFacts, advise, missing_for
from dropout.states import MOVES
from schools.parameters import NATIONAL
from schools.rules import set_local_rule
from tests.dropout.roads import DAY, MONDAY, VISIT, Road, paper
from tests.dropout.world import CLASS, MIDDLE, PDF, WANGZHUANG, XIANGYANG, D
from tests.factories import OPERATOR


def refused(road: Road, verb: str, who: str, *kinds, **fields) -> str:
    before = road.fresh().revision, CaseStep.objects.count()
    with pytest.raises(CaseError) as error:
        road.do(verb, who, *kinds, **fields)
    assert (road.fresh().revision, CaseStep.objects.count()) == before
    return str(error.value)


# Strike-off

def test_with_all_evidence_a_case_is_struck_off_and_closed(world):
    road = Road(world).struck_off()
    case = road.fresh()
    assert (case.state, case.closed_on, case.is_open) == (CaseState.STRUCK_OFF, road.day, False)
    assert [s.verb for s in case.steps.all()] == [
        "open", "suspect", "register", "visit", "notice", "return", "place", "check", "sign_school", "sign_government", "strike_off",
    ]
    assert AuditEvent.objects.filter(object=f"case/{case.number}", action="case.strike_off", county="999901").count() == 1


def test_each_piece_of_evidence_is_needed_even_from_the_operator(world):
    road = Road(world).placed()
    road.day += 9 * DAY

    def lacking(*kinds) -> str:
        with pytest.raises(NotReady) as error:
            move(case_id=road.id, verb="strike_off", revision=road.fresh().revision, by=Actor.operator(), on=road.day, documents=[paper(k) for k in kinds])
        return "".join(error.value.missing)

    words = lacking()
    assert all(part in words for part in ("返校证明", "返校核查", "教育线签字", "政府线签字"))
    road.do("check", "village", note="在班里上课。")
    assert "返校核查" not in lacking() and "教育线签字" in lacking()
    road.do("sign_school", "head")
    assert "教育线签字" not in lacking(DocumentKind.RETURN_PROOF) and "政府线签字" in lacking(DocumentKind.RETURN_PROOF)
    road.do("sign_government", "town")
    assert lacking() == "缺少返校证明的扫描件或照片。"
    Return.objects.update(class_text="")
    assert "复学的日期和班级" in lacking(DocumentKind.RETURN_PROOF)
    Return.objects.update(class_text=CLASS, placement="")
    assert "安置方式" in lacking(DocumentKind.RETURN_PROOF)
    Return.objects.update(placement=Placement.CLASS)
    Absence.objects.create(child=road.child, day=road.day - 2 * DAY, kind=AbsenceKind.UNEXPLAINED)
    assert "1天无故缺勤" in lacking(DocumentKind.RETURN_PROOF)
    Absence.objects.update(explained_on=road.day)
    assert road.do("strike_off", "lead", DocumentKind.RETURN_PROOF).fresh().state == CaseState.STRUCK_OFF


def test_a_paper_without_a_file_proves_nothing(world):
    road = Road(world).signed()
    CaseDocument.objects.create(case_id=road.id, kind=DocumentKind.RETURN_PROOF, number="1号")
    assert "返校证明" in refused(road, "strike_off", "officer")


def test_the_check_waits_for_five_school_days_or_as_many_as_the_county_says(world):
    road = Road(world).placed()  # Friday 2025-11-07 it was noticed, back on Monday
    back = Return.objects.get().on
    assert "满5个上课日" in refused(road, "check", "teacher", note="在班里上课。", on=back + 4 * DAY)
    set_local_rule(world.county, parameter="dropout.return_check_days", value="2", document="县方案", valid_from=D(2025, 9, 1), by=OPERATOR)
    assert road.do("check", "teacher", note="在班里上课。", on=back + 4 * DAY).fresh().state == CaseState.PLACED


def test_absence_without_reason_spoils_the_check(world):
    road = Road(world).placed()
    Absence.objects.create(child=road.child, day=road.day + DAY, kind=AbsenceKind.UNEXPLAINED)
    Absence.objects.create(child=road.child, day=road.day + 2 * DAY, kind=AbsenceKind.SICK)
    assert "有1天无故缺勤" in refused(road, "check", "teacher", on=road.day + 9 * DAY, note="在班里上课。")


def test_the_two_lines_are_signed_by_two_people(world):
    road = Road(world).checked().do("sign_school", "head").do("sign_government", "town")
    SignOff.objects.update(by_user=world.people["town"])
    assert "不同的人" in refused(road, "strike_off", "officer", DocumentKind.RETURN_PROOF)


def test_a_line_signs_once(world):
    road = Road(world).checked().do("sign_school", "head")
    assert "已经签字" in refused(road, "sign_school", "head", on=road.day + DAY)


# Leaving again

def test_a_relapse_voids_signatures_return_check_and_proof(world):
    road = Road(world).signed()
    add_paper(case_id=road.id, paper=paper(DocumentKind.RETURN_PROOF), by=world.actor("clerk"))
    road.do("relapse", "teacher", note="又外出打工。")
    case = road.fresh()
    assert case.state == CaseState.PERSUADING and case.child.status == ChildStatus.OUT
    assert not SignOff.objects.filter(void=False).exists() and not Return.objects.filter(void=False).exists()
    assert "至少要有一次劝返" in refused(road, "notice", "town", DocumentKind.NOTICE, deadline=road.day + DAY)
    road.do("return", "clerk", school=XIANGYANG, class_text=CLASS).do("place", "clerk", placement=Placement.CLASS)
    words = refused(road, "strike_off", "officer")
    assert all(part in words for part in ("返校证明", "返校核查", "教育线签字", "政府线签字")), "nothing of the first return counts"


def test_a_struck_off_case_is_reopened_as_a_new_linked_one_and_keeps_its_history(world):
    road = Road(world).struck_off()
    before = list(CaseStep.objects.filter(case_id=road.id).values_list("verb", "on", "by_name", "note"))
    road.do("reopen", "teacher", on=road.day + 30 * DAY, note="寒假后没有到校。")
    old, new = Case.objects.order_by("id")
    assert new.reopens == old and new.state == CaseState.SUSPECTED and new.opening == Opening.REOPENED and old.state == CaseState.STRUCK_OFF
    assert list(CaseStep.objects.filter(case=old).values_list("verb", "on", "by_name", "note"))[:-1] == before
    assert SignOff.objects.filter(case=old, void=False).count() == 2
    assert "已有未结案件" in refused(road, "reopen", "head", note="再说一次。")


def test_a_new_absence_after_a_strike_off_is_linked_by_itself(world):
    road = Road(world).struck_off()
    new = open_case(child=road.child, opening=Opening.ABSENCE, absent_since=road.day + DAY, on=road.day + DAY, by=world.actor("teacher"))
    assert new.reopens_id == road.id and new.state == CaseState.ABSENT


# Notice

def test_the_notice_needs_a_visit_and_a_deadline_ahead(world):
    road = Road(world).registered()
    words = refused(road, "notice", "town", DocumentKind.NOTICE, deadline=road.day - DAY)
    assert "至少要有一次劝返" in words and "不能早于发出日期" in words


def test_persuasion_begins_with_the_first_visit_to_a_registered_dropout(world):
    road = Road(world).visit()
    assert road.fresh().state == CaseState.ABSENT
    road.suspected().visit("village")
    assert road.fresh().state == CaseState.SUSPECTED
    assert Road(world).persuading().fresh().state == CaseState.PERSUADING


# Transfer

def test_only_the_receiving_school_closes_a_transfer_and_then_has_the_child(world):
    road = Road(world).registered()
    with pytest.raises(Http404):
        road.do("transfer", "other_head", DocumentKind.RECEIVING, class_text="七年级/2班")
    road.do("offer_transfer", "head", school=MIDDLE)
    for who in ("head", "officer", "lead", "clerk"):
        with pytest.raises(PermissionDenied):
            road.do("transfer", who, DocumentKind.RECEIVING, class_text="七年级/2班")
    assert "接收学校证明" in refused(road, "transfer", "other_clerk", class_text="七年级/2班")
    assert road.fresh().state == CaseState.REGISTERED, "until the school confirms, it stays what it was"
    road.do("transfer", "other_clerk", DocumentKind.RECEIVING, class_text="七年级/2班")
    case = road.fresh()
    assert case.state == CaseState.TRANSFERRED and case.school.code == XIANGYANG
    assert (case.child.school.code, case.child.class_text, case.child.grade, case.child.status) == (MIDDLE, "七年级/2班", 7, ChildStatus.ENROLLED)


def test_out_of_the_county_the_bureau_closes_it_with_the_receiving_schools_paper(world):
    road = Road(world).suspected()
    assert "接收学校证明" in refused(road, "transfer_away", "officer", receiving_school="邻省某小学")
    road.do("transfer_away", "officer", DocumentKind.RECEIVING, receiving_school="邻省某小学")
    assert road.fresh().state == CaseState.TRANSFERRED and road.fresh().child.status == ChildStatus.TRANSFERRED


def test_a_child_that_came_back_waits_for_no_school_any_more(world):
    road = Road(world).noticed().do("offer_transfer", "head", school=MIDDLE).do("return", "clerk", school=XIANGYANG, class_text=CLASS)
    assert road.fresh().transfer_to is None
    road.do("relapse", "teacher", note="又不来了。")
    with pytest.raises(Http404):
        road.do("transfer", "other_clerk", DocumentKind.RECEIVING, class_text="七年级/2班")


def test_a_school_does_not_offer_a_child_to_itself_nor_to_another_county(world):
    road = Road(world).suspected()
    assert "就是现在的学校" in refused(road, "offer_transfer", "head", school=XIANGYANG)
    assert "没有标识码" in refused(road, "offer_transfer", "head", school="9999020001")


def test_a_return_is_registered_at_the_own_school_or_its_points_only(world):
    road = Road(world).noticed()
    assert "接收学校确认" in refused(road, "return", "clerk", school=MIDDLE, class_text=CLASS)
    assert "年级和班" in refused(road, "return", "clerk", school=XIANGYANG, class_text="3-1")
    road.do("return", "clerk", school=WANGZHUANG, class_text="二年级/1班")
    assert road.fresh().child.school.code == WANGZHUANG and road.fresh().child.grade == 2


def test_a_child_without_a_school_is_given_one_that_answers(world):
    road = Road(world, world.child(school=None, class_text="", grade=None), opening=Opening.MATCHING)
    with pytest.raises(Http404):
        road.do("register", "head", DocumentKind.REPORT, report_number="1号", reason="work")
    road.do("assign_school", "officer", school=XIANGYANG)
    assert road.fresh().school.code == XIANGYANG
    assert "接收学校确认" in refused(road, "assign_school", "lead", school=MIDDLE)
    road.do("register", "head", DocumentKind.REPORT, report_number="1号", reason="work").visit("town")
    road.do("return", "clerk", school=XIANGYANG, class_text="一年级/1班").do("place", "clerk", placement=Placement.BY_AGE)
    assert road.fresh().state == CaseState.PLACED


# Deferral and suspension

def test_leave_lasts_a_year_at_the_most(world):
    papers = (DocumentKind.APPLICATION, DocumentKind.HOSPITAL, DocumentKind.APPROVAL)
    road = Road(world).suspected()
    latest = plus_months(road.day, 12)
    assert "最长12个月" in refused(road, "suspend", "town", *papers, until=latest + DAY)
    assert "须在批准日期之后" in refused(road, "suspend", "town", *papers, until=road.day)
    assert "医院证明" in refused(road, "suspend", "town", DocumentKind.APPLICATION, DocumentKind.APPROVAL, until=latest)
    road.do("suspend", "town", *papers, until=latest)
    assert road.fresh().rests_until == latest and road.fresh().child.status == ChildStatus.SUSPENDED


def test_a_suspension_is_renewed_once_with_fresh_papers_a_deferral_again(world):
    papers = (DocumentKind.HOSPITAL, DocumentKind.APPROVAL)
    for verb, allowed in (("suspend", False), ("defer", True)):
        road = Road(world).resting(verb, until=D(2026, 10, 30))
        assert "医院证明" in refused(road, "renew", "town", on=D(2026, 10, 20), until=D(2027, 10, 30)), "the old ones are spent"
        road.do("renew", "town", *papers, on=D(2026, 10, 20), until=D(2027, 10, 30))
        if allowed:
            road.do("renew", "officer", *papers, on=D(2027, 10, 20), until=D(2028, 10, 1))
        else:
            assert "只能续办1次" in refused(road, "renew", "officer", *papers, on=D(2027, 10, 20), until=D(2028, 10, 1))


def test_an_expired_leave_is_taken_up_by_the_clock_only_and_not_before_its_day(world):
    road = Road(world).resting(until=D(2026, 3, 2))
    clock = Actor.system("clock")
    for day, state in ((D(2026, 3, 2), CaseState.SUSPENDED), (D(2026, 3, 3), CaseState.SUSPECTED)):
        try:
            move(case_id=road.id, verb="expire", revision=road.fresh().revision, by=clock, on=day)
        except NotReady as reason:
            assert "才到期" in str(reason)
        assert road.fresh().state == state
    assert road.fresh().rests_until is None


# Ends beside the return

def test_nobody_is_over_age_before_the_birthday_that_says_so(world):
    road = Road(world, world.child(birth=D(2010, 3, 1))).suspected()
    assert "没有满16周岁" in refused(road, "record_over_age", "officer", DocumentKind.PROOF, note="核实。", on=D(2026, 2, 28))
    assert road.do("record_over_age", "officer", DocumentKind.PROOF, note="核实。", on=D(2026, 3, 1)).fresh().state == CaseState.OVER_AGE


def test_an_explained_absence_ends_the_case_and_marks_its_days(world):
    road = Road(world)
    Absence.objects.create(child=road.child, day=MONDAY, kind=AbsenceKind.UNEXPLAINED)
    road.do("explain", "teacher", note="发烧，家长中午来电。")
    absence = Absence.objects.get()
    assert road.fresh().state == CaseState.CLEARED and absence.explained_on == MONDAY and absence.explanation


# Placement

@pytest.mark.parametrize("since, on, expected", [
    (D(2025, 9, 1), D(2025, 11, 30), Placement.CLASS), (D(2025, 9, 1), D(2025, 12, 1), Placement.LOWER), (D(2025, 9, 1), D(2026, 9, 1), Placement.LOWER),
    (D(2025, 9, 1), D(2026, 9, 2), Placement.BY_AGE), (D(2025, 11, 30), D(2026, 2, 27), Placement.CLASS), (D(2025, 11, 30), D(2026, 2, 28), Placement.LOWER),
])  # fmt: skip
def test_the_length_of_the_absence_advises_the_class(since, on, expected):
    assert advise(NATIONAL, absent_since=since, on=on, grade=3, birth=D(2017, 5, 1)).placement == expected


def test_advice_by_age_names_the_grade(world):
    assert "（4年级）" in advise(NATIONAL, absent_since=D(2024, 1, 1), on=D(2026, 3, 2), grade=2, birth=D(2016, 5, 1)).text
    assert advise(NATIONAL, absent_since=D(2025, 9, 1), on=D(2025, 9, 2), grade=None, birth=None).placement == Placement.BY_AGE


def test_advice_not_followed_must_be_explained(world):
    road = Road(world).returned()
    assert "请写明理由" in refused(road, "place", "clerk", placement=Placement.VOCATIONAL)
    road.do("place", "clerk", placement=Placement.VOCATIONAL, note="年龄偏大，本人和家长愿意。")
    assert Return.objects.get().placement == Placement.VOCATIONAL and "回原班级" in Return.objects.get().advised


def test_the_page_says_beforehand_what_is_missing(world):
    road = Road(world).placed()
    lines = missing_for(CaseFacts(road.fresh(), road.day), MOVES["strike_off"])
    assert len(lines) == 4 and all(line.endswith("。") for line in lines)


@pytest.mark.parametrize("call, answer", [
    (grade_of("三年级/1班"), 3), (grade_of("三年级"), None), (grade_of("高一/2班"), 10), (whole_months(D(2025, 9, 3), D(2025, 12, 2)), 2),
    (whole_months(D(2025, 9, 3), D(2025, 12, 3)), 3), (plus_months(D(2025, 11, 30), 3), D(2026, 2, 28)), (plus_months(D(2025, 12, 31), 12), D(2026, 12, 31)),
    (age_on(D(2010, 3, 1), D(2026, 2, 28)), 15), (grade_by_age(D(2019, 8, 31), D(2025, 9, 1)), 1), (grade_by_age(D(2019, 9, 1), D(2025, 9, 1)), 1), (grade_by_age(D(2008, 1, 1), D(2025, 9, 1)), 9),
])  # fmt: skip
def test_grades_months_and_ages(call, answer):
    assert call == answer


def test_a_paper_is_added_beforehand_by_those_who_persuade(world):
    road = Road(world).suspected()
    made = add_paper(case_id=road.id, paper=paper(DocumentKind.REPORT, number="1号"), by=world.actor("teacher"))
    assert made.file.county_code == "999901"
    road.do("register", "head", report_number="1号", reason="work")
    assert CaseStep.objects.get(verb="register").detail["spent"] == [made.pk]
    with pytest.raises(CaseError, match="类型不能接收"):
        add_paper(case_id=road.id, paper=type(paper("proof"))("proof", "a.exe", PDF), by=world.actor("teacher"))
    with pytest.raises(Http404):
        add_paper(case_id=road.id, paper=paper(DocumentKind.PROOF), by=world.actor("other_teacher"))


def test_a_visit_counts_for_the_round_in_which_it_was_made(world):
    road = Road(world).checked().do("relapse", "teacher", note="又走了。")
    add_visit(case=road.fresh(), on=road.day, **VISIT, entry_key="again", by=world.actor("town"))
    road.do("notice", "town", DocumentKind.NOTICE, deadline=road.day + 5 * DAY)
    assert road.fresh().state == CaseState.NOTICED
