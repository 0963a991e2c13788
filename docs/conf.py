"""Sphinx reads the documentation's settings here."""

from importlib.metadata import version as installed_version

project = "som_sim"
author = "som_sim contributors"
copyright = author
release = version = installed_version("som-sim")
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

napoleon_google_docstring = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"

html_theme = "furo"
html_title = f"som_sim {release}"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
