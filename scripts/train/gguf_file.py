"""Writes GGUF version 3: numbers and texts as metadata, tensors in F32 and Q8_0."""
import struct

import numpy as np

ALIGNMENT, BLOCK = 32, 32
F32, Q8_0 = 0, 8
UINT32, FLOAT32, STRING = 4, 6, 8


def text_of(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def value_of(value):
    if isinstance(value, str):
        return struct.pack("<I", STRING) + text_of(value)
    if isinstance(value, float):
        return struct.pack("<If", FLOAT32, value)
    return struct.pack("<II", UINT32, value)


def q8_0(numbers, scales):
    """Blocks of 32: a scale in binary16, then 32 integers. `scales` has one for each block."""
    blocks = numbers.reshape(-1, BLOCK)
    scales = scales.reshape(-1).astype(np.float16)
    wide = scales.astype(np.float32)[:, None]
    integers = np.rint(blocks / np.where(wide > 0, wide, 1)).clip(-127, 127).astype(np.int8)
    packed = np.empty((len(blocks), 2 + BLOCK), np.uint8)
    packed[:, :2] = scales.view(np.uint8).reshape(-1, 2)
    packed[:, 2:] = integers.view(np.uint8)
    return packed.tobytes()


def by_row(matrix):
    """One scale for all blocks of a row: the engine finds these very integers again."""
    scales = np.abs(matrix).max(1) / 127
    return q8_0(matrix, np.repeat(scales, matrix.shape[1] // BLOCK))


def by_block(matrix):
    return q8_0(matrix, np.abs(matrix.reshape(-1, BLOCK)).max(1) / 127)


class Writer:
    def __init__(self):
        self.keys, self.tensors = [], []

    def add(self, key, value):
        self.keys.append(text_of(key) + value_of(value))

    def add_tensor(self, name, shape, kind, data):
        self.tensors.append((name, shape, kind, data))

    def bytes(self):
        head = b"GGUF" + struct.pack("<IQQ", 3, len(self.tensors), len(self.keys))
        head += b"".join(self.keys)
        offset = 0
        for name, shape, kind, data in self.tensors:
            head += text_of(name) + struct.pack("<I", len(shape))
            head += b"".join(struct.pack("<Q", size) for size in reversed(shape))
            head += struct.pack("<IQ", kind, offset)
            offset += padded(len(data))
        parts = [head.ljust(padded(len(head)), b"\0")]
        parts += [data.ljust(padded(len(data)), b"\0") for _, _, _, data in self.tensors]
        return b"".join(parts)


def padded(size):
    return -(-size // ALIGNMENT) * ALIGNMENT
