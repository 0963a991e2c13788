# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # How do I write my own scenario?
#
# Start from something that runs, and change one thing at a time. Here: forty homeless people, a
# programme with ten places, and five questions that a first case raises. All figures are for
# illustration.
#
# 1. What does the smallest scenario say?
# 2. What happens when I write something wrong?
# 3. What if there were twice as many places?
# 4. What if I am not sure of the effect?
# 5. Where does a figure come from?

# %%
from pathlib import Path

import som_sim as som

ROOT = next(f for f in (Path.cwd(), *Path.cwd().parents) if (f / "scenarios").is_dir())
text = (ROOT / "scenarios" / "first.yaml").read_text(encoding="utf-8")
print(text)

# %% [markdown]
# ## 1. What does it say?

# %%
scenario = som.loads(text)
result = som.run(scenario)
result.targets[["strategy", "target", "baseline", "goal", "projected", "met", "probability"]].round(
    2
)

# %%
print(som.describe(scenario, "en"))

# %% [markdown]
# ## 2. What if I write something wrong?
#
# Every problem is told at once, each with its line, its place in the file, and what would be right.

# %%
wrong = text.replace("places: {2024-07: 10}", "plases: {2024-07: 10}").replace(
    "stay: {mean: 12 months}", "stay: {mean: 12}"
)
try:
    som.loads(wrong, "case.yaml")
except som.ScenarioError as error:
    print(error)

# %% [markdown]
# ## 3. What if there were twice as many places?
#
# A value is changed by its path. At the command line that is `--set`.

# %%
more = som.run(som.loads(text, overrides={"programmes.support.places": "{2024-07: 20}"}))
for name, one in (("10 places", result), ("20 places", more)):
    expected = one.targets.set_index("strategy")["projected"]["with_support"]
    net = one.net("public").sum() / 100
    print(f"{name}: {expected:.1f} homeless in week 6 of 2026, public net {net:,.0f} kr.")

# %% [markdown]
# Twice the places is not twice the effect: those who wait are fewer. The net of each payer is in
# `result.net(...)`, in øre by year; plus is a saving.
#
# ## 4. What if I am not sure of the effect?
#
# Give the number a name and a distribution. The stated value stays the headline; draws say how much
# hangs on it.

# %%
uncertain = text.replace(
    "population:",
    "parameters:\n"
    "  effect: {value: 2, is: median, distribution: {lognormal: {ci95: [1.2, 3.3]}}, "
    "source: illustrative}\n"
    "population:",
    1,
).replace("hazard_ratio: 2", "hazard_ratio: effect")
drawn = som.run(som.loads(uncertain), draws=500, seed=1)
drawn.targets.set_index("strategy").T

# %% [markdown]
# ## 5. Where does a figure come from?
#
# Quantity times price times index times share, with the line of the file that says so. At the
# command line: `som-sim trace case.yaml --payer kommune --period 2025`.

# %%
ledger = result.ledger.query("strategy == 'with_support' and year == 2025")
ledger[["account", "item", "kind", "payer", "amount_oere"]]

# %%
assert result.reconciliation["ok"].all()
result.reconciliation[["strategy", "check", "residual_oere", "ok"]].head(6)

# %% [markdown]
# ## What to take along
#
# `som-sim new case.yaml` writes a commented file to start from, `som-sim validate` checks it,
# `som-sim audit` says which numbers still lack a source, and `som-sim report` writes the case.
