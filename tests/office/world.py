"""A small county with real datasets, computed snapshots and people: the cast of the page tests.

清河县 999901 has five schools in two townships (one nine-year, one too small a point), 邻县 999902 one school.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.actor import Actor
from accounts.models import User
from indicators import snapshots
from schools.datasets import lock_county, make_standing, stage
from schools.memberships import give_membership
from schools.models import County, School, SchoolKind, Township
from schools.periods import fiscal_year, school_year
from tests.evidence.everything import attest_everything

BY = Actor.system("test")
YEAR = 2025
# code, name, type, kind, township, primary pupils, junior pupils
SCHOOLS = (
    ("9999010001", "实验小学", "211", "whole", "城关镇", 1932, None),
    ("9999010002", "向阳小学", "211", "whole", "城关镇", 644, None),
    ("9999010003", "第二初级中学", "311", "whole", "城关镇", None, 1510),
    ("9999010004", "河湾九年制学校", "312", "whole", "河湾乡", 166, 210),
    ("9999010005", "柳树教学点", "218", "point", "河湾乡", 31, None),
)


@dataclass
class World:
    county: County
    neighbour: County
    schools: dict[str, School] = field(default_factory=dict)

    def user(self, name: str, role: str, scope: str) -> User:
        """A user with one membership, ready to sign in."""
        found = User.objects.create_user(name, "x", display_name=name, is_demo=True)
        give_membership(found, role=role, scope=scope, by=BY)
        return found


def facts(primary: int | None, junior: int | None, *, share: int = 100) -> dict:
    """The rows of a school profile that is rich in everything, times `share` per cent."""
    p, j = primary or 0, junior or 0
    enough = lambda pupils, per_hundred: -(-pupils * per_hundred * share // 1_000_000)
    profile = {
        "primary_pupils": primary, "junior_pupils": junior,
        "primary_full_time_teachers": primary and enough(p, 700), "junior_full_time_teachers": junior and enough(j, 900),
        "primary_above_degree": primary and enough(p, 500), "junior_above_degree": junior and enough(j, 600),
        "primary_backbone": primary and enough(p, 120), "junior_backbone": junior and enough(j, 120),
        "primary_pe_art": primary and enough(p, 100), "junior_pe_art": junior and enough(j, 100),
        "primary_mid_title": primary and enough(p, 400), "junior_mid_title": junior and enough(j, 400),
    }  # fmt: skip
    pupils = p + j
    premises = {
        "teaching_area": pupils * 6 * share,
        "indoor_sports_area": 0,
        "outdoor_sports_area": pupils * 11 * share,
        "building_area": pupils * 9 * share,
    }
    equipment = {
        "equipment_value": pupils * 2600 * share,
        "multimedia_rooms": enough(pupils, 250),
        "computers": enough(pupils, 1200),
        "teaching_computers": enough(pupils, 1200),
        "books": pupils * 30,
    }
    return {"schools.Profile": [profile], "schools.Premises": [premises], "schools.Equipment": [equipment]}


def row_map() -> dict:
    cells = {
        "schools.Profile": ("primary_pupils", "primary_pe_art", "junior_pupils"),
        "schools.Premises": ("teaching_area",),
    }
    return {
        "sheets": ["学校概况"],
        "targets": {m: {"column": {f: chr(67 + i) for i, f in enumerate(fs)}} for m, fs in cells.items()},
    }


def file_profile(world: World, school: School, primary, junior, *, share: int = 100) -> None:
    """Approve a school profile: staged and made standing, as the ledgers room does."""
    rows = {
        model: [{**row, "sheet": 0, "row": 5} for row in found]
        for model, found in facts(primary, junior, share=share).items()
    }
    lock_county(school.county)
    staged = stage(
        county=school.county, school=school, ledger="school_profile", period=school_year(YEAR), file=None,
        row_map=row_map(), rows_by_model=rows, by=BY,
    )  # fmt: skip
    make_standing(staged, by=BY)


def build(schools=SCHOOLS, poor: str = "9999010002", missing: str = "") -> World:
    """The county with snapshots of both standards; `poor` has 80 % of what it needs, `missing` has sent nothing."""
    fiscal_year(YEAR - 1)
    world = World(
        County.objects.create(code="999901", name="清河县"), County.objects.create(code="999902", name="邻县")
    )
    for code, name, type_code, kind, town, primary, junior in schools:
        township, _ = Township.objects.get_or_create(county=world.county, name=town)
        school = School.objects.create(
            county=world.county, code=code, name=name, kind=SchoolKind(kind), type_code=type_code, sponsor_code="7", area_code="121", township=township,
        )  # fmt: skip
        world.schools[code] = school
        if code != missing:
            file_profile(world, school, primary, junior, share=80 if code == poor else 100)
    stranger = School.objects.create(
        county=world.neighbour, code="9999020001", name="邻县小学", type_code="211", sponsor_code="7", area_code="121"
    )
    world.schools[stranger.code] = stranger
    attest_everything(world.county, YEAR)
    world.county.refresh_from_db()
    for standard in ("quality-2017", "basic-2012"):
        snapshots.compute(world.county, standard, YEAR)
    return world
