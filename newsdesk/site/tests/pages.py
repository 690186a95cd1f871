"""What the tests of pages share: getting one, and reading what it holds."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from django.test import Client


def get(reader: Client, address: str) -> str:
    """The page, which is to be there."""
    answer = reader.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def words(html: str) -> str:
    """What the markup says, spaces made single; no script's."""
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    html = re.sub(r"</(?:p|li|h\d|t[dhr]|text|summary)>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def section(html: str, label: str) -> str:
    """The words of the section whose heading has this id."""
    found = re.search(rf'<section aria-labelledby="{label}".*?</section>', html, re.DOTALL)
    return words(found.group(0)) if found else ""


def graph(html: str) -> list[dict[str, Any]]:
    """The page's structured data: the nodes of its one JSON-LD script."""
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data = json.loads(script)
    assert data["@context"] == "https://schema.org"
    return data["@graph"]


def node(html: str, type: str) -> dict[str, Any]:
    """The one node of that type at the top of the page's structured data."""
    (found,) = [n for n in graph(html) if n["@type"] == type]
    return found
