"""The care pages for every role: what each shows, what it must never show (planted names), and that forms do what they say."""
import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notice
from dropout.models import Case, ChildTag, Contact, Flag, Gift, HomeLesson, IndividualPlan, Pairing
from dropout.services import care
from tests.factories import OPERATOR, sign_in

from .world import ADDRESS, GIVEN, GUARDIAN, PHONE, SURNAME, make_child, tag

REASON = "联系监护人约定家访"
LISTS = ("care", "care-duties", "care-helpers", "children", "disabled", "warnings", "gifts", "gifts-published", "aid")
WORD = "学习困难"
PLANTS = (GIVEN, GUARDIAN, PHONE, ADDRESS, "9999012018", "想念父母")


def get(client, world, who, name, *args, **query):
    sign_in(client, world.people[who])
    return client.get(reverse(f"dropout:{name}", args=[world.county.code, *args]), query)


def post(client, world, who, name, *args, **said):
    sign_in(client, world.people[who])
    return client.post(reverse(f"dropout:{name}", args=[world.county.code, *args]), said)


def text(answer) -> str:
    return answer.content.decode()


EVERYBODY = ["clerk", "head", "officer", "lead", "teacher", "other_teacher", "middle_clerk", "town", "village", "centre", "inspector", "evaluator", "supervisor"]


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_list_tells_a_name_a_number_or_learning_difficulty_beside_a_child(client, full, who):
    for name in LISTS:
        answer = get(client, full, who, name)
        assert answer.status_code in (200, 403)
        shown = text(answer)
        assert not [plant for plant in PLANTS if plant in shown], name
        if name not in ("care", "warnings"):  # there the word stands in a row of counts, and in the table of rules
            assert WORD not in shown, name
        for row in re.findall(r"<tr>.*?</tr>", shown, re.S):
            assert not (SURNAME in row and WORD in row), row


@pytest.mark.parametrize("who", ["inspector", "evaluator", "supervisor", "policy"])
def test_those_who_see_results_get_counts_and_never_a_child(client, full, who):
    for name in ("care", "disabled", "aid", "gifts-published"):
        shown = text(get(client, full, who, name))
        assert SURNAME not in shown and "不足 5" in shown and "/children/" not in shown
        small = re.findall(r'class="number">\s*[1-4]\s*<|\b[1-4] 人', re.sub("不足 5 人", "", shown))
        assert name == "gifts-published" or not small, (name, small)
    assert "按学校" not in text(get(client, full, who, "care", by="school")), "a school is too small a place for counts"
    for name in ("care-duties", "care-helpers", "children", "warnings", "gifts"):
        assert get(client, full, who, name).status_code == 403
    assert get(client, full, who, "care-group", "poor").status_code == 403
    for name in ("child", "child-card", "pairing", "plan", "home-lesson"):
        assert get(client, full, who, name, full.mine.pk).status_code == 404


@pytest.mark.parametrize("who", ["department", "auditor", "admin"])
def test_roles_without_children_or_results_get_nothing(client, full, who):
    for name in LISTS:
        assert get(client, full, who, name).status_code == 403
    assert get(client, full, who, "child", full.mine.pk).status_code == 404


def test_the_neighbour_finds_nothing_here(client, full):
    for name in LISTS:
        assert get(client, full, "stranger", name).status_code == 404
    assert get(client, full, "stranger", "child", full.mine.pk).status_code == 404


@pytest.mark.parametrize("who, seen", [
    ("teacher", {"mine"}), ("other_teacher", {"next_door"}), ("clerk", {"mine", "next_door", "at_point"}), ("middle_clerk", {"elder"}),
    ("village", {"mine", "elder"}), ("town", {"mine", "next_door", "elder"}), ("officer", {"mine", "next_door", "at_point", "elder"}),
])  # fmt: skip
def test_each_role_finds_its_own_children_in_the_register_and_no_other_page_opens(client, full, who, seen):
    shown = text(get(client, full, who, "children"))
    for name in ("mine", "next_door", "at_point", "elder", "foreign"):
        child = getattr(full, name)
        url = reverse("dropout:child", args=[full.county.code, child.pk])
        assert (url in shown) == (name in seen)
        assert client.get(url).status_code == (200 if name in seen else 404)


def test_learning_difficulty_has_no_list(client, full):
    assert get(client, full, "teacher", "care-group", "learning").status_code == 404
    assert get(client, full, "teacher", "care-group", "no-such").status_code == 404
    assert get(client, full, "teacher", "care-group", "left-behind-civil").status_code == 200


