"""SØM's calculation frame: participants, success, consequences and prices, with no dynamics."""
