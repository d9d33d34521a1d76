#!/usr/bin/env python3
"""Writes a checkpoint of train.py as the GGUF file that evalzip runs.

usage: export.py CHECKPOINT.pt MODEL.gguf [--name NAME]
"""
import argparse
import pathlib

import torch

import gguf_file
from features import WORD
from gguf_file import F32, Q8_0
from model import Shape

ARCHITECTURE = "byte-llama"


def add_numbers(writer, shape, name):
    writer.add("general.architecture", ARCHITECTURE)
    writer.add("general.name", name)
    writer.add("general.license", "apache-2.0")
    numbers = {
        "context_length": shape.context,
        "embedding_length": shape.width,
        "block_count": shape.layers,
        "feed_forward_length": shape.hidden,
        "attention.head_count": shape.heads,
        "attention.head_count_kv": 1,
        "attention.key_length": shape.head_size,
        "rope.dimension_count": shape.rotated,
        "rope.freq_base": float(shape.rope_base),
        "attention.layer_norm_rms_epsilon": float(shape.epsilon),
    }
    for key, value in numbers.items():
        writer.add(f"{ARCHITECTURE}.{key}", value)
    writer.add("tokenizer.ggml.model", "bytes")
    writer.add("tokenizer.ggml.bos_token_id", 0)


class Exporter:
    def __init__(self, weights, shape):
        self.weights = {key: tensor.float().numpy() for key, tensor in weights.items()}
        self.shape = shape
        self.writer = gguf_file.Writer()

    def norm(self, name, key):
        row = self.weights[key]
        self.writer.add_tensor(name, row.shape, F32, row.astype("<f4").tobytes())

    def matrix(self, name, matrix):
        self.writer.add_tensor(name, matrix.shape, Q8_0, gguf_file.by_row(matrix))

    def table(self, name, key):
        table = self.weights[key]
        self.writer.add_tensor(name, table.shape, Q8_0, gguf_file.by_block(table))

    def layer(self, index):
        source, target = f"blocks.{index}.", f"blk.{index}."
        for norm in ("attn_norm", "ffn_norm"):
            self.norm(f"{target}{norm}.weight", f"{source}{norm}.weight")
        for matrix in ("attn_qkv", "attn_output", "ffn_down"):
            self.matrix(f"{target}{matrix}.weight", self.weights[f"{source}{matrix}.weight"])
        both = self.weights[f"{source}ffn_in.weight"]
        self.matrix(f"{target}ffn_gate.weight", both[: self.shape.hidden])
        self.matrix(f"{target}ffn_up.weight", both[self.shape.hidden :])

    def file(self, name):
        add_numbers(self.writer, self.shape, name)
        self.table("token_embd.weight", "token_embd.weight")
        for i, order in enumerate(self.shape.orders):
            label = "word" if order == WORD else order
            self.table(f"ngram_embd.{label}.weight", f"tables.{i}.weight")
        for index in range(self.shape.layers):
            self.layer(index)
        self.norm("output_norm.weight", "output_norm.weight")
        self.matrix("output.weight", self.weights["output.weight"])
        return self.writer.bytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--name", default="evalzip byte-level model")
    arguments = parser.parse_args()
    state = torch.load(arguments.checkpoint, map_location="cpu")
    shape = Shape(**state["shape"])
    data = Exporter(state["weights"], shape).file(arguments.name)
    arguments.model.write_bytes(data)
    print(f"{len(data)} bytes")


if __name__ == "__main__":
    main()
