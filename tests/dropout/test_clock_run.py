"""The clock of a county: what it does by itself, whom it reminds, and that running again adds nothing."""
import pytest

from accounts.models import Notice
from dropout import tasks
from dropout.models import Absence, Case, CaseState, DocumentKind, HeadKind, Reminder, ReportReminder
from dropout.services import clock
from dropout.services.attendance import report_absences
from dropout.services.cases import add_visit
from dropout.services.heads import assign_head
from dropout.services.reporting import file_whole
from jobs.models import Job
from jobs.runner import drain
from schools.models import Calendar
from tests.dropout.roads import DAY, MONDAY, VISIT, Road
from tests.dropout.world import CLASS, MIDDLE, VILLAGE, D
from tests.factories import OPERATOR

SATURDAY = D(2025, 11, 8)


def run(world, day) -> dict:
    return clock.run_clock(world.county, day)


def ids(world, *names) -> list[int]:
    return sorted(world.people[name].pk for name in names)


def reminded(step: str, level: int = 0) -> list[int]:
    return sorted(Reminder.objects.get(step=step, level=level).users)


def absent(world, child, *days, by="teacher"):
    for day in days:
        report_absences(school=world.school, class_text=CLASS, day=day, absences={child.pk: "unexplained"}, by=world.actor(by))


def test_the_first_day_goes_to_the_teacher_the_second_to_the_school_the_third_to_the_bureau(world):
    absent(world, world.child(), MONDAY)
    run(world, MONDAY)
    assert sorted(Reminder.objects.values_list("step", "level")) == [("call", 0), ("home_visit", 0)]
    assert reminded("call") == ids(world, "teacher")
    run(world, MONDAY + DAY)
    assert reminded("call", 1) == reminded("contact") == ids(world, "clerk", "head")
    run(world, MONDAY + 2 * DAY)
    assert reminded("call", 2) == ids(world, "lead", "officer") and reminded("joint_visit") == ids(world, "village")
    run(world, MONDAY + 3 * DAY)
    assert reminded("joint_visit", 1) == ids(world, "town") and reminded("report") == ids(world, "clerk", "head")


def test_a_named_head_with_a_login_is_reached_first(world):
    for kind, who, place in (
        (HeadKind.SCHOOL, "head", {"school": world.school}), (HeadKind.VILLAGE, "town", {"township": world.town, "village": VILLAGE}),
    ):  # fmt: skip
        assign_head(county=world.county, kind=kind, name=f"{who}本人", user=world.people[who], since=D(2025, 9, 1), by=OPERATOR, **place)
    absent(world, world.child(), MONDAY)
    run(world, MONDAY + 2 * DAY)
    assert reminded("contact") == ids(world, "head") and Reminder.objects.get(step="contact", level=0).head_name == "head本人"
    assert reminded("joint_visit") == ids(world, "town")


def test_where_nobody_can_be_reached_the_next_one_up_is(world):
    for name in ("village", "town"):
        world.people[name].is_active = False
        world.people[name].save()
    absent(world, world.child(), MONDAY)
    run(world, MONDAY + 2 * DAY)
    assert reminded("joint_visit") == ids(world, "lead", "officer")


def test_notices_carry_numbers_and_no_name(world):
    child = world.child("欧阳小花")
    absent(world, child, MONDAY)
    run(world, MONDAY + DAY)
    texts = list(Notice.objects.values_list("text", "url"))
    assert texts and all("2025-0001" in text and url == "/dropout/999901/cases/2025-0001/" for text, url in texts)
    assert not any(word in text + url for text, url in texts for word in ("欧", "小花", child.masked_name, "大山"))


def test_running_twice_or_on_several_hours_doubles_nothing(world):
    absent(world, world.child(), MONDAY)
    for _ in range(3):
        run(world, MONDAY + 2 * DAY)
    before = Reminder.objects.count(), Notice.objects.count()
    Notice.objects.update(read_at="2025-11-05T00:00Z")
    run(world, MONDAY + 2 * DAY)
    assert (Reminder.objects.count(), Notice.objects.count()) == before


def test_after_days_of_standing_still_every_level_that_was_reached_is_made_up(world):
    absent(world, world.child(), MONDAY)
    run(world, MONDAY + 4 * DAY)
    assert sorted(Reminder.objects.filter(step="joint_visit").values_list("level", flat=True)) == [0, 1, 2]
    assert sorted(Reminder.objects.filter(step="call").values_list("level", flat=True)) == [0, 1, 2]


