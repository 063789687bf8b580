"""How a file leaves the house."""

from urllib.parse import unquote

import pytest

from files import store
from files.serve import attachment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def keep(data):
    return store.save(data, name="教师花名册.xlsx", county="999901", purpose="ledger")


@pytest.mark.parametrize("how", [keep, lambda data: data])
def test_a_download_is_an_attachment_nobody_sniffs_or_keeps(how):
    data = b"<script>alert(1)</script>" * 100_000
    response = attachment(how(data), name="向阳小学 教师花名册.xlsx", content_type="text/html")
    body = b"".join(response) if response.streaming else response.content
    assert body == data and response["Content-Length"] == str(len(data))
    assert response["X-Content-Type-Options"] == "nosniff" and "no-store" in response["Cache-Control"]
    kind, _, name = response["Content-Disposition"].partition("; filename*=utf-8''")
    assert kind == "attachment" and unquote(name) == "向阳小学 教师花名册.xlsx"


def test_a_name_can_neither_break_the_header_nor_name_a_folder():
    response = attachment(b"", name='a\r\nSet-Cookie: x=1"/../b.xlsx', content_type="text/plain")
    assert response["Content-Disposition"] == 'attachment; filename="a__Set-Cookie_ x=1__.._b.xlsx"'
    assert "Set-Cookie" not in response.headers


def test_an_empty_file_can_be_sent():
    assert b"".join(attachment(keep(b""), name="空.txt", content_type="text/plain")) == b""


def test_an_erased_file_is_refused_before_anything_is_sent():
    stored = keep(b"x")
    store.erase(stored)
    with pytest.raises(store.FileErased):
        attachment(stored, name="x.txt", content_type="text/plain")
