"""What an import did, in sentences. Pure."""

from collections.abc import Sequence
from datetime import date

from tracker.history.types import Imported


def imported_lines(found: Imported) -> list[str]:
    """The report of an import."""
    if not found.landed:
        before = f"; {found.days_before:,} days had landed before" if found.days_before else ""
        end = "" if found.rematched else " The lake is as it was."
        lines = [f"{found.scope}: nothing new{before}.{end}"]
    else:
        lines = [
            f"{found.scope}: {len(found.landed):,} days landed, {_span(found.landed)}, {found.rows:,} rows: "
            f"{found.rows - found.unmatched:,} matched, {found.unmatched:,} unmatched, {_refused(found):,} refused."
        ]
    if found.unmatched:
        lines.append(
            f"Unmatched are up to {found.unmatched_name_count:,} names in a file that no repository of the lake has or "
            f"had; they are kept as name:<repo_id>. Such as {', '.join(found.unmatched_names)}."
        )
    if found.rematched:
        lines.append(
            f"{found.rematched:,} rows kept by name belong to repositories that have become known; they are theirs now."
        )
    if found.left_out:
        lines.append(f"{found.left_out:,} rows of repositories that are not tracked were left out.")
    if found.duplicates:
        lines.append(f"{found.duplicates:,} rows tell of a repository for the second time on their day; not used.")
    for reason, count in sorted(found.refused_because.items()):
        lines.append(f"Refused: {count:,} rows: {reason}, such as {found.refused_examples[reason]}.")
    if found.skipped:
        lines.append(f"The archive says not to use {_listed(found.skipped)}; left out.")
    if found.partial:
        lines.append(f"The archive has only a part of {_listed(found.partial)}; these count in no sum.")
    lines += found.notes
    if found.landed or found.rematched:
        lines.append("Run `tracker build` to see it.")
    return lines


def _refused(found: Imported) -> int:
    return sum(found.refused_because.values())


def _span(days: Sequence[date]) -> str:
    return f"{min(days)} to {max(days)}" if len(days) > 1 else str(days[0])


def _listed(days: Sequence[date]) -> str:
    shown = ", ".join(str(day) for day in sorted(days)[:10])
    return f"{len(days)} days ({shown}{', ...' if len(days) > 10 else ''})"
