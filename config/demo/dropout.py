"""The dropout room of the demo: heads, letters, systems, a month of rolls, some 25 cases in every state, two monthly reports.

Everything goes through the services, as the people of the cast do it. Children come from the register; who is who there is
told by their order, so that the same demo tells the same story again.
"""
from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from itertools import islice, zip_longest

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from dropout.models import Child, DocumentKind, HeadKind, Opening, Placement
from dropout.school_days import SchoolDays
from dropout.services import attendance, clock, heads, reading, reporting, systems
from dropout.services.cases import Paper, add_visit, move, open_case
from dropout.services.counting import reporting_schools
from schools import access
from schools.calendar import calendar_between, save_calendar
from schools.models import County, School

from .county import THIS_YEAR
from .evidence import blank_paper
from .identities import People

OWN, TOWN, OTHER = "柳林镇中心小学", "柳林镇", "石桥镇中心小学"
VILLAGES = ("河东村", "河西村", "柳树湾村")
CLASSES = ("三年级/1班", "三年级/2班", "五年级/1班")
EARLIEST, LATEST, USUAL = dt.date(THIS_YEAR, 11, 12), dt.date(THIS_YEAR + 1, 6, 30), dt.date(THIS_YEAR, 11, 25)
OF_THE_CHILD = ("grade", "class_text", "birth", "masked_name", "id")  # the register's own order hangs on the installation's key
DAY = dt.timedelta(days=1)
ROLL_DAYS = 20
CALENDARS = {
    THIS_YEAR - 1: (
        [["2025-09-01", "2026-01-23"], ["2026-02-27", "2026-07-03"]],
        [["2025-10-01", "2025-10-08", "国庆节、中秋节"], ["2026-01-01", "2026-01-03", "元旦"], ["2026-04-04", "2026-04-06", "清明节"],
         ["2026-05-01", "2026-05-05", "劳动节"], ["2026-06-19", "2026-06-21", "端午节"]],
        ["2025-09-28", "2025-10-11", "2026-01-04", "2026-05-09"],
    ),
    THIS_YEAR: (
        [["2026-09-01", "2027-01-22"], ["2027-02-26", "2027-07-02"]],
        [["2026-09-25", "2026-09-27", "中秋节"], ["2026-10-01", "2026-10-07", "国庆节"], ["2027-01-01", "2027-01-03", "元旦"],
         ["2027-04-05", "2027-04-05", "清明节"], ["2027-05-01", "2027-05-05", "劳动节"], ["2027-06-09", "2027-06-09", "端午节"]],
        ["2026-09-20", "2026-10-10", "2027-05-08"],
    ),
}  # fmt: skip


def present_day(today: dt.date | None = None) -> dt.date:
    """The day on which the demo plays: today within the demo's school year, else a day of it."""
    today = today or timezone.localdate()
    return today if EARLIEST <= today <= LATEST else USUAL


def play(county: County, actors: Mapping[str, Actor]) -> dict[str, int]:
    """Play everything once, all or nothing; nothing where cases stand already. Answers with counts."""
    with transaction.atomic():
        if reading.visible_cases(actors["officer"], county).exists():
            return {}
        return Story(county, actors, present_day()).play()


