"""Giving and ending memberships: the only writer of Membership rows."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import User
from accounts.services import end_sessions, require_second_factor

from .access import is_unlimited
from .models import County, Membership, School, ScopeKind, Township
from .roles import ROLES


class BadScope(ValueError):
    """The scope text names nothing, or not what the role is given in; the message is a Chinese sentence."""


# Ledger code -> title, told by the room that declares them when it is ready: no floor below knows a ledger by name.
LEDGER_TITLES: dict[str, str] = {}
SCOPE_WORDS = {"portal": "portal", "prefix": "区划前缀（如 32）", "county": "县代码（如 999901）",
               "township": "乡镇（如 999901/城关镇）", "school": "学校标识码（如 9999010001）"}  # fmt: skip


def parse_scope(role: str, text: str) -> dict:
    """The fields of a Membership for a scope text (contracts §1). Raises BadScope."""
    if role not in ROLES:
        raise BadScope(f"没有名为“{role}”的角色，可用的角色有：{'、'.join(ROLES)}。")
    kinds = ROLES[role].scopes
    for kind in kinds:
        found = _READERS[kind](text)
        if found is not None:
            return {"scope_kind": kind, **found}
    wanted = "或".join(SCOPE_WORDS[kind] for kind in kinds)
    raise BadScope(f"“{text}”不能作为角色“{ROLES[role].title}”的范围，应填写{wanted}，且须已在名录中登记。")


def _portal(text: str) -> dict | None:
    return {} if text == "portal" else None


def _prefix(text: str) -> dict | None:
    return {"prefix": text} if text.isdigit() and len(text) in (2, 4, 6) else None


def _county(text: str) -> dict | None:
    county = County.objects.filter(code=text).first()
    return {"county": county} if county else None


def _township(text: str) -> dict | None:
    code, _, rest = text.partition("/")
    name, _, village = rest.partition("/")
    township = Township.objects.filter(county__code=code, name=name).select_related("county").first()
    return {"county": township.county, "township": township, "scope_text": village} if township else None


def _school(text: str) -> dict | None:
    code, _, class_text = text.partition("/")
    found = list(School.objects.filter(code=code).select_related("county")[:2])
    if len(found) != 1:
        return None
    return {"county": found[0].county, "school": found[0], "scope_text": class_text}


_READERS = {ScopeKind.PORTAL: _portal, ScopeKind.PREFIX: _prefix, ScopeKind.COUNTY: _county, ScopeKind.TOWNSHIP: _township,
            ScopeKind.SCHOOL: _school}  # fmt: skip


@transaction.atomic
def give_membership(
    user: User,
    *,
    role: str,
    scope: str,
    ledgers: list[str] | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    by: Actor,
) -> Membership:
    """Give a role in one scope; the same one given again is the same row. Raises BadScope."""
    fields = parse_scope(role, scope)
    _check_bounds(ledgers or [], valid_from, valid_to)
    membership, created = Membership.objects.update_or_create(
        user=user,
        role=role,
        **fields,
        defaults={"ledgers": ledgers or [], "valid_from": valid_from, "valid_to": valid_to},
    )
    if ROLES[role].second_factor:
        require_second_factor(user=user, required=True, by=by)
    if created:
        end_sessions(user=user)
        user.refresh_from_db(fields=["session_generation"])
    county = membership.county.code if membership.county else ""
    audit.record(
        "membership.given", by=by, county=county, object=f"user:{user.username}", role=role, scope=scope, new=created
    )
    return membership


def _check_bounds(ledgers: list[str], valid_from: dt.date | None, valid_to: dt.date | None) -> None:
    unknown = [code for code in ledgers if code not in LEDGER_TITLES]
    if unknown:
        raise BadScope(f"没有代码为“{'、'.join(unknown)}”的台账，可用的有：{'、'.join(f'{code}（{title}）' for code, title in LEDGER_TITLES.items())}。")
    if valid_from and valid_to and valid_to < valid_from:
        raise BadScope(f"有效期的止日 {valid_to} 早于起日 {valid_from}，请核对。")


@transaction.atomic
def end_membership(membership: Membership, *, on: dt.date, by: Actor) -> None:
    """The membership ends with the day before `on`."""
    membership.valid_to = on - dt.timedelta(days=1)
    membership.save(update_fields=["valid_to"])
    end_sessions(user=membership.user)
    county = membership.county.code if membership.county else ""
    audit.record(
        "membership.ended", by=by, county=county, object=f"user:{membership.user.username}", role=membership.role
    )


def may_give(actor: Actor, county: County, role: str, scope: str) -> None:
    """Whoever administers a county gives roles inside it only. Raises BadScope."""
    fields = parse_scope(role, scope)
    if not is_unlimited(actor) and fields.get("county") != county:
        raise BadScope(f"只能授予{county.name}范围内的角色，“{scope}”不在本县。")