def test_it_is_silent_on_weekends_and_in_the_holidays_and_runs_on_makeup_days(world):
    absent(world, world.child(), D(2025, 9, 26))  # Friday; Sunday 28 is made up
    assert run(world, D(2025, 9, 27)) == {"school_day": False}
    assert run(world, D(2025, 9, 28))["reminders"] > 0
    count = Reminder.objects.count()
    for day in (D(2025, 10, 1), D(2025, 10, 5), D(2025, 10, 8)):
        assert run(world, day) == {"school_day": False}
    assert Reminder.objects.count() == count


def test_a_done_step_reminds_nobody_and_closes_what_was_sent(world):
    absent(world, world.child(), MONDAY)
    run(world, MONDAY)
    add_visit(case=Case.objects.get(), on=MONDAY, **VISIT, entry_key="k", by=world.actor("teacher"))
    assert run(world, MONDAY + DAY)["finished"] == 2
    assert set(Reminder.objects.values_list("step", "done_on")) == {("call", MONDAY), ("home_visit", MONDAY)}
    run(world, MONDAY + 2 * DAY)
    assert set(Reminder.objects.filter(done_on__isnull=True).values_list("step", flat=True)) == {"joint_visit"}


def test_three_days_without_a_reason_become_suspected(world):
    child = world.child()
    absent(world, child, MONDAY, MONDAY + DAY)
    assert run(world, MONDAY + DAY)["suspected"] == 0
    assert run(world, MONDAY + 2 * DAY)["suspected"] == 0, "in the morning nobody knows of the third day"
    absent(world, child, MONDAY + 2 * DAY)
    assert run(world, MONDAY + 2 * DAY)["suspected"] == 1
    assert Case.objects.get().state == CaseState.SUSPECTED and Case.objects.get().steps.last().by_role == "system"


def test_a_teacher_who_never_calls_the_roll_again_does_not_stop_the_clock(world):
    absent(world, world.child(), MONDAY)
    assert run(world, MONDAY + 3 * DAY)["suspected"] == 1


def test_three_days_that_no_roll_made_a_case_of_are_found(world):
    child = world.child()
    for number in (0, 2, 4):
        Absence.objects.create(child=child, day=MONDAY + number * DAY, kind="unexplained")
    assert run(world, MONDAY + 4 * DAY)["opened"] == 1
    case = Case.objects.get()
    assert (case.state, case.absent_since, case.opened_on) == (CaseState.SUSPECTED, MONDAY, MONDAY + 4 * DAY)
    assert run(world, MONDAY + 4 * DAY)["opened"] == 0


def test_days_a_closed_case_already_knew_of_do_not_open_another(world):
    road = Road(world).do("come_back", "teacher", on=MONDAY + 2 * DAY)
    for number in range(3):
        Absence.objects.create(child=road.child, day=MONDAY + number * DAY, kind="unexplained")
    assert run(world, MONDAY + 3 * DAY)["opened"] == 0


def test_an_expired_leave_becomes_suspected_on_the_next_school_day_and_starts_a_new_round(world):
    road = Road(world).resting(until=D(2025, 11, 21))
    assert run(world, D(2025, 11, 21))["expired"] == 0
    assert run(world, D(2025, 11, 24))["expired"] == 1
    assert road.fresh().state == CaseState.SUSPECTED and Reminder.objects.filter(round=2, step="call").exists()


def test_a_returned_child_missing_for_three_days_has_left_again(world):
    road = Road(world).placed()
    for number in (1, 2, 3):
        Absence.objects.create(child=road.child, day=road.day + number * DAY, kind="unexplained")
        done = run(world, road.day + number * DAY)
        assert done["relapsed"] == (1 if number == 3 else 0)
    assert road.fresh().state == CaseState.PERSUADING


def test_without_a_calendar_the_bureau_is_told_and_nothing_is_guessed(world):
    absent(world, world.child(), MONDAY)
    Calendar.objects.all().delete()
    for _ in range(2):
        assert run(world, MONDAY + 3 * DAY) == {"calendar": False}
    assert sorted(Notice.objects.values_list("user", flat=True)) == ids(world, "lead", "officer")
    assert Case.objects.get().state == CaseState.ABSENT and not Reminder.objects.exists()


def test_a_case_older_than_the_calendars_is_counted_by_nobody_and_said(world):
    road = Road(world)
    Case.objects.filter(pk=road.id).update(absent_since=D(2024, 5, 6))
    assert run(world, MONDAY + DAY)["uncounted"] == 1 and not Reminder.objects.exists()


