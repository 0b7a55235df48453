"""What differs between two texts."""

import random

import pytest

from dashboard.viewmodels.differences import (
    ADDED,
    FOLDED,
    REMOVED,
    SAME,
    Piece,
    cut_off,
    difference,
    folded,
)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in difference(before, after).pieces]


def words(number: int, seed: int = 1) -> str:
    chance = random.Random(seed)
    return " ".join(
        f"w{chance.randrange(3000)}" + ("\n" if chance.random() < 0.03 else "")
        for _ in range(number)
    )


def test_words_are_compared_and_blanks_kept() -> None:
    assert told("The quick fox.\n\nEnd", "The slow fox.\n\nEnd") == [
        (SAME, "The "),
        (REMOVED, "quick"),
        (ADDED, "slow"),
        (SAME, " fox.\n\nEnd"),
    ]


def test_one_word_that_stayed_between_two_changes_breaks_nothing_up() -> None:
    assert told("a red fox", "a green fox") != told("red the blue", "pink the grey")
    assert told("red the blue", "pink the grey") == [
        (REMOVED, "red the blue"),
        (ADDED, "pink the grey"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", "new"),
        ("old", ""),
        ("same", "same"),
        ("a b c", "a  b\tc\n"),
        ("<b>x</b> **y**", "<i>x</i> __y__"),
        ("我喜欢茶", "我喜欢咖啡"),
        ("line\r\nline\x00", "line\nline"),
        (words(400), words(400, 2)),
        ("a " * 500, "a " * 499 + "b"),
    ],
)
def test_the_pieces_give_both_texts_again(before: str, after: str) -> None:
    pieces = difference(before, after).pieces
    assert "".join(p.text for p in pieces if p.kind != ADDED) == before
    assert "".join(p.text for p in pieces if p.kind != REMOVED) == after
    assert all(piece.text for piece in pieces)


def test_scripts_without_blanks_are_compared_by_character() -> None:
    assert told("我喜欢茶", "我喜欢水") == [(SAME, "我喜欢"), (REMOVED, "茶"), (ADDED, "水")]


def test_how_much_differs_is_told() -> None:
    assert difference("a b", "a b").summary() == "The texts are the same."
    assert difference("a b", "a  b").summary() == "Only blanks and line breaks differ."
    assert difference("a b", "a c d").summary() == "1 word removed, 2 added."
    assert difference("a b", "a c d").summary("only in A", "only in B") == (
        "1 word only in A, 2 only in B."
    )


def test_a_megabyte_is_compared_by_lines_and_then_by_words() -> None:
    before = words(170_000)
    after = before.replace("w17 ", "other ")
    found = difference(before, after)
    assert not found.is_rough
    assert (found.words_removed, found.words_added) == (before.count("w17 "),) * 2


def test_what_is_too_long_and_wholly_different_is_compared_as_a_whole_and_says_so() -> None:
    before, after = words(60_000).replace("\n", " "), words(60_000, 2).replace("\n", " ")
    found = difference(f"Start {before} end", f"Start {after} end")
    assert found.is_rough
    assert "compared as a whole" in found.summary()
    assert (found.pieces[0].kind, found.pieces[-1].kind) == (SAME, SAME)


def test_the_same_texts_are_compared_once() -> None:
    before, after = words(100), words(100, 2)
    assert difference(before, after) is difference(before, after)


def test_what_is_far_from_a_change_is_folded() -> None:
    text = " ".join(f"w{i}" for i in range(300))
    pieces = folded(difference(f"{text} old {text}", f"{text} new {text}").pieces)
    assert [piece.kind for piece in pieces] == [FOLDED, SAME, REMOVED, ADDED, SAME, FOLDED]
    assert pieces[0].words == 270
    assert "".join(p.text for p in pieces if p.kind != ADDED) == f"{text} old {text}"


def test_little_is_not_folded_and_neither_is_a_text_without_change() -> None:
    near = [Piece(REMOVED, "x"), Piece(SAME, " a b c "), Piece(ADDED, "y")]
    assert folded(near) == near
    whole = [Piece(SAME, "word " * 500)]
    assert folded(whole) == whole


def test_a_long_difference_is_cut_off() -> None:
    pieces = [Piece(ADDED, "x" * 10), Piece(FOLDED, "y" * 50), Piece(REMOVED, "z" * 10)]
    assert cut_off(pieces, 15) == [*pieces[:2], Piece(REMOVED, "zzzzz")]
    assert cut_off(pieces, 100) == pieces
