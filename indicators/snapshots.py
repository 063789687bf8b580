"""Making, finding, freezing and reading snapshots. Pages, papers and the API read them; nothing else computes."""
from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from indicators import payload as papers
from indicators.changes import record_changes
from indicators.contents import content_of
from indicators.engine import ENGINE, Engine
from indicators.models import Snapshot, SnapshotDataset
from indicators.standard import Standard
from indicators.standards import STANDARDS
from jobs import outbox
from jobs.collector import collector_paused
from schools.datasets import lock_county
from schools.factset import FactSet, SchoolRef, as_of_now, set_of, standing_set
from schools.models import County, School
from schools.parameters import ParameterSet, resolve
from schools.periods import census_day
from schools.quantity import QUANTITIES, SourceCell

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
REPLACED = "这次计算的结果已被新的计算代替，请打开最新结果后再定版。"
CURRENT = {"frozen_at__isnull": True, "replaced_at__isnull": True}


class NotFrozen(Exception):
    """The snapshot cannot be frozen now; the message is a whole Chinese sentence."""


@dataclass(frozen=True)
class Working:
    """What a result is made from: the facts, the rules in force, and the marks of both."""

    standard: Standard
    facts: FactSet
    parameters: ParameterSet

    @cached_property
    def rules_mark(self) -> str:
        """Equal for equal local rules, standard and engine."""
        return _digest(self.parameters.changed(), self.parameters.dated(), repr(self.standard), ENGINE)

    @cached_property
    def fingerprint(self) -> str:
        """Equal for equal facts, schools, fiscal year and rules."""
        return _digest(self.facts.fingerprint(), self.rules_mark)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def rules_day(year: int, today: dt.date | None = None) -> dt.date:
    """The day whose local rules hold for a school year: today within it, its census day before, its last day after."""
    today = today or timezone.localdate()
    return max(census_day(year), min(today, census_day(year + 1) - dt.timedelta(days=1)))


def parameters_for(county: County, year: int) -> ParameterSet:
    """The rules in force for a county's school year."""
    return resolve(county.code, rules_day(year))


def working(
    county: County, standard_codes: Sequence[str], year: int, fiscal_year: int | None = None,
    parameters: ParameterSet | None = None,
) -> list[Working]:
    """What stands now, for each standard. Raises LookupError for a standard nobody declares."""
    for code in standard_codes:
        if code not in STANDARDS:
            raise LookupError(f"没有代码为“{code}”的标准，可用的有：{'、'.join(STANDARDS)}。")
    # Rules first: a change after this only makes the label too old, which shows as out of date, never as fresh.
    rules = parameters if parameters is not None else parameters_for(county, year)
    facts = standing_set(county, year, fiscal_year)
    return [Working(STANDARDS[code], facts, rules) for code in standard_codes]


def evaluate_set(standard_code: str, facts: FactSet, parameters: ParameterSet) -> dict:
    """The rulesets {"national", "local"} of any set of facts, for previews and what-if; nothing is written."""
    both = Engine(facts, parameters).both(STANDARDS[standard_code])
    return {"national": both["national"], "local": both["local"] or both["national"]}


@dataclass(frozen=True)
class Prepared:
    """A result not yet stored; `content` None when the stored one has the same fingerprint."""

    county: County
    work: Working
    content: dict | None

    @property
    def slot(self) -> dict:
        facts = self.work.facts
        return {"county": self.county, "standard": self.work.standard.code, "year": facts.year,
                "fiscal_year": facts.fiscal_year}


def prepare(
    county: County, standard_codes: Sequence[str], year: int, fiscal_year: int | None = None,
    parameters: ParameterSet | None = None,
) -> Iterator[Prepared]:
    """Compute what stands now, outside any lock; the standards share one reading of the facts.

    Raises LookupError for an unknown standard.
    """
    engine = None
    for work in working(county, standard_codes, year, fiscal_year, parameters):
        known = Prepared(county, work, None)
        if Snapshot.objects.filter(**known.slot, fingerprint=work.fingerprint, **CURRENT).exists():
            yield known
            continue
        engine = engine or Engine(work.facts, work.parameters)
        yield replace(known, content=_content(county, work, engine))


