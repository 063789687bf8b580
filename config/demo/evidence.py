"""What 清河县 attests: the JSON of `manage.py attest` for each standard and year, and the papers it cites."""
from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from evidence import catalogue

from .county import THIS_YEAR

# Left for the visitor to enter: this year's page shows what still has to be attested.
OPEN_THIS_YEAR = {"quality-2017": {"E7"}}
OFFICE, BUREAU = "清河县人民政府办公室", "清河县教育局"
PAPERS = {
    "plan": ("清河县义务教育学校布局专项规划", OFFICE, "清政办发〔{year}〕12号", "plan.pdf"),
    "staff": ("关于统筹分配义务教育学校教职工编制的通知", "中共清河县委机构编制委员会办公室", "清编办〔{year}〕7号", "staff.pdf"),
    "quality": ("清河县义务教育学校管理与教育质量自查报告", BUREAU, "清教〔{year}〕35号", "quality.pdf"),
    "clean": ("关于规范办学行为专项检查情况的报告", BUREAU, "", "clean.pdf"),
}
PAPER_OF_PART = {"G": "plan", "E": "quality", "V": "clean", "C": "clean", "P": "plan"}
PAPER_OF_ITEM = {"G10": "staff", "G8": "staff"}
SURVEY = [
    {"group": "all", "issued": 1200, "valid": 1168, "satisfied": 1121, "visited": 86, "visit_satisfied": 83},
    {"group": "parents", "issued": 700, "valid": 684, "satisfied": 655, "visited": 40, "visit_satisfied": 39},
]
RATES = {"chinese": "0.083", "maths": "0.121", "science": "0.134", "pe": "0.097", "arts": "0.146", "moral": "0.062"}
SCORES = ("5.6", "5.2", "5.8", "5.4")


def write(folder: Path, year: int) -> dict[str, Path]:
    """Write the papers and one JSON file a standard into `folder`; returns {standard: path}."""
    folder.mkdir(parents=True, exist_ok=True)
    for title, _, _, name in PAPERS.values():
        (folder / name).write_bytes(blank_paper(title))
    written = {}
    for standard in catalogue.CATALOGUES:
        written[standard] = folder / f"{standard}.json"
        written[standard].write_text(json.dumps(content(standard, year), ensure_ascii=False, indent=1), encoding="utf-8")
    return written


def content(standard: str, year: int) -> dict:
    """The entries of one standard and year, in the shape of the contract."""
    asked = catalogue.CATALOGUES[standard]
    left = OPEN_THIS_YEAR.get(standard, set()) if year == THIS_YEAR else set()
    decided = {"decided_by": BUREAU, "decided_on": dt.date(year, 10, 20).isoformat()}

    def papers(code: str) -> list[dict]:
        title, issuer, number, name = PAPERS[PAPER_OF_ITEM.get(code, PAPER_OF_PART[code[0]])]
        day = dt.date(year, 3, 15).isoformat()
        return [{"title": title, "issuer": issuer, "number": number.format(year=year), "date": day, "page": "1-3", "file": name}]

    return {
        "items": [
            {"code": d.code, "met": True, "conclusion": f"经核查，{d.wanted}，符合要求。", "documents": papers(d.code), **decided}
            for d in asked.of(catalogue.ITEM) if d.code not in left
        ],
        "vetoes": [{"code": d.code, "found": False, "detail": "", "documents": papers(d.code), **decided}
                   for d in asked.of(catalogue.VETO)],
        "survey": SURVEY if asked.of(catalogue.SURVEY) else [],
        "monitoring": [{"subject": subject, "level": "Ⅲ", "difference_rate": rate} for subject, rate in RATES.items()]
        if asked.of(catalogue.MONITORING) else [],
        "points": [{"code": d.code, "self": SCORES[n % 4], "city": SCORES[n % 4]}
                   for n, d in enumerate(asked.of(catalogue.POINTS))],
        "past": [
            {"standard": "basic-2012", "year": past, "recognised": True, "composite": {"primary": "0.412", "junior": "0.327"}}
            for past in range(year - 3, year)
        ] if asked.of(catalogue.PAST) else [],
    }


def blank_paper(title: str) -> bytes:
    """A one-page PDF whose title is set: the demo's papers say nothing, they only stand for the real ones."""
    said = "FEFF" + title.encode("utf-16-be").hex().upper()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>", f"<< /Title <{said}> >>".encode(),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table, len(body)
    )
