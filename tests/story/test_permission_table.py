"""Every address of the portal × the cast: who gets in, who is refused, and for whom the thing does not exist.

The addresses come from the URL resolver: a new one without a line in RULES fails here until somebody has decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import make_person, sign_in

from . import county as written
from .conftest import import_small_county
from .urls import Objects, make_objects, named, wanted_arguments

pytestmark = pytest.mark.django_db

# Letters of RULES: clerk of the school, other school's clerk, bureau's officer, lead, inspector, admin, owner of the job.
INSIDE = {
    "c": ("clerk", "school_clerk", written.XIANGYANG),
    "o": ("other_clerk", "school_clerk", written.MIDDLE),
    "b": ("officer", "county_officer", written.COUNTY),
    "l": ("lead", "county_lead", written.COUNTY),
    "i": ("inspector", "inspector", written.COUNTY),
    "a": ("admin", "system_admin", "portal"),
}
OWNER = "w"
STRANGERS = {
    "stranger": ("county_lead", written.NEIGHBOUR),
    "foreign_clerk": ("school_clerk", "9999020001"),
    "supervisor": ("supervisor", "32"),
}
EVERYBODY = "coblia"

# name, kind, method, who gets in.
#   public   without a login
#   own      names nobody else's thing: each gets his own or a 403/404; a stranger's answer tells nothing of 清河县
#   county   a thing of the county: 404 to strangers, 403 or 404 to those inside without the right
#   school   a thing of one school: 404 to the other school's clerk too
#   private  a thing of one person: 404 to everybody else
RULES = """
healthz                 public   get   *
readyz                  public   get   *
accounts:login          public   get   *
reports:verify          public   get   *
schema                  own      get   coblia
accounts:logout         own      post  coblia
accounts:password-change own     get   coblia
accounts:notices        own      get   coblia
accounts:notices-read   own      post  coblia
office:home             own      get   coblia
office:help             own      get   coblia
office:search           own      get   coblia
office:audit            own      get   -
office:style            own      get   la
ledgers:mine            own      get   cobl
ledgers:inbox           own      get   coblia
ledgers:upload          own      get   cobl
ledgers:workflow        county   get   l
ledgers:template        own      get   cobl
reports:list            own      get   coblia
schools:registers       own      get   la
schools:counties        own      get   la
schools:users           own      get   la
schools:rulebooks       own      get   l
api:counties            own      get   coblia
api:filings             own      get   coblia
api:ledger-template     own      get   cobl
api:uploads             county   post  cobl
api:county              county   get   coblia
api:schools             county   get   coblia
api:snapshot            county   get   cobli
api:all-papers          own      get   cobli
api:paper               county   get   bli
api:papers              county   get   cobli
api:paper-file          county   get   bli
office:county           county   get   bli
office:results          county   get   bli
office:items            county   get   bli
office:item             county   get   bli
office:trends           county   get   bli
office:money            county   get   bli
office:rotation         county   get   bli
office:staff            county   get   bli
office:goals            county   get   bli
office:goal-save        county   post  l
office:classes          county   get   bli
office:table            county   get   bli
office:working          county   get   bli
office:freeze           county   post  l
office:matrix           county   get   cobl
office:schools          county   get   coblia
office:reports          county   get   coblia
office:job              county   get   bli
evidence:catalogue      county   get   bli
evidence:item           county   get   bl
evidence:table          county   post  bl
evidence:document       county   post  bl
evidence:file           county   get   bli
dropout:matching-now    county   get   bli
dropout:rates-now       county   get   bli
dropout:matching        county   get   bli
dropout:match           county   post  bl
dropout:findings        county   get   bl
dropout:finding         county   post  bl
dropout:rates           county   get   bli
dropout:extract         county   post  bl
dropout:rate-children   county   get   bl
dropout:care            county   get   cobli
dropout:care-duties     county   get   cobl
dropout:care-helpers    county   get   cobl
dropout:care-group      county   get   cobl
dropout:children        county   get   cobl
dropout:disabled        county   get   cobli
dropout:resource-room   county   post  cobl
dropout:warnings        county   get   cobl
dropout:warnings-run    county   post  bl
dropout:gifts           county   get   cobl
dropout:gift-add        county   get   cobl
dropout:gifts-publish   county   post  cobl
dropout:gifts-published county   get   cobli
dropout:aid             county   get   cobli
dropout:child           school   get   cbl
dropout:child-open      school   post  bl
dropout:child-contacts  school   post  c
dropout:child-card      school   get   c
dropout:child-erase     school   post  l
dropout:tag-add         school   post  c
dropout:tag-end         school   post  c
dropout:pairing         school   get   c
dropout:pairing-end     school   post  c
dropout:contact         school   get   c
dropout:plan            school   get   cbl
dropout:home-lesson     school   get   c
dropout:warning         school   get   cbl
dropout:warning-case    school   post  cbl
dropout:gift-strike     school   post  cbl
dropout:home            own      get   cobli
dropout:board           county   get   cobli
dropout:counts          county   get   bli
dropout:overdue         county   get   cobl
dropout:receiving       county   get   cobl
dropout:new             county   get   cobl
dropout:heads           county   get   cobl
dropout:assign          county   post  bl
dropout:head-end        county   post  bl
dropout:pledge          county   post  bl
dropout:pledge-file     county   get   bl
dropout:systems         county   get   cobli
dropout:system-save     county   post  bl
dropout:system-suggest  county   post  bl
dropout:system-remove   county   post  bl
dropout:system-file     county   get   cobli
dropout:months          county   get   cobli
dropout:reviews         county   get   bli
dropout:file-review     county   post  bl
dropout:file-whole      county   post  bl
dropout:year            county   get   bli
dropout:rolls           county   get   co
dropout:roll            school   get   c
dropout:explained       school   post  c
dropout:case            school   get   cbl
dropout:do              school   get   c
dropout:visit           school   get   cbl
dropout:paper           school   post  cbl
dropout:opened          school   post  bl
dropout:file            school   get   bl
dropout:photo           school   get   bl
dropout:file-month      school   post  -
reports:index           county   get   cobli
reports:make            county   post  bli
reports:paper           county   get   bli
schools:register        county   get   la
schools:register-download county get   la
schools:register-upload county   post  la
schools:school-edit     county   get   la
schools:school-event    county   post  la
schools:townships       county   get   la
schools:calendar        county   get   la
schools:people          county   get   la
schools:person-add      county   post  la
schools:person-reset    county   post  la
schools:person-give     county   post  la
schools:person-change   county   post  la
schools:membership-end  county   post  la
schools:rules           county   get   l
schools:rule-add        county   post  l
schools:rule-withdraw   county   post  l
schools:rule-pack       county   post  l
schools:rule-pack-end   county   post  l
schools:source          county   post  l
api:school              school   get   cblia
api:job                 school   get   cblw
api:filing              school   get   cbl
api:filing-version      school   get   cbl
api:filing-version-marked school get   cbl
api:filing-verb         school   post  l
office:school           school   get   cbli
office:figure           school   get   cbli
ledgers:filing          school   get   cbl
ledgers:version         school   get   cbl
ledgers:received        school   get   cbl
ledgers:progress        school   get   cbl
ledgers:preview         school   get   cbl
ledgers:problems        school   get   cbl
ledgers:do              school   post  cbl
ledgers:mend            school   post  cbl
ledgers:answer          school   post  cbl
ledgers:forget          school   post  cbl
ledgers:header          school   get   cbl
ledgers:original        school   get   cbl
ledgers:marked          school   get   cbl
reports:download        school   get   cbli
jobs:progress           private  get   w
reports:making          private  get   w
office:membership       private  post  w
"""


@dataclass(frozen=True)
class Rule:
    name: str
    kind: str
    method: str
    admitted: str


TABLE = {line.split()[0]: Rule(*line.split()) for line in RULES.strip().splitlines()}


@dataclass
class Stage:
    """The objects, and the session cookies of each member of the cast."""

    objects: Objects
    cookies: dict[str, dict[str, str]]

    def ask(self, who: str, method: str, name: str, **changed) -> HttpResponse:
        """One request in a session of its own; whatever it does is undone."""
        arguments = {**self.objects.arguments(name), **changed}
        client = Client()
        client.cookies.load(self.cookies[who])
        with transaction.atomic():
            data = self.objects.data(name) if method == "post" else self.objects.query(name)
            answer = getattr(client, method)(reverse(name, kwargs=arguments), data)
            transaction.set_rollback(True)
        return answer


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), transaction.atomic():
        objects = make_objects(import_small_county(tmp_path_factory.mktemp("county")))
        people = {name: make_person(name, role, scope) for name, role, scope in INSIDE.values()}
        people |= {name: make_person(name, role, scope) for name, (role, scope) in STRANGERS.items()}
        cookies = {"anonymous": {}}
        for name, user in {**people, "owner": objects.owner}.items():
            client = Client()
            sign_in(client, user)
            cookies[name] = {key: morsel.value for key, morsel in client.cookies.items()}
        yield Stage(objects, cookies)
        transaction.set_rollback(True)


def got_in(answer: HttpResponse) -> bool:
    """An answer to what was asked, be it that the form is incomplete; no refusal and no way to the login."""
    return answer.status_code not in (401, 403, 404, 405) and not sent_to_login(answer)


def is_logout(name: str) -> bool:
    """The one address whose proper answer is the login page."""
    return name == "accounts:logout"


def sent_to_login(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and urlsplit(answer["Location"]).path == reverse("accounts:login")


def test_every_address_has_a_rule_and_every_rule_an_address():
    assert set(named()) == set(TABLE)


@pytest.mark.parametrize("rule", [r for r in TABLE.values() if r.kind != "public"], ids=lambda rule: rule.name)
def test_nobody_gets_in_without_a_login(stage, rule):
    for method in ("get", "post"):
        answer = stage.ask("anonymous", method, rule.name)
        assert answer.status_code == 401 or sent_to_login(answer), (method, answer.status_code)


@pytest.mark.parametrize("rule", [r for r in TABLE.values() if r.kind == "public"], ids=lambda rule: rule.name)
def test_the_public_addresses_need_no_login(stage, rule):
    assert stage.ask("anonymous", "get", rule.name).status_code == 200


@pytest.mark.parametrize("rule", [r for r in TABLE.values() if r.kind not in ("public", "own")], ids=lambda rule: rule.name)
@pytest.mark.parametrize("who", STRANGERS)
def test_for_strangers_it_does_not_exist(stage, rule, who):
    answers = {method: stage.ask(who, method, rule.name).status_code for method in ("get", "post")}
    assert answers[rule.method] == 404 and set(answers.values()) <= {404, 405}, answers


@pytest.mark.parametrize("rule", [r for r in TABLE.values() if r.kind == "own"], ids=lambda rule: rule.name)
@pytest.mark.parametrize("who", STRANGERS)
def test_a_strangers_own_pages_tell_nothing_of_the_county(stage, rule, who):
    if rule.name == "office:style":
        pytest.skip("the pattern book of the design shows invented schools")
    answer = stage.ask(who, rule.method, rule.name)
    if answer.headers.get("Content-Type", "").startswith(("text/", "application/json")):
        shown = answer.content.decode()
        assert not [name for name in (written.COUNTY_NAME, *(unit.name for unit in written.UNITS)) if name in shown]


@pytest.mark.parametrize("rule", [r for r in TABLE.values() if r.kind != "public"], ids=lambda rule: rule.name)
def test_inside_the_county_the_role_decides(stage, rule):
    for letter, (who, *_) in INSIDE.items():
        answer = stage.ask(who, rule.method, rule.name)
        if letter in rule.admitted:
            assert got_in(answer) or is_logout(rule.name), (who, answer.status_code)
        elif rule.kind == "private" or (rule.kind == "school" and who == "other_clerk"):
            assert answer.status_code == 404, (who, answer.status_code)
        else:
            assert answer.status_code in (403, 404), (who, answer.status_code)
    if OWNER in rule.admitted:
        assert got_in(stage.ask("owner", rule.method, rule.name))


CROSSED = [
    rule for rule in TABLE.values()
    if {"code", "county"} & set(wanted_arguments(rule.name)) and {"school", "user", "membership", "rule", "document", "child", "flag", "gift"} & set(wanted_arguments(rule.name))
]  # fmt: skip


@pytest.mark.parametrize("rule", CROSSED, ids=lambda rule: rule.name)
def test_a_foreign_thing_is_not_reached_through_the_own_county(stage, rule):
    county = {name: written.NEIGHBOUR for name in ("code", "county") if name in wanted_arguments(rule.name)}
    assert stage.ask("stranger", rule.method, rule.name, **county).status_code == 404
