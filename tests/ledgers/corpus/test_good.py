"""Odd but good workbooks import to exactly the facts of the plain one, with no false error; and so does any frame in any dress."""
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledgers.messes.dressing import facts, outcome, places

from .dressings import DRESSINGS, dress, for_ledger
from .tables import FORMS, MAKERS, as_xlsx, fits

pytestmark = pytest.mark.once  # no database is asked



def corpus():
    """Every dressing alone in every ledger it fits, every form, and combinations of three: named by what they wear."""
    for ledger in MAKERS:
        names = for_ledger(ledger)
        yield from ((ledger, form, (), 1) for form in FORMS)
        yield from ((ledger, "xlsx", (name,), 2) for name in names)
        rng = random.Random(ledger)
        for number, form in enumerate([*FORMS, "xlsx"] * 5):
            yield ledger, form, tuple(sorted(rng.sample(names, 3))), 100 + number


CORPUS = list(corpus())


def made(ledger: str, form: str, names, seed: int):
    """(plain file, dressed file) of the same table; None when the form cannot hold it."""
    plain = as_xlsx(MAKERS[ledger](random.Random(seed)))
    dressed = dress(MAKERS[ledger](random.Random(seed)), names, random.Random(seed + 1))
    return plain, FORMS[form](dressed) if fits(dressed, form) else FORMS["xlsx"](dressed)


def same(ledger: str, plain, dressed) -> None:
    expected, found = outcome(ledger, plain), outcome(ledger, dressed)
    assert expected.status == "clean"
    assert places(found, "error", "doubt") == []  # notices inform, and stand in nobody's way
    assert facts(found) == facts(expected)
    assert found.report.rows_read == found.report.accepted + len(found.report.skipped)


@pytest.mark.parametrize(("ledger", "form", "names", "seed"), CORPUS, ids=lambda v: "+".join(v) if isinstance(v, tuple) else str(v))
def test_an_odd_but_good_workbook_gives_the_facts_of_the_plain_one(ledger, form, names, seed):
    same(ledger, *made(ledger, form, names, seed))


def test_the_corpus_is_large_and_wears_everything():
    assert len(CORPUS) >= 100
    assert {name for _, _, names, _ in CORPUS for name in names} == set(DRESSINGS)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    ledger=st.sampled_from(sorted(MAKERS)), form=st.sampled_from(sorted(FORMS)), seed=st.integers(0, 10**6),
    worn=st.lists(st.sampled_from(sorted(DRESSINGS)), max_size=8, unique=True),
)  # fmt: skip
def test_any_frame_in_any_combination_of_harmless_messes_gives_the_same_facts(ledger, form, seed, worn):
    same(ledger, *made(ledger, form, [name for name in worn if name in for_ledger(ledger)], seed))
