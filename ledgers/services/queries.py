"""Reading filings: what an actor may see, who owes what, what waits for review. Foreign things answer 404."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from accounts.actor import Actor
from jobs.models import Job
from ledgers.definitions import LEDGERS, PACKAGE
from ledgers.models import UNDER_REVIEW, Filing, Round, State, Version
from ledgers.workflow import STEPS, configured_steps, next_step
from schools import access
from schools.models import County, PeriodKind, School
from schools.periods import default_fiscal_year

from .receiving import is_carrier

LOOKS = {
    State.RECEIVED: "move", State.CHECKING: "move", State.REFUSED: "fail", State.FAULTY: "fail", State.CHECKED: "warn",
    State.SUBMITTED: "move", State.HEAD_CONFIRMED: "move", State.TOWNSHIP_PASSED: "move", State.APPROVED: "pass",
    State.RETURNED: "fail", State.SUPERSEDED: "none",
}  # fmt: skip


SLOT_FIELDS = ("filing", "number", "state", "errors", "doubts", "groups", "explanations")


@dataclass(frozen=True)
class Slot:
    """One cell of the who-owes-what matrix: what the school's side sees of one ledger."""

    ledger: str
    filing_id: int | None = None
    number: int | None = None
    state: str = "none"
    title: str = "未填报"
    look: str = "none"
    stands: bool = False
    locked: bool = False
    errors: int = 0
    doubts: int = 0


@dataclass(frozen=True)
class MatrixRow:
    """A school (or the county itself: school None) and its slots by ledger code."""

    school: School | None
    slots: dict[str, Slot]


def visible_filings(actor: Actor) -> QuerySet[Filing]:
    """The filings the actor may see, newest change first; filtered in SQL."""
    filings = Filing.objects.select_related("county", "school", "period", "latest", "open", "standing").order_by("-changed_at", "-id")
    if access.is_unlimited(actor):
        return filings
    wanted = Q(pk__in=[])
    for county in access.counties_of(actor):
        if access.may(actor, "view_filing", county=county):
            wanted |= Q(county=county)
        else:
            wanted |= Q(county=county, school__in=access.schools_of(actor, county, "view_filing"))
            own = Version.objects.filter(uploaded_by=actor.user_id, filing__county=county, filing__school=None)
            wanted |= Q(pk__in=own.values("filing_id"))
    filings = filings.filter(wanted)
    limited = ledgers_of(actor)
    if limited is None:
        return filings
    sent = Version.objects.filter(uploaded_by=actor.user_id, filing__ledger=PACKAGE.code)
    return filings.filter(Q(ledger__in=limited) | Q(pk__in=sent.values("filing_id")))


def ledgers_of(actor: Actor) -> set[str] | None:
    """The ledger codes the actor is confined to (a 股室, a department); None when not confined."""
    if access.is_unlimited(actor):
        return None
    held = access.memberships_of(actor)
    if not held or any(not membership.ledgers for membership in held):
        return None
    return {code for membership in held for code in membership.ledgers}


def get_filing(actor: Actor, filing_id: int) -> Filing:
    """The filing, if the actor may see it; else 404."""
    filing = visible_filings(actor).filter(pk=filing_id).first()
    if filing is None:
        raise Http404
    return filing


def get_version(actor: Actor, filing_id: int, number: int) -> Version:
    """A version of a filing the actor may see; else 404. A county-wide workbook is its sender's and the county's only."""
    filing = get_filing(actor, filing_id)
    version = Version.objects.filter(filing=filing, number=number).select_related("file", "dataset", "carrier", "withdrawn_of", "restores").first()
    if version is None:
        raise Http404
    version.filing = filing
    if is_carrier(filing) and filing.school_id is None and version.uploaded_by != actor.user_id and not access.may(actor, "view_filing", county=filing.county):
        raise Http404
    return version


def filing_matrix(county: County, year: int, schools: Iterable[School]) -> list[MatrixRow]:
    """Who owes what for school year `year` (fiscal ledgers: its default fiscal year): rows of schools × ledger slots.

    The first row is the county's own ledgers. Two queries, whatever the number of schools.
    """
    schools = list(schools)
    filings: dict[tuple[int | None, str], Filing] = {
        (filing.school_id, filing.ledger): filing for filing in _of_year(county, year)
    }
    rows = []
    for school in [None, *schools]:
        scope = "county" if school is None else "school"
        codes = [code for code, ledger in LEDGERS.items() if ledger.scope == scope]
        key = school.pk if school else None
        rows.append(MatrixRow(school, {code: slot_of(filings.get((key, code)), code) for code in codes}))
    return rows if rows[0].slots else rows[1:]


