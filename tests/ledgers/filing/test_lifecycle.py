"""From receipt to standing facts: one straight way, each verb compared with what the actor saw."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actor import Actor
from accounts.models import AuditEvent, Notice
from files import store
from jobs.models import Job
from jobs.runner import run_job
from ledgers.models import Filing, State, Version, WorkflowStep
from ledgers.services import (
    BadRequest,
    FilingLocked,
    StaleVersion,
    Unexplained,
    WrongState,
    act,
    approve_version,
    confirm_version,
    explain_doubts,
    lock_filing_for_changes,
    receive,
    request_unlock,
    return_version,
    submit_version,
    take_back,
    unlock_filing,
    withdraw_version,
)
from schools.models import Dataset, DatasetState, SchoolClass

from .conftest import ROWS, YEAR, county_workbook, workbook

pytestmark = pytest.mark.django_db
OPERATOR = Actor.operator()
FEWER = [["一年级", "1班", 39], ["二年级", "1班", 38]]


def at(version: Version) -> dict:
    return {"filing_id": version.filing_id, "number": version.number}


def standing(school) -> list[int]:
    return sorted(
        SchoolClass.objects.filter(dataset__school=school, dataset__state=DatasetState.STANDING).values_list(
            "pupils", flat=True
        )
    )


def test_a_file_is_acknowledged_before_it_is_checked(cast, send):
    data = workbook()
    version = send(data, check=False)
    assert version.state == State.RECEIVED
    assert version.receipt.startswith("999901-")
    assert store.read(version.file) == data
    assert Job.objects.get(pk=version.job_id).state == "waiting"


def test_a_clean_file_is_staged_and_changes_nothing_yet(cast, send):
    version = send()
    assert (version.state, version.status) == (State.CHECKED, "clean"), version.problems
    assert (version.rows_read, version.accepted, version.refused, version.skipped) == (3, 3, 0, 0)
    assert version.dataset.state == DatasetState.STAGED
    assert standing(cast.school) == []


def test_the_row_map_leads_back_to_the_cells(cast, send):
    dataset = send().dataset
    columns = dataset.row_map["targets"]["schools.SchoolClass"]["column"]
    assert dataset.row_map["sheets"] == ["班级情况"]
    assert columns["pupils"] == "C"
    assert sorted(SchoolClass.objects.filter(dataset=dataset).values_list("row", flat=True)) == [2, 3, 4]


def test_submission_and_approval_make_the_rows_stand(cast, send):
    version = send(by=cast.actor(cast.clerk))
    before = cast.county.data_version
    submit_version(**at(version), by=cast.actor(cast.clerk))
    approved = approve_version(**at(version), by=cast.actor(cast.officer))
    cast.county.refresh_from_db()
    filing = Filing.objects.get(pk=version.filing_id)
    assert approved.state == State.APPROVED
    assert (filing.standing_id, filing.open_id) == (version.pk, None)
    assert standing(cast.school) == [38, 40, 41]
    assert cast.county.data_version == before + 1
    assert [step.verb for step in approved.steps.all()] == ["receive", "check", "submit", "approve"]
    assert Job.objects.filter(kind="compute_snapshots", key=f"999901/{YEAR}").exists()
    assert AuditEvent.objects.filter(action="version.approved", username="officer", county="999901").count() == 1


def test_a_double_click_is_one_record(cast, send):
    data = workbook()
    first, second = send(data, check=False), send(data, check=False)
    assert first.pk == second.pk
    assert Version.objects.count() == 1
    assert Job.objects.filter(kind="check_version").count() == 1


def test_the_approved_file_sent_again_is_the_same_record(cast, send, approve):
    data = workbook()
    approved = approve(send(data))
    assert send(data).pk == approved.pk
    assert Filing.objects.get(pk=approved.filing_id).open_id is None


def test_a_faulty_file_sent_again_is_checked_again(cast, send):
    data = workbook([["一年级", "1班", "四十人左右"]])
    first = send(data)
    again = send(data)
    assert (first.pk, first.state) == (again.pk, State.FAULTY)
    assert again.steps.filter(verb="receive").count() == 2


def test_a_faulty_file_brings_no_facts_and_cannot_be_submitted(cast, send):
    version = send(workbook([*ROWS, ["三年级", "1班", "很多"]]))
    assert version.state == State.FAULTY
    assert version.dataset is None
    problem = next(p for p in version.problems if p["level"] == "error")
    assert (problem["row"], problem["cell"]) == (5, "C5")
    with pytest.raises(WrongState):
        submit_version(**at(version), by=OPERATOR)


def test_a_file_that_is_no_workbook_is_refused_and_stays_in_the_history(cast, send):
    version = send(b"%PDF-1.7 not a workbook", name="通知.xlsx")
    assert (version.state, version.status) == (State.REFUSED, "refused")
    assert version.problems[0]["code"] == "not-a-workbook"
    assert store.read(version.file).startswith(b"%PDF")
    assert Filing.objects.get(pk=version.filing_id).open_id is None


def test_a_new_file_replaces_the_one_still_on_its_way(cast, send):
    first, second = send(), send(workbook(FEWER))
    first.refresh_from_db()
    assert (first.state, first.dataset, second.number) == (State.SUPERSEDED, None, 2)
    assert Dataset.objects.filter(state=DatasetState.STAGED).count() == 1


def test_approving_an_outdated_version_is_refused(cast, send):
    first = send()
    second = send(workbook(FEWER))
    submit_version(**at(second), by=OPERATOR)
    with pytest.raises(StaleVersion) as refusal:
        approve_version(**at(first), by=cast.actor(cast.officer))
    assert refusal.value.status == 409
    assert "第 2 版" in str(refusal.value)
    assert standing(cast.school) == []


def test_what_the_offices_have_in_hand_is_not_replaced(cast, send):
    version = send()
    submit_version(**at(version), by=OPERATOR)
    with pytest.raises(WrongState, match="正在审核"):
        send(workbook(FEWER))


def test_no_step_is_skipped(cast, send):
    version = send()
    with pytest.raises(WrongState):
        approve_version(**at(version), by=cast.actor(cast.officer))
    with pytest.raises(WrongState):
        confirm_version(**at(version), by=cast.actor(cast.head))


def test_the_steps_are_data_of_the_county(cast, send):
    WorkflowStep.objects.create(county=cast.county, school_kind="", step="head")
    WorkflowStep.objects.create(county=cast.county, school_kind="point", step="township")
    version = send()
    submit_version(**at(version), by=OPERATOR)
    with pytest.raises(WrongState):
        approve_version(**at(version), by=cast.actor(cast.officer))
    assert confirm_version(**at(version), by=cast.actor(cast.head)).state == State.HEAD_CONFIRMED
    assert approve_version(**at(version), by=cast.actor(cast.officer)).state == State.APPROVED


def test_only_those_with_the_right_may_do_a_step(cast, send):
    version = send()
    with pytest.raises(PermissionDenied):
        submit_version(**at(version), by=cast.actor(cast.inspector))
    submit_version(**at(version), by=cast.actor(cast.clerk))
    for person in (cast.clerk, cast.head, cast.stranger):
        with pytest.raises(PermissionDenied):
            approve_version(**at(version), by=cast.actor(person))


def test_a_clerk_cannot_file_for_another_school(cast, send):
    with pytest.raises(PermissionDenied):
        send(school=cast.other_school, by=cast.actor(cast.clerk))


def test_a_code_of_another_school_in_the_sheet_is_an_error(cast, send):
    version = send(county_workbook(cast.other_school), by=cast.actor(cast.clerk))
    assert version.state == State.FAULTY
    assert "other-school" in {problem["code"] for problem in version.problems}


def test_a_return_says_why_and_where(cast, send):
    version = send(by=cast.actor(cast.clerk))
    submit_version(**at(version), by=OPERATOR)
    with pytest.raises(BadRequest):
        return_version(**at(version), reason=" ", by=cast.actor(cast.officer))
    cells = [{"sheet": "班级情况", "cell": "C2", "reason": "与学籍不符"}]
    version = return_version(**at(version), reason="学生数与学籍不符", cells=cells, by=cast.actor(cast.officer))
    assert (version.state, version.returned_reason, version.returned_cells) == (
        State.RETURNED,
        "学生数与学籍不符",
        cells,
    )
    assert Notice.objects.filter(user=cast.clerk, text__contains="退回").exists()
    assert send(workbook(FEWER)).number == 2


def test_a_change_outside_the_returned_cells_needs_the_word_of_both(cast, send):
    version = send()
    submit_version(**at(version), by=OPERATOR)
    return_version(**at(version), reason="改 C2", cells=[{"sheet": "班级情况", "cell": "C2", "reason": ""}], by=cast.actor(cast.officer))
    mended = send(workbook([["一年级", "1班", 39], ["一年级", "2班", 41], ["二年级", "1班", 38]]))
    assert mended.changed_outside == []
    more = send(workbook([["一年级", "1班", 39], ["一年级", "2班", 45], ["二年级", "1班", 38]]))
    assert [(c["cell"], c["old"], c["new"]) for c in more.changed_outside] == [("C3", "41", "45")]
    with pytest.raises(Unexplained):
        submit_version(**at(more), by=cast.actor(cast.clerk))
    submit_version(**at(more), by=cast.actor(cast.clerk), note="转入 4 人")
    with pytest.raises(Unexplained):
        approve_version(**at(more), by=cast.actor(cast.officer))
    assert approve_version(**at(more), by=cast.actor(cast.officer), note="已核对学籍").state == State.APPROVED


def test_the_school_takes_a_submitted_version_back(cast, send):
    version = send()
    submit_version(**at(version), by=OPERATOR)
    assert take_back(**at(version), by=cast.actor(cast.clerk)).state == State.CHECKED


def test_replaced_then_withdrawn_the_earlier_facts_stand_again(cast, send, approve):
    first = approve(send())
    second = approve(send(workbook(FEWER)))
    first.refresh_from_db()
    assert (first.state, standing(cast.school)) == (State.SUPERSEDED, [38, 39])
    fresh = withdraw_version(**at(second), reason="错报", by=cast.actor(cast.lead))
    second.refresh_from_db()
    assert (fresh.number, fresh.withdrawn_of_id, fresh.restores_id, fresh.state) == (
        3,
        second.pk,
        first.pk,
        State.APPROVED,
    )
    assert second.state == State.SUPERSEDED
    assert standing(cast.school) == [38, 40, 41]
    # The withdrawn rows are still there for whoever froze a snapshot on them.
    assert SchoolClass.objects.filter(dataset=second.dataset).count() == 2
    assert Filing.objects.get(pk=first.filing_id).standing_id == fresh.pk


def test_with_nothing_before_it_a_withdrawal_lets_nothing_stand(cast, send, approve):
    version = approve(send())
    fresh = withdraw_version(**at(version), by=cast.actor(cast.lead))
    filing = Filing.objects.get(pk=version.filing_id)
    assert (fresh.dataset, filing.standing, filing.open) == (None, None, None)
    assert standing(cast.school) == []
    assert send().number == 3  # the same file starts anew


def test_withdrawing_twice_goes_back_to_the_beginning(cast, send, approve):
    approve(send())
    second = approve(send(workbook(FEWER)))
    third = withdraw_version(**at(second), by=cast.actor(cast.lead))
    withdraw_version(**at(third), by=cast.actor(cast.lead))
    assert standing(cast.school) == []


def test_only_the_county_withdraws_approved_facts(cast, send, approve):
    version = approve(send())
    with pytest.raises(PermissionDenied):
        withdraw_version(**at(version), by=cast.actor(cast.clerk))
    with pytest.raises(PermissionDenied):
        act("withdraw", filing=version.filing, number=version.number, by=cast.actor(cast.clerk))


def test_a_locked_filing_changes_by_no_path(cast, send, approve):
    version = approve(send())
    lock_filing_for_changes(filing_id=version.filing_id, by=cast.actor(cast.lead))
    with pytest.raises(FilingLocked):
        send(workbook(FEWER))
    with pytest.raises(FilingLocked):
        withdraw_version(**at(version), by=cast.actor(cast.lead))
    request_unlock(filing_id=version.filing_id, reason="漏报一个班", by=cast.actor(cast.clerk))
    assert Filing.objects.get(pk=version.filing_id).unlock_requested
    unlock_filing(filing_id=version.filing_id, by=cast.actor(cast.lead))
    assert send(workbook(FEWER)).state == State.CHECKED


def doubtful() -> bytes:
    return workbook([["一年级", "1班", 40], ["一年级", "2班", 41], ["", "合计", 90]])


def test_doubts_are_explained_before_submission_and_only_once(cast, send):
    version = send(doubtful())
    assert (version.state, version.status) == (State.CHECKED, "doubts"), version.problems
    with pytest.raises(Unexplained):
        submit_version(**at(version), by=OPERATOR)
    with pytest.raises(BadRequest):
        explain_doubts(**at(version), texts={"unknown": "x"}, by=OPERATOR)
    texts = {group["key"]: "合计含借读生" for group in version.unexplained}
    version = explain_doubts(**at(version), texts=texts, by=cast.actor(cast.clerk))
    assert version.unexplained == []
    again = send(workbook([["一年级", "1班", 40], ["一年级", "2班", 41], ["", "合计", 90], ["", "填表人：李四", ""]]))
    assert again.number == 2
    assert again.unexplained == [], "the same doubt about the same values was asked twice"


def test_a_county_workbook_becomes_one_version_per_school(cast, send):
    carrier = send(county_workbook(cast.school, cast.other_school, rows=ROWS), school=None)
    assert carrier.state == State.CHECKED, carrier.problems
    parts = list(carrier.parts.order_by("filing__school__code"))
    assert [part.filing.school.code for part in parts] == ["9999010001", "9999010003"]
    assert {part.file_id for part in parts} == {carrier.file_id}
    assert (carrier.rows_read, [part.rows_read for part in parts]) == (6, [3, 3])
    act("submit", filing=carrier.filing, number=carrier.number, by=cast.actor(cast.officer))
    act("approve", filing=carrier.filing, number=carrier.number, by=cast.actor(cast.officer))
    assert standing(cast.school) == standing(cast.other_school) == [38, 40, 41]


def test_an_unknown_school_in_a_county_workbook_stages_nothing(cast, send):
    cast.other_school.code, cast.other_school.name = "9999019999", "没有的学校"
    carrier = send(county_workbook(cast.school, cast.other_school), school=None)
    assert carrier.state == State.FAULTY
    assert "unknown-school" in {problem["code"] for problem in carrier.problems}
    assert not carrier.parts.exists()
    assert not Dataset.objects.exists()


def test_a_check_run_twice_gives_the_same_record(cast, send):
    version = send()
    dataset = version.dataset_id
    job = Job.objects.get(pk=version.job_id)
    Job.objects.filter(pk=job.pk).update(state="waiting", token="", lease_until=None)
    run_job(job.pk)
    version.refresh_from_db()
    assert (version.state, version.dataset_id) == (State.CHECKED, dataset)
    assert Dataset.objects.count() == 1


def test_a_job_that_gave_up_releases_its_version_with_a_sentence(cast, send, monkeypatch):
    from ledgers.services import examining

    monkeypatch.setattr(examining.reading, "read_workbook", lambda *given: 1 / 0)
    version = send(check=False)
    for _ in range(3):
        Job.objects.filter(pk=version.job_id).update(lease_until="2020-01-01T00:00Z")
        run_job(version.job_id)
    version.refresh_from_db()
    assert version.state == State.REFUSED
    assert version.problems[0]["code"] == "check-failed"


def test_a_repeated_receipt_is_told(cast):
    given = {
        "county": cast.county,
        "ledger": "classes",
        "year": YEAR,
        "school": cast.school,
        "data": workbook(),
        "name": "a.xlsx",
        "by": OPERATOR,
    }
    assert [receive(**given).repeated, receive(**given).repeated] == [False, True]
