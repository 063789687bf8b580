"""Snapshots in the database: making, keeping, freezing, the job and the declarations."""

import json

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from accounts.actor import Actor
from accounts.models import AuditEvent
from indicators import snapshots, standards
from indicators.checks import faults
from indicators.handlers import KIND
from indicators.models import FigureChange, FrozenSnapshot, Snapshot, SnapshotDataset
from indicators.standards import STANDARDS
from jobs import outbox, runner
from jobs.models import Job
from schools import datasets
from schools.factset import standing_set
from schools.models import LocalRule
from schools.parameters import ParameterSet
from schools.quantity import QUANTITIES
from tests.indicators.stored import YEAR, add_school, file_profile, national

pytestmark = pytest.mark.django_db
OPERATOR = Actor.operator()


def test_it_computes_a_passing_county_from_the_stored_facts(made):
    rules = national(made)
    assert rules["parts"]["resource"] == "pass" and made.complete and made.verdict == rules["verdict"]
    cell = rules["schools"][0]["indicators"]["Q4"]
    assert (cell["numerator"], cell["denominator"], cell["value"]) == ("90000", "20000", "4.5")
    assert rules["schools"][0]["indicators"]["Q6"]["value"] == "2000"
    assert rules["schools"][0]["township"] == "城关镇" and rules["schools"][0]["classes"] == "500"
    assert rules["schools"][0]["facts"]["outdoor_sports_area"] == "145000"


def test_the_payload_keeps_the_contract(made, county):
    content = snapshots.payload(made)
    assert {"standard", "county", "year", "fiscal_year", "data_version", "engine", "frozen", "rulesets"} <= set(content)
    assert (content["year"], content["fiscal_year"], content["frozen"]) == (2025, 2024, False)
    assert content["rulesets"]["local"] == content["rulesets"]["national"]
    rules = content["rulesets"]["national"]
    assert {
        "parameters",
        "complete",
        "missing",
        "left_out",
        "schools",
        "county",
        "composite",
        "items",
        "parts",
        "verdict",
    } <= set(rules)
    assert content["indicators"][3]["numerator"] == {
        "code": "teaching_area_net",
        "title": QUANTITIES["teaching_area_net"].title,
        "unit": "㎡",
        "note": QUANTITIES["teaching_area_net"].note,
    }
    assert content["title"] and content["document"] == "教督〔2017〕6号" and content["year_label"] == "2025-2026学年"
    county.refresh_from_db()
    assert content["data_version"] == county.data_version
    assert content["datasets"] == sorted(
        SnapshotDataset.objects.filter(snapshot=made).values_list("dataset_id", flat=True)
    )


def test_equal_facts_keep_the_current_snapshot(made, county):
    assert snapshots.compute(county, "quality-2017", YEAR).pk == made.pk
    datasets.bump(county)
    again = snapshots.compute(county, "quality-2017", YEAR)
    assert again.pk == made.pk and again.data_version == county.data_version
    assert not snapshots.is_stale(again)


def test_new_facts_replace_the_current_one_and_log_what_moved(made, county, schools):
    assert not snapshots.is_stale(made)
    file_profile(schools[0], premises={"outdoor_sports_area": 20_000_000})
    assert snapshots.is_stale(made)
    new = snapshots.compute(county, "quality-2017", YEAR)
    assert new.pk != made.pk and list(Snapshot.objects.filter(standard="quality-2017")) == [new]
    moved = FigureChange.objects.get(school="9999010001", indicator="Q5", measure="value")
    assert (moved.old, moved.new, moved.stage, moved.data_version) == ("7.5", "10.25", "primary", new.data_version)
    assert FigureChange.objects.filter(school="9999010002").count() == 0
    assert FigureChange.objects.filter(school="", indicator="Q5", measure="cv").exists()
    assert snapshots.current(county, "quality-2017", YEAR) == new


def test_a_preview_of_a_staged_dataset_writes_nothing(made, county, schools):
    staged = file_profile(schools[0], premises={"outdoor_sports_area": 100}, stand=False)
    facts = standing_set(county, YEAR).with_dataset(staged)
    rules = snapshots.evaluate_set("quality-2017", facts, ParameterSet())["national"]
    held = national(snapshots.current(county, "quality-2017", YEAR))
    assert rules["parts"]["resource"] == "fail" and held["parts"]["resource"] == "pass"
    assert Snapshot.objects.count() == 1


