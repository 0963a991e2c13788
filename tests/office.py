"""LibreOffice without a window: recalculates a workbook for real, and turns files into PDF."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice Calc (soffice)")

# Without this LibreOffice shows the values that stand in a file it did not write itself.
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def convert(file: Path, kind: str, folder: Path) -> Path:
    """Open a file, recalculate it, and save it as another kind in a folder."""
    assert SOFFICE is not None
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, "utf-8")
    out = folder / "converted"
    command = [
        SOFFICE, "--headless", f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--convert-to", kind, "--outdir", str(out), str(file),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / f"{file.stem}.{kind}"
