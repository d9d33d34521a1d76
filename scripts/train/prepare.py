#!/usr/bin/env python3
"""Builds the text that the byte-level model is trained on, from the sources listed in a file.

usage: prepare.py --sources sources.json --root NAME=FOLDER... --corpora FOLDER --out FOLDER

For each kind of source: reads its documents, drops those seen before (exactly, or in more than a
fifth of their word sequences), cuts out what shares twelve words in a row with a corpus, and
writes KIND.train and KIND.valid, which is about one document in fifty.
"""
import argparse
import glob
import hashlib
import json
import pathlib
import random
import re

import numpy as np

import overlap

PIECE = 2048  # what is cut out around an overlap
MOST_SEEN = 0.2


class Seen:
    """Which word sequences earlier documents had: a sample of them, in a table of marks."""

    def __init__(self):
        self.marks = np.zeros(1 << 27, bool)

    def share(self, text):
        hashes = overlap.hashes_of(text)
        sample = hashes[hashes % np.uint64(4) == 0] >> np.uint64(37)
        share = self.marks[sample].mean() if len(sample) else 0.0
        self.marks[sample] = True
        return share


def documents(source, roots, generator):
    root = roots[source["root"]]
    paths = sorted(p for pattern in source["files"] for p in glob.glob(f"{root}/{pattern}", recursive=True))
    paths = [p for p in paths if pathlib.Path(p).is_file()]
    generator.shuffle(paths)
    for path in paths:
        try:
            texts = overlap.unpacked(path)
        except (OSError, EOFError):
            continue
        for text in texts:
            if "split" in source:
                yield from (part for part in re.split(source["split"].encode(), text) if part)
            else:
                yield text


def is_text(text):
    return b"\0" not in text[:4096]


def without_overlap(text, corpora):
    """The text without the pieces that overlap; empty if a tenth of them do."""
    hits = corpora.hits(text)
    if len(hits) == 0:
        return text
    bad = set()
    for hit in hits:
        bad.update((max(0, hit - 200) // PIECE, (hit + 200) // PIECE))
    pieces = [text[i : i + PIECE] for i in range(0, len(text), PIECE)]
    if len(bad) * 10 > len(pieces):
        return b""
    kept = [piece for i, piece in enumerate(pieces) if i not in bad]
    return without_overlap(b"".join(kept), corpora)


class Kind:
    def __init__(self):
        self.train, self.valid = [], []
        self.dropped = {"duplicate": 0, "near duplicate": 0, "overlap": 0, "not text": 0}

    def add(self, text):
        to_valid = hashlib.sha256(text).digest()[0] < 5
        (self.valid if to_valid else self.train).append(text)


def gather(source, roots, state, kind):
    generator = random.Random(source["name"])
    taken, cut = 0, 0
    for text in documents(source, roots, generator):
        if taken >= source.get("most", 1 << 40):
            break
        digest = hashlib.sha256(text).digest()
        reason = None
        if not is_text(text):
            reason = "not text"
        elif digest in state["digests"]:
            reason = "duplicate"
        state["digests"].add(digest)
        if reason is None and state["seen"].share(text) > MOST_SEEN:
            reason = "near duplicate"
        kept = b"" if reason else without_overlap(text, state["corpora"])
        if reason is None and not kept:
            reason = "overlap"
        if reason:
            kind.dropped[reason] += 1
            continue
        cut += len(text) - len(kept)
        taken += len(kept)
        kind.add(kept)
    return {"name": source["name"], "bytes": taken, "cut bytes": cut}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sources", required=True, type=pathlib.Path)
    parser.add_argument("--root", action="append", default=[], help="NAME=FOLDER")
    parser.add_argument("--corpora", required=True, type=pathlib.Path)
    parser.add_argument("--leave-out", nargs="*", default=["books-train"])
    parser.add_argument("--out", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    roots = dict(root.split("=", 1) for root in arguments.root)
    files = overlap.corpora_under(arguments.corpora, arguments.leave_out)
    state = {"corpora": overlap.Corpora(files), "seen": Seen(), "digests": set()}
    arguments.out.mkdir(parents=True, exist_ok=True)
    report = []
    kinds = {}
    for source in json.loads(arguments.sources.read_text())["sources"]:
        kind = kinds.setdefault(source["kind"], Kind())
        report.append(gather(source, roots, state, kind))
        print(report[-1], kind.dropped, flush=True)
    for name, kind in kinds.items():
        random.Random(name).shuffle(kind.train)
        (arguments.out / f"{name}.train").write_bytes(b"\n\n".join(kind.train))
        (arguments.out / f"{name}.valid").write_bytes(b"\n\n".join(kind.valid))
    (arguments.out / "report.json").write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
