"""YAML's traps, and what stands in their place."""

import pytest
import yaml

from planner.errors import InvalidInput
from planner.intake.document import ANY
from planner.intake.strict_yaml import load, loads, scalar


def problems(text: str) -> list[str]:
    """What is wrong with a text, as the user sees it."""
    try:
        return [str(problem) for problem in loads(text, "case.yaml").problems]
    except InvalidInput as error:
        return [str(problem) for problem in error.problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", "Null"),
        ("1e6", 1_000_000.0),
        ("1E6", 1_000_000.0),
        ("+.5e-3", 0.0005),
        ("5.", 5.0),
        ("12:30", "12:30"),
        ("12:30:00", "12:30:00"),
        ("2027-01-05", "2027-01-05"),
        ("2027-01-05T10:00:00Z", "2027-01-05T10:00:00Z"),
        ("0", 0),
        ("-3", -3),
        ("0.5", 0.5),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("0o17", "0o17"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e400", "1e400"),
        ("9" * 5000, "9" * 5000),
        ("'12'", "12"),
        ('"010"', "010"),
        ("!!str 12", "12"),
    ],
)
def test_scalars_mean_what_they_look_like(written, value):
    found = loads(f"key: {written}\n").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_text():
    assert loads("no: 1\n2027: 2\ntrue: 3\nnull: 4\n1e6: 5\n").data == {
        "no": 1,
        "2027": 2,
        "true": 3,
        "null": 4,
        "1e6": 5,
    }


@pytest.mark.parametrize(("written", "plain"), [("010", "10"), ("-007", "-7"), ("00.5", "0.5"), ("000", "0")])
def test_a_leading_zero_is_an_error_that_gives_both_readings(written, plain):
    assert problems(f"a: 1\nkey: {written}\n") == [
        f"case.yaml:2:6: {written} begins with a zero. Write {plain} for the number or '{written}' for the text."
    ]


def test_a_key_given_twice_names_both_lines():
    assert problems("sites:\n  a: 1\n  b: 2\n  a: 3\n") == [
        "case.yaml:4:3: key 'a' is given twice, first on line 2. Remove one of the two."
    ]


def test_doubtful_data_cannot_be_had_by_accident():
    document = loads("a: 010\nb: 1\nb: 2\n")
    with pytest.raises(InvalidInput) as caught:
        _ = document.data
    assert len(caught.value.problems) == 2
    assert document.unchecked == {"a": "010", "b": 1}


def test_merge_keys_and_aliases_work():
    text = "base: &base {p: 1, q: 2}\nc:\n  <<: *base\n  q: 3\nd:\n  <<: [{p: 9}, *base]\ne: *base\n"
    assert loads(text).data == {
        "base": {"p": 1, "q": 2},
        "c": {"p": 1, "q": 3},
        "d": {"p": 9, "q": 2},
        "e": {"p": 1, "q": 2},
    }


def test_a_quoted_merge_key_is_a_key():
    assert loads("'<<': 1\n").data == {"<<": 1}


def test_marks_reach_through_aliases_and_merges():
    document = loads("base: &base {p: 1, q: 2}\nc:\n  <<: *base\n  q: 3\n")
    assert document.mark(("c", "p")) == (1, 17)
    assert document.mark(("c", "q")) == (4, 6)


BOMB = (
    "a: &a ["
    + "1," * 10
    + "]\n"
    + "".join(f"{n}: &{n} [{f'*{p},' * 10}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True))
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BOMB, "aliases swell the file by more than 100,000 values. Write them out."),
        ("a: &x [*x]\n", "case.yaml:1:4: this anchor holds an alias of itself. Remove the alias."),
        ("a: &x\n  <<: *x\n", "case.yaml:1:4: this anchor holds an alias of itself. Remove the alias."),
        ("a: *x\n", "case.yaml:1:4: this alias names no anchor above it. Define it with `&name`, or quote the text."),
        ("a: 1\n<<: 3\n", "case.yaml:2:5: `<<` merges mappings only. Give it an alias of a mapping."),
        ("[" * 50_000, "lists and mappings are nested deeper than 100 levels. A case needs fewer than ten."),
        ("- " * 50_000, "lists and mappings are nested deeper than 100 levels. A case needs fewer than ten."),
        (
            "a: 1\n---\nb: 2\n",
            "case.yaml:2:1: a second document begins here (`---`). Give each document a file of its own.",
        ),
        (
            "a: !!python/object:os.system x\n",
            "case.yaml:1:4: the tag !!python/object:os.system is not allowed. Remove it.",
        ),
        ("a: !mine {b: 1}\n", "case.yaml:1:4: the tag !mine is not allowed. Remove it."),
        ("? [1, 2]\n: 3\n", "case.yaml:1:3: a list or mapping cannot be a key. Write a text."),
    ],
)
def test_what_yaml_allows_and_we_do_not(text, sentence):
    found = problems(text)
    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a:\n\tb: 1\n", "case.yaml:2:1: a tab stands in the indentation. Indent with spaces."),
        (
            "a: b: c\n",
            "case.yaml:1:5: a second `: ` stands here, or the indentation is wrong. Quote the text, or align it.",
        ),
        (
            "a: 1\n b: 2\n",
            "case.yaml:2:3: a second `: ` stands here, or the indentation is wrong. Quote the text, or align it.",
        ),
        (
            "a:\n  b: 1\n c: 2\n",
            "case.yaml:3:2: this line does not fit the mapping around it. Align it with the keys beside it.",
        ),
        ("a: 'x\nb: 1\n", "case.yaml:1:4: this quoted text is not closed. Close the quote."),
        (
            "a: [1, 2\nb: 3\n",
            "case.yaml:1:4: this list is not closed or lacks a comma. Close it with ] and put commas between.",
        ),
        ("a: {b: 1\n", "case.yaml:1:4: this mapping is not closed or lacks a comma. Close it with }, commas between."),
        ("a: @home\n", "case.yaml:1:4: a text cannot begin with '@'. Quote it: '@home'."),
        ("a: 1\nb 2\nc: 3\n", "case.yaml:2:1: this line is no `key: value`. Add the colon, or quote the text."),
        ("- a\nb: 1\n", "case.yaml:2:1: this line does not continue the list. Begin it with `- `, or indent it less."),
        ("a: - b\n", "case.yaml:1:4: a list cannot begin here. Put each `- ` on a line of its own."),
        ("%FOO\na: 1\n", "case.yaml:1:5: a line that begins with % is a directive. Remove it, or quote the text."),
        (
            'a: "\\q"\n',
            "case.yaml:1:5: this text holds an unknown escape. Write \\\\ for a backslash, or use '…' as quotes.",
        ),
        (
            "a: >x\n b\n",
            "case.yaml:1:5: the head of this text block is wrong. Write `|` or `>` and begin on the next line.",
        ),
    ],
)
def test_the_parser_speaks_plainly(text, sentence):
    assert problems(text) == [sentence]


