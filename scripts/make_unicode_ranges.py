#!/usr/bin/env python3
"""Writes codecs/llm/unicode_ranges.cpp: the characters of general categories L and N.

usage: make_unicode_ranges.py UnicodeData.txt > codecs/llm/unicode_ranges.cpp

UnicodeData.txt is in Debian's package unicode-data, under /usr/share/unicode; 15.0 was used.
"""
import sys


def read_categories(path: str) -> dict:
    """Code point -> first letter of its general category; ranges are given by their two ends."""
    categories, first = {}, None
    with open(path, encoding="ascii") as lines:
        for line in lines:
            code, name, category = line.split(";")[:3]
            point = int(code, 16)
            start = first if name.endswith(", Last>") else point
            first = point if name.endswith(", First>") else None
            for character in range(start, point + 1):
                categories[character] = category[0]
    return categories


def ranges_of(categories: dict, wanted: str) -> list:
    ranges = []
    for point in sorted(point for point, category in categories.items() if category == wanted):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return ranges


def print_table(name: str, ranges: list):
    print(f"constexpr CharacterRange {name}[] = {{")
    line = "   "
    for i, (first, last) in enumerate(ranges):
        item = f" {{{first:#x}, {last:#x}}}" + ("," if i + 1 < len(ranges) else "};")
        if len(line) + len(item) > 100:
            print(line)
            line = "   "
        line += item
    print(line + "\n")


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    categories = read_categories(sys.argv[1])
    print("// Written by scripts/make_unicode_ranges.py from Unicode 15.0.\n"
          '#include "codecs/llm/unicode_ranges.h"\n\nnamespace evalzip {\nnamespace {\n')
    print("// clang-format off")
    print_table("kLetters", ranges_of(categories, "L"))
    print_table("kNumbers", ranges_of(categories, "N"))
    print("// clang-format on\n}  // namespace\n")
    print("std::span<const CharacterRange> letter_ranges() { return kLetters; }\n")
    print("std::span<const CharacterRange> number_ranges() { return kNumbers; }\n")
    print("}  // namespace evalzip")
    return 0


if __name__ == "__main__":
    sys.exit(main())
