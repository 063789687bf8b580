"""脱贫户和监测对象子女名单: the rural-revitalisation office's list of children of households lifted out of poverty."""
from __future__ import annotations

from ..ledger import COUNTY
from .child_lists import child_list

POVERTY = child_list(
    "poverty", "脱贫户和监测对象子女名单", 153, "农业农村(乡村振兴)部门提供的脱贫户(原建档立卡)和监测对象家庭的适龄子女；用于控辍和应助尽助比对。", scope=COUNTY,
    other_names=("脱贫户子女名单", "建档立卡名单", "脱贫人口名单"),
)  # fmt: skip
