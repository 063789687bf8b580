"""The statistics workbook of either generation: exact figures, the cell of every one, and what is said when something is wrong."""
import copy
import io
from decimal import Decimal

import openpyxl
import pytest

from ledgers.checking import check
from ledgers.definitions import LEDGERS
from ledgers.reading import read_workbook
from ledgers.templates_xlsx import HELP, Prefill, template
from tests.ledgers.checking.helpers import JUNIOR, NINE, SUNNY, context

from . import workbooks as made

STATISTICS = LEDGERS["statistics"]
PROFILE, PREMISES, EQUIPMENT, BAND = "schools.Profile", "schools.Premises", "schools.Equipment", "schools.ClassBand"
PRIMARY = {"primary_pupils": 394, "primary_classes": 9, "primary_full_time_teachers": 26, "primary_above_degree": 24, "primary_pe_art": 5,
           "primary_backbone": 5, "primary_mid_title": 14}  # fmt: skip
JUNIORS = {"junior_pupils": 278, "junior_classes": 6, "junior_full_time_teachers": 24, "junior_above_degree": 20, "junior_pe_art": 4,
           "junior_backbone": 4, "junior_mid_title": 15}  # fmt: skip
LAND = {"land_area": 15000_00, "building_area": 6200_50, "teaching_area": 3200_25, "indoor_sports_area": 400_00, "outdoor_sports_area": 5200_50}
THINGS = {"equipment_value": 1_152_000_00, "multimedia_rooms": 14, "computers": 60, "teaching_computers": 52, "books": 14400}
SCALE = {PREMISES: 100, "equipment_value": 1_000_000}

CASES = {
    "new-primary": (made.new_workbook(made.PRIMARY_SCHOOL), SUNNY, PRIMARY),
    "new-junior": (made.new_workbook(made.JUNIOR_SCHOOL), JUNIOR, JUNIORS),
    "new-nine-year": (made.new_workbook(made.NINE_YEAR_SCHOOL), NINE, {**PRIMARY, **JUNIORS}),
    "new-combined": (made.new_workbook(made.NINE_YEAR_SCHOOL, suffix=False, combined=True), NINE, {**PRIMARY, **JUNIORS, "primary_pe_art": 4}),
    "old-primary": (made.old_workbook(made.PRIMARY_SCHOOL), SUNNY, PRIMARY),
    "old-junior": (made.old_workbook(made.JUNIOR_SCHOOL), JUNIOR, JUNIORS),
    "old-nine-year": (made.old_workbook(made.NINE_YEAR_SCHOOL), NINE, {**PRIMARY, **JUNIORS}),
}
every_case = pytest.mark.parametrize(("leaves", "school", "heads"), CASES.values(), ids=list(CASES))


def run(leaves, school=SUNNY, **more):
    return check(STATISTICS, read_workbook(made.save(leaves), "教育事业统计.xlsx"), context(school, **more))


def only(outcome, model) -> dict:
    rows = list(outcome.schools[0].rows_by_model.get(model, []))
    assert len(rows) == 1
    return {name: value for name, value in rows[0].items() if value is not None and name not in ("sheet", "row")}


def told(outcome, *levels) -> list[tuple[str, str, str]]:
    return [(p.code, p.sheet, p.cell) for p in outcome.problems() if p.level in levels]


def fresh(school=made.PRIMARY_SCHOOL, **more) -> dict[str, made.Leaf]:
    """The leaves by number, free to be spoilt."""
    leaves = copy.deepcopy(made.new_workbook(school, **more))
    return {leaf.name.split("_")[0]: leaf for leaf in leaves}


def cell(leaf: made.Leaf, address: str, value: str) -> None:
    column, row = openpyxl.utils.cell.coordinate_from_string(address)
    leaf.rows[row - 1][openpyxl.utils.column_index_from_string(column) - 1] = value


@every_case
def test_every_generation_gives_the_same_figures(leaves, school, heads):
    outcome = run(leaves, school)
    assert told(outcome, "error") == []
    assert only(outcome, PROFILE) == heads
    assert only(outcome, PREMISES) == LAND
    assert only(outcome, EQUIPMENT) == THINGS


@every_case
def test_size_bands_and_pupils_come_by_grade(leaves, school, heads):
    rows = list(run(leaves, school).schools[0].rows_by_model[BAND])
    parts = ([made.PRIMARY] if "primary_pupils" in heads else []) + ([made.JUNIOR] if "junior_pupils" in heads else [])
    names = ["upto_25", "from_26", "from_31", "from_36", "from_41", "from_46", "from_51", "from_56", "from_61", "from_66"]
    wanted = []
    for part in parts:
        first = 1 if part is made.PRIMARY else 7
        wanted += [(first + n, pupils, bands) for n, (pupils, bands) in enumerate(zip(part.pupils, part.classes, strict=True))]
    assert [(row["grade"], row["pupils"], {k: row[name] for k, name in enumerate(names) if row[name]}) for row in rows] == wanted
    assert [row["classes"] for row in rows] == [sum(bands.values()) for _, _, bands in wanted]


