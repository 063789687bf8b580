"""Configuration by environment: the embedded default, and refusals in one plain sentence (security.md)."""

import base64
import json
import os
import stat

import pytest

from config.environment import Environment, check_secret_key, kept_secrets, parse_field_keys
from config.serialization import JSONSerializer
from tests.house.processes import manage

KEY_A, KEY_B = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def sentence_of(capsys) -> str:
    text = capsys.readouterr().err
    assert text.startswith("配置有误：")
    assert text.count("\n") == 1
    return text


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("HTTPS", "perhaps", lambda env: env.switch("HTTPS")),
        ("PORT", "80a", lambda env: env.number("PORT", 8000)),
        ("PORT", "0", lambda env: env.number("PORT", 8000)),
        ("DATABASE_URL", "mysql://a/b", lambda env: env.database("DATABASE_URL", "")),
        ("DATABASE_URL", "postgres://user@host/", lambda env: env.database("DATABASE_URL", "")),
        ("REDIS_URL", "http://host", lambda env: env.redis("REDIS_URL")),
    ],
)
def test_a_wrong_variable_is_refused_by_name(capsys, name, value, read):
    with pytest.raises(SystemExit) as refusal:
        read(Environment({name: value}))
    assert refusal.value.code == 2
    assert name in sentence_of(capsys)


def test_an_empty_variable_counts_as_unset():
    env = Environment({"PORT": " ", "HTTPS": "", "HOSTS": ","})
    assert (env.number("PORT", 8000), env.switch("HTTPS", True), env.words("HOSTS", ["a"])) == (8000, True, ["a"])


def test_the_first_field_key_is_the_current_one():
    keys = parse_field_keys(f"new:{KEY_B},old:{KEY_A}")
    assert list(keys) == ["new", "old"]
    assert keys["new"] == b"\x02" * 32


@pytest.mark.parametrize("text", ["", "k1", "k1:short", f":{KEY_A}", f"k1:{KEY_A},k1:{KEY_B}", f"k1:{KEY_A},"])
def test_malformed_field_keys_are_refused(capsys, text):
    with pytest.raises(SystemExit):
        parse_field_keys(text)
    assert "FIELD_KEYS" in sentence_of(capsys)


@pytest.mark.parametrize("key", ["short", "a" * 80, "django-insecure-" + "0123456789abcdef" * 4])
def test_a_weak_secret_key_is_refused_outside_debug(capsys, key):
    with pytest.raises(SystemExit):
        check_secret_key(key, debug=False)
    assert "SECRET_KEY" in sentence_of(capsys)
    assert check_secret_key(key, debug=True) == key


def test_secrets_are_made_once_and_kept_to_the_owner(tmp_path):
    first = kept_secrets(tmp_path)
    assert kept_secrets(tmp_path) == first
    assert stat.S_IMODE(os.stat(tmp_path / "secrets.json").st_mode) == 0o600
    assert check_secret_key(first["SECRET_KEY"], debug=False)
    assert len(parse_field_keys(first["FIELD_KEYS"])) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_lost_secrets_are_not_silently_made_anew(tmp_path, capsys):
    (tmp_path / "secrets.json").write_text("{}")
    with pytest.raises(SystemExit):
        kept_secrets(tmp_path)
    assert "secrets.json" in sentence_of(capsys)


@pytest.mark.once
@pytest.mark.parametrize(
    "settings",
    [
        {"SECRET_KEY": "weak"},
        {"DATABASE_URL": "oracle://x/y"},
        {"HTTPS": "1"},
        {"FIELD_KEYS": "x"},
        {"VAR_DIR": "/proc/nowhere"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_the_program_refuses_to_start_in_one_sentence(tmp_path, settings):
    done = manage(tmp_path, "check", **settings)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("配置有误：")
    assert done.stderr.count("\n") == 1


@pytest.mark.once
def test_the_deployment_check_is_clean_under_https(tmp_path):
    done = manage(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        HTTPS="1",
        ALLOWED_HOSTS="jh.example",
        LOG_LEVEL="ERROR",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.once
def test_every_model_has_its_migration(tmp_path):
    done = manage(tmp_path, "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_embedded_folders_are_closed_to_others(tmp_path):
    done = manage(tmp_path / "var", "check")
    assert done.returncode == 0, done.stderr
    for name in ("", "queue", "files", "tmp"):
        assert stat.S_IMODE(os.stat(tmp_path / "var" / name).st_mode) == 0o700, name


def test_celery_reads_and_writes_json_only(settings):
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == settings.CELERY_RESULT_SERIALIZER == "json"
    assert not getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False)


def test_the_shared_cache_holds_json_only():
    serializer = JSONSerializer()
    assert serializer.dumps(7) == 7  # bare, so that INCR works
    for value in ({"a": [1, "甲", None]}, True, [1.5], "text"):
        data = serializer.dumps(value)
        assert json.loads(data) == value == serializer.loads(data)
    assert serializer.loads(b"7") == 7
