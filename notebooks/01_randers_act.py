# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Randers: will the ACT team bring the count down to 75?
#
# In the count of week 6, 2017, Randers Kommune had 86 homeless people; the goal for 2022 was 75.
# From 2019 the kommune turned three posts into an ACT team for people in long-term homelessness,
# with a state grant of 3,477,498 kr. over 2018-2021.
#
# This notebook runs the scenario `scenarios/randers_act.yaml`, which says everything the figures
# rest on, each with its source or marked as illustrative, and asks four questions:
#
# 1. Does the model give the facts that are known?
# 2. How many will be homeless in the count of 2022, with and without the team?
# 3. Who pays, who gains, and does the grant reconcile?
# 4. Which assumptions carry the answer?

# %%
# %matplotlib inline
from pathlib import Path

import som_sim as som
from som_sim.report.figures import cumulative_net_figure, target_figure

FILE = next(
    folder / "scenarios" / "randers_act.yaml"
    for folder in (Path.cwd(), *Path.cwd().parents)
    if (folder / "scenarios" / "randers_act.yaml").exists()
)
scenario = som.load(FILE)
result = som.run(scenario)
print(f"scenario {scenario.digest[:8]}, som_sim {result.version}, strategies {result.strategies}")

# %% [markdown]
# ## 1. The facts
#
# Four rates were found so that a year of the reference gives four published facts at once (the
# file's heading says how). The last row was used for nothing: it is a test.

# %%
facts = result.observations.query("strategy == 'reference'")
facts[["label_en", "at", "value", "projected", "source"]].round(2)

# %% [markdown]
# ## 2. The count of 2022
#
# The count takes in everybody who was homeless at some time in the week, so the model counts them
# the same way. The shaded band is chance alone: a count of this size varies by that much from year
# to year even when nothing changes.

# %%
target_figure(result, "homeless_2022", "en")

# %%
result.targets[
    ["strategy", "baseline", "goal", "projected", "met", "probability", "probability_no_change"]
].round(2)

# %% [markdown]
# The team lowers the expected count by a few persons, not by eleven: it has 20 places for a group
# in which most of the 86 do not belong. And the count itself is too small a number to tell: with
# no change at all there would still be about one chance in eight of counting 75 or fewer.

# %%
counts = result.targets.set_index("strategy")["projected"]
avoided = result.comparison.set_index("strategy").loc["act", "homeless_days_avoided"]
print(f"fewer persons in the count of 2022: {counts['reference'] - counts['act']:.1f}")
print(f"fewer days in homelessness 2017-2022: {avoided:,.0f}")

# %% [markdown]
# ## 3. The money
#
# `net = reference - strategy`, so a plus is a saving. The adviser and the two guides are in both
# strategies at the same hours and pay: what the team costs *gross* holds them, the *net* does not.

# %%
ledger = result.ledger.query("kind == 'cost'")
team = ledger[ledger["item"].str.startswith("act_") & (ledger["strategy"] == "act")]
gross = team.groupby("item")["amount_oere"].sum() / 100
print(f"The team, gross, 2018-2022: {gross.sum():,.2f} kr. in current prices")
print(f"of which posts that moved:  {gross['act_posts_moved']:,.2f} kr.")
gross.round(2)

# %%
cumulative_net_figure(result, "act", "en")

# %%
(result.net_by_year.pivot(index="year", columns="payer", values="current_oere") / 100).round(0)

# %% [markdown]
# The grant: awarded as published, used at most up to what the covered items cost, the rest
# returned. In this file the added posts cost less than the tranches; training and transport, for
# which no figure is published, are not in it.

# %%
grant = result.grants.set_index("year")[["award_oere", "used_oere", "returned_oere"]] / 100
assert grant["award_oere"].sum() == 3_477_498.00
grant

# %% [markdown]
# Every krone is booked twice and every total is a sum of postings, so the checks are exact.

# %%
assert result.ok
print(f"{len(result.reconciliation)} checks, all to the øre")
result.reconciliation[["strategy", "check", "residual_oere", "ok"]].head(8)

# %% [markdown]
# ## 4. What carries the answer
#
# The same file with one assumption changed at a time. The refund on shelters goes half to the
# state, so a day saved at the shelter saves the kommune about half its price.


# %%
def changed(path: str, value: str) -> dict[str, float]:
    """Return the headline of a run with one value changed."""
    run = som.run(som.load(FILE, overrides={path: value}))
    days = run.comparison.set_index("strategy").loc["act"]
    return {
        "count 2022, act": run.targets.set_index("strategy").loc["act", "projected"],
        "homeless days avoided": days["homeless_days_avoided"],
        "net kommune, 1,000 kr.": run.net("kommune").sum() / 100_000,
        "net public, 1,000 kr.": run.net("public").sum() / 100_000,
    }


# %%
import pandas as pd

pd.DataFrame(
    {
        "as in the file": changed("parameters.act_to_home", "{value: 3.0}"),
        "effect on finding a home 2 (not 3)": changed("parameters.act_to_home", "{value: 2.0}"),
        "effect on keeping it 0.2 (not 0.5)": changed("parameters.act_lose_home", "{value: 0.2}"),
        "ICM has no effect": changed("parameters.icm_to_home", "{value: 1.0}"),
        "shelter day 1,507 kr. (not 1,100)": changed("prices.shelter_day.amount", "1507"),
        "ACT takes only the homeless": changed(
            "programmes.act.eligible.housing", "[street, shelter, sofa]"
        ),
    }
).T.round(1)

# %% [markdown]
# ## What this does not say
#
# - The effects are from a Canadian trial or illustrative; each number in the file says which.
# - These are expected numbers; how uncertain the effects are is not in them yet.
# - Health, safety and longer lives are not turned into money, nor is work.
# - A shelter day not used is only money in hand when places are closed.
