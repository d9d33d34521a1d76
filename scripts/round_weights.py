#!/usr/bin/env python3
"""Rounds binary32 weights to fewer bits, to the nearest and ties to even, for measurements of coders.

usage: round_weights.py IN OUT.safetensors --type F16|BF16|F8_E4M3|F8_E5M2|F32
IN is a safetensors file, of which tensors that are not F32 stay as they are, or a checkpoint of
llama2.c (NAME.bin, version 0). Needs numpy. F8_E4M3 has no infinity: what is too large becomes its
largest number, as in training; of the other types what is too large becomes infinity."""
import argparse
import json
import struct
import sys
from pathlib import Path

import numpy as np

# Exponent bits, mantissa bits, largest finite number.
SMALL = {"F8_E4M3": (4, 3, 448.0), "F8_E5M2": (5, 2, 57344.0)}
BYTES = {"F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1}


def to_bf16(values):
    """Adds half of the last bit that stays, less one unless that bit is odd; NaN stays NaN."""
    bits = values.view(np.uint32)
    rounded = ((bits >> 16) & 1) + 0x7FFF + bits.astype(np.uint64) >> 16
    return np.where(np.isnan(values), (bits >> 16) | 0x40, rounded).astype("<u2")


def to_f8(values, name):
    exponent_bits, mantissa_bits, largest = SMALL[name]
    bias = (1 << exponent_bits - 1) - 1
    magnitude = np.abs(values.astype(np.float64))
    # Rounded in units of the last place; below the normal numbers that unit is constant.
    exponent = np.maximum(np.frexp(np.where(magnitude > 0, magnitude, 1))[1] - 1, 1 - bias)
    unit = np.exp2(exponent - mantissa_bits)
    rounded = np.rint(magnitude / unit) * unit
    rounded = np.minimum(rounded, largest) if name == "F8_E4M3" else np.where(rounded > largest, np.inf, rounded)
    finite = np.where(np.isfinite(rounded), rounded, 1)
    exponent = np.maximum(np.frexp(np.where(finite > 0, finite, 1))[1] - 1, 1 - bias)
    normal = finite >= np.exp2(1 - bias)
    field = np.where(normal, exponent + bias, 0)
    mantissa = finite / np.exp2(exponent - mantissa_bits) - np.where(normal, 1 << mantissa_bits, 0)
    bits = (field.astype(np.uint8) << mantissa_bits) | mantissa.astype(np.uint8)
    top = ((1 << exponent_bits) - 1) << mantissa_bits
    bits = np.where(np.isinf(rounded), top, bits)
    bits = np.where(np.isnan(values), 0x7F, bits)
    return (bits | np.where(np.signbit(values), 0x80, 0)).astype(np.uint8)


def rounded(values, name):
    if name == "F32":
        return values.astype("<f4")
    if name == "F16":
        with np.errstate(over="ignore"):
            return values.astype("<f2")
    return to_bf16(values) if name == "BF16" else to_f8(values, name)


def read_safetensors(data):
    size = struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:8 + size])
    for name, entry in sorted(header.items(), key=lambda item: item[1].get("data_offsets", [0])[0]):
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            yield name, entry["dtype"], entry["shape"], data[8 + size + begin:8 + size + end]


def read_llama2c(data):
    """Version 0: seven int32 (dim, hidden, layers, heads, key heads, vocabulary, context), then matrices."""
    width, hidden, layers, heads, key_heads, vocabulary, _ = struct.unpack_from("<7i", data)
    keys = width // heads * key_heads
    shapes = {"embedding": [abs(vocabulary), width], "attention_norm": [layers, width], "wq": [layers, width, width],
              "wk": [layers, keys, width], "wv": [layers, keys, width], "wo": [layers, width, width],
              "ffn_norm": [layers, width], "w1": [layers, hidden, width], "w2": [layers, width, hidden],
              "w3": [layers, hidden, width], "final_norm": [width]}
    at = 28
    for name, shape in shapes.items():
        size = 4 * int(np.prod(shape))
        yield name, "F32", shape, data[at:at + size]
        at += size


def write_safetensors(path, tensors):
    header, body, at = {}, [], 0
    for name, dtype, shape, data in tensors:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(data)]}
        body.append(data)
        at += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(body))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--type", choices=BYTES, required=True)
    options = parser.parse_args()
    data = options.source.read_bytes()
    read = read_llama2c if options.source.suffix == ".bin" else read_safetensors
    tensors = []
    for name, dtype, shape, raw in read(data):
        if dtype == "F32":
            dtype, raw = options.type, rounded(np.frombuffer(raw, "<f4"), options.type).tobytes()
        tensors.append((name, dtype, shape, raw))
    write_safetensors(options.target, tensors)
    return 0


if __name__ == "__main__":
    sys.exit(main())
