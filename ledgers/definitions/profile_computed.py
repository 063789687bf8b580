"""What a profile form asks although the system knows it: computed and compared, never stored (domain A1, marks A)."""
from __future__ import annotations

from fractions import Fraction

from schools.codes import is_rural, stages_of_type

from ..checking.context import Context
from ..checking.frame import Frame
from ..columns import Column, Whole, YesNo
from ..crosschecks.siblings import said_by

SMALL = (50, 99)  # pupils of a small rural school
SMALL_CLASS = 30
STAGES = ("primary", "junior", "senior")

COMPUTED: tuple[Column, ...] = (
    YesNo("是否50-99人乡村小规模学校(教学点)", "small_rural", "否", target="", in_template=False,
          aliases=("小规模学校", "是否50-99人乡村小规模学校", "是否50-99人的乡村小规模学校", "是否50-99人的乡村小规模学校(教学点)", "是否乡村小规模学校", "是否小规模学校")),
    YesNo("最大班额是否不足30人", "largest_below_30", "否", target="", in_template=False, aliases=("最大班额是否30人以下", "最大班额不足30人", "最大班额30人以下")),
    Whole("最大班额", "largest_class", "45", unit="人", target="", in_template=False, high=200, summable=False, aliases=("最大班额人数", "最大班学生数", "最大班级人数", "最大班额数")),
)  # fmt: skip


def check_computed(frame: Frame, context: Context, i: int) -> None:
    """The largest class against the mean and the class list; the marks of a small school against its pupils."""
    school = frame.schools[i]
    pupils, classes = (_number(frame, context, i, suffix) for suffix in ("pupils", "classes"))
    listed = said_by(context.siblings, "classes", "largest_class", school.id, context)
    said = frame.get("largest_class")[i]
    if said is not None:
        if pupils and classes and said * classes < pupils:
            frame.problem("largest-below-mean", i, "largest_class", found=f"{float(Fraction(pupils, classes)):.1f}", wanted=f"{pupils} 人、{classes} 个班")
        elif listed and max(listed.values()) != said:
            frame.problem("differs-from-computed", i, "largest_class", what="最大班额", wanted=f"{max(listed.values())} 人")
    below = frame.get("largest_below_30")[i]
    if below is not None and listed and below != (max(listed.values()) < SMALL_CLASS):
        frame.problem("differs-from-computed", i, "largest_below_30", what="最大班额是否不足30人", wanted="否" if below else "是")
    small = frame.get("small_rural")[i]
    computed = pupils is not None and SMALL[0] <= pupils <= SMALL[1] and is_rural(school.area_code)
    if small is not None and pupils is not None and small != computed:
        frame.problem("differs-from-computed", i, "small_rural", what="是否50-99人乡村小规模学校", wanted="是" if computed else "否")


def _number(frame: Frame, context: Context, i: int, suffix: str) -> int | None:
    """Pupils or classes of the whole school: by the form, else by the class list, else by the statistics."""
    given = {stage: v for stage in STAGES if (v := frame.get(f"{stage}_{suffix}")[i]) is not None}
    if given and set(stages_of_type(frame.schools[i].type_code)) <= given.keys():
        return sum(given.values())
    for ledger in ("classes", "statistics"):
        if said := said_by(context.siblings, ledger, suffix, frame.schools[i].id, context):
            return sum(said.values())
    return sum(given.values()) if given else None
