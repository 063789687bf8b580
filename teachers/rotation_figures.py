"""The figures of G11 from the lists of teachers.rotation; the county's own numbers stand in while there is no ledger."""
from __future__ import annotations

from collections.abc import Callable, Iterable

from schools import county_numbers
from schools.factset import FactSet
from schools.parameters import ParameterSet
from schools.quantity import Quantity, SourceCell
from schools.sources import LEDGER_TITLES, Source, declare_figure, offer

from .models import Teacher
from .rotation import LEDGER, ROSTER, Move, Rotation, eligible_heads, is_held, rotation

EXCHANGE_TITLE, FACT = "校长教师交流轮岗台账", "exchange"
NOTE = "一人一学年计一次；时间不满一学年的不计。没有交流轮岗台账时采用县级数据表。"


def _declare(code: str, title: str, moves: Callable[[Rotation], Iterable[Move]], note: str) -> Quantity:
    """A count of exchanged persons."""

    def count(facts: FactSet, parameters: ParameterSet) -> int:
        return len(list(moves(rotation(facts, parameters))))

    def cells(facts: FactSet, parameters: ParameterSet) -> list[SourceCell]:
        return [
            SourceCell("teachers.Exchange", m.row_id, m.dataset_id, "start", str(m.start)) for m in moves(rotation(facts, parameters))
        ]

    source = Source(LEDGER, EXCHANGE_TITLE, count, cells, is_held)
    return declare_figure(
        code, title, "人", fact=FACT, fact_title="交流轮岗人数", source=source, others=[county_numbers.stated(code)], note=note
    )


EXCHANGED = _declare("exchanged_teachers", "交流轮岗的校长和教师数", lambda r: r.exchanged, NOTE)
EXCHANGED_BACKBONE = _declare("exchanged_backbone", "交流轮岗的骨干教师数", lambda r: r.backbone, f"交流时为县级及以上骨干教师。{NOTE}")
EXCHANGED_HEADS = _declare("exchanged_heads", "交流轮岗的校长数", lambda r: r.heads, NOTE)


def _eligible_count(facts: FactSet, parameters: ParameterSet) -> int | None:
    eligible = rotation(facts, parameters).eligible
    return None if eligible is None else len(eligible)


def _roster_cells(rows: dict[int, int], name: str) -> list[SourceCell]:
    """The cells of one field of these roster rows {row: dataset}."""
    values = Teacher.objects.filter(dataset_id__in=set(rows.values())).values_list("pk", name)
    return [SourceCell("teachers.Teacher", pk, rows[pk], name, str(value)) for pk, value in values if pk in rows]


def _eligible_cells(facts: FactSet, parameters: ParameterSet) -> list[SourceCell]:
    found = rotation(facts, parameters)
    return _roster_cells({pk: dataset_id for _, pk, dataset_id in (found.eligible or {}).values() if pk}, "arrived_at")


ELIGIBLE = declare_figure(
    "eligible_teachers", "符合交流条件的教师数", "人", fact=FACT, fact_title="交流轮岗人数",
    source=Source(LEDGER, EXCHANGE_TITLE, _eligible_count, _eligible_cells, is_held), others=[county_numbers.stated("eligible_teachers")],
    note="由教师花名册的到本校时间算出，另加交流时注明符合条件的人；有学校没有花名册或没有填到本校时间即为缺数。没有交流轮岗台账时采用县级数据表。",
)  # fmt: skip


def _heads_count(facts: FactSet, parameters: ParameterSet) -> int | None:
    found = eligible_heads(facts, parameters)
    return None if found is None else len(found)


def _heads_cells(facts: FactSet, parameters: ParameterSet) -> list[SourceCell]:
    return _roster_cells(dict(eligible_heads(facts, parameters) or []), "office_since")


offer("eligible_heads", Source(
    ROSTER, LEDGER_TITLES[ROSTER], _heads_count, _heads_cells, lambda facts, parameters: _heads_count(facts, parameters) is not None,
))  # fmt: skip
