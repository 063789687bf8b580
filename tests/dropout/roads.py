"""The road of a case, walked through the real verbs by the people whose step it is."""
from __future__ import annotations

import datetime as dt

from dropout.models import Case, Child, DocumentKind, Opening, Placement
from dropout.services.cases import Paper, add_visit, move, open_case
from tests.dropout.world import CLASS, PDF, XIANGYANG, D, World

MONDAY = D(2025, 11, 3)
DAY = dt.timedelta(days=1)
VISIT = {"way": "home", "outcome": "agreed", "participants": "李老师（向阳小学 班主任）"}


def paper(kind: str, **more) -> Paper:
    return Paper(kind, f"{kind}.pdf", PDF, **more)


class Road:
    """One case; every method is one step and moves `day` on. `fresh()` is the case as it stands."""

    def __init__(self, world: World, child: Child | None = None, *, day: dt.date = MONDAY, opening: str = Opening.ABSENCE):
        self.world, self.day = world, day
        self.child = child or world.child()
        who = {Opening.ABSENCE: "teacher", Opening.MATCHING: "officer"}[opening]
        self.id = open_case(child=self.child, opening=opening, absent_since=day, on=day, by=world.actor(who)).pk

    def fresh(self) -> Case:
        return Case.objects.select_related("child", "county").get(pk=self.id)

    def do(self, verb: str, who: str, *kinds: str, on: dt.date | None = None, revision: int | None = None, **fields) -> Road:
        self.day = on or self.day
        revision = self.fresh().revision if revision is None else revision
        move(case_id=self.id, verb=verb, revision=revision, by=self.world.actor(who), on=self.day,
             documents=[paper(kind) for kind in kinds], **fields)  # fmt: skip
        return self

    def visit(self, who: str = "teacher", key: str = "", **changed) -> Road:
        said = {**VISIT, **changed}
        add_visit(case=self.fresh(), on=said.pop("on", self.day), entry_key=key or f"{self.id}/{self.day}/{who}", by=self.world.actor(who), **said)
        return self

    def suspected(self) -> Road:
        return self.do("suspect", "teacher", on=self.day + 3 * DAY)

    def registered(self) -> Road:
        return self.suspected().do("register", "head", DocumentKind.REPORT, report_number="向小〔2025〕1号", reason="learning")

    def persuading(self) -> Road:
        return self.registered().visit("village", way="joint")

    def noticed(self) -> Road:
        return self.persuading().do("notice", "town", DocumentKind.NOTICE, on=self.day + DAY, deadline=self.day + 8 * DAY)

    def returned(self) -> Road:
        return self.noticed().do("return", "clerk", on=self.day + 3 * DAY, school=XIANGYANG, class_text=CLASS)

    def placed(self) -> Road:
        return self.returned().do("place", "clerk", placement=Placement.CLASS)

    def checked(self) -> Road:
        return self.placed().do("check", "village", on=self.day + 9 * DAY, note="在班里上课，情绪稳定。")

    def signed(self) -> Road:
        return self.checked().do("sign_school", "head").do("sign_government", "town")

    def struck_off(self) -> Road:
        return self.signed().do("strike_off", "officer", DocumentKind.RETURN_PROOF)

    def resting(self, verb: str = "suspend", until: dt.date | None = None) -> Road:
        kinds = (DocumentKind.APPLICATION, DocumentKind.HOSPITAL, DocumentKind.APPROVAL)
        return self.suspected().do(verb, "town", *kinds, until=until or D(2026, 6, 30))
