"""The transitional reliefs of 2019: worded for evaluations within three years; whether they were extended is not known.

Each is a boolean Parameter that holds nationally in those years and stays off afterwards, unless a place sets it.
"""

from __future__ import annotations

import datetime as dt

from .parameters import Dated, Parameter

# The day of publication is not in the copies at hand; the first school year it can have served is meant.
CLAUSE = "国教督办函〔2019〕30号(2019年起三年内有效)"
FIRST, LAST = dt.date(2019, 9, 1), dt.date(2022, 12, 31)
AFTER = "2022年后是否延续未见文件，默认从严不用，需要时按有效期设为地方规则。"


def relief(code: str, title: str, note: str, clause: str = CLAUSE) -> Parameter:
    """The switch of one relief, to be declared by the room it belongs to."""
    return Parameter(code, title, "boolean", "false", clause, note=f"{note}{AFTER}", dated=(Dated("true", FIRST, LAST),), relief=True)
