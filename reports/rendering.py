"""Document to PDF: HTML through WeasyPrint, in a forked child with limits; it fetches nothing from anywhere.

The parent keeps WeasyPrint and the fonts loaded, so a fork costs milliseconds; the child's death is an ordinary error.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import select
import signal
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string

from .document import Document
from .report import CannotMake

MEGABYTE = 1024 * 1024


class Limits(NamedTuple):
    """Growth of the child's memory in MiB, wall seconds, pages (contracts: PDF child)."""

    memory: int = 768
    seconds: int = 60
    pages: int = 300


def paper_html(document: Document, template: str) -> str:
    """The paper as one self-contained HTML page (also what the tests read)."""
    return render_to_string(template, {"document": document})


def render_pdf(document: Document, template: str, limits: Limits | None = None, mark: bytes = b"") -> bytes:
    """The paper as PDF; the same document gives the same bytes. Raises CannotMake in a Chinese sentence.

    `mark` is the file's identifier (reports.marks): an altered copy keeps it and so says of which paper it is a copy.
    """
    html = paper_html(document, template)
    _warm()
    limits = limits or Limits()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _in_child(html, writing, limits, mark)
    os.close(writing)
    answer = _collect(reading, child, limits.seconds)
    if answer is None:
        raise CannotMake("生成 PDF 时超出了时间或内存限制，请缩小范围后重试，或联系系统管理员。")
    ok, value = pickle.loads(answer)  # our own child wrote it
    if not ok:
        raise CannotMake(value)
    return value


def _in_child(html: str, writing: int, limits: Limits, mark: bytes) -> None:
    """Render and answer through the pipe; never returns."""
    # A collection would touch, and so copy, every page shared with the parent; the child ends before it needs one.
    gc.disable()
    try:
        signal.alarm(limits.seconds)
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        ceiling = size + limits.memory * MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
        answer = _write(html, limits, mark)
    except MemoryError:
        answer = (False, "生成 PDF 时内存不足，请缩小范围后重试。")
    except BaseException as error:  # the child must answer, whatever happened; the parent logs the kind only
        answer = (False, f"生成 PDF 时出现内部错误（{type(error).__name__}），请联系系统管理员。")
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(answer, protocol=5))
    finally:
        os._exit(0)


def _write(html: str, limits: Limits, mark: bytes) -> tuple[bool, bytes | str]:
    weasyprint, fonts, sheet = _warm()
    page = weasyprint.HTML(string=html, url_fetcher=_NoFetcher(), base_url="about:blank")
    rendered = page.render(font_config=fonts, stylesheets=[sheet])
    if len(rendered.pages) > limits.pages:
        return False, f"报表共 {len(rendered.pages)} 页，超过 {limits.pages} 页的上限，请缩小范围后重试。"
    return True, rendered.write_pdf(pdf_identifier=mark or b"junheng")


class _NoFetcher:
    """Papers carry all they need; a URL in a cell must not make the server fetch anything."""

    def fetch(self, url: str, headers=None):
        raise ValueError("papers fetch nothing")

    __call__ = fetch


@cache
def _warm():
    """WeasyPrint, one font configuration and the paper's style sheet, loaded once a process."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    css = (Path(settings.BASE_DIR) / "static" / "css" / "paper.css").read_text()
    sheet = weasyprint.CSS(string=css, font_config=fonts)
    weasyprint.HTML(string="<p>均衡台账 0.515</p>").render(font_config=fonts, stylesheets=[sheet])
    return weasyprint, fonts, sheet


def _collect(reading: int, child: int, seconds: int) -> bytes | None:
    """All the child says before its time is up; None when it died or was late."""
    parts, end = [], time.monotonic() + seconds + 2
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while True:
            ready, _, _ = select.select([pipe], [], [], max(0, end - time.monotonic()))
            if not ready:
                os.kill(child, signal.SIGKILL)
                parts = []
                break
            part = pipe.read(1 << 20)
            if not part:
                break
            parts.append(part)
    os.waitpid(child, 0)
    return b"".join(parts) or None
