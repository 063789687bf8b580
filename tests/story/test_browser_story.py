"""The main job in a real browser, on a real portal: web, worker and beat of `manage.py serve`, filled by its commands.

Fault → mended → submitted → approved → the verdict turns → frozen → the inspector holds the same figures as PDF.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from . import county as written
from . import mending_rounds as rounds
from .portal import Portal, PrivateDatabase
from .visitor import CHROMIUM, FLAGS, PHONE, Visitor

pytestmark = pytest.mark.browser

NEW_PASSWORD = "Sunlit-meadow-2026"
MORE = 4  # pupils more in each class of 向阳小学: 240 → 264
BEFORE, AFTER = "4.58", "4.17"  # graduate teachers for each hundred pupils there: 11/240, 11/264
PEOPLE = (
    ("clerk", "school_clerk", written.XIANGYANG, "向阳小学填报员"),
    ("second", "school_clerk", written.CHENGGUAN, "城关小学填报员"),
    ("officer", "county_officer", written.COUNTY, "教育局经办人"),
    ("lead", "county_lead", written.COUNTY, "教育局负责人"),
    ("inspector", "inspector", written.COUNTY, "责任督学"),
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory) -> Iterator[Portal]:
    """A portal with the small county, made by the commands an operator has."""
    folder = tmp_path_factory.mktemp("portal")
    with PrivateDatabase() as settings:
        made = Portal(folder, dict(settings))
        files = written.write(folder)
        county, year = ("--county", written.COUNTY), ("--year", str(written.year()))
        approved = ("--commit", "--explain", "已与原始凭证核对。", "--json")
        made.manage(
            ("migrate", "--verbosity", "0"),
            ("register", str(files["register"]), *county, "--name", written.COUNTY_NAME, "--json"),
            *(("import_ledger", ledger, str(files[ledger]), *county, *year, *approved) for ledger in ("classes", "school_profile")),
            *(("snapshot", *county, *year, "--standard", standard, "--json") for standard in ("quality-2017", "basic-2012")),
        )
        made.add_people(*PEOPLE)
        made.start()
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="module")
def visit(portal):
    """visit(username) -> a Visitor who has logged in; the first time with the change of password."""
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        changed: set[str] = set()

        def enter(username: str, **options) -> Visitor:
            visitor = Visitor(browser, portal.address, **options)
            new = "" if username in changed else NEW_PASSWORD
            portal.people[username] = visitor.log_in(username, portal.people[username], new)
            changed.add(username)
            return visitor

        yield enter
        browser.close()


def send(clerk: Visitor, data: bytes, name: str) -> None:
    """From the page of a version: upload a new file and wait for its verdict."""
    clerk.follow("上传新文件")
    choose(clerk, data, name)
    clerk.press("上传并检查")
    clerk.sees("检查结果")
    clerk.look()


def choose(clerk: Visitor, data: bytes, name: str) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    clerk.page.get_by_label("工作簿", exact=True).set_input_files({"name": name, "mimeType": kind, "buffer": data})


def row_of(visitor: Visitor, school: str):
    return visitor.page.locator("tbody tr").filter(has=visitor.page.get_by_role("rowheader", name=school, exact=True)).first


def figures(visitor: Visitor, school: str) -> list[str]:
    """The seven values of a school in the table of schools and indicators, as printed."""
    cells = row_of(visitor, school).locator("td").all_inner_texts()
    return [found[0] for cell in cells if (found := re.findall(r"\d+\.\d{2}", cell.replace(",", "")))]


def verdict(visitor: Visitor) -> str:
    """The verdict on 优质均衡 on the county's page."""
    text = visitor.words()
    return re.search(r"优质均衡发展：?\s*(达标|未达标|暂算值)", text)[1]


