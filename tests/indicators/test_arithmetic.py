"""Laws of the arithmetic."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.arithmetic import (
    Spread,
    cv_within,
    decimal34,
    flips_when_printed,
    half_up,
    mean_root_within,
    meets,
    ratio34,
    shares34,
    split_shares,
    sqrt34,
    variance,
    weighted_mean,
)

schools = st.lists(st.tuples(st.integers(0, 10**8), st.integers(1, 4000)), min_size=1, max_size=30)
fractions = st.fractions(min_value=0, max_value=10**9, max_denominator=10**6)


@given(schools)
def test_the_spread_is_the_definition(pairs):
    resources, pupils = zip(*pairs, strict=True)
    total = sum(pupils)
    mean = Fraction(sum(resources), total)
    by_definition = sum(Fraction(p, total) * (Fraction(r, p) - mean) ** 2 for r, p in pairs)
    assert weighted_mean(resources, pupils) == mean
    assert variance(resources, pupils) == by_definition
    spread = Spread.of(resources, pupils)
    assert sum(spread.terms) == spread.variance
    if spread.shares is not None:
        assert sum(spread.shares) == 1


@given(schools, st.integers(1, 1000), st.randoms())
def test_the_coefficient_ignores_order_and_scale(pairs, factor, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one = Spread.of(*zip(*pairs, strict=True))
    assert Spread.of(*zip(*shuffled, strict=True)).cv_squared == one.cv_squared
    assert Spread.of([r * factor for r, _ in pairs], [p for _, p in pairs]).cv_squared == one.cv_squared
    assert Spread.of([r * factor for r, _ in pairs], [p * factor for _, p in pairs]).cv_squared == one.cv_squared


@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(0, 10**7))
def test_merging_two_schools_of_equal_value_changes_nothing(p, q, each):
    apart = Spread.of([p * each, q * each, 7], [p, q, 3])
    together = Spread.of([(p + q) * each, 7], [p + q, 3])
    assert apart.variance == together.variance and apart.mean == together.mean


def test_equal_schools_have_coefficient_zero_and_no_resource_has_none():
    assert Spread.of([450, 4050], [100, 900]).cv_squared == 0
    assert Spread.of([450, 4050], [100, 900]).shares is None
    assert Spread.of([0, 0], [1, 2]).within(Fraction(1)) is None
    assert cv_within(Fraction(1), Fraction(0), Fraction(0)) is None


def test_a_spread_refuses_a_school_without_pupils():
    for resources, pupils in (([], []), ([1], [0]), ([1, 2], [1])):
        with pytest.raises(ValueError):
            Spread.of(resources, pupils)


def test_a_coefficient_exactly_on_the_limit_is_within():
    # Two schools of equal size at X(1 - c) and X(1 + c) have CV exactly c.
    for limit in ("0.50", "0.45", "0.65", "0.55"):
        c = Fraction(limit)
        spread = Spread.of([1000 * (1 - c), 1000 * (1 + c)], [10, 10])
        assert sqrt34(spread.cv_squared) == decimal34(c)
        assert spread.within(c)
        worse = Spread.of([1000 * (1 - c) - Fraction(1, 10**6), 1000 * (1 + c)], [10, 10])
        assert not worse.within(c)


@given(st.dictionaries(st.sampled_from(["primary", "junior", "senior"]), st.integers(0, 5000), min_size=1))
def test_split_shares_sum_to_one(pupils):
    weights = {"primary": Fraction(1), "junior": Fraction("1.1"), "senior": Fraction("1.32")}
    if not any(pupils.values()):
        with pytest.raises(ValueError):
            split_shares(pupils, weights)
        return
    shares = split_shares(pupils, weights)
    assert sum(shares.values()) == 1 and set(shares) == {s for s, n in pupils.items() if n}


def test_a_complete_middle_school_splits_one_to_one_point_two():
    weights = {"junior": Fraction("1.1"), "senior": Fraction("1.32")}
    assert split_shares({"junior": 600, "senior": 900}, weights)["junior"] == Fraction(600) / (
        600 + Fraction("1.2") * 900
    )


@given(fractions)
def test_decimals_have_34_digits_and_no_exponent(value):
    text = decimal34(value)
    assert "e" not in text.lower() and not (("." in text) and text.endswith("0"))
    assert len(Decimal(text).as_tuple().digits) <= 34
    error = abs(Fraction(text) - value)
    assert error * 10**33 <= value
    assert ratio34(value, Fraction(1)) == text


def test_decimals_are_written_plainly():
    assert decimal34(Fraction(9, 2)) == "4.5"
    assert decimal34(Fraction(100)) == "100" and decimal34(10**40) == "1" + "0" * 40
    assert decimal34(Fraction(1, 10**20)) == "0." + "0" * 19 + "1"
    assert decimal34(Fraction(2, 3)) == "0." + "6" * 33 + "7"
    assert decimal34(Fraction(0)) == "0"


@given(st.fractions(min_value=0, max_value=10**6, max_denominator=10**9))
def test_roots_are_correctly_rounded(square):
    with localcontext(prec=34) as wide:
        wide.prec = 120
        exact = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
        wide.prec = 34
        wide.rounding = "ROUND_HALF_UP"
        assert Decimal(sqrt34(square)) == +exact


def test_roots_of_the_tiny_and_the_huge_keep_their_digits():
    assert sqrt34(Fraction(1, 10**60)) == "0." + "0" * 29 + "1"
    assert sqrt34(Fraction(10**60)) == "1" + "0" * 30
    assert sqrt34(Fraction(2)) == "1.414213562373095048801688724209698"
    assert sqrt34(Fraction(2, 10**40)) == "0." + "0" * 19 + "1414213562373095048801688724209698"
    with pytest.raises(ValueError):
        sqrt34(Fraction(-1))


def test_print_rounds_half_up_once():
    assert half_up("3.825", 2) == "3.83" and half_up("4.505", 2) == "4.51" and half_up("2.675", 2) == "2.68"
    assert half_up("0.5", 0) == "1" and half_up(7, 2) == "7.00" and half_up("0.0004", 3) == "0.000"
    assert half_up(Fraction(-1, 8), 2) == "-0.13" and half_up(Fraction(-1, 1000), 2) == "0.00"


@given(fractions, st.integers(0, 6))
def test_print_is_within_half_a_unit(value, digits):
    assert -Fraction(1, 2) < (Fraction(half_up(value, digits)) - value) * 10**digits <= Fraction(1, 2)


def test_a_verdict_that_print_would_turn_is_flagged():
    assert flips_when_printed(Fraction("4.199"), Fraction("4.2"), 2)
    assert flips_when_printed(Fraction("4.505"), Fraction("4.505"), 2) is False
    assert not flips_when_printed(Fraction("4.19"), Fraction("4.2"), 2)
    assert flips_when_printed(Fraction("0.5004"), Fraction("0.5"), 3, at_most=True)
    assert flips_when_printed(Fraction("4.504"), Fraction("4.505"), 2) is False
    assert not flips_when_printed(Fraction("0.5006"), Fraction("0.5"), 3, at_most=True)


@given(st.lists(st.fractions(min_value=0, max_value=3, max_denominator=1000), min_size=1, max_size=8))
def test_a_mean_of_rational_roots_on_the_limit_is_within(roots):
    limit = sum(roots) / len(roots)
    squares = [root * root for root in roots]
    assert mean_root_within(squares, limit)
    assert not mean_root_within(squares, limit - Fraction(1, 10**50))


def test_a_mean_of_irrational_roots_is_decided_however_near():
    near = Fraction(sqrt34(Fraction(2)))
    assert mean_root_within([Fraction(2)], near) is (near * near >= 2)
    sharper = Fraction("1.41421356237309504880168872420969807856967187537694807317667973799")
    assert mean_root_within([Fraction(2)] * 8, sharper) is False
    assert mean_root_within([Fraction(2)] * 8, sharper + Fraction(1, 10**65)) is True


@given(st.integers(1, 10**6), st.integers(1, 10**4), st.sampled_from(["4.2", "5.3", "0.9", "2.3"]))
@settings(max_examples=50)
def test_a_threshold_is_met_by_the_number_itself(times, pupils, text):
    threshold = Fraction(text)
    on_the_line = threshold * pupils * times / 100
    assert meets(on_the_line, Fraction(pupils * times), 100, threshold)
    assert not meets(on_the_line - Fraction(1, 10**9), Fraction(pupils * times), 100, threshold)


@given(st.lists(st.fractions(0, 10**9), min_size=1, max_size=40).filter(any))
def test_printed_shares_add_up_to_exactly_one(parts):
    whole = sum(parts)
    shares = shares34(parts, whole)
    with localcontext(prec=80):
        assert sum(map(Decimal, shares)) == 1
        assert all(abs(Fraction(text) - part / whole) < Fraction(1, 10**33) for text, part in zip(shares, parts, strict=True))
