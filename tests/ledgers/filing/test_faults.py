"""kill -9 between check and verdict, a claim lost meanwhile, and siblings that move."""
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from jobs.handlers import LostClaim
from jobs.models import Job
from jobs.runner import drain, run_job
from ledgers.models import State, Version
from ledgers.services import receive
from ledgers.services.examining import examine_version
from schools.models import Dataset, SchoolClass
from tests.factories import OPERATOR, make_cast

from .conftest import YEAR, workbook

HEADER = [
    "学校(机构)标识码", "学校名称", "办学类型", "举办者类型", "城乡类型", "乡镇(街道)", "建校年份", "是否寄宿制", "小学在校生数", "教学及辅助用房面积",
    "其中:室内体育用房面积", "体育运动场地面积", "教学仪器设备资产值", "网络多媒体教室",
]  # fmt: skip


def profile(cast) -> bytes:
    """向阳小学's profile: 119 pupils, no classes."""
    row = [cast.school.code, cast.school.name, "小学", "县级教育部门", "镇中心区", "城关镇", 2001, "否", 119, 2000, 0, 3000, 20, 10]
    return workbook([row], HEADER, "学校基本情况")


# A worker of its own against the test's database: it dies where the test says.
WORKER = """
import sys, time
import config.settings
config.settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from jobs import handlers, runner
from ledgers.services import examining, settling

def stop(*given):
    print("ready", flush=True)
    time.sleep(60)

if sys.argv[2] == "before":
    examining.lock_filing = stop
else:
    settling.announce_filing = stop
runner.run_next("check")
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "inside"])
def test_a_worker_killed_between_check_and_verdict_loses_and_doubles_nothing(moment):
    cast = make_cast()
    receipt = receive(county=cast.county, ledger="classes", year=YEAR, school=cast.school, data=workbook(), name="a.xlsx", by=OPERATOR)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "JOBS_LEASE_SECONDS": "1"}
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), moment], stdout=subprocess.PIPE, env=environment,
        cwd=settings.BASE_DIR, text=True,
    )  # fmt: skip
    assert worker.stdout.readline() == "ready\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert (Version.objects.get().state, Dataset.objects.count()) == (State.CHECKING, 0)
    Job.objects.filter(pk=receipt.job.pk).update(lease_until=timezone.now())
    run_job(receipt.job.pk)
    assert Version.objects.get().state == State.CHECKED
    assert (Dataset.objects.count(), SchoolClass.objects.count()) == (1, 3)
    assert Version.objects.get().steps.filter(verb="check").count() == 1


@pytest.mark.django_db
def test_a_run_that_lost_its_claim_writes_nothing(cast, send):
    version = send(check=False)

    def lost():
        raise LostClaim("taken over")

    with pytest.raises(LostClaim):
        examine_version(version.pk, apply=lost, progress=lambda *given: None)
    version.refresh_from_db()
    assert version.dataset is None
    assert not Dataset.objects.exists()


@pytest.mark.django_db
def test_a_version_replaced_while_it_was_checked_stays_replaced(cast, send):
    first = send(check=False)
    second = send(workbook([["一年级", "1班", 30]]), check=False)
    assert run_job(first.job_id).state == "done"
    run_job(second.job_id)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.SUPERSEDED, State.CHECKED)
    assert Dataset.objects.count() == 1


@pytest.mark.django_db
def test_a_checked_version_is_checked_again_when_its_sibling_moves(cast, send):
    checked = send(profile(cast), ledger="school_profile", name="基本情况.xlsx")
    assert "primary_classes" in missing(checked)
    send()  # the class list, 119 pupils as in the profile
    assert Job.objects.filter(kind="check_version", key=f"version/{checked.pk}", state="waiting").count() == 1
    drain(["check_version"])
    checked.refresh_from_db()
    assert "primary_classes" not in missing(checked)
    assert (checked.state, [step.verb for step in checked.steps.all()]) == (State.CHECKED, ["receive", "check", "recheck"])


@pytest.mark.django_db
def test_what_differs_from_the_sibling_is_an_error_of_the_later_one(cast, send):
    send(profile(cast), ledger="school_profile", name="基本情况.xlsx")
    later = send(workbook([["一年级", "1班", 33]]))
    assert later.state == State.FAULTY
    assert "differs-from-classes" in {problem["code"] for problem in later.problems}


def missing(version: Version) -> set[str]:
    return {problem["field"] for problem in version.problems if problem["code"] == "source-missing"}
