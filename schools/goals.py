"""Setting and reading the staged goals of a county and its townships."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.actor import Actor

from .models import County, Goal, GoalStage, Township

EARLIEST, LATEST = 2000, 2060


class BadGoal(ValueError):
    """The goal will not do; the message is a Chinese sentence."""


@transaction.atomic
def set_goal(
    county: County, *, stage: str, target_year: int, reached_year: int | None = None, township: Township | None = None, document: str = "", by: Actor
) -> Goal:
    """Set the target year of a stage, and the year it was reached in; said again, it replaces what stood. Raises BadGoal."""
    if stage not in GoalStage.values:
        raise BadGoal("没有这个阶段，请选初步均衡、基本均衡或优质均衡。")
    for year in filter(None, (target_year, reached_year)):
        if not EARLIEST <= year <= LATEST:
            raise BadGoal(f"年份“{year}”不在 {EARLIEST} 至 {LATEST} 年之间，请核对。")
    if township is not None and township.county_id != county.pk:
        raise BadGoal("该乡镇不在本县，请重新选择。")
    _keep_order(county, township, stage, target_year)
    said = {"target_year": target_year, "reached_year": reached_year, "document": document.strip(), "set_by": by.display_name or by.username}
    goal, _ = Goal.objects.update_or_create(county=county, township=township, stage=stage, defaults=said)
    audit.record("goal.set", by=by, county=county.code, object=f"goal/{goal.pk}", stage=stage, target=target_year, reached=reached_year,
                 township=township.name if township else "")  # fmt: skip
    return goal


def _keep_order(county: County, township: Township | None, stage: str, target_year: int) -> None:
    """A later stage is not aimed at before an earlier one."""
    order = list(GoalStage.values)
    for other in Goal.objects.filter(county=county, township=township).exclude(stage=stage):
        earlier, later = (other.target_year, target_year) if order.index(other.stage) < order.index(stage) else (target_year, other.target_year)
        if later < earlier:
            raise BadGoal(f"{other.get_stage_display()}的目标是 {other.target_year} 年，各阶段的目标年份应当依次推后，请核对。")


@transaction.atomic
def remove_goal(goal: Goal, *, by: Actor) -> None:
    """The goal no longer stands; the log keeps what it was."""
    audit.record("goal.removed", by=by, county=goal.county.code, object=f"goal/{goal.pk}", stage=goal.stage, target=goal.target_year,
                 township=goal.township.name if goal.township else "")  # fmt: skip
    goal.delete()


def goals_of(county: County) -> list[Goal]:
    """All goals of a county and its townships (access has been asked)."""
    # The county's own first, said here: the databases disagree where a missing township stands.
    first = F("township__code").asc(nulls_first=True), F("township_id").asc(nulls_first=True)
    return list(Goal.objects.filter(county=county).select_related("township", "county").order_by(*first, "target_year"))


def townships_of(county: County) -> list[Township]:
    """The townships of a county, in the order of their codes."""
    return list(Township.objects.filter(county=county))
