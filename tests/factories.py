"""The cast: 清河县 with its schools and people, and the stranger from 邻河县. Few and plain."""

from __future__ import annotations

import time
from dataclasses import dataclass

import factory

from accounts import sessions
from accounts.actor import Actor
from accounts.models import User
from schools import access
from schools.memberships import give_membership
from schools.models import County, School, Township

OPERATOR = Actor.operator()
PASSWORD = "Sunlit-school-7"


class CountyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = County
        django_get_or_create = ("code",)

    code = "999901"
    name = "清河县"


class TownshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Township
        django_get_or_create = ("county", "name")

    county = factory.SubFactory(CountyFactory)
    name = "城关镇"


class SchoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = School

    county = factory.SubFactory(CountyFactory)
    code = factory.Sequence(lambda n: f"999901{n + 1:04d}")
    name = factory.Sequence(lambda n: f"第{n + 1}小学")
    type_code = "211"
    sponsor_code = "7"
    area_code = "121"
    township = factory.SubFactory(TownshipFactory, county=factory.SelfAttribute("..county"))


def make_person(username: str, role: str, scope: str, **options) -> User:
    """A user with the cast's password and one membership."""
    user = User.objects.create_user(username, PASSWORD, display_name=username, is_demo=True, must_change_password=False)
    give_membership(user, role=role, scope=scope, by=OPERATOR, **options)
    return user


def sign_in(client, user: User) -> None:
    """A session as the login page begins it, without hashing a password."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[sessions.STARTED] = session[sessions.SEEN] = int(time.time())
    session.save()


@dataclass
class Cast:
    """清河县: 向阳小学 with a point, 城关中学, its people; 邻河县: one school, one officer (the stranger)."""

    county: County
    school: School
    point: School
    other_school: School
    foreign_county: County
    foreign_school: School
    clerk: User
    head: User
    reviewer: User
    officer: User
    lead: User
    inspector: User
    supervisor: User
    stranger: User

    def actor(self, user: User) -> Actor:
        return access.actor_for_user(user)


def make_cast() -> Cast:
    """Create the cast in the test database."""
    county = CountyFactory()
    school = SchoolFactory(county=county, code="9999010001", name="向阳小学")
    point = SchoolFactory(county=county, code="9999010002", name="向阳小学王庄教学点", kind="point", parent=school, type_code="218",
                          township__name="王庄乡")  # fmt: skip
    other = SchoolFactory(county=county, code="9999010003", name="城关中学", type_code="311")
    foreign = CountyFactory(code="999902", name="邻河县")
    foreign_school = SchoolFactory(county=foreign, code="9999020001", name="邻河一小")
    return Cast(
        county, school, point, other, foreign, foreign_school,
        clerk=make_person("clerk", "school_clerk", school.code),
        head=make_person("head", "school_head", school.code),
        reviewer=make_person("reviewer", "centre_reviewer", "999901/王庄乡"),
        officer=make_person("officer", "county_officer", "999901"),
        lead=make_person("lead", "county_lead", "999901"),
        inspector=make_person("inspector", "inspector", "999901"),
        supervisor=make_person("supervisor", "supervisor", "9999"),
        stranger=make_person("stranger", "county_officer", "999902"),
    )  # fmt: skip
