"""The pages: what each role sees, that nothing names a child where it does not belong, that forms do what they say."""
import datetime as dt
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from dropout.models import (
    Absence,
    Case,
    CaseDocument,
    CaseState,
    Head,
    HeadKind,
    MonthlyReport,
    Opening,
    Pledge,
    Review,
    RollCall,
    SystemItem,
    Visit,
)
from dropout.services import counting, systems
from dropout.services.cases import add_visit, open_case
from dropout.services.erasure import erase_child
from dropout.services.heads import assign_head, sign_pledge
from schools.calendar import save_calendar
from schools.models import Calendar
from schools.periods import current_school_year
from tests.dropout.roads import DAY, VISIT, Road, paper
from tests.dropout.world import CAST, CLASS, JPEG, MIDDLE, OTHER_VILLAGE, PDF, VILLAGE, XIANGYANG, make_child
from tests.factories import OPERATOR, SchoolFactory, sign_in

PLACE = "/dropout/999901/"
NAME = "欧阳小花"


def today() -> dt.date:
    return timezone.localdate()


def lesson_day() -> dt.date:
    return today()


@pytest.fixture
def county(world):
    """The world with calendars in which today and the last weeks are school days throughout, whatever day the test runs on."""
    Calendar.objects.all().delete()
    for year in (current_school_year(today()) - 1, current_school_year(today())):
        days = [dt.date(year, 9, 1) + DAY * n for n in range(365)]
        save_calendar(world.county, year, terms=[[f"{year}-09-01", f"{year + 1}-08-31"]], holidays=[],
                      makeup_days=[day.isoformat() for day in days if day.weekday() > 4], by=OPERATOR)  # fmt: skip
    return world


@pytest.fixture
def enter(client, county):
    def as_(who):
        client.logout()
        sign_in(client, county.people[who])
        return client

    return as_


def text(answer) -> str:
    return answer.content.decode()


def road(world, steps="suspected", child=None, day=None) -> Road:
    started = Road(world, child, day=day or today() - 40 * DAY)
    if steps:
        getattr(started, steps)()
    return started


def case_of(world, **more) -> Case:
    return open_case(child=world.child(**more), opening=Opening.ABSENCE, absent_since=today() - 5 * DAY, on=today() - 5 * DAY, by=world.actor("head"))


# Who sees what

PAGES = ["", "overdue/", "heads/", "months/", "systems/", "new-case/", "rolls/", "receiving/", "counts/", "reviews/"]
OPEN = {
    "": {"teacher", "other_teacher", "clerk", "head", "other_head", "other_clerk", "village", "other_village", "town", "other_town", "reviewer", "officer",
         "lead", "inspector", "evaluator", "policy", "supervisor"},
    "counts/": {"officer", "lead", "inspector", "evaluator", "policy", "supervisor"},
    "rolls/": {"teacher", "other_teacher", "clerk", "head", "other_head", "other_clerk"},
    "receiving/": {"clerk", "head", "other_head", "other_clerk", "officer", "lead"},
}  # fmt: skip
OPEN["overdue/"] = OPEN["heads/"] = OPEN["new-case/"] = OPEN[""] - {"inspector", "evaluator", "policy", "supervisor"}
OPEN["months/"] = OPEN["systems/"] = OPEN[""]
OPEN["reviews/"] = OPEN["counts/"]


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_to_its_roles_only(enter, page):
    for who in CAST:
        status = enter(who).get(PLACE + page).status_code
        if who in ("stranger", "filer", "auditor", "admin"):
            assert status == (404 if who == "stranger" else 403), (who, status)
        else:
            assert status == (200 if who in OPEN[page] or (page == "" and status == 302) else 403) or (who in OPEN[page] and status == 302), (who, status)


@pytest.mark.parametrize("who", CAST)
def test_a_case_is_there_for_those_of_its_child_and_for_nobody_else(enter, county, who):
    case = case_of(county)
    seeing = {"teacher", "clerk", "head", "village", "town", "reviewer", "officer", "lead"}
    client = enter(who)
    assert client.get(f"{PLACE}cases/{case.number}/").status_code == (200 if who in seeing else 404)
    board = text(client.get(PLACE)) if who in OPEN[""] else ""
    assert (f">{case.number}<" in board) == (who in seeing)


