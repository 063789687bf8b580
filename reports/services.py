"""Making papers from snapshots, finding them again, and verifying them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.secrets import keyed_hash
from files import store
from indicators import snapshots
from indicators.models import Snapshot
from jobs.models import Job
from jobs.queue import enqueue
from schools import access
from schools.models import County, School

from .definitions import REPORTS
from .document import Document
from .marks import code_in, mark_of
from .models import Paper
from .rendering import render_pdf
from .report import SCHOOL, BadOrder, CannotMake, Ground, Material, Report
from .workbook import render_xlsx

RULESETS = {"national": "全国口径", "local": "地方口径"}
TYPES = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True)
class Order:
    """What is asked for: report, county, year, and the choices that have defaults."""

    report: str
    county: County
    year: int
    format: str = "pdf"
    school: School | None = None
    standard: str = ""
    ruleset: str = "national"
    which: str = ""  # "" = the newest frozen snapshot, else the current one; "frozen"; "current"
    month: str = ""  # "2025-11", of reports that are made of a month
    item: str = ""  # of reports made of one item; none is yet


def find_report(code: str) -> Report:
    """The declared report. Raises BadOrder."""
    if code not in REPORTS:
        raise BadOrder(f"没有名为“{code}”的报表，可用的有：{'、'.join(REPORTS)}。")
    return REPORTS[code]


def snapshot_for(order: Order) -> Snapshot | Ground:
    """The newest frozen snapshot, else the current one (which prints the mark 草稿); of a month's report its own ground.

    Raises CannotMake.
    """
    report = find_report(order.report)
    if report.gather is not None:
        return report.gather(order.county, order.year, order.month)
    standard = order.standard or report.standards[0]
    frozen = None if order.which == "current" else _newest_frozen(order.county, standard, order.year)
    found = frozen or (None if order.which == "frozen" else snapshots.current(order.county, standard, order.year))
    if found is None:
        kind = "定版" if order.which == "frozen" else "计算"
        raise CannotMake(
            f"{order.county.name} {order.year}-{order.year + 1}学年还没有{kind}结果，请先完成审核并{kind}。"
        )
    return found


def _newest_frozen(county: County, standard: str, year: int) -> Snapshot | None:
    return next(iter(snapshots.frozen_list(county, standard, year)), None)


def produce(order: Order, *, by: Actor) -> Paper:
    """The paper, made now or found as made before; logged. Raises CannotMake in a Chinese sentence."""
    report = _checked(order)
    snapshot = snapshot_for(order)
    code = verification_code(order, report, snapshot)
    paper = Paper.objects.filter(code=code, format=order.format).select_related("file").first()
    if paper is None:
        document = build_document(order, report, snapshot, code)
        data = _RENDERERS[order.format](document, report, snapshot, mark_of(code))
        paper = _keep(order, snapshot, code, document, data, by)
    audit.record(
        "paper.made", by=by, county=order.county.code, object=f"paper/{paper.pk}", report=report.code,
        school=order.school.code if order.school else "", format=order.format, data_version=snapshot.data_version,
    )  # fmt: skip
    return paper


def build_document(order: Order, report: Report, snapshot: Snapshot | Ground, code: str = "") -> Document:
    """The paper's words and figures, from the snapshot (or its ground) alone, with footer and draft mark."""
    payload = snapshot.payload if isinstance(snapshot, Ground) else snapshots.payload(snapshot)
    material = Material(
        payload=payload, ruleset=payload.get("rulesets", {}).get(order.ruleset, {}), month=order.month, ruleset_name=RULESETS[order.ruleset],
        county_name=payload.get("county_name") or order.county.name, school=order.school.code if order.school else "",
        school_codes=frozenset(access.codes_of([order.school])) if order.school else frozenset(),
    )  # fmt: skip
    document = report.build(material)
    return replace(document, draft=not snapshot.frozen_at, footer=_footer(material, snapshot, code))