class Story:
    """One telling. `ago(n)` is the n-th school day before the present one."""

    def __init__(self, county: County, actors: Mapping[str, Actor], today: dt.date):
        self.county, self.actors, self.rng = county, actors, random.Random(20260901)
        for year, (terms, holidays, makeup_days) in CALENDARS.items():
            save_calendar(county, year, terms=terms, holidays=holidays, makeup_days=makeup_days, by=actors["lead"])
        self.days = SchoolDays.of_calendar(calendar_between(county, dt.date(THIS_YEAR, 9, 1), today), dt.date(THIS_YEAR, 9, 1))
        self.today = self.days.on_or_before(today)
        self.place = self.days.days.index(self.today)
        self.people = People("999900", self.rng)
        self.schools = {school.name: school for school in access.schools_of(actors["lead"], county)}
        self.own = self.schools[OWN]

    def ago(self, count: int) -> dt.date:
        return self.days.days[max(0, self.place - count)]

    def play(self) -> dict[str, int]:
        self.name_heads()
        systems.suggest_systems(county=self.county, by=self.actors["officer"])
        for number, (document, owner) in enumerate((("清河县控辍保学工作实施方案", "基础教育股"), ("清河县控辍保学七长责任制实施办法", "控辍保学办公室")), 1):
            systems.save_system(
                county=self.county, number=number, title=systems.SUGGESTED[number - 1], document=document, document_number=f"清政办发〔2026〕{number + 20}号",
                issued_on=dt.date(THIS_YEAR, 3, 10), owner=owner, file=(f"{document}.pdf", blank_paper(document)), by=self.actors["officer"],
            )  # fmt: skip
        self.call_rolls()
        self.tell_cases()
        filed = self.file_months()
        for day in (self.ago(1), self.today):
            clock.run_clock(self.county, day)
        return {"cases": reading.visible_cases(self.actors["lead"], self.county).count(), "months_filed": filed}

    # Who answers

    def name_heads(self) -> None:
        officer, since = self.actors["officer"], dt.date(THIS_YEAR, 9, 1)

        def name(kind, post, **place):
            said = {"county": self.county, "kind": kind, "post": post, "since": since, "by": officer, **place}
            return heads.assign_head(name=self.people.name(self.rng.choice("男女")), **said)

        signed = [name(HeadKind.COUNTY, "清河县人民政府 县长"), name(HeadKind.BUREAU, "清河县教育局 局长")]
        for town in access.townships_in(self.county):
            user = self._user("town") if town.name == TOWN else None
            signed.append(name(HeadKind.TOWN, f"{town.name}人民政府 镇长", township=town, user=user))
            if town.name == TOWN:
                name(HeadKind.VILLAGE, "河东村 支部书记", township=town, village=VILLAGES[0], user=self._user("village"))
                name(HeadKind.VILLAGE, "河西村 支部书记", township=town, village=VILLAGES[1])
        for school in reporting_schools(self.county, self.today):
            user = self._user("head") if school == self.own else None
            signed.append(name(HeadKind.SCHOOL, f"{school.name} 校长", school=school, user=user))
        name(HeadKind.TEACHER, f"{OWN} 班主任", school=self.own, class_text=CLASSES[0], user=self._user("teacher"))
        name(HeadKind.TEACHER, f"{OWN} 班主任", school=self.own, class_text=CLASSES[1])
        for number, head in enumerate(signed, 1):
            if number % 5:
                heads.sign_pledge(head=head, year=THIS_YEAR, signed_on=dt.date(THIS_YEAR, 9, 10), number=f"清控责〔2026〕{number}号", by=officer)

    def _user(self, name: str):
        return heads.login_of(self.county, self.actors[name].username)

    # Rolls

    def class_of(self, school: School, class_text: str) -> list[Child]:
        return list(attendance.children_of_class(school, class_text).order_by(*OF_THE_CHILD))

    def call_rolls(self) -> None:
        """Twenty school days of three classes: leave and sickness now and then, and two mornings without a word."""
        for class_text, who in zip(CLASSES, ("teacher", "clerk", "clerk"), strict=True):
            children = self.class_of(self.own, class_text)
            for count in range(ROLL_DAYS, 0, -1):
                day = self.ago(count)
                absent = {child.pk: self.rng.choice(("sick", "sick", "leave")) for child in children[12:] if self.rng.random() < 0.02}
                self._call(class_text, day, absent, who)
        early = self.class_of(self.own, CLASSES[0])[8]
        self._call(CLASSES[0], self.ago(6), {early.pk: "unexplained"}, "teacher")
        attendance.explain(child=early, days=None, note="家长中午来电，发烧在家。", on=self.ago(6), by=self.actors["teacher"])
        back = self.class_of(self.own, CLASSES[1])[8]
        self._call(CLASSES[1], self.ago(4), {back.pk: "unexplained"}, "clerk")
        self._call(CLASSES[1], self.ago(3), {}, "clerk")
        self._call(CLASSES[0], self.today, {self.class_of(self.own, CLASSES[0])[9].pk: "unexplained"}, "teacher")

    def _call(self, class_text: str, day: dt.date, absent: dict[int, str], who: str) -> None:
        attendance.report_absences(school=self.own, class_text=class_text, day=day, absences=absent, by=self.actors[who])

    # Cases

    def tell_cases(self) -> None:
        own = [child for text in CLASSES for child in self.class_of(self.own, text)[:8]]
        for child, (tell, since) in zip(own, OWN_STORIES, strict=False):
            tell(Told(self, child, self.ago(since), "clerk"))
        for child, (tell, since) in zip(self._elsewhere(), OTHER_STORIES, strict=False):
            tell(Told(self, child, self.ago(since), self.clerk_of(child.school)))
        without = reading.children_seen(self.actors["officer"], self.county).filter(school__isnull=True).order_by(*OF_THE_CHILD)[:2]
        for child, tell in zip(without, (never_enrolled, deferred), strict=False):
            tell(Told(self, child, self.ago(25), "officer", opening=Opening.MATCHING))

    def _elsewhere(self) -> list[Child]:
        """Children of the other schools: one of each in the order of the codes, then a second of each, as many as there are stories."""
        seen = reading.children_seen(self.actors["officer"], self.county).filter(school__isnull=False).exclude(school=self.own)
        of_school: dict[int, list[Child]] = {}
        for child in seen.order_by("school__code", *OF_THE_CHILD):
            of_school.setdefault(child.school_id, []).append(child)
        rounds = zip_longest(*of_school.values())
        return [child for one in islice(rounds, len(OTHER_STORIES)) for child in one if child]

    def clerk_of(self, school: School) -> str:
        """The login that files for a school; the bureau where the demo has none."""
        names = ("clerk", "city", "east", "west", "points")
        return next((name for name in names if access.stands_at(self.actors[name], "receive_transfer", school)), "officer")

    # Reports

    def file_months(self) -> int:
        """The last two months that were due: the own school by its head, most others by the operator, two not at all."""
        filed, month = 0, self.today.replace(day=1)
        months = []
        while len(months) < 2 and month >= dt.date(THIS_YEAR, 9, 1):
            due = reporting.due_day(self.county, month)
            if due is not None and due <= self.today:
                months.append((month, due))
            month = (month - DAY).replace(day=1)
        for month, due in reversed(months):
            for number, school in enumerate(reporting_schools(self.county, month)):
                by = self.actors["head"] if school == self.own else Actor.operator()
                if number % 7 != 3 or school == self.own:
                    zero = reporting.draft_report(school, month, due).is_zero
                    reporting.file_report(school=school, month=month, on=due, zero=zero, by=by)
                    filed += 1
            if (month, due) != months[0]:  # the newest one still waits for the bureau
                reporting.file_whole(county=self.county, month=month, on=due + 2 * DAY, by=self.actors["officer"],
                                     note="未报学校已电话督办，核实没有新增疑似辍学学生。")  # fmt: skip
        return filed


