"""Pages of filings: what is due, sending a workbook, its verdict, the verbs, the review queue."""
from __future__ import annotations

import re

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actor import Actor
from accounts.commands import FIRST_YEAR, LAST_YEAR
from accounts.middleware import passive
from accounts.throttle import wait_for
from files.serve import attachment
from files.store import StorageError
from jobs import queue
from jobs.handlers import Refused
from ledgers import verdicts
from ledgers.blanks import XLSX, template_response
from ledgers.definitions import LEDGERS, RECEIVED
from ledgers.forms import UploadForm, parse_cells
from ledgers.ledger import FISCAL_YEAR
from ledgers.models import Channel, State, Version
from ledgers.preview import preview
from ledgers.services import (
    FilingError,
    act,
    filing_matrix,
    get_filing,
    get_version,
    mend_cells,
    owed_ledgers,
    receive_many,
    report_zero,
    review_queue,
    visible_filings,
)
from ledgers.services.giving import give_marked, give_original, marked_name, order_marked
from ledgers.services.queries import LOOKS, job_of
from ledgers.services.surroundings import facts_year
from ledgers.showing import VersionPage
from ledgers.throttle import upload_key
from schools import access
from schools.models import County
from schools.periods import current_school_year, default_fiscal_year

MANY_SCHOOLS = 12


def _county(request: HttpRequest, actor: Actor) -> County:
    """`?county=`, else the first county the actor works in. 404 when there is none."""
    asked = request.GET.get("county") or request.POST.get("county")
    if asked:
        return access.get_county(actor, asked)
    county = access.counties_of(actor).first()
    if county is None:
        raise Http404
    return county


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if re.fullmatch(r"\d{4}", asked) and FIRST_YEAR <= int(asked) <= LAST_YEAR else current_school_year(timezone.localdate())


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What this person owes or may look at: per school, each ledger with its state and the next thing to do."""
    actor = access.actor_of(request)
    if not access.may(actor, "view_filing"):
        raise PermissionDenied("您的角色不办理台账填报。")
    county, year = _county(request, actor), _year(request)
    schools = list(access.schools_of(actor, county, "view_filing"))
    whole = access.may(actor, "view_filing", county=county)
    rows = [row for row in filing_matrix(county, year, schools if len(schools) <= MANY_SCHOOLS else []) if row.school or whole]
    context = {
        "county": county, "year": year, "years": range(year + 1, year - 6, -1), "rows": rows, "ledgers": LEDGERS, "many": len(schools) > MANY_SCHOOLS,
        "owed": owed_ledgers(county, year), "may_file": access.may(actor, "file"), "school_ledgers": [x for x in LEDGERS.values() if x.scope == "school"],
    }  # fmt: skip
    return render(request, "ledgers/mine.html", context)


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """待我办理: the versions whose next step is this actor's, and requests to unlock."""
    actor = access.actor_of(request)
    waiting = [(filing, step, RECEIVED[filing.ledger].title) for filing, step in review_queue(actor)]
    asked = visible_filings(actor).filter(unlock_requested=True) if access.may(actor, "lock") else []
    page = Paginator(waiting, 50).get_page(request.GET.get("page"))
    unlocks = [(filing, RECEIVED[filing.ledger].title) for filing in asked]
    return render(request, "ledgers/inbox.html", {"page": page, "unlocks": unlocks})


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, ledger: str) -> HttpResponse:
    """One form; the answer is the version's page, where the verdict will stand."""
    actor = access.actor_of(request)
    declared = RECEIVED.get(ledger)
    if declared is None:
        raise Http404
    if not any(access.may(actor, "file", ledger=one.code) for one in declared.carries or (declared,)):
        raise PermissionDenied("您的角色不能填报这份台账。")
    county, year = _county(request, actor), _year(request)
    given = {"actor": actor, "county": county, "ledger": declared, "year": year}
    # Pages speak of school years; a fiscal ledger means the last fiscal year closed by then.
    first = default_fiscal_year(year) if declared.clock == FISCAL_YEAR else year
    form = UploadForm(initial={"school": request.GET.get("school", ""), "year": first}, **given)
    status = 200
    if request.method == "POST":
        form, status = UploadForm(request.POST, request.FILES, **given), 422
        if form.is_valid() and (wait := wait_for("upload", _sender(actor, county, form.cleaned_data.get("school")))):
            return _too_many(request, wait)
        receive_files = _zero if "zero" in request.POST else _received
        if form.is_valid() and (versions := receive_files(form, actor, county, ledger)):
            return _answer(request, versions)
    return render(request, "ledgers/upload.html", {"form": form, "ledger": declared, "county": county, "year": year}, status=status)


