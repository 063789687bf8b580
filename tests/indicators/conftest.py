"""The stored county of tests/indicators/stored.py."""


import pytest

from indicators import snapshots
from schools.models import County
from tests.indicators.stored import YEAR, add_school, file_profile


@pytest.fixture
def county():
    return County.objects.create(code="999901", name="清河县")


@pytest.fixture
def schools(county):
    pair = [add_school(county, "9999010001"), add_school(county, "9999010002")]
    for school in pair:
        file_profile(school)
    return pair


@pytest.fixture
def made(county, schools):
    return snapshots.compute(county, "quality-2017", YEAR)
