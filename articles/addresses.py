"""Addresses of stories as people copy them: the same page, spelled in many ways. Pure."""

from __future__ import annotations

import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import idna

# What readers' way to a page adds to its address.
TRACKING = frozenset("fbclid gclid dclid msclkid igshid mc_cid mc_eid ref ref_src cmpid".split())
PORTS = {"http": 80, "https": 443}
LONGEST = 2000


def normalised(address: str) -> str:
    """One spelling of an address: without scheme, `www.`, usual port, fragment, what tracks
    readers, and a slash at the end; the query in order; the host in ASCII letters,
    all else as UTF-8 in percents. Empty for what is no web address."""
    if len(address) > LONGEST or any(not letter.isprintable() for letter in address):
        return ""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return ""
    host = _ascii(unquote(parts.hostname or "")).removeprefix("www.")
    if parts.scheme not in PORTS or not host:
        return ""
    place = host if port in (None, PORTS[parts.scheme]) else f"{host}:{port}"
    query = sorted(
        (_composed(name), _composed(value))
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in TRACKING and not name.startswith("utm_")
    )
    path = quote(_composed(unquote(parts.path, errors="replace"))).rstrip("/")
    return place + path + (f"?{urlencode(query)}" if query else "")


def _ascii(host: str) -> str:
    """An internationalised name as registries and resolvers write it."""
    host = host.rstrip(".")
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host.lower()


def _composed(text: str) -> str:
    """Letters with their accents, which the same word may have in two ways."""
    return unicodedata.normalize("NFC", text)


def telling_part(address: str) -> str:
    """The longest run of plain letters and digits in a normalised address's path, which every
    spelling of it has that writes plain letters as they are; of its host where there is no path.
    Empty where there is none."""
    host, _, rest = address.partition("/")
    path = rest.partition("?")[0]
    # What a name in other letters has in ASCII, its other spelling has not.
    labels = [part for part in host.partition(":")[0].split(".") if not part.startswith("xn--")]
    return max(_runs(path), key=len, default=max(labels, key=len, default=""))


def _runs(path: str) -> list[str]:
    return "".join(c if c.isascii() and c.isalnum() else " " for c in unquote(path)).split()
