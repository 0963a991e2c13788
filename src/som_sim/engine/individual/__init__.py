"""The individual engine: one person at a time, on the same axes as the cohort engine."""
