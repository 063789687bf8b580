"""Every named address of the portal, and for each the arguments that lead to 清河县's own objects."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from dropout.models import Child, Flag, MatchFinding, MatchRun
from dropout.services import cases
from dropout.services.care import pair, set_tag
from dropout.services.gifts import record_gift
from dropout.services.heads import assign_head, sign_pledge
from dropout.services.systems import save_system
from evidence.models import EvidenceDocument
from evidence.services import add_document
from indicators import snapshots
from jobs.models import Job
from jobs.runner import drain
from ledgers.models import Filing
from ledgers.services import receive
from reports.models import Paper
from reports.services import Order, order_paper, produce
from schools import access, datasets
from schools.memberships import give_membership
from schools.models import County, LocalRule, Membership, School
from schools.periods import school_year
from schools.rules import set_local_rule
from tests.dropout.world import make_child
from tests.factories import OPERATOR, make_person

from . import county as written


def named(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespaces."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"the address {entry.pattern} has no name"
            yield space + entry.name


@dataclass(frozen=True)
class CareObjects:
    """A child of 向阳小学 and what hangs on it, by id."""

    child: int
    tag: int
    pairing: int
    flag: int
    gift: int


@dataclass
class Objects:
    """What stands in the addresses: things of 清河县 and of its 向阳小学."""

    county: County
    school: School
    filing: Filing
    check_job: Job
    compute_job: Job
    making: Job
    school_paper: Paper
    county_paper: Paper
    rule: LocalRule
    document: EvidenceDocument
    owner: User
    owner_membership: Membership
    person: User
    membership: Membership
    care: CareObjects
    dropout: dict
    finding: MatchFinding

    def arguments(self, name: str) -> dict:
        """The arguments of an address by the names its pattern gives them."""
        return {argument: self._value(name, argument) for argument in wanted_arguments(name)}

    def data(self, name: str) -> dict:
        """What a person sends there, as far as the answer to the question of permission depends on it."""
        return {
            "api:uploads": {"county": self.county.code, "ledger": "classes", "year": written.year(), "file": io.BytesIO(b"PK")},
            "reports:make": {"report": "application-form", "format": "pdf", "standard": "quality-2017", "ruleset": "national", "which": "current"},
            "api:filing-verb": {"version": self.filing.latest_number},
            "schools:source": {"fact": "pupils", "source": "classes"},
            "office:membership": {"membership": self.owner_membership.pk},
            "dropout:gifts-publish": {"holder": self.school.code},
            "dropout:file-review": {"kind": "quarter"},
        }.get(name, {})

    def query(self, name: str) -> dict:
        """What stands behind the question mark of an address that names its things there."""
        return {"versions": f"{self.filing.pk}-{self.filing.latest_number}"} if name == "ledgers:received" else {}

    def _value(self, name: str, argument: str):
        fixed = {
            "year": written.year(), "standard": "quality-2017", "stage": "primary", "indicator": "Q1", "number": self.filing.latest_number, "ledger": "classes",
            "filing": self.filing.pk, "rule": self.rule.pk, "user": self.person.pk, "membership": self.membership.pk, "pack": "taizhou-2017",
            "school": self.school.code, "county": self.county.code,
            "document": self.document.pk, "item": "G1", "kind": "survey", "category": "poor", **vars(self.care),
            "finding": self.finding.pk, "rate": "enrolment_primary", "side": "whole",
        }  # fmt: skip
        special = {
            ("reports:verify", "code"): self.county_paper.code, ("reports:making", "job"): self.making.pk, ("jobs:progress", "job_id"): self.making.pk,
            ("office:job", "job_id"): self.compute_job.pk, ("api:job", "job"): self.check_job.pk, ("api:filing-verb", "verb"): "lock",
            ("schools:person-change", "verb"): "disable", ("reports:paper", "paper"): self.county_paper.pk,
            ("dropout:findings", "kind"): self.finding.kind, ("dropout:finding", "verb"): "clear",
            ("reports:download", "paper"): self.school_paper.pk, ("api:paper-file", "paper"): self.county_paper.pk,
            ("api:paper", "paper"): self.county_paper.pk,
        }  # fmt: skip
        if (name, argument) in special:
            return special[name, argument]
        if name.startswith("dropout:") and argument in self.dropout:
            return self.dropout[argument]
        return self.county.code if argument == "code" else fixed[argument]


def wanted_arguments(name: str) -> list[str]:
    """The arguments of a named address."""
    resolver = get_resolver()
    *spaces, last = name.split(":")
    for space in spaces:
        resolver = resolver.namespace_dict[space][1]
    return [argument for options in resolver.reverse_dict.getlist(last)[:1] for argument in options[0][0][1]]


def make_care(county: County, school: School) -> CareObjects:
    """A child with a tag, a helper and a warning; a gift in the school's book."""
    today = timezone.localdate()
    child = Child.objects.create(county=county, person_key="c" * 32, masked_name="禤**", school=school, grade=3, class_text="三年级/2班", status="enrolled")
    tag = set_tag(child, group="poor", since=today, by=OPERATOR)
    pairing = pair(child, group="poor", helper_name="周明哲", since=today, by=OPERATOR)
    flag = Flag.objects.create(child=child, raised_on=today, score=40, rules=[])
    gift = record_gift(county, holder=school, on=today, direction="received", kind="goods", item="书包", unit="个", amount=10, donor="爱心企业", entry_key="g1",
                       today=today, by=OPERATOR)
    return CareObjects(child.pk, tag.pk, pairing.pk, flag.pk, gift.pk)


