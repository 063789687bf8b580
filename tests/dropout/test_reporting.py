"""Monthly reports and the county's checks: counted from the cases, adding up, chained without a gap, said on purpose."""
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import AuditEvent
from dropout.models import DocumentKind, MonthlyReport, Opening, Placement, Return, ReviewKind, Visit
from dropout.services import counting, reporting
from dropout.services.cases import CaseError
from schools.models import School
from tests.dropout.roads import Road
from tests.dropout.world import CLASS, MIDDLE, XIANGYANG, D
from tests.factories import SchoolFactory

NOVEMBER, DECEMBER, OCTOBER = D(2025, 11, 1), D(2025, 12, 1), D(2025, 10, 1)


def file(world, month, on, by="head", school=None, **more) -> MonthlyReport:
    return reporting.file_report(school=school or world.school, month=month, on=on, by=world.actor(by), **more)


def counted(world, start, upto, school=None):
    school = school or world.school
    return counting.count_cases(world.county, start, upto).get(school.pk)


def test_every_case_is_counted_in_one_place_and_the_sums_agree(world):
    Road(world).struck_off()
    Road(world).persuading()
    Road(world).do("explain", "teacher", note="病假。")
    Road(world).resting()
    Road(world).registered().do("offer_transfer", "head", school=MIDDLE).do("transfer", "other_head", DocumentKind.RECEIVING, class_text="七年级/1班")
    Road(world, world.child(school=None, class_text=""), opening=Opening.MATCHING)
    found = counted(world, NOVEMBER, D(2025, 11, 30))
    assert {key: value for key, value in found.items() if value} == {
        "opened": 5, "registered": 3, "visits": 2, "returned": 1, "suspended": 1, "struck_off": 1, "explained": 1, "transferred": 1,
        "open_after": 2, "out": 1, "resting": 1,
    }
    assert counting.adds_up(found)
    assert counting.count_cases(world.county, NOVEMBER, D(2025, 11, 30))[None]["suspected"] == 1


def test_the_state_of_an_earlier_day_is_read_from_the_steps(world):
    Road(world).struck_off()  # suspected on the 6th, noticed on the 7th, back on the 10th, struck off on the 19th
    for upto, stock in ((D(2025, 11, 3), "absent"), (D(2025, 11, 7), "out"), (D(2025, 11, 10), "back")):
        found = counted(world, NOVEMBER, upto)
        assert found[stock] == found["open_after"] == 1 and counting.adds_up(found)
    later = counted(world, DECEMBER, D(2025, 12, 31))
    assert later is None


def test_a_point_is_reported_with_its_school(world):
    child = world.child(school=world.point)
    Road(world, child, opening=Opening.MATCHING)
    assert counted(world, NOVEMBER, D(2025, 11, 30))["opened"] == 1
    assert [s.code for s in counting.reporting_schools(world.county, NOVEMBER)] == [XIANGYANG, MIDDLE]
    with pytest.raises(CaseError, match="一并报送"):
        file(world, NOVEMBER, D(2025, 11, 28), school=School.objects.get(pk=world.point.pk))


def test_kindergartens_senior_highs_and_closed_schools_owe_nothing(world):
    for code, type_code, closed in (("9999010010", "111", None), ("9999010011", "342", None), ("9999010012", "361", None), ("9999010013", "211", D(2025, 9, 1))):
        SchoolFactory(county=world.county, code=code, type_code=type_code, closed_on=closed)
    assert len(counting.reporting_schools(world.county, NOVEMBER)) == 2


def test_a_report_is_the_heads_and_a_zero_report_is_said_on_purpose(world):
    with pytest.raises(CaseError, match="勾选“零报告”"):
        file(world, NOVEMBER, D(2025, 11, 28))
    made = file(world, NOVEMBER, D(2025, 11, 28), zero=True)
    assert made.zero_report and made.counts["upto"] == "2025-11-28" and AuditEvent.objects.filter(action="dropout_report.filed").count() == 1
    Road(world, day=D(2025, 12, 1))
    with pytest.raises(CaseError, match="不能作零报告"):
        file(world, DECEMBER, D(2025, 12, 26), zero=True)
    assert file(world, DECEMBER, D(2025, 12, 26)).counts["opened"] == 1


@pytest.mark.parametrize("who, answer", [("clerk", PermissionDenied), ("teacher", PermissionDenied), ("town", PermissionDenied), ("officer", PermissionDenied),
                                         ("other_head", Http404), ("stranger", Http404)])  # fmt: skip
def test_nobody_else_files_it(world, who, answer):
    with pytest.raises(answer):
        file(world, NOVEMBER, D(2025, 11, 28), by=who, zero=True)


def test_reports_follow_one_another_without_a_gap(world):
    road = Road(world)
    first = file(world, NOVEMBER, D(2025, 11, 25))
    road.do("suspect", "head", on=D(2025, 11, 27))
    Road(world, day=D(2025, 11, 28))
    second = file(world, DECEMBER, D(2025, 12, 26))
    assert (first.counts["open_after"], second.counts["open_before"], second.counts["from"]) == (1, 1, "2025-11-26")
    assert second.counts["opened"] == 1, "what happened after the first report is in the second"


