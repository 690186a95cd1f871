"""Addresses of stories as people copy them: the same page, spelled in many ways. Pure."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# What readers' way to a page adds to its address.
TRACKING = frozenset("fbclid gclid dclid msclkid igshid mc_cid mc_eid ref ref_src cmpid".split())
PORTS = {"http": 80, "https": 443}
LONGEST = 2000


def normalised(address: str) -> str:
    """One spelling of an address: without scheme, `www.`, usual port, fragment, what tracks
    readers, and a slash at the end; the query in order. Empty for what is no web address."""
    if len(address) > LONGEST or any(not letter.isprintable() for letter in address):
        return ""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    if parts.scheme not in PORTS or not host:
        return ""
    place = host if port in (None, PORTS[parts.scheme]) else f"{host}:{port}"
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in TRACKING and not name.startswith("utm_")
    )
    path = quote(unquote(parts.path, errors="replace")).rstrip("/")
    return place + path + (f"?{urlencode(query)}" if query else "")


def telling_part(address: str) -> str:
    """The longest run of plain letters and digits in a normalised address's path, which every
    spelling of it has; of the host where there is no path."""
    host, _, rest = address.partition("/")
    path = rest.partition("?")[0]
    runs = "".join(c if c.isascii() and c.isalnum() else " " for c in unquote(path)).split()
    return max(runs, key=len, default=host.partition(":")[0])
