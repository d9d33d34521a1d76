#!/usr/bin/env python3
"""Runs clang-tidy on every C++ source that a build tree compiles, on all cores.

usage: check_tidy.py BUILD-TREE [SOURCE...]

A source that was found clean is not read again while it, the headers of ours that it includes, its
compiler command, .clang-tidy and clang-tidy's version stay as they are. The verdicts are kept in
build/tidy, or in the folder that EVALZIP_TIDY_CACHE names; they hold for other clones too.
Exits with 77 if there is no clang-tidy.
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
# The compiler of the tree may know warnings that clang does not.
EXTRA = ("--quiet", "--extra-arg=-Wno-unknown-warning-option")


def with_headers(source: Path) -> list:
    """The source and every file of ours that it includes, directly or not, in a fixed order."""
    found, waiting = {source}, [source]
    while waiting:
        for name in INCLUDE.findall(waiting.pop().read_bytes()):
            header = ROOT / name.decode()
            if header not in found and header.is_file():
                found.add(header)
                waiting.append(header)
    return sorted(found)


def compiled_sources(tree: Path, wanted: list) -> dict:
    """C++ sources of ours -> compiler command; generated ones are left out."""
    commands = {}
    for entry in json.loads((tree / "compile_commands.json").read_text()):
        source = Path(entry["directory"], entry["file"]).resolve()
        ours = source.is_relative_to(ROOT) and not source.is_relative_to(ROOT / "build")
        if ours and source.suffix == ".cpp" and (not wanted or source in wanted):
            commands[source] = entry["command"]
    return commands


def key_of(source: Path, command: str, version: bytes) -> str:
    """A hash of all that the verdict depends on but the system's own headers."""
    rules = [ROOT / ".clang-tidy", ROOT / "tests" / ".clang-tidy"]
    digest = hashlib.sha256(version + b"".join(file.read_bytes() for file in rules))
    digest.update(command.replace(str(ROOT), ".").encode())
    for file in with_headers(source):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    tidy = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")
    if tidy is None:
        print("skipped: there is no clang-tidy here")
        return 77
    tree = Path(sys.argv[1]).resolve()
    commands = compiled_sources(tree, [Path(name).resolve() for name in sys.argv[2:]])
    version = subprocess.run([tidy, "--version"], capture_output=True, check=True).stdout
    clean = Path(os.environ.get("EVALZIP_TIDY_CACHE") or ROOT / "build" / "tidy")
    clean.mkdir(parents=True, exist_ok=True)

    def check(source: Path) -> str:
        """'unchanged', 'clean' or 'faulty'; what clang-tidy found is printed."""
        verdict = clean / key_of(source, commands[source], version)
        if verdict.exists():
            return "unchanged"
        done = subprocess.run([tidy, "-p", tree, *EXTRA, source], capture_output=True, text=True)
        if done.returncode == 0:
            verdict.touch()
            return "clean"
        print(done.stdout or done.stderr, flush=True)
        return "faulty"

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as cores:
        verdicts = list(cores.map(check, sorted(commands)))
    print(", ".join(f"{verdicts.count(v)} {v}" for v in ("unchanged", "clean", "faulty")))
    return 1 if "faulty" in verdicts or not verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
