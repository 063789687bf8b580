"""The pages that join rooms: who sees what, what they show, and that they stay cheap."""

import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.notices import notify
from indicators import snapshots
from schools.numbers import half_up_text
from tests.office import world as worlds

pytestmark = pytest.mark.django_db
TABLE = "/counties/999901/2025/quality-2017/schools/"
FIGURE = TABLE + "9999010002/primary/Q1/"
WORKING = "/counties/999901/2025/quality-2017/working/primary/Q1/"
TRENDS = "/counties/999901/trends/quality-2017/"
COUNTY_PAGES = ["/counties/999901/", TABLE, WORKING, TRENDS, "/counties/999901/results/"]
SCHOOL_PAGES = ["/counties/999901/schools/9999010002/", FIGURE]


@pytest.fixture
def world():
    return worlds.build()


@pytest.fixture
def enter(client, world):
    """Sign in as a role in a scope."""

    def sign_in(role="county_officer", scope="999901"):
        client.force_login(world.user(f"{role}-{scope}", role, scope))
        return client

    return sign_in


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize(
    "path", [*COUNTY_PAGES, *SCHOOL_PAGES, "/counties/999901/matrix/", "/counties/999901/schools/"]
)
def test_a_stranger_from_the_next_county_gets_404(enter, path):
    assert enter("county_lead", "999902").get(path).status_code == 404


@pytest.mark.parametrize("path", SCHOOL_PAGES)
def test_a_clerk_of_another_school_gets_404(enter, path):
    assert enter("school_clerk", "9999010001").get(path).status_code == 404


@pytest.mark.parametrize("path", COUNTY_PAGES)
def test_a_clerk_may_not_see_the_whole_county(enter, path):
    assert enter("school_clerk", "9999010001").get(path).status_code == 403


@pytest.mark.parametrize("path", ["/", "/help/", "/search/?q=小学", *COUNTY_PAGES])
def test_nobody_enters_without_a_login(client, world, path):
    response = client.get(path)
    assert response.status_code == 302 and "/login/" in response["Location"]


def test_the_home_of_the_bureau_says_who_fails_and_by_how_much(enter):
    shown = text_of(enter().get("/"))
    assert "未达标" in shown and "向阳小学" in shown and "还差 2 名高于规定学历教师" in shown
    assert "柳树教学点" in shown and "不足 50 人" in shown and "暂算值" not in shown


def test_the_home_says_that_the_result_is_out_of_date(enter, world):
    worlds.file_profile(world, world.schools["9999010002"], 644, None)
    assert "已过期" in text_of(enter().get("/"))
    world.county.refresh_from_db()
    for standard in ("quality-2017", "basic-2012"):
        snapshots.compute(world.county, standard, worlds.YEAR)
    assert "已过期" not in text_of(enter("inspector").get("/"))


def test_a_missing_school_makes_the_result_interim_and_is_named(client):
    world = worlds.build(missing="9999010001", poor="")
    client.force_login(world.user("officer", "county_officer", "999901"))
    shown = text_of(client.get("/"))
    assert "暂算值" in shown and "1 所学校的数据还没有收齐" in shown and "实验小学" in shown
    assert "没有未达标的学校" not in shown and "还有 1 所学校数据未齐" in shown


def test_the_table_filters_sorts_and_marks(enter):
    client = enter("inspector")
    everything, failing = text_of(client.get(TABLE)), text_of(client.get(TABLE + "?failing=1&stage=primary"))
    assert "实验小学" in everything and "河湾九年制学校（初中部）" in everything
    assert "向阳小学" in failing and "实验小学" not in failing and "cell-near" in failing
    down = text_of(client.get(TABLE + "?sort=-Q1&stage=primary"))
    assert down.index("河湾九年制学校") < down.index("实验小学") < down.index("向阳小学")


