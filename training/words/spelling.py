"""Text as the network sees it: words. The program does the same in `crates/networks/src/words/spelling.rs`."""

import re
import unicodedata

LONGEST = 24  # letters of a word that count
WORD = re.compile(r"[^\W_](?:[^\W_]|')*|[!?]")
SUNG_LONG = re.compile(r"(.)\1\1+")
APOSTROPHES = str.maketrans("’‘`´", "''''")
GRAMS = (3, 4, 5)  # letters of the pieces by which an unknown word is known


def words_of(text):
    """The words of a text: lower case, letters and digits with apostrophes within; `!` and `?` are words too.

    A letter that is repeated more than twice is sung longer: it counts twice.
    """
    text = unicodedata.normalize("NFC", text).lower().translate(APOSTROPHES)
    found = WORD.findall(SUNG_LONG.sub(r"\1\1", text))
    return [word[:LONGEST].rstrip("'") for word in found]


def plain(word):
    """A word without its accents, as many a lyric sheet has it."""
    return "".join(mark for mark in unicodedata.normalize("NFD", word) if not unicodedata.combining(mark))


def fnv(text):
    """FNV-1a of the text's UTF-8, 32 bits."""
    hashed = 0x811C9DC5
    for byte in text.encode():
        hashed = (hashed ^ byte) * 0x01000193 & 0xFFFFFFFF
    return hashed


def pieces(word):
    """Runs of three to five letters of a word between its borders."""
    return [run for n in GRAMS for run in runs(word, n)]


def runs(word, n):
    """Runs of so many letters of a word between its borders."""
    whole = f"<{word}>"
    return [whole[i : i + n] for i in range(len(whole) - n + 1)]
