"""What the byte-level model sees of the bytes before: a hash of the last few for each table.

codecs/llm/byte_features.cpp computes the same numbers; tests compare the two.
"""
import numpy as np

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
WORD = 0  # the order that stands for "the word so far"


def recent_bytes(data, lead):
    """The last eight bytes at each place from `lead` on, the last one lowest. lead >= 7."""
    wide = data.astype(np.uint64)
    count = data.shape[-1] - lead
    recent = np.zeros(data.shape[:-1] + (count,), np.uint64)
    for back in range(8):
        recent |= wide[..., lead - back : lead - back + count] << np.uint64(8 * back)
    return recent


def lower(byte):
    return np.where((byte >= 65) & (byte <= 90), byte + np.uint64(32), byte)


def is_letter(byte):
    """Letters in lower case, and all bytes of other alphabets."""
    return ((byte >= 97) & (byte <= 122)) | (byte >= 128)


def word_so_far(recent):
    """The letters behind the last other byte; just after one, the word before it and that byte."""
    last = recent & np.uint64(255)
    ends = ~is_letter(lower(last))
    rest = np.where(ends, recent >> np.uint64(8), recent)
    word = np.zeros_like(recent)
    open_ = np.ones(recent.shape, bool)
    for back in range(8):
        byte = lower((rest >> np.uint64(8 * back)) & np.uint64(255))
        open_ &= is_letter(byte)
        word |= np.where(open_, byte << np.uint64(8 * back), np.uint64(0))
    return np.where(ends, word | last << np.uint64(56), word)


def table_rows(recent, orders, bits):
    """For each order, which row of its table each place reads."""
    rows = []
    for order in orders:
        if order == WORD:
            context = word_so_far(recent)
        else:
            context = recent & np.uint64((1 << (8 * order)) - 1)
        rows.append((context * MULTIPLIER >> np.uint64(64 - bits)).astype(np.int64))
    return rows
