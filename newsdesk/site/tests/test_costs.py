"""Each page costs a fixed number of queries, however much there is to show."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import Claim, Entity, Source
from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.tests.factories import make_article
from newsdesk.site.tests.builders import link, naming, rate

# Not one more: a query more a page is to be decided, not to happen.
MOST = {
    "story": 15,
    "entity": 14,
    "claim": 17,
    "source": 17,
    "outlet": 4,
    "home": 8,
    "index": 2,
    "claims": 3,
}


def fill(ada, number: int) -> dict[str, str]:
    """A desk with so much of everything; the address of each kind of page."""
    text = " ".join(f"Name{n} said that claim{n} was so." for n in range(number))
    headlines = "".join(f"\n- Headline {n}" for n in range(number))
    article = make_article(
        f"{text}\n\nRelated:{headlines}", title="Many", state="published", outlet="The Courier"
    )
    for n in range(number):
        claim = suggest(article, "claim", f"that claim{n} was", label=f"Claim {n % 3}.")
        source = suggest(article, "source", f"Name{n} ", type="person", label=f"Name {n % 3}")
        suggest(article, "entity", f"Name{n} said", label=f"Entity {n}" if n % 2 else "Ana Ruiz")
        suggest_tie(claim, source)
    accept_all(article, ada)
    for n in range(number // 4):
        naming(ada, "Ana Ruiz", [f"Other {n}"], f"Story {n}")
    first = Claim.objects.earliest("pk")
    for other in Claim.objects.exclude(pk=first.pk):
        rate(other, f"Rating {other.pk}")
        link(first, other)
    return {
        "story": article.get_absolute_url(),
        "entity": Entity.objects.get(name="Ana Ruiz").get_absolute_url(),
        "claim": first.get_absolute_url(),
        "source": Source.objects.earliest("pk").get_absolute_url(),
        "outlet": article.outlet.get_absolute_url(),
        "home": "/",
        "index": "/entities/",
        "claims": "/claims/",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("number", [4, 40])
def test_each_page_costs_a_fixed_number_of_queries(ada, reader: Client, number: int) -> None:
    costs = {}
    for kind, address in fill(ada, number).items():
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200
        costs[kind] = len(queries)
    assert {kind: cost for kind, cost in costs.items() if cost > MOST[kind]} == {}
