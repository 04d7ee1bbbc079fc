"""One figure per chart of a page: its data, chart, title, subtitle, footnote and alternative text."""