def test_the_items_of_basic_balance_show_the_composite_coefficient_that_decides(enter, world):
    body = snapshots.current(world.county, "basic-2012", worlds.YEAR).payload["rulesets"]["national"]
    primary = next(line for line in body["composite"] if line["stage"] == "primary")
    shown = " ".join(text_of(enter("inspector").get("/counties/999901/2025/basic-2012/items/")).split())
    assert primary["limit"] == "0.65"
    assert f'综合差异系数</strong></th><td class="number">—</td><td class="number"><strong>{half_up_text(primary["value"], 3)}</strong> <span class="soft">≤0.65' in shown


def test_the_table_as_workbook_holds_the_figures_of_the_snapshot(enter, world):
    response = enter().get(TABLE + "?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert "attachment" in response["Content-Disposition"] and sheet["A4"].value == "实验小学"
    rows = snapshots.payload(snapshots.current(world.county, "quality-2017", worlds.YEAR))["rulesets"]["national"][
        "schools"
    ]
    value = Decimal(rows[0]["indicators"]["Q1"]["value"])
    assert abs(Decimal(str(sheet["E4"].value)) - value) < Decimal("1e-12")


def test_a_figure_leads_to_its_cells(enter):
    shown = text_of(enter().get(TABLE + "9999010004/primary/Q4/"))
    assert "学校基本情况表" in shown or "学校概况" in shown
    assert "166/397" in shown, "the share of the primary part of a nine-year school"
    assert "教学及辅助用房面积" in shown and "2,256 ㎡" in shown and ">C5<" in shown


def test_a_figure_nobody_computed_is_not_found(enter):
    client = enter()
    assert client.get(TABLE + "9999010002/junior/Q1/").status_code == 404
    assert client.get(TABLE + "9999010002/primary/Q9/").status_code == 404
    assert client.get("/counties/999901/2025/quality-1999/schools/").status_code == 404
    assert client.get(TABLE.replace("2025", "2019") + "9999010002/primary/Q1/").status_code == 404


def test_the_working_shows_every_school_of_the_stage(enter):
    shown = text_of(enter().get(WORKING))
    assert "实验小学" in shown and "第二初级中学" not in shown and "100%" in shown
    assert enter("inspector").get(WORKING + "?format=xlsx").status_code == 200


def test_a_school_sees_its_distance_in_natural_units(enter):
    shown = text_of(enter("school_head", "9999010002").get("/counties/999901/schools/9999010002/"))
    assert "还差 2 名高于规定学历教师" in shown and "还差 2 间网络多媒体教室" in shown and "恰好达标" not in shown


def test_a_school_left_out_says_why(enter):
    shown = text_of(enter().get("/counties/999901/schools/9999010005/"))
    assert "不纳入评估" in shown and "不足 50 人" in shown


def test_the_desk_of_a_clerk_lists_only_the_own_ledgers(enter):
    shown = text_of(enter("school_clerk", "9999010001").get("/"))
    assert "我的任务" in shown and "实验小学" in shown and "教师花名册" in shown and "向阳小学" not in shown


def test_the_search_finds_only_what_one_may_see(enter):
    client = enter("school_clerk", "9999010001")
    assert client.get("/search/?q=实验").status_code == 302
    assert "没有找到" in text_of(client.get("/search/?q=向阳"))
    found = text_of(enter().get("/search/?q=小学"))
    assert "向阳小学" in found and "邻县小学" not in found


def test_the_matrix_counts_and_downloads(enter):
    client = enter()
    shown = text_of(client.get("/counties/999901/matrix/"))
    assert "未填报" in shown and "教师花名册" in shown
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/counties/999901/matrix/?format=xlsx").content)).active
    assert sheet["A4"].value == "实验小学"


def test_a_supervisor_sees_the_list_of_counties(enter):
    shown = text_of(enter("supervisor", "99").get("/"))
    assert "清河县" in shown and "邻县" in shown and "尚无结果" in shown


def test_one_can_only_become_what_one_is(enter, client, world):
    enter("school_head", "9999010002")
    assert client.post("/membership/", {"membership": "999999"}).status_code == 404
    assert client.get("/membership/").status_code == 405


def test_the_style_page_is_the_administrators(enter, client):
    assert enter("school_clerk", "9999010001").get("/style/").status_code == 403
    assert enter("system_admin", "portal").get("/style/").status_code == 200


def test_nothing_is_inline(enter):
    client = enter()
    for path in ["/", TABLE, FIGURE, WORKING, "/counties/999901/schools/9999010002/", "/counties/999901/matrix/"]:
        shown = text_of(client.get(path))
        assert (
            " style=" not in shown and "<style" not in shown and " onclick" not in shown and "<script>" not in shown
        ), path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        TABLE,
        FIGURE,
        WORKING,
        "/counties/999901/schools/9999010002/",
        "/counties/999901/matrix/",
        "/counties/999901/schools/",
    ],
)
def test_a_page_asks_as_often_for_many_schools_as_for_few(client, path):
    few = worlds.build()
    client.force_login(few.user("officer", "county_officer", "999901"))
    client.get(path)
    with CaptureQueriesContext(connection) as before:
        assert client.get(path).status_code == 200
    for number in range(20):
        school = few.schools["9999010001"]
        school.pk, school.code, school.name = None, f"99990102{number:02d}", f"新增第{number}小学"
        school.save(force_insert=True)
        worlds.file_profile(few, school, 200 + number, None)
        few.schools["9999010001"] = type(school).objects.get(code="9999010001")
    few.county.refresh_from_db()
    for standard in ("quality-2017", "basic-2012"):
        snapshots.compute(few.county, standard, worlds.YEAR)
    client.get(path)  # a new result is read from the database once, then kept
    with CaptureQueriesContext(connection) as after:
        assert client.get(path).status_code == 200
    assert len(after) <= len(before), "\n".join(q["sql"][:120] for q in after.captured_queries)
    assert len(after) <= (20 if path == FIGURE else 15), len(after)


