"""Pages of the registers: who may, what changes, and that a first password is shown once."""

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent, User
from schools.models import Calendar, County, LocalRule, Membership, School, SchoolAlias, SourceChoice
from schools.register import read_register
from tests.factories import make_cast, make_person, sign_in

pytestmark = pytest.mark.django_db
GETS = ["schools:register", "schools:people", "schools:rules"]


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def lead(cast, client):
    sign_in(client, cast.lead)
    return client


@pytest.mark.parametrize("name", GETS)
def test_the_stranger_gets_404_and_a_clerk_403(cast, client, name):
    url = reverse(name, args=["999901"])
    sign_in(client, cast.stranger)
    assert client.get(url).status_code == 404
    sign_in(client, cast.clerk)
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("name", GETS)
def test_the_lead_sees_the_page(lead, name):
    assert lead.get(reverse(name, args=["999901"])).status_code == 200


def test_editing_a_school_keeps_its_history(cast, lead):
    url = reverse("schools:school-edit", args=["999901", "9999010003"])
    data = {
        "name": "城关初级中学",
        "code": "9999010003",
        "kind": "whole",
        "type_code": "311",
        "sponsor_code": "7",
        "area_code": "121",
        "township": cast.other_school.township_id,
    }
    assert lead.post(url, data).status_code == 302
    assert School.objects.get(code="9999010003").name == "城关初级中学"
    assert cast.other_school.events.get().kind == "rename"
    assert AuditEvent.objects.filter(action="school.changed").count() == 1


def test_a_township_of_another_county_is_refused(cast, lead):
    url = reverse("schools:school-edit", args=["999901", "9999010003"])
    data = {
        "name": "城关中学",
        "code": "9999010003",
        "kind": "whole",
        "type_code": "311",
        "sponsor_code": "7",
        "area_code": "121",
        "township": cast.foreign_school.township_id,
    }
    assert lead.post(url, data).status_code == 422
    assert School.objects.get(code="9999010003").township == cast.other_school.township


