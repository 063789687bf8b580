"""Which steps a version walks: data of the county, per kind of school."""
from __future__ import annotations

from ledgers.models import Filing, State, WorkflowStep

# step -> (verb, state it leads to, title, the right it asks for)
STEPS = {
    "head": ("confirm", State.HEAD_CONFIRMED, "校长审签", "confirm"),
    "township": ("pass", State.TOWNSHIP_PASSED, "中心校(乡镇)初审", "review"),
    "county": ("approve", State.APPROVED, "县审核", "approve"),
}


def chain_of(filing: Filing, configured: dict[str, set[str]] | None = None) -> list[str]:
    """The review steps after submission, in order; the county's own approval is always the last.

    The default is submission → county approval. A step counts when the county set it for this kind of school or for
    every kind. A county's own ledger has no school to sign it.
    """
    if filing.school is None:
        return ["county"]
    configured = configured if configured is not None else configured_steps(filing.county_id)
    wanted = configured.get("", set()) | configured.get(filing.school.kind, set())
    return [step for step in ("head", "township") if step in wanted] + ["county"]


def configured_steps(county_id: int) -> dict[str, set[str]]:
    """kind of school ("" = every kind) -> steps the county asks for."""
    found: dict[str, set[str]] = {}
    for kind, step in WorkflowStep.objects.filter(county_id=county_id).values_list("school_kind", "step"):
        found.setdefault(kind, set()).add(step)
    return found


def seen_state(filing: Filing, step: str) -> str:
    """The state a version must be in for this step: the one the step before leads to. LookupError when not in the chain."""
    chain = chain_of(filing)
    if step not in chain:
        raise LookupError(step)
    at = chain.index(step)
    return State.SUBMITTED if at == 0 else STEPS[chain[at - 1]][1]


def next_step(filing: Filing, state: str, configured: dict[str, set[str]] | None = None) -> str | None:
    """The step a version under review waits for; None when it is not under review."""
    reached = State.SUBMITTED
    for step in chain_of(filing, configured):
        if state == reached:
            return step
        reached = STEPS[step][1]
    return None
