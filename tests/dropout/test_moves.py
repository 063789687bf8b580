"""Every move of a case × every role: permitted, refused, or not there; and every move from every state."""
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from accounts.actor import Actor
from dropout.models import CaseState, CaseStep, DocumentKind, Opening, Placement
from dropout.services.cases import CaseError, NotReady, StaleCase, add_visit, move
from dropout.states import MOVES
from tests.dropout.roads import DAY, MONDAY, VISIT, Road, paper
from tests.dropout.world import CAST, CLASS, MIDDLE, XIANGYANG, D

pytestmark = pytest.mark.django_db

# Who may do what, written out by hand: the law and the county's practice, not the table under test.
SCHOOL = {"teacher", "clerk", "head"}
BUREAU = {"officer", "lead"}
VISITORS = SCHOOL | BUREAU | {"village", "town", "reviewer"}
PERMITTED: dict[str, set[str]] = {
    "explain": SCHOOL, "come_back": SCHOOL, "suspect": SCHOOL, "relapse": SCHOOL, "reopen": SCHOOL,
    "clear": {"head"} | BUREAU, "register": {"head"} | BUREAU, "offer_transfer": {"head"} | BUREAU,
    "assign_school": BUREAU, "visit": VISITORS, "check": VISITORS, "notice": {"town"},
    "return": {"clerk", "head"}, "place": {"clerk", "head"}, "resume": {"clerk", "head"},
    "sign_school": {"head"}, "sign_government": {"town"}, "strike_off": BUREAU,
    "transfer": {"other_clerk", "other_head"}, "transfer_away": BUREAU,
    "defer": {"town"} | BUREAU, "suspend": {"town"} | BUREAU, "renew": {"town"} | BUREAU, "find_unfit": {"town"} | BUREAU,
    "record_death": {"town"} | BUREAU, "record_emigration": {"town"} | BUREAU, "record_over_age": {"town"} | BUREAU,
    "expire": set(),
}  # fmt: skip
# Who sees a child of 向阳小学 三年级/1班 in 城关镇东村 at all; the others must not learn that there is a case.
SEEING = VISITORS
GIVEN = {
    "explain": {"note": "请病假，家长已来电。"}, "clear": {"note": "随父母外出，已核实在读。"}, "register": {"report_number": "1号", "reason": "work"},
    "visit": {**VISIT, "entry_key": "k"}, "notice": {"deadline": D(2026, 3, 20)}, "return": {"school": XIANGYANG, "class_text": CLASS},
    "place": {"placement": Placement.CLASS}, "relapse": {"note": "又不来上课。"}, "check": {"note": "在班上课。"}, "offer_transfer": {"school": MIDDLE},
    "assign_school": {"school": XIANGYANG}, "transfer": {"class_text": "七年级/1班"}, "transfer_away": {"receiving_school": "邻省某小学"},
    "defer": {"until": D(2026, 6, 30)}, "suspend": {"until": D(2026, 6, 30)}, "renew": {"until": D(2026, 11, 20)},
    "resume": {"school": XIANGYANG, "class_text": CLASS}, "reopen": {"note": "再次离校。"},
    **{verb: {"note": "已核实。"} for verb in ("record_death", "record_emigration", "record_over_age")},
}  # fmt: skip


def ready_for(world, verb: str) -> Road:
    """A case in which nothing but permission can be missing for this move."""
    if verb == "assign_school":
        return Road(world, world.child(school=None, class_text="", grade=None), opening=Opening.MATCHING)
    if verb in ("explain", "come_back", "suspect"):
        return Road(world)
    if verb in ("renew", "resume", "expire"):
        road = Road(world).resting(until=D(2025, 11, 20))
        road.day = D(2025, 11, 24)
        return road
    if verb == "record_over_age":
        return Road(world, world.child(birth=D(2008, 1, 1))).suspected()
    if verb == "transfer":
        return Road(world).suspected().do("offer_transfer", "head", school=MIDDLE)
    if verb == "check":
        road = Road(world).placed()
        road.day += 9 * DAY
        return road
    if verb == "strike_off":
        return Road(world).signed()
    if verb == "reopen":
        return Road(world).struck_off()
    state = {"notice": "persuading", "place": "returned", "relapse": "placed", "sign_school": "placed", "sign_government": "placed"}
    return getattr(Road(world), state.get(verb, "suspected"))()


