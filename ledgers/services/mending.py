"""网页改正: single cells changed in the browser. A stored copy of the workbook, a new version, and a line in both histories."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.masking import mask_name
from files import store
from files.models import StoredFile
from ledgers.cleaning import trim
from ledgers.columns import Column
from ledgers.ledger import Ledger
from ledgers.mending import Change, mend
from ledgers.models import Channel, State, Version
from ledgers.reading.apart import CannotDo, WorkFailed
from ledgers.reading.refusals import Refusal
from ledgers.verdicts import whole_lists

from .errors import BadRequest, WrongState
from .giving import may_take
from .receiving import Receipt, add_version, enqueue_check, is_carrier, ledger_of, supersede
from .steps import lock_filing, log_step, open_version, refuse_locked
from .verbs import require

MENDABLE = (State.FAULTY, State.CHECKED)
AT_ONCE = 200
LONGEST = 500

Cells = Mapping[tuple[str, str], str]  # (sheet, "D7") -> new text


@dataclass(frozen=True)
class _Mended:
    """One change, with what may be written of it in a log."""

    change: Change
    old: str
    new: str

    @property
    def line(self) -> str:
        return f"{self.change.sheet}!{self.change.cell}：{self.old or '空白'}→{self.new or '空白'}"


def mend_cells(*, filing_id: int, number: int, cells: Cells, by: Actor) -> Receipt:
    """Change cells that the check complained of; the file becomes a new version and is checked.

    1 only cells of this version's problem list · 2 a copy of the workbook is made in the limited process · 3 in one
    transaction: the version on hand gives place to the new one. Logged with old and new value, masked where personal.
    Raises BadRequest, WrongState, StaleVersion, FilingLocked, PermissionDenied.
    """
    version = Version.objects.select_related("filing__county", "filing__school", "filing__period", "file", "carrier").filter(filing_id=filing_id, number=number).first()
    if version is None or version.file is None or is_carrier(version.filing):
        raise BadRequest("这一版没有可以改正的单元格。")
    require(by, "file", version.filing)
    if not may_take(by, version):
        raise PermissionDenied("这份文件含有其他学校的数据，请由上传人或县教育局改正。")
    mended = _meant(version, cells)
    data = _copied(version, [one.change for one in mended])
    file = store.save(data, name=_name(version), county=version.filing.county.code, purpose="ledger")
    try:
        return _replace(version, mended, file, by)
    except Exception:
        store.erase(file)
        raise


def _replace(version: Version, mended: list[_Mended], file: StoredFile, by: Actor) -> Receipt:
    with transaction.atomic():
        filing = lock_filing(version.filing_id)
        refuse_locked(filing)
        former = open_version(filing, version.number)
        if former.file_id != version.file_id:
            raise WrongState("这份文件刚刚按规定删除了个人信息，请刷新页面后再改正。")
        if former.state not in MENDABLE:
            raise WrongState(f"第 {former.number} 版现在是“{former.get_state_display()}”，不能在网页上改正。请先撤回或由审核人退回。")
        supersede(former, by=by)
        new = add_version(filing, file=file, name=_name(version), channel=Channel.MENDED, by=by, carrier=version.carrier)
        note = f"改正第 {former.number} 版的 {len(mended)} 个单元格：" + "；".join(one.line for one in mended)
        log_step(new, verb="mend", by=by, note=note, former=former.number, cells=[one.line for one in mended])
        job = enqueue_check(new, by=by)
    return Receipt(new, job)


def _meant(version: Version, cells: Cells) -> list[_Mended]:
    """The changes asked for, each a cell of the problem list with a new text. Raises BadRequest."""
    given = {place: trim(text) for place, text in cells.items()}
    if not given:
        raise BadRequest("没有填写任何改正的内容。请在要改的单元格后面填写正确的内容。")
    if len(given) > AT_ONCE:
        raise BadRequest(f"一次最多改正 {AT_ONCE} 个单元格。改动较多时，请在工作簿中改正后重新上传。")
    listed = {(p["sheet"], p["cell"]): p for p in whole_lists(version)[0] if p["cell"]}
    ledger, found = ledger_of(version.filing.ledger), []
    for place, text in given.items():
        problem = listed.get(place)
        if problem is None:
            raise BadRequest(f"{place[0]}!{place[1]} 不在这一版的问题清单中，不能在这里改正。请刷新页面后再试。")
        if len(text) > LONGEST:
            raise BadRequest(f"{place[0]}!{place[1]} 填写的内容超过 {LONGEST} 字。")
        column = column_of(ledger, problem["field"])
        found.append(_Mended(Change(*place, text, numeric=column is not None and not column.as_text), problem["value"], _masked(column, text)))
    return found


def column_of(ledger: Ledger, field: str) -> Column | None:
    """The column of a field in any table of the ledger."""
    return next((table.by_field[field] for table in ledger.tables if field in table.by_field), None)


def _masked(column: Column | None, text: str) -> str:
    if column is None:
        return mask_name(text)
    return column.mask(text) if column.personal else text


def _copied(version: Version, changes: list[Change]) -> bytes:
    try:
        return mend(store.read(version.file), version.file_name, changes)
    except CannotDo as error:
        raise BadRequest(str(error)) from error
    except (Refusal, WorkFailed) as error:
        raise BadRequest("这个工作簿不能在网页上改正，请在 Excel 或 WPS 中改正后重新上传。") from error


def _name(version: Version) -> str:
    stem, dot, _ = version.file_name.rpartition(".")
    return f"{stem if dot else version.file_name}.xlsx"


def can_mend(version: Version) -> bool:
    """Whether cells of this version may be changed in the browser, rights apart."""
    return version.state in MENDABLE and version.file_id is not None and not is_carrier(version.filing) and not version.filing.locked
