"""Sends the written demo workbooks the way every workbook goes: receipt, check, explanation, submission, approval.

Every step may be repeated: a school that is registered is updated, a file that stands is not sent again, a user keeps
the login. A demo that was cut off goes on where it stopped.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from accounts.passwords import create_user, issue_token, reset_password
from dropout.services.extract import make_extract
from dropout.services.matching import newest_run, order_matching
from evidence.services import attest, standing_evidence
from indicators import snapshots
from indicators.standards import STANDARDS
from jobs import runner
from ledgers.definitions import LEDGERS as DECLARED
from ledgers.importing import finish_check
from ledgers.ledger import FISCAL_YEAR
from ledgers.models import Channel, State, Version
from ledgers.services import approve_version, explain_doubts, receive, return_version, submit_version
from ledgers.services.arranging import set_steps
from schools.access import actor_for_user
from schools.goals import set_goal, townships_of
from schools.memberships import give_membership
from schools.models import County, School
from schools.periods import school_year
from schools.register import apply_register, read_register
from schools.rules import apply_pack, set_local_rule

from . import care, dropout, evidence
from .cast import FROM, TO, cast, clerks
from .county import THIS_YEAR, YEARS, DemoCounty
from .fields import EVERY_YEAR, THIS_YEAR_ONLY
from .generator import COUNTY, NEIGHBOUR, Written
from .township import COUNTY_LISTS, SCHOOL_LEDGERS

POINTS_FIRST = {"point": {"township"}}
LEDGERS = ("school_profile", "classes", "teachers")
PACK = "taizhou-2017"
PLAN_DOCUMENT, PLAN_FROM = "清河县消除大班额专项规划（清政办发〔2024〕20号）", dt.date(2024, 9, 1)
PLANS = (
    ("large_class_plan", "2024:3,2025:2,2026:1,2027:0", "大班额每年年底前的控制数"),
    ("super_large_class_plan", "2024:0", "不再新增超大班额"),
)
EXPLANATION = "已与原始凭证核对无误：数据为本学年实际变化。"
RETURN_REASON = "骨干教师级别改为省级，但没有填写认定文号。请补上文号，或改回原级别后重新报送。"


GOAL_DOCUMENT = "清河县义务教育均衡发展规划（清政发〔2012〕6号、清政发〔2021〕15号）"
GOALS = (("initial", 2012, 2012), ("basic", 2015, 2015), ("quality", 2026, None))


class DemoRefused(Exception):
    """The demo may not be made here, or a step did not go as it must; the message is a Chinese sentence."""


class Demo:
    """One run over a written county. `say` gets progress sentences."""

    def __init__(self, written: Written, say: Callable[[str], None]):
        self.written, self.say = written, say
        self.actors: dict[str, Actor] = {}
        self.clerk_of = clerks(written)
        self.counts = {"files": 0, "approved": 0, "doubts_explained": 0}
        self.seconds: dict[str, float] = {}

    def run(self) -> dict:
        """All steps; returns the JSON summary of `manage.py demo`."""
        self._step("学校名录", self._registers)
        self._step("演示用户", self._users)
        for year in YEARS[:-1]:
            self._step(f"{year}-{year + 1}学年", self._past_year, year)
        self._step(f"{THIS_YEAR}-{THIS_YEAR + 1}学年", self._this_year)
        self._step("佐证认定", self._attest, THIS_YEAR)
        self._step("经费、培训、交流和县级数据", self._fields, THIS_YEAR, (*EVERY_YEAR, *THIS_YEAR_ONLY))
        self._step("地方规则", self._rules)
        self._step("学生和名单", self._children)
        self._step("办理中的填报", self._open_versions)
        self._step("控辍保学", self._dropout)
        self._step("学生关爱", self._care)
        self._step("控辍保学台账", self._reported_cases)
        self._step("计算", self._compute)
        return self._summary()

    def _step(self, title: str, step: Callable, *args) -> None:
        started = time.monotonic()
        step(*args)
        self.seconds[title] = round(time.monotonic() - started, 1)
        self.say(f"{title}：完成，用时 {self.seconds[title]} 秒")

    # Registers and people

    def _registers(self) -> None:
        for county in (self.written.county, self.written.neighbour):
            register = read_register((self._folder(county) / "register.xlsx").read_bytes(), "register.xlsx")
            if register.errors:
                raise DemoRefused(f"{county.name}学校名录有误：{register.errors[0].message}")
            apply_register(register, county_code=county.code, county_name=county.name, by=Actor.operator())
            County.objects.filter(code=county.code).update(is_demo=True)

    def _users(self) -> None:
        """Users with passwords; the logins file is written before anything long begins, readable by the owner only."""
        path = Path(settings.VAR_DIR) / "demo.json"
        known = {u["username"]: u for u in json.loads(path.read_text())["users"]} if path.exists() else {}
        listed = []
        for player in cast(self.written):
            login = self._login(player, known.get(player.username))
            listed.append({**login, "title": player.title, "role": player.role, "scopes": list(player.scopes)})
        temporary = path.with_suffix(".new")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({"county": COUNTY, "neighbour": NEIGHBOUR, "users": listed}, file, ensure_ascii=False, indent=1)
        temporary.replace(path)

    def _login(self, player, known: dict | None) -> dict:
        user = User.objects.filter(username=player.username).first()
        if user is None:
            user, password = create_user(player.username, display_name=player.title, is_demo=True, by=Actor.operator())
            login = {"username": player.username, "password": password, "token": issue_token(user)}
        elif not user.is_demo:
            raise DemoRefused(f"用户名“{player.username}”已被正式用户使用，不能建立演示用户。")
        elif known and known.get("token"):
            login = {key: known[key] for key in ("username", "password", "token")}
        else:
            login = {"username": player.username, "password": reset_password(user, by=Actor.operator()), "token": issue_token(user)}
        dates = {"valid_from": None, "valid_to": None}
        if player.dated:
            dates = {"valid_from": FROM, "valid_to": TO}
        for scope in player.scopes:
            give_membership(user, role=player.role, scope=scope, by=Actor.operator(), **dates)
        user.refresh_from_db()
        self.actors[player.username] = actor_for_user(user, role=player.role, remember=True)
        return login

    # Files

    def _past_year(self, year: int) -> None:
        """County-wide tables of an earlier year, sent and approved by the bureau; then its results are frozen."""
        for ledger in LEDGERS:
            for path in self._approved(self.written.county, year, ledger):
                self._send_and_approve(self.written.county, ledger, year, None, path, "officer", "officer")
        self._attest(year)
        self._fields(year, EVERY_YEAR)
        self._freeze(year)

    def _fields(self, year: int, ledgers: tuple[tuple[str, int], ...]) -> None:
        """The county-wide tables of money, exchange and training and the county's own numbers of a school year."""
        for ledger, back in ledgers:
            for path in self._approved(self.written.county, year - back, ledger):
                self._send_and_approve(self.written.county, ledger, year - back, None, path, "officer", "officer")

    def _this_year(self) -> None:
        for county, officer in ((self.written.county, "officer"), (self.written.neighbour, "stranger")):
            schools = {school.code: school for school in School.objects.filter(county__code=county.code)}
            paths = [(ledger, path) for ledger in LEDGERS for path in self._approved(county, THIS_YEAR, ledger)]
            for number, (ledger, path) in enumerate(paths, 1):
                clerk = self.clerk_of[path.stem]
                self._send_and_approve(county, ledger, THIS_YEAR, schools[path.stem], path, clerk, officer)
                if number % 30 == 0 or number == len(paths):
                    self.say(f"{county.name} {THIS_YEAR}-{THIS_YEAR + 1}学年：已审核 {number}/{len(paths)} 份")

    def _children(self) -> None:
        """The rosters of one township, last year's first; the departments' lists; what the schools keep of their children."""
        county = self.written.county
        for path in self._approved(county, THIS_YEAR - 1, "pupils"):
            self._send_and_approve(county, "pupils", THIS_YEAR - 1, None, path, "officer", "officer")
        schools = {school.code: school for school in School.objects.filter(county__code=county.code)}
        for ledger in ("pupils", *COUNTY_LISTS, *SCHOOL_LEDGERS):
            for path in self._approved(county, THIS_YEAR, ledger):
                of = schools.get(path.stem)
                self._send_and_approve(county, ledger, THIS_YEAR, of, path, self.clerk_of[path.stem] if of else "officer", "officer")

    def _reported_cases(self) -> None:
        """What a school reports of missing children, after the cases that people keep in the portal: it opens what is not there."""
        schools = {school.code: school for school in School.objects.filter(county__code=COUNTY)}
        for path in self._approved(self.written.county, THIS_YEAR, "dropout_cases"):
            self._send_and_approve(self.written.county, "dropout_cases", THIS_YEAR, schools[path.stem], path, self.clerk_of[path.stem], "officer")

    def _attest(self, year: int) -> None:
        """What no ledger counts, attested by the bureau; nothing when that year's evidence stands already."""
        county = County.objects.get(code=COUNTY)
        folder = self._folder(self.written.county) / "evidence" / str(year)
        if standing_evidence(county, year).items:
            return
        for standard, path in evidence.write(folder, year).items():
            said = json.loads(path.read_text(encoding="utf-8"))
            attest(county, year, standard, said, by=self.actors["officer"], files=lambda name: (folder / name).read_bytes())

    def _rules(self) -> None:
        """The county follows a shipped pack and a plan of its own, so that both results stand side by side."""
        county, lead = County.objects.get(code=COUNTY), self.actors["lead"]
        apply_pack(county, PACK, by=lead)
        for parameter, value, clause in PLANS:
            set_local_rule(county, parameter=parameter, value=value, document=PLAN_DOCUMENT, clause=clause, valid_from=PLAN_FROM, by=lead)
        for number, place in enumerate((None, *townships_of(county))):
            for stage, target, reached in GOALS:
                set_goal(county, township=place, stage=stage, target_year=target + (number % 3 if not reached else 0), reached_year=reached,
                         document=GOAL_DOCUMENT, by=lead)  # fmt: skip

    def _send_and_approve(
        self, county: DemoCounty, ledger: str, year: int, school: School | None, path: Path, clerk: str, officer: str
    ) -> None:
        for version in self._send(county.code, ledger, year, school, path, clerk):
            if version.state == State.APPROVED:
                continue
            if version.state == State.CHECKED:
                self._submit(version, clerk)
            approve_version(filing_id=version.filing_id, number=version.number, by=self.actors[officer])
            self.counts["approved"] += 1

    def _send(self, county: str, ledger: str, year: int, school: School | None, path: Path, clerk: str) -> list[Version]:
        """Receive one file and check it in place; the versions that hold its facts, one per school. Raises DemoRefused."""
        data = path.read_bytes()
        done = self._standing(county, ledger, year, school, data)
        if done:
            return done
        receipt = receive(
            county=County.objects.get(code=county), ledger=ledger, year=year, school=school, data=data, name=_called(ledger, year, school),
            channel=Channel.BROWSER, by=self.actors[clerk],
        )  # fmt: skip
        self.counts["files"] += 1
        version = Version.objects.get(pk=finish_check(receipt).pk)
        versions = list(version.parts.order_by("pk")) or [version]
        for one in versions:
            if one.state not in (State.CHECKED, State.APPROVED):
                raise DemoRefused(f"{path.name} 没有通过检查：{_first_problem(one)}")
        return versions

    def _standing(self, county: str, ledger: str, year: int, school: School | None, data: bytes) -> list[Version]:
        """The approved versions this very file already brought, if any."""
        found = Version.objects.filter(
            filing__county__code=county, filing__ledger=ledger, filing__period__start__year=year, state=State.APPROVED,
            sha256=hashlib.sha256(data).hexdigest(),
        )
        return list(found.filter(filing__school=school) if school else found.filter(filing__school__isnull=DECLARED[ledger].scope == "county"))

    def _submit(self, version: Version, clerk: str) -> None:
        by = self.actors[clerk]
        if version.unexplained:
            texts = {group["key"]: EXPLANATION for group in version.unexplained}
            explain_doubts(filing_id=version.filing_id, number=version.number, texts=texts, by=by)
            self.counts["doubts_explained"] += len(texts)
        submit_version(filing_id=version.filing_id, number=version.number, by=by)

    def _open_versions(self) -> None:
        """On top of standing versions: one faulty, one waiting for approval, one for the centre school, one returned.

        From here on the ledgers of teaching points pass the centre school first.
        """
        set_steps(County.objects.get(code=COUNTY), POINTS_FIRST, by=self.actors["lead"])
        folder = self._folder(self.written.county) / "open" / str(THIS_YEAR)
        for path in sorted(folder.glob("*/*.xlsx")):
            code, fate = path.stem.split("-")
            school = School.objects.get(county__code=COUNTY, code=code)
            if Version.objects.filter(filing__school=school, sha256=hashlib.sha256(path.read_bytes()).hexdigest()).exists():
                continue
            clerk = self.clerk_of[code]
            receipt = receive(
                county=school.county, ledger=path.parent.name, year=THIS_YEAR, school=school, data=path.read_bytes(),
                name=f"{school.name}教师花名册(第二稿).xlsx", channel=Channel.BROWSER, by=self.actors[clerk],
            )  # fmt: skip
            version = Version.objects.get(pk=finish_check(receipt).pk)
            if fate == "faulty":
                if version.state != State.FAULTY:
                    raise DemoRefused(f"{path.name} 应当查出错误，实际为“{version.get_state_display()}”。")
                continue
            if version.state != State.CHECKED:
                raise DemoRefused(f"{path.name} 没有通过检查：{_first_problem(version)}")
            self._submit(version, clerk)
            if fate == "returned":
                return_version(filing_id=version.filing_id, number=version.number, reason=RETURN_REASON,
                                     cells=[{"sheet": "教师花名册", "cell": "W2", "reason": "缺认定文号"}], by=self.actors["officer"])

    # Children

    def _care(self) -> None:
        county = County.objects.get(code=COUNTY)
        self.counts |= care.play(county, self.actors, lambda school: self.actors[self.clerk_of[school]])

    def _dropout(self) -> None:
        self.counts |= dropout.play(County.objects.get(code=COUNTY), self.actors)

    # Results

    def _freeze(self, year: int) -> None:
        runner.drain()
        county = County.objects.get(code=COUNTY)
        for code in STANDARDS:
            snapshot = snapshots.current(county, code, year) or snapshots.compute(county, code, year)
            if not snapshot.is_frozen:
                snapshots.freeze(snapshot, by=self.actors["lead"])

    def _compute(self) -> None:
        county = County.objects.get(code=COUNTY)
        if newest_run(county, THIS_YEAR) is None:
            today = min(timezone.localdate(), school_year(THIS_YEAR).end)
            make_extract(county=county, year=THIS_YEAR, on=today, by=self.actors["officer"])
            order_matching(county=county, year=THIS_YEAR, by=self.actors["officer"])
        failed = [job for job in runner.drain() if job.state == "failed"]
        if failed:
            raise DemoRefused(f"计算没有完成：{failed[0].error}")

    def _summary(self) -> dict:
        return {
            "status": "done", "county": COUNTY, "neighbour": NEIGHBOUR, "into": str(self.written.into), "year": THIS_YEAR,
            "schools": len(self.written.county.units), **self.counts, "results": list(_results()),
            "logins": str(Path(settings.VAR_DIR) / "demo.json"), "seconds": self.seconds,
        }

    def _folder(self, county: DemoCounty) -> Path:
        return self.written.into / county.code

    def _approved(self, county: DemoCounty, year: int, ledger: str) -> list[Path]:
        return sorted((self._folder(county) / "approved" / str(year) / ledger).glob("*.xlsx"))


