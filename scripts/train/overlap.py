"""Hashes of word sequences: what two texts share, whatever their case, spacing and punctuation."""
import io
import lzma
import gzip
import pathlib
import tarfile

import numpy as np

WORDS = 12  # a sequence of so many words in a row is no coincidence
FACTOR, WORD_FACTOR = np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)
PIECE = 1 << 22


def letter_table():
    table = np.zeros(256, np.uint64)
    for byte in range(128, 256):
        table[byte] = byte
    for byte in b"abcdefghijklmnopqrstuvwxyz'":
        table[byte] = byte
        if byte != ord("'"):
            table[byte - 32] = byte
    return table


LETTERS = letter_table()


def inverse(odd):
    """Modulo 2^64, by Newton's iteration."""
    number, result = int(odd), 1
    for _ in range(6):
        result = result * (2 - number * result) % (1 << 64)
    return np.uint64(result)


def words_of(data):
    """Where each word begins, and a hash of it."""
    letters = LETTERS[data]
    inside = np.concatenate(([False], letters != 0, [False]))
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    begins, ends = edges[::2], edges[1::2]
    powers = np.full(len(data) + 1, FACTOR, np.uint64)
    powers[0] = 1
    powers = np.cumprod(powers, dtype=np.uint64)
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(letters * powers[:-1])))
    back = np.full(len(data) + 1, inverse(FACTOR), np.uint64)
    back[0] = 1
    back = np.cumprod(back, dtype=np.uint64)
    return begins, (sums[ends] - sums[begins]) * back[begins]


def sequences(text):
    """Where each sequence of WORDS words begins, and a hash of it."""
    begins, words = words_of(np.frombuffer(text, np.uint8))
    count = len(words) - WORDS + 1
    if count <= 0:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    hashes = np.zeros(count, np.uint64)
    for i in range(WORDS):
        hashes = (hashes ^ words[i : i + count]) * WORD_FACTOR
        hashes ^= hashes >> np.uint64(29)
    return begins[:count], hashes


def hashes_of(text):
    """All hashes of a text of any length, in pieces that overlap enough."""
    lead = 1024
    parts = [sequences(text[max(0, i - lead) : i + PIECE])[1] for i in range(0, len(text), PIECE)]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)


def unpacked(path):
    """The documents in a file, which may be compressed, an archive, or both."""
    data = pathlib.Path(path).read_bytes()
    if str(path).endswith(".xz"):
        data = lzma.decompress(data)
    elif str(path).endswith((".gz", ".dz", ".tgz")):
        data = gzip.decompress(data)
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            return [archive.extractfile(m).read() for m in archive if m.isfile()]
    except tarfile.ReadError:
        return [data]


class Corpora:
    """The texts that nothing may be trained on."""

    def __init__(self, paths):
        self.names = [str(path) for path in paths]
        found = [hashes_of(text) for path in paths for text in unpacked(path)]
        self.hashes = np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)

    def hits(self, text):
        """Where a sequence of the text begins that one of the corpora has too."""
        if len(self.hashes) == 0:
            return np.zeros(0, np.int64)
        begins, hashes = sequences(text)
        at = np.searchsorted(self.hashes, hashes)
        at[at == len(self.hashes)] = 0
        return begins[self.hashes[at] == hashes]


def corpora_under(folder, left_out=()):
    """Every file of a folder but those whose name begins with one of `left_out`."""
    files = sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file())
    return [p for p in files if not p.name.startswith(tuple(left_out) or ("\0",))]
