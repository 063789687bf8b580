"""The county sets its review steps; none goes while a version would be left waiting for nobody."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Notice
from ledgers.models import State, Version, WorkflowStep
from ledgers.services import StaleVersion, WrongState, approve_version, confirm_version, submit_version
from ledgers.services.arranging import set_steps
from ledgers.showing import VersionPage
from ledgers.workflow import configured_steps
from tests.factories import sign_in

from .conftest import ROWS, workbook
from .test_lifecycle import FEWER, OPERATOR, at

pytestmark = pytest.mark.django_db


def test_the_lead_sets_the_steps_in_the_browser_and_nobody_else(cast, client):
    url = reverse("ledgers:workflow", args=["999901"])
    sign_in(client, cast.officer)
    assert client.post(url, {"step": ["/head"]}).status_code == 403
    sign_in(client, cast.lead)
    assert "校长审签" in client.get(url).content.decode()
    assert client.post(url, {"step": ["whole/head", "point/township", "point/nonsense"]}).status_code == 302
    assert configured_steps(cast.county.pk) == {"whole": {"head"}, "point": {"township"}}
    assert client.get(url).content.decode().count("checked") == 2
    assert AuditEvent.objects.get(action="workflow.set").detail["steps"] == {"whole": ["head"], "point": ["township"]}


def test_a_step_goes_only_when_nothing_stands_at_it(cast, send):
    set_steps(cast.county, {"whole": {"head"}}, by=OPERATOR)
    version = send(workbook(ROWS), by=cast.actor(cast.clerk))
    submit_version(**at(version), by=cast.actor(cast.clerk))
    for passed in (False, True):
        if passed:
            confirm_version(**at(version), by=cast.actor(cast.head))
        with pytest.raises(WrongState, match="1 份本部的台账停在“校长审签”前后"):
            set_steps(cast.county, {}, by=OPERATOR)
        assert WorkflowStep.objects.count() == 1
    # The same step asked of every kind leaves nobody waiting.
    set_steps(cast.county, {"": {"head"}}, by=OPERATOR)
    approve_version(**at(version), by=cast.actor(cast.officer))
    set_steps(cast.county, {}, by=OPERATOR)
    assert not WorkflowStep.objects.exists()


def test_the_second_of_two_officers_is_told_that_it_is_done(cast, send):
    version = send(workbook(ROWS), by=cast.actor(cast.clerk))
    submit_version(**at(version), by=cast.actor(cast.clerk))
    approve_version(**at(version), by=cast.actor(cast.officer))
    with pytest.raises(StaleVersion, match="第 1 版现在是“已审核”，可能已由别人办理，这一步不必再办"):
        approve_version(**at(version), by=cast.actor(cast.lead))


def test_a_version_that_was_replaced_shows_only_the_steps_it_did(cast, send):
    first = send(workbook(ROWS), by=cast.actor(cast.clerk))
    send(workbook(FEWER), by=cast.actor(cast.clerk))
    first.refresh_from_db()
    assert first.state == State.SUPERSEDED
    steps = VersionPage(first, cast.actor(cast.clerk)).steps()
    assert [state for _, state in steps] == ["done", "done", "later", "later"]


def test_an_approved_version_that_was_replaced_shows_them_all(cast, send, approve):
    first = approve(send(workbook(ROWS), by=cast.actor(cast.clerk)))
    approve(send(workbook(FEWER), by=cast.actor(cast.clerk)))
    first.refresh_from_db()
    assert [state for _, state in VersionPage(first, cast.actor(cast.clerk)).steps()] == ["done"] * 4


def test_nobody_gets_a_notice_of_what_he_did_himself(cast, send):
    version = send(workbook(ROWS), by=cast.actor(cast.officer))
    submit_version(**at(version), by=cast.actor(cast.officer))
    approve_version(**at(version), by=cast.actor(cast.officer))
    assert not Notice.objects.filter(user=cast.officer).exists()
    other = send(workbook(FEWER), by=cast.actor(cast.clerk))
    submit_version(**at(other), by=cast.actor(cast.clerk))
    approve_version(**at(other), by=cast.actor(cast.officer))
    assert "已通过县级审核" in Notice.objects.get(user=cast.clerk).text


def test_a_file_name_without_end_stays_inside_its_cell(cast, send, client):
    version = send(workbook(ROWS), name="长" * 300 + ".xlsx")
    sign_in(client, cast.clerk)
    page = client.get(reverse("ledgers:version", args=[version.filing_id, version.number])).content.decode()
    assert Version.objects.get(pk=version.pk).file_name.endswith(".xlsx")
    assert '<td class="loose" data-label="文件">' in page
