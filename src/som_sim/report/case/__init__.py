"""The content of an investment case, before any format: sections, tables, figures and texts."""
