"""The diagram of a scenario, written to a file."""

from __future__ import annotations

import io
import os

from som_sim.core.version import version
from som_sim.core.write import write_whole
from som_sim.report.style import DOTS_PER_INCH, house_style
from som_sim.scenario.scenario import Scenario
from som_sim.writing.diagram import diagram, diagram_words


def draw(scenario: Scenario, path: str | os.PathLike[str], lang: str = "en") -> None:
    """Write the diagram of a scenario as SVG or PNG; the same scenario gives the same bytes.

    Raises
    ------
    SomSimError
        When the file cannot be written.
    """
    name = os.fspath(path)
    words, creator = diagram_words(scenario, lang), f"som_sim {version()}"
    png = name.lower().endswith(".png")
    metadata = (
        {"Title": words, "Software": creator}
        if png
        else {"Title": words, "Creator": creator, "Date": None}
    )
    drawn = io.BytesIO()
    with house_style():
        diagram(scenario, lang).savefig(
            drawn, format="png" if png else "svg", metadata=metadata, dpi=DOTS_PER_INCH,
            facecolor="white",
        )  # fmt: skip
    write_whole(name, drawn.getvalue())
