"""Runs of many draws, and what they say."""
