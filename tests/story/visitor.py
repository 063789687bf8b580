"""A person at a browser who notices everything: console errors, failed requests, CSP violations, barriers, overflow."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 768}
WATCH_POLICY = "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective + ' ' + e.blockedURI))"
WAIT = 30_000
# A page that only waits for a job and then goes on by itself; it may be gone before anybody has looked at it.
PASSING = re.compile(r"/reports/making/\d+/$")
# Working software of the person's own may say this; it is no fault of the page.
HARMLESS = ("Download is starting", "net::ERR_ABORTED")


@dataclass
class Visitor:
    """One signed-in person; `address` is the portal's. `look()` after every step, `leave()` in the end."""

    browser: Browser
    address: str
    viewport: dict = field(default_factory=lambda: DESK)
    faults: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    looked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context: BrowserContext = self.browser.new_context(viewport=self.viewport, locale="zh-CN")
        self.context.add_init_script(WATCH_POLICY)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.page.on("framenavigated", lambda frame: self.visited.add(urlsplit(frame.url).path))

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text} ({self.page.url})")

    def _failed(self, request) -> None:
        if not any(word in (request.failure or "") for word in HARMLESS):
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")
        elif not response.url.startswith((self.address, "data:")):
            self.faults.append(f"from elsewhere: {response.url}")

    def log_in(self, username: str, password: str, new: str = "") -> str:
        """Log in; with the first password of a real user it is changed to `new`. Returns the password now valid."""
        self.open("/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码", exact=True).fill(password)
        self.press("登录")
        if new:
            self.page.get_by_label("当前密码").fill(password)
            self.page.get_by_label("新密码", exact=True).fill(new)
            self.page.get_by_label("再输一次新密码").fill(new)
            self.press("修改密码")
            self.sees("密码已修改")
        return new or password

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def follow(self, name: str | re.Pattern, *, within: Locator | None = None) -> None:
        """Click a link of this name."""
        (within or self.page).get_by_role("link", name=name).first.click()
        self.look()

    def press(self, name: str) -> None:
        """Click a button of this name, which sends its form."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        self.look()

    def sees(self, text: str | re.Pattern) -> None:
        """The text appears on the page, perhaps after the job it waits for."""
        expect(self.page.locator("body")).to_contain_text(text)

    def words(self) -> str:
        return self.page.locator("body").inner_text()

    def look(self) -> None:
        """No fault until now, no barrier, no page wider than its window."""
        self.page.wait_for_load_state("networkidle")
        refused = self.page.evaluate("window.refused")
        assert not refused, f"the content policy refused {refused} on {self.page.url}"
        assert not self.faults, self.faults
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than its window of {self.viewport['width']} px"
        self.page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true })")
        barriers = [
            f"{found['id']}: {found['help']} {[node['target'] for node in found['nodes'][:3]]}"
            for found in Axe().run(self.page).response["violations"]
        ]
        assert not barriers, f"{self.page.url}: {barriers}"
        self.looked.add(urlsplit(self.page.url).path)

    def leave(self) -> None:
        """Every page that was visited was also looked at."""
        unseen = {path for path in self.visited - self.looked if path.startswith("/") and not PASSING.search(path)}
        assert not unseen, unseen
        assert not self.faults, self.faults
        self.context.close()
