"""Opening a case and recording visits: once, numbered without gaps, by whoever may."""
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.actor import Actor
from accounts.models import AuditEvent
from dropout.models import Case, CaseState, CaseStep, Opening, Visit
from dropout.services.cases import CaseClosed, CaseError, add_visit, open_case
from dropout.services.visits import content_of
from tests.dropout.world import JPEG, D

MONDAY = D(2025, 11, 3)
VISIT = {"way": "home", "outcome": "agreed", "participants": "李老师（向阳小学 班主任）"}


def opened(world, child=None, by="teacher", opening=Opening.ABSENCE, on=MONDAY, **more) -> Case:
    return open_case(child=child or world.child(), opening=opening, absent_since=more.pop("absent_since", on), on=on, by=world.actor(by), **more)


def test_numbers_run_in_the_county_and_calendar_year_without_gaps(world):
    numbers = [opened(world).number for _ in range(3)]
    assert numbers == ["2025-0001", "2025-0002", "2025-0003"]
    assert opened(world, on=D(2026, 1, 5)).number == "2026-0001"
    Case.objects.filter(number="2026-0001").update(number="2026-9999")
    assert [opened(world, on=D(2026, 1, 6)).number for _ in range(2)] == ["2026-10000", "2026-10001"]


def test_a_child_has_one_open_case_and_opening_again_gives_it_back(world):
    child = world.child()
    first = opened(world, child)
    again = opened(world, child, by="officer", opening=Opening.MATCHING, on=D(2025, 11, 5))
    assert again.pk == first.pk and CaseStep.objects.filter(case=first).count() == 1


def test_an_absence_opens_as_absent_anything_else_as_suspected(world):
    assert opened(world).state == CaseState.ABSENT
    case = opened(world, by="officer", opening=Opening.MATCHING, reason="work", whereabouts="外出务工")
    assert (case.state, case.reason, case.school, case.township, case.class_text) == (CaseState.SUSPECTED, "work", world.school, world.town, "三年级/1班")
    event = AuditEvent.objects.filter(action="case.open").latest("pk")
    assert event.object == f"case/{case.number}" and event.county == "999901"


@pytest.mark.parametrize("who, opening, answer", [
    ("teacher", Opening.ABSENCE, None), ("clerk", Opening.ABSENCE, None), ("village", Opening.ABSENCE, PermissionDenied), ("officer", Opening.ABSENCE, PermissionDenied),
    ("village", Opening.PERSON, None), ("town", Opening.PERSON, None), ("officer", Opening.MATCHING, None), ("head", Opening.MATCHING, PermissionDenied),
    ("head", Opening.WARNING, None), ("other_head", Opening.PERSON, Http404), ("other_village", Opening.PERSON, Http404), ("stranger", Opening.MATCHING, Http404),
    ("inspector", Opening.PERSON, Http404), ("teacher", Opening.EXPIRED, PermissionDenied),
])  # fmt: skip
def test_who_may_open_in_which_way(world, who, opening, answer):
    child = world.child()
    if answer is None:
        assert opened(world, child, by=who, opening=opening).child == child
    else:
        with pytest.raises(answer):
            opened(world, child, by=who, opening=opening)
        assert not Case.objects.exists()


def test_a_ledger_and_the_system_open_too(world):
    child = world.child()
    case = open_case(child=child, opening=Opening.LEDGER, absent_since=D(2025, 10, 9), on=D(2025, 11, 3), by=Actor.system("ledgers"))
    assert case.state == CaseState.SUSPECTED


def test_a_case_does_not_begin_after_it_was_opened(world):
    with pytest.raises(CaseError, match="晚于立案日期"):
        opened(world, absent_since=D(2025, 11, 4))


def test_the_same_entry_key_twice_is_one_visit(world):
    case = opened(world)
    for _ in range(2):
        add_visit(case=case, on=D(2025, 11, 3), **VISIT, entry_key="k1", content="家长答应明天送来", photo=("家访.jpg", JPEG), by=world.actor("teacher"))
    visit = Visit.objects.get()
    assert content_of(visit, case.child) == "家长答应明天送来" and "家长" not in visit.sealed
    assert visit.line == "school" and CaseStep.objects.filter(verb="visit").count() == 1
    assert case.revision == 2 and visit.photo.name == "家访.jpg"


def test_the_government_line_is_known_by_its_role(world):
    case = opened(world)
    assert add_visit(case=case, on=D(2025, 11, 4), **VISIT, entry_key="k", by=world.actor("village")).line == "government"


@pytest.mark.parametrize("change, sentence", [
    ({"on": D(2025, 11, 2)}, "早于离校日期"), ({"way": "fax"}, "请选择"), ({"participants": " "}, "参加人员"),
    ({"photo": ("表.exe", b"MZ")}, "类型不能接收"), ({"photo": ("图.jpg", b"GIF89a")}, "与内容不符"),
])  # fmt: skip
def test_a_visit_that_cannot_be_is_refused_in_words(world, change, sentence):
    case = opened(world)
    with pytest.raises(CaseError, match=sentence):
        add_visit(**{"case": case, "on": D(2025, 11, 4), **VISIT, "entry_key": "k", "by": world.actor("teacher"), **change})
    assert not Visit.objects.exists() and Case.objects.get().revision == 1


def test_a_closed_case_takes_no_visit(world):
    case = opened(world)
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLEARED)
    with pytest.raises(CaseClosed, match="再次立案"):
        add_visit(case=case, on=D(2025, 11, 4), **VISIT, entry_key="k", by=world.actor("teacher"))