def test_the_jobs_run_it_once_a_county_and_day(world):
    absent(world, world.child(), MONDAY)
    Job.objects.all().delete()
    for _ in range(2):
        assert clock.start_clocks(MONDAY + DAY) == 1
    [job] = drain()
    assert job.state == "done" and job.key == "999901/2025-11-04" and job.result["reminders"] > 0
    assert clock.start_clocks(MONDAY + DAY) == 1
    assert drain()[0].result["reminders"] == 0


def test_beat_starts_todays_clocks(world):
    world.child()
    tasks.start_clocks()
    assert Job.objects.filter(kind="dropout_clock").count() == 1


def test_reports_that_do_not_come_are_asked_for_and_escalated(world):
    absent(world, world.child(), MONDAY)
    run(world, D(2025, 11, 27))
    assert not ReportReminder.objects.exists()
    run(world, D(2025, 11, 28))
    assert sorted(ReportReminder.objects.values_list("school__code", "level")) == [("9999010001", 0), ("9999010003", 0)]
    assert sorted(ReportReminder.objects.get(school=world.school).users) == ids(world, "clerk", "head")
    run(world, D(2025, 12, 1))
    assert sorted(ReportReminder.objects.get(school=world.school, level=1).users) == ids(world, "lead", "officer")
    before = ReportReminder.objects.count()
    run(world, D(2025, 12, 1))
    assert ReportReminder.objects.count() == before


def test_the_county_is_asked_for_its_month_when_the_schools_have_had_theirs(world):
    absent(world, world.child(), MONDAY)
    run(world, D(2025, 12, 2))
    assert not ReportReminder.objects.filter(step="county_month").exists()
    run(world, D(2025, 12, 3))
    row = ReportReminder.objects.get(step="county_month")
    assert row.school is None and sorted(row.users) == ids(world, "lead", "officer") and row.due_on == D(2025, 12, 3)
    assert Notice.objects.filter(text__contains="全县月报", url="/dropout/999901/months/?month=2025-11").count() == 2
    file_whole(county=world.county, month=D(2025, 11, 1), on=D(2025, 12, 3), note="学校未报，已督办。", by=world.actor("officer"))
    run(world, D(2025, 12, 4))
    row.refresh_from_db()
    assert row.done_on == D(2025, 12, 3) and not ReportReminder.objects.filter(step="county_month", level=1).exists()


def test_whom_the_receiving_school_keeps_waiting_is_its_own_head_first_then_the_bureau(world):
    road = Road(world).registered().do("offer_transfer", "head", school=MIDDLE)
    due = D(2025, 11, 20)  # ten school days after the offer of Thursday the 6th
    run(world, due - DAY)
    assert not Reminder.objects.filter(step="transfer").exists()
    run(world, due + DAY)
    assert reminded("transfer") == ids(world, "other_head", "other_clerk") and reminded("transfer", 1) == ids(world, "lead", "officer")
    told = Notice.objects.filter(user=world.people["other_head"], url="/dropout/999901/receiving/")
    assert told.count() == 1 and "确认转入" in told.get().text
    road.do("transfer", "other_head", DocumentKind.RECEIVING, on=due + DAY, class_text="七年级/1班")
    run(world, due + 4 * DAY)
    assert set(Reminder.objects.filter(step="transfer").values_list("done_on", flat=True)) == {due + DAY}


def test_a_registered_child_nobody_visits_is_asked_for_and_each_visit_closes_what_was_asked(world):
    road = Road(world).registered()  # on Thursday the 6th
    run(world, D(2025, 11, 12))
    assert not Reminder.objects.filter(step="persuade").exists()
    run(world, D(2025, 11, 14))
    assert reminded("persuade") == ids(world, "clerk", "head") and reminded("persuade", 1) == ids(world, "lead", "officer")
    road.visit("teacher", on=D(2025, 11, 14), outcome="refused")
    run(world, D(2025, 11, 17))
    assert set(Reminder.objects.filter(step="persuade").values_list("done_on", flat=True)) == {D(2025, 11, 14)}
    run(world, D(2025, 11, 21))
    again = Reminder.objects.get(step="persuade", done_on__isnull=True)
    assert (again.due_on, again.turn, again.level) == (D(2025, 11, 21), 11, 0)
    run(world, D(2025, 11, 21))
    assert Reminder.objects.filter(step="persuade").count() == 3


@pytest.mark.parametrize("day, step", [(D(2026, 1, 14), None), (D(2026, 1, 15), "quarter"), (D(2026, 3, 19), "term")])
def test_the_county_owes_its_quarterly_check_and_the_summary_of_the_term(world, day, step):
    absent(world, world.child(), MONDAY)
    run(world, day)
    found = set(ReportReminder.objects.filter(school__isnull=True).exclude(step="county_month").values_list("step", flat=True))
    assert (step in found) if step else not found
