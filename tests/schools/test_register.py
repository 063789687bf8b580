"""The register: the only way schools come to exist; repeatable; faults by cell."""

import json

import openpyxl
import pytest
from django.core.management import call_command

from schools.models import County, School, SchoolEvent, SchoolVersion, Township

pytestmark = pytest.mark.django_db
HEADER = [
    "学校(机构)标识码",
    "学校名称",
    "办学类型",
    "举办者类型",
    "城乡类型",
    "乡镇(街道)",
    "单位性质",
    "上级标识码",
    "别名代码",
    "曾用名",
    "建校年份",
]
ROWS = [
    ["9999010001", "向阳小学", "211", "县级教育部门", "城区", "城关镇", "", "", "XY01", "县实验小学", 1950],
    ["9999010002", "王庄教学点", "小学教学点", "公办", "乡村", "王庄乡", "教学点", "9999010001", "", "", ""],
    ["9999010003", "城关学校", "九年一贯制学校", 7, "121", "城关镇", "", "", "", "", "1966年"],
]


def register(tmp_path, capsys, rows=ROWS, header=HEADER, townships=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "学校"
    sheet.append(["清河县学校名录"])
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    if townships:
        book.create_sheet("乡镇").append(["乡镇名称", "乡镇代码", "中心校标识码"])
        for row in townships:
            book["乡镇"].append(row)
    book.save(tmp_path / "register.xlsx")
    code = 0
    try:
        call_command("register", str(tmp_path / "register.xlsx"), county="999901", name="清河县", json=True)
    except SystemExit as end:
        code = end.code
    return code, json.loads(capsys.readouterr().out)


def test_it_registers_schools_points_and_townships(tmp_path, capsys):
    code, result = register(tmp_path, capsys, townships=[["城关镇", "999901100", "9999010001"]])
    assert (code, result["created"], result["townships"]) == (0, 3, 2)
    point = School.objects.get(code="9999010002")
    assert (point.parent.code, point.kind, point.sponsor_code, point.area_code) == ("9999010001", "point", "7", "220")
    assert Township.objects.get(name="城关镇").centre_school.code == "9999010001"


def test_running_it_again_changes_nothing(tmp_path, capsys):
    register(tmp_path, capsys)
    _, result = register(tmp_path, capsys)
    assert (result["created"], result["changed"], result["unchanged"]) == (0, 0, 3)
    assert SchoolVersion.objects.count() == 3


def test_a_new_name_is_a_dated_version_and_the_old_one_an_alias(tmp_path, capsys):
    register(tmp_path, capsys)
    _, result = register(tmp_path, capsys, rows=[["9999010001", "向阳路小学", *ROWS[0][2:]]])
    school = School.objects.get(code="9999010001")
    assert result["changed"] == 1
    assert [v.name for v in school.versions.order_by("valid_from")] == ["向阳小学", "向阳路小学"]
    assert SchoolEvent.objects.get(school=school).kind == "rename"
    assert school.aliases.filter(kind="name", text="向阳小学").exists()


def test_an_empty_cell_leaves_what_is_known(tmp_path, capsys):
    register(tmp_path, capsys)
    register(tmp_path, capsys, rows=[[*ROWS[0][:10], ""]])
    assert School.objects.get(code="9999010001").built_year == 1950


@pytest.mark.parametrize("column, value, code", [
    (0, "", "missing-value"), (2, "大学", "not-in-list"), (3, "外星", "not-in-list"), (6, "分部", "not-in-list"), (10, "去年", "not-a-year"),
])  # fmt: skip
def test_a_fault_is_named_by_cell_and_nothing_is_written(tmp_path, capsys, column, value, code):
    bad = list(ROWS[0])
    bad[column] = value
    status, result = register(tmp_path, capsys, rows=[bad])
    assert status == 1
    (problem,) = [p for p in result["problems"] if p["level"] == "error"]
    assert (problem["code"], problem["cell"]) == (code, f"{'ABCDEFGHIJK'[column]}3")
    assert problem["message"].endswith("。")
    assert not County.objects.exists()


def test_the_same_code_twice_is_refused(tmp_path, capsys):
    status, result = register(tmp_path, capsys, rows=[ROWS[0], ROWS[0]])
    assert status == 1
    assert result["problems"][-1]["code"] == "duplicate-key"


def test_an_unknown_parent_is_refused_whole(tmp_path, capsys):
    status, _ = register(tmp_path, capsys, rows=[ROWS[1]])
    assert status == 1
    assert not School.objects.exists()


def test_a_code_of_another_shape_is_only_a_notice(tmp_path, capsys):
    status, result = register(tmp_path, capsys, rows=[["A-17", *ROWS[0][1:]]])
    assert status == 0
    assert [p["level"] for p in result["problems"]] == ["notice"]


def test_a_missing_column_is_named(tmp_path, capsys):
    status, result = register(tmp_path, capsys, header=["学校代码", "学校名称", "类型", *HEADER[3:]])
    assert status == 1
    assert "办学类型" in result["problems"][0]["message"]