def store(prepared: Prepared) -> Snapshot:
    """Make a prepared result current, in one transaction under the county lock.

    Kept instead: the current snapshot when it is the same, or was made from newer facts. Logs the figures that moved
    and announces `snapshot_made`.
    """
    with transaction.atomic():
        lock_county(prepared.county)
        held = Snapshot.objects.filter(**prepared.slot, **CURRENT).first()
        facts, mark = prepared.work.facts, prepared.work.fingerprint
        if held and held.fingerprint == mark:
            if held.data_version < facts.data_version:
                Snapshot.objects.filter(pk=held.pk).update(data_version=facts.data_version)
                held.data_version = facts.data_version
            return held
        if held and held.data_version > facts.data_version:
            return held  # another worker was faster, with newer facts
        return _replace(prepared, held)


def _replace(prepared: Prepared, held: Snapshot | None) -> Snapshot:
    work = prepared.work
    content = prepared.content or _content(prepared.county, work, Engine(work.facts, work.parameters))
    national = content["rulesets"]["national"]
    before = held or Snapshot.objects.filter(**prepared.slot).first()
    old = before.payload["rulesets"]["national"] if before else None
    if held:
        _drop(held)
    snapshot = Snapshot.objects.create(
        **prepared.slot, data_version=work.facts.data_version, fingerprint=work.fingerprint,
        rules_mark=work.rules_mark, engine=ENGINE, verdict=national["verdict"],
        complete=national["complete"] and _local(content)["complete"], payload=content,
    )
    SnapshotDataset.objects.bulk_create(
        [SnapshotDataset(snapshot=snapshot, dataset_id=i) for i in work.facts.reach], batch_size=2000
    )
    if old is not None:
        record_changes(snapshot, old, national)
    county = prepared.county.code
    outbox.announce("snapshot_made", f"{county}/{work.facts.year}/{work.standard.code}", county=county,
                    snapshot=snapshot.pk)
    return snapshot


def _drop(held: Snapshot) -> None:
    """Delete what was current, or mark it replaced while a paper refers to it."""
    try:
        with transaction.atomic():
            held.delete()
    except ProtectedError:
        Snapshot.objects.filter(pk=held.pk).update(replaced_at=timezone.now())


def compute(
    county: County, standard_code: str, year: int, fiscal_year: int | None = None,
    parameters: ParameterSet | None = None,
) -> Snapshot:
    """Compute what stands now and make it current; equal facts and rules keep the current snapshot.

    Raises LookupError for an unknown standard.
    """
    return store(next(prepare(county, [standard_code], year, fiscal_year, parameters)))


def _content(county: County, work: Working, engine: Engine) -> dict:
    with collector_paused():
        return _made(county, work, engine)


def _made(county: County, work: Working, engine: Engine) -> dict:
    facts = work.facts
    return {
        "county_name": county.name, "title": work.standard.title, "document": work.standard.document,
        "year_label": f"{facts.year}-{facts.year + 1}学年", "fiscal_year_label": f"{facts.fiscal_year}年度",
        "rules_day": rules_day(facts.year).isoformat(),
        "indicators": papers.indicators(work.standard, QUANTITIES, engine.indicators(work.standard)),
        "rulesets": engine.both(work.standard),
    }


def _local(content: dict) -> dict:
    return content["rulesets"]["local"] or content["rulesets"]["national"]


