"""The reports of the portal; to add one, write its file and its line here."""

from . import application_form, dropout_monthly, school_self_evaluation, standard_verdict

REPORTS = {
    report.code: report
    for report in (school_self_evaluation.REPORT, application_form.REPORT, standard_verdict.REPORT, dropout_monthly.REPORT)
}


def describe() -> list[dict]:
    """The reports for the catalogue."""
    return [
        {"code": r.code, "title": r.title, "scope": r.scope, "formats": list(r.formats), "standards": list(r.standards)}
        for r in REPORTS.values()
    ]
