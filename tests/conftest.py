"""Every test run (and every xdist worker) has its own VAR_DIR, made before Django reads its settings.

DJANGO_SETTINGS_MODULE stands here and not in pyproject.toml: pytest-django would otherwise load the settings before
this file, with the VAR_DIR of the running portal.
"""

import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from accounts import triggers

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
_folder = Path(tempfile.mkdtemp(prefix=f"junheng-{_worker or 'test'}-"))
for _name in ("SECRET_KEY", "FIELD_KEYS", "HTTPS", "ALLOWED_HOSTS", "FILES_DIR", "QUEUE_DIR", "STATIC_ROOT", "DEBUG"):
    os.environ.pop(_name, None)
os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", VAR_DIR=str(_folder), JOBS_INLINE="1")
os.environ.setdefault("LOG_LEVEL", "WARNING")
if os.environ.get("REDIS_URL") and _worker:
    # Redis database 0 is the single process's; each xdist worker clears only its own.
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{1 + int(_worker.removeprefix('gw'))}"

if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in life: the browser tests' server threads and the worker processes see the same data.
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(_folder / "test.sqlite3")
# Argon2 is slow on purpose; a test of it puts the real setting back with the `settings` fixture.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
django.setup()


_empty_tables = TransactionTestCase._fixture_teardown


def _empty_tables_with_audit_rows(case):
    """Tests that commit empty the tables afterwards; the audit triggers refuse that, so they step aside meanwhile."""
    with connection.cursor() as cursor:
        for statement in triggers.remove_statements(connection.vendor):
            cursor.execute(statement)
    try:
        _empty_tables(case)
    finally:
        with connection.cursor() as cursor:
            for statement in triggers.make_statements(connection.vendor):
                cursor.execute(statement)


TransactionTestCase._fixture_teardown = _empty_tables_with_audit_rows


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config, specs):
    """The workers start with this process's environment: without this, pytest-django would load their settings before
    their own conftest, with this process's VAR_DIR and keys."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_addoption(parser):
    """`--long` is also an argument of script/test."""
    parser.addoption("--long", action="store_true", help="the big corpora, thousands of walks, hundreds of kills")
    parser.addoption("--second-run", action="store_true", help="leave out the tests that say nothing of a database")


ASKS_A_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup", "django_db_reset_sequences"}
START_PROCESSES = {"house", "faults", "story", "commands"}  # which find the database in their environment


def _needs_one_database(item):
    """Marked `once`, or without any database: what such a test says of one it says of the other."""
    if "once" in item.keywords:
        return True
    asks = item.get_closest_marker("django_db") or ASKS_A_DATABASE & set(item.fixturenames)
    return not asks and not START_PROCESSES & set(item.path.parts)


def pytest_collection_modifyitems(config, items):
    """Tests marked `long` run only when asked for; the second run leaves out those that say nothing of a database."""
    if config.getoption("--second-run"):
        once = [item for item in items if _needs_one_database(item)]
        items[:] = [item for item in items if not _needs_one_database(item)]
        config.hook.pytest_deselected(items=once)
    if not config.getoption("--long"):
        for item in items:
            if "long" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="only with script/test --long"))


def pytest_unconfigure(config):
    """The folder goes when the run ends."""
    shutil.rmtree(_folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def fresh_cache():
    """Throttles count in the cache; one test's requests are not another's."""
    cache.clear()
