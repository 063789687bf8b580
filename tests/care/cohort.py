"""A made-up county cohort with a known end: who drops out is decided by a hidden life, and the registers see it only through noise.

The generator knows nothing of the rules' weights. A hidden strain grows from the child's circumstances and from chance;
strain decides about dropping out and, weeks before, about days missed. Registers forget some tags, teachers miss some
absences, children without any strain are ill, live far away or are poor.
"""
from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import dataclass

from dropout.warning import ChildFacts

ON = dt.date(2026, 11, 25)


@dataclass(frozen=True)
class Lived:
    """One child: what the registers know of it, and whether it dropped out later."""

    facts: ChildFacts
    dropped: bool


# Circumstance: how many children have it, how much strain it brings.
LIFE = {
    "poor": (0.16, 0.8), "left_behind": (0.20, 0.8), "disabled": (0.02, 0.9), "learning": (0.10, 1.3), "unsupported": (0.01, 1.4),
    "over_age": (0.03, 1.7), "suspended": (0.01, 1.5), "sibling": (0.02, 1.9), "earlier": (0.01, 2.2), "far": (0.08, 0.5),
}  # fmt: skip
FORGOTTEN = 0.10  # of the tags that should be there
OVERLOOKED = 0.15  # of the days missed without a reason
CALM = -6.1  # the strain of a child with nothing against it, in logits of dropping out


def make_cohort(seed: int, size: int) -> list[Lived]:
    """A cohort of one seed: the same seed, the same children."""
    chance = random.Random(seed)
    return [_child(chance) for _ in range(size)]


def _child(chance: random.Random) -> Lived:
    has = {name: chance.random() < share for name, (share, _) in LIFE.items()}
    strain = CALM + sum(LIFE[name][1] for name, held in has.items() if held) + chance.gauss(0, 0.9)
    dropped = chance.random() < 1 / (1 + math.exp(-strain))
    grade = chance.randint(1, 9)
    return Lived(_seen(chance, has, strain, dropped, grade), dropped)


def _seen(chance: random.Random, has: dict[str, bool], strain: float, dropped: bool, grade: int) -> ChildFacts:
    """The registers' view, weeks before anything happened."""
    drift = _poisson(chance, 3.5 if dropped else 0.25 if strain > -3 else 0.06)
    unexplained = sum(chance.random() >= OVERLOOKED for _ in range(drift))
    ill = _poisson(chance, 0.9)
    noticed = {name: held and chance.random() >= FORGOTTEN for name, held in has.items()}
    age = grade + 5 + (chance.choice((2, 2, 3)) if has["over_age"] else 0)
    return ChildFacts(
        grade, dt.date(2026 - age, chance.randint(1, 8), 15), chance.random() < 0.7,
        chance.randint(5000, 9000) if noticed["far"] else chance.randint(100, 2900),
        tuple(
            (group, "register" if group == "left_behind" else "", "")
            for group, name in (("poor", "poor"), ("left_behind", "left_behind"), ("disabled", "disabled"), ("learning", "learning"), ("orphan", "unsupported"))
            if noticed[name]
        ),
        unexplained, unexplained + ill, 2 if noticed["suspended"] else 0, ("案件 2025-0001",) if noticed["sibling"] else (),
        ("2025-0002",) if noticed["earlier"] else (),
    )  # fmt: skip


def _poisson(chance: random.Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count