def test_a_register_workbook_with_faults_writes_nothing(lead, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "学校"
    book.active.append(["学校名称"])
    book.save(tmp_path / "r.xlsx")
    with open(tmp_path / "r.xlsx", "rb") as file:
        answer = lead.post(reverse("schools:register-upload", args=["999901"]), {"file": file})
    assert answer.status_code == 422
    assert "缺少列" in answer.content.decode()


def test_a_new_user_gets_a_password_shown_once(lead):
    data = {"username": "newclerk", "display_name": "新填报员", "role": "school_clerk", "scope": "9999010001"}
    answer = lead.post(reverse("schools:person-add", args=["999901"]), data)
    password = answer.context["shown"]["password"]
    user = User.objects.get(username="newclerk")
    assert user.check_password(password) and user.must_change_password
    assert password not in lead.get(reverse("schools:people", args=["999901"])).content.decode()


@pytest.mark.parametrize(
    "role, scope", [("county_officer", "999902"), ("school_clerk", "9999020001"), ("inspector", "999902")]
)
def test_a_lead_gives_no_role_outside_the_county(lead, role, scope):
    data = {"username": "spy", "display_name": "x", "role": role, "scope": scope}
    assert lead.post(reverse("schools:person-add", args=["999901"]), data).status_code == 422
    assert not User.objects.filter(username="spy").exists()


def test_a_lead_cannot_touch_a_person_of_another_place(cast, lead):
    both = make_person("both", "school_clerk", "9999010001")
    Membership.objects.create(user=both, role="supervisor", scope_kind="prefix", prefix="32")
    for user in (cast.stranger, both):
        assert lead.post(reverse("schools:person-reset", args=["999901", user.pk])).status_code == 404
        assert lead.post(reverse("schools:person-change", args=["999901", user.pk, "disable"])).status_code == 404


def test_a_rule_is_set_and_withdrawn(lead):
    data = {
        "parameter": "sports_area_relief",
        "value": "是",
        "scope": "all",
        "document": "县政发〔2026〕3号",
        "valid_from": "2026-01-01",
    }
    assert lead.post(reverse("schools:rule-add", args=["999901"]), data).status_code == 302
    rule = LocalRule.objects.get()
    assert lead.post(reverse("schools:rule-withdraw", args=["999901", rule.pk])).status_code == 302
    rule.refresh_from_db()
    assert rule.withdrawn_at


def test_a_choice_is_set_in_words_and_shown_in_words(lead):
    data = {"parameter": "small_school_scope", "value": "乡村学校", "scope": "全部", "document": "县政发〔2026〕3号", "valid_from": "2026-01-01"}
    assert lead.post(reverse("schools:rule-add", args=["999901"]), data).status_code == 302
    assert LocalRule.objects.get().value == "rural"
    page = lead.get(reverse("schools:rules", args=["999901"]) + "?parameter=small_school_scope").content.decode()
    assert "可填：全部学校、乡村学校。" in page and "<td>乡村学校</td>" in page


def test_a_bad_rule_comes_back_with_its_sentence(lead):
    data = {
        "parameter": "sports_area_relief",
        "value": "也许",
        "scope": "all",
        "document": "x",
        "valid_from": "2026-01-01",
    }
    answer = lead.post(reverse("schools:rule-add", args=["999901"]), data)
    assert answer.status_code == 422
    assert "应填写“是”或“否”" in answer.content.decode()


def test_a_source_is_chosen_and_restored(lead):
    url = reverse("schools:source", args=["999901"])
    lead.post(url, {"fact": "pupils", "source": "school_profile"})
    assert SourceChoice.objects.get().source == "school_profile"
    lead.post(url, {"fact": "pupils", "source": ""})
    assert not SourceChoice.objects.exists()


def test_the_calendar_is_entered_as_lines(lead):
    url = reverse("schools:calendar", args=["999901", 2026])
    data = {
        "terms": "2026-09-01 2027-01-22\n2027-02-22 2027-07-02",
        "holidays": "2026-10-01 2026-10-08 国庆节",
        "makeup_days": "2026-10-10",
    }
    assert lead.post(url, data).status_code == 302
    held = Calendar.objects.get()
    assert held.holidays == [["2026-10-01", "2026-10-08", "国庆节"]]
    assert "国庆节" in lead.get(url).content.decode()


def test_a_calendar_with_an_impossible_date_is_refused(lead):
    url = reverse("schools:calendar", args=["999901", 2026])
    assert "不存在的日期" in lead.post(url, {"terms": "2026-09-01 2027-02-30"}).content.decode()


def test_a_scope_may_be_written_by_name(cast, lead):
    data = {"username": "byname", "display_name": "甲", "role": "class_teacher", "scope": "城关中学/七年级/1班"}
    assert lead.post(reverse("schools:person-add", args=["999901"]), data).status_code == 200
    held = Membership.objects.get(user__username="byname")
    assert (held.school, held.scope_text) == (cast.other_school, "七年级/1班")


def test_a_portal_without_a_county_leads_its_admin_to_the_first_one(client):
    sign_in(client, make_person("root", "system_admin", "portal"))
    page = client.get(reverse("schools:registers"), follow=True)
    assert "还没有县(市、区)" in page.content.decode() and page.redirect_chain[0][0] == reverse("schools:counties")
    answer = client.post(reverse("schools:counties"), {"code": "999903", "name": "新河县"}, follow=True)
    assert County.objects.get().name == "新河县" and "已增加新河县" in answer.content.decode()
    blank = client.get(reverse("schools:register-download", args=["999903"]))
    assert not (found := read_register(blank.getvalue(), "名录.xlsx")).problems and not found.schools
    again = client.post(reverse("schools:counties"), {"code": "999903", "name": "别的名字"})
    assert again.status_code == 422 and "已经是“新河县”" in again.content.decode()
    assert client.post(reverse("schools:counties"), {"code": "９９９９０４", "name": "全角县"}).status_code == 422


def test_a_lead_opens_no_county(lead):
    assert lead.post(reverse("schools:counties"), {"code": "999903", "name": "新河县"}).status_code == 403
    assert not County.objects.filter(code="999903").exists()


def test_the_register_that_was_downloaded_changes_nothing_when_it_is_imported(cast, lead):
    SchoolAlias.objects.create(school=cast.school, county=cast.school.county, kind="name", text="老名字")
    data = lead.get(reverse("schools:register-download", args=["999901"])).getvalue()
    file = SimpleUploadedFile("名录.xlsx", data)
    answer = lead.post(reverse("schools:register-upload", args=["999901"]), {"file": file}, follow=True)
    assert f"新增 0 所，变更 0 所，未变 {School.objects.filter(county__code='999901').count()} 所" in answer.content.decode()


def test_scopes_are_offered_by_name(lead):
    page = lead.get(reverse("schools:people", args=["999901"])).content.decode()
    assert '<option value="9999010003">城关中学</option>' in page and 'list="scopes"' in page
