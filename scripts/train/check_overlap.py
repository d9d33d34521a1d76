#!/usr/bin/env python3
"""Fails if text to train on shares a sequence of twelve words with a corpus to be measured on.

usage: check_overlap.py --corpora FOLDER_OR_FILE... [--leave-out PREFIX...] --text FILE...
"""
import argparse
import pathlib
import sys

import overlap


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpora", nargs="+", required=True, type=pathlib.Path)
    parser.add_argument("--leave-out", nargs="*", default=[])
    parser.add_argument("--text", nargs="+", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    files = []
    for place in arguments.corpora:
        files += overlap.corpora_under(place, arguments.leave_out) if place.is_dir() else [place]
    corpora = overlap.Corpora(files)
    if len(corpora.hashes) == 0:
        sys.exit("error: the corpora hold no sequence of words; name the right folder")
    found = 0
    for path in arguments.text:
        for begin, text in pieces(path):
            for place in corpora.hits(text):
                found += 1
                if found <= 10:
                    print(f"{path}: byte {begin + place}: {text[place : place + 80]!r}")
    print(f"{len(corpora.hashes)} sequences of {len(files)} corpora; {found} found in the text")
    sys.exit(1 if found else 0)


def pieces(path, lead=1024):
    """A file in pieces that overlap enough for every sequence to lie whole in one."""
    data = path.read_bytes()
    for begin in range(0, len(data), overlap.PIECE):
        first = max(0, begin - lead)
        yield first, data[first : begin + overlap.PIECE]


if __name__ == "__main__":
    main()