def test_the_main_job_from_a_faulty_workbook_to_the_inspectors_pdf(portal, visit, tmp_path):
    unit = written.UNITS[0]

    officer = visit("officer")
    first = verdict(officer)
    assert first != "未达标", "every school passes; how much of the standard is attested is not this story's"
    officer.sees("没有未达标的学校")
    officer.follow("学校指标一览")
    old = figures(officer, unit.name)
    assert old[0] == BEFORE and len(old) == 7

    clerk = visit("clerk")
    clerk.sees("我的任务")
    clerk.follow(re.compile("查看.*班级"))
    send(clerk, written.faulty_classes(unit, MORE), "向阳小学班级.xlsx")
    clerk.sees("有错误")
    shown = clerk.words()
    assert "班级情况" in shown and "四十多人" in shown
    assert re.search(r"班级情况\s+4\s+学生数\s+E4\s+四十多人", shown), "sheet, row, column and cell of the first fault"
    assert re.search(r"班级情况\s+6\s+\S+\s+[A-Z]6", shown), "sheet and row of the second fault"
    assert clerk.page.get_by_role("button", name="报送", exact=True).count() == 0, "a faulty version is not submitted"

    send(clerk, written.classes([unit], MORE), "向阳小学班级(改).xlsx")
    clerk.sees("检查通过")
    clerk.press("报送")
    clerk.sees("已报送")

    officer.open("/")
    assert verdict(officer) == first, "what is only submitted moves nothing"
    officer.sees("没有未达标的学校")
    officer.follow("待我办理")
    officer.follow(re.compile("审核.*向阳小学"))
    officer.sees("审核后会有什么变化")
    officer.sees(re.compile("达标\\s*→\\s*✗\\s*未达标"))
    officer.press("审核通过")
    officer.sees("已审核")
    wait_for_verdict(officer, "未达标")
    officer.look()
    officer.sees(re.compile("还差 \\d+ 间网络多媒体教室"))
    officer.follow("学校指标一览")
    new = figures(officer, unit.name)
    assert new[0] == AFTER and all(a != b for a, b in zip(old, new, strict=True)), (old, new)

    lead = visit("lead")
    lead.follow("达标情况")
    lead.press("定版")
    lead.sees("已定版")

    inspector = visit("inspector")
    assert verdict(inspector) == "未达标"
    inspector.follow("学校指标一览")
    assert figures(inspector, unit.name) == new
    row_of(inspector, unit.name).get_by_role("link", name=AFTER, exact=True).first.click()
    inspector.look()
    inspector.sees(re.compile(r"11 × 100 ÷ 264"))
    inspector.sees(re.compile(r"班级情况\s*E2\s*44"))
    pdf = fetch_pdf(inspector, tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF")
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    line = next(line for line in text.splitlines() if unit.name in line)
    assert re.findall(r"\d+\.\d{2}", line) == new, (line, new)
    assert "草稿" not in text, "made from the frozen result"
    for visitor in (clerk, officer, lead, inspector):
        visitor.leave()


def wait_for_verdict(visitor: Visitor, wanted: str) -> None:
    """The home page, again and again while the worker computes."""
    for _ in range(40):
        visitor.page.goto(visitor.address + "/")
        if verdict(visitor) == wanted:
            return
        visitor.page.wait_for_timeout(500)
    raise AssertionError(visitor.words())


def fetch_pdf(visitor: Visitor, folder: Path) -> Path:
    """Order the county tables as PDF, wait for them, download."""
    visitor.follow("报表")
    block = visitor.page.locator("section").filter(has=visitor.page.get_by_role("heading", name=re.compile("优质均衡申报表")))
    block.get_by_role("button", name="生成 PDF").click()
    link = visitor.page.get_by_role("link", name="下载 PDF")
    expect(link).to_be_visible(timeout=60_000)
    visitor.look()
    with visitor.page.expect_download() as download:
        link.click()
    target = folder / "tables.pdf"
    download.value.save_as(target)
    return target


def test_three_faulty_files_are_clean_after_one_round_each(visit, tmp_path):
    """Cells mended on the page; the marked workbook mended and sent back; questions answered without touching the file."""
    unit = written.UNITS[1]
    clerk = visit("second")

    clerk.follow(re.compile("查看.*班级"))
    send(clerk, rounds.spoilt_classes(unit), "城关小学班级.xlsx")
    clerk.sees(re.compile("检查结果.*错误 3 处", re.DOTALL))
    for cell, right in rounds.RIGHT.items():
        clerk.page.locator(f'input[name$="!{cell}"]').fill(right)
    clerk.press("保存改正并重新检查")
    passes(clerk)

    send(clerk, rounds.spoilt_csv(unit), "城关小学班级.csv")
    clerk.sees(re.compile("错误 2 处"))
    with clerk.page.expect_download() as download:
        clerk.page.get_by_role("link", name="下载标注工作簿").click()
    download.value.save_as(tmp_path / "marked.xlsx")
    send(clerk, rounds.mended(tmp_path / "marked.xlsx"), "城关小学班级(标注).xlsx")
    passes(clerk)

    clerk.open("/ledgers/")
    clerk.follow(re.compile("查看.*基本情况"))
    send(clerk, rounds.odd_profile(unit), "城关小学概况.xlsx")
    clerk.sees("系统没有把握的地方")
    clerk.page.get_by_label("“操场面积”是哪一项").select_option(label="体育运动场地面积")
    clerk.page.get_by_label("“教学仪器设备资产值”的单位").select_option(label="元")
    clerk.press("记住并重新检查")
    passes(clerk)
    clerk.leave()


def passes(clerk: Visitor) -> None:
    """The page says that the version is clean, and offers to submit it."""
    clerk.sees("检查通过，可以报送")
    clerk.look()
    assert clerk.page.get_by_role("button", name="报送", exact=True).count() == 1


def test_the_upload_form_is_used_without_a_mouse(visit):
    clerk = visit("clerk")
    clerk.open("/ledgers/classes/upload/")
    wanted = ["year", "school", "file", "上传并检查"]
    reached: list[str] = []
    for _ in range(40):
        clerk.page.keyboard.press("Tab")
        name, visible = clerk.page.evaluate(
            "[document.activeElement.name || document.activeElement.innerText.trim(),"
            " getComputedStyle(document.activeElement).outlineStyle != 'none' || getComputedStyle(document.activeElement).boxShadow != 'none']"
        )
        if name in wanted:
            assert visible, f"the focus on {name} cannot be seen"
            reached.append(name)
        if name == wanted[-1]:
            break
    assert reached == wanted
    choose(clerk, written.classes([written.UNITS[0]], MORE), "向阳小学班级(改).xlsx")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("Enter")
    clerk.sees("检查结果")
    clerk.look()
    clerk.leave()


def test_a_phone_shows_the_clerks_pages_without_sideways_scrolling(visit):
    clerk = visit("clerk", viewport=PHONE)
    school = f"/counties/{written.COUNTY}/schools/{written.XIANGYANG}/"
    clerk.open("/ledgers/")
    for path in ("/ledgers/classes/upload/", school, "/reports/", "/help/", "/accounts/notices/", "/accounts/password/"):
        clerk.open(path)
    clerk.open(school)
    clerk.page.locator("main td.number a").first.click()
    clerk.look()
    clerk.open("/ledgers/")
    clerk.follow(re.compile("查看"))
    clerk.leave()


def test_words_typed_before_the_session_ended_come_back_and_go_when_they_are_taken(visit, portal):
    lead = visit("lead")
    rules = f"/schools/{written.COUNTY}/rules/"
    lead.open(rules)
    lead.page.get_by_label("参数", exact=True).select_option("sports_area_relief")
    lead.page.get_by_label("取值").fill("是")
    lead.page.get_by_label("依据文件").fill("清教〔2026〕8号")
    lead.page.get_by_label("自", exact=True).fill("2026-01-01")
    lead.context.clear_cookies(name="session")
    lead.press("设定")
    lead.page.get_by_label("用户名").fill("lead")
    lead.page.get_by_label("密码", exact=True).fill(portal.people["lead"])
    lead.press("登录")
    assert lead.page.url.endswith(rules), "back at the page of the form"
    lead.sees("已经恢复")
    assert lead.page.get_by_label("依据文件").input_value() == "清教〔2026〕8号"
    assert lead.page.get_by_label("参数", exact=True).input_value() == "sports_area_relief"
    lead.press("设定")
    lead.sees("清教〔2026〕8号")
    lead.open(rules)
    assert lead.page.get_by_label("依据文件").input_value() == "", "taken, so forgotten"
    lead.leave()


def test_a_phone_shows_each_problem_in_a_line_that_fits(visit):
    clerk = visit("clerk", viewport=PHONE)
    clerk.open("/ledgers/classes/upload/")
    choose(clerk, written.faulty_classes(written.UNITS[0], MORE), "向阳小学班级(错).xlsx")
    clerk.press("上传并检查")
    clerk.sees("有错误")
    clerk.look()
    first = clerk.page.locator("tr:has(td.told)").first
    expect(first).to_be_visible()
    box, message = first.bounding_box(), first.get_by_text("四十多人").last.bounding_box()
    assert box["x"] + box["width"] <= PHONE["width"] and box["height"] < 300, "a line that fits, not a column of single characters"
    assert message["x"] + message["width"] <= PHONE["width"]
    clerk.leave()