def freeze(snapshot: Snapshot, by: Actor) -> Snapshot:
    """定版: this result never changes again. Freezing a frozen one, or the same result again, changes nothing.

    Raises NotFrozen when figures are missing or the facts have moved since.
    """
    with transaction.atomic():
        lock_county(snapshot.county_id)
        held = Snapshot.objects.filter(pk=snapshot.pk).select_related("county").first()
        if held is None:
            raise NotFrozen(REPLACED)
        if held.is_frozen:
            return held
        if held.replaced_at:
            raise NotFrozen(REPLACED)
        if not held.complete:
            raise NotFrozen(_what_is_missing(held))
        if is_stale(held):
            raise NotFrozen("计算之后数据或规则又有变动，请等待重新计算完成后再定版。")
        same = Snapshot.objects.filter(
            county=held.county_id, standard=held.standard, year=held.year, fiscal_year=held.fiscal_year,
            fingerprint=held.fingerprint, frozen_at__isnull=False,
        ).first()
        if same:
            return same
        held.frozen_at = timezone.now()
        held.frozen_by = by.display_name or by.username
        held.save(update_fields=["frozen_at", "frozen_by"])
        audit.record(
            "snapshot.frozen", by=by, county=held.county.code, object=f"snapshot/{held.pk}", standard=held.standard,
            year=held.year, fiscal_year=held.fiscal_year, data_version=held.data_version, verdict=held.verdict,
            fingerprint=held.fingerprint,
        )
    return held


def _what_is_missing(snapshot: Snapshot) -> str:
    content = content_of(snapshot).payload
    missing = content["rulesets"]["national"]["missing"] or _local(content)["missing"]
    schools = list(dict.fromkeys(entry["name"] for entry in missing))
    if not schools:
        return "本学年没有纳入评估的学校，不能定版；请先核对学校名录和在校生数。"
    named = "、".join(schools[:5]) + ("等" if len(schools) > 5 else "")
    return f"还有 {len(schools)} 所学校的数据没有审核通过（{named}），当前为暂算值，不能定版；请先补齐数据。"


def stored() -> QuerySet[Snapshot]:
    """All results with their counties, their content left where it is until asked for."""
    return Snapshot.objects.select_related("county").defer("payload")


def current(county: County, standard_code: str, year: int, fiscal_year: int | None = None) -> Snapshot | None:
    """The newest result: the one that is not frozen, else the last frozen one; None before the first computation."""
    found = stored().filter(county=county, standard=standard_code, year=year)
    if fiscal_year is not None:
        found = found.filter(fiscal_year=fiscal_year)
    frozen = found.filter(frozen_at__isnull=False)
    return found.filter(**CURRENT).first() or frozen.order_by("-frozen_at", "-id").first()


def verdicts(counties: Iterable[County]) -> dict[tuple[int, str], dict]:
    """(county id, standard code) -> {"year", "verdict", "complete", "frozen_at"} of the newest result, in one query."""
    kept = Snapshot.objects.filter(county__in=list(counties)).exclude(frozen_at__isnull=True, replaced_at__isnull=False)
    rows = kept.values("county_id", "standard", "year", "verdict", "complete", "frozen_at", "id")
    order = sorted(rows, key=lambda r: (r["year"], r["frozen_at"] is None, r["frozen_at"] or NEVER, r["id"]))
    return {(r["county_id"], r["standard"]): r for r in order}


def frozen_list(county: County, standard_code: str, year: int) -> list[Snapshot]:
    """The frozen results, newest first."""
    found = stored().filter(county=county, standard=standard_code, year=year, frozen_at__isnull=False)
    return list(found.order_by("-frozen_at", "-id"))


def years(county: County) -> list[tuple[int, str]]:
    """(year, standard code) of every result there is, newest year first, standards in their declared order."""
    order = {code: number for number, code in enumerate(STANDARDS)}
    found = set(Snapshot.objects.filter(county=county).values_list("year", "standard"))
    return sorted(found, key=lambda pair: (-pair[0], order.get(pair[1], len(order))))


def is_stale(snapshot: Snapshot) -> bool:
    """Whether the facts or rules that would be computed now are others (已过期); derived on reading, never pushed."""
    if snapshot.standard not in STANDARDS:
        return False
    county = County.objects.get(pk=snapshot.county_id)
    parameters = parameters_for(county, snapshot.year)
    rules_mark = _digest(parameters.changed(), parameters.dated(), repr(STANDARDS[snapshot.standard]), ENGINE)
    if rules_mark != snapshot.rules_mark:
        return True
    if county.data_version == snapshot.data_version:
        return False  # nothing moved at all: pages ask this on every view
    work = working(county, [snapshot.standard], snapshot.year, snapshot.fiscal_year, parameters)[0]
    return work.fingerprint != snapshot.fingerprint


