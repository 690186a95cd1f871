"""Guess the language of a text by its script and its commonest small words.

A guess is a label that an editor can correct, so that the doubtful case is simply English. That
is why no library is used: the small ones are no longer kept, the kept ones bring large models.
"""

from __future__ import annotations

import re
from collections import Counter

DEFAULT = "en"
SAMPLE = 4000
# Fewer small words than this, or no clear winner, and the guess is the default.
LEAST_HITS = 2

SCRIPTS = {
    "latin": re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]"),
    "cyrillic": re.compile(r"[Ѐ-ԯ]"),
    "arabic": re.compile(r"[\u0620-\u064a\u066e-\u06d3]"),
    "kana": re.compile(r"[ぁ-ヿ]"),
    "zh": re.compile(r"[一-鿿]"),
    "ko": re.compile(r"[가-힣]"),
    "el": re.compile(r"[Ͱ-Ͽἀ-῿]"),
    "he": re.compile(r"[א-ת]"),
    "hy": re.compile(r"[Ա-և]"),
    "ka": re.compile(r"[ა-ჿ]"),
    "hi": re.compile(r"[ऀ-ॿ]"),
    "bn": re.compile(r"[ঀ-৿]"),
    "ta": re.compile(r"[஀-௿]"),
    "th": re.compile(r"[฀-๿]"),
}

SMALL_WORDS = {
    "latin": {
        "en": "the of and to in that is was for on with by said has have from are as it at",
        "de": "der die und den das von zu mit ist im dem nicht ein eine auf für sich auch wird",
        "fr": "le la les des et du une dans que qui est pour sur par pas au avec ce a été",
        "es": "el la los las de del y en que un una por con para se es su al más fue",
        "pt": "o os as do da dos das e em que um uma para com não por no na foi ao é",
        "it": "il lo la gli di del della e in che un una per con non è sono dei nel alla",
        "nl": "de het een van en in is dat op te voor met zijn niet aan er door werd ook",
        "pl": "w i na z do że się nie jest o od po przez oraz dla są był jak co",
        "cs": "v a na se že je s z do o od po pro by byl jsou ale také jako podle",
        "ro": "și de la în a cu pe pentru din că nu este au fost care mai prin sunt",
        "sv": "och i att det som en på är av för med den till inte har om ett var",
        "da": "og i at det som en på er af for med den til ikke har om et var blev",
        "no": "og i at det som en på er av for med den til ikke har om et var ble",
        "fi": "ja on ei se että oli hän mutta kun ovat myös joka mukaan sekä tai ole",
        "hu": "a az és hogy nem is egy ez volt meg csak már szerint el még mint",
        "tr": "ve bir bu da de için ile olarak olan çok daha sonra gibi kadar ise en",
        "id": "yang dan di dari untuk dengan pada ini itu dalam tidak akan ke oleh juga",
        "vi": "và của là có cho không được trong một với các những này đã người khi",
    },
    "cyrillic": {
        "ru": "и в не на что с по к как это из его был для от о также что они или",
        "uk": "і в не на що з до як це та й у його для від про також але був є",
        "be": "і ў не на што з да як гэта та у яго для ад пра таксама але быў",
        "bg": "и в не на че с от се за да по е са като ще беше са това през",
        "sr": "и у не на да је се са од за су као који што би је из али",
        "kk": "және мен бұл деп үшін бар да де қазақстан болып туралы бойынша жылы",
    },
    "arabic": {
        "ar": "في من على إلى أن عن التي الذي مع هذا هذه كان قال بعد بين",
        "fa": "در از به که این را با است برای آن یک خود تا کرد شد",
        "ur": "کے کی میں ہے اور سے کا کو نے پر کہ یہ ہیں بھی تھا",
    },
}
WORDS = {
    script: {language: frozenset(words.split()) for language, words in languages.items()}
    for script, languages in SMALL_WORDS.items()
}
WHEN_IN_DOUBT = {"latin": DEFAULT, "cyrillic": "ru", "arabic": "ar"}


def guess_language(text: str) -> str:
    """A two-letter language tag; English where nothing speaks clearly for another."""
    sample = text[:SAMPLE]
    letters = Counter({name: len(script.findall(sample)) for name, script in SCRIPTS.items()})
    script, most = letters.most_common(1)[0]
    if not most:
        return DEFAULT
    if script in ("zh", "kana"):
        # Japanese mixes both; Chinese has no kana.
        return "ja" if letters["kana"] * 10 > most else "zh"
    return _by_small_words(sample, script) if script in WORDS else script


def _by_small_words(sample: str, script: str) -> str:
    counts = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    hits = Counter(
        {language: sum(counts[word] for word in words) for language, words in WORDS[script].items()}
    )
    (best, most), (_, second) = hits.most_common(2)
    return best if most >= LEAST_HITS and most > second else WHEN_IN_DOUBT[script]
