"""Checking: workbook and ledger in, problems by cell and fact rows by school out."""
from .context import Context, index_names
from .engine import check, crosscheck
from .results import Checked, Outcome, Report, Rows, Skip

__all__ = ["Checked", "Context", "Outcome", "Report", "Rows", "Skip", "check", "crosscheck", "index_names"]
