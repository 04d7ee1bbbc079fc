"""Columns of the tables that say how we know: what they are called, how their values read."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards.data import format
from dashboards.ui.tables import hub_url


def crawl_columns() -> dict[str, Any]:
    """How the columns of `words.data_quality.crawl_rows` are drawn."""
    column = st.column_config
    return {
        "day": column.DateColumn("Day", format="YYYY-MM-DD"),
        "scope": column.TextColumn("Scope"),
        "source": column.TextColumn("Source", help="crawl, or the name of an imported archive"),
        "is_complete": column.CheckboxColumn("Complete", help="The listing was read to its end"),
        "incomplete_because": column.TextColumn("Why not", width="medium", help="Blank: it was complete"),
        "requests": column.NumberColumn("Requests", format="localized"),
        "seconds": column.NumberColumn("Seconds", format="%.1f"),
        "models": column.NumberColumn("Models", format="localized"),
        "rows_read": column.NumberColumn("Rows", format="localized"),
        "duplicates": column.NumberColumn("Named twice", format="localized"),
        "refused": column.NumberColumn("Set aside", format="localized", help="Rows that did not fit"),
        "refused_because": column.TextColumn("Set aside because", width="medium"),
        "new_models": column.NumberColumn("New", format="localized", help="Models that no earlier crawl had read"),
        "changed_models": column.NumberColumn("Changed", format="localized"),
        "program_version": column.TextColumn("Program"),
    }


def event_rows(found: pl.DataFrame) -> pl.DataFrame:
    """The events with a link to the repository, for those about one."""
    url = format.text_column(found["repo_id"], hub_url, "url")
    return found.select("day", "kind", "repo_id", url, "detail", "handling")


def event_columns() -> dict[str, Any]:
    """How the columns of `event_rows` are drawn."""
    column = st.column_config
    return {
        "day": column.DateColumn("Day", format="YYYY-MM-DD"),
        "kind": column.TextColumn("Kind"),
        "repo_id": column.TextColumn("Model", help="Blank: it is about the whole day"),
        "url": column.LinkColumn("Hub", display_text="Open", help="The model's page on huggingface.co"),
        "detail": column.TextColumn("What was seen", width="large"),
        "handling": column.TextColumn("What was done", width="large"),
    }


def finding_columns() -> dict[str, Any]:
    """How the checks that found rows are drawn."""
    column = st.column_config
    return {
        "severity": column.TextColumn("Severity"),
        "claim": column.TextColumn("Claim", width="large"),
        "rows": column.NumberColumn("Rows that break it", format="localized"),
        "example": column.TextColumn("The first of them", width="large"),
        "check_name": column.TextColumn("Check"),
    }


def warehouse_tables() -> dict[str, Any]:
    """How the list of tables is drawn."""
    column = st.column_config
    return {
        "table": column.TextColumn("Table"),
        "meaning": column.TextColumn("What a row is", width="large"),
        "answers": column.TextColumn("Answers", width="large", help="Blank: it is no metric"),
        "columns": column.NumberColumn("Columns"),
    }


def warehouse_columns() -> dict[str, Any]:
    """How a list of columns is drawn."""
    column = st.column_config
    return {
        "table": column.TextColumn("Table"),
        "column": column.TextColumn("Column"),
        "type": column.TextColumn("Type"),
        "meaning": column.TextColumn("Meaning", width="large"),
    }


def hub_changes() -> dict[str, Any]:
    """How the changes on the Hub are drawn."""
    column = st.column_config
    return {
        "event_date": column.DateColumn("Day", format="YYYY-MM-DD"),
        "kind": column.TextColumn("Kind"),
        "title": column.TextColumn("What changed", width="large"),
        "evidence": column.TextColumn("How we know", width="large"),
    }


def colour_distances() -> dict[str, Any]:
    """How the distances of colours are drawn."""
    column = st.column_config
    return {
        "sight": column.TextColumn("Sight"),
        "distance": column.NumberColumn("Least distance", format="%.1f", help="CIE76 delta E"),
        "most_alike": column.TextColumn("Of these two", width="medium"),
    }


def colour_contrasts() -> dict[str, Any]:
    """How the contrasts of colours are drawn."""
    column = st.column_config
    return {
        "name": column.TextColumn("Name"),
        "colour": column.TextColumn("Colour"),
        "on_light": column.NumberColumn("Contrast on light", format="%.1f", help="WCAG; 3 or more stands out"),
        "on_dark": column.NumberColumn("Contrast on dark", format="%.1f", help="WCAG; 3 or more stands out"),
    }


def source_columns() -> dict[str, Any]:
    """How the sources of the counters are drawn."""
    column = st.column_config
    return {
        "source": column.TextColumn("Source", help="crawl: this tracker; else the name of an imported archive"),
        "scope": column.TextColumn("Scope"),
        "crawls": column.NumberColumn("Crawls", format="localized"),
        "first_day": column.DateColumn("First day", format="YYYY-MM-DD"),
        "last_day": column.DateColumn("Last day", format="YYYY-MM-DD"),
    }


def as_given(frame: pl.DataFrame) -> dict[str, Any]:
    """Columns of any table: text as text, whatever it looks like, days as days."""
    texts = {name: st.column_config.TextColumn() for name, kind in frame.schema.items() if kind == pl.String}
    days = [name for name, kind in frame.schema.items() if kind == pl.Date]
    return {**texts, **{name: st.column_config.DateColumn(format="YYYY-MM-DD") for name in days}}