def test_no_list_names_a_child(enter, county):
    """A planted name, its parts, number, phone, guardian and address: on no page but the full view."""
    child = make_child(county.county, 77, NAME, school=county.school, class_text=CLASS, grade=3, township=county.town, village=VILLAGE, status="enrolled", sex="female")
    case = open_case(child=child, opening=Opening.ABSENCE, absent_since=today() - 5 * DAY, on=today() - 5 * DAY, by=county.actor("teacher"))
    add_visit(case=case, on=today(), **VISIT, content=f"{NAME}说不想读书，电话13900000077", entry_key="k", by=county.actor("teacher"))
    other = Road(county, day=today() - 40 * DAY).registered()
    other.do("offer_transfer", "head", school=MIDDLE)
    planted = (NAME, "阳小花", "小花", "13900000077", "欧大山", "东村第77组", "999900201705010077")
    pages = [*PAGES, f"cases/{case.number}/", f"cases/{case.number}/visit/", f"cases/{case.number}/do/suspect/", f"rolls/{XIANGYANG}/?class={CLASS}",
             f"years/{current_school_year(today())}/", f"new-case/?place=s/{XIANGYANG}/{CLASS}", "?state=closed", "?late=1", f"cases/{other.fresh().number}/"]  # fmt: skip
    for who in CAST:
        client = enter(who)
        for page in pages:
            shown = text(client.get(PLACE + page, follow=True))
            assert not [word for word in planted if word in shown], (who, page)
    notices = " ".join(f"{event.detail} {event.object}" for event in AuditEvent.objects.all())
    assert not [word for word in planted if word in notices]


@pytest.mark.parametrize("who, allowed", [("teacher", True), ("village", True), ("town", True), ("head", True), ("officer", True), ("lead", True),
                                          ("clerk", False), ("reviewer", False), ("inspector", None), ("other_teacher", None), ("stranger", None)])  # fmt: skip
def test_the_full_view_needs_the_right_and_a_reason_and_is_logged(enter, county, who, allowed):
    child = county.child(NAME)
    case = open_case(child=child, opening=Opening.ABSENCE, absent_since=today(), on=today(), by=county.actor("teacher"))
    add_visit(case=case, on=today(), **VISIT, content="不想读书", entry_key="k", by=county.actor("teacher"))
    client, address = enter(who), f"{PLACE}cases/{case.number}/child/"
    before = AuditEvent.objects.filter(action="child.opened", result="done").count()
    answer = client.post(address, {"reason": "上门劝返，需要住址"})
    if allowed is None:
        assert answer.status_code == 404
    elif not allowed:
        assert answer.status_code == 403
        assert AuditEvent.objects.filter(action="child.opened", result="refused").count() == 1
    else:
        assert NAME in text(answer) and "不想读书" in text(answer) and "no-store" in answer["Cache-Control"]
        event = AuditEvent.objects.filter(action="child.opened", result="done").latest("pk")
        assert event.detail["reason"] == "上门劝返，需要住址" and event.object == f"child/{child.pk}" and NAME not in str(event.detail)
        assert client.post(address, {"reason": " "}).status_code == 422
        assert client.get(address).status_code == 405
    assert AuditEvent.objects.filter(action="child.opened", result="done").count() == before + bool(allowed)


def test_a_named_head_may_open_the_children_it_answers_for(enter, county):
    case = case_of(county)
    assign_head(county=county.county, kind=HeadKind.VILLAGE, name="支书", township=county.town, village=VILLAGE, user=county.people["reviewer"], since=today() - DAY, by=OPERATOR)
    assert enter("reviewer").post(f"{PLACE}cases/{case.number}/child/", {"reason": "随村干部走访"}).status_code == 200


def test_an_inspector_sees_counts_by_state_township_and_school_and_nothing_else(enter, county):
    case = case_of(county)
    client = enter("inspector")
    assert client.get(PLACE).url == PLACE + "counts/"
    page = text(client.get(PLACE + "counts/"))
    assert "向阳小学" in page and "城关镇" in page and case.number not in page and case.child.masked_name not in page
    assert re.search(r"缺勤</span><span class=\"value\">1", page)
    assert client.get(f"{PLACE}cases/{case.number}/").status_code == 404


# Board

