"""The digest of a scenario: the same for what means the same, another when any value changes."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal


def digest(data: object) -> str:
    """Return the SHA-256 of a tree as canonical JSON, in which order counts and 1.50 is 1.5."""
    return hashlib.sha256(_canonical(data).encode()).hexdigest()


def _canonical(value: object) -> str:
    if isinstance(value, dict):
        items = (f"{json.dumps(str(key))}:{_canonical(one)}" for key, one in value.items())
        return f"{{{','.join(items)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_canonical, value))}]"
    if isinstance(value, Decimal):
        text = f"{value:f}"  # normalize() would round to the digits of the context
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text if value else "0"
    return json.dumps(value)
