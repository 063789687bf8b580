"""docker-compose.yml and Dockerfile keep to security.md; what can be proved without Docker is proved here."""
import os
import re
import subprocess
from urllib.parse import urlsplit

import psycopg2
import pytest
import yaml
from django.conf import settings

from tests.house.processes import ROOT, manage

DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


@pytest.mark.once
def test_the_services_are_those_of_the_design():
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "redis", "proxy"}


@pytest.mark.once
def test_only_the_proxy_is_reachable_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]


@pytest.mark.once
def test_every_service_says_how_its_health_is_known():
    for name, service in SERVICES.items():
        assert "healthcheck" in service or (name == "web" and "HEALTHCHECK" in DOCKERFILE), name


@pytest.mark.once
def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "FIELD_KEYS", "PORTAL_PASSWORD", "REDIS_PASSWORD", "POSTGRES_PASSWORD"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
        assert f"\n{name}=\n" in (ROOT / ".env.example").read_text()
    assert "--requirepass" in str(SERVICES["redis"]["command"])


@pytest.mark.once
def test_the_image_does_not_run_as_root():
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.search(r"^USER portal$", last_stage, re.M)


@pytest.mark.once
def test_image_and_setup_install_the_same_system_packages():
    setup = (ROOT / "script/setup").read_text()
    wanted = set(re.search(r"packages=\((.*?)\)", setup, re.S).group(1).split()) - {"python3-venv"}
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert wanted <= set(last_stage.split())


@pytest.mark.once
def test_the_proxy_lets_the_largest_upload_through():
    text = (ROOT / "config/proxy/nginx.conf").read_text()
    limit = int(re.search(r"client_max_body_size\s+(\d+)m", text).group(1)) * 2**20
    assert settings.BODY_BYTES <= limit <= settings.BODY_BYTES + 4 * 2**20


@pytest.mark.once
def test_compressed_files_are_collected_as_in_the_image(tmp_path):
    static = tmp_path / "collected"
    done = manage(tmp_path / "var", "collectstatic", "--noinput", STATIC_COMPRESS="1", STATIC_ROOT=str(static))
    assert done.returncode == 0, done.stderr
    assert list(static.glob("css/*.css.gz"))
    static.chmod(0o555)
    done = manage(tmp_path / "var", "check", STATIC_COMPRESS="1", STATIC_ROOT=str(static))
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs PostgreSQL")
def test_the_role_of_the_portal_changes_rows_but_no_table(tmp_path):
    server = urlsplit(os.environ["DATABASE_URL"])
    place = {"host": server.hostname, "port": server.port}
    owner = psycopg2.connect(**place, user=server.username, password=server.password, dbname="postgres")
    owner.autocommit = True
    owner.cursor().execute("CREATE DATABASE roles_proof")
    try:
        environment = os.environ | {
            "PGHOST": server.hostname,
            "PGPORT": str(server.port),
            "PGPASSWORD": server.password,
            "POSTGRES_USER": server.username,
            "POSTGRES_DB": "roles_proof",
            "PORTAL_PASSWORD": "only-for-this-test",
        }
        subprocess.run(["sh", str(ROOT / "config/postgres/roles.sh")], env=environment, check=True, capture_output=True)
        url = f"postgres://{server.username}:{server.password}@{server.hostname}:{server.port}/roles_proof"
        done = manage(tmp_path, "migrate", "--noinput", DATABASE_URL=url)
        assert done.returncode == 0, done.stderr
        role = psycopg2.connect(**place, user="portal", password="only-for-this-test", dbname="roles_proof")
        role.autocommit = True
        cursor = role.cursor()
        cursor.execute("INSERT INTO schools_county (code, name, data_version, is_demo) VALUES ('999901', 'x', 0, true)")
        cursor.execute("UPDATE schools_county SET name = 'y'")
        cursor.execute("DELETE FROM schools_county")
        for statement in ("CREATE TABLE other (id int)", "ALTER TABLE schools_county ADD other int", "DROP TABLE schools_county"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(statement)
        role.close()
    finally:
        owner.cursor().execute("DROP DATABASE roles_proof WITH (FORCE)")
        owner.cursor().execute("DROP ROLE IF EXISTS portal")
        owner.close()
