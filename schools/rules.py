"""Setting and withdrawing local rules, one by one or as a shipped pack."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from jobs import outbox

from .datasets import bump, lock_county
from .factset import SOURCE_ORDER
from .models import County, LocalRule, School, SourceChoice
from .packs import PACKS, Pack
from .parameters import PARAMETERS, BadValue, accept

SCOPES = ("all", "rural", "public")


class BadRule(ValueError):
    """The rule's value, scope, dates or document will not do; the message is a Chinese sentence."""


class UnknownName(BadRule):
    """There is no such parameter or pack."""


@transaction.atomic
def set_local_rule(
    county: County,
    *,
    parameter: str,
    value: str,
    document: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    clause: str = "",
    scope: str = "all",
    pack: str = "",
    by: Actor,
) -> LocalRule:
    """Set a parameter for one county. The same rule said again is the same row. Raises BadRule."""
    if parameter in PARAMETERS:
        value = PARAMETERS[parameter].coded(value)
    _check(county, parameter, value, document, valid_from, valid_to, scope)
    lock_county(county)
    rule, created = LocalRule.objects.get_or_create(
        jurisdiction=county.code, parameter=parameter, scope=scope, value=value, document=document, clause=clause,
        valid_from=valid_from, valid_to=valid_to, pack=pack, withdrawn_at=None,
    )  # fmt: skip
    if created:
        version = bump(county)
        audit.record("rule.set", by=by, county=county.code, object=f"rule/{rule.pk}", parameter=parameter, value=value,
                     document=document, data_version=version)  # fmt: skip
        outbox.announce("rule_changed", county.code, county=county.code)
    return rule


@transaction.atomic
def withdraw_local_rule(county: County, rule: LocalRule, *, by: Actor) -> None:
    """The rule stops to hold; rules of a shipped pack go with their pack only. Raises BadRule."""
    if rule.jurisdiction != county.code:
        raise BadRule("该规则不是本县设定的，不能在此撤销。")
    if rule.pack:
        raise BadRule("该规则属于规则包，规则包只能整体停用；需要不同的取值，请另设一条规则。")
    lock_county(county)
    LocalRule.objects.filter(pk=rule.pk, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    bump(county)
    audit.record("rule.withdrawn", by=by, county=county.code, object=f"rule/{rule.pk}", parameter=rule.parameter)
    outbox.announce("rule_changed", county.code, county=county.code)


def apply_pack(county: County, code: str, *, by: Actor) -> list[LocalRule]:
    """Set every rule of a shipped pack for a county. Raises BadRule for an unknown pack."""
    pack: Pack | None = PACKS.get(code)
    if pack is None:
        raise UnknownName(f"没有名为“{code}”的规则包，可用的有：{'、'.join(PACKS) or '（无）'}。")
    with transaction.atomic():
        return [
            set_local_rule(
                county,
                parameter=r.parameter,
                value=r.value,
                document=pack.document,
                clause=r.clause,
                scope=r.scope,
                valid_from=r.valid_from or pack.valid_from,
                valid_to=r.valid_to,
                pack=code,
                by=by,
            )  # fmt: skip
            for r in pack.rules
        ]


@transaction.atomic
def withdraw_pack(county: County, code: str, *, by: Actor) -> int:
    """Every rule of a pack stops to hold; how many there were. Raises BadRule when none is in force."""
    lock_county(county)
    held = LocalRule.objects.filter(jurisdiction=county.code, pack=code, withdrawn_at__isnull=True)
    count = held.update(withdrawn_at=timezone.now())
    if not count:
        raise BadRule("这个规则包没有启用，不需要停用。")
    version = bump(county)
    audit.record("pack.withdrawn", by=by, county=county.code, object=f"pack/{code}", rules=count, data_version=version)
    outbox.announce("rule_changed", county.code, county=county.code)
    return count


def packs_of(county: County) -> dict[str, int]:
    """pack code -> how many of its rules are set in this county."""
    codes = rules_of(county).exclude(pack="").values_list("pack", flat=True)
    return {code: list(codes).count(code) for code in set(codes)}


def _check(
    county: County, parameter: str, value: str, document: str, start: dt.date, end: dt.date | None, scope: str
) -> None:
    if parameter not in PARAMETERS:
        raise UnknownName(f"没有名为“{parameter}”的参数；全部参数见 catalogue 命令或规则页。")
    try:
        accept(PARAMETERS[parameter], value)
    except BadValue as error:
        raise BadRule(f"参数“{PARAMETERS[parameter].title}”：{error}") from None
    if not document.strip():
        raise BadRule("请写明依据文件的名称和文号。")
    if end and end < start:
        raise BadRule("终止日期早于起始日期，请核对。")
    if scope not in SCOPES:
        wanted = {code.strip() for code in scope.split(",")}
        unknown = wanted - set(School.objects.filter(county=county, code__in=wanted).values_list("code", flat=True))
        if unknown:
            raise BadRule(
                f"适用学校“{'、'.join(sorted(unknown))}”不在本县名录中；可填全部(all)、乡村(rural)、公办(public)或学校标识码。"
            )


def rules_of(county: County) -> QuerySet[LocalRule]:
    """The rules a county set itself and that have not been withdrawn."""
    return LocalRule.objects.filter(jurisdiction=county.code, withdrawn_at__isnull=True)


def county_sources(county: County) -> dict[str, str]:
    """fact -> chosen source ledger, for the county as a whole."""
    return dict(SourceChoice.objects.filter(county=county, school=None).values_list("fact", "source"))


@transaction.atomic
def choose_source(county: County, *, fact: str, source: str, school: School | None = None, by: Actor) -> None:
    """Say which source of a fact stands for a county or one school; an empty source restores the default order."""
    if fact not in SOURCE_ORDER or (source and source not in SOURCE_ORDER[fact]):
        raise BadRule("没有这种数据来源，请从列表中选择。")
    lock_county(county)
    held = SourceChoice.objects.filter(county=county, school=school, fact=fact)
    if source:
        held.update(source=source) or SourceChoice.objects.create(
            county=county, school=school, fact=fact, source=source
        )
    else:
        held.delete()
    version = bump(county)
    audit.record("source.chosen", by=by, county=county.code, object=f"source/{fact}", source=source,
                 school=school.code if school else "", data_version=version)  # fmt: skip
    outbox.announce("rule_changed", county.code, county=county.code)
