"""What is due and where it stands: the desk of a school, who owes what, filings of a school, the list of counties."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from django.apps import apps
from django.http import Http404
from django.utils import timezone

from accounts.actor import Actor
from indicators import snapshots
from indicators.models import Snapshot
from indicators.standards import STANDARDS
from jobs.models import Job
from ledgers.definitions import LEDGERS
from ledgers.models import Filing, Version
from ledgers.services import MatrixRow, Slot, filing_matrix, owed_ledgers, review_queue
from ledgers.services.queries import ledgers_of
from office.navigation import address
from schools import access, provenance
from schools.models import County, PeriodKind, School
from schools.numbers import exact, group_thousands, plain_text
from schools.periods import current_school_year
from schools.quantity import QUANTITIES, Quantity, SourceCell

# What to do next on a slot, by the state of its version: sentence, word on the button.
NEXT = {
    "none": ("还没有上传。下载模板填写，或直接上传学校现有的工作簿。", "上传"),
    "withdrawn": ("已撤回。请上传新的工作簿。", "上传"),
    "received": ("已接收，正在排队检查。", "看进度"),
    "checking": ("正在检查，稍后看结果。", "看进度"),
    "refused": ("文件没有被接收，请按提示另存或更正后重新上传。", "看原因"),
    "faulty": ("有 {errors} 处错误，请下载标注工作簿，改正后重新上传。", "看错误"),
    "checked": ("检查通过，还没有报送。", "去报送"),
    "submitted": ("已报送，等待审核。", "查看"),
    "head-confirmed": ("校长已审签，等待审核。", "查看"),
    "township-passed": ("中心校已初审，等待县级审核。", "查看"),
    "approved": ("已审核，数据正在使用。", "查看"),
    "returned": ("被退回修改，请看退回原因，改正后重新上传。", "看原因"),
}
# The same for those who look on while the clerk has to act.
OTHERS = {
    "none": "还没有上传。", "withdrawn": "已撤回，还没有重新上传。", "refused": "文件没有被接收，等填报员重新上传。",
    "faulty": "有 {errors} 处错误，等填报员改正。", "checked": "检查通过，等填报员报送。", "returned": "已退回，等填报员改正后重新上传。",
}  # fmt: skip
# The states in which the ball lies with the school.
OPEN_TASKS = ("none", "withdrawn", "refused", "faulty", "checked", "returned")


@dataclass(frozen=True)
class Task:
    """One slot on a desk: the ledger, where it stands, what to do next and where."""

    ledger: object
    slot: Slot
    next: str
    word: str
    url: str | None
    template_url: str | None
    mine: bool


def present_year(county: County, known: list[tuple[int, str]] | None = None) -> int:
    """The newest school year with results or filings; without any, the one that runs today."""
    years = [year for year, _ in (snapshots.years(county) if known is None else known)][:1]
    newest = Filing.objects.filter(county=county, period__kind=PeriodKind.SCHOOL_YEAR).order_by("-period__start")
    years += [start.year for start in newest.values_list("period__start", flat=True)[:1]]
    return max(years, default=current_school_year(timezone.localdate()))


def task_of(county: County, school: School | None, slot: Slot, year: int, *, may_file: bool) -> Task:
    sentence, word = NEXT.get(slot.state, NEXT["submitted"])
    if slot.state == "checked" and slot.title.startswith("有疑点"):
        sentence, word = f"有 {slot.doubts} 处疑点，请逐类说明后报送。", "说明疑点"
    if not may_file and slot.state in OTHERS:
        sentence, word = OTHERS[slot.state], "查看"
    if LEDGERS[slot.ledger].forms and may_file and slot.state == "none":
        sentence = "还没有上传。直接上传统计系统导出的工作簿即可，不必另填。"
    place = school.code if school else ""
    query = f"?county={county.code}&school={place}&year={year}"
    url = address("ledgers:filing", slot.filing_id) if slot.number else None
    if url is None and may_file and (upload := address("ledgers:upload", slot.ledger)):
        url = upload + query
    template = address("ledgers:template", slot.ledger)
    return Task(
        LEDGERS[slot.ledger], slot, sentence.format(errors=slot.errors), word, url,
        template + query if template else None, may_file and slot.state in OPEN_TASKS and not slot.locked,
    )  # fmt: skip


def desk(actor: Actor, county: County, year: int) -> dict:
    """The tasks of the schools (or the county) this actor files or confirms for, what lies with them first."""
    schools = list(access.schools_of(actor, county, "view_filing"))
    confined = ledgers_of(actor)
    whole, files = access.may(actor, "view_filing", county=county), access.may(actor, "file")
    groups, owed = [], owed_ledgers(county, year)
    for row in filing_matrix(county, year, schools):
        if row.school is None and not whole:
            continue
        may_file = files if row.school is not None else access.may(actor, "file", county=county)
        tasks = [
            task_of(county, row.school, s, year, may_file=may_file)
            for s in row.slots.values()
            if (confined is None or s.ledger in confined) and (row.school is None or s.ledger in owed or s.number)
        ]
        if tasks and not (whole and row.school is not None and len(schools) > 12):
            groups.append({"school": row.school, "tasks": tasks, "open": sum(t.mine for t in tasks)})
    return {"county": county, "groups": groups, "waiting": waiting(actor)}


def waiting(actor: Actor) -> list[dict]:
    """Filings that wait for this actor's step."""
    found = []
    for filing, step in review_queue(actor):
        found.append(
            {
                "filing": filing,
                "ledger": LEDGERS[filing.ledger],
                "step": step,
                "url": address("ledgers:filing", filing.pk),
            }
        )
    return found