def _sender(actor: Actor, county: County, school: str | None) -> str:
    """Whose uploads are counted: the school's, or the person's where no school was chosen."""
    return upload_key(county.code, school or "", actor)


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "429.html", {"minutes": -(-seconds // 60)}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _answer(request: HttpRequest, versions: list[Version]) -> HttpResponse:
    """The page of the version, or of all that were received together."""
    if len(versions) == 1:
        return redirect("ledgers:version", versions[0].filing_id, versions[0].number)
    found = ",".join(f"{version.filing_id}-{version.number}" for version in versions)
    return redirect(f"{reverse('ledgers:received')}?versions={found}")


@require_GET
@passive
def received(request: HttpRequest) -> HttpResponse:
    """The files that were sent together, each with its receipt and where it stands."""
    actor = access.actor_of(request)
    pairs = re.findall(r"(\d{1,12})-(\d{1,6})", request.GET.get("versions", ""))[: settings.LEDGER_UPLOAD_FILES]
    if not pairs:
        raise Http404
    versions = [get_version(actor, int(filing), int(number)) for filing, number in pairs]
    rows = [(version, RECEIVED[version.filing.ledger], LOOKS[version.state]) for version in versions]
    running = any(version.state in (State.RECEIVED, State.CHECKING) for version in versions)
    return render(request, "ledgers/received.html", {"rows": rows, "running": running})


def _zero(form: UploadForm, actor: Actor, county: County, ledger: str) -> list[Version]:
    """零报告 instead of a file; a refusal becomes the form's error."""
    data = form.cleaned_data
    school = access.get_school(actor, county, data["school"]) if data.get("school") else None
    try:
        return [report_zero(county=county, ledger=ledger, year=data["year"], school=school, by=actor)]
    except FilingError as error:
        form.add_error(None, str(error))
        return []


def _received(form: UploadForm, actor: Actor, county: County, ledger: str) -> list[Version]:
    """Receive the form's files; a refusal becomes the form's error."""
    data = form.cleaned_data
    school = access.get_school(actor, county, data["school"]) if data.get("school") else None
    try:
        receipts = receive_many(
            [(file.name, file.read()) for file in data["file"]], county=county, ledger=ledger, year=data["year"], school=school,
            channel=Channel.BROWSER, by=actor,
        )  # fmt: skip
    except (FilingError, StorageError) as error:
        form.add_error("file", str(error))
        return []
    return [receipt.version for receipt in receipts]


@require_GET
def filing(request: HttpRequest, filing: int) -> HttpResponse:
    """The slot's present version; a slot nobody filled leads to the upload."""
    found = get_filing(access.actor_of(request), filing)
    shown = found.open or found.latest
    if shown is None:
        school = found.school.code if found.school else ""
        target = redirect("ledgers:upload", found.ledger)
        target["Location"] += f"?county={found.county.code}&school={school}&year={facts_year(found.period)}"
        return target
    return redirect("ledgers:version", found.pk, shown.number)


@require_GET
def version(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """Progress while it is checked; then counts, problems, doubts to explain, the preview and what may be done."""
    actor = access.actor_of(request)
    found = get_version(actor, filing, number)
    page = VersionPage(found, actor)
    return render(request, "ledgers/version.html", {"page": page, "version": found, "filing": found.filing, **page.context()})


@require_GET
def progress(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """The progress line of a check, for htmx."""
    found = get_version(access.actor_of(request), filing, number)
    job = job_of(found)
    if job is None:
        raise Http404
    return render(request, "components/progress.html", {"job": job, "place": max(0, queue.place(job) - 1), "progress_url": request.path, "title": "检查台账"})


@require_GET
def show_preview(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """What approving would change, computed now."""
    found = get_version(access.actor_of(request), filing, number)
    template = "ledgers/_preview.html" if request.htmx else "ledgers/preview.html"
    return render(request, template, {"preview": preview(found), "version": found, "filing": found.filing, "ledger": RECEIVED[found.filing.ledger]})


@require_GET
def problems(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """The whole list of problems (or of one rule), paged."""
    actor = access.actor_of(request)
    found = get_version(actor, filing, number)
    listed, _ = verdicts.whole_lists(found)
    group = next((g for g in found.groups if g["key"] == request.GET.get("rule")), None)
    if group:
        listed = [p for p in listed if all(p[name] == group[name] for name in ("level", "code", "sheet", "field"))]
    page = Paginator(listed, 100).get_page(request.GET.get("page"))
    may_mend = VersionPage(found, actor).may_mend()
    return render(request, "ledgers/problems.html", {"page": page, "may_mend": may_mend, "group": group, "version": found, "filing": found.filing, "ledger": RECEIVED[found.filing.ledger]})


@require_POST
def do(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """A verb from the version's page: named by the button, on the version the page showed."""
    actor = access.actor_of(request)
    found = get_version(actor, filing, number)
    verb = request.POST.get("verb", "")
    texts = {name[6:]: text for name, text in request.POST.items() if name.startswith("doubt-") and text.strip()}
    if verb == "explain" and not texts:
        messages.error(request, "没有填写任何说明，请写明疑点数据为什么是正确的。")
        return redirect("ledgers:version", filing, number)
    try:
        moved = act(
            verb, filing=found.filing, number=number, by=actor, reason=request.POST.get("reason", ""),
            cells=parse_cells(request.POST.get("cells", "")), texts=texts,
        )  # fmt: skip
    except FilingError as error:
        messages.error(request, str(error))
        return redirect("ledgers:version", filing, number)
    messages.success(request, _done(verb, actor, filing))
    if verb == "withdraw" and moved and moved[0].filing_id == filing and moved[0].number != number:
        number = moved[0].number
    return redirect("ledgers:version", filing, number)


def _done(verb: str, actor: Actor, filing: int) -> str:
    """What was done; whoever reviews is also told how many wait and led to the next, without the way through the list."""
    said = DONE.get(verb, "已办理。")
    if verb not in ("confirm", "pass", "approve", "return"):
        return said
    waiting = [one for one, _ in review_queue(actor) if one.pk != filing]
    if not waiting:
        return f"{said}没有别的台账等您办理。"
    following = waiting[0]
    name = f"{following.school.name if following.school else following.county.name}《{RECEIVED[following.ledger].title}》"
    return format_html('{} 还有 {} 份等您办理，<a href="{}">下一份：{} ›</a>', said, len(waiting), reverse("ledgers:filing", args=[following.pk]), name)


@require_POST
def mend(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """Cells changed in the browser; the answer is the page of the new version."""
    actor = access.actor_of(request)
    get_version(actor, filing, number)
    cells = {}
    for name, text in request.POST.items():
        sheet, mark, cell = name.removeprefix("cell:").rpartition("!")
        if name.startswith("cell:") and mark and text.strip():
            cells[sheet, cell] = text
    try:
        receipt = mend_cells(filing_id=filing, number=number, cells=cells, by=actor)
    except (FilingError, StorageError) as error:
        messages.error(request, str(error))
        return redirect("ledgers:version", filing, number)
    messages.success(request, f"已改正 {len(cells)} 个单元格，成为第 {receipt.version.number} 版，正在重新检查。原文件保留在历史版本中。")
    return redirect("ledgers:version", filing, receipt.version.number)


DONE = {
    "explain": "疑点说明已保存。", "submit": "已报送，等待审核。", "confirm": "已审签。", "pass": "初审已通过。", "approve": "已审核通过，指标将自动重新计算。",
    "return": "已退回学校修改。", "withdraw": "已撤回。", "lock": "已锁定。", "unlock": "已解锁。", "request-unlock": "已提交解锁申请。",
}  # fmt: skip


@require_GET
def original(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """The file as it was received, bit for bit; logged."""
    actor = access.actor_of(request)
    found = get_version(actor, filing, number)
    try:
        return attachment(give_original(found, by=actor), name=found.file_name)
    except LookupError as error:
        raise Http404 from error


@require_http_methods(["GET", "POST"])
def marked(request: HttpRequest, filing: int, number: int) -> HttpResponse:
    """The workbook with its problems marked; POST orders it when it is large."""
    actor = access.actor_of(request)
    found = get_version(actor, filing, number)
    if request.method == "POST":
        order_marked(found, by=actor)
        messages.success(request, "正在标注工作簿，完成后可在本页下载。")
        return redirect("ledgers:version", filing, number)
    try:
        return attachment(give_marked(found, by=actor), name=marked_name(found), content_type=XLSX)
    except LookupError as error:
        raise Http404 from error
    except Refused as error:
        messages.error(request, str(error))
        return redirect("ledgers:version", filing, number)


@require_GET
def template(request: HttpRequest, ledger: str) -> HttpResponse:
    """The blank workbook."""
    return template_response(access.actor_of(request), ledger, request.GET)