@pytest.mark.parametrize("who", ["officer", "head", "town"])
def test_the_board_asks_as_much_at_fifty_as_at_five_hundred(enter, county, who):
    def queries(client) -> int:
        with CaptureQueriesContext(connection, ) as seen:
            assert client.get(PLACE).status_code == 200
        return len(seen)

    children = [county.child() for _ in range(8)]
    for child in children[:2]:
        open_case(child=child, opening=Opening.ABSENCE, absent_since=today() - 9 * DAY, on=today() - 9 * DAY, by=county.actor("teacher"))
    client = enter(who)
    few = queries(client)
    for child in children[2:]:
        open_case(child=child, opening=Opening.ABSENCE, absent_since=today() - 9 * DAY, on=today() - 9 * DAY, by=county.actor("teacher"))
    assert queries(client) == few <= 15


@pytest.mark.parametrize("who, page", [("officer", "overdue/"), ("officer", "heads/"), ("officer", "months/"), ("officer", "reviews/"), ("officer", "counts/"),
                                       ("head", "rolls/"), ("head", "overdue/"), ("town", "heads/"), ("officer", "systems/"), ("head", "receiving/")])  # fmt: skip
def test_every_list_asks_as_much_for_many_as_for_few(enter, county, who, page):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(PLACE + page).status_code == 200
        return len(seen)

    def more(number: int) -> None:
        school = SchoolFactory(county=county.county, code=f"99990109{number:02d}", township=county.town)
        child = county.child(class_text=f"三年级/{number + 3}班")
        open_case(child=child, opening=Opening.ABSENCE, absent_since=today() - 9 * DAY, on=today() - 9 * DAY, by=county.actor("head"))
        assign_head(county=county.county, kind=HeadKind.SCHOOL, name="张", school=school, since=today() - DAY, by=OPERATOR)
        month = today().replace(day=1)
        MonthlyReport.objects.create(county=county.county, school=school, month=month, filed_on=today(), counts={
            **dict.fromkeys(counting.KEYS, 0), "from": (month + DAY * number).isoformat(), "upto": today().isoformat()})

    more(1), more(2)
    client = enter(who)
    few = queries()
    for number in range(3, 9):
        more(number)
    assert queries() == few <= 16


def test_the_board_puts_the_overdue_first_and_filters(enter, county):
    late = case_of(county)
    fresh = open_case(child=county.child(), opening=Opening.ABSENCE, absent_since=today(), on=today(), by=county.actor("teacher"))
    elsewhere = open_case(child=county.child(village=OTHER_VILLAGE, school=county.other_school), opening=Opening.MATCHING, absent_since=today() - DAY,
                          on=today(), by=county.actor("officer"))  # fmt: skip
    client = enter("officer")
    page = text(client.get(PLACE))
    assert page.index(f">{late.number}<") < page.index(f">{fresh.number}<") and "已逾期" in page
    for query, expected in (
        ("?late=1", {late}), (f"?school={MIDDLE}", {elsewhere}), ("?state=absent", {late, fresh}), (f"?q={fresh.number}", {fresh}),
        (f"?town={county.other_town.pk}", set()), ("?state=closed", set()), ("?state=nonsense&town=x", {late, fresh, elsewhere}),
    ):  # fmt: skip
        shown = text(client.get(PLACE + query))
        assert {case for case in (late, fresh, elsewhere) if f">{case.number}<" in shown} == expected, query


def test_without_a_calendar_the_pages_say_so(enter, county):
    Calendar.objects.all().delete()
    case = case_of(county)
    for page in ("", "overdue/", f"cases/{case.number}/", "rolls/"):
        assert "还没有录入" in text(enter("head").get(PLACE + page, follow=True)), page


def test_the_overdue_list_names_the_head_whose_it_is_now(enter, county):
    case = case_of(county)
    assign_head(county=county.county, kind=HeadKind.BUREAU, name="周局长", since=today() - 50 * DAY, by=OPERATOR)
    page = text(enter("officer").get(PLACE + "overdue/"))
    assert case.number in page and "教育局长 周局长" in page and "未落实" in page


# Case

def test_the_case_page_says_what_may_be_done_and_what_is_missing(enter, county):
    case = road(county, "placed").fresh()
    page = text(enter("officer").get(f"{PLACE}cases/{case.number}/"))
    assert "缺少返校核查" in page and "缺少政府线签字" in page and "办理<span" in page and "政府线签字</strong>（乡镇控辍专干）" in page
    page = text(enter("village").get(f"{PLACE}cases/{case.number}/"))
    assert "返校核查" in page and "/do/strike_off/" not in page


