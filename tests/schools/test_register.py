"""The register: the only way schools come to exist; repeatable; faults by cell."""

import json
import zipfile

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


MORE = [*HEADER, "启用日期", "停用日期", "变更日期", "变更依据"]


def row(values=ROWS[0], **given):
    """A row of MORE with these cells changed."""
    return [given.get(name, values[i] if i < len(values) else "") for i, name in enumerate(MORE)]


def test_a_new_code_that_names_the_former_one_is_the_same_school(tmp_path, capsys):
    register(tmp_path, capsys)
    before = School.objects.get(code="9999010001")
    changed = {"学校(机构)标识码": "9999010099", "别名代码": "9999010001", "变更日期": "2026-03-01", "变更依据": "清教〔2026〕8号"}
    status, result = register(tmp_path, capsys, rows=[row(**changed)], header=MORE)
    assert (status, result["created"], result["changed"]) == (0, 0, 1)
    school = School.objects.get(code="9999010099")
    assert school.pk == before.pk and School.objects.count() == 3
    assert [v.code for v in school.versions.order_by("valid_from")] == ["9999010001", "9999010099"]
    event = school.events.get()
    assert (event.kind, str(event.on), event.document, event.note) == ("recode", "2026-03-01", "清教〔2026〕8号", "原标识码：9999010001")
    assert school.aliases.filter(kind="code", text="9999010001").exists()
    assert School.objects.get(code="9999010002").parent == school, "its point stays its point"


def test_an_alias_that_is_another_row_of_the_workbook_recodes_nobody(tmp_path, capsys):
    register(tmp_path, capsys)
    other = ["9999010077", "第二小学", *ROWS[0][2:8], "9999010001", "", ""]
    _, result = register(tmp_path, capsys, rows=[ROWS[0], other])
    assert result["created"] == 1 and School.objects.filter(code="9999010001").exists()


def test_a_change_holds_from_its_date_and_a_mistake_is_put_right_from_then_on(tmp_path, capsys):
    register(tmp_path, capsys)
    register(tmp_path, capsys, header=MORE, rows=[row(学校名称="向阳路小学", 变更日期="2026-03-01")])
    # Registered as a primary school all along, though it has been a nine-year school since 2020.
    register(tmp_path, capsys, header=MORE, rows=[row(学校名称="向阳路小学", 办学类型="312", 变更日期="2020-09-01")])
    school = School.objects.get(code="9999010001")
    dated = [(str(v.valid_from), v.name, v.type_code) for v in school.versions.order_by("valid_from")]
    assert dated == [("1950-01-01", "向阳小学", "211"), ("2020-09-01", "向阳小学", "312"), ("2026-03-01", "向阳路小学", "312")]
    assert (school.name, school.type_code) == ("向阳路小学", "312")


def test_a_change_dated_before_everything_known_changes_everything_known(tmp_path, capsys):
    register(tmp_path, capsys)
    register(tmp_path, capsys, header=MORE, rows=[row(办学类型="312", 变更日期="1900-01-01")])
    assert [v.type_code for v in School.objects.get(code="9999010001").versions.all()] == ["312"]


def test_opening_and_closing_are_events(tmp_path, capsys):
    register(tmp_path, capsys, header=MORE, rows=[row(启用日期="2001-09-01")])
    register(tmp_path, capsys, header=MORE, rows=[row(停用日期="2026-08-31", 变更依据="清政〔2026〕3号")])
    school = School.objects.get()
    assert str(school.closed_on) == "2026-08-31" and str(school.versions.get().valid_from) == "2001-09-01"
    assert [(e.kind, str(e.on), e.document) for e in school.events.all()] == [("close", "2026-08-31", "清政〔2026〕3号")]


def test_a_point_stays_a_point_when_the_cell_is_empty(tmp_path, capsys):
    register(tmp_path, capsys)
    register(tmp_path, capsys, rows=[[*ROWS[1][:6], "", *ROWS[1][7:]], ROWS[0]])
    point = School.objects.get(code="9999010002")
    assert point.kind == "point" and point.parent.code == "9999010001"


def test_full_width_codes_are_read_and_too_long_ones_named(tmp_path, capsys):
    status, _ = register(tmp_path, capsys, rows=[["９９９９０１０００１", *ROWS[0][1:]]])
    assert status == 0 and School.objects.get().code == "9999010001"
    status, result = register(tmp_path, capsys, rows=[["9" * 21, "校" * 121, *ROWS[0][2:]]])
    assert status == 1 and [p["code"] for p in result["problems"] if p["level"] == "error"] == ["too-long", "too-long"]


@pytest.mark.parametrize("data, code", [(b"", "empty-file"), (b"PK\x03\x04 no", "broken-file"), (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "not-a-workbook")])
def test_a_file_that_is_no_workbook_is_refused_by_the_gates_of_every_upload(tmp_path, capsys, data, code):
    (tmp_path / "r.xlsx").write_bytes(data)
    with pytest.raises(SystemExit) as end:
        call_command("register", str(tmp_path / "r.xlsx"), county="999901", name="清河县", json=True)
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (end.value.code, problem["code"]) == (1, code) and problem["message"].endswith("。")
    assert not County.objects.exists()


def test_a_bomb_called_register_never_reaches_a_reader(tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "r.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", b"<Types/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * (130 * 2**20))
    with pytest.raises(SystemExit) as end:
        call_command("register", str(tmp_path / "r.xlsx"), county="999901", name="清河县", json=True)
    assert end.value.code == 1 and not County.objects.exists()
