"""Children with planted names, and the people around them. A test looks for the plants where they do not belong."""
from __future__ import annotations

import datetime as dt
import json

from accounts.masking import mask_name
from accounts.secrets import keyed_hash, seal_rows
from dropout.models import Child, ChildStatus, ChildTag
from schools.calendar import save_calendar
from schools.models import County, School, Township
from tests.factories import OPERATOR

TODAY = dt.date(2026, 11, 25)  # a Wednesday in term
TERMS = [["2026-09-01", "2027-01-22"], ["2027-02-22", "2027-07-09"]]
HOLIDAYS = [["2026-10-01", "2026-10-08", "国庆节"], ["2027-01-01", "2027-01-03", "元旦"]]
# A surname nobody else has, and given names no page ever says: any part of them on a page is a leak.
SURNAME, GIVEN = "禤", "珩璟"
GUARDIAN, PHONE, ADDRESS = "禤国柘", "13900008341", "柘溪村四组十七号"


def make_calendar(county: County, year: int = 2026) -> None:
    save_calendar(county, year, terms=TERMS, holidays=HOLIDAYS, makeup_days=["2026-10-10"], by=OPERATOR)


def make_child(
    county: County, number: int, *, school: School | None = None, class_text: str = "三年级/2班", township: Township | None = None,
    village: str = "", status: str = ChildStatus.ENROLLED, grade: int | None = 3, birth: dt.date | None = dt.date(2018, 3, 1),
    siblings: str = "", person_key: str = "", **fields,
) -> Child:
    """One child of the register, sealed as the roster's approval seals it."""
    name = f"{SURNAME}{GIVEN}{number}"
    data = {"name": name, "id_number": f"99990120180301{number:04d}", "registration": f"G99990120180301{number:04d}", "guardian": GUARDIAN,
            "relation": "父亲", "phone": PHONE, "address": ADDRESS}
    [(wrapped, sealed)] = seal_rows([json.dumps(data, ensure_ascii=False)])
    return Child.objects.create(
        county=county, person_key=person_key or keyed_hash(data["id_number"]), masked_name=mask_name(name), data_key=wrapped, sealed=sealed,
        sex="male", birth=birth, school=school, grade=grade, class_text=class_text, township=township, village=village, status=status,
        attends_as=fields.pop("attends_as", "day"), siblings_key=siblings, **fields,
    )  # fmt: skip


def tag(child: Child, group: str, *, definition: str = "", since: dt.date = dt.date(2026, 9, 1), basis: str = "") -> ChildTag:
    return ChildTag.objects.create(child=child, group=group, definition=definition, since=since, basis=basis, source="test")
