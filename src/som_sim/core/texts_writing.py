"""What those who write a case read: starters, audits, descriptions, differences."""

from __future__ import annotations

from som_sim.core.texts_audit import AUDIT_TEXTS
from som_sim.core.texts_describe import DESCRIBE_TEXTS
from som_sim.core.texts_diff import DIFF_TEXTS

WRITING_TEXTS = {
    **AUDIT_TEXTS,
    **DESCRIBE_TEXTS,
    **DIFF_TEXTS,
    # new
    "new.title": ("Mit scenarie", "My scenario"),
    "new.municipality": ("Hjemløshed i {place}", "Homelessness in {place}"),
    "new.stated": ("oplyst", "as stated"),
    "new.written": (
        "{file} er skrevet. Kør den med:\n  som-sim run {file}",
        "{file} is written. Run it with:\n  som-sim run {file}",
    ),
}