@every_case
def test_every_stored_value_equals_the_cell_it_names(leaves, school, heads):
    part = run(leaves, school).schools[0]
    book = openpyxl.load_workbook(io.BytesIO(made.save(leaves)))
    seen = 0
    for model, rows in part.rows_by_model.items():
        for name, values in rows.columns.items():
            for index, value in enumerate(values):
                if value is None or name == "grade":
                    continue
                sheet, address, _ = part.place_of(model, name, index)
                texts = [book[sheet][one].value for one in address.split("+")]
                scale = SCALE.get(name, SCALE.get(model, 1))
                assert sum(Decimal(text) for text in texts) * scale == value, f"{model}.{name} {sheet}!{address}"
                seen += 1
    assert seen > 50


def test_the_layout_of_2021_is_where_it_is_expected():
    outcome = run(made.new_workbook(made.PRIMARY_SCHOOL))
    part = outcome.schools[0]
    places = {name: part.place_of(model, name)[1] for model, name in (
        (PROFILE, "primary_pupils"), (PROFILE, "primary_classes"), (PROFILE, "primary_full_time_teachers"), (PROFILE, "primary_backbone"),
        (PREMISES, "teaching_area"), (PREMISES, "indoor_sports_area"), (PREMISES, "outdoor_sports_area"), (EQUIPMENT, "books"),
        (EQUIPMENT, "multimedia_rooms"), (EQUIPMENT, "equipment_value"), (PROFILE, "primary_above_degree"), (PROFILE, "primary_pe_art"))}  # fmt: skip
    assert places == {
        "primary_pupils": "I6", "primary_classes": "C5", "primary_full_time_teachers": "C6", "primary_backbone": "D12", "teaching_area": "F10",
        "indoor_sports_area": "F17", "outdoor_sports_area": "D7", "books": "D12", "multimedia_rooms": "D17", "equipment_value": "D19",
        "primary_above_degree": "C9+C10+C11+C12", "primary_pe_art": "L6+N6+O6+P6",
    }  # fmt: skip
    assert "layout-moved" not in [p.code for p in outcome.problems()]
    junior = run(made.new_workbook(made.JUNIOR_SCHOOL), JUNIOR).schools[0]
    assert junior.place_of(PROFILE, "junior_pe_art")[1] == "U6+V6+W6+X6"
    assert junior.place_of(PROFILE, "junior_pupils")[1] == "E6"
    assert junior.place_of(PROFILE, "junior_backbone")[1] == "D13"


def test_a_moved_layout_is_read_by_its_labels_and_said():
    leaves = fresh()
    assets = leaves["教基5176"]
    assets.rows.insert(4, ["校园绿化", "00", "㎡", "7"])
    assets.rows.insert(12, ["数字资源", "00", "册", "9"])
    outcome = run(leaves.values())
    assert only(outcome, EQUIPMENT) == THINGS
    assert only(outcome, PREMISES) == LAND
    assert [code for code, *_ in told(outcome, "error", "doubt")] == []
    assert "layout-moved" in [p.code for p in outcome.problems()]


def test_arts_as_the_total_of_music_and_art_counts_once():
    outcome = run(made.new_workbook(made.NINE_YEAR_SCHOOL, combined=True), NINE)
    assert only(outcome, PROFILE)["primary_pe_art"] == 4  # PE 2, music 1, art 1; 艺术 2 is their total
    assert [p.code for p in outcome.problems()].count("arts-counted-once") == 2
    assert only(run(made.new_workbook(made.NINE_YEAR_SCHOOL), NINE), PROFILE)["primary_pe_art"] == 5  # 艺术 1 is a subject of its own


def test_a_block_of_one_stage_is_not_taken_for_the_school():
    """In a form for both stages 总计 is primary and junior together, and a missing block is not filled from the other."""
    leaves = fresh(made.NINE_YEAR_SCHOOL, combined=True)
    leaves["教基4155"].rows = [row for row in leaves["教基4155"].rows if row[0] != "初中"]
    leaves["教基4155"].rows = leaves["教基4155"].rows[:14]
    outcome = run(leaves.values(), NINE)
    heads = only(outcome, PROFILE)
    assert heads["primary_full_time_teachers"] == 26
    assert "junior_full_time_teachers" not in heads
    assert "junior_above_degree" not in heads


def test_order_suffix_and_names_of_sheets_do_not_matter():
    leaves = list(fresh(suffix=False).values())
    for n, leaf in enumerate(leaves):
        if not leaf.name.startswith(("封面", "目录")) and "教基1102" not in leaf.name:
            leaf.name = f"Sheet{n}"  # the number inside says which form it is
    outcome = run(list(reversed(leaves)))
    assert told(outcome, "error", "doubt") == []
    assert only(outcome, PROFILE) == PRIMARY


