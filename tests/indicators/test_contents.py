"""The decoded content of stored results: kept for all pages of a process, and never a wrong or a changed one."""
import pytest

from indicators import contents, snapshots
from indicators.contents import content_of
from tests.office import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return worlds.build()


def test_a_result_is_read_from_the_database_once(world, django_assert_num_queries):
    content_of(snapshots.current(world.county, "quality-2017", worlds.YEAR))
    again = snapshots.current(world.county, "quality-2017", worlds.YEAR)
    with django_assert_num_queries(0):
        content_of(again)


def test_a_new_result_is_never_answered_with_the_old_content(world):
    before = snapshots.current(world.county, "quality-2017", worlds.YEAR)
    old = content_of(before).payload
    worlds.file_profile(world, world.schools["9999010002"], 700, None)
    world.county.refresh_from_db()
    after = snapshots.compute(world.county, "quality-2017", worlds.YEAR)
    assert after.pk != before.pk and content_of(after).payload != old
    assert content_of(snapshots.current(world.county, "quality-2017", worlds.YEAR)).payload == after.payload


def test_no_more_results_are_kept_than_the_limit(world, monkeypatch):
    monkeypatch.setattr(contents, "KEPT", 1)
    for standard in ("quality-2017", "basic-2012"):
        content_of(snapshots.current(world.county, standard, worlds.YEAR))
    assert len(contents._kept) == 1


def test_pages_leave_the_content_as_it_was_stored(world, client):
    client.force_login(world.user("officer", "county_officer", "999901"))
    table = f"/counties/999901/{worlds.YEAR}/quality-2017/"
    for page in ("/", f"{table}schools/?sort=-passes", f"{table}working/primary/Q5/", "/counties/999901/schools/9999010002/"):
        assert client.get(page).status_code == 200
    for standard in ("quality-2017", "basic-2012"):
        held = snapshots.current(world.county, standard, worlds.YEAR)
        assert content_of(held).payload == held.payload
