"""零报告: "nothing of the kind here", said on purpose. A filing like any other, without a file and without rows."""
from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from ledgers.checking import Checked, crosscheck
from ledgers.ledger import SCHOOL
from ledgers.models import Channel, State, Version
from schools.models import County, School
from schools.periods import period_of

from .errors import BadRequest
from .receiving import add_version, clear_the_way, ledger_of, may_file, only_school, slot
from .settling import settle_part
from .steps import lock_filing
from .surroundings import context_of

ZERO = "零报告"


def report_zero(*, county: County, ledger: str, year: int, school: School | None, by: Actor) -> Version:
    """A checked version without rows; from there it is explained, submitted and approved as any other.

    What still speaks against it (an open case of the school, pupils last year's table named) is a doubt to be explained. Said
    again while the same zero report is the newest, it is the same version. Raises BadRequest, PermissionDenied, FilingLocked, WrongState.
    """
    declared = ledger_of(ledger)
    if not declared.may_be_none:
        raise BadRequest(f"《{declared.title}》不能报零报告：每所学校都有应报的内容，请上传工作簿。")
    may_file(by, county, school, ledger)
    school = school or only_school(by, county, declared)
    if declared.scope == SCHOOL and school is None:
        raise BadRequest("请先选定学校，再报零报告。")
    filing = slot(county=county, ledger=ledger, school=school, period=period_of(declared.clock, year))
    with transaction.atomic():
        filing = lock_filing(filing.pk)
        latest = Version.objects.filter(filing=filing).order_by("-number").first()
        if latest and latest.channel == Channel.ZERO and latest.state not in (State.RETURNED, State.SUPERSEDED):
            latest.filing = filing
            return latest
        clear_the_way(filing, by=by)
        version = add_version(filing, file=None, name=ZERO, channel=Channel.ZERO, by=by)
        version.filing = filing
        context = context_of(filing, allowed=None, without=[version.pk])
        part = Checked(declared, context.school, row_map={"sheets": [], "targets": {}})
        part.problems.extend(declared.check_part(part, context))
        part.problems.extend(crosscheck(part, context))
        settle_part(version, part)
        version.refresh_from_db()
    version.filing = filing
    return version
