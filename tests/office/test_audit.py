"""The audit trail in words: each auditor's own part of it, and a mark where a row is not what was written."""
import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from accounts import audit
from accounts.actor import Actor
from accounts.models import AuditEvent
from office.audit_words import action_in_words
from tests.factories import CountyFactory, make_person, sign_in

pytestmark = pytest.mark.django_db
LITERAL = re.compile(r'record\(\s*f?"([a-z_]+\.[a-z_]+)"')


@pytest.fixture
def counties():
    ours, theirs = CountyFactory(), CountyFactory(code="999902", name="邻河县")
    for county in (ours, theirs):
        audit.record("snapshot.frozen", by=Actor.operator(), county=county.code, object=f"snapshot/{county.code}")
    audit.record("child.opened", by=Actor.operator(), county=ours.code, object="child/7", reason="家访")
    return ours, theirs


def page(client, person, **asked):
    sign_in(client, person)
    return client.get(reverse("office:audit"), asked)


def test_a_countys_auditor_reads_only_that_countys_rows(client, counties):
    ours, theirs = counties
    answer = page(client, make_person("rizhi", "auditor", ours.code))
    text = answer.content.decode()
    assert "结果：定版" in text and "学生信息：查看完整信息" in text and f"snapshot/{ours.code}" in text
    assert theirs.code not in text and "登录：登录" not in text, "logins belong to the portal, not to a county"
    assert f"snapshot/{theirs.code}" not in page(client, make_person("rizhi2", "auditor", ours.code), county=theirs.code).content.decode()


def test_the_portals_auditor_reads_all_and_narrows_it(client, counties):
    ours, theirs = counties
    who = make_person("zong", "auditor", "portal")
    text = page(client, who).content.decode()
    assert f"snapshot/{ours.code}" in text and f"snapshot/{theirs.code}" in text
    text = page(client, who, county=ours.code, noun="child", object="child/7").content.decode()
    assert "child/7" in text and "snapshot/" not in text
    assert "没有符合条件的记录" in page(client, who, since="2001-01-01", until="2001-01-02").content.decode()
    assert page(client, who, since="2026-13-45", until="9999-12-31", noun="nonsense").status_code == 200


@pytest.mark.parametrize("asked, some", [({"since": "0001-01-01"}, True), ({"until": "0001-01-01"}, False), ({"since": "9999-12-31"}, False),
                                         ({"until": "9999-12-31"}, True), ({"page": "9" * 40}, True), ({"who": "x" * 5000}, False)])  # fmt: skip
def test_a_day_at_the_end_of_the_calendar_is_a_day(client, counties, asked, some):
    answer = page(client, make_person("rizhi", "auditor", counties[0].code), **asked)
    assert answer.status_code == 200 and ("child/7" in answer.content.decode()) == some


def test_a_row_that_was_altered_is_marked_on_page_and_in_the_workbook(client, counties, monkeypatch):
    ours, _ = counties
    who = make_person("rizhi", "auditor", ours.code)
    assert "已被改动" not in page(client, who).content.decode()
    whole = audit.content_hash
    monkeypatch.setattr(audit, "content_hash", lambda event: "0" * 64 if event.action == "child.opened" else whole(event))
    assert page(client, who).content.decode().count("已被改动") == 1
    book = openpyxl.load_workbook(io.BytesIO(page(client, who, format="xlsx").content))
    cells = [str(value) for row in book.worksheets[0].iter_rows(values_only=True) for value in row if value is not None]
    assert cells.count("已被改动") == 1 and "结果：定版" in cells


@pytest.mark.parametrize("role", ["county_lead", "inspector", "system_admin"])
def test_others_do_not_read_it(client, counties, role):
    who = make_person("qita", role, "portal" if role == "system_admin" else counties[0].code)
    assert page(client, who).status_code == 403


def test_every_action_has_words():
    root = Path(settings.BASE_DIR)
    files = [path for room in settings.ROOMS for path in (root / room).rglob("*.py")]
    actions = {action for path in files for action in LITERAL.findall(path.read_text())}
    assert len(actions) > 60
    unnamed = {action for action in actions if action_in_words(action) == action}
    assert unnamed == set()
    assert not AuditEvent.objects.filter(action="nobody.knows").exists() and action_in_words("nobody.knows") == "nobody.knows"
