# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # What do the counts of 2015 and 2017 tell, and what of the counts to come?
#
# Randers counted 117 homeless people in week 6 of 2015 and 86 in 2017. In 2017 there were 203
# stays at the shelters, by 157 persons. `scenarios/randers_history.yaml` starts the people of the
# ACT case in 2015; here its uncertain parameters are fitted to these figures.
#
# 1. Which parameters do the figures tell about, and which not?
# 2. Can the calibrated model explain what was seen?
# 3. What does it expect of the counts of 2019 and 2022?
# 4. Would it have foreseen the count of 2017?

# %%
# %matplotlib inline
import datetime as dt
import tempfile
from pathlib import Path
from shutil import copy

import som_sim as som
from som_sim.analysis.overlay import write_overlay
from som_sim.report.figures_calibration import calibration_figure

ROOT = next(f for f in (Path.cwd(), *Path.cwd().parents) if (f / "scenarios").is_dir())
FILE = ROOT / "scenarios" / "randers_history.yaml"
FITTED = (
    "homeless_2015",
    "arrivals_level",
    "shelter_stay_young",
    "shelter_stay_adult",
    "shelter_stay_complex",
    "sofa_to_shelter",
    "street_to_shelter",
    "sofa_to_home",
    "street_to_home",
)
scenario = som.load(FILE)
found = som.calibrate(scenario, parameters=FITTED, n_draws=500, n_walkers=64, n_steps=150)
assert found.draws.rhat.max() < 1.05

# %% [markdown]
# ## 1. What the figures tell
#
# Grey is what was believed before, blue what is known after. Much is learnt of how many people are
# new to the group each year, and of how many were homeless in 2015. The rates of moving hardly
# change: they were found from the same figures of 2017, so their priors know them already.

# %%
calibration_figure(found, "en")

# %%
for remark in found.remarks():
    print("-", remark)

# %% [markdown]
# ## 2. What was seen, and what the calibrated model would see

# %%
columns = ["label", "likelihood", "observed", "low", "median", "high", "tail"]
found.observations[columns].round(2)

# %% [markdown]
# ## 3. The counts to come
#
# The draws are written beside a scenario that extends the history, or the ACT case; a run of many
# draws takes them. The interval of the expected number is what is not known of the parameters. A
# count also has chance in it, and its interval is wider. No later count of Randers is public, so
# nothing here is held against one.

# %%
with tempfile.TemporaryDirectory() as folder:
    for name in ("randers_act.yaml", "randers_history.yaml"):
        copy(ROOT / "scenarios" / name, folder)
    history, _ = write_overlay(found, Path(folder) / "randers_history.yaml")
    act, _ = write_overlay(found, Path(folder) / "randers_act.yaml")
    as_before = som.run(som.load(history), draws=500, seed=1)
    with_team = som.run(som.load(act), draws=500, seed=1)
as_before.targets.set_index("target").T

# %% [markdown]
# The ACT case starts in 2017 from the 86 that were counted. With the calibrated rates the count of
# 2022 shows 75 or fewer with a chance of about one third without the team, one half with it.

# %%
with_team.targets.set_index("strategy").T

# %% [markdown]
# ## 4. Would it have foreseen 2017?
#
# Calibrated on what was known before 2017, which is the count of 2015 alone, and held against 'no
# change'. One count is no test of a model; it is shown how one is made.

# %%
test = som.backtest(
    scenario,
    dt.date(2017, 1, 1),
    parameters=("homeless_2015", "arrivals_level"),
    n_draws=500,
    n_walkers=32,
    n_steps=100,
)
test.table.round(2)

# %%
assert set(test.scores["way"]) == {"model", "no_change"}
test.scores.round(2)