def test_a_missing_school_makes_the_county_incomplete_and_names_the_ledger(county, schools):
    add_school(county, "9999010003")
    made = snapshots.compute(county, "quality-2017", YEAR)
    rules = national(made)
    assert rules["parts"]["resource"] == "incomplete" and not made.complete
    assert [(m["school"], m["ledger"]) for m in rules["missing"]] == [("9999010003", "school_profile")]
    with pytest.raises(snapshots.NotFrozen, match="第3小学"):
        snapshots.freeze(made, by=OPERATOR)


def test_a_county_without_schools_is_not_frozen(county):
    with pytest.raises(snapshots.NotFrozen, match="没有纳入评估的学校"):
        snapshots.freeze(snapshots.compute(county, "quality-2017", YEAR), by=OPERATOR)


def test_a_frozen_snapshot_never_changes(made, county, schools):
    frozen = snapshots.freeze(made, by=Actor(username="lead", display_name="县教育局负责人"))
    assert frozen.pk == made.pk and frozen.is_frozen and frozen.frozen_by == "县教育局负责人"
    assert AuditEvent.objects.filter(action="snapshot.frozen", county="999901").count() == 1
    before = json.dumps(snapshots.payload(frozen), sort_keys=True)
    file_profile(schools[0], premises={"outdoor_sports_area": 20_000_000})
    current = snapshots.compute(county, "quality-2017", YEAR)
    assert current.pk != frozen.pk and not current.is_frozen
    assert json.dumps(snapshots.payload(Snapshot.objects.get(pk=frozen.pk)), sort_keys=True) == before
    for attempt in (
        frozen.save,
        frozen.delete,
        Snapshot.objects.all().delete,
        lambda: Snapshot.objects.filter(pk=frozen.pk).update(verdict="fail"),
    ):
        with pytest.raises(FrozenSnapshot, match="定版"):
            attempt()
    assert snapshots.frozen_list(county, "quality-2017", YEAR) == [frozen]
    assert snapshots.current(county, "quality-2017", YEAR) == current


def test_the_database_itself_refuses_to_update_a_frozen_snapshot(made):
    snapshots.freeze(made, by=OPERATOR)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE indicators_snapshot SET verdict = 'pass' WHERE id = %s", [made.pk])
    assert Snapshot.objects.get(pk=made.pk).verdict == made.verdict != "pass"


def test_freezing_twice_is_one_frozen_snapshot(made, county):
    first = snapshots.freeze(made, by=OPERATOR)
    assert snapshots.freeze(made, by=OPERATOR).pk == first.pk
    assert snapshots.current(county, "quality-2017", YEAR).pk == first.pk
    again = snapshots.compute(county, "quality-2017", YEAR)
    assert not again.is_frozen
    assert snapshots.freeze(again, by=OPERATOR).pk == first.pk
    assert len(snapshots.frozen_list(county, "quality-2017", YEAR)) == 1


def test_an_out_of_date_or_replaced_result_is_not_frozen(made, county, schools):
    file_profile(schools[0], premises={"outdoor_sports_area": 20_000_000})
    with pytest.raises(snapshots.NotFrozen, match="变动"):
        snapshots.freeze(made, by=OPERATOR)
    snapshots.compute(county, "quality-2017", YEAR)
    with pytest.raises(snapshots.NotFrozen, match="代替"):
        snapshots.freeze(made, by=OPERATOR)


def test_the_datasets_of_a_snapshot_cannot_be_purged(made):
    from django.db.models import ProtectedError

    dataset = made.datasets.first()
    with pytest.raises(ProtectedError):
        dataset.delete()


def test_a_local_rule_shows_beside_the_national_result_and_makes_it_stale(made, county):
    LocalRule.objects.create(
        jurisdiction="9999",
        parameter="quality-2017.Q1.threshold",
        value="primary:4.3",
        document="某省〔2025〕1号",
        valid_from="2025-09-01",
    )
    assert snapshots.is_stale(made)
    content = snapshots.payload(snapshots.compute(county, "quality-2017", YEAR))
    assert content["rulesets"]["national"]["parts"]["resource"] == "pass"
    cell = content["rulesets"]["local"]["schools"][0]["indicators"]["Q1"]
    assert cell["met"] is False and cell["threshold"] == "4.3"


def test_the_rules_of_a_school_year_are_those_of_its_last_day_or_of_today():
    import datetime as dt

    assert snapshots.rules_day(2025, dt.date(2026, 3, 1)) == dt.date(2026, 3, 1)
    assert snapshots.rules_day(2025, dt.date(2028, 3, 1)) == dt.date(2026, 8, 31)
    assert snapshots.rules_day(2025, dt.date(2025, 3, 1)) == dt.date(2025, 9, 1)