def test_special_schools_give_pupils_and_staff():
    outcome = run(made.special_workbook(SUNNY.code, SUNNY.name), context(SUNNY).school, schools={}, names={})
    assert "unknown-school" in [p.code for p in outcome.problems()]
    special = SUNNY.__class__(9, "9999510001", "特殊教育学校", "whole", None, "514", "7", "121", "城关镇", None, 2001)
    known = {"schools": {special.code: special}, "names": {"特殊教育学校": [special]}}
    outcome = run(made.special_workbook(special.code, special.name), special, **known)
    assert told(outcome, "error", "doubt") == []
    assert only(outcome, PROFILE) == {"primary_pupils": 40, "junior_pupils": 21, "staff": 28, "full_time_teachers": 24}
    assert only(outcome, EQUIPMENT) == THINGS


@pytest.mark.parametrize(("number", "code", "level"), [
    ("教基3112", "form-missing", "error"), ("教基5170", "form-not-given", "doubt"), ("教基5176", "form-not-given", "doubt"),
    ("教基4155", "form-not-given", "doubt"), ("教基2106", "form-not-given", "doubt"), ("教基1102续", "form-absent", "notice"),
    ("教基4153", "form-absent", "notice"),
])  # fmt: skip
def test_a_missing_form_is_named(number, code, level):
    leaves = fresh()
    del leaves[number]
    found = [p for p in run(leaves.values()).problems() if p.code == code and p.level == level]
    assert any(number.removesuffix("续") in p.message for p in found)


def test_a_primary_school_owes_no_junior_form():
    outcome = run(made.new_workbook(made.PRIMARY_SCHOOL))
    assert outcome.status == "clean"
    assert not any("初中" in p.message for p in outcome.problems())


def test_a_renamed_label_is_a_doubt_at_its_form():
    leaves = fresh()
    cell(leaves["教基5176"], "A17", "其中：多功能厅")
    outcome = run(leaves.values())
    assert [(c, s) for c, s, _ in told(outcome, "error", "doubt")] == [("label-not-found", "教基5176_小学")]
    assert "网络多媒体教室" in outcome.problems()[-1].message or any("网络多媒体教室" in p.message for p in outcome.problems())
    assert "multimedia_rooms" not in only(outcome, EQUIPMENT)


def test_pupils_that_do_not_apply_are_never_zero():
    leaves = fresh()
    cell(leaves["教基3112"], "I6", "*")
    outcome = run(leaves.values())
    assert ("blank-required", "教基3112_小学", "I6") in told(outcome, "error")
    leaves = fresh()
    cell(leaves["教基5170"], "F17", "—")
    outcome = run(leaves.values())
    assert told(outcome, "error", "doubt") == []
    assert "indoor_sports_area" not in only(outcome, PREMISES)


@pytest.mark.parametrize(("number", "address", "text", "code"), [
    ("教基3112", "I6", "约400", "not-a-number"), ("教基3112", "I6", "2000万所", "not-a-number"), ("教基4155", "C6", "二十六", "not-a-number"),
    ("教基5176", "D19", "115.2亩", "not-a-number"), ("教基2106", "C5", "9.5", "not-whole"), ("教基5170", "F10", "-3", "outside-range"),
])  # fmt: skip
def test_an_unreadable_figure_is_located_on_its_own_sheet(number, address, text, code):
    leaves = fresh()
    cell(leaves[number], address, text)
    assert (code, f"{number}_小学", address) in told(run(leaves.values()), "error")


def test_the_unit_of_the_label_is_believed():
    leaves = fresh()
    cell(leaves["教基5176"], "A19", "其中：教学仪器设备资产值（元）")
    cell(leaves["教基5176"], "D19", "1152000")
    outcome = run(leaves.values())
    assert only(outcome, EQUIPMENT)["equipment_value"] == 1_152_000_00
    assert "unit-converted" in [p.code for p in outcome.problems()]


def test_an_amount_in_the_wrong_unit_is_asked_about():
    leaves = fresh()
    cell(leaves["教基5176"], "D19", "1152000")  # yuan written where ten thousand yuan are meant
    assert ("unit-doubtful", "教基5176_小学", "D19") in told(run(leaves.values()), "doubt")


def test_indoor_sports_within_the_teaching_area_and_degrees_within_the_teachers():
    leaves = fresh()
    cell(leaves["教基5170"], "F17", "4000")
    cell(leaves["教基4155"], "C11", "40")
    assert {(c, s) for c, s, _ in told(run(leaves.values()), "error")} == {
        ("part-above-whole", "教基5170_小学"), ("degrees-above-teachers", "教基4155_小学")}  # fmt: skip