def test_every_move_is_done_by_its_form(enter, county):
    started = road(county, "")
    number = started.fresh().number

    def do(who, verb, **fields):
        case = started.fresh()
        client = enter(who)
        form = client.get(f"{PLACE}cases/{number}/do/{verb}/")
        assert form.status_code == 200, verb
        said = {"revision": case.revision, "on": today().isoformat(), "note": "", **fields}
        answer = client.post(f"{PLACE}cases/{number}/do/{verb}/", said)
        assert answer.status_code == 302, (verb, text(answer))

    scan = lambda: SimpleUploadedFile("扫描.pdf", PDF)
    do("teacher", "suspect")
    do("head", "register", report_number="1号", reason="work", file_report=scan())
    enter("village").post(f"{PLACE}cases/{number}/visit/", {**VISIT, "on": today().isoformat(), "entry_key": "k1"})
    do("town", "notice", deadline=(today() + DAY).isoformat(), file_notice=scan(), number_notice="城政限〔2026〕1号")
    do("clerk", "return", school=XIANGYANG, class_text=CLASS)
    do("clerk", "place", placement="class")
    assert started.fresh().state == CaseState.PLACED and CaseDocument.objects.get(kind="notice").number == "城政限〔2026〕1号"


def test_what_is_missing_or_wrong_comes_back_with_what_was_typed(enter, county):
    started = road(county)
    address = f"{PLACE}cases/{started.fresh().number}/do/register/"
    client = enter("head")
    answer = client.post(address, {"revision": started.fresh().revision, "on": today().isoformat(), "report_number": "号7", "reason": "work", "note": ""})
    assert answer.status_code == 422 and "号7" in text(answer)
    answer = client.post(address, {"revision": started.fresh().revision, "on": (today() + DAY).isoformat(), "report_number": "号7", "reason": "work"})
    assert "日期还没有到" in text(answer)
    answer = enter("officer").post(f"{PLACE}cases/{road(county, 'placed').fresh().number}/do/strike_off/",
                                   {"revision": 7, "on": today().isoformat(), "file_return_proof": SimpleUploadedFile("a.pdf", PDF)}, follow=True)  # fmt: skip
    assert "已有新的办理" in text(answer) or "缺少返校核查" in text(answer)


def test_a_stale_form_is_told_so(enter, county):
    started = road(county, "")
    seen = started.fresh().revision
    started.visit(on=today())
    answer = enter("teacher").post(f"{PLACE}cases/{started.fresh().number}/do/suspect/", {"revision": seen, "on": today().isoformat()}, follow=True)
    assert "已有新的办理" in text(answer) and started.fresh().state == CaseState.ABSENT


def test_a_visit_by_the_form_once_however_often_it_is_sent(enter, county):
    case = case_of(county)
    client, address = enter("village"), f"{PLACE}cases/{case.number}/visit/"
    key = re.search(r'name="entry_key" value="(\w{32})"', text(client.get(address)))[1]
    for _ in range(3):
        said = {"entry_key": key, "on": today().isoformat(), "way": "home", "outcome": "not_met", "participants": "王支书", "content": "家中无人",
                "photo": SimpleUploadedFile("门口.jpg", JPEG)}  # fmt: skip
        assert client.post(address, said).status_code == 302
    assert Visit.objects.count() == 1
    page = text(client.get(f"{PLACE}cases/{case.number}/"))
    assert "王支书" in page and "家中无人" not in page and "下载照片" in page
    photo = client.get(f"{PLACE}cases/{case.number}/photos/{Visit.objects.get().pk}/")
    assert b"".join(photo.streaming_content) == JPEG and "attachment" in photo["Content-Disposition"]
    assert key in text(client.get(address)), "the browser learns which drafts have arrived"


def test_a_faulty_visit_keeps_what_was_typed(enter, county, settings):
    settings.PHOTO_UPLOAD_BYTES = 10
    case = case_of(county)
    said = {"entry_key": "a" * 32, "on": today().isoformat(), "way": "home", "outcome": "agreed", "participants": "王支书", "content": "说好明天来",
            "photo": SimpleUploadedFile("图.jpg", JPEG)}  # fmt: skip
    answer = enter("village").post(f"{PLACE}cases/{case.number}/visit/", said)
    assert answer.status_code == 422 and "说好明天来" in text(answer) and "请压缩" in text(answer) and "a" * 32 in text(answer)
    assert not Visit.objects.exists()


