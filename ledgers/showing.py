"""What the page of a version shows: its road, its counts, problems by rule, and the verbs this actor may do now."""
from __future__ import annotations

from dataclasses import dataclass

from accounts.actor import Actor
from jobs import queue
from jobs.models import Job
from jobs.views import shown
from ledgers.definitions import RECEIVED
from ledgers.models import UNDER_REVIEW, State, Version
from ledgers.problems import CATALOGUE, LEVELS
from ledgers.services.giving import AT_ONCE, MARK, can_mark, may_take
from ledgers.services.mending import can_mend
from ledgers.services.pointing import can_point
from ledgers.services.queries import LOOKS, history_of
from ledgers.services.receiving import is_carrier
from ledgers.services.remembering import ANSWERABLE, answers_of, questions_of
from ledgers.services.steps import VERBS
from ledgers.services.surroundings import facts_year
from ledgers.workflow import STEPS, chain_of, next_step
from schools import access

ROWS_OF_A_RULE = 20
ROWS_OPEN = 40  # rules are shown open as long as their rows fit on two screens
# Problems of cells that are mended by one of the allowed values; the page names them once for the whole rule.
SAY_ALLOWED = frozenset({
    "blank-required", "not-a-number", "not-whole", "not-in-list", "unknown-mark", "not-a-date", "ambiguous-month", "not-a-grade", "several-values", "became-a-date",
    "formula-without-value", "error-value", "merged-figure",
})  # fmt: skip
NEXT = {
    State.RECEIVED: "已收到文件，正在排队检查。可以离开本页，稍后再来看结果。",
    State.CHECKING: "正在检查。可以离开本页，稍后再来看结果。",
    State.REFUSED: "这个文件没有接收。请按下面的说明处理后重新上传。",
    State.FAULTY: "请按下面的问题清单在工作簿（可下载标注工作簿）中改正，然后重新上传。改正前不能报送。",
    State.CHECKED: "检查通过，可以报送。",
    State.SUBMITTED: "已报送，等待审核。",
    State.HEAD_CONFIRMED: "校长已审签，等待审核。",
    State.TOWNSHIP_PASSED: "中心校已初审，等待县审核。",
    State.APPROVED: "已通过县审核，数据已生效。",
    State.RETURNED: "已被退回。请按退回原因改正后重新上传。",
    State.SUPERSEDED: "这一版已被后来的版本替代，只供查阅。",
}

