"""四查三比对: exact sets, nothing made up where a list is missing, names only as a suggestion, decisions that last."""
import json
import random

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from dropout import matching
from dropout.matching import KINDS, Lists, compare, is_similar
from dropout.models import Case, Child, FindingState, MatchFinding, MatchRun
from dropout.services.matching import clear_finding, findings_of, newest_run, open_suspected, order_matching, rows_of
from jobs.models import Job
from jobs.runner import drain
from schools.models import School
from tests.factories import OPERATOR, TownshipFactory
from tests.ledgers.fields.children import aid, child_id, listed, pupil
from tests.ledgers.fields.test_children_filed import JUNIOR, SUNNY, cast, file  # noqa: F401  (fixtures)

YEAR = 2025
NAMES = (*matching.LISTS,)
keys = st.frozensets(st.sampled_from([f"k{n}" for n in range(14)]))


# --- the sets -----------------------------------------------------------------------------------------------------------
@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), keys), st.data())
def test_every_answer_is_the_set_a_child_by_child_question_gives(members, data):
    more = {name: own | data.draw(keys, name) for name, own in members.items()}
    school_of = {key: data.draw(st.integers(1, 3), key) for key in sorted(set().union(*more.values()))} if more else {}
    filed = {name: data.draw(st.frozensets(st.integers(1, 3)), name) for name in ("present", "aid") if name in members}
    towns = {name: data.draw(st.one_of(st.none(), st.frozensets(st.sampled_from(["甲", "乙"]))), name) for name in ("population", "household") if name in members}
    town_of = {key: data.draw(st.sampled_from(["", "甲", "乙"]), key) for key in school_of}
    found = compare(Lists(members, more, school_of, town_of, filed, towns))
    assert set(found) == set(KINDS)
    for code, kind in KINDS.items():
        if any(name not in members for name in kind.needs):
            assert found[code] is None
            continue
        expected = []
        for key in sorted(school_of):
            if not all(key in members[name] for name in kind.have) or key in more[kind.lack]:
                continue
            if kind.lack in filed and school_of[key] not in filed[kind.lack]:
                continue
            if towns.get(kind.lack) is not None and town_of[key] not in towns[kind.lack]:
                continue
            expected.append(key)
        assert found[code] == expected


def test_a_large_comparison_is_exact():
    rng = random.Random(1)
    everybody = [f"{n:032x}" for n in range(60_000)]
    members = {name: frozenset(rng.sample(everybody, 50_000)) for name in ("population", "household", "pupils", "poverty")}
    found = compare(Lists(members))
    assert found["household_no_record"] == sorted(members["household"] - members["pupils"])
    assert found["record_not_present"] is None


@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [("李小阳", "李小阳", True), ("李小阳", "李晓阳", True), ("李小阳", "李小扬", True), ("张伟", "章伟", True), ("王芳", "王丽", False), ("李小阳", "王大明", False), ("阿依古丽", "阿依古力", True),
     ("李小阳", "李阳小", True), ("李小阳", "李阳", False), ("", "李阳", False)],
)  # fmt: skip
def test_similar_names_are_of_the_same_sound_or_one_slip_apart(one, other, similar):
    assert is_similar(one, other) is similar
    assert is_similar(other, one) is similar


# --- the job ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def lists(file):  # noqa: F811
    """1 is everywhere; 3 on no roster; 5 on the roster and not present; 7 poor and without aid; 9 present without a record."""
    file("pupils", pupil(1), pupil(5, 姓名="王小明"), pupil(7, 姓名="赵小云"), pupil(11, 姓名="孙小美", 学籍状态="休学"))
    file("population", listed(1), listed(3, 姓名="钱小兰"), listed(5, 姓名="王小明"), listed(7, 姓名="赵小云"), listed(13, 姓名="周小幼", 身份证号=child_id(13, "20210312")))
    file("household", listed(1), listed(3, 姓名="钱小兰"), listed(5, 姓名="王小明"))
    file("present", listed(1), listed(7, 姓名="赵小云"), listed(9, 姓名="吴小新"))
    file("poverty", listed(3, 姓名="钱小兰"), listed(5, 姓名="王小明"), listed(7, 姓名="赵小云"))
    file("aid", aid(1))


def match(county, by=OPERATOR) -> MatchRun:
    job = order_matching(county=county, year=YEAR, by=by)
    drain()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return newest_run(county, YEAR)


def found(run, kind) -> list[str]:
    return [Child.objects.get(person_key=one.person_key).masked_name for one in MatchFinding.objects.filter(run=run, kind=kind)]


@pytest.mark.django_db
def test_children_on_one_list_and_missing_on_another_are_found_by_kind(cast, lists):  # noqa: F811
    run = match(cast.county)
    assert run.counts == {
        "household_no_record": 1, "population_no_record": 1, "record_not_present": 1, "left_roster": 0, "poverty_no_record": 1, "poverty_not_present": 1, "poverty_no_aid": 2,
        "present_no_record": 1, "record_no_population": 0, "household_no_population": 0, "population_no_household": 1,
    }  # fmt: skip
    assert found(run, "household_no_record") == ["钱**"]
    assert found(run, "record_not_present") == ["王**"]
    assert sorted(found(run, "poverty_no_aid")) == ["王**", "赵**"]
    assert found(run, "present_no_record") == ["吴**"]
    assert run.sizes == {"population": 5, "household": 3, "poverty": 3, "pupils": 4, "present": 3, "aid": 1, "left": 0}
    assert run.lacking == {"pupils": 2, "present": 2, "aid": 2}


