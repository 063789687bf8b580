"""The demo's children: every class as its class list has it, numbers of nobody, and the stories the pages are there to show."""
import re
from collections import Counter

import pytest

from config.demo import county as demo_county
from config.demo import layout
from config.demo.county import THIS_YEAR
from config.demo.township import build, schools_of, write_children
from dropout.models import Case, Child, MatchFinding, MatchRun
from dropout.services.rates import rates_of
from ledgers.models import Version
from schools.models import County
from tests.demo.county import standing_demo

pytestmark = pytest.mark.django_db  # so that these tests alone make the database too
SEED = 5


@pytest.fixture(scope="module")
def town():
    county = demo_county.build("999901", "清河县", layout.plan(22), seed=SEED)
    return county, build(county, SEED)


def test_every_class_has_the_pupils_boys_and_boarders_of_its_class_list(town):
    county, made = town
    for years, kids in ((THIS_YEAR, made.now), (THIS_YEAR - 1, made.before)):
        counts = Counter((kid.school, kid.grade, kid.class_number) for kid in kids if not kid.moved)
        schools = {kid.school for kid in kids}
        for school in county.years[years]:
            if school.unit.code in schools:
                assert all(counts[school.unit.code, row.grade, row.number] == row.pupils for row in school.classes), school.unit.name
    assert len(schools_of(county)) == 5


def test_every_childs_number_is_unassigned_sound_and_of_one_child_only(town):
    _, made = town
    everybody = {kid.number: kid for kid in (*made.now, *made.before, *made.unknown)}
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for number, kid in everybody.items():
        assert re.fullmatch(r"999901\d{11}[\dX]", number)
        assert "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], weights, strict=True)) % 11] == number[-1]
        assert f"{kid.born:%Y%m%d}" == number[6:14]
    assert len({kid.number for kid in made.now}) == len(made.now)


def test_the_same_seed_writes_the_same_bytes(town, tmp_path):
    county, _ = town
    for name in ("a", "b"):
        write_children(county, tmp_path / name, SEED)
    first = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.xlsx"))
    assert len(first) > 20
    assert [(tmp_path / "a" / path).read_bytes() for path in first] == [(tmp_path / "b" / path).read_bytes() for path in first]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    with standing_demo(django_db_blocker, tmp_path_factory.mktemp("demo"), schools=20, seed=SEED):
        yield County.objects.get(code="999901")


def test_the_planted_children_are_found_and_the_suspects_have_cases(demo):
    run = MatchRun.objects.get(county=demo)
    found = {code: n for code, n in run.counts.items() if n}
    assert {"household_no_record", "population_no_record", "record_not_present", "poverty_no_record", "poverty_not_present", "poverty_no_aid"} <= set(found)
    assert found["record_not_present"] == Case.objects.filter(county=demo, opening="ledger").count() == 4
    assert set(MatchFinding.objects.filter(run=run, kind="record_not_present").values_list("state", flat=True)) == {"case"}
    assert found["population_no_record"] == 4


def test_the_rates_of_the_township_are_shown_and_marked_as_not_the_whole_county(demo):
    rates = rates_of(demo, THIS_YEAR)
    primary = rates.rate("enrolment_primary")
    assert primary.denominator - primary.numerator == 2
    assert not primary.is_complete
    assert rates.extract_on
    assert rates.rate("poor").numerator == 1


def test_no_doubt_of_the_childrens_ledgers_is_an_accident(demo):
    versions = Version.objects.filter(filing__county=demo, filing__ledger__in=["pupils", "present", "disabled", "care", "aid", "dropout_cases", "population", "household", "poverty"])
    codes = {group["code"] for version in versions for group in version.groups if group["level"] != "notice"}
    # The dropout room has opened cases of its own, of which the school's ledger does not speak: that doubt is the demo's story too.
    assert codes == {"aid-not-covered", "case-not-in-ledger"}
    notices = {group["code"] for version in versions.filter(filing__ledger="pupils") for group in version.groups}
    assert "columns-not-kept" in notices
    assert Child.objects.filter(county=demo, masked_name="").count() == 0