def test_the_lead_freezes_the_result_that_was_seen(enter, world):
    shown = snapshots.current(world.county, "quality-2017", worlds.YEAR)
    path = "/counties/999901/2025/quality-2017/freeze/"
    assert enter("county_officer").post(path, {"snapshot": shown.pk}).status_code == 403
    lead = enter("county_lead")
    assert "没有定版" in text_of(lead.post(path, {"snapshot": 0}, follow=True))
    assert "定版</button>" in text_of(lead.get(TABLE))
    assert "已定版。" in text_of(lead.post(path, {"snapshot": shown.pk}, follow=True))
    worlds.file_profile(world, world.schools["9999010002"], 700, None)
    world.county.refresh_from_db()
    snapshots.compute(world.county, "quality-2017", worlds.YEAR)
    assert "已定版" in text_of(lead.get(f"{TABLE}?frozen={shown.pk}")) and "644" in text_of(
        lead.get(f"{TABLE}?frozen={shown.pk}")
    )
    assert "700" in text_of(lead.get(TABLE)) and lead.get(f"{TABLE}?frozen=999").status_code == 404


def test_pages_of_other_rooms_keep_the_navigation_of_their_county(enter):
    client = enter("supervisor", "9999")
    for path, here in (("/counties/999901/2025/reports/", "报表"), ("/evidence/999901/2025/quality-2017/", "达标情况"), ("/dropout/999901/2025/rates/", "控辍保学")):
        page = client.get(path).content.decode()
        assert re.findall(r'aria-current="page">([^<]+)</a></li>', page.partition("</nav>")[0]) == [here], path


def test_unread_messages_stand_in_the_head_of_every_page(enter, world):
    client = enter()
    assert "条未读" not in client.get("/help/").content.decode()
    notify([client.session["_auth_user_id"]], text="有一份台账等您审核。")
    assert re.search(r"消息 1<span[^>]*> 条未读", client.get("/help/").content.decode())