@pytest.mark.parametrize("who, told", [("teacher", True), ("clerk", True), ("head", True), ("officer", False), ("lead", False), ("town", False), ("village", False), ("centre", False)])
def test_the_childs_own_page_tells_learning_difficulty_to_those_who_care_for_it(client, full, who, told):
    page = text(get(client, full, who, "child", full.mine.pk))
    flag = text(get(client, full, who, "warning", Flag.objects.get(child=full.mine).pk))
    # The choices of a form (类别, 辍学原因) say nothing of this child.
    told_there = [WORD in re.sub(r"<select.*?</select>", "", shown, flags=re.S) for shown in (page, flag)]
    assert told_there == [told, told]
    assert ("85 分" in flag) == told, "the sum beside its open parts would tell the hidden one"
    assert not [plant for plant in PLANTS if plant in page + flag]


def test_both_definitions_of_left_behind_are_shown_with_their_names(client, full):
    page = text(get(client, full, "teacher", "child", full.mine.pk))
    assert "留守（学籍口径）" in page and "留守（民政口径）" in page and "外出三个月以上" in page and "无监护能力" in page
    overview = text(get(client, full, "officer", "care"))
    assert "留守（学籍口径）" in overview and "留守（民政口径）" in overview


def test_the_overview_counts_and_leads_to_the_lists(client, full):
    shown = text(get(client, full, "clerk", "care", by="school"))
    assert reverse("dropout:care-group", args=["999901", "poor"]) in shown and reverse("dropout:care-group", args=["999901", "learning"]) not in shown
    assert "向阳小学" in shown and "100.0%" in shown
    rows = text(get(client, full, "clerk", "care-group", "poor", show="lacking"))
    assert rows.count("禤") == 1 and reverse("dropout:child", args=["999901", full.next_door.pk]) in rows


def test_a_foreign_school_in_the_address_shows_nothing_and_a_nonsense_page_is_a_page(client, full):
    assert "没有符合条件" in text(get(client, full, "clerk", "care-group", "poor", school=full.cast.other_school.code))
    assert get(client, full, "clerk", "children", page="zwölf", status="nowhere").status_code == 200


def test_full_data_come_only_with_a_reason_and_only_once(client, full):
    page = reverse("dropout:child", args=["999901", full.mine.pk])
    answer = post(client, full, "head", "child-open", full.mine.pk, reason="看")
    assert answer.status_code == 422 and PHONE not in text(answer) and "至少四个字" in text(answer)
    answer = post(client, full, "head", "child-open", full.mine.pk, reason=REASON)
    assert answer.status_code == 200 and PHONE in text(answer) and GUARDIAN in text(answer) and "no-store" in answer["Cache-Control"]
    assert PHONE not in text(client.get(page))
    event = AuditEvent.objects.get(action="child.opened")
    assert event.detail["reason"] == REASON and event.object == f"child/{full.mine.pk}"
    assert client.get(reverse("dropout:child-open", args=["999901", full.mine.pk])).status_code == 405


def test_the_contact_card_holds_the_guardian_for_those_who_care(client, full):
    assert PHONE not in text(get(client, full, "teacher", "child-card", full.mine.pk))
    card = text(post(client, full, "teacher", "child-card", full.mine.pk, reason=REASON))
    assert PHONE in card and GUARDIAN in card and ADDRESS not in card and "9999012018" not in card
    assert get(client, full, "officer", "child-card", full.mine.pk).status_code == 403
    assert post(client, full, "officer", "child-card", full.mine.pk, reason=REASON).status_code == 403


def test_what_was_said_is_read_with_a_reason(client, full):
    assert "想念父母" in text(post(client, full, "teacher", "child-contacts", full.mine.pk, reason=REASON))
    assert post(client, full, "officer", "child-contacts", full.mine.pk, reason=REASON).status_code == 403