def dataset_ids(snapshot: Snapshot) -> list[int]:
    """Ids of the datasets the result stands on."""
    return content_of(snapshot).datasets


def payload(snapshot: Snapshot) -> dict:
    """The contract JSON of the `snapshot` command and the API, with what pages and papers need beside it.

    To be read, never changed: other readers share its parts.
    """
    content = content_of(snapshot).payload
    return {
        "standard": snapshot.standard, "county": snapshot.county.code, "county_name": content["county_name"],
        "year": snapshot.year, "fiscal_year": snapshot.fiscal_year, "data_version": snapshot.data_version,
        "engine": snapshot.engine, "frozen": snapshot.is_frozen,
        "frozen_at": timezone.localtime(snapshot.frozen_at).isoformat() if snapshot.frozen_at else None,
        "frozen_by": snapshot.frozen_by, "snapshot": snapshot.pk, "fingerprint": snapshot.fingerprint,
        "title": content["title"], "document": content["document"], "year_label": content["year_label"],
        "fiscal_year_label": content["fiscal_year_label"], "rules_day": content["rules_day"],
        "datasets": dataset_ids(snapshot), "indicators": content["indicators"],
        "rulesets": {"national": content["rulesets"]["national"], "local": _local(content)},
    }


def sources(snapshot: Snapshot, ruleset: str, school_code: str, stage: str, indicator: str) -> dict:
    """The cells behind one figure: {"numerator": [SourceCell], "denominator": [SourceCell], "split": {…} | None}.

    Read from the snapshot's own datasets, whatever stands today. Raises LookupError for a figure it does not hold.
    """
    content = content_of(snapshot).payload
    rules = content["rulesets"][ruleset] or content["rulesets"]["national"]
    row = next((r for r in rules["schools"] if r["code"] == school_code and r["stage"] == stage), None)
    if row is None or indicator not in row["indicators"]:
        raise LookupError(f"snapshot {snapshot.pk} has no figure {indicator} for {school_code} {stage}")
    facts = set_of(snapshot.county, snapshot.year, snapshot.fiscal_year, dataset_ids(snapshot))
    school = next((s for s in facts.schools if s.code == school_code), None) or _called(facts, snapshot.county, school_code)
    if school is None:
        raise LookupError(f"the register knows no school {school_code}")
    if school.id not in facts.school_by_id:  # closed since, with a date before that census
        facts = replace(facts, schools=(*facts.schools, school))
    # The rules it was made under, whatever holds today.
    parameters = ParameterSet.from_plain(rules["local_rules"])
    item = next(i for i in content["indicators"] if i["code"] == indicator)

    def cells(side: str) -> list[SourceCell]:
        quantity = QUANTITIES[item[side]["code"]]
        own_stage = stage if quantity.by == "stage" else ""
        return list(quantity.cells(facts, parameters, school.id, own_stage))

    return {
        "numerator": cells("numerator"), "denominator": cells("denominator"),
        "split": row["indicators"][indicator]["split"],
    }


def _called(facts: FactSet, county: County, code: str) -> SchoolRef | None:
    """The school that once had this code; one closed or re-dated since is taken as it is now."""
    known = School.objects.filter(county=county).filter(Q(versions__code=code) | Q(code=code) | Q(aliases__kind="code", aliases__text=code)).first()
    return facts.school_by_id.get(known.pk) or as_of_now(known) if known else None


def visible(content: dict, school_codes: set[str]) -> dict:
    """A payload as a school's own people may see it: the rows of their schools; nothing of the county or of others."""
    return {
        **content,
        "rulesets": {name: _own(rules, school_codes) for name, rules in content["rulesets"].items()},
    }


def _own(rules: dict, school_codes: set[str]) -> dict:
    return {
        **rules,
        "schools": [row for row in rules["schools"] if row["code"] in school_codes],
        "missing": [entry for entry in rules["missing"] if entry["school"] in school_codes],
        "left_out": [entry for entry in rules["left_out"] if entry["school"] in school_codes],
        "county": [], "composite": [], "stages": [], "items": [], "parts": {}, "applying": None, "begun": False, "verdict": None,
    }
