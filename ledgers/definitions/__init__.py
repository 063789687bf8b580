"""Every ledger the portal knows. A new one is a file here and a line in this list."""
from __future__ import annotations

from ..ledger import Ledger
from .aid import AID
from .care import CARE
from .classes import CLASSES
from .county_finance import COUNTY_FINANCE
from .county_numbers import COUNTY_NUMBERS
from .disabled import DISABLED
from .disabled_list import DISABLED_LIST
from .dropout_cases import DROPOUT_CASES
from .exchange import EXCHANGE
from .household import HOUSEHOLD
from .population import POPULATION
from .poverty import POVERTY
from .present import PRESENT
from .pupils import PUPILS
from .school_funds import SCHOOL_FUNDS
from .school_profile import SCHOOL_PROFILE
from .statistics import STATISTICS
from .teachers import TEACHERS
from .training import TRAINING

LEDGERS: dict[str, Ledger] = {
    ledger.code: ledger
    for ledger in (
        SCHOOL_PROFILE, CLASSES, TEACHERS, STATISTICS, EXCHANGE, TRAINING, SCHOOL_FUNDS, COUNTY_FINANCE, COUNTY_NUMBERS,
        PUPILS, DROPOUT_CASES, CARE, DISABLED, AID, POPULATION, HOUSEHOLD, PRESENT, POVERTY, DISABLED_LIST,
    )
}

# 填报包: one workbook with the sheets of any of them. It is no ledger of its own: nothing is owed, approved or stored in it.
PACKAGE = Ledger("package", "填报包", tables=(), note="一个工作簿装下各份台账，每份台账一个工作表；系统按工作表名称和表头分到各台账。", carries=tuple(ledger for ledger in LEDGERS.values() if not ledger.forms))
RECEIVED: dict[str, Ledger] = {**LEDGERS, PACKAGE.code: PACKAGE}


def describe() -> list[dict]:
    """The ledgers as `catalogue --json` lists them; `required` is true, false or "conditional"."""
    return [
        {
            "code": ledger.code, "title": ledger.title, "clock": ledger.clock, "scope": ledger.scope,
            "columns": [_column(table, column) for table in ledger.tables for column in table.columns if column.type != "ignored"],
        }
        for ledger in LEDGERS.values()
    ]  # fmt: skip


def _column(table, column) -> dict:
    return {
        "field": column.field, "header": column.header, "aliases": list(column.aliases), "type": column.type, "unit": column.unit,
        "required": column.required if isinstance(column.required, bool) else "conditional", "allowed": column.allowed, "table": table.title,
    }  # fmt: skip
