"""On a phone of 360 pixels and without JavaScript: tag, pair, log a contact, plan, log a home lesson; and the look of the pages."""
from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from dropout.models import Contact, HomeLesson, IndividualPlan, Pairing
from tests.factories import sign_in
from tests.story.visitor import CHROMIUM, DESK, FLAGS, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS")  # a folder: keep a picture of every page


@pytest.fixture(scope="module")
def chromium():
    # Playwright's loop makes Django think it runs in async code; the test process itself is plain.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


def cookies(live_server, user) -> list[dict]:
    client = Client()
    sign_in(client, user)
    return [{"name": key, "value": morsel.value, "url": live_server.url} for key, morsel in client.cookies.items()]


def keep(page, name: str) -> None:
    """A picture, when asked for."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)


def press(page, name: str) -> None:
    """Click a button that sends its form, and wait for the answer."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_the_forms_work_on_a_phone_without_javascript(chromium, live_server, world):
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False)
    context.add_cookies(cookies(live_server, world.people["teacher"]))
    page = context.new_page()
    today = timezone.localdate().isoformat()
    page.goto(live_server.url + reverse("dropout:child", args=["999901", world.mine.pk]))
    page.get_by_text("登记类别", exact=True).click()
    page.get_by_label("类别", exact=True).select_option("left-behind-register")
    press(page, "登记")
    keep(page, "child-tagged")
    page.get_by_role("link", name="登记结对").click()
    keep(page, "pairing")
    page.get_by_label("帮扶教师", exact=False).first.select_option(label="teacher")
    press(page, "保存")
    page.get_by_role("link", name="登记帮扶").click()
    page.get_by_label("方式").select_option("talk")
    page.get_by_label("内容").fill("谈了学习和生活")
    keep(page, "contact")
    press(page, "保存")
    keep(page, "child-helped")
    assert Pairing.objects.count() == Contact.objects.count() == 1
    page.get_by_role("link", name="建立方案").click()
    page.get_by_label("安置方式").select_option("home")
    keep(page, "plan")
    press(page, "保存")
    page.get_by_role("link", name="登记送教").click()
    page.get_by_label("送教教师").fill("周明哲、吴静")
    keep(page, "home-lesson")
    press(page, "保存")
    assert IndividualPlan.objects.get().placement == "home" and HomeLesson.objects.get().on == dt.date.fromisoformat(today)
    page.goto(live_server.url + reverse("dropout:child-card", args=["999901", world.mine.pk]))
    page.get_by_label("查看事由").fill("联系监护人约定家访")
    press(page, "打开联系卡")
    expect(page.get_by_text("监护人", exact=True)).to_be_visible()
    keep(page, "card")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_is_wider_than_its_screen_or_has_a_barrier(chromium, live_server, full, viewport):
    child, flag = full.mine.pk, full.mine.flags.get().pk
    pairing = full.mine.pairings.first().pk
    journeys = {
        "officer": [(name,) for name in ("care", "care-duties", "care-helpers", "children", "disabled", "warnings", "gifts", "gift-add", "gifts-published", "aid")]
        + [("care-group", "poor"), ("child", child)],
        "inspector": [("care",), ("disabled",), ("aid",)],
        "clerk": [("child", child), ("warning", flag), ("pairing", child), ("contact", child, pairing), ("plan", child), ("home-lesson", child), ("child-card", child)],
    }
    for who, places in journeys.items():
        visitor = Visitor(chromium, live_server.url, viewport)
        visitor.context.add_cookies(cookies(live_server, full.people[who]))
        for name, *rest in places:
            visitor.open(reverse(f"dropout:{name}", args=["999901", *rest]))
            keep(visitor.page, f"{who}-{name}")
        visitor.leave()