def named_schools(actor: Actor, county: County) -> list[School]:
    """The schools whose filings this actor may see, with their names and codes only: pages list hundreds."""
    schools = access.schools_of(actor, county, "view_filing")
    return list(schools.select_related(None).only("county", "code", "name"))


def owing(actor: Actor, county: County, year: int) -> list[dict]:
    """Per ledger: how many schools stand, how many are on their way, who has not sent anything."""
    schools = named_schools(actor, county)
    rows: list[MatrixRow] = [r for r in filing_matrix(county, year, schools) if r.school is not None]
    found, owed = [], owed_ledgers(county, year)
    for code, ledger in LEDGERS.items():
        if ledger.scope != "school" or not rows or code not in owed:
            continue
        slots = [(r.school, r.slots[code]) for r in rows]
        found.append({
            "ledger": ledger, "total": len(slots), "stands": sum(s.stands for _, s in slots),
            "moving": sum(not s.stands and s.state not in OPEN_TASKS for _, s in slots),
            "owing": [school for school, s in slots if not s.stands and s.state in OPEN_TASKS],
        })  # fmt: skip
    return found


def filings_of_school(actor: Actor, county: County, school: School, year: int) -> list[Task]:
    """The school's slots of the year, for those who may see filings."""
    if not access.may(actor, "view_filing", school=school):
        return []
    may_file = access.may(actor, "file", school=school)
    rows = [r for r in filing_matrix(county, year, [school]) if r.school is not None]
    return [task_of(county, school, slot, year, may_file=may_file) for row in rows for slot in row.slots.values()]


def versions_of_school(actor: Actor, school: School, most: int = 20) -> list[dict]:
    """The latest versions received for the school, over all ledgers."""
    if not access.may(actor, "view_filing", school=school):
        return []
    versions = Version.objects.filter(filing__school=school).select_related("filing", "filing__period")
    return [
        {"version": v, "ledger": LEDGERS[v.filing.ledger], "url": address("ledgers:version", v.filing_id, v.number)}
        for v in versions.order_by("-id")[:most]
        if v.filing.ledger in LEDGERS
    ]


