# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Will we see 75?
#
# Randers counted 86 homeless people in week 6 of 2017 and wanted 75 in 2022. A count is one look at
# a number that varies. So the question has two halves: what is expected, and what will be *seen*?
#
# 1. How far from 75 is the expected number, with and without the ACT team?
# 2. How likely is a count of 75 or fewer?
# 3. How large would the true fall have to be before a count shows it more likely than not?
# 4. Which assumption moves the expected number most, and where would it be 75?

# %%
# %matplotlib inline
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

import som_sim as som
from som_sim.outcomes.chance import chance_of_goal
from som_sim.report.figures import target_figure
from som_sim.report.figures_people import draw_probability
from som_sim.report.figures_tornado import tornado_figure
from som_sim.report.style import house_style, new_axes, of_axes

ROOT = next(f for f in (Path.cwd(), *Path.cwd().parents) if (f / "scenarios").is_dir())
result = som.run(som.load(ROOT / "scenarios" / "randers_act.yaml"))

# %% [markdown]
# ## 1. What is expected

# %%
target_figure(result, "homeless_2022", "en")

# %% [markdown]
# ## 2. What will be seen
#
# Chance is taken as Poisson, the upper bound of what it can do here. Even with nothing changed
# since 2017 about one count in eight shows 75 or fewer: a target that is met is no proof that
# anything worked, and one that is missed no proof that nothing did.
# %%
columns = ["strategy", "projected", "met", "probability", "probability_no_change"]
result.targets[columns].round(3)

# %%
with house_style():
    figure = of_axes(draw_probability(new_axes(), result, "homeless_2022", "en"))
figure

# %% [markdown]
# ## 3. How large a fall is seen?
#
# For each true expected number: the chance that the count says 75 or fewer. At an expected 75 it is
# a little over one half. To be seen nine times in ten the true number must be far below the goal.

# %%
table = pd.DataFrame(
    [
        {"expected": mean, "chance of 75 or fewer": chance_of_goal(mean, Decimal(75), "lower")}
        for mean in (86.0, 82.0, 78.0, 75.0, 70.0, 65.0)
    ]
)
table.round(2)

# %%
means = np.arange(55, 90, 0.1)
seen = [chance_of_goal(float(mean), Decimal(75), "lower") for mean in means]
needed = float(means[np.array(seen) >= 0.9].max())
print(f"seen nine times in ten when the expected number is at most {needed:.1f}")
assert 60 < needed < 70

# %% [markdown]
# ## 4. What moves it most
#
# One assumption at a time goes to the ends of the middle 95 % of its distribution, all else stays
# as stated. The longest bar is what is worth finding out more about; it need not be about the
# programme. Where a bar crosses the goal, `threshold_value` says at which value.

# %%
found = som.sensitivity(result.scenario, ["target:homeless_2022"])
tornado_figure(found, "target:homeless_2022", "en")

# %%
columns = ["label_en", "low", "base", "high", "at_low", "at_high", "threshold_value", "grade"]
found.table[columns].head(6).round(2)

# %%
first = found.of("target:homeless_2022").bars[0]
assert min(first.at_low, first.at_high) < 75 < found.of("target:homeless_2022").base
print(f"{len(found.table)} assumptions tried; not tried: {', '.join(found.varied.left_out)}")

# %% [markdown]
# ## What to take along
#
# Say the expected number and its chance, not "met" or "not met". A mean of several counts, or a
# number that more people are behind (persons at shelters in a year), says more than one week does.