class Told:
    """One case being told: `day` moves on with the steps."""

    def __init__(self, story: Story, child: Child, since: dt.date, clerk: str, opening: str = Opening.ABSENCE):
        self.story, self.child, self.clerk, self.day = story, child, clerk, since
        if clerk == "officer" and opening == Opening.ABSENCE:
            opening = Opening.MATCHING
        self.case = open_case(child=child, opening=opening, absent_since=since, on=since, by=story.actors[clerk])

    def later(self, school_days: int) -> Told:
        self.day = min(self.story.days.after(self.day, school_days) or self.story.today, self.story.today)
        return self

    def do(self, verb: str, who: str, *kinds: str, **fields) -> Told:
        papers = [Paper(kind, f"{DocumentKind(kind).label}.pdf", blank_paper(DocumentKind(kind).label), issued_on=self.day) for kind in kinds]
        by = self.story.actors[self.clerk if who == "clerk" else who]
        self.case = move(case_id=self.case.pk, verb=verb, revision=self.case.revision, by=by, on=self.day, documents=papers, **fields)
        return self

    def able(self, verb: str, *names: str) -> str:
        """The first of these people who may do it for the child."""
        return next(name for name in names if access.may_for_child(self.story.actors[name], verb, self.child))

    def visit(self, who: str, way: str, outcome: str, participants: str, content: str, next_plan: str = "") -> Told:
        by = self.story.actors[self.clerk if who == "clerk" else who]
        add_visit(case=self.case, on=self.day, way=way, outcome=outcome, participants=participants, talked_to="父亲", content=content,
                  next_plan=next_plan, guardian_signed=outcome == "agreed", entry_key=f"demo/{self.case.pk}/{self.day}/{who}/{way}", by=by)  # fmt: skip
        return self


# The stories: each takes a case to where the demo shows it.

def absent(told: Told) -> None:
    told.visit("clerk", "phone", "not_met", "班主任", "电话没有人接。", "放学后家访")


def just_absent(told: Told) -> None:
    """Nobody has done anything yet."""


def suspected(told: Told) -> None:
    told.visit("clerk", "home", "refused", "班主任、年级组长", "家长说孩子不愿意上学，先在家里待几天。", "会同村里再去").later(3).do("suspect", "clerk")