def _called(ledger: str, year: int, school: School | None) -> str:
    """What people call such a file."""
    declared = DECLARED[ledger]
    time = f"{year}年度" if declared.clock == FISCAL_YEAR else f"{year}-{year + 1}学年"
    place = school.name if school else "全县" if declared.scope == "school" else ""
    return f"{place}{declared.title}（{time}）.xlsx"


def _first_problem(version: Version) -> str:
    errors = [problem for problem in version.problems if problem["level"] == "error"]
    return errors[0]["message"] if errors else version.get_state_display()


def _results() -> Iterator[dict]:
    """The national verdict of this year under every standard."""
    county = County.objects.get(code=COUNTY)
    for code in STANDARDS:
        snapshot = snapshots.current(county, code, THIS_YEAR)
        if snapshot is not None:
            national = snapshots.payload(snapshot)["rulesets"]["national"]
            failing = [row["name"] for row in national["schools"] if row["passes"] is False]
            yield {"standard": code, "verdict": national["verdict"], "failing_schools": failing}


def refuse_beside_real_data() -> None:
    """Raise DemoRefused when the database holds a county that is no demo."""
    real = County.objects.filter(is_demo=False).first()
    if real is not None:
        raise DemoRefused(f"数据库中已有正式的县(市、区)“{real.name}”，演示数据不能与正式数据放在一起。请换一个空数据库（DATABASE_URL 或 VAR_DIR）。")


def is_complete() -> bool:
    """Whether the demo stands already: this year's results of every standard, earlier years frozen."""
    county = County.objects.filter(code=COUNTY, is_demo=True).first()
    if county is None or not (Path(settings.VAR_DIR) / "demo.json").exists():
        return False
    return all(snapshots.current(county, code, THIS_YEAR) is not None for code in STANDARDS)