def make_finding(county: County, school: School) -> MatchFinding:
    """One child on the list of the age group and on no roster, and the comparison that found it."""
    year, child = written.year(), {"person_key": "f" * 32, "birth": timezone.localdate().replace(year=written.year() - 8, month=3, day=1), "row": 2}
    for ledger, model, of in (("population", "dropout.ListedChild", None), ("pupils", "dropout.Pupil", school)):
        rows = [child] if of is None else [{**child, "person_key": "e" * 32, "grade": 2}]
        dataset = datasets.stage(county=county, school=of, ledger=ledger, period=school_year(year), file=None, row_map={"sheets": ["表"], "targets": {}},
                                 rows_by_model={model: rows}, by=OPERATOR)  # fmt: skip
        datasets.make_standing(dataset, by=OPERATOR)
    run = MatchRun.objects.create(county=county, year=year, on=timezone.localdate(), counts={"population_no_record": 1})
    return MatchFinding.objects.create(run=run, kind="population_no_record", person_key=child["person_key"])


def make_objects(county: County) -> Objects:
    """One of everything that an address can lead to."""
    school = School.objects.get(code=written.XIANGYANG)
    faulty = written.faulty_classes(written.UNITS[0])
    sent = receive(county=county, ledger="classes", year=written.year(), school=school, data=faulty, name="班级.xlsx", by=OPERATOR)
    drain()
    filing = Filing.objects.select_related("latest").get(pk=sent.version.filing_id)
    owner = make_person("owner", "county_lead", written.COUNTY)
    by = access.actor_for_user(owner)
    year = written.year()
    current = snapshots.current(county, "quality-2017", year)
    assert current is not None
    order = Order(report="application-form", county=county, year=year)
    making = order_paper(order, by=by)
    drain()
    making.refresh_from_db()
    person = make_person("person", "school_clerk", written.XIANGYANG)
    membership = give_membership(person, role="school_head", scope=written.XIANGYANG, by=OPERATOR)
    rule = set_local_rule(county, parameter="primary_years", value="6", document="办学规定", valid_from=timezone.localdate(), by=OPERATOR)
    document = add_document(
        county, title="编制文件", issuer="县编委", number="清编〔2026〕1号", date=timezone.localdate(), file=b"%PDF-1.7", file_name="文件.pdf", by=OPERATOR
    )
    return Objects(
        county=county, school=school, filing=filing, check_job=Job.objects.get(pk=filing.latest.job_id),
        compute_job=Job.objects.filter(kind="compute_snapshots").latest("pk"), making=making, owner=owner,
        owner_membership=Membership.objects.get(user=owner),
        school_paper=produce(Order(report="school-self-evaluation", county=county, year=year, school=school), by=by),
        county_paper=produce(order, by=by), rule=rule, document=document, person=person, membership=membership,
        care=make_care(county, school), finding=make_finding(county, school), dropout=_missing_child(county, school),
    )  # fmt: skip


def _missing_child(county: County, school: School) -> dict:
    """A case of the school with a paper and a visit's photo, a head with its letter, a system with its document."""
    today = timezone.localdate()
    child = make_child(county, 1, "赵小一", school=school, class_text="三年级/1班", status="enrolled")
    case = cases.open_case(child=child, opening="absence", absent_since=today, on=today, by=OPERATOR)
    said = {"way": "home", "outcome": "agreed", "participants": "李老师", "entry_key": "k", "photo": ("照片.jpg", b"\xff\xd8\xff")}
    visit = cases.add_visit(case=case, on=today, by=OPERATOR, **said)
    paper = cases.add_paper(case_id=case.pk, paper=cases.Paper("proof", "证明.pdf", b"%PDF-1.7"), by=OPERATOR)
    head = assign_head(county=county, kind="school_head", name="张校长", school=school, since=today - timedelta(days=1), by=OPERATOR)
    pledge = sign_pledge(head=head, year=written.year(), signed_on=today, file=("责任书.pdf", b"%PDF-1.7"), by=OPERATOR)
    item = save_system(county=county, number=1, title="劝返复学制度", file=("制度.pdf", b"%PDF-1.7"), by=OPERATOR)
    return {
        "number": case.number, "visit": visit.pk, "document": paper.pk, "head": head.pk, "pledge": pledge.pk, "item": item.pk, "verb": "suspect",
    }  # fmt: skip
