"""manage.py demo: the whole county through the real pipeline, repeatable, and never beside real data."""

import json
import stat
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Q
from django.http import Http404

from accounts.models import User
from config.demo import services
from config.demo.county import THIS_YEAR
from config.demo.dropout import USUAL, present_day
from dropout.models import Case, CaseState, Head, HeadKind, MonthlyReport, Reminder, RollCall, SignOff
from funding.series import growths, series
from indicators import snapshots
from indicators.standards import STANDARDS
from ledgers.models import State, Version, VersionStep
from ledgers.services import filing_matrix, review_queue
from schools import access
from schools.factset import standing_set
from schools.models import County, School
from schools.parameters import NATIONAL
from schools.quantity import COUNTY_KEY, QUANTITIES
from teachers.models import TrainingLevel
from teachers.training import hours_by_level
from tests.demo.county import standing_demo


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    with standing_demo(django_db_blocker, tmp_path_factory.mktemp("demo"), schools=22, seed=5) as (written, summary):
        yield written, summary


@pytest.fixture
def county(demo):
    return County.objects.get(code="999901")


def run(*arguments: str) -> tuple[int, dict]:
    out, code = StringIO(), 0
    try:
        call_command("demo", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as ended:
        code = ended.code
    return code, json.loads(out.getvalue())


def actor(username: str):
    return access.actor_for_user(User.objects.get(username=username))


def test_the_summary_names_the_verdicts(demo):
    _, summary = demo
    assert summary["status"] == "done" and summary["schools"] == 22
    assert {result["standard"]: result["verdict"] for result in summary["results"]} == {
        "quality-2017": "fail",
        "basic-2012": "pass",
    }
    assert "柳林镇中心小学" in summary["results"][0]["failing_schools"]


def test_every_role_has_a_login_only_the_owner_can_read(demo):
    path = Path(settings.VAR_DIR) / "demo.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    users = {entry["username"]: entry for entry in json.loads(path.read_text())["users"]}
    assert {"county_lead", "county_officer", "school_clerk", "school_head", "inspector", "supervisor"} <= {
        u["role"] for u in users.values()
    }
    for name, entry in users.items():
        user = User.objects.get(username=name)
        assert user.is_demo and not user.must_change_password and user.check_password(entry["password"])


def test_the_results_are_complete_and_earlier_years_are_frozen(county):
    for standard in STANDARDS:
        assert snapshots.payload(snapshots.current(county, standard, THIS_YEAR))["rulesets"]["national"]["complete"]
        for year in (THIS_YEAR - 2, THIS_YEAR - 1):
            assert len(snapshots.frozen_list(county, standard, year)) == 1


def test_somebody_still_owes_a_ledger(county):
    rows = filing_matrix(county, THIS_YEAR, School.objects.filter(county=county))
    owing = {row.school.name for row in rows if row.school and any(slot.state == "none" for slot in row.slots.values())}
    assert {"石桥镇东岭教学点", "清河县职业技术学校"} <= owing


def test_one_version_is_faulty_two_wait_and_one_was_returned(county):
    newest = Version.objects.filter(filing__county=county, number__gt=1)
    assert sorted(newest.values_list("state", flat=True)) == sorted([State.FAULTY, State.SUBMITTED, State.SUBMITTED, State.RETURNED])
    assert all(version.filing.standing_id for version in newest)
    assert [filing.school.name for filing, _ in review_queue(actor("officer"))] == ["白塔镇杨庄小学"]
    assert [(filing.school.name, step) for filing, step in review_queue(actor("centre"))] == [("石桥镇西坪教学点", "中心校(乡镇)初审")]


def test_files_are_called_as_people_call_them(county):
    names = set(Version.objects.filter(filing__county=county).values_list("file_name", flat=True))
    assert "柳林镇中心小学教师花名册（2026-2027学年）.xlsx" in names and "县级教育经费表（2025年度）.xlsx" in names
    assert not [name for name in names if name.isascii()]


def test_every_step_was_done_by_the_person_whose_step_it_is(county):
    steps = VersionStep.objects.filter(version__filing__county=county, version__filing__period__start__year=THIS_YEAR)
    assert not steps.filter(on_behalf=True).exists()
    county_wide = Q(version__carrier__isnull=False) | Q(version__filing__school__isnull=True)
    submitted = steps.filter(verb="submit")
    assert set(submitted.exclude(county_wide).values_list("actor_role", flat=True)) == {"school_clerk"}
    assert set(submitted.filter(county_wide).values_list("actor_role", flat=True)) == {"county_officer"}
    assert set(steps.filter(verb="approve").values_list("actor_role", flat=True)) == {"county_officer"}


def test_the_stranger_from_the_next_county_meets_404(county):
    with pytest.raises(Http404):
        access.get_county(actor("stranger"), county.code)


def test_a_second_run_does_nothing(demo):
    before = Version.objects.count(), User.objects.count(), School.objects.count()
    assert run() == (0, {"status": "present", "county": "999901", "logins": str(Path(settings.VAR_DIR) / "demo.json")})
    assert (Version.objects.count(), User.objects.count(), School.objects.count()) == before


def test_once_more_adds_nothing_and_keeps_the_logins(demo):
    written, _ = demo
    before = Version.objects.count(), (Path(settings.VAR_DIR) / "demo.json").read_text()
    summary = services.Demo(written, lambda sentence: None).run()
    assert (summary["files"], summary["approved"]) == (0, 0)
    assert (Version.objects.count(), (Path(settings.VAR_DIR) / "demo.json").read_text()) == before


@pytest.mark.django_db
def test_it_refuses_to_stand_beside_real_data():
    County.objects.create(code="320100", name="真实县")
    code, result = run()
    assert code == 1 and "真实县" in result["error"]


@pytest.mark.django_db
def test_too_few_schools_are_wrong_usage(tmp_path):
    code, result = run("--schools", "3", "--into", str(tmp_path))
    assert code == 2 and "至少需要" in result["error"]


def test_the_further_ledgers_give_every_figure_of_exchange_training_and_money(county):
    facts = standing_set(county, THIS_YEAR)
    value = {code: QUANTITIES[code].tally(facts, NATIONAL).get(COUNTY_KEY) for code in ("exchanged_teachers", "exchanged_backbone", "teacher_pay", "graduates")}
    assert value["exchanged_teachers"] and value["exchanged_backbone"] and value["teacher_pay"] == 10_520_000
    levels = hours_by_level(facts, NATIONAL)
    assert set(levels) == set(TrainingLevel.values) and all(times and hours for times, hours in levels.values())
    told = [school_id for school_id, stage in QUANTITIES["trained_teachers"].tally(facts, NATIONAL) if stage == "primary"]
    assert len(told) >= 10
    years = series(facts)
    assert [year.year for year in years if year.amounts] == [THIS_YEAR - 1, THIS_YEAR - 2, THIS_YEAR - 3]
    missed = [growth for growth in growths(years) if not growth.met]
    assert [(g.code, g.year, g.gap, g.paid) for g in missed] == [("appropriation", 2024, 2_280_533_01, 2_700_000_00)]
    assert years[2].stated["revenue"][1] - years[2].stated["revenue"][0] == 1_200_000_00, "restated since"


def test_the_dropout_room_shows_every_state_with_its_people(county):
    cases = Case.objects.filter(county=county)
    assert cases.count() >= 25
    assert set(CaseState.values) - set(cases.values_list("state", flat=True)) <= {CaseState.OVER_AGE.value}
    assert {"teacher", "town", "village"} <= set(cases.values_list("steps__by_user__username", flat=True))
    assert SignOff.objects.filter(case__county=county, case__state=CaseState.STRUCK_OFF, void=False).count() == 2 * cases.filter(state=CaseState.STRUCK_OFF).count() > 0
    assert cases.filter(reopens__isnull=False).exists() and RollCall.objects.filter(county=county).count() >= 60
    head = MonthlyReport.objects.filter(school__name="柳林镇中心小学")
    assert head.count() == 2 and {report.filed_by for report in head} == {"柳林镇中心小学 校长"}
    assert Reminder.objects.filter(case__county=county).exists()
    names = Head.objects.filter(county=county)
    assert names.filter(kind=HeadKind.SCHOOL).count() >= 15 and names.filter(kind=HeadKind.VILLAGE).count() == 2


def test_the_demo_plays_within_its_school_year_whatever_day_it_is():
    for day, played in ((date(2026, 9, 3), USUAL), (date(2026, 12, 1), date(2026, 12, 1)), (date(2027, 8, 20), USUAL)):
        assert present_day(day) == played
