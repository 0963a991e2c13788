"""Fail when a built page loads anything from outside: ``python scripts/check_offline.py DIR``.

The documentation must be readable without a network, and must tell nobody who reads it. Links
that a reader may follow are fine; scripts, styles, images, frames and fonts from elsewhere are not.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

LOADING_ATTRIBUTES = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
LOADING_LINKS = {"stylesheet", "preload", "icon", "shortcut", "preconnect", "dns-prefetch"}
OUTSIDE = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
OUTSIDE_IN_STYLE = re.compile(r"(?:url\(\s*|@import\s+)['\"]?((?:https?:)?//[^'\")\s;]+)")


class Loads(HTMLParser):
    """Collect the addresses outside that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        names: tuple[str, ...] = LOADING_ATTRIBUTES.get(tag, ())
        if tag == "link" and LOADING_LINKS & set(values.get("rel", "").lower().split()):
            names = ("href",)
        self.found += [values[name] for name in names if OUTSIDE.match(values.get(name, ""))]
        self.found += OUTSIDE_IN_STYLE.findall(values.get("style", ""))


def outside_loads(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        return OUTSIDE_IN_STYLE.findall(text)
    loads = Loads()
    loads.feed(text)
    styles = re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL | re.IGNORECASE)
    return loads.found + [url for style in styles for url in OUTSIDE_IN_STYLE.findall(style)]


def main(folder: str) -> int:
    pages = sorted(path for path in Path(folder).rglob("*") if path.suffix in {".html", ".css"})
    if not pages:
        print(f"{folder}: no pages found", file=sys.stderr)
        return 1
    found = [(path, url) for path in pages for url in outside_loads(path)]
    for path, url in found:
        print(f"{path}: loads {url}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
