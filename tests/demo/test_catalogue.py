"""manage.py catalogue --json lists everything that is declared."""

import json
from io import StringIO

from django.core.management import call_command

from indicators.standards import STANDARDS
from ledgers.definitions import LEDGERS
from ledgers.problems import CATALOGUE
from reports.definitions import REPORTS
from schools.parameters import PARAMETERS
from schools.roles import ROLES


def listed() -> dict:
    out = StringIO()
    call_command("catalogue", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_every_declared_thing_is_listed_once():
    found = listed()
    declared = {
        "ledgers": LEDGERS,
        "standards": STANDARDS,
        "reports": REPORTS,
        "problems": CATALOGUE,
        "parameters": PARAMETERS,
        "roles": ROLES,
    }
    for name, things in declared.items():
        codes = [entry["code"] for entry in found[name]]
        assert len(codes) == len(set(codes)) == len(things), name
    assert set(found) == {*declared, "packs"}


def test_a_ledger_lists_its_columns_with_headers_and_aliases():
    teachers = next(entry for entry in listed()["ledgers"] if entry["code"] == "teachers")
    column = next(column for column in teachers["columns"] if column["header"] == "最高学历")
    assert "学历" in column["aliases"] and "大学本科" in column["allowed"]
    assert {"field", "header", "aliases", "type", "unit", "required", "allowed"} <= set(column)


def test_a_standard_lists_its_items():
    items = {entry["code"]: [item["code"] for item in entry["items"]] for entry in listed()["standards"]}
    assert items["quality-2017"][:7] == [f"Q{n}" for n in range(1, 8)]
    assert items["basic-2012"][:8] == [f"B{n}" for n in range(1, 9)]


def test_for_people_it_prints_lines():
    out = StringIO()
    call_command("catalogue", stdout=out)
    assert "quality-2017" in out.getvalue()
