"""What moved between two successive results, as rows people can read (national ruleset)."""
from __future__ import annotations

from collections.abc import Iterator

from indicators.models import FigureChange, Snapshot

Figure = tuple[str, str, str, str, str]  # school code, name, stage, indicator, measure


def figures(result: dict) -> Iterator[tuple[Figure, str]]:
    """Every figure of a ruleset with its text; "" where there is none."""
    for row in result["schools"]:
        place = row["code"], row["name"], row["stage"]
        for code, cell in row["indicators"].items():
            yield (*place, code, "value"), cell["value"] or ""
        yield (*place, "", "passes"), {True: "true", False: "false", None: ""}[row["passes"]]
    for entry in result["county"]:
        for measure in ("mean", "cv"):
            yield ("", "", entry["stage"], entry["indicator"], measure), entry[measure] or ""
    for entry in result["composite"]:
        yield ("", "", entry["stage"], "", "composite"), entry["value"] or ""
    for entry in result["items"]:
        place = "", "", "", entry["code"]
        yield (*place, "item"), entry["value"] or ""
        yield (*place, "item_met"), {True: "true", False: "false", None: ""}[entry["met"]]
    yield ("", "", "", "", "verdict"), result["verdict"]


def differences(old: dict, new: dict) -> list[tuple[Figure, str, str]]:
    """(figure, old, new) of those that differ, county figures last; a school's new name alone is no difference."""
    before = {_key(figure): text for figure, text in figures(old)}
    after = dict(figures(new))
    moved = [
        (figure, before.get(_key(figure), ""), text)
        for figure, text in after.items() if before.get(_key(figure), "") != text
    ]
    present = {_key(figure) for figure in after}
    gone = [(figure, text, "") for figure, text in figures(old) if text and _key(figure) not in present]
    return moved + gone


def record_changes(snapshot: Snapshot, old: dict, new: dict) -> int:
    """Log the differences under the new snapshot's data version; returns how many."""
    rows = [
        FigureChange(
            county_id=snapshot.county_id, standard=snapshot.standard, year=snapshot.year,
            data_version=snapshot.data_version, school=code, school_name=name, stage=stage, indicator=indicator,
            measure=measure, old=before, new=after,
        )
        for (code, name, stage, indicator, measure), before, after in differences(old, new)
    ]
    FigureChange.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _key(figure: Figure) -> tuple[str, str, str, str]:
    code, _, stage, indicator, measure = figure
    return code, stage, indicator, measure
