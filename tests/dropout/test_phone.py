"""The pages in a real browser: on a 360-pixel phone, without JavaScript, over a line that breaks, and without barriers."""
import io
import os

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Error, expect, sync_playwright

from dropout.models import Absence, Case, Opening, Visit
from dropout.services.cases import open_case
from files import store
from tests.dropout.world import CLASS, XIANGYANG, make_world
from tests.factories import PASSWORD
from tests.story.visitor import CHROMIUM, DESK, FLAGS, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLACE = "/dropout/999901/"


@pytest.fixture
def world():
    made = make_world()
    for _ in range(3):
        made.child()
    child, today = made.child(), timezone.localdate()
    open_case(child=child, opening=Opening.MATCHING, absent_since=today, on=today, by=made.actor("officer"))
    return made


@pytest.fixture(scope="module")
def browser():
    """One browser a file. Its driver keeps an event loop in this thread, in which Django would refuse the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def form_address() -> str:
    return f"{PLACE}cases/{Case.objects.get().number}/visit/"


def picture() -> bytes:
    """A photo as a phone takes it: large, and with something in its EXIF that must not leave the phone."""
    data, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home"
    Image.effect_noise((2600, 1900), 60).convert("RGB").save(data, "JPEG", quality=90, exif=exif)
    return data.getvalue()


def test_a_visit_is_recorded_on_a_phone_without_javascript(world, browser, live_server):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(live_server.url + "/")
    page.get_by_label("用户名").fill("village")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(live_server.url + form_address())
    for choice in ("家访", "未见到"):
        page.get_by_label(choice, exact=True).check()
    page.get_by_label("参加人员").fill("王支书（东村）")
    page.get_by_role("button", name="保存劝返记录").click()
    expect(page.locator("body")).to_contain_text("劝返记录已保存")
    visit = Visit.objects.get()
    assert (visit.way, visit.outcome, visit.line, visit.photo) == ("home", "not_met", "government", None)
    context.close()


def test_what_was_typed_survives_a_broken_line_and_arrives_once(world, browser, live_server):
    visitor = Visitor(browser, live_server.url, viewport=PHONE)
    visitor.log_in("village", PASSWORD)
    visitor.open(form_address())
    page = visitor.page
    for choice in ("联合劝返", "拒绝"):
        page.get_by_label(choice, exact=True).check()
    page.get_by_label("主要内容").fill("家长说孩子在外地打工。")
    visitor.context.set_offline(True)
    with pytest.raises(Error):
        page.get_by_role("button", name="保存劝返记录").click(timeout=2000)
        page.wait_for_url("**/nowhere", timeout=2000)
    visitor.context.set_offline(False)
    assert not Visit.objects.exists()
    visitor.faults.clear()  # the broken line itself
    visitor.open(form_address())
    visitor.sees("已找回上次没有送出的内容")
    assert page.get_by_label("主要内容").input_value() == "家长说孩子在外地打工。" and page.get_by_label("联合劝返", exact=True).is_checked()
    taken = picture()
    page.get_by_label("照片").set_input_files({"name": "家访.jpg", "mimeType": "image/jpeg", "buffer": taken})
    for _ in range(100):
        if page.evaluate("document.querySelector('input[type=file]').files[0].size") != len(taken):
            break
        page.wait_for_timeout(100)
    visitor.press("保存劝返记录")
    visitor.sees("劝返记录已保存")
    kept = store.read(Visit.objects.get().photo)
    small = Image.open(io.BytesIO(kept))
    assert max(small.size) == 1600 and len(kept) < len(taken) // 2 and not small.getexif(), "small, and without the place it was taken at"
    visitor.open(form_address())
    assert page.locator("#draft").is_hidden() and page.get_by_label("主要内容").input_value() == ""
    assert not visitor.faults
    visitor.context.close()


@pytest.mark.parametrize("who, viewport, pages", [
    ("teacher", PHONE, ["rolls/", f"rolls/{XIANGYANG}/?class={CLASS}", ""]), ("village", PHONE, ["", "overdue/", "heads/"]),
    ("town", PHONE, ["heads/", "new-case/"]), ("head", PHONE, ["months/", "receiving/", "systems/"]),
    ("officer", DESK, ["", "overdue/", "heads/", "months/", "reviews/", "systems/", "counts/"]), ("inspector", DESK, ["counts/", "months/", "reviews/"]),
])  # fmt: skip
def test_no_page_has_a_barrier_or_is_wider_than_its_window(world, browser, live_server, who, viewport, pages):
    visitor = Visitor(browser, live_server.url, viewport=viewport)
    visitor.log_in(who, PASSWORD)
    for page in pages:
        visitor.open(PLACE + page)
    if who in ("village", "officer", "town"):
        visitor.open(f"{PLACE}cases/{Case.objects.get().number}/")
        visitor.open(form_address())
    if who == "officer":
        visitor.open(f"{PLACE}cases/{Case.objects.get().number}/do/register/")
    visitor.leave()


def test_the_teacher_calls_the_roll_on_a_phone(world, browser, live_server):
    visitor = Visitor(browser, live_server.url, viewport=PHONE)
    visitor.log_in("teacher", PASSWORD)
    visitor.open(PLACE + "rolls/")
    if "不上课" in visitor.words():
        pytest.skip("no lessons today by the calendar of the test")
    visitor.page.locator("select[name^=c-]").first.select_option("unexplained")
    visitor.press("保存点名")
    visitor.sees("无故缺勤已立案")
    assert Absence.objects.count() == 1 and Case.objects.count() == 2
    visitor.leave()
