"""A scenario's states and moves as Mermaid text, which many editors and web pages draw.

Labels come from the file and are data: whatever Mermaid or a web page could take for more than
text is written as a code.
"""

from __future__ import annotations

from som_sim.core.texts import one_line, text
from som_sim.scenario.schema import ScenarioFile
from som_sim.writing.moves import moves, stated_rate
from som_sim.writing.names import label, leave_label

_PLAIN = frozenset(" ,.-+/%:()–§×’'!?")


def mermaid(spec: ScenarioFile, lang: str = "en") -> str:
    """Return a flow chart of every domain as Mermaid text.

    Parameters
    ----------
    spec
        A file.
    lang
        ``"da"`` or ``"en"``.

    Examples
    --------
    >>> import som_sim as som
    >>> print(mermaid(som.load("scenarios/first.yaml").base))
    flowchart LR
      subgraph d0["housing"]
        s0["Homeless"]:::homeless
        s1["Own home"]
      end
      s0 == "1 a year · Housing support" ==> s1
      s1 -- "0.25 a year" --> s0
      classDef homeless stroke-width:3px
    """
    nodes: dict[tuple[str, str], str] = {}
    lines = ["flowchart LR"]
    for number, (domain, states) in enumerate(spec.domains.items()):
        lines.append(f'  subgraph d{number}["{safe(domain.replace("_", " "))}"]')
        for name, state in states.items():
            node = nodes.setdefault((domain, name), f"s{len(nodes)}")
            mark = ":::homeless" if state.homeless else ""
            lines.append(f'    {node}["{safe(label(state, name, lang))}"]{mark}')
        lines.append("  end")
    out = {name: f"o{number}" for number, name in enumerate(spec.leave)}
    lines += [f'  {node}(["{safe(leave_label(name, lang))}"])' for name, node in out.items()]
    unit = "describe.per_cycle" if spec.time.discrete else "describe.per_year"
    for move in moves(spec):
        start = nodes.get((move.domain, move.source))
        end = nodes.get((move.domain, move.to)) or out.get(move.to)
        if start is None or end is None:
            continue
        changed = [label(spec.programmes[one], one, lang) for one in move.programmes]
        words = " · ".join([text(unit, lang, rate=stated_rate(move, lang)), *changed])
        arrow = ("==", "==>") if changed else ("--", "-->")
        lines.append(f'  {start} {arrow[0]} "{safe(words)}" {arrow[1]} {end}')
    if any(state.homeless for states in spec.domains.values() for state in states.values()):
        lines.append("  classDef homeless stroke-width:3px")
    return "\n".join(lines)


def safe(words: str) -> str:
    """Return words with everything but letters, digits and plain signs as codes.

    Examples
    --------
    >>> safe('a "b" <script>')
    'a #34;b#34; #60;script#62;'
    """
    return "".join(
        one if one.isalnum() or one in _PLAIN or one in "·" else f"#{ord(one)};"
        for one in one_line(words)
    )
