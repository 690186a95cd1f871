"""Names that editors rejected do not come back: the one place that says when.

A name is the words of a mention as they are written, folded, with its type. Once nobody has
accepted it in any story, it is not suggested any more
- when it was rejected in two stories, whoever suggests it, or
- when it was rejected in one and the dictionary suggests it, as it did there, by a name that the
  knowledge base has: the knowledge base would say the same of every story to come.
One acceptance of the name in that type brings it back.
"""

from __future__ import annotations

from collections.abc import Iterable

from annotations.models import Annotation, Entity, Suggester
from annotations.models.fields import fold
from annotations.nlp import dictionary
from annotations.querysets import Name, Rejections

ENOUGH_STORIES = 2


def without_rejected(mentions: Iterable[Annotation]) -> list[Annotation]:
    """The mentions about to be suggested, without those whose name is not to be suggested."""
    named = [((fold(mention.words()[0]), mention.type), mention) for mention in mentions]
    rejected = Annotation.objects.rejected_names({name for name, _ in named})
    return [
        mention
        for name, mention in named
        if name not in rejected or not _covers(rejected[name], name, mention.suggester)
    ]


def _covers(rejections: Rejections, name: Name, suggester: Suggester | None) -> bool:
    if len(rejections.stories) >= ENOUGH_STORIES:
        return True
    by_dictionary = suggester is not None and suggester.name == dictionary.NAME
    return by_dictionary and dictionary.NAME in rejections.suggesters and _is_known(name)


def _is_known(name: Name) -> bool:
    folded, type = name
    return Entity.objects.called(folded).filter(type=type).exists()