def source_rows(actor: Actor, sides: dict[str, list[SourceCell]], codes: dict[str, str]) -> dict[str, list[dict]]:
    """Where each value behind a figure stands: what it is, its file, sheet and cell, and the version's page if it is
    open to the actor. `sides`: the cells of "numerator" and "denominator"; `codes`: the quantity of each side."""
    places = provenance.locate_all([cell for cells in sides.values() for cell in cells])
    versions = Version.objects.filter(dataset_id__in={p.dataset_id for p in places})
    versions = versions.select_related("filing__school__county", "filing__county")
    urls = {v.dataset_id: address("ledgers:version", v.filing_id, v.number) for v in versions if _may_see(actor, v)}
    rows, rest = {}, iter(places)
    for side, cells in sides.items():
        quantity = QUANTITIES[codes[side]]
        rows[side] = [
            {
                "place": place,
                "item": _item(place.model, place.field),
                "value": _as_filed(place.model, place.field, place.text, quantity),
                "url": urls.get(place.dataset_id),
            }
            for place in islice(rest, len(cells))
        ]
    return rows


def _may_see(actor: Actor, version: Version) -> bool:
    filing = version.filing
    whole = {"school": filing.school} if filing.school else {"county": filing.county}
    return access.may(actor, "view_filing", ledger=filing.ledger, **whole)


# How a field is stored stands behind its name: in hundredths, fen, tenths, months.
_STORED = re.compile(r"[(（](0\.01㎡|分|0\.1|YYYYMM)[)）]$")
_UNITS = {"0.01㎡": (100, "㎡"), "分": (100, "元"), "0.1": (10, "")}


def _name(model: str, field: str) -> str:
    return str(apps.get_model(model)._meta.get_field(field).verbose_name)


def _item(model: str, field: str) -> str:
    """The field in words, without the note on how it is stored."""
    return _STORED.sub("", _name(model, field))


def _as_filed(model: str, field: str, text: str, quantity: Quantity) -> str:
    """A stored value as people write it: 413600 of 0.01 ㎡ → 4,136 ㎡; 760 tenths → 76; 201808 → 2018-08; True → 是."""
    if text in ("True", "False"):
        return "是" if text == "True" else "否"
    found = _STORED.search(_name(model, field))
    if not found or not text.lstrip("-").isdecimal():
        return text if not found and quantity.scale == 1 else _in_unit(text, quantity)
    if found[1] == "YYYYMM":
        return f"{text[:4]}-{text[4:]}"
    scale, unit = _UNITS[found[1]]
    return f"{group_thousands(plain_text(exact(text) / scale))} {unit}".strip()


def _in_unit(text: str, quantity: Quantity) -> str:
    """A stored integer of the least unit in the quantity's unit; other texts as they are."""
    if quantity.scale == 1 or not text.lstrip("-").isdecimal():
        return text
    return f"{group_thousands(plain_text(exact(text) / quantity.scale))} {quantity.unit}"


def county_rows(counties: list[County]) -> list[dict]:
    """The newest verdict of each standard for many counties, in one query."""
    found: dict[tuple[int, str], dict] = {}
    fields = ("county_id", "standard", "year", "verdict", "frozen_at")
    for row in Snapshot.objects.filter(county__in=counties).order_by("year", "-frozen_at", "id").values(*fields):
        found[row["county_id"], row["standard"]] = row
    return [{"county": c, "results": [(s, found.get((c.pk, code))) for code, s in STANDARDS.items()]} for c in counties]


def computing(county: County) -> Job | None:
    """The job that is making new results for the county, if one waits or runs."""
    live = (Job.State.WAITING, Job.State.RUNNING)
    jobs = Job.objects.filter(county_code=county.code, queue="compute", state__in=live)
    return jobs.order_by("-state", "id").first()


def get_job(actor: Actor, job_id: int) -> Job:
    """A computation of a county whose results the actor may see; else 404."""
    job = Job.objects.filter(pk=job_id, queue="compute").first()
    if job is None:
        raise Http404
    access.get_county(actor, job.county_code, "view_results")
    return job