def test_a_teacher_tags_pairs_and_logs_a_contact_by_plain_forms(client, world):
    today = timezone.localdate().isoformat()
    child = world.mine.pk
    assert post(client, world, "teacher", "tag-add", child, category="left-behind-civil", since=today, basis="村委会证明").status_code == 302
    assert ChildTag.objects.get().definition == "civil"
    form = get(client, world, "teacher", "pairing", child)
    assert world.people["teacher"].username in text(form)
    assert post(client, world, "teacher", "pairing", child, group="left_behind", helper=world.people["teacher"].pk, mode="many", since=today).status_code == 302
    pairing = Pairing.objects.get()
    key = re.search(r'name="entry_key" value="([0-9a-f]{32})"', text(get(client, world, "teacher", "contact", child, pairing.pk))).group(1)
    for _ in range(2):
        said = {"on": today, "way": "phone", "content": "想念父母", "entry_key": key}
        assert post(client, world, "teacher", "contact", child, pairing.pk, **said).status_code == 302
    assert Contact.objects.count() == 1
    assert post(client, world, "teacher", "pairing-end", child, pairing.pk).status_code == 302
    assert post(client, world, "teacher", "tag-end", child, ChildTag.objects.get().pk).status_code == 302
    assert Pairing.objects.get().until and ChildTag.objects.get().until


def test_a_refused_form_keeps_what_was_typed(client, full):
    pairing = Pairing.objects.filter(child=full.mine).first()
    later = timezone.localdate() + dt.timedelta(days=2)
    answer = post(client, full, "teacher", "contact", full.mine.pk, pairing.pk, on=later.isoformat(), way="talk", content="写好的内容", entry_key="n")
    assert answer.status_code == 422 and "还没有到" in text(answer) and "写好的内容" in text(answer)
    answer = post(client, full, "teacher", "pairing", full.mine.pk, group="poor", mode="many", since="2026-09-01", measures="每周辅导")
    assert answer.status_code == 422 and "填写帮扶教师的姓名" in text(answer) and "每周辅导" in text(answer)


def test_a_pairing_of_another_child_is_not_reached_through_the_own(client, full):
    other = care.pair(full.elder, group="poor", helper_name="吴静", since=dt.date(2026, 9, 1), by=OPERATOR)
    assert get(client, full, "teacher", "contact", full.mine.pk, other.pk).status_code == 404
    assert post(client, full, "teacher", "pairing-end", full.mine.pk, other.pk).status_code == 404
    post(client, full, "teacher", "tag-end", full.mine.pk, ChildTag.objects.filter(child=full.elder).first().pk)
    assert not ChildTag.objects.filter(child=full.elder, until__isnull=False).exists()


def test_plan_and_home_lessons_by_plain_forms(client, world):
    today = timezone.localdate().isoformat()
    said = {"placement": "home", "school": world.cast.school.code, "kind": "limbs", "degree": "2", "has_certificate": "yes", "since": today}
    assert post(client, world, "clerk", "plan", world.mine.pk, **said).status_code == 302
    held = IndividualPlan.objects.get()
    assert (held.placement, held.degree, held.has_certificate, held.school) == ("home", 2, True, world.cast.school)
    assert post(client, world, "clerk", "plan", world.mine.pk, **{**said, "school": ""}).status_code == 422
    for _ in range(2):
        lesson = {"on": today, "lessons": 3, "minutes": 120, "teachers": "周明哲", "entry_key": "e1", "parent_signed": "on"}
        assert post(client, world, "teacher", "home-lesson", world.mine.pk, **lesson).status_code == 302
    assert HomeLesson.objects.get().parent_signed
    page = text(get(client, world, "officer", "disabled"))
    assert "送教上门 1" in page and "周明哲" not in page
    assert post(client, world, "officer", "home-lesson", world.mine.pk).status_code == 403


def test_the_zero_refusal_list_is_the_bureaus(client, full):
    for who, there in (("officer", True), ("clerk", False), ("teacher", False), ("town", False)):
        assert ("零拒绝：名单中没有安置的" in text(get(client, full, who, "disabled"))) == there


def test_a_warning_is_checked_or_becomes_a_case_from_its_page(client, full):
    mine, elder = Flag.objects.get(child=full.mine), Flag.objects.get(child=full.elder)
    page = text(get(client, full, "clerk", "warnings"))
    assert "无故缺勤 1 天" in page and "85 分" not in page
    assert post(client, full, "clerk", "warning", mine.pk, outcome="已").status_code == 422
    assert post(client, full, "clerk", "warning", mine.pk, outcome="已家访，孩子感冒").status_code == 302
    answer = post(client, full, "clerk", "warning", mine.pk, outcome="再写一次结果")
    assert answer.status_code == 422 and "已由clerk处置" in text(answer)
    assert post(client, full, "teacher", "warning", mine.pk, outcome="已家访，孩子感冒").status_code == 403
    since = timezone.localdate() - dt.timedelta(days=1)
    assert post(client, full, "middle_clerk", "warning-case", elder.pk, absent_since=since.isoformat(), reason="work").status_code == 302
    case = Case.objects.get()
    assert case.child == full.elder and Flag.objects.get(pk=elder.pk).case == case
    assert get(client, full, "clerk", "warning", elder.pk).status_code == 404