def owed_ledgers(county: County, year: int) -> set[str]:
    """Codes of the ledgers schools owe for school year `year`: what the county's rounds ask, without rounds the yearly ones."""
    return _asked(county, year) or {code for code, ledger in LEDGERS.items() if ledger.due}


def _asked(county: County, year: int) -> set[str]:
    """What the county's rounds of a school year ask for."""
    rounds = Round.objects.filter(_clocks(year), county=county).values_list("ledgers", flat=True)
    return {code for codes in rounds for code in codes}


def due_ledgers(county: County, year: int, *, of_school: bool) -> list[str]:
    """Codes of the ledgers a package for school year `year` offers: those of the county's rounds, without rounds all.

    A school's package holds school ledgers only; the county's own holds both kinds.
    """
    asked = _asked(county, year)
    return [
        code for code, ledger in LEDGERS.items()
        if (not asked or code in asked) and (ledger.scope == "school" or not of_school)
    ]  # fmt: skip


def _clocks(year: int) -> Q:
    return Q(period__kind=PeriodKind.SCHOOL_YEAR, period__start__year=year) | Q(
        period__kind=PeriodKind.FISCAL_YEAR, period__start__year=default_fiscal_year(year)
    )


def _of_year(county: County, year: int) -> QuerySet[Filing]:
    # Only what a slot shows: the problem lists of hundreds of versions are megabytes.
    shown = [f"{side}__{field}" for side in ("latest", "open") for field in SLOT_FIELDS]
    found = Filing.objects.filter(_clocks(year), county=county).select_related("latest", "open")
    return found.only("county", "school", "ledger", "standing", "locked", *shown)


def slot_of(filing: Filing | None, ledger: str) -> Slot:
    """What to show of a slot: the version in hand, else what became of the latest, else nothing filed."""
    if filing is None or filing.latest is None:
        return Slot(ledger, filing.pk if filing else None, locked=bool(filing and filing.locked))
    shown = filing.open or filing.latest
    state, title, look = shown.state, shown.get_state_display(), LOOKS[shown.state]
    if shown.state == State.SUPERSEDED:
        state, title, look = ("approved", "已审核", "pass") if filing.standing_id else ("withdrawn", "已撤回", "none")
    elif shown.state == State.CHECKED:
        title, look = (f"有疑点 {shown.doubts}", "warn") if shown.unexplained else ("待报送", "warn")
    elif shown.state == State.FAULTY:
        title = f"有错误 {shown.errors}"
    return Slot(
        ledger, filing.pk, shown.number, state, title, look, bool(filing.standing_id), filing.locked, shown.errors, shown.doubts
    )


def review_queue(actor: Actor) -> list[tuple[Filing, str]]:
    """Filings under review whose next step is this actor's, oldest first: (filing, step title)."""
    waiting = visible_filings(actor).filter(open__state__in=UNDER_REVIEW).order_by("open__created_at")
    configured: dict[int, dict] = {}
    found = []
    for filing in waiting:
        steps = configured.setdefault(filing.county_id, configured_steps(filing.county_id))
        step = next_step(filing, filing.open.state, steps)
        if step:
            found.append((filing, step))
    rights: dict[tuple, bool] = {}
    return [(filing, STEPS[step][2]) for filing, step in found if _mine(actor, filing, step, rights)]


def _mine(actor: Actor, filing: Filing, step: str, rights: dict[tuple, bool]) -> bool:
    """One question per county (or school), not per filing."""
    right = STEPS[step][3]
    county_wide = ("county", filing.county_id, filing.ledger, right)
    if county_wide not in rights:
        rights[county_wide] = access.may(actor, right, county=filing.county, ledger=filing.ledger)
    if rights[county_wide] or filing.school is None:
        return rights[county_wide]
    own = ("school", filing.school_id, filing.ledger, right)
    if own not in rights:
        rights[own] = access.may(actor, right, school=filing.school, ledger=filing.ledger)
    return rights[own]


def history_of(filing: Filing) -> QuerySet[Version]:
    """All versions, newest first, with their steps."""
    return Version.objects.filter(filing=filing).select_related("withdrawn_of", "restores").prefetch_related(Prefetch("steps")).order_by("-number")


def job_of(version: Version) -> Job | None:
    """The job that checks (or checked) a version."""
    return Job.objects.filter(pk=version.job_id).first()


def get_job(actor: Actor, job_id: int) -> Job:
    """A job, for its owner and for those who may see the filing it works on; else 404."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise Http404
    if actor.user_id is not None and job.owner_id == actor.user_id:
        return job
    version = Version.objects.filter(pk=job.args.get("version") or 0, job_id=job.pk).first()
    if version is None or not visible_filings(actor).filter(pk=version.filing_id).exists():
        raise Http404
    return job
