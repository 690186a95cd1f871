"""Search in scripts without spaces between words, in mixed ones, and around typographic signs."""

from __future__ import annotations

import re
from importlib import import_module
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from annotations import near
from annotations.models import ShownName, ShownStory
from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.models import Article
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

JAPANESE = (
    "東京都知事は水曜日、水道料金を引き上げると発表した。「値上げは避けられない」と述べた。\n\n"
    "都議会は来月、この案を審議する。ＩＣＴ部門の予算も増える。スーパー堤防の工事は続く。"
)
CHINESE = (
    "北京市政府周三宣布，新的地铁线路将于明年开通。居民表示欢迎。\n\n"
    "新型iPhone手机也在当天发布，𠮷野家门前排起长队。"
)
THAI = "นายกรัฐมนตรีกล่าวว่าน้ำท่วมในกรุงเทพมหานครจะลดลงภายในสัปดาห์นี้ ประชาชนยังรอความช่วยเหลือ"
LAO = "ລັດຖະບານລາວປະກາດວ່າ ທາງລົດໄຟສາຍໃໝ່ຈະເປີດໃຊ້ໃນປີໜ້າ"
KHMER = "រដ្ឋាភិបាលកម្ពុជាបានប្រកាសថា ស្ពានថ្មីនឹងបើកដំណើរការនៅឆ្នាំក្រោយ។"
BURMESE = "မြန်မာအစိုးရက တံတားအသစ်ကို လာမည့်နှစ်တွင် ဖွင့်မည်ဟု ကြေညာသည်။"
KOREAN = "한국 대통령이 월요일 새 다리를 열었다. 서울시는 안전하다고 말했다."
ENGLISH = "“Bridge closed”—so the mayor’s note said… A crowd😀gathered at the café."

FOUND = [
    (JAPANESE, "東京都", True), (JAPANESE, "東京", True), (JAPANESE, "京都", True),
    (JAPANESE, "都京", False), (JAPANESE, "水", True), (JAPANESE, "。", None),
    (JAPANESE, "発表した", True), (JAPANESE, "知事 料金", True), (JAPANESE, "知事料金", False),
    (JAPANESE, '"都知事は水曜"', True), (JAPANESE, "「値上げは」", True),
    (JAPANESE, "知事 -料金", False), (JAPANESE, "大阪 OR 東京", True), (JAPANESE, "東京*", True),
    (JAPANESE, "ICT", True), (JAPANESE, "ｽｰﾊﾟｰ", True), (JAPANESE, "スーハー", False),
    (JAPANESE, "た", True), (JAPANESE, "く", True), (JAPANESE, "来月都議会", False),
    (CHINESE, "地铁线路", True), (CHINESE, "iphone", True), (CHINESE, "手机", True),
    (CHINESE, "iPhone手机", True), (CHINESE, "手机iPhone", False), (CHINESE, "型iPhone", True),
    (CHINESE, "𠮷野家", True), (CHINESE, "𠮷", True), (CHINESE, "吉野家", False),
    (CHINESE, "北京 手机 -上海", True), (CHINESE, "ｉＰｈｏｎｅ", True),
    (THAI, "น้ำท่วม", True), (THAI, "กรุงเทพ", True), (THAI, "เชียงใหม่", False), (THAI, "น", True),
    (THAI, '"ลดลงภายใน"', True), (THAI, "น้ำท่วม ประชาชน", True),
    (LAO, "ທາງລົດໄຟ", True), (LAO, "ລາວ", True), (LAO, "ວຽງຈັນ", False),
    (KHMER, "កម្ពុជា", True), (KHMER, "ស្ពាន", True), (KHMER, "ភ្នំពេញ", False),
    (BURMESE, "မြန်မာ", True), (BURMESE, "တံတား", True), (BURMESE, "ရန်ကုန်", False),
    (KOREAN, "대통령*", True), (KOREAN, "대통령이", True), (KOREAN, "서울*", True),
    (KOREAN, "부산*", False), (KOREAN, "다리를 열었다", True),
    (ENGLISH, "bridge", True), (ENGLISH, '"bridge closed"', True), (ENGLISH, "“bridge closed”", True),
    (ENGLISH, "mayor", True), (ENGLISH, "crowd gathered", True), (ENGLISH, "café", True),
    (ENGLISH, "gathered 😀", True), (ENGLISH, "😀", None), (ENGLISH, "cafe\u0301", True),
]  # fmt: skip


@pytest.fixture
def reader() -> Client:
    return Client()


def published(text: str, title: str = "X1", **fields) -> Article:
    return make_article(text, title=title, state="published", **fields)


def page(reader: Client, words: str) -> str:
    answer = reader.get("/search/?" + urlencode({"q": words}))
    assert answer.status_code == 200, words
    return answer.content.decode()


def titles(reader: Client, words: str) -> list[str]:
    html = page(reader, words)
    found = re.findall(r'<h3 lang="[^"]*"><a href="[^"]+">(.*?)</a></h3>', html)
    return [re.sub("<[^>]+>", "", title) for title in found]


def test_stories_are_found_in_each_script(reader) -> None:
    texts = {text: f"X{n}" for n, text in enumerate(dict.fromkeys(text for text, *_ in FOUND))}
    for text, title in texts.items():
        published(text, title=title, language="th" if text == THAI else "zh")
    for text, words, found in FOUND:
        assert (texts[text] in titles(reader, words)) == bool(found), words
        assert found is not None or "no letter" in page(reader, words)