@pytest.mark.django_db
def test_a_missing_list_is_not_compared_and_says_so(cast, file):  # noqa: F811
    file("pupils", pupil(1))
    job = order_matching(county=cast.county, year=YEAR, by=OPERATOR)
    drain()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "至少要有两份" in job.error
    file("household", listed(3))
    assert {code for code, n in match(cast.county).counts.items() if n is not None} == {"household_no_record", "left_roster"}


@pytest.mark.django_db
def test_a_list_of_one_township_lacks_nobody_who_lives_elsewhere(cast, file):  # noqa: F811
    file("pupils", pupil(1), pupil(3, 姓名="钱小兰"))
    file("pupils", pupil(5, 年级="七年级", 身份证件号=child_id(5, "20130112")), school=JUNIOR)
    School.objects.filter(pk=cast.other_school.pk).update(township=TownshipFactory(county=cast.county, name="远方乡"))
    file("population", listed(1))
    run = match(cast.county)
    assert run.counts["record_no_population"] == 1  # the pupil of 城关镇, not the one of 远方乡
    assert found(run, "record_no_population") == ["钱**"]


@pytest.mark.django_db
def test_a_pupil_whom_the_newer_roster_no_longer_names_is_found(cast, file):  # noqa: F811
    file("pupils", pupil(1), pupil(3, 姓名="钱小兰"))
    file("pupils", pupil(1))
    file("household", listed(1))
    assert found(match(cast.county), "left_roster") == ["钱**"]


@pytest.mark.django_db
def test_a_finding_becomes_a_suspected_case_once_for_all_its_kinds(cast, lists):  # noqa: F811
    run = match(cast.county)
    one = findings_of(run, "household_no_record").get()
    case = open_suspected(one, by=cast.actor(cast.officer))
    assert (case.opening, case.child.person_key, case.state) == ("matching", one.person_key, "suspected")
    assert open_suspected(one, by=cast.actor(cast.lead)).pk == case.pk
    states = set(MatchFinding.objects.filter(run=run, person_key=one.person_key).exclude(kind="population_no_household").values_list("kind", "state"))
    assert states == {("household_no_record", "case"), ("population_no_record", "case"), ("poverty_no_record", "case")}
    again = match(cast.county)
    assert findings_of(again, "population_no_record").get().case == case
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_a_word_clears_a_finding_and_lasts_while_the_lists_say_the_same(cast, lists, file):  # noqa: F811
    run = match(cast.county)
    one = findings_of(run, "household_no_record").get()
    with pytest.raises(ValueError, match="请写明核实结果"):
        clear_finding(one, note=" ", by=cast.actor(cast.officer))
    clear_finding(one, note="在外地就读，已取得学籍证明", by=cast.actor(cast.officer))
    again = findings_of(match(cast.county), "household_no_record").get()
    assert (again.state, again.note) == (FindingState.CLEARED, "在外地就读，已取得学籍证明")
    file("household", listed(1))
    match(cast.county)
    file("household", listed(1), listed(3, 姓名="钱小兰", 村="李家村"))
    assert findings_of(match(cast.county), "household_no_record").get().state == FindingState.CLEARED


@pytest.mark.django_db
def test_only_findings_of_absence_open_a_case_and_only_the_bureau_decides(cast, lists):  # noqa: F811
    run = match(cast.county)
    aided = findings_of(run, "poverty_no_aid").first()
    with pytest.raises(ValueError, match="不涉及失学辍学"):
        open_suspected(aided, by=OPERATOR)
    for who in (cast.clerk, cast.head, cast.inspector, cast.stranger):
        with pytest.raises(PermissionDenied):
            clear_finding(aided, note="已核实", by=cast.actor(who))
        with pytest.raises(PermissionDenied):
            open_suspected(findings_of(run, "household_no_record").get(), by=cast.actor(who))
        with pytest.raises(PermissionDenied):
            order_matching(county=cast.county, year=YEAR, by=cast.actor(who))
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_mistyped_number_is_suggested_by_day_of_birth_and_similar_name_and_never_stored(cast, file):  # noqa: F811
    file("pupils", pupil(1, 姓名="钱晓岚"), pupil(5, 姓名="王小明"))
    file("household", listed(3, 姓名="钱小兰"), listed(5, 姓名="王小明"))
    run = match(cast.county)
    findings = list(findings_of(run, "household_no_record"))
    (row,) = rows_of(cast.county, findings, "household_no_record", by=cast.actor(cast.officer))
    assert row.suggestions == ("钱**（向阳小学，三年级/2班）",)
    stored = json.dumps([list(MatchRun.objects.values()), list(MatchFinding.objects.values()), list(Job.objects.values("args", "result"))], default=str, ensure_ascii=False)
    logged = " ".join(str(event.__dict__) for event in AuditEvent.objects.filter(action="children.compared"))
    assert "count" in logged
    for secret in ("钱小兰", "钱晓岚", child_id(3), child_id(1)):
        assert secret not in stored
        assert secret not in logged


@pytest.mark.django_db
def test_the_job_says_counts_only_and_repeats_safely(cast, lists):  # noqa: F811
    run = match(cast.county)
    job = Job.objects.get(kind="match_lists")
    assert job.result == {"run": run.pk, "counts": run.counts}
    for _ in range(4):
        match(cast.county)
    assert MatchRun.objects.count() == 5
    assert MatchFinding.objects.values("run").distinct().count() == 3
    assert SUNNY