def test_filed_again_it_is_the_next_number_over_the_same_days(world):
    Road(world)
    file(world, NOVEMBER, D(2025, 11, 26))
    again = file(world, NOVEMBER, D(2025, 12, 3))
    assert again.number == 2 and (again.counts["from"], again.counts["upto"]) == ("2025-11-01", "2025-11-30")
    file(world, DECEMBER, D(2025, 12, 26))
    third = file(world, NOVEMBER, D(2025, 12, 27))
    assert (third.counts["from"], third.counts["upto"]) == ("2025-11-01", "2025-11-26"), "a later report stands on the first one's end"


@pytest.mark.parametrize("month, on, sentence", [
    (NOVEMBER, D(2025, 11, 20), "11月21日起"), (D(2026, 8, 1), D(2026, 8, 28), "没有上课日"),
])  # fmt: skip
def test_a_month_is_told_when_it_can_be(world, month, on, sentence):
    with pytest.raises(CaseError, match=sentence):
        file(world, month, on, zero=True)


def test_a_month_left_out_is_part_of_the_next_and_not_told_afterwards(world):
    Road(world, day=D(2025, 10, 14))
    made = file(world, NOVEMBER, D(2025, 11, 28))
    assert made.counts["open_before"] == 1
    with pytest.raises(CaseError, match="其中已包含"):
        file(world, OCTOBER, D(2025, 11, 29))
    assert [line.covered for line in reporting.month_lines(world.county, OCTOBER)] == [True, False]


def test_what_was_entered_late_shows_as_a_difference(world):
    road = Road(world)
    file(world, NOVEMBER, D(2025, 11, 28))
    assert reporting.month_lines(world.county, NOVEMBER)[0].differs == []
    road.do("suspect", "head", on=D(2025, 11, 20))
    assert set(reporting.month_lines(world.county, NOVEMBER)[0].differs) == {"absent", "suspected"}


def test_the_county_confirms_its_check_after_the_quarter_with_words(world):
    Road(world).struck_off()
    start, end = reporting.quarter_of(D(2025, 11, 11))
    assert (start, end) == (D(2025, 10, 1), D(2025, 12, 31))
    given = {"county": world.county, "kind": ReviewKind.QUARTER, "start": start, "end": end, "by": world.actor("officer")}
    with pytest.raises(CaseError, match="以后才能确认"):
        reporting.file_review(on=D(2025, 12, 30), note="已核查。", **given)
    with pytest.raises(CaseError, match="写明核查了什么"):
        reporting.file_review(on=end, note=" ", **given)
    made = reporting.file_review(on=end, note="抽查5校，台账与学籍一致。", **given)
    assert made.counts["struck_off"] == 1 and reporting.file_review(on=end, note="补充。", **given).number == 2
    for who, answer in (("head", PermissionDenied), ("town", PermissionDenied), ("inspector", PermissionDenied), ("stranger", Http404)):
        with pytest.raises(answer):
            reporting.file_review(on=end, note="好。", **{**given, "by": world.actor(who)})


def test_causes_and_placements_of_a_year(world):
    Road(world).placed()
    Road(world).registered()
    causes, placements = counting.breakdowns(world.county, D(2025, 9, 1), D(2026, 8, 31))
    assert causes == ("辍学原因", [("厌学或学习困难", 2)]) and placements == ("复学安置", [(Placement.CLASS.label, 1)])
    assert Return.objects.get().class_text == CLASS and Visit.objects.count() == 1


def whole(world, month, on, by="officer", note="") -> MonthlyReport:
    return reporting.file_whole(county=world.county, month=month, on=on, note=note, by=world.actor(by))


def test_the_county_confirms_its_month_and_names_who_did_not_report(world):
    Road(world)
    Road(world, world.child(school=None, class_text=""), opening=Opening.MATCHING)
    file(world, NOVEMBER, D(2025, 11, 27))
    with pytest.raises(CaseError, match="11月28日"):
        whole(world, NOVEMBER, D(2025, 11, 27))
    with pytest.raises(CaseError, match="还有1所学校没有报送"):
        whole(world, NOVEMBER, D(2025, 11, 28))
    made = whole(world, NOVEMBER, D(2025, 11, 28), note="城关中学校长出差，已电话核实无案件。")
    assert (made.school, made.number, made.counts["opened"], made.counts["lacking"]) == (None, 1, 2, [MIDDLE])
    assert made.counts["opened"] == file(world, NOVEMBER, D(2025, 11, 28)).counts["opened"] + 1, "with the child of no school"
    assert whole(world, NOVEMBER, D(2025, 12, 1), note="更正。").number == 2


def test_the_countys_months_follow_one_another_without_a_gap(world):
    road = Road(world)
    first = whole(world, NOVEMBER, D(2025, 11, 28), note="学校未报。")
    road.do("explain", "teacher", on=D(2025, 11, 30), note="病假。")
    second = whole(world, DECEMBER, D(2025, 12, 31), note="学校未报。")
    assert (second.counts["from"], second.counts["open_before"], second.counts["open_after"]) == ("2025-11-29", first.counts["open_after"], 0)
    with pytest.raises(CaseError, match="其中已包含"):
        whole(world, OCTOBER, D(2025, 12, 31), note="补。")


@pytest.mark.parametrize("who, answer", [("head", PermissionDenied), ("town", PermissionDenied), ("inspector", PermissionDenied), ("stranger", Http404)])
def test_only_the_bureau_confirms_the_countys_month(world, who, answer):
    with pytest.raises(answer):
        whole(world, NOVEMBER, D(2025, 11, 28), by=who, note="好。")
