"""The cast and the helpers of filing."""

import pytest

from jobs.runner import run_job
from ledgers.models import Version
from ledgers.services import mend_cells
from tests.ledgers.filing.conftest import approve, cast, send  # noqa: F401


@pytest.fixture
def mended(cast):  # noqa: F811
    """mended(version, {("Sheet", "C5"): "40"}, by=…) -> the new version after its check."""

    def run(version, cells, by=None) -> Version:
        receipt = mend_cells(filing_id=version.filing_id, number=version.number, cells=cells, by=by or cast.actor(cast.clerk))
        run_job(receipt.job.pk)
        return Version.objects.select_related("filing").get(pk=receipt.version.pk)

    return run