def attempt(road: Road, verb: str, by: Actor) -> None:
    with transaction.atomic():
        move(case_id=road.id, verb=verb, revision=road.fresh().revision, by=by, on=road.day,
             documents=[paper(kind) for kind in MOVES[verb].documents], **GIVEN.get(verb, {}))  # fmt: skip
        transaction.set_rollback(True)


@pytest.mark.parametrize("verb", MOVES)
def test_every_move_of_every_role(world, verb):
    road = ready_for(world, verb)
    seeing = SEEING - SCHOOL - {"reviewer"} if verb == "assign_school" else SEEING
    for who in CAST:
        if who in PERMITTED[verb]:
            attempt(road, verb, world.actor(who))
        else:
            with pytest.raises(PermissionDenied if who in seeing else Http404):
                attempt(road, verb, world.actor(who))
    with pytest.raises(Http404):
        attempt(road, verb, Actor())


def test_the_table_names_every_move():
    assert set(PERMITTED) == set(MOVES)


@pytest.mark.parametrize("state", CaseState.values)
def test_from_every_state_only_the_moves_of_the_table(world, state):
    road = Road(world)
    case = road.fresh()
    case.state = state
    case.save()
    for verb, step in MOVES.items():
        if verb in ("visit", "transfer", "expire") or state in step.sources:
            continue
        with pytest.raises(CaseError) as refused:
            attempt(road, verb, Actor.operator())
        assert not isinstance(refused.value, NotReady) and step.title in str(refused.value)


def test_the_system_moves_only_by_the_clock(world):
    for verb in MOVES:
        road = ready_for(world, verb)
        if MOVES[verb].clock or verb == "visit":
            attempt(road, verb, Actor.system("clock"))
        else:
            with pytest.raises(PermissionDenied):
                attempt(road, verb, Actor.system("clock"))


@pytest.mark.parametrize("verb", sorted(set(MOVES) - {"visit"}))
def test_a_ledger_moves_nothing_whoever_sent_it(world, verb):
    road = ready_for(world, verb)
    for by in (*(world.actor(who) for who in sorted(PERMITTED[verb])), Actor.system("ledgers"), Actor.operator()):
        with pytest.raises(PermissionDenied):
            move(case_id=road.id, verb=verb, revision=road.fresh().revision, by=by, on=road.day, source="dropout_cases",
                 documents=[paper(kind) for kind in MOVES[verb].documents], **GIVEN.get(verb, {}))  # fmt: skip


def test_a_ledger_brings_a_case_to_persuasion_at_the_most(world):
    road = Road(world).registered()
    for number in range(3):
        add_visit(case=road.fresh(), on=road.day, **VISIT, source="dropout_cases", entry_key=f"row {number}", by=Actor.system("ledgers"))
    assert road.fresh().state == CaseState.PERSUADING


def test_a_move_on_a_case_that_was_moved_meanwhile_is_refused(world):
    road = Road(world)
    seen = road.fresh().revision
    road.visit()
    with pytest.raises(StaleCase, match="刷新") as refused:
        road.do("suspect", "head", revision=seen)
    assert refused.value.status == 409 and road.fresh().state == CaseState.ABSENT


def test_the_same_move_sent_twice_is_one_step(world):
    road = Road(world)
    seen = road.fresh().revision
    for _ in range(2):
        road.do("suspect", "teacher", revision=seen)
    assert CaseStep.objects.filter(case_id=road.id, verb="suspect").count() == 1


def test_a_step_is_not_dated_before_the_one_it_follows(world):
    road = Road(world).suspected()
    with pytest.raises(CaseError, match="早于本案上一步"):
        road.do("register", "head", DocumentKind.REPORT, on=MONDAY, report_number="1号", reason="work")


@pytest.mark.parametrize("verb", [m.verb for m in MOVES.values() if m.documents or m.note or m.fields])
def test_each_thing_a_move_needs_is_named_when_it_is_missing(world, verb):
    if verb == "visit":
        pytest.skip("test_opening tells what a visit needs")
    road = ready_for(world, verb)
    by = world.actor(sorted(PERMITTED[verb])[0])
    with pytest.raises(NotReady) as refused, transaction.atomic():
        move(case_id=road.id, verb=verb, revision=road.fresh().revision, by=by, on=road.day)
    step = MOVES[verb]
    assert len(refused.value.missing) >= len(step.fields) + len(step.documents) + step.note
    for kind in step.documents:
        assert any(DocumentKind(kind).label in line for line in refused.value.missing)