def _footer(material: Material, snapshot: Snapshot | Ground, code: str) -> tuple[str, ...]:
    if isinstance(snapshot, Ground):
        return (f"{snapshot.footer} · 校验码 {code}",)
    year = material.payload["year"]
    when = timezone.localtime(snapshot.frozen_at).strftime("%Y-%m-%d %H:%M") if snapshot.frozen_at else "未定版"
    return (
        f"{material.ruleset_name} · 统计时点 {year}-09-01 · 财政年度 {material.payload['fiscal_year']} · 数据版本 {snapshot.data_version}",
        f"定版时间 {when} · 校验码 {code}",
    )


def verification_code(order: Order, report: Report, snapshot: Snapshot | Ground) -> str:
    """A code no outsider can make up, the same for the same paper: XXXX-XXXX-XXXX-XXXX."""
    # The number and not the code, which may change: a paper made before a recoding is found again after it.
    school = str(order.school.pk) if order.school else ""
    # Freezing keeps the snapshot's number: the draft made before it is another paper than the final one.
    standing = "final" if snapshot.frozen_at else "draft"
    whole = "/".join(
        (report.code, order.county.code, str(order.year), school, order.ruleset, str(snapshot.pk), snapshot.fingerprint, standing)
    )
    digest = keyed_hash(f"paper/{whole}").upper()[:16]
    return "-".join(digest[i : i + 4] for i in range(0, 16, 4))


def verify(data: bytes) -> dict[str, str | int | None]:
    """Whether these bytes are a paper of this portal, unaltered, and of the newest frozen data (contracts: verify).

    An altered one still says of which paper it is a copy, if its mark was left in it.
    """
    paper = Paper.objects.filter(sha256=hashlib.sha256(data).hexdigest()).select_related("county", "snapshot").first()
    if paper is not None:
        return {"status": paper_status(paper), **_told(paper)}
    copied = paper_of_code(code) if (code := code_in(data)) else None
    if copied is None:
        return {"status": "unknown", "report": "", "county": "", "data_version": None}
    return {"status": "altered", **_told(copied)}


def _told(paper: Paper) -> dict[str, str | int]:
    return {"report": paper.report, "county": paper.county.code, "data_version": paper.data_version}


def paper_status(paper: Paper) -> str:
    """genuine, or superseded when a newer frozen snapshot of its standard and year stands (or it was a draft)."""
    if paper.snapshot_id is None:
        return "genuine" if not paper.draft and _still_says(paper) else "superseded"
    newest = _newest_frozen(paper.county, paper.snapshot.standard, paper.snapshot.year)
    return "genuine" if newest and newest.pk == paper.snapshot_id and not paper.draft else "superseded"


def _still_says(paper: Paper) -> bool:
    """Whether the registers would make the same paper of that month today."""
    order = Order(paper.report, paper.county, paper.year, school=paper.school, month=paper.variant)
    try:
        return verification_code(order, find_report(paper.report), snapshot_for(order)) == paper.code
    except CannotMake:
        return False


def _checked(order: Order) -> Report:
    report = find_report(order.report)
    if order.format not in report.formats:
        raise BadOrder(f"“{report.title}”没有 {order.format} 格式，可选：{'、'.join(report.formats)}。")
    if (report.scope == SCHOOL) != (order.school is not None):
        raise BadOrder(
            f"“{report.title}”{'需要指定学校' if report.scope == SCHOOL else '是全县报表，不能指定学校'}。"
        )
    if order.standard and order.standard not in report.standards:
        wanted = f"可选：{'、'.join(report.standards)}" if report.standards else "不用指定标准"
        raise BadOrder(f"“{report.title}”不适用于标准“{order.standard}”，{wanted}。")
    if order.month and not report.by_month:
        raise BadOrder(f"“{report.title}”是整个学年的报表，不能指定月份“{order.month}”。")
    if order.item:
        raise BadOrder(f"“{report.title}”是整份报表，不能只生成条目“{order.item}”。")
    if order.ruleset not in RULESETS:
        raise BadOrder(f"口径“{order.ruleset}”应为 national（全国）或 local（地方）。")
    return report


