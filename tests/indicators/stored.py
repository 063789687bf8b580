"""A county of two schools in the database whose figures lie on every line of quality balance."""


from django.db import transaction

from accounts.actor import Actor
from indicators import snapshots
from schools import datasets
from schools.models import County, School, Township
from schools.periods import school_year

OPERATOR = Actor.operator()
YEAR = 2025

PROFILE = {
    "primary_pupils": 20000,
    "primary_classes": 500,
    "primary_above_degree": 840,
    "primary_backbone": 200,
    "primary_pe_art": 180,
    "primary_full_time_teachers": 1000,
    "primary_mid_title": 500,
}
PREMISES = {"teaching_area": 9_500_000, "indoor_sports_area": 500_000, "outdoor_sports_area": 14_500_000}
EQUIPMENT = {"equipment_value": 4_000_000_000, "multimedia_rooms": 460, "teaching_computers": 3000, "books": 600_000}


def file_profile(school: School, profile=None, premises=None, equipment=None, stand=True):
    """A school profile whose figures lie on every line of quality balance; arguments change single fields."""
    tables = {
        "schools.Profile": PROFILE | (profile or {}),
        "schools.Premises": PREMISES | (premises or {}),
        "schools.Equipment": EQUIPMENT | (equipment or {}),
    }
    with transaction.atomic():
        dataset = datasets.stage(
            county=school.county,
            school=school,
            ledger="school_profile",
            period=school_year(YEAR),
            file=None,
            row_map={},
            rows_by_model={label: [{"sheet": 0, "row": 2} | row] for label, row in tables.items()},
            by=OPERATOR,
        )
        if stand:
            datasets.make_standing(dataset, by=OPERATOR)
    return dataset


def add_school(county: County, code: str, **values) -> School:
    town, _ = Township.objects.get_or_create(county=county, name="城关镇")
    return School.objects.create(
        county=county,
        code=code,
        name=f"第{code[-1]}小学",
        type_code="211",
        sponsor_code="7",
        area_code="121",
        township=town,
        **values,
    )


def national(snapshot) -> dict:
    return snapshots.payload(snapshot)["rulesets"]["national"]
