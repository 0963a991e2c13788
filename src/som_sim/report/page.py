"""A page on the screen: headings, sentences and small tables.

Everything is built of `rich.text.Text`, which is never read as markup: a bracket in a scenario's
title stays a bracket.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from som_sim.core.formats import plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


class Page:
    """A console and a language, with the few things the summary prints."""

    def __init__(self, console: Console, lang: str) -> None:
        self.console = console
        self.lang = lang

    def head(self, written: str) -> None:
        """Print a heading, with an empty line above it."""
        self.console.print()
        self.say(written, style="bold")

    def say(self, written: str, style: str = "", bullet: bool = False) -> None:
        """Print a sentence."""
        from rich.text import Text

        self.console.print(Text(("- " if bullet else "") + plain(written), style=style))

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], bold_last: bool) -> None:
        """Print a table whose first column is words and whose other columns are figures."""
        from rich.text import Text

        table = _empty_table()
        for position, head in enumerate(heads):
            table.add_column(
                Text(plain(head)),
                justify="right" if position else "left",
                min_width=max(len(row[position]) for row in rows) if position else None,
                overflow="fold",
            )
        for position, row in enumerate(rows):
            last = bold_last and position == len(rows) - 1
            table.add_row(*(Text(plain(cell)) for cell in row), style="bold" if last else None)
        self.console.print(table)


def _empty_table() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
