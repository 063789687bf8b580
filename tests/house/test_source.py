"""The shape of the source text: floors, places of imports and queries, sizes, and the linters themselves."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.processes import ROOT

pytestmark = pytest.mark.once

BIN = Path(sys.executable).parent
# "About 400" and "about 40" (design.md, style.md §2.2).
LINES_A_FILE, LINES_A_TEST_FILE, LINES_A_FUNCTION = 400, 600, 40

# Templates that become a PDF and never meet a browser; WeasyPrint knows no policy, and column widths are data.
PAPERS = {"templates/reports/document.html"}

# Third-party packages so heavy that a process which does not need them should not load them (brief of the house rules).
LAZY = {"weasyprint", "pandas", "numpy", "docx", "openpyxl", "xlsxwriter", "pypinyin", "python_calamine", "pyhanko"}

# `.objects` is written only where data is fetched and authorised in one step, written, or counted (design.md §7).
# A file or folder of this name may query in any room (handlers act on the ids a service put into their job) …
QUERYING_NAMES = {"access", "services", "quantities", "models", "commands", "handlers"}
# … and these single places, each for its reason.
SERVICE = "writes or counts for its room, called by services and pages that have asked access before"
COUNTS = "counts a set of facts, like quantities.py beside it"
WHOLE = "copies every table, whatever is in it, for the operator"
OWN_ROWS = "only rows of the user who asks"
BELOW_ACCESS = "stands on a floor below schools/access.py and scopes by the asking user or by ids"
QUERYING_FILES: dict[str, str] = {
    "accounts/api.py": BELOW_ACCESS,
    "accounts/auditing.py": SERVICE,
    "accounts/locking.py": BELOW_ACCESS,
    "accounts/middleware.py": OWN_ROWS,
    "accounts/notices.py": SERVICE,
    "accounts/passwords.py": SERVICE,
    "accounts/views.py": OWN_ROWS,
    "config/backups/making.py": WHOLE,
    "config/backups/restoring.py": WHOLE,
    "config/backups/rows.py": WHOLE,
    "files/store.py": SERVICE,
    "jobs/queue.py": SERVICE,
    "jobs/runner.py": SERVICE,
    "jobs/views.py": OWN_ROWS,
    "schools/calendar.py": SERVICE,
    "schools/class_sizes.py": COUNTS,
    "schools/county_numbers.py": COUNTS,
    "schools/pupil_flows.py": COUNTS,
    "schools/special_rooms.py": COUNTS,
    "teachers/allowances.py": COUNTS,
    "teachers/pe_art_relief.py": COUNTS,
    "teachers/portrait.py": COUNTS,
    "teachers/posts.py": COUNTS,
    "teachers/rotation.py": COUNTS,
    "teachers/rotation_figures.py": COUNTS,
    "teachers/subjects.py": COUNTS,
    "teachers/training.py": COUNTS,
    "funding/series.py": COUNTS,
    "schools/datasets.py": SERVICE,
    "schools/factset.py": SERVICE,
    "schools/goals.py": SERVICE,
    "schools/memberships.py": SERVICE,
    "schools/parameters.py": SERVICE,
    "schools/periods.py": SERVICE,
    "schools/provenance.py": SERVICE,
    "schools/register.py": SERVICE,
    "schools/rules.py": SERVICE,
    "schools/school_changes.py": SERVICE,
    "schools/staff.py": SERVICE,
    "indicators/changes.py": SERVICE,
    "indicators/snapshots.py": SERVICE,
    "ledgers/importing.py": SERVICE,
    "ledgers/showing.py": SERVICE,
    "ledgers/workflow.py": SERVICE,
    "office/desk.py": SERVICE,
    "office/reading.py": SERVICE,
}


def sources(*, tests: bool = False) -> list[Path]:
    """Every Python file of the rooms, without migrations."""
    folders = [*settings.ROOMS, *(["tests", "bench", "script"] if tests else [])]
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST):
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_imports_point_only_downward():
    done = run(str(BIN / "lint-imports"), "--no-cache")
    assert done.returncode == 0, done.stdout


def test_every_room_is_on_a_floor():
    text = (ROOT / "pyproject.toml").read_text()
    floors = text[text.index("layers = [") :]
    assert set(re.findall(r"[a-z]+", floors[floors.index("[") : floors.index("]")])) == set(settings.ROOMS)


def test_ruff_is_content():
    done = run(str(BIN / "ruff"), "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout


def test_the_templates_are_well_formed():
    done = run(str(BIN / "djlint"), "--lint", "--quiet", "templates", *settings.ROOMS)
    assert done.returncode == 0, done.stdout


def test_no_project_import_stands_inside_a_function():
    found = []
    for path in sources():
        if path.name == "apps.py":
            continue  # AppConfig.ready is where Django wants a room's own handlers imported: models exist only then
        for function in functions(ast.parse(path.read_text())):
            for node in ast.walk(function):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""] if not node.level else [relative(path).split("/")[0]]
                found += [f"{relative(path)}:{node.lineno} {name}" for name in names if name.split(".")[0] not in LAZY]
    assert found == []


def test_files_stay_readable():
    long = {}
    for path in sources(tests=True):
        limit = LINES_A_TEST_FILE if path.is_relative_to(ROOT / "tests") else LINES_A_FILE
        count = len(path.read_text().splitlines())
        if count > limit:
            long[relative(path)] = count
    assert long == {}


def test_functions_stay_readable():
    long = {}
    for path in sources():
        for function in functions(ast.parse(path.read_text())):
            length = function.end_lineno - function.lineno + 1
            if length > LINES_A_FUNCTION:
                long[f"{relative(path)}:{function.name}"] = length
    assert long == {}


def is_query(node: ast.AST) -> bool:
    """`Model.objects.something`, but not `.none()`, which asks the database nothing."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
        return False
    return node.value.attr in ("objects", "_default_manager", "_base_manager") and node.attr != "none"


