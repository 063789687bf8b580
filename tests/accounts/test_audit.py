"""The audit trail: complete, one line each, never changed."""

import datetime
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import AuditEvent

pytestmark = pytest.mark.django_db
BY = Actor(
    user_id=7, username="wangfang", role="county_officer", scope="999901", address="10.0.0.7", session="ab" * 8,
    request_id="r1",
)  # fmt: skip


def test_an_event_says_who_did_what_to_which_with_what_result():
    audit.record("version.approved", by=BY, object="version:12", county="999901", number=3)
    event = AuditEvent.objects.get()
    assert (event.user_id, event.username, event.role, event.scope) == (7, "wangfang", "county_officer", "999901")
    assert (event.address, event.session, event.request_id) == ("10.0.0.7", "ab" * 8, "r1")
    assert (event.action, event.object, event.county, event.result) == (
        "version.approved", "version:12", "999901", "done",
    )  # fmt: skip
    assert event.detail == {"number": 3} and event.occurred_at.utcoffset() == datetime.timedelta(0)


def test_the_content_hash_is_the_same_when_read_back_and_tells_every_change():
    audit.record(
        "probe.made", by=BY, text="引号\"和换行\n", number=10**15, share=Fraction(1, 3), ratio=0.1, none=None,
        nested={"z": [1, {"b": 2, "a": True}], "day": datetime.date(2025, 9, 1)}, some={"c", "a", "b"},
    )  # fmt: skip
    event = AuditEvent.objects.get()
    assert audit.content_hash(event) == event.content_hash
    for name, value in [
        ("username", "x"),
        ("detail", {}),
        ("user_id", 8),
        ("occurred_at", event.occurred_at.replace(microsecond=1)),
    ]:
        changed = AuditEvent.objects.get()
        setattr(changed, name, value)
        assert audit.content_hash(changed) != event.content_hash, name


NASTY = "a\r\nb\x00c\u2028d\x1b[2Je\ud800f\u202eg"


def test_an_event_is_one_line_whatever_is_in_it():
    by = Actor(username=NASTY, role=NASTY, scope=NASTY, address=NASTY, session=NASTY, request_id=NASTY)
    audit.record("probe.made", by=by, object=NASTY, county=NASTY, result=NASTY, text=NASTY, key=[NASTY, {NASTY: 1}])
    event = AuditEvent.objects.get()
    line = audit.line(event)
    assert len(line.splitlines()) == 1 and line.isprintable()
    assert audit.content_hash(event) == event.content_hash


def test_an_overlong_value_is_cut_and_not_refused():
    audit.record("probe.made", by=BY, object="x" * 5000)
    assert len(AuditEvent.objects.get().object) == 200


def test_a_malformed_action_is_refused():
    with pytest.raises(ValueError, match="noun.verb"):
        audit.record("Approved!", by=BY)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: AuditEvent.objects.update(result="other"),
        lambda: AuditEvent.objects.all().delete(),
        lambda: connection.cursor().execute("UPDATE accounts_auditevent SET action = 'x'"),
        lambda: connection.cursor().execute("DELETE FROM accounts_auditevent"),
        lambda: AuditEvent.objects.get().save(),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_row(attempt):
    audit.record("probe.made", by=BY)
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        attempt()
    assert AuditEvent.objects.get().action == "probe.made"


def test_postgresql_refuses_to_empty_the_table():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute("TRUNCATE accounts_auditevent")


@pytest.mark.django_db(transaction=True)
def test_an_event_falls_with_the_change_it_tells_of():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record("probe.made", by=BY)
        raise ZeroDivisionError
    assert not AuditEvent.objects.exists()