def registered(told: Told, reason: str = "learning") -> None:
    suspected(told)
    told.later(1).do("register", "officer" if told.clerk != "clerk" else "head", DocumentKind.REPORT, report_number=f"控辍报〔{told.day.year}〕{told.case.pk}号", reason=reason)


def persuading(told: Told) -> None:
    registered(told, "work")
    told.later(1).visit("town" if told.clerk == "clerk" else "officer", "joint", "refused", "镇控辍专干、村支书、班主任", "在外地亲戚的店里帮忙，答应月底回来。", "月底再联系")


def noticed(told: Told) -> None:
    persuading(told)
    told.later(4).do("notice", "town", DocumentKind.NOTICE, deadline=told.day + 7 * DAY)


def returned(told: Told) -> None:
    noticed(told)
    told.later(3).visit(told.able("persuade", "village", "town"), "joint", "agreed", "村支书、班主任", "家长同意，明天送来。")
    told.later(1).do("return", "clerk", school=answering(told), class_text=told.child.class_text)


def placed(told: Told) -> None:
    returned(told)
    told.later(1).do("place", "clerk", placement=Placement.CLASS)


def half_signed(told: Told) -> None:
    placed(told)
    told.later(6).do("check", told.able("persuade", "village", "town"), note="到校看过，在班里上课。").do("sign_school", "head")


def struck_off(told: Told) -> None:
    half_signed(told)
    told.do("sign_government", "town").later(1).do("strike_off", "officer", DocumentKind.RETURN_PROOF)


def reopened(told: Told) -> None:
    struck_off(told)
    told.later(3).do("reopen", "clerk", note="销号后又三天没有到校，家里没有人。")


def relapsed(told: Told) -> None:
    placed(told)
    told.later(4).do("relapse", "clerk", note="上了几天课又没有来。")


def suspended(told: Told) -> None:
    suspected(told)
    told.later(2).do("suspend", "town" if told.clerk == "clerk" else "officer", *LEAVE, until=told.day + 300 * DAY)


def deferred(told: Told) -> None:
    told.later(5).do("defer", "officer", *LEAVE, until=told.day + 250 * DAY)


def never_enrolled(told: Told) -> None:
    told.later(2).do("assign_school", "officer", school=answering(told))


def offered(told: Told) -> None:
    registered(told, "moved")
    told.later(2).do("offer_transfer", "head", school=told.story.schools[OTHER].code)


def transferred(told: Told) -> None:
    offered(told)
    told.later(3).do("transfer", told.story.clerk_of(told.story.schools[OTHER]), DocumentKind.RECEIVING, class_text=told.child.class_text)


def transferred_away(told: Told) -> None:
    suspected(told)
    told.later(4).do("transfer_away", "officer", DocumentKind.RECEIVING, receiving_school="邻省某县实验小学")


def cleared(told: Told) -> None:
    suspected(told)
    told.later(1).do("clear", "officer", DocumentKind.PROOF, note="随祖父母回老家办事，已返校，村委会证明。")


def unfit(told: Told) -> None:
    registered(told, "illness")
    told.later(5).do("find_unfit", "officer", DocumentKind.FINDING)


def emigrated(told: Told) -> None:
    suspected(told)
    told.later(5).do("record_emigration", "officer", DocumentKind.PROOF, note="全家出国定居，有公安出入境证明。")


def died(told: Told) -> None:
    suspected(told)
    told.later(3).do("record_death", "officer", DocumentKind.PROOF, note="有医院和派出所证明。")


def answering(told: Told) -> str:
    """The school where the child is, or the one that shall answer for it."""
    return told.child.school.code if told.child.school_id else told.story.own.code


LEAVE = (DocumentKind.APPLICATION, DocumentKind.HOSPITAL, DocumentKind.APPROVAL)
# (story, school days ago the child was first missed): own school first, where every line has a login.
OWN_STORIES = (
    (struck_off, 45), (reopened, 40), (half_signed, 30), (placed, 22), (returned, 19), (noticed, 14), (persuading, 12), (relapsed, 34),
    (registered, 9), (suspected, 5), (absent, 1), (suspended, 16), (offered, 15), (transferred, 28), (transferred_away, 33), (cleared, 18),
    (unfit, 26), (struck_off, 36),
)  # fmt: skip
OTHER_STORIES = ((absent, 0), (persuading, 17), (suspected, 4), (registered, 24), (emigrated, 31), (just_absent, 2), (died, 37))
