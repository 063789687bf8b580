"""The staged goal as a pipeline: 初步均衡 → 基本均衡 → 优质均衡, with target years for the county and each township."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evidence.services import standing_evidence
from indicators import snapshots
from office.exports import Column, download
from office.forms import GoalForm
from office.views.county import chosen_year
from schools import access
from schools.goals import BadGoal, goals_of, remove_goal, set_goal, townships_of
from schools.models import County, Goal, GoalStage, Township

VERB = "edit_rules"
# Which standard's results show how far a stage has come; 初步均衡 has none.
STANDARD_OF = {GoalStage.BASIC: "basic-2012", GoalStage.QUALITY: "quality-2017"}
STATES = {"reached": ("pass", "已实现"), "late": ("fail", "逾期"), "due": ("warn", "今年到期"), "planned": ("move", "计划中")}


@require_safe
def show_goals(request: HttpRequest, code: str) -> HttpResponse:
    """The county and its townships against the stages; `?format=xlsx` gives the same as a table."""
    county = access.get_county(access.actor_of(request), code, "view_results")
    return _page(request, county, GoalForm(townships=[town.name for town in townships_of(county)]))


def _page(request: HttpRequest, county: County, form: GoalForm, status: int = 200) -> HttpResponse:
    year = chosen_year(request, county)
    rows = pipeline(county, year)
    sources = number_sources(rows)
    if request.GET.get("format") == "xlsx":
        columns = [Column("单位"), *(Column(f"{stage.label}{what}") for stage in GoalStage for what in ("目标年份", "实现年份", "状态", "依据"))]
        lines = [[row["title"], *(x for cell in row["cells"] for x in (cell["target"], cell["reached"], cell["word"], cell["goal"].document if cell["goal"] else ""))] for row in rows]
        return download("均衡目标", f"{county.name} {year} 年", columns, lines)
    context = {
        "county": county, "year": year, "rows": rows, "sources": sources, "stages": list(GoalStage), "form": form, "title": "目标进度",
        "may_set": access.may(access.actor_of(request), VERB, county=county),
    }  # fmt: skip
    return render(request, "office/goals.html", context, status=status)


def pipeline(county: County, year: int) -> list[dict]:
    """The county, then each township: per stage the goal, how it stands in `year`, and how many schools are there today."""
    goals = {(goal.township_id, goal.stage): goal for goal in goals_of(county)}
    today, recognised = schools_today(county, year), recognitions(county, year)
    places: list[Township | None] = [None, *townships_of(county)]
    return [
        {"title": place.name if place else county.name, "township": place, "cells": [
            cell_of(stage, goals.get((place.pk if place else None, stage)), year, recognised.get(stage) if place is None else None,
                    today.get((stage, place.name if place else "")))
            for stage in GoalStage
        ]}
        for place in places
    ]  # fmt: skip


def number_sources(rows: list[dict]) -> list[str]:
    """The documents the goals stand on, each once; every cell learns the number of its own."""
    found: dict[str, int] = {}
    for cell in (cell for row in rows for cell in row["cells"]):
        document = cell["goal"].document if cell["goal"] else ""
        cell["source"] = found.setdefault(document, len(found) + 1) if document else None
    return list(found)


def cell_of(stage: GoalStage, goal: Goal | None, year: int, recognised: int | None, today: tuple[int, int] | None) -> dict:
    """One stage of one place. The county's attested recognition counts as reached although nobody entered it here."""
    reached = goal.reached_year if goal and goal.reached_year else recognised
    state = ""
    if reached:
        state = "reached"
    elif goal:
        state = "late" if goal.target_year < year else "due" if goal.target_year == year else "planned"
    look, word = STATES.get(state, ("none", "没有设定"))
    return {"stage": stage, "goal": goal, "target": goal.target_year if goal else None, "reached": reached, "look": look, "word": word, "today": today}


def recognitions(county: County, year: int) -> dict[str, int]:
    """stage -> the first attested year in which the county was recognised."""
    found: dict[str, int] = {}
    for (standard, when), past in sorted(standing_evidence(county, year).past.items(), key=lambda item: item[0][1]):
        stage = next((stage for stage, code in STANDARD_OF.items() if code == standard), None)
        if stage and past.recognised:
            found.setdefault(stage, when)
    return found


def schools_today(county: County, year: int) -> Mapping[tuple[str, str], tuple[int, int]]:
    """(stage, township or "") -> (schools that pass, schools judged) in the newest national result of the year."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for stage, standard in STANDARD_OF.items():
        snapshot = snapshots.current(county, standard, year)
        for row in snapshots.payload(snapshot)["rulesets"]["national"]["schools"] if snapshot else ():
            for place in ("", row["township"]) if row["passes"] is not None else ():
                passing, judged = found.get((stage, place), (0, 0))
                found[stage, place] = passing + bool(row["passes"]), judged + 1
    return found


@require_POST
def save_goal(request: HttpRequest, code: str) -> HttpResponse:
    """Set one goal, or remove it."""
    actor = access.actor_of(request)
    county = access.get_county(actor, code, VERB)
    form = GoalForm(request.POST, townships=[town.name for town in townships_of(county)])
    if not form.is_valid():
        return _page(request, county, form, status=422)
    said = dict(form.cleaned_data)
    name, stage = said.pop("township"), said["stage"]
    place = next((t for t in townships_of(county) if t.name == name), None)
    held = next((g for g in goals_of(county) if (g.township_id, g.stage) == (place.pk if place else None, stage)), None)
    if request.POST.get("remove"):
        if held is None:
            raise Http404
        remove_goal(held, by=actor)
        messages.success(request, "目标已删除。")
        return redirect("office:goals", code)
    try:
        set_goal(county, township=place, by=actor, **said)
    except BadGoal as error:
        form.add_error(None, str(error))
        return _page(request, county, form, status=422)
    messages.success(request, "目标已保存。")
    return redirect("office:goals", code)