def test_queries_stand_only_where_data_is_fetched_written_or_counted():
    found = []
    for path in sources():
        names = {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
        if names & QUERYING_NAMES or relative(path) in QUERYING_FILES:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if is_query(node):
                found.append(f"{relative(path)}:{node.lineno}")
    assert found == []


def test_the_exceptions_for_queries_exist_and_are_used():
    for name in QUERYING_FILES:
        assert any(is_query(node) for node in ast.walk(ast.parse((ROOT / name).read_text()))), name


def test_nothing_is_called_utils():
    assert [relative(path) for path in sources(tests=True) if path.stem in ("utils", "util", "misc")] == []


def test_nothing_stands_inline_in_the_templates():
    found = []
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]:
        text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
        if path.is_relative_to(ROOT / ".venv") or relative(path) in PAPERS:
            continue
        for fault in re.findall(
            r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:|https?://(?!www\.w3\.org)", text
        ):
            found.append(f"{relative(path)} {fault}")
    assert found == []


def test_requirements_are_locked_with_hashes_and_name_no_index():
    for name in ("requirements.txt", "requirements-test.txt"):
        lines = (ROOT / name).read_text().splitlines()
        assert not [
            line for line in lines if "://" in line or line.lstrip().startswith(("--index", "--extra", "--find", "-i "))
        ]
        pins = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert pins and all(re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==", pin) for pin in pins)
        assert all(pin.endswith("\\") for pin in pins), "every pin is followed by its hashes"


def test_the_lock_holds_what_the_project_asks_for():
    project = (ROOT / "pyproject.toml").read_text()
    wanted = re.findall(r'"([A-Za-z0-9._-]+)[~>=]=', project)
    locked = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-test.txt").read_text()
    assert [name for name in wanted if f"\n{name.lower()}==" not in "\n" + locked] == []
