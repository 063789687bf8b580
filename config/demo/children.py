"""Children of the demo county for its dropout room: three whole classes, a few children of other schools, two of no school."""
from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Mapping

from accounts.masking import mask_name
from accounts.secrets import keyed_hash, seal_rows
from dropout.classes import grade_of
from dropout.models import ChildStatus
from schools.models import School, Township

from .county import THIS_YEAR
from .dropout import CLASSES, OWN, TOWN, VILLAGES
from .identities import People

CLASS_SIZE, ELSEWHERE, OTHER_SCHOOLS = 34, 3, 8
WATCHED = 10  # the first of each class live in the village whose officer has a login


def listed(schools: Mapping[str, School], towns: Mapping[str, Township]) -> tuple[list[dict], list[tuple[str, str]]]:
    """(fields of the child register without county and key, [(data key, sealed)]) in step."""
    rng = random.Random(20260902)
    people, rows, personal = People("999900", rng), [], []

    def add(school: School | None, class_text: str, town: Township | None, village: str) -> None:
        grade = grade_of(class_text)
        age = 5 + (grade or 1)
        name, sex, number, born = people.person(youngest=age, oldest=age, year=THIS_YEAR)
        rows.append({
            "person_key": keyed_hash(number), "masked_name": mask_name(name), "sex": sex, "birth": born, "school": school, "grade": grade,
            "class_text": class_text, "township": town, "village": village, "status_since": dt.date(THIS_YEAR, 9, 1),
            "status": ChildStatus.ENROLLED if school else ChildStatus.NOT_ENROLLED,
        })  # fmt: skip
        personal.append(json.dumps({
            "name": name, "id_number": number, "registration": f"G{number}", "guardian": name[0] + rng.choice("建国志强大海玉兰秀英"), "relation": "父亲",
            "phone": f"1390000{rng.randrange(10000):04d}", "address": f"{town.name if town else ''}{village}{rng.randint(1, 9)}组",
        }, ensure_ascii=False))  # fmt: skip

    for class_text in CLASSES:
        for number in range(CLASS_SIZE):
            add(schools[OWN], class_text, towns[TOWN], VILLAGES[0] if number < WATCHED else rng.choice(VILLAGES))
    for school in sorted(schools.values(), key=lambda s: s.code):
        if school.name != OWN and school.type_code in ("211", "311") and len({row["school"] for row in rows}) <= OTHER_SCHOOLS:
            for _ in range(ELSEWHERE):
                add(school, "四年级/1班" if school.type_code == "211" else "八年级/1班", school.township, f"{school.name[:2]}村")
    for _ in range(2):
        add(None, "", towns[TOWN], VILLAGES[0])
    return rows, seal_rows(personal)
