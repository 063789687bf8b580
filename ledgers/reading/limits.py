"""The limits of reading; each is a setting, the defaults are those of the published contract."""
from __future__ import annotations

from dataclasses import dataclass, fields

from django.conf import settings

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds, the rest are counts."""

    upload_bytes: int = 20 * MIB
    inflated_bytes: int = 200 * MIB
    member_bytes: int = 120 * MIB
    members: int = 1000
    ratio: int = 200
    ratio_from_bytes: int = 10 * MIB
    rows: int = 200_000
    row_slack: int = 20  # titles, headers and notes around the rows of a ledger
    last_row: int = 300_000
    columns: int = 512
    cells: int = 13_000_000
    merges: int = 50_000
    merge_cells: int = 1_000_000
    memory_bytes: int = 1536 * MIB
    cpu_seconds: int = 30
    wall_seconds: int = 60

    @classmethod
    def from_settings(cls) -> Limits:
        """The defaults, with `LEDGER_ROW_LIMIT`, `LEDGER_UPLOAD_BYTES` and `LEDGER_<NAME>` settings put over them."""
        if not settings.configured:
            return cls()
        wanted = {field.name: getattr(settings, f"LEDGER_{field.name.upper()}", None) for field in fields(cls)}
        wanted["rows"] = getattr(settings, "LEDGER_ROW_LIMIT", None)
        given = {name: int(value) for name, value in wanted.items() if value is not None}
        if "rows" in given:
            given.setdefault("last_row", given["rows"] + 100_000)
        return cls(**given)
