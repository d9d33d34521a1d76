#!/usr/bin/env python3
"""Trains the byte-level model on what prepare.py wrote.

usage: train.py --data FOLDER --out FOLDER --mixture mixture.json [--minutes 60 | --steps 5000]

The rate of learning follows the share of the time (or steps) that has passed, so that a run ends
when it was told to on any machine. Every checkpoint can be exported. --device cuda runs the same
model on a GPU.
"""
import argparse
import dataclasses
import json
import pathlib
import time

import numpy as np
import torch
from torch.nn import functional

import features
from model import ByteModel, Shape
from muon import Muon

LEAD = 8  # bytes before a window that its first hashes see


class Mixture:
    """Windows at random places of each kind of text, each kind as often as the mixture says."""

    def __init__(self, folder, weights, suffix, seed):
        self.texts = {
            kind: np.frombuffer((folder / f"{kind}.{suffix}").read_bytes(), np.uint8)
            for kind in weights
        }
        self.kinds = list(weights)
        total = sum(weights.values())
        self.shares = [weights[kind] / total for kind in self.kinds]
        self.random = np.random.default_rng(seed)

    def windows(self, count, length):
        kinds = self.random.choice(len(self.kinds), count, p=self.shares)
        windows = np.empty((count, LEAD + length), np.uint8)
        for i, kind in enumerate(kinds):
            text = self.texts[self.kinds[kind]]
            begin = self.random.integers(0, len(text) - LEAD - length)
            windows[i] = text[begin : begin + LEAD + length]
        return windows


def batch_of(windows, shape, device):
    """Inputs, rows of the tables, targets: the first input of each window is the begin symbol."""
    recent = features.recent_bytes(windows[:, :-1], LEAD - 1)
    recent[:, 0] = 0
    tokens = windows[:, LEAD - 1 : -1].astype(np.int64)
    tokens[:, 0] = 0
    rows = features.table_rows(recent, shape.orders, shape.table_bits)
    targets = windows[:, LEAD:].astype(np.int64)
    return tuple(
        [torch.from_numpy(r).to(device) for r in part] if isinstance(part, list)
        else torch.from_numpy(part).to(device)
        for part in (tokens, rows, targets)
    )


def narrow(device):
    """bfloat16 where it is worth it: matrix products."""
    if device == "cpu":
        return torch.autocast("cpu", torch.bfloat16)
    return torch.autocast(device, torch.bfloat16)


def loss_of(model, windows, device, quantised):
    tokens, rows, targets = batch_of(windows, model.shape, device)
    logits = model(tokens, rows, quantised)
    return functional.cross_entropy(logits.float().flatten(0, 1), targets.flatten())


@torch.no_grad()
def held_out(model, folder, kinds, device, quantised, windows=24):
    """Bits per byte of each kind, over the same windows every time."""
    bits = {}
    for kind in kinds:
        sample = Mixture(folder, {kind: 1}, "valid", 1).windows(windows, model.shape.context)
        with narrow(device):
            bits[kind] = loss_of(model, sample, device, quantised).item() / np.log(2)
    return bits


def rate(passed):
    """Of learning, by the share of the run that has passed: up, level, straight down."""
    return min(passed / 0.02 + 0.02, 1.0, (1.0 - passed) / 0.55 + 0.01)


def optimisers(model):
    matrices = [p for block in model.blocks for p in block.parameters() if p.dim() == 2]
    chosen = {id(p) for p in matrices}
    others = [p for p in model.parameters() if id(p) not in chosen]
    return [Muon(matrices, lr=0.02), torch.optim.Adam(others, lr=0.004, betas=(0.9, 0.98))]


class Clock:
    """How much of the run has passed."""

    def __init__(self, minutes, steps):
        self.begin, self.minutes, self.steps = time.time(), minutes, steps

    def passed(self, step):
        if self.steps:
            return step / self.steps
        return (time.time() - self.begin) / 60 / self.minutes


def save(model, out, log):
    state = {"shape": dataclasses.asdict(model.shape), "weights": model.state_dict()}
    torch.save(state, out / "checkpoint.new")
    (out / "checkpoint.new").replace(out / "checkpoint.pt")
    (out / "log.json").write_text(json.dumps(log))


def train(model, mixture, arguments, weights):
    steps_of = optimisers(model)
    base = [group["lr"] for o in steps_of for group in o.param_groups]
    clock = Clock(arguments.minutes, arguments.steps)
    log, step, seen, saved = [], 0, 0, time.time()
    losses = []
    while (passed := clock.passed(step)) < 1:
        for group, lr in zip((g for o in steps_of for g in o.param_groups), base):
            group["lr"] = lr * rate(passed) * arguments.rate
        length = model.shape.context // 2 if passed < arguments.short else model.shape.context
        windows = mixture.windows(arguments.batch // length, length)
        with narrow(arguments.device):
            loss = loss_of(model, windows, arguments.device, passed >= arguments.round_from)
        loss.backward()
        for optimiser in steps_of:
            optimiser.step()
            optimiser.zero_grad()
        step, seen = step + 1, seen + windows.shape[0] * length
        losses.append(loss.item() / np.log(2))
        if step % 20 == 0:
            log.append({"step": step, "bytes": seen, "passed": passed, "train": np.mean(losses)})
            losses = []
            print(json.dumps(log[-1]), flush=True)
        if time.time() - saved > arguments.save_every:
            quantised = passed >= arguments.round_from
            bits = held_out(model, arguments.data, weights, arguments.device, quantised)
            log.append({"step": step, "bytes": seen, "passed": passed, "valid": bits})
            print(json.dumps(log[-1]), flush=True)
            save(model, arguments.out, log)
            saved = time.time()
    # The last figure is of more windows, so it is no point of the curve.
    bits = held_out(model, arguments.data, weights, arguments.device, True, windows=96)
    log.append({"step": step, "bytes": seen, "passed": 1.0, "final": bits})
    save(model, arguments.out, log)
    print(json.dumps(log[-1]), flush=True)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--mixture", required=True, type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--batch", type=int, default=8192, help="bytes of a step")
    parser.add_argument("--short", type=float, default=0.6, help="share of half-length windows")
    parser.add_argument("--round-from", type=float, default=0.8, help="when rounding begins")
    parser.add_argument("--save-every", type=float, default=240, help="seconds")
    parser.add_argument("--rate", type=float, default=1, help="of learning, times the usual")
    parser.add_argument("--begin", type=pathlib.Path, help="a checkpoint whose weights to go on from")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--shape", type=json.loads, default={}, help="JSON, as in model.py")
    return parser.parse_args()


def main():
    arguments = parsed()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    weights = json.loads(arguments.mixture.read_text())
    model = ByteModel(Shape(**arguments.shape)).to(arguments.device)
    if arguments.begin:
        model.load_state_dict(torch.load(arguments.begin, map_location="cpu")["weights"])
    mixture = Mixture(arguments.data, weights, "train", arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    train(model, mixture, arguments, weights)


if __name__ == "__main__":
    main()
