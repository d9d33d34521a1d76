#!/usr/bin/env python3
"""Fails if the repository holds what belongs to one machine, or a file too big for it.

usage: check_hygiene.py [ROOT]

Exits with 77 if ROOT is not a git checkout.
"""
import re
import subprocess
import sys
from pathlib import Path

MOST_BYTES = 2 << 20
MAY_BE_BIG = "models/"
HOME = rb"/(?:home|Users)/[A-Za-z0-9._-]+/"
# What a path is not preceded by where it begins.
BEGIN = rb"(?<![A-Za-z0-9._${}()/-])"


def machine_paths(root: Path) -> re.Pattern:
    """Matches folders of people, this tree's own path and the folder it lies in; paths like /src are
    too short to tell anything."""
    told = [path for path in (root, root.parent) if len(path.parts) > 2]
    here = [re.escape(str(path).encode()) + rb"(?![A-Za-z0-9_-])" for path in told]
    return re.compile(BEGIN + rb"(?:" + rb"|".join([HOME, *here]) + rb")")


def find_problems(root: Path, names: list):
    """Every breach as 'path:line: what is wrong'; `names` are paths from the root."""
    paths = machine_paths(root)
    for name in names:
        file = root / name
        if file.is_symlink() or not file.is_file():
            continue
        content = file.read_bytes()
        if len(content) > MOST_BYTES and not name.startswith(MAY_BE_BIG):
            yield f"{name}:1: {len(content)} bytes, where {MOST_BYTES} are allowed"
        for match in paths.finditer(content):
            number = content.count(b"\n", 0, match.start()) + 1
            yield f"{name}:{number}: a path of one machine: {match.group().decode()}"


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) == 2 else Path(__file__).parent.parent).resolve()
    if not (root / ".git").exists():
        print("skipped: this is not a git checkout")
        return 77
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True,
                            check=True).stdout
    problems = list(find_problems(root, listed.decode().split("\0")[:-1]))
    print("\n".join(problems + [f"{len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