def test_bands_must_add_up_to_the_classes_of_their_grade():
    leaves = fresh()
    cell(leaves["教基2106"], "D10", "5")
    assert [(c, s) for c, s, _ in told(run(leaves.values()), "error")] == [("parts-differ-from-total", "教基2106_小学")]


def test_pupils_that_fit_no_band_and_grades_that_do_not_add_up_are_asked_about():
    leaves = fresh()
    cell(leaves["教基3112"], "J6", "60")
    assert told(run(leaves.values()), "error", "doubt") == [("unusual-number", "教基3112_小学", "J6"), ("total-differs", "教基3112_小学", "I6")]


def test_graduates_above_doctors_and_masters_count_once():
    leaves = fresh()
    leaves["教基4155"].rows.insert(8, ["研究生毕业", "04", "1", "*", *["0"] * 14])
    outcome = run(leaves.values())
    assert only(outcome, PROFILE)["primary_above_degree"] == 24
    assert outcome.schools[0].place_of(PROFILE, "primary_above_degree")[1] == "C10+C11+C12+C13"


def test_a_complete_secondary_school_gives_its_senior_pupils():
    both = SUNNY.__class__(8, "9999010008", "城关中学", "whole", None, "341", "7", "121", "城关镇", None, 1960)
    school = made.School(both.code, both.name, "完全中学", junior=made.JUNIOR, buildings=made.BUILDINGS, assets=made.ASSETS)
    leaves = made.new_workbook(school)
    leaves.append(made.pupil_form("教基3118_完全中学", "高中", made.Part((50, 51, 52), (), (), {}, (), 0)))
    outcome = run(leaves, both, schools={both.code: both}, names={both.name: [both]})
    # The form of ranks has no blocks here: whose ranks they are cannot be known at a school of two stages.
    assert only(outcome, PROFILE) == {name: n for name, n in {**JUNIORS, "senior_pupils": 153}.items() if name != "junior_mid_title"}
    missing = run(leaves[:-1], both, schools={both.code: both}, names={both.name: [both]})
    assert [p.code for p in missing.problems() if "教基3118" in p.message] == ["form-not-given"]


def test_the_workbook_of_another_school_is_refused_at_its_code():
    outcome = run(made.new_workbook(made.JUNIOR_SCHOOL), SUNNY)
    assert ("other-school", "教基1001_初级中学", "C3") in told(outcome, "error")
    assert all(part.school is None or not any(len(rows) for rows in part.rows_by_model.values()) for part in outcome.schools)


def test_the_workbook_of_another_year_is_asked_about_once():
    outcome = run(made.new_workbook(made.PRIMARY_SCHOOL, year="2024-2025学年"))
    assert [c for c, *_ in told(outcome, "doubt")] == ["other-year"]
    assert "2025-2026学年" in next(p.message for p in outcome.problems() if p.code == "other-year")


def test_without_a_chosen_school_the_code_decides():
    outcome = run(made.new_workbook(made.NINE_YEAR_SCHOOL), None)
    assert told(outcome, "error") == []
    assert [part.school for part in outcome.schools] == [NINE]


def test_one_form_twice_with_other_figures_is_refused_and_an_equal_copy_is_not():
    leaves = list(fresh().values())
    twin = copy.deepcopy(next(leaf for leaf in leaves if leaf.name.startswith("教基3112")))
    twin.name = "教基3112_副本"
    assert told(run([*leaves, twin]), "error") == []
    cell(twin, "I6", "500")
    assert ("form-twice", "教基3112_副本", "") in told(run([*leaves, twin]), "error")


def test_a_workbook_without_any_form_names_the_numbers():
    outcome = run([made.Leaf("Sheet1", [["姓名", "性别"], ["张三", "男"]])])
    assert outcome.status == "refused"
    assert "教基3112" in outcome.problems()[-1].message


def test_sheets_that_are_not_needed_are_named_and_nothing_personal_is_kept():
    outcome = run(made.new_workbook(made.PRIMARY_SCHOOL))
    assert any("教基4068" in p.message for p in outcome.problems() if p.code == "sheets-not-used")
    part = outcome.schools[0]
    kept = repr((part.rows_by_model, part.persons, part.signers, part.row_map, [p.message for p in outcome.problems()]))
    assert "王某某" not in kept
    assert "13900000000" not in kept
    assert outcome.report.rows_read == outcome.report.accepted + outcome.report.refused + len(outcome.report.skipped)


def test_the_template_is_a_help_sheet():
    book = openpyxl.load_workbook(io.BytesIO(template(STATISTICS, Prefill(2025, [SUNNY]))))
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"] == [HELP]
    said = " ".join(str(row[0].value) for row in book[HELP].iter_rows(max_row=6))
    assert "原样上传" in said
    assert "教基5176" in said
