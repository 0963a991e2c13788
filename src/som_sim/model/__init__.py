"""From a scenario to arrays: state space, rates, effects, places."""
