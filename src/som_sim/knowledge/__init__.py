"""Packaged numbers and rules, each with its source."""