def test_the_visit_form_is_small_and_whole_without_javascript(enter, county):
    case = case_of(county)
    page = text(enter("village").get(f"{PLACE}cases/{case.number}/visit/"))
    assert len(page.encode()) < 20_000 and page.count('type="radio"') == 9 and "hx-post" not in page


@pytest.mark.parametrize("who, status", [("officer", 200), ("teacher", 200), ("clerk", 403), ("reviewer", 403), ("other_head", 404), ("inspector", 404)])
def test_papers_open_to_those_of_the_full_view_and_are_logged(enter, county, who, status):
    started = road(county, "registered")
    document = CaseDocument.objects.get()
    client, address = enter(who), f"{PLACE}cases/{started.fresh().number}/papers/{document.pk}/"
    assert client.get(address).status_code == status
    assert AuditEvent.objects.filter(action="child.opened").count() == (status == 200)
    other = Road(county, day=today() - 9 * DAY)
    assert client.get(f"{PLACE}cases/{other.fresh().number}/papers/{document.pk}/").status_code == 404


def test_an_erased_child_takes_its_scans_and_photos_along(enter, county):
    started = road(county, "registered")
    started.visit("village", on=today(), photo=("门口.jpg", JPEG))
    erase_child(started.child, by=county.actor("lead"), reason="监护人书面申请，县局已核准")
    document, seen = CaseDocument.objects.get(), Visit.objects.get()
    assert document.file.erased_at and seen.photo.erased_at and started.fresh().steps.count() == 4
    address = f"{PLACE}cases/{started.fresh().number}/"
    for file in (f"papers/{document.pk}/", f"photos/{seen.pk}/"):
        assert "已按规定销毁" in text(enter("officer").get(address + file, follow=True))
    assert "个人信息已按规定销毁" in text(enter("officer").post(address + "child/", {"reason": "再看一次住址"}))


def test_a_paper_is_put_on_the_case_beforehand(enter, county):
    case = case_of(county)
    client, address = enter("teacher"), f"{PLACE}cases/{case.number}/papers/"
    assert "文书已保存" in text(client.post(address, {"kind": "proof", "file": SimpleUploadedFile("a.pdf", PDF)}, follow=True))
    assert "类型不能接收" in text(client.post(address, {"kind": "proof", "file": SimpleUploadedFile("a.exe", b"MZ")}, follow=True))
    assert CaseDocument.objects.count() == 1


def test_a_person_reports_a_missing_child(enter, county):
    child = county.child()
    client = enter("village")
    place = f"s/{XIANGYANG}/{CLASS}"
    assert child.masked_name in text(client.get(PLACE + "new-case/", {"place": place}))
    answer = client.post(PLACE + "new-case/", {"place": place, "child": child.pk, "absent_since": today().isoformat(), "reason": "", "whereabouts": "外出"})
    case = Case.objects.get()
    assert answer.url == f"{PLACE}cases/{case.number}/" and case.opening == Opening.PERSON and case.state == CaseState.SUSPECTED
    assert client.post(PLACE + "new-case/", {"place": place, "child": "9999", "absent_since": today().isoformat()}).status_code == 422
    foreign = county.child(village=OTHER_VILLAGE)
    assert client.post(PLACE + "new-case/", {"place": place, "child": foreign.pk, "absent_since": today().isoformat()}).status_code == 422


def test_the_receiving_school_finds_and_confirms_its_transfer(enter, county):
    started = road(county, "registered")
    started.do("offer_transfer", "head", school=MIDDLE)
    number = started.fresh().number
    assert number in text(enter("other_clerk").get(PLACE + "receiving/"))
    assert number not in text(enter("clerk").get(PLACE + "receiving/"))
    address = f"{PLACE}cases/{number}/do/transfer/"
    assert enter("other_clerk").get(f"{PLACE}cases/{number}/").status_code == 404, "the rest of the case is not theirs"
    assert enter("officer").get(address).status_code == 403
    client = enter("other_clerk")
    said = {"revision": started.fresh().revision, "on": today().isoformat(), "class_text": "七年级/1班", "file_receiving": SimpleUploadedFile("a.pdf", PDF)}
    assert client.get(address).status_code == 200 and client.post(address, said).status_code == 302
    assert started.fresh().state == CaseState.TRANSFERRED
    assert enter("head").get(f"{PLACE}cases/{number}/").status_code == 404


