"""The job that makes a paper."""

from __future__ import annotations

from accounts.models import User
from jobs.handlers import Refused, Run, handler
from schools.access import actor_for_user
from schools.models import County, School

from .report import CannotMake
from .services import Order, produce


@handler("make_paper", queue="paper", title="生成报表")
def make_paper(run: Run) -> dict:
    """Make one paper and answer with its id. Safe to repeat: a paper once made is found again."""
    args = run.args
    by = actor_for_user(User.objects.get(pk=args["user"]), role=args["role"])
    order = Order(
        report=args["report"],
        county=County.objects.get(pk=args["county"]),
        year=args["year"],
        format=args["format"],
        school=School.objects.filter(pk=args["school"]).first(),
        standard=args["standard"],
        ruleset=args["ruleset"],
        which=args["which"],
        month=args.get("month", ""),
    )
    run.progress(0, 1, "正在排版")
    try:
        return {"paper": str(produce(order, by=by).pk)}
    except CannotMake as reason:
        raise Refused(str(reason)) from None
