"""script/setup: repeatable, quick when nothing changed, true to the machine's own package settings."""

import subprocess
import time

import pytest

from script.uv_settings import translate
from tests.house.processes import ROOT

LISTING = """\
:env:.cert='/ca/env.pem'
:env:.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'
global.cert='/ca/file.pem'
global.index-url='https://mirror.example/simple'
global.disable-pip-version-check='1'
install.trusted-host='mirror.example'
"""


def test_the_settings_of_pip_reach_uv():
    assert translate(LISTING) == {
        "SSL_CERT_FILE": "/ca/env.pem",
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_INSECURE_HOST": "mirror.example",
    }


def test_without_settings_uv_is_left_alone():
    assert translate("") == {}


@pytest.mark.once
@pytest.mark.parametrize("name", ["setup", "server", "test", "bench", "lock", "prove-bare", "../.ci/run"])
def test_the_scripts_are_well_formed_and_executable(name):
    path = ROOT / "script" / name
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], capture_output=True).returncode == 0


@pytest.mark.once
def test_setup_refuses_unknown_arguments():
    done = subprocess.run(["script/setup", "--what"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--what" in done.stderr


@pytest.mark.once
def test_setup_is_quick_when_nothing_changed():
    if not (ROOT / ".venv/.installed-test").exists():
        pytest.skip("these tests were not started by script/test")
    started = time.monotonic()
    done = subprocess.run(["script/setup", "--test"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "installing" not in done.stdout
    assert time.monotonic() - started < 5