def test_the_bureau_may_ask_for_a_run_and_a_school_may_not(client, full):
    assert post(client, full, "officer", "warnings-run").status_code == 302
    assert post(client, full, "clerk", "warnings-run").status_code == 403


def test_gifts_by_plain_forms(client, world):
    today = timezone.localdate().isoformat()
    said = {"holder": world.cast.school.code, "direction": "received", "kind": "money", "item": "助学金", "amount": "500.50", "on": today, "donor": "爱心企业", "entry_key": "x1"}
    for _ in range(2):
        assert post(client, world, "clerk", "gift-add", **said).status_code == 302
    assert Gift.objects.get().amount == 50_050
    assert post(client, world, "clerk", "gift-add", **{**said, "holder": "county", "entry_key": "x2"}).status_code == 422
    over = {**said, "direction": "given", "donor": "", "group": "poor", "amount": "600", "entry_key": "x3"}
    answer = post(client, world, "clerk", "gift-add", **over)
    assert answer.status_code == 422 and "还差 99.50元" in text(answer)
    assert "500.50" in text(get(client, world, "clerk", "gifts"))
    assert post(client, world, "middle_clerk", "gift-strike", Gift.objects.get().pk, reason="重复登记").status_code == 404
    assert post(client, world, "clerk", "gift-strike", Gift.objects.get().pk, reason="重复登记").status_code == 302
    assert not Gift.objects.exists()


def test_resource_rooms_by_a_plain_form(client, world):
    said = {"school": world.cast.school.code, "rooms": 1, "area": "60.5", "teachers": 2, "since": "2026-09-01"}
    assert post(client, world, "clerk", "resource-room", **said).status_code == 302
    assert "60.50" in text(get(client, world, "clerk", "disabled"))
    assert post(client, world, "clerk", "resource-room", **{**said, "school": world.cast.other_school.code}).status_code == 422


def test_a_child_is_found_by_its_number_which_is_in_no_address(client, world):
    found = post(client, world, "clerk", "children", number=f"99990120180301{1:04d}")
    assert reverse("dropout:child", args=["999901", world.mine.pk]) in text(found) and text(found).count("禤") == 1
    assert "没有这个号码" in text(post(client, world, "middle_clerk", "children", number=f"99990120180301{1:04d}"))


def test_an_erased_child_is_shown_as_deleted(client, full):
    assert post(client, full, "lead", "child-erase", full.mine.pk, reason="监护人书面申请").status_code == 422
    assert post(client, full, "lead", "child-erase", full.mine.pk, reason="监护人书面申请", sure="yes").status_code == 302
    shown = text(get(client, full, "lead", "children"))
    assert "已删除" in shown
    page = text(get(client, full, "teacher", "child", full.mine.pk))
    assert "按规定删除" in page and "查看谈话内容" not in page
    assert post(client, full, "lead", "child-open", full.mine.pk, reason=REASON).status_code == 422


def test_reading_changes_nothing(client, full):
    before = (AuditEvent.objects.count(), Notice.objects.count(), Flag.objects.filter(state="open").count())
    for who in ("teacher", "clerk", "officer", "inspector"):
        for name in LISTS:
            get(client, full, who, name)
        get(client, full, who, "child", full.mine.pk)
    denied = AuditEvent.objects.filter(result="denied").count()
    assert (AuditEvent.objects.count() - denied, Notice.objects.count(), Flag.objects.filter(state="open").count()) == before


def test_list_pages_need_as_many_queries_for_many_children_as_for_few(client, full, django_assert_max_num_queries):
    for number in range(60, 100):
        tag(make_child(full.county, number, school=full.cast.school), "poor")
    for name in ("care", "care-duties", "care-helpers", "children", "warnings", "disabled", "aid", "gifts"):
        sign_in(client, full.people["officer"])
        with django_assert_max_num_queries(15):
            client.get(reverse(f"dropout:{name}", args=["999901"]))