# Roll

def test_the_roll_opens_a_case_in_the_same_minute(enter, county):
    child, other = county.child(), county.child()
    client, address = enter("teacher"), f"{PLACE}rolls/{XIANGYANG}/"
    page = client.get(PLACE + "rolls/", follow=True)
    assert "还没有点名" in text(page) and child.masked_name in text(page)
    answer = client.post(address, {"class": CLASS, "day": today().isoformat(), f"c-{child.pk}": "unexplained", f"c-{other.pk}": ""}, follow=True)
    case = Case.objects.get()
    assert case.number in text(answer) and "无故缺勤已立案" in text(answer) and RollCall.objects.get().absent == 1
    assert case.number in text(enter("head").get(PLACE)), "and stands on the board"
    answer = enter("teacher").post(address + "reasons/", {"class": CLASS, "child": child.pk, "note": "家长来电，发烧。"}, follow=True)
    assert "已说明1天" in text(answer) and Absence.objects.get().explained_on == today()


@pytest.mark.parametrize("who, status", [("teacher", 200), ("clerk", 200), ("other_teacher", 404), ("officer", 403), ("village", 403), ("other_head", 404)])
def test_the_roll_of_a_class_is_its_own(enter, county, who, status):
    county.child()
    assert enter(who).get(f"{PLACE}rolls/{XIANGYANG}/", {"class": CLASS}).status_code == status


def test_the_names_of_ones_own_class_are_shown_for_a_reason_and_logged(enter, county):
    child = county.child(NAME)
    address, said = f"{PLACE}rolls/{XIANGYANG}/", {"class": CLASS, "day": today().isoformat(), "reason": "点名", "show": "1"}
    answer = enter("teacher").post(address, said)
    assert NAME in text(answer) and "no-store" in answer["Cache-Control"] and "13900" not in text(answer)
    event = AuditEvent.objects.get(action="child.opened")
    assert event.detail["children"] == [child.pk] and NAME not in str(event.detail)
    client = enter("clerk")
    assert client.post(address, said).status_code == 403 and client.get(address, {"class": CLASS}).status_code == 200
    assert enter("other_teacher").post(address, said).status_code == 404


def test_a_roll_is_called_with_names_from_beginning_to_end_and_every_showing_is_logged(enter, county):
    child = county.child(NAME)
    client, address, said = enter("teacher"), f"{PLACE}rolls/{XIANGYANG}/", {"class": CLASS, "day": today().isoformat()}
    marks = {**said, f"c-{child.pk}": "unexplained"}
    page = text(client.post(address, {**marks, "reason": "点名", "show": "1"}))
    assert NAME in page and '<option value="unexplained" selected>' in page, "what was marked before is still marked"
    assert not RollCall.objects.exists()
    assert NAME in text(client.post(address, {**marks, "reason": "点名"}, follow=True)) and RollCall.objects.get().absent == 1
    assert AuditEvent.objects.filter(action="child.opened").count() == 2
    session = client.session
    session["roll_names"] = {**session["roll_names"], "until": (timezone.now() - DAY).isoformat()}
    session.save()
    assert NAME not in text(client.get(address, {"class": CLASS})) and AuditEvent.objects.filter(action="child.opened").count() == 2
    assert "请写明查看姓名的理由" in text(client.post(address, {**said, "reason": " ", "show": "1"}))


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2000-01", "2026-13", "x"])
def test_a_month_nobody_can_mean_is_the_present_one(enter, county, month):
    now = f"{today().year}年{today().month}月控辍保学月报"
    assert now in text(enter("officer").get(f"{PLACE}months/", {"month": month}))
    assert enter("officer").post(f"{PLACE}whole-months/", {"month": month}).url.endswith(f"?month={today():%Y-%m}")


# Workbooks

