"""The file format: what a user writes, read with every problem located."""
