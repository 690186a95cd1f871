"""The formats of other tools: what is written is read again the same; what they cannot hold is said."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest

from annotations.formats import catalogue, label_studio
from annotations.formats.records import Unreadable
from annotations.formats.story import Story, Tag, Tie, Utf16
from annotations.formats.w3c_lines import read as read_lines

FAMILY = "👩‍👩‍👧"
TEXT = (
    f"{FAMILY} Ana Ruiz opened it. “It is safe,” she said\non Friday, “and né́w.”\n\n"
    "بلدية المدينة agreed. 東京は晴れ。 e\u0301te\u0301 =1+1"
)


def span(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def person(id: str, words: str, **more) -> Tag:
    return Tag(id, "entity", [span(words)], {"type": "Person", "name": "Ana Ruiz"}, **more)


CLAIM = Tag("c1", "claim", [span("It is safe,"), span("and né́w.")],
            {"id": "/claims/1/", "type": "Claim", "text": "It is safe."}, extra={"rights": "x"})  # fmt: skip
SOURCE = Tag("s1", "source", [span("she")],
             {"type": "Source", "sourceKind": "unnamed", "name": "she", "affiliation": "the city"})  # fmt: skip
OTHER = Tag("c2", "claim", [span("agreed")], {"type": "Claim", "text": "So."}, status="suggested")
TAGS = (
    person("e1", "Ana Ruiz", confidence=0.75),
    Tag("e2", "entity", [span("بلدية المدينة")], {
        "id": "https://desk/entities/city/", "type": "Organisation", "name": "City, the",
        "sameAs": ["http://www.wikidata.org/entity/Q42"]}),
    Tag("e3", "entity", [span("東京")], {"type": "Place", "name": "東京"}, status="rejected"),
    Tag("e4", "entity", [span("e\u0301te\u0301")], {"type": "Event", "name": "été"}),
    Tag("e5", "entity", [span("=1+1")], {"type": "Work", "name": "=1+1"}),
    Tag("e6", "entity", [span(FAMILY)], {"type": "Group", "name": FAMILY}),
    CLAIM, SOURCE, OTHER,
)  # fmt: skip
TIES = (
    Tie("t1", "c1", "s1", [span("said")], "mixed", "asserts"),
    Tie("t2", "c2", "s1", [], "indirect", "denies", parent="t1", status="suggested"),
    Tie("t3", "c2", None, by_outlet=True),
)
STORY = Story(
    TEXT, id=7, title="Opened, at last", language="en", outlet="The Paper", url="https://x.example/1",
    page="https://desk/stories/opened/", revision=2, tags=TAGS, ties=TIES,
)  # fmt: skip
PLAIN = Story("One of\ntwo lines.", id=8, title="Plain", language="en")


def written(name: str, *stories: Story) -> bytes:
    writer = catalogue.FORMATS[name].writer()
    return writer.begin() + b"".join(writer.add([story]) for story in stories) + writer.end()


def read(name: str, data: bytes) -> list:
    return list(catalogue.FORMATS[name].read(io.BytesIO(data)))


def by_id(items) -> dict:
    return {item.id: item for item in items}


@pytest.mark.parametrize("name", ["brat", "doccano", "label_studio"])
def test_what_is_written_is_read_again_the_same(name) -> None:
    first, second = read(name, written(name, STORY, PLAIN))
    assert not first.problems and not second.problems
    assert second.data == PLAIN
    assert replace(first.data, tags=(), ties=()) == replace(STORY, tags=(), ties=())
    tags = TAGS if name != "brat" else [replace(tag, confidence=None) for tag in TAGS]
    assert by_id(first.data.tags) == by_id(tags)
    assert by_id(first.data.ties) == by_id(TIES)


def test_a_csv_row_is_read_as_the_annotation_it_was() -> None:
    records = read("csv", written("csv", STORY, PLAIN))
    assert len(records) == len(TAGS)
    for record, tag in zip(records, TAGS, strict=True):
        data = record.data
        assert (data["id"], data["kind"], data["status"]) == (tag.id, tag.kind, tag.status)
        assert data["body"] == tag.body
        selectors = [target["selector"] for target in data["target"]]
        assert [[s[0]["start"], s[0]["end"]] for s in selectors] == tag.spans
        assert [s[1]["exact"] for s in selectors] == [TEXT[a:b] for a, b in tag.spans]
    claim = next(r.data for r in records if r.data["id"] == "c1")
    assert claim["rights"] == "x"
    assert claim["attributions"][0] | {"cue": 0} == {
        "id": "t1", "attributedTo": "s1", "cue": 0, "manner": "mixed", "mode": "asserts",
        "byOutlet": False, "parent": None, "status": "accepted",
    }  # fmt: skip


def test_a_cell_is_no_formula_in_a_spreadsheet() -> None:
    rows = written("csv", STORY).decode().splitlines()
    assert sum("'=1+1" in row for row in rows) == 1


def test_conll_has_a_token_a_line_and_a_column_a_kind() -> None:
    lines = written("conll", STORY).decode().splitlines()
    assert lines[0] == "# global.columns = FORM START END ENTITY CLAIM SOURCE"
    assert "# newdoc id = 7" in lines
    assert "# lost = 0 overlapping, 1 broken" in lines
    assert "Ana\t6\t9\tB-Person\tO\tO" in lines
    assert "Ruiz\t10\t14\tI-Person\tO\tO" in lines
    assert any(line.endswith("O\tO\tB-Source-unnamed") for line in lines)
    assert lines[-1] == "# end = 1"


def test_conll_keeps_text_places_and_labels() -> None:
    record, plain = read("conll", written("conll", STORY, PLAIN))
    assert plain.data.text.split() == PLAIN.text.split()
    story = record.data
    assert " ".join(story.text.split()) == " ".join(TEXT.split())
    assert len(story.text) == len(TEXT)
    found = {(tag.kind, tag.label, *tag.spans[0]) for tag in story.tags}
    assert found == {(tag.kind, tag.label, start, end) for tag in TAGS for start, end in tag.spans}
    assert {t.body["sourceKind"] for t in story.tags if t.kind == "source"} == {"unnamed"}


def test_conll_keeps_the_longer_of_two_tags_that_overlap() -> None:
    story = Story("Ana Ruiz here.", tags=[
        Tag("1", "entity", [[0, 3]], {"type": "Place", "name": "Ana"}),
        Tag("2", "entity", [[0, 8]], {"type": "Person", "name": "Ana Ruiz"}),
    ])  # fmt: skip
    (record,) = read("conll", written("conll", story))
    assert [tag.spans for tag in record.data.tags] == [[[0, 8]]]
    assert b"# lost = 1 overlapping, 0 broken" in written("conll", story)


def test_conll_of_two_columns_as_corpora_have_it_is_read() -> None:
    data = b"-DOCSTART- -X- O O\n\nEU NNP B-ORG\nrejects VBZ O\nGerman JJ I-MISC\n. . O\n\nPeter NNP B-PER\n"
    (record,) = read("conll", data)
    assert record.data.text == "EU rejects German .\nPeter"
    assert [(tag.label, tag.spans) for tag in record.data.tags] == [
        ("Organisation", [[0, 2]]), ("Work", [[11, 17]]), ("Person", [[20, 25]]),
    ]  # fmt: skip


def ann(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).read("story-7.ann").decode().splitlines()


def test_brat_gets_the_lines_it_knows() -> None:
    lines = [line for line in ann(written("brat", STORY)) if not line.startswith("#")]
    claim = TAGS.index(CLAIM) + 1
    (a, b), (c, d) = CLAIM.spans
    assert f"T{claim}\tClaim {a} {b};{c} {d}\tIt is safe, and né́w." in lines
    assert "N1\tReference T2 Newsdesk:city\tCity, the" in lines
    assert "N2\tReference T2 Wikidata:Q42\tCity, the" in lines
    assert f"E1\tAttribution:T{len(TAGS) + 1} Claim:T{claim} Source:T{claim + 1}" in lines
    assert f"R1\tAttribution Arg1:T{claim + 2} Arg2:T{claim + 1}" in lines
    assert any(line.split("\t")[1] == f"ByOutlet T{claim + 2}" for line in lines)


def a_zip(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return out.getvalue()


def test_brat_of_other_people_is_read() -> None:
    lines = [
        "T1\tPER 0 3;8 12\tAna Ruiz", "T2\tMood 4 7\tsad", "T3\tPER 0 3\tBob", "T4\tClaim 13 17\tleft",
        "R1\tAttribution Arg1:T4 Arg2:T1", "R2\tLikes Arg1:T1 Arg2:T4", "#1\tAnnotatorNotes T1\thm",
        "*\tEquiv T1 T3", "N1\tReference T1 Wikidata:Q7\tAna Ruiz", "?",
    ]  # fmt: skip
    (record,) = read("brat", a_zip(a__txt="Ana sad Ruiz left.", a__ann="\n".join(lines)))
    person, claim = record.data.tags
    assert (person.spans, person.body["sameAs"]) == ([[0, 3], [8, 12]], ["Q7"])
    assert claim.spans == [[13, 17]]
    told = " ".join(problem.reason for problem in record.problems)
    for number in (2, 3, 6, 8, 10):
        assert f"Line {number} " in told
    assert "“Bob” where the text has “Ana”" in told


def test_doccano_counts_utf16_units() -> None:
    line = json.loads(written("doccano", STORY))
    entity = next(e for e in line["entities"] if e["label"] == "Person")
    units = TEXT.encode("utf-16-le")
    start, end = entity["start_offset"] * 2, entity["end_offset"] * 2
    assert units[start:end].decode("utf-16-le") == "Ana Ruiz"


def test_doccano_of_other_people_is_read_in_both_its_forms() -> None:
    data = {"text": "Ana left. 👩 Bo", "label": [[0, 3, "PER"], [13, 15, "PER"], [10, 11, "PER"]]}
    (record,) = read("doccano", json.dumps(data).encode())
    assert [tag.spans for tag in record.data.tags] == [[[0, 3]], [[12, 14]]]
    assert "Entity 3 lies inside a character" in record.problems[0].reason


@pytest.mark.parametrize("name", ["doccano", "label_studio"])
def test_what_was_changed_in_a_tool_is_read_as_changed(name) -> None:
    data = json.loads(written(name, STORY).splitlines()[-1 if name == "doccano" else 1])
    if name == "doccano":
        regions = data["entities"]
        regions[:] = [r for r in regions if r["label"] != "Place"]
        regions.append({"id": 99, "label": "Claim", "start_offset": 9, "end_offset": 12})
        source = next(r["id"] for r in regions if r["label"] == "Source")
        data["relations"].append(
            {"id": 99, "from_id": 99, "to_id": source, "type": "attributed_to"}
        )
        file = json.dumps(data)
    else:
        result = data["annotations"][0]["result"]
        result[:] = [r for r in result if "Place" not in r.get("value", {}).get("labels", [])]
        value = {"start": 6, "end": 9, "text": "Ana", "labels": ["Claim"]}
        result.append({"id": "zz", "type": "labels", "value": value})
        source = next(r["id"] for r in result if r.get("value", {}).get("labels") == ["Source"])
        result.append({"type": "relation", "from_id": "zz", "to_id": source, "direction": "right"})
        file = json.dumps([data])
    (record,) = read(name, file.encode())
    assert not record.problems
    kept = {tag.id for tag in record.data.tags}
    assert {tag.id for tag in TAGS} - kept == {"e3"}
    (added,) = [tag for tag in record.data.tags if tag.id.startswith("region-")]
    assert (added.kind, added.spans) == ("claim", [[6, 9]])
    assert [t.source for t in record.data.ties if t.claim == added.id] == ["s1"]


def test_label_studio_words_that_are_not_there_are_reported() -> None:
    value = {"start": 0, "end": 3, "text": "Bob", "labels": ["Person"]}
    tasks = [{"data": {"text": "Ana left."}, "annotations": [{"result": [{"value": value}]}]}, 3]
    first, second = read("label_studio", json.dumps(tasks).encode())
    assert first.problems[0].reason == "Result 1 says “Bob” where the text has “Ana”."
    assert second.data == Unreadable("A task has a text in its data.", "data.text")


def test_a_long_list_of_tasks_is_read_task_by_task(monkeypatch) -> None:
    monkeypatch.setattr(label_studio, "PIECE", 7)
    stories = [replace(PLAIN, id=number) for number in range(20)]
    records = read("label_studio", written("label_studio", *stories))
    assert [record.data for record in records] == stories
    assert [record.line for record in records] == list(range(2, 22))


CUT = {name: written(name, STORY, PLAIN) for name in ("brat", "label_studio", "conll")}


@pytest.mark.parametrize("name", CUT)
def test_a_file_that_was_cut_short_is_seen_to_be(name) -> None:
    whole = CUT[name]
    assert not [r for r in read(name, whole) if isinstance(r.data, Unreadable)]
    if name == "conll":
        whole = whole.replace(b"# newdoc id = 8", b"# other = 8")
    cut = whole[: len(whole) * 2 // 3] if name != "conll" else whole
    assert [r for r in read(name, cut) if isinstance(r.data, Unreadable)]


def test_lines_without_all_that_the_last_one_counts_are_seen_to_be_cut() -> None:
    lines = [b'{"type": "Annotation"}', b"", b"{", b'{"type":"AnnotationCollection","total":3}']
    records = list(read_lines(lines))
    assert records[0].data == {"type": "Annotation"}
    assert (records[1].line, records[1].data.reason) == (3, "This line is no JSON.")
    assert records[2].data.field == "total"


@pytest.mark.parametrize("text", ["", "abc", "a👩b", FAMILY, "e\u0301", "😀😀"])
def test_offsets_go_to_utf16_and_back(text) -> None:
    offsets = Utf16(text)
    for place in range(len(text) + 1):
        units = len(text[:place].encode("utf-16-le")) // 2
        assert offsets.units(place) == units
        assert offsets.points(units) == place


NONSENSE = [b"", b"\xff\xfe", b"null", b"[]", b"{}", b"[1, {}]", b'{"text": 3}', b"a,b\n1,2\n",
            b'{"text": "x", "entities": [3, [1], {"label": 1}], "relations": [3], "details": 3}',
            b'{"text": "x", "details": {"tags": [3, {"id": 1}], "ties": [3, {}]}}',
            b'[{"data": {"text": "x"}, "annotations": [{"result": [3, {"value": 3}, {"value": {"labels": []}}]}]}]',
            b"spans,quote,kind\nx,y,z\n", b"# global.columns = FORM\na b c\n"]  # fmt: skip


@pytest.mark.parametrize("data", NONSENSE, ids=str)
@pytest.mark.parametrize("name", catalogue.IMPORTED)
def test_nonsense_is_reported_and_nothing_fails(name, data) -> None:
    for record in read(name, data):
        assert record.line >= 0
