"""Leaves that everything else may use: errors, axes, time, money, texts."""
