"""教育事业统计: the workbook every school exports from the statistics system each September, sent as it is (domain ledgers 1.0)."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schools.codes import stages_of_type

from ..checking.context import Context
from ..checking.frame import Frame
from ..checking.results import Checked
from ..columns import AREA, MONEY, Grade, Measure, Whole
from ..ledger import Ledger, Table
from ..problems import Problem
from .profile_columns import BANDS, BASIC_STAGES, EQUIPMENT, PREMISES
from .school_profile import SCHOOL_PROFILE
from .shared import SCHOOL_CODE, SCHOOL_NAME
from .statistics_forms import ABOVE, BAND_SWEEPS, DEGREES, FORMS, SCATTERED, SUBJECTS, TITLES

PROFILE, BAND = "schools.Profile", "schools.ClassBand"


def _people(header: str, field: str, **more) -> Whole:
    return Whole(header, field, unit="人", **{"target": PROFILE, **more})


def _part(header: str, field: str, whole: str) -> Whole:
    return _people(header, field, target="", adds_to=whole, in_template=False)


def _stage_columns(stage: str, name: str) -> tuple[Whole, ...]:
    return (
        _people(f"{name}在校生数", f"{stage}_pupils"),
        Whole(f"{name}教学班数", f"{stage}_classes", unit="个", target=PROFILE),
        _people(f"{name}专任教师数", f"{stage}_full_time_teachers"),
        _people(f"{name}高于规定学历教师数", f"{stage}_above_degree"),
        *(_part(f"{name}{word}学历专任教师数", f"{stage}_above_degree_{code}", f"{stage}_above_degree") for code, word, _ in DEGREES if code in ABOVE[stage]),
        _people(f"{name}体育艺术专任教师数", f"{stage}_pe_art"),
        *(_part(f"{name}{word}专任教师数", f"{stage}_pe_art_{code}", f"{stage}_pe_art") for code, word, _ in SUBJECTS),
        _people(f"{name}县级及以上骨干教师数", f"{stage}_backbone"),
        _people(f"{name}中级及以上职称教师数", f"{stage}_mid_title"),
        *(_part(f"{name}{word}教师数", f"{stage}_mid_title_{code}", f"{stage}_mid_title") for code, word, _ in TITLES),
    )


def _area(header: str, field: str) -> Measure:
    return Measure(header, field, unit="㎡", units=AREA, target=PREMISES)


COLUMNS = (
    SCHOOL_CODE, SCHOOL_NAME,
    *(column for stage, name in BASIC_STAGES for column in _stage_columns(stage, name)),
    _people("高中在校生数", "senior_pupils"),
    _people("教职工数", "staff"),
    _people("专任教师数", "full_time_teachers"),
    # What a form without a block for each stage says: handed down to the one stage of the school.
    _people("县级及以上骨干教师数", "all_backbone", target="", in_template=False),
    _people("中级及以上职称教师数", "all_mid_title", target="", in_template=False),
    *(_part(f"{word}教师数", f"all_mid_title_{code}", "all_mid_title") for code, word, _ in TITLES),
    _area("占地面积", "land_area"), _area("校舍建筑面积", "building_area"), _area("教学及辅助用房面积", "teaching_area"),
    _area("室内体育用房面积", "indoor_sports_area"), _area("体育运动场地面积", "outdoor_sports_area"),
    Measure("教学仪器设备资产值", "equipment_value", unit="万元", units=MONEY, target=EQUIPMENT),
    Whole("网络多媒体教室", "multimedia_rooms", unit="间", target=EQUIPMENT),
    Whole("计算机台数", "computers", unit="台", target=EQUIPMENT),
    Whole("教学用计算机台数", "teaching_computers", unit="台", target=EQUIPMENT),
    Whole("图书册数", "books", unit="册", target=EQUIPMENT),
)  # fmt: skip
BAND_COLUMNS = (
    Grade("年级", "grade"),
    Whole("学生数", "pupils", unit="人"),
    Whole("班数", "classes", unit="个"),
    *(Whole(f"班额/{title}", code, unit="个") for code, title, _, _ in BANDS),
)


@dataclass(frozen=True)
class Statistics(Ledger):
    """The official source: what it says need not be said again, and a difference to a roster or the profile is a doubt."""

    def complete(self, frame: Frame, context: Context) -> None:
        if not frame.turned:
            return
        for stage, _ in BASIC_STAGES:
            if _once(frame, f"{stage}_pe_art", "arts", ("music", "art")):
                frame.problem("arts-counted-once", 0, f"{stage}_pe_art_arts")
            _once(frame, f"{stage}_above_degree", "graduate", ("doctor", "master"))
        school = frame.schools[0]
        taught = stages_of_type(school.type_code) if school else ()
        if len(taught) == 1:
            for suffix in ("backbone", "mid_title"):
                _hand_down(frame, f"all_{suffix}", f"{taught[0]}_{suffix}")

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        if frame.turned:
            SCHOOL_PROFILE.check_within(frame, 0)
            SCHOOL_PROFILE.check_units(frame, 0)
        else:
            for i in frame.usable():
                _bands_add_up(frame, i)
                _pupils_fit(frame, i)
        yield from ()

    def check_part(self, part: Checked, context: Context) -> Iterator[Problem]:
        """The pupils of the grades are those of the stage."""
        rows = part.rows_by_model.get(BAND)
        pupils = (rows.columns.get("pupils") or [None] * len(rows)) if rows else []
        for stage, name in BASIC_STAGES:
            own = [n for n, grade in zip(pupils, rows.columns["grade"], strict=True) if (grade > 6) == (stage == "junior")] if rows else []
            said = part.sum(PROFILE, f"{stage}_pupils")
            if own and said is not None and None not in own and sum(own) != said:
                sheet, cell, row = part.place_of(PROFILE, f"{stage}_pupils")
                yield Problem("total-differs", sheet, cell, row, f"{name}在校生数", f"{stage}_pupils", str(said), {"found": sum(own)})


def _once(frame: Frame, whole: str, total: str, parts: tuple[str, str]) -> bool:
    """A part that is exactly the sum of two others is their total (艺术 over 音乐 and 美术, 研究生 over 博士 and 硕士): it counts
    once. As a subject or degree of its own it adds to them."""
    amount = frame.get(f"{whole}_{total}")[0]
    beside = [frame.get(f"{whole}_{part}")[0] for part in parts]
    if not amount or None in beside or sum(beside) != amount:
        return False
    frame.values[whole] = [frame.values[whole][0] - amount]
    kept = [c.field for c in frame.table.columns if c.adds_to == whole and c.field != f"{whole}_{total}" and frame.get(c.field)[0] is not None]
    frame.cells[whole] = "+".join(frame.cells[name] for name in kept)
    return True


def _hand_down(frame: Frame, source: str, name: str) -> None:
    if frame.get(source)[0] is not None and frame.get(name)[0] is None and frame.column(name) is not None:
        frame.values[name], frame.bad[name] = list(frame.values[source]), set()
        frame.cells[name], frame.home[name] = frame.cells[source], frame.home[source]
        frame.headers[name] = frame.headers.get(source, "")


def _bands_add_up(frame: Frame, i: int) -> None:
    counts = [value for code, *_ in BANDS if (value := frame.get(code)[i]) is not None]
    classes = frame.get("classes")[i]
    if counts and classes is not None and sum(counts) != classes:
        frame.problem("parts-differ-from-total", i, "classes", what="各班额段的班数", found=sum(counts), whole="班数", wanted=classes)


def _pupils_fit(frame: Frame, i: int) -> None:
    """The pupils of a grade fit the size bands of its classes (home-taught ones may stand beside them: a doubt, no error)."""
    counts = [(frame.get(code)[i], low, high) for code, _, low, high in BANDS]
    pupils = frame.get("pupils")[i]
    if pupils is None or any(count is None for count, _, _ in counts) or not any(count for count, _, _ in counts):
        return
    least = sum(count * max(low, 1) for count, low, _ in counts)
    most = None if counts[-1][0] else sum(count * (high or 0) for count, _, high in counts)
    if pupils < least or (most is not None and pupils > most):
        wanted = f"{least} 至 {most}" if most is not None else f"不少于 {least}"
        frame.problem("unusual-number", i, "pupils", value=str(pupils), what="学生数", whole="各班额段合计可容的人数", wanted=wanted)


STATISTICS = Statistics(
    code="statistics",
    title="教育事业统计报表",
    order=5,
    tables=(
        Table("main", "教育事业统计", COLUMNS, target=PROFILE, single=True, turned=True, scattered=SCATTERED),
        Table("bands", "统计班额", BAND_COLUMNS, target=BAND, key=("grade",), extra=True, scattered=BAND_SWEEPS),
    ),
    forms=FORMS,
    note="每年 9 月 1 日统计时点的教育事业统计，从统计系统导出后直接上传，不要改动。",
    other_names=("教育事业统计", "事业统计", "基层统计报表"),
)
