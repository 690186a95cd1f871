from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from annotations.nlp.read import BadLine, TextReader, answer, parsed, write_answers
from annotations.nlp.reader import shared_reader

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "annotations.nlp.read"]
STORY = (
    "👩‍👩‍👧 President Vladimir Putin arrived in Astana. “We are friends,” Putin said, “and we will "
    "stay friends.” The Institute for the Study of War suggests that Russia aims to stay."
)


def run(*lines: bytes | dict) -> list[dict]:
    """The answers of the command to these lines, without any setting of Django's."""
    given = b"\n".join(x if isinstance(x, bytes) else json.dumps(x).encode() for x in lines)
    done = subprocess.run(
        COMMAND, check=False, cwd=ROOT, input=given, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def read() -> TextReader:
    return TextReader(shared_reader())


def cut(spans: list[list[int]]) -> list[str]:
    return [STORY[a:b] for a, b in spans]


def test_names_are_found_by_code_points(read) -> None:
    names = {(STORY[m["start"] : m["end"]], m["type"]) for m in read(STORY)["mentions"]}
    assert {("Vladimir Putin", "person"), ("Astana", "place")} <= names


def test_who_said_what_is_found(read) -> None:
    said = [tie for tie in read(STORY)["attributions"] if tie["manner"] == "direct"]
    assert [cut([tie["source"], tie["cue"]]) for tie in said] == [["Putin", "said"]]
    assert cut(said[0]["content"])[-1] == "“and we will stay friends.”"


def test_each_attribution_is_a_claim_with_a_score(read) -> None:
    found = read(STORY)
    claims = {json.dumps(claim["spans"]): claim["score"] for claim in found["claims"]}
    assert len(found["attributions"]) >= 2
    assert all(0 < claims[json.dumps(tie["content"])] <= 1 for tie in found["attributions"])


def test_what_the_outlet_says_itself_is_a_claim_and_no_attribution(read) -> None:
    text = "The unemployment rate in Kalvia fell to 3.5 percent in May 2019, the lowest since 1969."
    found = read(text)
    assert found["attributions"] == []
    assert [claim["spans"] for claim in found["claims"]] in ([], [[[0, len(text) - 1]]])


def test_every_sentence_has_a_likelihood(read) -> None:
    sentences = read(STORY)["sentences"]
    assert [STORY[s["start"] : s["end"]].rsplit(maxsplit=1)[-1] for s in sentences] == [
        "Astana.", "friends.”", "stay.",
    ]  # fmt: skip
    assert all(0 <= s["check_worthiness"] <= 1 for s in sentences)


NOTHING = {"mentions": [], "attributions": [], "claims": [], "sentences": []}


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b", "\x00", "…", "\u202e"])
def test_a_text_without_words_has_nothing(read, text: str) -> None:
    found = read(text)
    assert found | {"sentences": []} == NOTHING
    assert len(found["sentences"]) <= 1


def test_an_answer_does_not_depend_on_other_lines() -> None:
    story, other = {"id": 1, "text": STORY}, {"id": 2, "text": "Ana Ruiz said no. " * 50}
    alone, among = run(story), run(other, story, other, b"?", story)
    assert [among[1], among[4]] == alone * 2


def test_bad_lines_are_answered_and_the_others_read() -> None:
    found = run({"id": "a", "text": STORY}, b"{", b"", {"id": "b"}, {"id": [3], "text": ""})
    assert found[0]["id"] == "a" and found[0]["mentions"]
    assert found[1:] == [
        {"line": 2, "error": found[1]["error"]},
        {"line": 3, "error": "the line is no JSON: it is empty"},
        {"id": "b", "line": 4, "error": "text: is missing"},
        {"id": [3], **NOTHING},
    ]


BAD = {
    b"{": "no JSON",
    b"   ": "it is empty",
    b"[1]": "must be a JSON object, not a list",
    b"null": "must be a JSON object, not null",
    b'"text"': "must be a JSON object, not a string",
    b'{"text": NaN}': "NaN is no number",
    b'{"text": "\xff"}': "no UTF-8: byte 0xFF at offset 10",
    b'{"text": "a"} {}': "no JSON: Extra data at character 15",
    b"[" * 100_000: "nested too deeply",
    b'{"id": ' + b"9" * 5000 + b', "text": ""}': "no JSON",
    b'{"id": 1}': "text: is missing",
    b'{"id": 1, "text": null}': "text: must be a string, not null",
    b'{"id": 1, "text": true}': "text: must be a string, not true or false",
    b'{"id": 1, "text": 5}': "text: must be a string, not a number",
    b'{"id": 1, "text": ["a"]}': "text: must be a string, not a list",
    b'{"id": 1, "text": {}}': "text: must be a string, not an object",
    b'{"id": 1, "text": "ab\\ud83d."}': r"text: has half a character \(U\+D83D\) at character 3",
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_is_told_what_is_wrong(line: bytes) -> None:
    with pytest.raises(BadLine, match=BAD[line]):
        parsed(line)


GOOD = {
    b'{"id": 1, "text": "a"}': (1, "a"),
    b'\xef\xbb\xbf{"text": "a", "more": 1}\r\n': (None, "a"),
    b'{"id": {"a": 1}, "text": "\\ud83d\\ude00"}': ({"a": 1}, "😀"),
}


@pytest.mark.parametrize("line", GOOD)
def test_a_good_line_is_an_id_and_a_text(line: bytes) -> None:
    assert parsed(line) == GOOD[line]


def breaks(text: str) -> dict:
    raise LookupError(f"no {text}")


def test_a_text_that_cannot_be_read_stops_nothing(caplog) -> None:
    found = json.loads(answer(b'{"id": 5, "text": "luck"}', 7, breaks))
    error = "text: could not be read (LookupError('no luck'))"
    assert found == {"id": 5, "line": 7, "error": error}
    assert "line 7" in caplog.text


def test_answers_are_in_the_order_of_the_lines() -> None:
    out = io.BytesIO()
    lines = [json.dumps({"id": n, "text": "x" * (100 - n)}).encode() for n in range(100)]
    write_answers(lines, out, lambda text: {"n": len(text)}, threads=4)
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert found == [{"id": n, "n": 100 - n} for n in range(100)]


def test_an_input_that_breaks_off_ends_the_reading() -> None:
    def lines():
        yield b'{"id": 1, "text": ""}'
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        write_answers(lines(), io.BytesIO(), lambda text: {}, threads=2)


def test_an_answer_comes_before_the_next_line_is_sent() -> None:
    with subprocess.Popen(
        COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdin and process.stdout
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": STORY}).encode() + b"\n")
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_it_ends_quietly_when_nobody_wants_the_answers() -> None:
    line = json.dumps({"id": 1, "text": STORY}).encode() + b"\n"
    with subprocess.Popen(
        COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        process.stdin.write(line * 5)
        process.stdin.flush()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == b""


def test_it_needs_no_django() -> None:
    check = "import annotations.nlp.read, sys; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False, cwd=ROOT).returncode == 0