@pytest.mark.parametrize("language", ["ja", "en", "de", "tr"])
def test_the_language_of_a_story_does_not_matter_for_runs(reader, language) -> None:
    published(JAPANESE, language=language)
    assert titles(reader, "水道料金") == ["X1"]
    assert titles(reader, "水") == ["X1"]


MARKED = [
    (JAPANESE, "東京都", "<mark>東京都</mark>知事は水曜日"),
    (JAPANESE, "水", "は<mark>水</mark>曜日、<mark>水</mark>道料金"),
    (JAPANESE, "ict", "<mark>ICT</mark>部門"),
    (CHINESE, "iphone", "新型<mark>iPhone</mark>手机"),
    (CHINESE, "iPhone手机", "新型<mark>iPhone手机</mark>也在"),
    (CHINESE, "北京 地铁", "<mark>北京</mark>市政府周三宣布，新的<mark>地铁</mark>线路"),
    (THAI, "น้ำท่วม", "ว่า<mark>น้ำท่วม</mark>ใน"),
    (THAI, "น", "<mark>น</mark>ายกรัฐม<mark>น</mark>ตรี"),
    (KHMER, "ស្ពាន", "<mark>ស្ពាន</mark>ថ្មី"),
    (ENGLISH, "bridge", "“<mark>Bridge</mark> closed”—so"),
    (ENGLISH, "crowd", "A <mark>crowd</mark>😀gathered"),
]


@pytest.mark.parametrize(("text", "words", "snippet"), MARKED)
def test_what_was_looked_for_is_marked_and_nothing_else(reader, text, words, snippet) -> None:
    published(text, language="zh")
    html = page(reader, words)
    assert snippet in html
    assert "\x1f" not in html


def test_a_title_is_found_and_marked(reader) -> None:
    published("Text.", title="東京で地震", language="ja")
    assert "<mark>地震</mark>" in page(reader, "地震")
    assert "東京で<mark>地震</mark>" in page(reader, "地震")


def test_a_long_text_shows_the_part_with_what_was_looked_for(reader) -> None:
    filler = "昨日は雨が降った。" * 300
    published(f"{filler}\n\n大阪の知事が辞任した。\n\n{filler}", language="ja")
    html = page(reader, "知事が辞任")
    snippet = html.split('<p class="lead" lang="ja">')[1].split("</p>")[0]
    assert "<mark>知事が辞任</mark>" in snippet
    assert len(snippet) < 300


def known(text: str, name: str, sentence: str) -> None:
    """A published story with an entity of that name, which makes that claim."""
    ada = editor(username="ada")
    article = published(text, language="ja")
    suggest(article, "entity", name)
    claim = suggest(article, "claim", sentence, label=sentence)
    suggest_tie(claim, suggest(article, "source", name, type="person", label=name))
    accept_all(article, ada)


def test_nothing_is_found_by_meaning_in_scripts_that_the_model_never_learned(reader) -> None:
    published(THAI, language="th")
    near.remember()
    assert titles(reader, "drop") == []
    assert titles(reader, "手机") == []
    assert titles(reader, "น้ำท่วม") == ["X1"]


def test_names_and_claims_are_found_and_suggested(reader) -> None:
    known("岸田文雄氏は増税はしないと述べた。", "岸田文雄", "増税はしない")
    above = page(reader, "岸田").split('id="called"')[1].split("</ul>")[0]
    assert "岸田文雄" in above
    assert "増税はしない" in page(reader, "増税").split('id="called"')[1].split("</ul>")[0]
    for typed in ("岸", "岸田", "文雄", "増税", "増"):
        found = reader.get("/search/suggest?" + urlencode({"q": typed})).json()["suggestions"]
        assert found, typed


def test_titles_are_suggested_from_one_letter_on(reader) -> None:
    published("Text.", title="地震の被害", language="ja")
    found = reader.get("/search/suggest?" + urlencode({"q": "地"})).json()["suggestions"]
    assert [one["label"] for one in found] == ["地震の被害"]


def test_a_name_with_a_wrong_letter_is_found_nearly(reader) -> None:
    known("岸田文雄氏は増税はしないと述べた。", "岸田文雄", "増税はしない")
    assert "Did you mean" in page(reader, "岸多文雄")
    assert "岸田文雄" in page(reader, "岸多文雄")


def test_what_was_held_before_is_cut_anew_by_the_migration(reader) -> None:
    published(JAPANESE, language="ja")
    known("岸田文雄氏は増税はしないと述べた。", "岸田文雄", "増税はしない")
    ShownName.objects.update(words="")
    ShownStory.objects.update(words="", title_words="")
    assert titles(reader, "水道") == []
    with connection.schema_editor() as changing:
        import_module("annotations.migrations.0011_ties_and_cuts").cut_anew(None, changing)
    assert titles(reader, "水道") == ["X1"]
    assert "岸田文雄" in page(reader, "文雄").split('id="called"')[1]


def test_a_long_text_without_spaces_can_be_held() -> None:
    letters = [chr(0x4E00 + (n * 7919) % 20_000) for n in range(150_000)]
    published("".join(letters), language="zh")
    assert ShownStory.objects.count() == 1
    assert not ShownName.objects.exists()


def test_the_cuts_do_not_hang_on_the_locale() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_tsvector('simple', '東京 京都 ที่นี่ ខ្មែ မြန် 𠮷野')::text")
        assert cursor.fetchone()[0].count("'") == 12
