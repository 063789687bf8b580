"""Which review steps a county asks for: set by the county, and never so that a version is left waiting for nobody."""
from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from ledgers.models import State, Version, WorkflowStep
from ledgers.workflow import STEPS, configured_steps, next_step
from schools.datasets import lock_county
from schools.models import County, SchoolKind

from .errors import WrongState

Steps = Mapping[str, set[str]]  # kind of school ("" = every kind) -> steps


@transaction.atomic
def set_steps(county: County, wanted: Steps, *, by: Actor) -> None:
    """Set the steps between submission and the county's approval. Raises WrongState while versions stand at one that would go."""
    lock_county(county)
    held = configured_steps(county.pk)
    for kind in SchoolKind.values:
        for step in sorted(_asked(held, kind) - _asked(wanted, kind)):
            _refuse_while_standing(county, kind, step, held)
    WorkflowStep.objects.filter(county=county).delete()
    WorkflowStep.objects.bulk_create(
        [WorkflowStep(county=county, school_kind=kind, step=step) for kind, steps in wanted.items() for step in sorted(steps)]
    )
    told = {kind or "all": sorted(steps) for kind, steps in wanted.items() if steps}
    audit.record("workflow.set", by=by, county=county.code, object=f"county/{county.code}", steps=told)


def _asked(steps: Steps, kind: str) -> set[str]:
    return steps.get("", set()) | steps.get(kind, set())


def _refuse_while_standing(county: County, kind: str, step: str, held: Steps) -> None:
    """A version that waits for the step, or has just passed it, is finished first."""
    _, reached, title, _ = STEPS[step]
    under_review = Version.objects.filter(
        filing__county=county, filing__school__kind=kind, filing__open__isnull=False,
        state__in=[State.SUBMITTED, State.HEAD_CONFIRMED, State.TOWNSHIP_PASSED],
    ).select_related("filing__school")  # fmt: skip
    standing = sum(version.state == reached or next_step(version.filing, version.state, held) == step for version in under_review)
    if standing:
        kind_title = SchoolKind(kind).label
        raise WrongState(f"还有 {standing} 份{kind_title}的台账停在“{title}”前后，请先办完或退回，再取消这个环节。")
