"""The headline figures of a SØM calculation as plain values, in a fixed format with a version."""

from __future__ import annotations

import os
from typing import Any

from som_sim.outcomes.economics import PERSPECTIVES, VIEWS
from som_sim.som.case import FIGURES
from som_sim.som.result import SomResult
from som_sim.som.sensitivity import switching_rate

FORMAT_VERSION = 1


def summarise_som(result: SomResult) -> dict[str, Any]:
    """Return what ``som.json`` holds; amounts are øre, plus is a saving."""
    spec = result.case.spec
    complete = result.has("net_total")
    rate = {payer: switching_rate(result, payer) for payer in PERSPECTIVES}
    return {
        "format": FORMAT_VERSION,
        "case": result.case.digest,
        "file": os.path.basename(result.case.file),
        "versions": {"som_sim": result.version},
        "price_year": spec.meta.price_year,
        "base_year": spec.money.base_year,
        "ok": result.ok,
        "ours": True,
        "missing": list(spec.missing_inputs),
        "participants": float(result.n_participants),
        "net_success_rate": None if spec.success is None else float(spec.success.rate),
        "figures_oere": {
            payer: {
                figure: float(result.figure(figure, payer))
                if figure.endswith("per_participant")
                else int(result.figure(figure, payer))
                for figure in FIGURES
                if result.has(figure)
            }
            for payer in PERSPECTIVES
        },
        "net_oere": {
            payer: {
                view: {
                    **{
                        str(year): int(amount)
                        for year, amount in zip(result.years, result.net(payer, view), strict=True)
                    },
                    "total": int(result.net(payer, view).sum()),
                }
                for view in VIEWS
            }
            for payer in PERSPECTIVES
        }
        if complete
        else None,
        "break_even": {payer: result.som_break_even(payer) for payer in PERSPECTIVES}
        if complete
        else None,
        "break_even_success_rate": {
            payer: None if one is None else float(one) for payer, one in rate.items()
        },
        "published": [
            {
                "figure": one.published.figure,
                "payer": one.published.payer,
                "published": float(one.published.amount),
                "ours": None if one.oere is None else float(one.oere / 100),
                "reproduced": one.reproduced,
            }
            for one in result.published()
        ],
        "agreement": [one.ok for one in result.agreement()],
        "reconciliation": {
            "checks": len(result.checks),
            "failed": sum(not check.ok for check in result.checks),
        },
    }
