"""What may be done next with a case, by whom, and what is still missing for it: the middle of the case's page."""
from __future__ import annotations

from dataclasses import dataclass

from accounts.actor import Actor
from schools import access
from schools.roles import ROLES

from ..states import COUNTY, RECEIVER, Move, moves_from
from .readiness import CaseFacts, is_done, missing_for


@dataclass(frozen=True)
class Offer:
    """One move the state allows: whether this actor may do it, who else may, and what it waits for."""

    move: Move
    mine: bool
    roles: str
    missing: tuple[str, ...]


def offers_of(facts: CaseFacts, actor: Actor) -> list[Offer]:
    """The moves of the case's state, one's own first; the clock's own are left out."""
    verbs = access.verbs_for_child(actor, facts.case.child)
    found = [
        Offer(move, may_do(facts, move, actor, verbs), roles_of(move), tuple(missing_for(facts, move)))
        for move in moves_from(facts.case.state) if move.access != "run_clock" and not is_done(facts, move)
    ]  # fmt: skip
    return sorted(found, key=lambda offer: not offer.mine)


def may_do(facts: CaseFacts, move: Move, actor: Actor, verbs: frozenset[str]) -> bool:
    """The answer of `moving.authorise`, from what the page has in hand."""
    if move.at == RECEIVER:
        return facts.case.transfer_to is not None and access.stands_at(actor, move.access, facts.case.transfer_to)
    if move.at == COUNTY:
        return bool(verbs) and access.may(actor, move.access, county=facts.case.county)
    return move.access in verbs


def roles_of(move: Move) -> str:
    """The titles of the roles that may, as the page names them."""
    if move.at == RECEIVER:
        return "接收学校"
    wanted = [role for role in ROLES.values() if move.access in role.verbs]
    if move.at == COUNTY:
        wanted = [role for role in wanted if "county" in role.scopes]
    return "、".join(role.title for role in wanted)
