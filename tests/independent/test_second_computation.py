"""The second computation itself, against a published example and hand-made figures."""

from fractions import Fraction

from tests.independent import second_computation as second


def plain(code, pupils, sports, **more):
    shared = dict.fromkeys(
        ("teaching", "teaching_without_sports", "equipment", "multimedia", "computers", "books"), Fraction(10**7)
    )
    school = second.School(code, code, "211", "7", shared={**shared, "sports": Fraction(sports), **more})
    school.pupils["primary"] = pupils
    for key in ("teachers", "above", "backbone", "arts", "middle"):
        school.by_stage["primary", key] = pupils
    return school


def test_the_published_five_schools_give_their_coefficient():
    figures = [(45, 279), (37, 137), (89, 935), (76, 160), (55, 402)]
    county = {str(n): plain(str(n), pupils, sports) for n, (pupils, sports) in enumerate(figures)}
    county["junior"] = plain("junior", 1, 100)
    county["junior"].pupils = second.defaultdict(int, {"junior": 10})
    for key in ("teachers", "above", "backbone", "arts", "middle"):
        county["junior"].by_stage["junior", key] = 10
    result = second.compute(county, "quality-2017")
    assert f"{second.decimal(result.means['primary', 'Q5']):.4f}" == "6.3344"
    assert f"{result.coefficients['primary', 'Q5']:.4f}" == "0.5153"
    assert result.within["primary", "Q5"] is False


def test_a_nine_year_school_is_split_one_to_one_point_one():
    school = second.School("x", "x", "312", "7")
    school.pupils.update({"primary": 166, "junior": 210})
    assert 23226 * second.share(school, "primary") == Fraction(23226 * 1660, 3970)
    assert second.share(school, "primary") + second.share(school, "junior") == 1


def test_the_seventh_at_eighty_five_hundredths_passes_and_a_hair_less_fails():
    on_the_line = second.school_row(plain("a", 400, Fraction("2550")), "primary", True)
    below = second.school_row(plain("a", 400, Fraction("2549.99")), "primary", True)
    assert on_the_line.met["Q5"] is False and on_the_line.passes is True
    assert below.passes is False