# The same for those who look on while the clerk has to act.
LOOKING_ON = {
    State.REFUSED: "这个文件没有接收，等填报员重新上传。", State.FAULTY: "有错误，等填报员改正后重新上传。改正前不能报送。",
    State.CHECKED: "没有错误，等填报员报送。", State.RETURNED: "已被退回，等填报员改正后重新上传。",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One group of problems of a rule, with the rows kept in the database."""

    group: dict
    title: str
    level: str
    rows: list[dict]
    explanation: dict | None
    allowed: str
    is_open: bool = False

    @property
    def has_places(self) -> bool:
        """Whether its problems stand in cells; those of the whole file are only told."""
        return any(row["cell"] or row["row"] or row["sheet"] for row in self.rows)

    @property
    def label(self) -> str:
        """What tells this rule's table from the others on the page."""
        return " ".join(part for part in (self.title, self.group["column"] or self.group["field"], self.group["sheet"]) if part)


class VersionPage:
    """Everything version.html needs, with permission already asked."""

    def __init__(self, version: Version, actor: Actor):
        self.version, self.filing, self.actor = version, version.filing, actor
        self.carrier = is_carrier(self.filing)
        self.ledger = RECEIVED[self.filing.ledger]

    def context(self) -> dict:
        version = self.version
        running = version.state in (State.RECEIVED, State.CHECKING)
        job = Job.objects.filter(pk=version.job_id).first() if running and version.job_id else None
        rules = self.rules()
        return {
            "ledger": self.ledger, "carrier": self.carrier, "look": "pass" if version.state == State.CHECKED and not version.unexplained else LOOKS[version.state], "running": running, "job": job,
            "place": max(0, queue.place(job) - 1) if job else 0, "next": self.next(), "steps": self.steps(),
            "errors": [r for r in rules if r.level == "error"], "doubts": [r for r in rules if r.level == "doubt"],
            "notices": [r for r in rules if r.level == "notice"], "verbs": self.verbs(), "parts": self.parts(),
            "history": [(v, [(s, VERBS.get(s.verb, s.verb)) for s in v.steps.all()]) for v in history_of(self.filing)[:30]],
            "may_file": self.may("file") or self.may_send_again(), "may_download": version.file_id and may_take(self.actor, version), "marking": self.marking(), "marker": self.marker(), "year": facts_year(self.filing.period),
            "may_mend": self.may_mend(), "has_cells": self.has_cells(), **self.asked(),
            "has_preview": version.dataset_id is not None and version.state in (State.CHECKED, *UNDER_REVIEW),
        }  # fmt: skip

    def marking(self) -> str:
        """How the marked workbook is had: "" not at all, "ready" by a link, "order" or "making" by a job."""
        version = self.version
        if not can_mark(version) or not may_take(self.actor, version):
            return ""
        if version.marked_id or version.file.size <= AT_ONCE:
            return "ready"
        return "making" if self.marking_job() else "order"

    def marking_job(self) -> Job | None:
        """The job that marks the workbook now."""
        return Job.objects.filter(kind=MARK, key=f"version/{self.version.pk}", state__in=["waiting", "running"]).first()

    def marker(self) -> dict | None:
        """The progress of the marking, for the person who ordered it."""
        job = self.marking_job() if self.marking() == "making" else None
        return {**shown(job), "title": "标注工作簿"} if job and job.owner_id == self.actor.user_id else None

    def asked(self) -> dict:
        """Questions for whoever files, the way to point at the header, and what was answered before."""
        version = self.version
        asks = version.state in ANSWERABLE and self.may("file") and (self.filing.open_id == version.pk or (self.carrier and not version.parts.exists()))
        return {
            "questions": questions_of(version, self.actor) if asks else [], "can_point": asks and can_point(version) and may_take(self.actor, version),
            "answers": answers_of(self.filing),
        }  # fmt: skip

    def may_mend(self) -> bool:
        """Whether this actor may change cells of this version in the browser."""
        version = self.version
        return self.filing.open_id == version.pk and can_mend(version) and self.may("file") and may_take(self.actor, version)

    def has_cells(self) -> bool:
        """Whether there is a cell that could be changed on the page."""
        return any(p["cell"] and p["level"] != "notice" for p in self.version.problems)

    def may_send_again(self) -> bool:
        """Whether this actor sent this collected workbook and may send another: a clerk has no right to the county as a whole."""
        own = self.carrier and self.version.uploaded_by == self.actor.user_id
        return own and access.may(self.actor, "file", ledger=self.filing.ledger)

    def may(self, right: str) -> bool:
        filing = self.filing
        where = {"school": filing.school} if filing.school else {"county": filing.county}
        return access.may(self.actor, right, ledger=filing.ledger, **where)

    def next(self) -> str:
        version = self.version
        if version.state in LOOKING_ON and not (self.may("file") or self.may_send_again()):
            return LOOKING_ON[version.state]
        if version.state == State.CHECKED and version.unexplained:
            return f"没有错误，但有 {len(version.unexplained)} 类疑点。请逐类核对并说明；说明一次即可，之后可以报送。"
        if version.state == State.FAULTY and self.may_mend() and self.has_cells():
            return "请按下面的问题清单改正：个别单元格可以直接在本页改，其余的在工作簿（可下载标注工作簿）中改好后重新上传。改正前不能报送。"
        if version.state == State.FAULTY and self.carrier and version.parts.exists():
            return "请按下面的问题清单改正：在工作簿（可下载标注工作簿）中改好后重新上传，或到下面各台账的页面上直接改单元格。改正前不能报送。"
        if self.carrier and version.state == State.CHECKED:
            return "各校数据检查通过，可以一并报送，也可以由各校分别报送。"
        return NEXT[version.state]

    def steps(self) -> list[tuple[str, str]]:
        """The road: (title, done | now | later)."""
        titles = ["上传", "检查", "报送", *(STEPS[step][2] for step in chain_of(self.filing))]
        if self.version.state == State.SUPERSEDED:
            return [(title, "done" if i < self._came_to(len(titles)) else "later") for i, title in enumerate(titles)]
        reached = {
            State.RECEIVED: 1, State.CHECKING: 1, State.REFUSED: 1, State.FAULTY: 1, State.CHECKED: 2, State.RETURNED: 2,
            State.APPROVED: len(titles),
        }.get(self.version.state)  # fmt: skip
        if reached is None:
            step = next_step(self.filing, self.version.state)
            reached = 3 + (chain_of(self.filing).index(step) if step else 0)
        return [(title, "done" if i < reached else "now" if i == reached else "later") for i, title in enumerate(titles)]

    def _came_to(self, whole: int) -> int:
        """How many steps a version that was replaced had done by then."""
        states = set(self.version.steps.values_list("state", flat=True))
        if State.APPROVED in states:
            return whole
        passed = [step for step in chain_of(self.filing) if STEPS[step][1] in states]
        if passed:
            return 4 + chain_of(self.filing).index(passed[-1])
        return 3 if State.SUBMITTED in states else 2 if State.CHECKED in states else 1

    def rules(self) -> list[Rule]:
        rows: dict[tuple, list[dict]] = {}
        for problem in self.version.problems:
            rows.setdefault(_place(problem), []).append(problem)
        found, room = [], ROWS_OPEN
        for group in self.version.groups:
            title = CATALOGUE[group["code"]].title if group["code"] in CATALOGUE else LEVELS[group["level"]]
            shown = (rows.get(_place(group)) or [group["first"]])[:ROWS_OF_A_RULE]
            allowed = self.ledger.allowed_in(group["field"]) if group["code"] in SAY_ALLOWED else ""
            room -= len(shown) if group["level"] == "error" else 0
            is_open = group["level"] == "error" and (room >= 0 or not found)
            found.append(Rule(group, title, group["level"], shown, self.version.explanations.get(group["key"]), allowed, is_open))
        return found

    def verbs(self) -> set[str]:
        """The verbs this actor may do to this version now."""
        version, filing = self.version, self.filing
        if self.carrier:
            return self._carrier_verbs()
        found = set()
        if filing.open_id == version.pk and not filing.locked:
            found |= self._open_verbs()
        if filing.standing_id == version.pk and not filing.locked and access.may(self.actor, "withdraw", county=filing.county):
            found.add("withdraw")
        if access.may(self.actor, "lock", county=filing.county):
            found.add("unlock" if filing.locked else "lock")
        if filing.locked and self.may("file") and not filing.unlock_requested:
            found.add("request-unlock")
        return found

    def _open_verbs(self) -> set[str]:
        version, found = self.version, set()
        if version.state in (State.CHECKED, State.FAULTY) and version.unexplained and self.may("file"):
            found.add("explain")
        if version.state == State.CHECKED and not version.unexplained and self.may("file"):
            found.add("submit")
        step = next_step(self.filing, version.state)
        if step and self.may(STEPS[step][3]):
            found |= {STEPS[step][0], "return"}
        if version.state in UNDER_REVIEW:
            found |= ({"return"} if self.may("approve") else set()) | ({"take-back"} if self.may("withdraw") else set())
        return found

    def _carrier_verbs(self) -> set[str]:
        states = set(self.version.parts.values_list("state", flat=True))
        county_wide = access.may(self.actor, "file", county=self.filing.county, ledger=self.filing.ledger)
        mine = county_wide or self.version.uploaded_by == self.actor.user_id
        if not states or self.version.errors:
            return set()
        if states == {State.CHECKED} and mine:
            return {"explain"} if self.version.unexplained else {"submit"}
        if states == {State.SUBMITTED} and self.may("approve"):
            return {"approve", "return"}
        return set()

    def parts(self) -> list[Version]:
        if not self.carrier:
            return []
        listed = self.version.parts.select_related("filing__school").order_by("filing__school__code", "id")
        return list({part.filing_id: part for part in listed}.values())  # a mended part stands for the one it replaced


def _place(problem: dict) -> tuple:
    return problem["level"], problem["code"], problem["sheet"], problem["field"]
