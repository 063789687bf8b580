"""Care in the demo county: groups, helpers and contacts, a dozen plans, home lessons, gifts, warnings. All through the services.

Children come from the register; which child has which story is told by its place in the list, so the same demo tells the
same story again. Where the register is empty there is nothing to tell.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from dropout.models import Child, Placement
from dropout.services import care, disabled, gifts, reach, warning
from schools.models import County

from .county import THIS_YEAR
from .dropout import OF_THE_CHILD

FIRST, LAST, USUAL = dt.date(THIS_YEAR, 11, 1), dt.date(THIS_YEAR + 1, 6, 30), dt.date(THIS_YEAR, 11, 25)
DAY = dt.timedelta(days=1)
MOST = 60  # children with a story
HELPERS = ("周明哲", "吴静", "郑海燕", "王立新", "冯春梅", "陈国栋")
# Groups by the child's place in the list: (every so many children, from which), group, definition, basis.
GROUPS = (
    (5, 0, "poor", "", "脱贫户和监测对象名单"), (17, 3, "watched", "", "脱贫户和监测对象名单"), (4, 1, "left_behind", "register", "学籍登记，双亲外出"),
    (9, 1, "left_behind", "civil", "村委会证明"), (8, 2, "learning", "", "学科教师评估"), (7, 4, "migrant", "", "居住证"), (29, 6, "orphan", "", "民政部门证明"),
    (13, 7, "minimum", "", "低保证"), (5, 3, "disabled", "", "残疾人证"),
)  # fmt: skip
CONTACTS = (("talk", "谈了近来的学习和生活，情绪稳定。", "稳定"), ("visit", "到家中看望，与祖父母谈了作息和用电安全。", "已提醒"), ("tutoring", "补了一次数学，订正了单元卷。", "有进步"),
            ("phone", "与在外务工的父母通了电话，约定每周视频一次。", "已约定"))  # fmt: skip
KINDS = ("hearing", "limbs", "intellect", "sight", "autism", "multiple", "mind", "speech")
# What each disabled child's plan says, in the order of the list; the last ones repeat the first.
PLANS = (
    Placement.INCLUSIVE, Placement.HOME, Placement.INCLUSIVE, Placement.SPECIAL_CLASS, Placement.WAITING, Placement.INCLUSIVE, Placement.HOME,
    Placement.DEFERRED, Placement.INCLUSIVE, Placement.FINDING, Placement.INCLUSIVE, Placement.INCLUSIVE,
)  # fmt: skip
ITEMS = (("goods", "书包", "个", 120, "清河县慈善会"), ("goods", "冬季棉衣", "件", 80, "清河县青年企业家协会"), ("money", "爱心助学金", "元", 3_000_000, "清河县教育基金会"))


def play(county: County, actors: dict[str, Actor], clerk_of: Callable[[str], Actor], *, today: dt.date | None = None) -> dict[str, int]:
    """Tell the story once; {} where it was told before or there is no child. Answers with counts."""
    told = gifts.gifts_of(actors["officer"], county).exists()
    enrolled = reach.children_of(actors["officer"], county).filter(status="enrolled", school__isnull=False).select_related("county")
    children = list(enrolled.order_by("school__code", *OF_THE_CHILD)[:MOST])
    if told or not children:
        return {}
    today = today or timezone.localdate()
    with transaction.atomic():
        return _Story(county, actors, clerk_of, today if FIRST <= today <= LAST else USUAL).play(children)


class _Story:
    """One telling on one day; `counts` is what it made."""

    def __init__(self, county: County, actors: dict[str, Actor], clerk_of: Callable[[str], Actor], today: dt.date):
        self.county, self.actors, self.clerk_of, self.today = county, actors, clerk_of, today
        self.counts = dict.fromkeys(("tags", "pairings", "contacts", "plans", "home_lessons", "gifts", "flags"), 0)

    def play(self, children: list[Child]) -> dict[str, int]:
        disabled_ones = []
        for number, child in enumerate(children):
            groups = self._tags(number, child)
            self._help(number, child, groups)
            if "disabled" in groups:
                disabled_ones.append(child)
        for number, child in enumerate(disabled_ones[: len(PLANS)]):
            self._plan(number, child)
        self._gifts(children)
        self._warnings()
        return self.counts

    def _by(self, child: Child) -> Actor:
        return self.clerk_of(child.school.code)

    def _tags(self, number: int, child: Child) -> list[str]:
        groups = []
        for every, start, group, definition, basis in GROUPS:
            if number % every == start % every:
                care.set_tag(child, group=group, definition=definition, basis=basis, since=self.today - 70 * DAY, by=self._by(child))
                groups.append(group)
                self.counts["tags"] += 1
        return list(dict.fromkeys(groups))

    def _help(self, number: int, child: Child, groups: list[str]) -> None:
        """A helper for all but one in six of those who need one; the last contact lies between two days and two months back."""
        needing = [group for group in groups if group in ("poor", "watched", "left_behind", "learning", "disabled")]
        if not needing or number % 6 == 5:
            return
        pairing = care.pair(
            child, group=needing[0], helper_name=HELPERS[number % len(HELPERS)], subject=("语文", "数学", "英语")[number % 3],
            measures="每两周谈心一次，每月家访一次", since=self.today - 65 * DAY, by=self._by(child),
        )  # fmt: skip
        self.counts["pairings"] += 1
        for back in range(2 + number * 7 % 50, 62, 25):
            way, content, effect = CONTACTS[(number + back) % len(CONTACTS)]
            care.add_contact(
                pairing, on=self.today - back * DAY, way=way, content=content, effect=effect, entry_key=f"demo-{child.pk}-{back}", today=self.today, by=self._by(child)
            )
            self.counts["contacts"] += 1

    def _plan(self, number: int, child: Child) -> None:
        placement = PLANS[number]
        at_school = placement in disabled.AT_SCHOOL
        disabled.save_plan(
            child, placement=placement, kind=KINDS[number % len(KINDS)], degree=1 + number % 4, has_certificate=number % 5 != 4,
            finding="建议暂缓入学，半年后复评" if placement == Placement.FINDING else "可以在普通学校学习", school=child.school if at_school else None,
            reason="" if at_school or placement == Placement.FINDING else "住院治疗" if placement == Placement.DEFERRED else "等待专家委员会评估",
            rehabilitation="言语训练" if number % 3 == 0 else "", responsible="班主任", since=dt.date(THIS_YEAR, 9, 1),
            by=self.actors["officer"] if placement in disabled.APPROVED_ONLY else self._by(child),
        )  # fmt: skip
        self.counts["plans"] += 1
        if placement == Placement.HOME:
            self._teach_at_home(number, child)

    def _teach_at_home(self, number: int, child: Child) -> None:
        """Twice a week since the first week of school; one of the two children had no lesson for the last three weeks."""
        day, end = dt.date(THIS_YEAR, 9, 1), self.today - (21 if number % 2 == 0 else 1) * DAY
        while day <= end:
            if day.weekday() in (1, 3):
                disabled.add_home_lesson(
                    child, on=day, lessons=3, minutes=120, teachers="周明哲、吴静", place="学生家中", content="生活语文、感觉统合训练", parent_signed=True,
                    entry_key=f"demo-{child.pk}-{day.isoformat()}", today=self.today, by=self._by(child),
                )  # fmt: skip
                self.counts["home_lessons"] += 1
            day += DAY

    def _gifts(self, children: list[Child]) -> None:
        school = children[0].school
        disabled.save_resource_room(school, rooms=1, area=6_000, teachers=2, since=dt.date(THIS_YEAR, 9, 1), by=self.clerk_of(school.code))
        for number, (kind, item, unit, amount, donor) in enumerate(ITEMS):
            self._gift("received", number, kind, item, unit, amount, 40, donor=donor)
            self._gift("given", number, kind, item, unit, amount // 4, 30, group=("poor", "left_behind", "orphan")[number])
        self._gift("given", 9, "goods", "书包", "个", 1, 20, child=children[0])
        gifts.publish_gifts(self.county, on=self.today - 10 * DAY, by=self.actors["officer"])
        self._gift("given", 8, "goods", "冬季棉衣", "件", 12, 3, school=school)

    def _gift(self, direction: str, number: int, kind: str, item: str, unit: str, amount: int, back: int, **to) -> None:
        gifts.record_gift(
            self.county, on=self.today - back * DAY, direction=direction, kind=kind, item=item, unit=unit, amount=amount, today=self.today,
            entry_key=f"demo-{direction}-{number}", by=self.actors["officer"], **to,
        )  # fmt: skip
        self.counts["gifts"] += 1

    def _warnings(self) -> None:
        """The weekly run of last week; a few flags were checked since."""
        officer = self.actors["officer"]
        self.counts["flags"] = warning.raise_flags(self.county, self.today - 8 * DAY, by=Actor.system("warning")).new
        for number, flag in enumerate(list(warning.flags_of(officer, self.county)[:12])):
            if number % 4 == 1:
                warning.check_flag(flag, outcome="已家访，近期因感冒请假，家庭监护正常，继续关注。", on=self.today - 4 * DAY, by=officer)
