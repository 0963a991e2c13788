# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # SØM and the simulation side by side
#
# SØM multiplies: participants, net success rate, consequence, price. Nobody waits, nobody falls
# back, and the refund rules are those of the day of writing. The simulation follows people. Both
# can be asked about the same case, here shelter places that become unconventional small homes.
# Why do their answers differ?
#
# 1. What does SØM's calculation say?
# 2. What changes, one step at a time, when people are simulated?
# 3. Do the steps add up?

# %%
# %matplotlib inline
from pathlib import Path

import pandas as pd

from som_sim.report.bridge_report import bridge_figure, bridge_table
from som_sim.som.bridge import run_bridge
from som_sim.som.read import load_case

ROOT = next(f for f in (Path.cwd(), *Path.cwd().parents) if (f / "scenarios").is_dir())
bridge = run_bridge(load_case(ROOT / "scenarios" / "som" / "skaeve_boliger.yaml"))

# %% [markdown]
# ## 1. SØM's answer
#
# Net result over all years in million kroner, plus is a saving.

# %%
PAYERS = ["kommune", "stat", "public"]
start = {payer: bridge.start.totals["current", payer] / 1e8 for payer in PAYERS}
pd.DataFrame([start], index=["SØM, current prices"]).round(2)

# %% [markdown]
# ## 2. Step by step
#
# *static*: the simulation with no dynamics is SØM's answer, to some øre of rounding. *phase_in*:
# people start one after another, and success takes time. *relapse*: a home can be lost. *places*:
# only those with a place benefit. *refund_rules*: the law of each date says who pays.

# %%
bridge_figure(bridge, "kommune", "current", "en")

# %%
steps = pd.DataFrame(
    [
        {"step": step.kind, **{one: step.change.totals["current", one] / 1e8 for one in PAYERS}}
        for step in bridge.steps
    ]
).set_index("step")
steps.round(2)

# %% [markdown]
# The refund rules move money between kommune and state and leave the public total alone.

# %%
by_kind = {step.kind: step.change.totals for step in bridge.steps}
assert by_kind["refund_rules"]["current", "public"] == 0
static = by_kind["static"]["current", "public"]
print(f"static step: {static} øre of {bridge.start.totals['current', 'public']:,} øre")
assert abs(static) < 1_000

# %% [markdown]
# ## 3. They add up, to the øre

# %%
for key, total in bridge.start.totals.items():
    assert total + sum(step.change.totals[key] for step in bridge.steps) == bridge.end.totals[key]
bridge_table(bridge).head(12)

# %% [markdown]
# ## What to take along
#
# Neither answer is wrong: they answer different questions. A case that shows both, with the steps
# between them, tells a reader of SØM what the dynamics are worth.
