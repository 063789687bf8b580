"""The cast and the helpers of filing."""

import pytest

from jobs.runner import run_job
from ledgers.models import Version
from ledgers.services import Answer, answer_doubts
from tests.ledgers.filing.conftest import approve, cast, send  # noqa: F401


@pytest.fixture
def answered(cast):  # noqa: F811
    """answered(version, (kind, question, answer), …) -> the same version after its check."""

    def run(version, *answers, by=None) -> Version:
        given = [Answer(*answer) for answer in answers]
        job = answer_doubts(filing_id=version.filing_id, number=version.number, answers=given, by=by or cast.actor(cast.clerk))
        run_job(job.pk)
        return Version.objects.select_related("filing").get(pk=version.pk)

    return run
