"""The jobs of this room."""
from __future__ import annotations

from dropout.services.matching import KIND, run_matching
from jobs.handlers import handler

handler(KIND, queue="compute", title="名单比对")(run_matching)
