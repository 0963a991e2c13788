"""The small scenario of the commands' tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from edits import VALID


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(VALID.replace("en: Sample", "en: 'A [small] scenario'"), encoding="utf-8")
    return str(file)