def cells(answer) -> str:
    assert answer["Content-Type"].endswith("sheet") and "no-store" in answer["Cache-Control"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return "\n".join(" ".join(str(value) for value in row if value is not None) for row in book.active.iter_rows(values_only=True))


def test_the_tables_are_taken_away_masked_as_on_the_page_and_logged(enter, county):
    mine, other = county.child(NAME), county.child(class_text="三年级/2班")
    cases = [open_case(child=child, opening="matching", absent_since=today() - 30 * DAY, on=today() - 30 * DAY, by=OPERATOR) for child in (mine, other)]
    told = {path: cells(enter("officer").get(PLACE + path, {"format": "xlsx"})) for path in ("", "overdue/", "care/overdue/", "care/")}
    assert all(case.number in told[""] and case.number in told["overdue/"] for case in cases) and mine.masked_name in told[""]
    assert NAME not in "".join(told.values()) and "姓名已隐去" in told["care/"]
    assert AuditEvent.objects.filter(action="children.listed", detail__export=True).count() == 4
    own = cells(enter("teacher").get(PLACE, {"format": "xlsx"}))
    assert cases[0].number in own and cases[1].number not in own
    assert enter("inspector").get(PLACE + "overdue/", {"format": "xlsx"}).status_code == 403
    assert NAME not in cells(enter("inspector").get(PLACE + "care/", {"format": "xlsx"}))


# Responsibility

def test_heads_are_named_on_the_map(enter, county):
    county.child()
    page = text(enter("officer").get(PLACE + "heads/"))
    assert "未落实" in page and "城关镇" in page
    client = enter("town")
    said = {"kind": "village_head", "township": county.town.pk, "village": VILLAGE, "name": "王支书", "login": "village", "since": today().isoformat()}
    assert "已落实村长：王支书" in text(client.post(PLACE + "heads/assign/", said, follow=True))
    assert Head.objects.get().user == county.people["village"]
    assert "没有用户名" in text(client.post(PLACE + "heads/assign/", {**said, "login": "nobody"}, follow=True))
    assert client.post(PLACE + "heads/assign/", {"kind": "school_head", "school": XIANGYANG, "name": "某", "since": today().isoformat()}).status_code == 403
    assert enter("village").post(PLACE + "heads/assign/", said).status_code == 403
    assert enter("other_town").post(PLACE + "heads/assign/", said).status_code == 403


def test_letters_of_responsibility_and_the_end_of_a_term(enter, county):
    head = assign_head(county=county.county, kind=HeadKind.SCHOOL, name="张校长", school=county.school, since=today() - DAY, by=OPERATOR)
    client = enter("head")
    said = {"signed_on": today().isoformat(), "number": "责1号", "file": SimpleUploadedFile("a.pdf", PDF)}
    assert "责任书已登记" in text(client.post(f"{PLACE}heads/{head.pk}/pledge/", said, follow=True))
    assert "责1号" in text(client.get(PLACE + "heads/"))
    assert client.get(f"{PLACE}pledges/{Pledge.objects.get().pk}/").status_code == 200
    assert enter("other_head").get(f"{PLACE}pledges/{Pledge.objects.get().pk}/").status_code == 403
    assert enter("stranger").get(f"{PLACE}pledges/{Pledge.objects.get().pk}/").status_code == 404
    assert "标为缺位" in text(enter("officer").post(f"{PLACE}heads/{head.pk}/end/", follow=True))
    assert enter("officer").post(f"{PLACE}heads/9999/end/").status_code == 404


def test_the_ten_systems_begin_with_suggestions_and_are_the_countys(enter, county):
    client = enter("officer")
    assert "填入这些名称" in text(client.get(PLACE + "systems/"))
    client.post(PLACE + "systems/suggest/")
    client.post(PLACE + "systems/suggest/")
    assert SystemItem.objects.count() == len(systems.SUGGESTED) == 9
    said = {"number": 3, "title": "劝返复学工作制度", "document": "清教〔2025〕9号文", "owner": "基教股", "file": SimpleUploadedFile("a.pdf", PDF)}
    assert client.post(PLACE + "systems/save/", said).status_code == 302
    item = SystemItem.objects.get(number=3)
    assert item.title == "劝返复学工作制度" and "已落实" in text(enter("inspector").get(PLACE + "systems/"))
    assert enter("inspector").get(f"{PLACE}systems/{item.pk}/file/").status_code == 200
    client = enter("officer")
    assert client.post(PLACE + "systems/save/", {"number": 0, "title": ""}).status_code == 422
    client.post(f"{PLACE}systems/{item.pk}/remove/")
    assert SystemItem.objects.count() == 8
    for who in ("head", "town", "inspector"):
        assert enter(who).post(PLACE + "systems/save/", said).status_code == 403


# Reports

def test_the_head_files_the_month_and_the_county_sees_who_has(enter, county):
    case_of(county)
    month = today().replace(day=1) - DAY
    address = f"{PLACE}months/{XIANGYANG}/"
    client = enter("head")
    assert "待报送" in text(client.get(PLACE + "months/", {"month": f"{month:%Y-%m}"}))
    said = {"month": f"{month:%Y-%m}"}
    nothing = not Case.objects.filter(opened_on__lte=month).exists()
    if nothing:
        assert "零报告" in text(client.post(address, said, follow=True))
        said["zero"] = "on"
    assert "月报已报送" in text(client.post(address, said, follow=True))
    assert MonthlyReport.objects.get().zero_report == nothing
    for who in ("officer", "inspector"):
        page = text(enter(who).get(PLACE + "months/", {"month": f"{month:%Y-%m}"}))
        assert "已报 1/2 所" in page and "—" in page, "what was not reported is no zero"
    assert "1/2" not in text(enter("other_head").get(PLACE + "months/", {"month": f"{month:%Y-%m}"}))
    assert enter("clerk").post(address, said).status_code == 403 and enter("other_head").post(address, said).status_code == 404


def test_the_bureau_confirms_a_quarter(enter, county):
    road(county, "struck_off", day=today() - 200 * DAY)
    start = (today() - 190 * DAY).replace(day=1)
    said = {"kind": "quarter", "start": start.isoformat(), "end": (start + 80 * DAY).isoformat(), "note": "抽查两校，台账与学籍一致。"}
    assert "季度核查已确认" in text(enter("officer").post(PLACE + "reviews/file/", said, follow=True))
    assert Review.objects.get().note.startswith("抽查两校")
    assert enter("inspector").post(PLACE + "reviews/file/", said).status_code == 403
    assert "抽查两校" in text(enter("inspector").get(PLACE + "reviews/", {k: said[k] for k in ("kind", "start", "end")}))
    assert enter("officer").get(PLACE + "reviews/", {"kind": "week"}).status_code == 404


def test_small_numbers_by_cause_are_kept_from_inspectors(enter, county):
    started = road(county, "registered")
    year = current_school_year(started.fresh().opened_on)
    assert "不足5" in text(enter("inspector").get(f"{PLACE}years/{year}/"))
    page = text(enter("officer").get(f"{PLACE}years/{year}/"))
    assert "不足5" not in page and "厌学或学习困难" in page


# The way in

def test_navigation_and_home_lead_to_ones_own_page(enter, county):
    county.child()
    for who, target in (("teacher", f"{PLACE}rolls/"), ("town", PLACE), ("village", PLACE), ("inspector", f"{PLACE}counts/")):
        client = enter(who)
        assert client.get("/dropout/").url == target
        assert "控辍保学" in text(client.get("/", follow=True))
    assert enter("town").get("/").url == reverse("dropout:home")
    for who in ("filer", "auditor"):
        assert enter(who).get("/dropout/").status_code == 403
        assert f'href="{PLACE}"' not in text(enter(who).get("/"))


def test_reading_changes_nothing(enter, county):
    case = case_of(county)
    sign_pledge(head=assign_head(county=county.county, kind=HeadKind.SCHOOL, name="张校长", school=county.school, since=today() - DAY, by=OPERATOR),
                year=2025, signed_on=today(), by=OPERATOR)  # fmt: skip
    client = enter("head")
    before = (Case.objects.get().revision, AuditEvent.objects.count(), Head.objects.count())
    for page in ("", "overdue/", "heads/", "months/", "systems/", f"cases/{case.number}/", f"cases/{case.number}/visit/", f"cases/{case.number}/do/suspect/"):
        client.get(PLACE + page)
    assert (Case.objects.get().revision, AuditEvent.objects.count(), Head.objects.count()) == before
    assert paper("proof").kind == "proof"


def test_no_page_of_a_case_says_male_or_female(county, enter):
    child = county.child()
    case = open_case(child=child, opening=Opening.ABSENCE, absent_since=today() - DAY, on=today(), by=county.actor("head"))
    page = enter("head").get(f"/dropout/999901/cases/{case.number}/").content.decode()
    roll = enter("teacher").get(f"/dropout/999901/rolls/{child.school.code}/", {"class": child.class_text}).content.decode()
    assert " · 女 · " in page and "女</span>" in roll and "female" not in page + roll
