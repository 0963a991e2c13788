# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # A published model, rebuilt: lamivudine in HIV
#
# Chancellor and others (1997) compared two drugs against one in HIV. Briggs, Claxton and Sculpher
# made it the field's standard exercise, with the counts behind each probability and the answer:
#
# | | one drug | both drugs for two years |
# |---|---|---|
# | life years | 7.99 | 8.94 |
# | cost (pounds, discounted 6 %) | 44,663 | 50,602 |
#
# and 6,276 pounds for each life year gained. `scenarios/hiv_chancellor_1997.yaml` says the model
# in discrete time, with person-time counted at the end of 20 yearly cycles. The figures of the
# book are asserted here.

# %%
from pathlib import Path

import numpy as np
import pandas as pd

import som_sim as som

FILE = next(
    folder / "scenarios" / "hiv_chancellor_1997.yaml"
    for folder in (Path.cwd(), *Path.cwd().parents)
    if (folder / "scenarios" / "hiv_chancellor_1997.yaml").exists()
)
result = som.run(som.load(FILE))
PATIENTS = 1000

# %% [markdown]
# ## The transition probabilities
#
# One-cycle probabilities are the counts over their total, used as given.

# %%
generator = result.runs["monotherapy"].trajectory.model.generator
expected = [350 / 1734, 116 / 1734, 512 / 1258, 17 / 1734, 15 / 1258, 437 / 1749]
assert np.allclose(generator.rate[:, 0], expected, rtol=1e-15)

# %% [markdown]
# ## Life years
#
# A cycle counts as one year for each patient alive at its end.

# %%
person_time = result.person_time
days = person_time["start"].str[:4].map(lambda year: 366 if int(year) % 4 == 0 else 365)
years = (person_time["person_days"] / days).groupby(person_time["strategy"]).sum() / PATIENTS
years.round(4)

# %%
assert round(years["monotherapy"], 2) == 7.99
assert round(years["combination"], 2) == 8.94

# %% [markdown]
# ## Costs
#
# The ledger holds every year's cost in øre; here they are read in discounted prices.

# %%
costs = result.cost_by_year.query("payer == 'society'").groupby("strategy")["discounted_oere"].sum()
costs = costs / 100 / PATIENTS
costs.round(2)

# %%
assert round(costs["monotherapy"]) == 44_663
assert round(costs["combination"]) == 50_602

# %% [markdown]
# ## What a life year costs

# %%
gained = years["combination"] - years["monotherapy"]
extra = costs["combination"] - costs["monotherapy"]
assert round(extra / gained) == 6_276
pd.Series({"life years gained": gained, "extra cost": extra, "per life year": extra / gained})

# %% [markdown]
# ## Where the patients are
#
# Persons at the start of each year: the book's trace.

# %%
trace = result.occupancy.query("strategy == 'monotherapy'").pivot(
    index="date", columns="hiv", values="persons"
)
trace.head(5).round(0)

# %%
assert trace.iloc[1].round().tolist() == [721, 202, 67]
