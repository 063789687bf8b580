"""The relief of Q3: small rural schools and points of 50–99 pupils may add exchanged, part-time and itinerant teachers.

Only then does a person count at a school that does not hold the personnel relation (国教督办函〔2019〕30号).
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q

from schools import reliefs
from schools.codes import COMPULSORY, is_rural
from schools.factset import FactSet
from schools.parameters import ParameterSet, declare
from schools.quantity import QUANTITIES, SourceCell

from .models import COUNTED_STAFFING, PE_ART_SUBJECTS, Exchange, Staffing, Teacher

LEAST, MOST = 50, 99
EXCHANGE, ROSTER = "exchange", "teachers"
RELIEF = declare(reliefs.relief(
    "pe_art_relief", "体育艺术教师过渡性放宽", "放宽时，50至99人的乡村小规模学校和教学点另计交流、兼职和走教的体育艺术教师；",
)).code  # fmt: skip


def added(facts: FactSet, parameters: ParameterSet) -> Mapping[tuple[int, str], Sequence[SourceCell]]:
    """(school, stage) -> the persons the relief adds there, each once; nothing while it is not in force."""
    schools = [s for s in facts.schools if is_rural(s.area_code) and parameters.get(RELIEF, school=s)]
    if not schools:
        return {}
    pupils = QUANTITIES["pupils"].tally(facts, parameters)
    stages = {s.id: [stage for stage in COMPULSORY if pupils.get((s.id, stage))] for s in schools}
    small = {s.id for s in schools if LEAST <= sum(pupils[s.id, stage] for stage in stages[s.id]) <= MOST}
    found: dict[tuple[int, str], list[SourceCell]] = {}
    seen: set[tuple[int, str]] = set()
    for school_id, stage, person, cell in (*_on_rosters(facts, small), *_received(facts, small)):
        own = stage if stage in stages[school_id] else stages[school_id][0]
        if (school_id, person) not in seen:
            seen.add((school_id, person))
            found.setdefault((school_id, own), []).append(cell)
    return found


def _on_rosters(facts: FactSet, small: set[int]) -> list[tuple[int, str, str, SourceCell]]:
    """Visiting and part-time teachers of the subjects, and own teachers who teach one beside their main subject."""
    school_of = facts.school_of()
    ids = [i for i in facts.ids(ROSTER) if school_of[i] in small]
    guest = Q(staffing__in=(Staffing.VISITING, Staffing.PART_TIME), subject__in=PE_ART_SUBJECTS)
    beside = Q()
    for subject in PE_ART_SUBJECTS:
        beside |= Q(other_subjects__regex=rf"(^|,){subject}(,|$)")
    own = Q(is_full_time=True, staffing__in=COUNTED_STAFFING) & ~Q(subject__in=PE_ART_SUBJECTS) & beside
    rows = Teacher.objects.filter(guest | own, dataset_id__in=ids).order_by("dataset_id", "row")
    return [
        (school_of[dataset_id], stage, person, SourceCell("teachers.Teacher", pk, dataset_id, "subject", subject))
        for pk, dataset_id, stage, person, subject in rows.values_list("pk", "dataset_id", "stage", "person_key", "subject")
    ]


def _received(facts: FactSet, small: set[int]) -> list[tuple[int, str, str, SourceCell]]:
    """Those whom the exchange ledger of this school year sends here to teach one of the subjects."""
    by_code = {s.code: s.id for s in facts.schools if s.id in small}
    ids = [ref.id for ref in facts.datasets if ref.ledger == EXCHANGE and ref.year == facts.year]
    rows = Exchange.objects.filter(dataset_id__in=ids, to_code__in=by_code, subject__in=PE_ART_SUBJECTS).order_by("id")
    return [
        (by_code[to], "", person, SourceCell("teachers.Exchange", pk, dataset_id, "subject", subject))
        for pk, dataset_id, to, person, subject in rows.values_list("pk", "dataset_id", "to_code", "person_key", "subject")
    ]