def test_every_figure_leads_to_its_cells(made):
    found = snapshots.sources(made, "national", "9999010001", "primary", "Q4")
    assert {cell.field: cell.text for cell in found["numerator"]} == {
        "teaching_area": "9500000",
        "indoor_sports_area": "500000",
    }
    assert [cell.text for cell in found["denominator"]] == ["20000"] and found["split"] is None
    with pytest.raises(LookupError):
        snapshots.sources(made, "national", "9999010001", "junior", "Q4")


def test_years_and_verdicts_list_the_newest_results(made, county, schools):
    snapshots.compute(county, "basic-2012", YEAR)
    snapshots.compute(county, "quality-2017", YEAR - 1)
    assert snapshots.years(county) == [(2025, "quality-2017"), (2025, "basic-2012"), (2024, "quality-2017")]
    newest = snapshots.verdicts([county])
    assert newest[county.pk, "quality-2017"]["year"] == 2025
    assert newest[county.pk, "quality-2017"]["verdict"] == made.verdict


def test_changed_facts_recompute_every_standard_through_the_outbox(county, schools):
    with transaction.atomic():
        outbox.announce("facts_changed", "999901/2025", county="999901")
    runner.drain([KIND])
    assert set(Snapshot.objects.values_list("standard", "year")) == {("quality-2017", 2025), ("basic-2012", 2025)}
    assert Job.objects.get(kind=KIND).state == Job.State.DONE


def test_a_changed_rule_or_register_recomputes_every_year_with_facts(county, schools):
    for topic, key in (("rule_changed", "9999"), ("register_changed", "999901")):
        with transaction.atomic():
            outbox.announce(topic, key)
    runner.drain([KIND])
    assert set(Snapshot.objects.values_list("year", flat=True)) == {2025}
    assert not Job.objects.filter(kind=KIND).exclude(state=Job.State.DONE).exists()


def test_the_job_keeps_the_fiscal_year_that_was_asked_for(county, schools):
    snapshots.compute(county, "quality-2017", YEAR, 2025)
    file_profile(schools[0], premises={"outdoor_sports_area": 20_000_000})
    with transaction.atomic():
        outbox.announce("facts_changed", "999901/2025", county="999901")
    runner.drain([KIND])
    assert snapshots.current(county, "quality-2017", YEAR).fiscal_year == 2025
    assert not snapshots.is_stale(snapshots.current(county, "quality-2017", YEAR))


# --- declarations -----------------------------------------------------------------------------------------------------


def test_the_declared_standards_name_real_quantities():
    assert list(run_checks(tags=["indicators"])) == []


def test_the_check_names_what_is_wrong_with_a_declaration():
    from dataclasses import replace

    standard = STANDARDS["quality-2017"]
    wrong = replace(standard.indicators[0], numerator="no_such", clause="", at_least={"primary": "1"}, per=10)
    split = replace(standard.indicators[3], split=False)
    messages = "\n".join(faults(replace(standard, indicators=(wrong, split)), QUANTITIES))
    for part in ("no quantity no_such", "clause", "every stage", "per 10", "split does not fit", "more indicators"):
        assert part in messages


LOCAL = [f"L{n}" for n in range(1, 6)]


def test_the_catalogue_lists_every_item_with_unit_and_clause():
    listed = standards.describe()
    assert [s["code"] for s in listed] == ["quality-2017", "basic-2012"]
    assert [i["code"] for i in listed[0]["items"]] == [
        *(f"Q{n}" for n in range(1, 8)), *(f"G{n}" for n in range(1, 16)), *(f"E{n}" for n in range(1, 10)), "S1",
        *(f"V{n}" for n in range(1, 8)), *(f"C{n}" for n in range(1, 7)), *LOCAL,
    ]
    assert [i["code"] for i in listed[1]["items"]] == [
        *(f"B{n}" for n in range(1, 9)), *(f"P{n}" for n in range(1, 11)), "P", *(f"W{n}" for n in range(1, 18)), "W", "T1", "T2", "S1", "V7",
    ]
    assert all(i["clause"] and i["part"] and i["kind"] for s in listed for i in s["items"])
    assert all(i["unit"] for s in listed for i in s["items"] if i["kind"] == "school_indicator")