_RENDERERS = {
    "pdf": lambda document, report, snapshot, mark: render_pdf(document, report.template, mark=mark.encode()),
    "xlsx": lambda document, report, snapshot, mark: render_xlsx(document, snapshot.frozen_at or snapshot.created_at, mark),
}


def _keep(order: Order, snapshot: Snapshot | Ground, code: str, document: Document, data: bytes, by: Actor) -> Paper:
    name = f"{document.title}{'（草稿）' if document.draft else ''}.{order.format}"
    try:
        with transaction.atomic():
            return Paper.objects.create(
                report=order.report, title=document.title, county=order.county, school=order.school, variant=order.month,
                snapshot=None if isinstance(snapshot, Ground) else snapshot, own_year=order.year,
                ruleset=order.ruleset, format=order.format, draft=document.draft, code=code, data_version=snapshot.data_version,
                file=store.save(data, name=name, county=order.county.code, purpose="paper"),
                sha256=hashlib.sha256(data).hexdigest(), made_by=by.display_name,
            )  # fmt: skip
    except IntegrityError:
        # Two asked at once: the same code is the same paper, so the first one's bytes serve both.
        return Paper.objects.select_related("file").get(code=code, format=order.format)


def order_paper(order: Order, *, by: Actor) -> Job:
    """Put the making of a paper into the queue for a signed-in person; the same order waits only once."""
    _checked(order)
    snapshot_for(order)
    school = order.school
    args = {
        "user": by.user_id, "role": by.role, "report": order.report, "county": order.county.pk, "year": order.year,
        "format": order.format, "school": school.pk if school else None, "standard": order.standard, "ruleset": order.ruleset,
        "which": order.which, "month": order.month,
    }  # fmt: skip
    key = "/".join(str(value) for value in args.values())
    with transaction.atomic():
        return enqueue(
            "make_paper",
            key,
            args=args,
            county=order.county.code,
            school=school.code if school else "",
            owner=by.user_id,
        )


def papers_of(county: County, schools) -> QuerySet[Paper]:
    """The papers of a county that a person of these schools may have; `schools` None = all, county papers included."""
    papers = Paper.objects.filter(county=county).select_related("school", "file", "snapshot")
    return papers if schools is None else papers.filter(school__in=schools)


def papers_for(actor: Actor) -> QuerySet[Paper]:
    """The papers a person may have in all their counties."""
    counties = list(access.counties_of(actor))
    whole = [county.pk for county in counties if access.may(actor, "make_report", county=county)]
    schools = [s.pk for c in counties if c.pk not in whole for s in access.schools_of(actor, c, "make_report")]
    papers = Paper.objects.select_related("county", "school", "file", "snapshot")
    return papers.filter(Q(county__in=whole) | Q(school__in=schools))


def of_year(papers: QuerySet[Paper], year: int) -> QuerySet[Paper]:
    """Those of one school year."""
    return papers.filter(Q(own_year=year) | Q(own_year=None, snapshot__year=year))


def get_paper(actor: Actor, paper: str) -> Paper:
    """A paper this person may have: of a permitted school, or of a county with the right to its papers; else 404."""
    found = Paper.objects.select_related("county", "school", "file", "snapshot").filter(pk=paper).first()
    if found is None or not access.counties_of(actor).filter(pk=found.county_id).exists():
        raise Http404
    verb = REPORTS[found.report].verb
    allowed = (
        access.may(actor, verb, school=found.school) if found.school else access.may(actor, verb, county=found.county)
    )
    if not allowed:
        raise Http404
    return found


def making_of(user_id: int, job_id: int) -> Job:
    """One's own job of making a paper; 404 for any other."""
    found = Job.objects.filter(pk=job_id, owner_id=user_id, kind="make_paper").first()
    if found is None:
        raise Http404
    return found


def paper_of_code(code: str) -> Paper | None:
    """The paper a printed code names; the first made where PDF and Excel share it."""
    return Paper.objects.filter(code=code.upper()).select_related("county", "snapshot").order_by("made_at").first()
