"""Where a text has given strings, as whole words; at each place the longest of them.

This is how the reference annotation, which lists mentions as strings, is read back into offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def whole_words(text: str, string: str) -> Iterator[int]:
    """Yield the start of each place where ``text`` has ``string`` between word bounds, left to right.

    Places do not overlap. Word characters are letters, digits and the underscore. An empty
    ``string`` is nowhere.
    """
    at = text.find(string) if string else -1
    while at >= 0:
        end = at + len(string)
        if (at == 0 or not _is_word(text[at - 1])) and (end == len(text) or not _is_word(text[end])):
            yield at
            at = text.find(string, end)
        else:
            at = text.find(string, at + 1)


def places(
    text: str, strings: Iterable[str], taken: Iterable[tuple[int, int]] = ()
) -> list[tuple[int, int, str]]:
    """Return (start, end, string) of all whole-word places of ``strings``, in text order.

    Longer strings go first, and no two places overlap, nor any of the spans ``taken``. Strings of
    one length go in code point order.
    """
    used = bytearray(len(text))
    for start, end in taken:
        used[start:end] = b"\1" * (end - start)
    found = []
    for string in sorted(set(strings), key=lambda s: (-len(s), s)):
        for start in whole_words(text, string):
            end = start + len(string)
            if used.find(1, start, end) < 0:
                used[start:end] = b"\1" * (end - start)
                found.append((start, end, string))
    return sorted(found)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"