def test_files_of_every_platform_are_read_alike(tmp_path):
    for name, raw in {
        "plain": b"a: 1\nb: \xc3\xa9\n",
        "bom": b"\xef\xbb\xbfa: 1\nb: \xc3\xa9\n",
        "crlf": b"a: 1\r\nb: \xc3\xa9\r\n",
        "cr": b"a: 1\rb: \xc3\xa9\r",
    }.items():
        (tmp_path / name).write_bytes(raw)
        document = load(tmp_path / name)
        assert document.data == {"a": 1, "b": "é"}
        assert document.mark(("b",)) == (2, 4)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"a: 1\nb: \xff\xfa\n", "f.yaml:2:4: byte 0xff is not UTF-8. Save the file as UTF-8."),
        ("a: 1".encode("utf-16"), "f.yaml: this is UTF-16 or UTF-32 text. Save the file as UTF-8."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "f.yaml: this is a binary file, not text. Give a text file in UTF-8."),
        (b"a: 1\n\nb: \x07\n", "f.yaml:3:4: control character U+0007 cannot stand in an input. Delete it."),
    ],
)
def test_what_is_no_text_is_refused(tmp_path, monkeypatch, raw, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.yaml").write_bytes(raw)
    with pytest.raises(InvalidInput) as caught:
        load("f.yaml")
    assert str(caught.value) == sentence


def test_a_file_of_50_mb_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open("big.yaml", "wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InvalidInput) as caught:
        load("big.yaml")
    assert str(caught.value) == "big.yaml: the file is larger than 5 MB. Split it, or use CSV for long tables."


def test_what_is_no_file_is_told_with_the_nearest_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.yaml").write_text("a: 1")
    with pytest.raises(InvalidInput) as caught:
        load("csae.yaml")
    assert str(caught.value) == "csae.yaml: there is no such file. Did you mean case.yaml?"
    with pytest.raises(InvalidInput) as caught:
        load(".")
    assert str(caught.value) == ".: this is a folder. Give a file."
    with pytest.raises(InvalidInput) as caught:
        load("case.yaml/x")
    assert "case.yaml/x: the file cannot be read: not a directory." in str(caught.value)


def test_a_place_that_the_file_lacks_is_told_by_what_is_around_it():
    document = loads("sites:\n  hk:\n    pue: 1.5\n")
    assert document.mark(("sites", "hk", "pue")) == (3, 10)
    assert document.key_mark(("sites", "hk", "pue")) == (3, 5)
    assert document.mark(("sites", "hk", "phases", 0, "power_mw")) == (2, 3)
    assert document.mark(("nothing",)) == (1, 1)
    assert document.text(("sites", "hk", "pue")) == "1.5"
    assert document.text(("sites", "hk", "name")) is None
    assert str(document.problem(("sites", "hk"), "what", "Do.", at_key=True)) == "<text>:2:3: what. Do."


def test_each_walks_any_shape():
    document = loads("offers:\n  a: {sites: [x, y]}\n  b: {sites: 3}\n  c:\n  d: [1]\n")
    assert list(document.each("offers", ANY, "sites", ANY)) == [
        (("offers", "a", "sites", 0), "x"),
        (("offers", "a", "sites", 1), "y"),
    ]
    assert list(document.each("nothing", ANY)) == []


def test_the_pure_parser_gives_the_same(monkeypatch):
    """Where libyaml is missing the slower parser stands in."""
    from planner.intake import strict_yaml

    text = "a: &a [1, 010]\nb: no\n<<: {c: 1e6}\nd: *a\n"
    loader = type("Pure", (strict_yaml._Composing, yaml.SafeLoader), {})
    quick = loads(text)
    monkeypatch.setattr(strict_yaml, "_Loader", loader)
    assert loads(text).unchecked == quick.unchecked
    assert loads(text).problems == quick.problems


def test_scalar_is_total():
    for text in ("", "x", "-", "+", ".", "e5", "--1", "1.2.3", "1e", "0", "-0", "0.0"):
        scalar(text)
