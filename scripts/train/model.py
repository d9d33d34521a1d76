"""The byte-level model: Llama's block, one head of keys, and tables of hashed n-grams at the input.

The arithmetic follows codecs/llm/transformer.cpp: matrices in int8 with one scale a row, rows of
activations in int8 with outliers behind each norm, keys and values in int8. With `quantised` set,
the forward pass rounds as the engine does and gradients pass through (Bengio et al. 2013).
"""
import dataclasses

import torch
from torch import nn
from torch.nn import functional


@dataclasses.dataclass
class Shape:
    width: int = 256
    layers: int = 4
    heads: int = 4
    head_size: int = 64
    rotated: int = 32
    hidden: int = 512
    context: int = 256
    orders: tuple = (3, 4, 6, 0)
    table_bits: int = 14
    epsilon: float = 1e-5
    rope_base: float = 10000.0


class Rounded(torch.autograd.Function):
    """Rows to the nearest of 127 steps each way of their largest size."""

    @staticmethod
    def forward(_, x):
        scale = x.abs().amax(-1, keepdim=True).clamp_(min=1e-20) / 127
        return (x / scale).round_() * scale

    @staticmethod
    def backward(_, gradient):
        return gradient


class RoundedRow(Rounded):
    """Activations: steps such that 127 are six times the root mean square; few are beyond them."""

    @staticmethod
    def forward(_, x):
        largest = x.abs().amax(-1, keepdim=True).clamp_(min=1e-20)
        plain = x.square().mean(-1, keepdim=True).sqrt() * (6 / 127)
        scale = torch.maximum(plain, largest / (127 * 128))
        return (x / scale).round_() * scale


class Norm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.epsilon) * self.weight


def linear(layer, x, quantised):
    weight = Rounded.apply(layer.weight) if quantised else layer.weight
    return functional.linear(x, weight)


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        queries = shape.heads * shape.head_size
        self.attn_norm = Norm(shape.width, shape.epsilon)
        self.attn_qkv = nn.Linear(shape.width, queries + 2 * shape.head_size, bias=False)
        self.attn_output = nn.Linear(queries, shape.width, bias=False)
        self.ffn_norm = Norm(shape.width, shape.epsilon)
        self.ffn_in = nn.Linear(shape.width, 2 * shape.hidden, bias=False)
        self.ffn_down = nn.Linear(shape.hidden, shape.width, bias=False)

    def attend(self, x, rope, mask, quantised):
        shape = self.shape
        batch, length, _ = x.shape
        heads = linear(self.attn_qkv, x, quantised).view(batch, length, shape.heads + 2, -1)
        turned = rotate(heads[:, :, : shape.heads + 1], rope, shape.rotated)
        # All heads share keys and values, so they are rows of one product.
        queries = turned[:, :, : shape.heads].reshape(batch, length * shape.heads, -1)
        keys, values = turned[:, :, shape.heads], heads[:, :, shape.heads + 1]
        if quantised:
            keys, values = Rounded.apply(keys), Rounded.apply(values)
        scores = queries @ (keys * shape.head_size**-0.5).transpose(1, 2) + mask
        weights = torch.softmax(scores, -1)
        return linear(self.attn_output, (weights @ values).view(batch, length, -1), quantised)

    def forward(self, x, rope, mask, quantised):
        row = self.attn_norm(x)
        x = x + self.attend(RoundedRow.apply(row) if quantised else row, rope, mask, quantised)
        row = self.ffn_norm(x)
        gate, value = linear(
            self.ffn_in, RoundedRow.apply(row) if quantised else row, quantised
        ).chunk(2, -1)
        return x + linear(self.ffn_down, functional.silu(gate) * value, quantised)


def rotate(heads, rope, rotated):
    cosine, sine = (t.to(heads.dtype) for t in rope)
    half = rotated // 2
    a, b, rest = heads[..., :half], heads[..., half:rotated], heads[..., rotated:]
    return torch.cat((a * cosine - b * sine, a * sine + b * cosine, rest), -1)


class ByteModel(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        slice_width = shape.width // len(shape.orders)
        self.token_embd = nn.Embedding(256, shape.width)
        self.tables = nn.ModuleList(
            nn.Embedding(1 << shape.table_bits, slice_width) for _ in shape.orders
        )
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.width, shape.epsilon)
        self.output = nn.Linear(shape.width, 256, bias=False)
        self.initialise()

    def initialise(self):
        nn.init.normal_(self.token_embd.weight, std=0.5)
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.1)
        for block in self.blocks:
            nn.init.zeros_(block.attn_output.weight)
            nn.init.zeros_(block.ffn_down.weight)
        nn.init.normal_(self.output.weight, std=0.01)

    def rope(self, length, device):
        half = self.shape.rotated // 2
        speed = self.shape.rope_base ** (-torch.arange(half, device=device) / half)
        angle = (torch.arange(length, device=device)[:, None] * speed)[None, :, None, :]
        return angle.cos(), angle.sin()

    def forward(self, tokens, rows, quantised=False):
        length = tokens.shape[1]
        x = self.token_embd(tokens)
        x = x + torch.cat([table(row) for table, row in zip(self.tables, rows)], -1)
        later = torch.ones(length, length, device=x.device).triu(1).bool()
        mask = torch.zeros(length, length, device=x.device).masked_fill(later, float("-inf"))
        mask = mask.repeat_interleave(self.shape.heads, 0)
        if torch.is_autocast_cpu_enabled() or torch.is_autocast_enabled():
            mask = mask.bfloat16()
        rope = self.rope(length, x.device)
        for block in self.blocks:
            x = block(x, rope, mask, quantised)
        row = self.output_norm(x)
        return linear(self.output, RoundedRow.apply(row) if quantised else row, quantised)
