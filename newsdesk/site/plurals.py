"""What several of a type or kind are called."""

from __future__ import annotations

ENTITIES = {
    "person": "People",
    "organisation": "Organisations",
    "place": "Places",
    "event": "Events",
    "work": "Works",
    "product": "Products",
    "group": "Groups",
}
SOURCES = {
    "person": "People",
    "organisation": "Organisations",
    "outlet": "Outlets",
    "document": "Documents",
    "post": "Social posts",
    "unnamed": "Unnamed",
}
