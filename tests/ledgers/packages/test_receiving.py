"""Many files at once, the throttle per school, and receivers racing each other on either database."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from accounts.actor import Actor
from accounts.passwords import issue_token
from files.models import StoredFile
from jobs.runner import drain
from ledgers.models import State, Version
from ledgers.services import receive
from tests.factories import make_cast, sign_in
from tests.ledgers.filing.conftest import YEAR, workbook

from .conftest import book, classes
from .test_package import profile

pytestmark = pytest.mark.django_db


def form(cast, *files, school=None):
    chosen = cast.school.code if school is None else school
    return {"county": "999901", "year": YEAR, "school": chosen, "file": [SimpleUploadedFile(name, data) for name, data in files]}


def files_of(cast):
    return ("班级.xlsx", book(("班级情况", classes(cast.school)))), ("基本情况.xlsx", book(("学校基本情况", profile(cast.school))))


def test_several_files_are_received_together_and_listed(cast, client):
    sign_in(client, cast.clerk)
    answer = client.post(reverse("ledgers:upload", args=["package"]), form(cast, *files_of(cast)))
    assert answer["Location"].startswith(reverse("ledgers:received"))
    drain()
    page = client.get(answer["Location"]).content.decode()
    assert "班级.xlsx" in page
    assert "基本情况.xlsx" in page
    assert set(Version.objects.filter(carrier__isnull=False).values_list("filing__ledger", "state")) == {
        ("classes", State.CHECKED), ("school_profile", State.CHECKED),
    }  # fmt: skip
    sign_in(client, cast.stranger)
    assert client.get(answer["Location"]).status_code == 404


def test_the_same_files_sent_again_are_the_same_records(cast, client):
    sign_in(client, cast.clerk)
    made = files_of(cast)
    for _ in range(2):
        client.post(reverse("ledgers:upload", args=["package"]), form(cast, *made))
        drain()
    assert Version.objects.count() == 4


def test_two_files_for_one_slot_are_refused_and_nothing_is_kept(cast, client):
    sign_in(client, cast.clerk)
    answer = client.post(reverse("ledgers:upload", args=["classes"]), form(cast, *files_of(cast)))
    assert answer.status_code == 422
    assert "只能有一个文件" in answer.content.decode()
    assert not Version.objects.exists()


def test_the_api_takes_several_files(cast, client):
    header = {"HTTP_AUTHORIZATION": f"Token {issue_token(cast.clerk)}"}
    given = {**form(cast, *files_of(cast)), "ledger": "package"}
    answer = client.post("/api/v1/uploads/", given, **header)
    assert answer.status_code == 202, answer.content
    assert [set(one) for one in answer.json()["receipts"]] == [{"filing", "version", "job"}] * 2


def test_uploads_are_counted_per_school_by_page_and_api_alike(cast, client, settings):
    settings.RATES = {**settings.RATES, "upload": "2/hour"}
    sign_in(client, cast.clerk)
    header = {"HTTP_AUTHORIZATION": f"Token {issue_token(cast.clerk)}"}
    page = reverse("ledgers:upload", args=["classes"])
    assert client.post(page, form(cast, ("a.xlsx", workbook()))).status_code == 302
    assert client.post("/api/v1/uploads/", {**form(cast, ("b.xlsx", workbook())), "ledger": "classes"}, **header).status_code == 202
    answer = client.post(page, form(cast, ("c.xlsx", workbook())))
    assert answer.status_code == 429
    assert "分钟后再上传" in answer.content.decode()
    assert int(answer["Retry-After"]) > 0
    assert client.post("/api/v1/uploads/", {**form(cast, ("d.xlsx", workbook())), "ledger": "classes"}, **header).status_code == 429
    assert client.post(page, form(cast, ("e.xlsx", workbook()), school=cast.point.code)).status_code == 302


def race(*jobs):
    """Run the calls at the same moment, each in a thread of its own; their results in order."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(index, job):
        barrier.wait()
        try:
            results[index] = job()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def sending(cast, data, name="班级.xlsx", **more):
    given = {"county": cast.county, "ledger": "classes", "year": YEAR, "school": cast.school, "by": Actor.operator(), **more}
    return lambda: receive(data=data, name=name, **given)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_record_and_one_file():
    cast, data = make_cast(), workbook()
    receipts = race(*[sending(cast, data) for _ in range(4)])
    assert {receipt.version.pk for receipt in receipts} == {Version.objects.get().pk}
    assert sorted(receipt.repeated for receipt in receipts) == [False, True, True, True]
    assert StoredFile.objects.filter(purpose="ledger", erased_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_have_one_order_and_one_in_hand():
    cast = make_cast()
    datas = [workbook([["一年级", "1班", n]]) for n in (40, 41, 42)]
    receipts = race(*[sending(cast, data) for data in datas])
    assert sorted(receipt.version.number for receipt in receipts) == [1, 2, 3]
    drain()
    versions = list(Version.objects.order_by("number"))
    assert [version.state for version in versions] == [State.SUPERSEDED, State.SUPERSEDED, State.CHECKED]
    assert versions[0].filing.open_id == versions[2].pk


@pytest.mark.django_db(transaction=True)
def test_a_package_and_a_single_file_at_once_leave_one_version_in_hand():
    cast = make_cast()
    package = book(("班级情况", classes(cast.school)))
    race(sending(cast, package, ledger="package"), sending(cast, workbook()))
    drain()
    open_ones = Version.objects.filter(filing__ledger="classes", state__in=[State.CHECKED, State.FAULTY])
    assert open_ones.count() == 1
