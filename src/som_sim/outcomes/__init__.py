"""Measure what came of it: targets, net result, break-even."""
