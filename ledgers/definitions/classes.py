"""A2 班级(班额)情况表: one row per class, or one row per grade with the ten official size bands."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.masking import mask_name

from ..checking.context import Context
from ..checking.frame import Frame
from ..columns import ClassName, Grade, Ignored, PersonName, Whole, YesNo
from ..ledger import Ledger, NotRead, Table
from ..problems import Problem
from .profile_columns import BANDS, band_aliases
from .shared import REMARKS, SCHOOL_CODE, SCHOOL_NAME, SERIAL, YEAR

GRADE = Grade("年级", "grade", "三年级", aliases=("班级年级", "所在年级"), required=True, help="一年级至九年级，高中填高一至高三；七年级与初一相同。")
CLASS_COLUMNS = (
    SERIAL, YEAR, SCHOOL_CODE, SCHOOL_NAME, GRADE,
    ClassName("班级名称", "name", "三(1)班", aliases=("班号", "班级", "班名", "班别"), required=True),
    Whole("学生数", "pupils", "44", aliases=("人数", "班额", "学生人数", "在校生数", "在校学生数", "班级人数", "班级学生数", "在籍学生数", "在册人数",
          "实有人数", "现有人数", "总人数", "学生总数", "学生数量"), required=True, unit="人", low=1, high=100),
    Whole("男", "boys", "23", aliases=("男生", "男生数", "男生人数", "其中男", "性别男"), unit="人", high=100),
    Whole("女", "girls", "21", aliases=("女生", "女生数", "女生人数", "其中女", "性别女"), unit="人", high=100),
    PersonName("班主任", "head_teacher", "王芳", aliases=("班主任姓名",)),
    Whole("寄宿生数", "boarders", "0", aliases=("寄宿生", "住校生数", "寄宿学生数"), unit="人", high=100),
    Whole("随班就读人数", "inclusive_pupils", "0", aliases=("随班就读", "随班就读学生数"), unit="人", high=100),
    YesNo("是否复式班", "is_combined", "否", aliases=("复式班",)),
    REMARKS,
)  # fmt: skip
BAND_COLUMNS = (
    SERIAL, YEAR, SCHOOL_CODE, SCHOOL_NAME, GRADE,
    Whole("学生数", "pupils", "265", aliases=("人数", "在校生数", "在校学生数", "学生人数", "学生总数"), unit="人"),
    Whole("班数", "classes", "6", aliases=("班级数", "教学班数", "教学班", "班数计"), unit="个"),
    *(Whole(f"班额/{title}", code, "6" if code == "from_41" else "0", aliases=band_aliases(title), required=True, unit="个") for code, title, _, _ in BANDS),
    Ignored("班额", "band_total", aliases=("班额合计",)),
    REMARKS,
)  # fmt: skip


@dataclass(frozen=True)
class Classes(Ledger):
    """The denominators of every per-pupil figure: no class is guessed, none counted twice."""

    def complete(self, frame: Frame, context: Context) -> None:
        """A head teacher is kept masked; with bands, the number of classes follows from them."""
        if frame.has("head_teacher"):
            frame.values["head_teacher"] = [mask_name(name) if name else "" for name in frame.values["head_teacher"]]
        if frame.table.code == "bands" and not frame.has("classes"):
            bands = [frame.get(code) for code, *_ in BANDS]
            frame.values["classes"] = [sum(v or 0 for v in row) for row in zip(*bands, strict=True)]

    def check_rows(self, frame: Frame, context: Context) -> Iterator[Problem]:
        if frame.table.code == "bands":
            self._check_bands(frame)
        else:
            self._check_classes(frame)
        yield from ()

    @staticmethod
    def _check_classes(frame: Frame) -> None:
        pupils, boys, girls = frame.get("pupils"), frame.get("boys"), frame.get("girls")
        parts = [(frame.get(name), name) for name in ("boarders", "inclusive_pupils")]
        for i in frame.usable():
            n = pupils[i]
            if n is None:
                continue
            if boys[i] is not None and girls[i] is not None and boys[i] + girls[i] != n:
                found = boys[i] + girls[i]
                frame.problem("parts-differ-from-total", i, "pupils", what="男生、女生", found=found, whole="学生数", wanted=n)
            for values, name in parts:
                if values[i] is not None and values[i] > n:
                    header = frame.table.column(name).header
                    frame.problem("part-above-whole", i, name, what=header, whole="学生数", wanted=n)

    @staticmethod
    def _check_bands(frame: Frame) -> None:
        """Bands sum to the classes; the pupils fit between the lower and upper ends of the bands."""
        for i in frame.usable():
            counts = [(frame.get(code)[i], low, high) for code, _, low, high in BANDS]
            if any(count is None for count, _, _ in counts):
                continue
            total, classes, pupils = sum(count for count, _, _ in counts), frame.get("classes")[i], frame.get("pupils")[i]
            if classes is not None and frame.has("classes") and total != classes:
                frame.problem("parts-differ-from-total", i, "classes", what="各班额段的班数", found=total, whole="班数", wanted=classes)
            if pupils is None:
                continue
            least = sum(count * max(low, 1) for count, low, _ in counts)
            most = None if counts[-1][0] else sum(count * high for count, _, high in counts[:-1])
            if pupils < least or (most is not None and pupils > most):
                high = most if most is not None else "更多"
                frame.problem("outside-range", i, "pupils", low=f"{least}（按各班额段下限）", high=f"{high}（按上限）")


CLASSES = Classes(
    code="classes",
    due=True,
    title="班级(班额)情况表",
    order=20,
    tables=(
        Table("main", "班级情况", CLASS_COLUMNS, target="schools.SchoolClass", key=("grade", "name"), counted_by=("grade", "pupils"), note="每班一行。"),
        Table("bands", "班额分段", BAND_COLUMNS, target="schools.ClassBand", key=("grade",), counted_by=("grade", "pupils", "classes"), made_up={"classes": tuple(code for code, *_ in BANDS)},
              note="每年级一行，按班额段填班数；已有逐班名单的不必填。"),
    ),
    note="统计时点 9 月 1 日的班级与学生数。",
    not_read=(NotRead(r"\(?[\d一二三四五六七八九十]{1,3}\)?班", "这个工作表像是年级×班的方阵（每格一个班的人数），没有读取。请改成每班一行，写明年级、班级名称和学生数。"),),
)
