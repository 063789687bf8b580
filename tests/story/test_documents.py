"""README and manual stay true: pictures, files, commands and codes they name exist."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

from indicators.standards import STANDARDS
from ledgers.definitions import LEDGERS
from reports.definitions import REPORTS
from schools.roles import ROLES
from tests.house.processes import ROOT

pytestmark = pytest.mark.once

DOCUMENTS = ("README.md", "docs/用户手册.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_picture_and_page_it_leads_to_is_there(name):
    targets = re.findall(r"\]\(([^)#:]+)\)", text_of(name))
    assert targets and not [target for target in targets if not (ROOT / name).parent.joinpath(target).exists()]


def test_no_picture_is_left_over_or_heavy():
    shown = "".join(map(text_of, DOCUMENTS))
    for picture in (ROOT / "docs/images").iterdir():
        assert f"images/{picture.name}" in shown, picture.name
        assert picture.stat().st_size < 130_000, picture.name


def test_the_commands_of_the_readme_exist():
    named = re.findall(r"manage\.py (\w+)", text_of("README.md"))
    assert len(named) >= 7 and not set(named) - set(get_commands())


def test_the_codes_in_its_commands_exist():
    lines = [line for line in text_of("README.md").splitlines() if line.startswith("manage.py")]
    found = {
        "ledger": (r"(?:ledger_template|import_ledger) (\w+)", LEDGERS), "standard": (r"--standard ([\w-]+)", STANDARDS),
        "report": (r"manage\.py report ([\w-]+)", REPORTS), "role": (r"--role (\w+)", ROLES),
    }  # fmt: skip
    for kind, (pattern, known) in found.items():
        named = [code for line in lines for code in re.findall(pattern, line)]
        assert named and not set(named) - set(known), kind


def test_the_glossary_names_every_model():
    words = set(re.findall(r"\w+", text_of("README.md")))
    rooms = [config for config in apps.get_app_configs() if config.name in settings.ROOMS]
    missing = {model.__name__ for config in rooms for model in config.get_models()} - words
    assert not missing, f"README.md, 词汇: {sorted(missing)}"
