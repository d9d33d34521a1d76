#!/usr/bin/env python3
"""How fast evalzip compares large runs and keeps long histories, and what of a history survives.

usage: tracking_benchmark.py EVALZIP [--cells N] [--values N]

Compares two runs of N cells; imports N values into a history and looks for changes in it; kills an
import in its midst; lets two import at once. Prints a line for each, exits with 1 if a bound is
missed. Seconds are of the clock on the wall: let nothing else run.
"""
import argparse
import copy
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = 20


class Bench:
    def __init__(self, evalzip, folder):
        self.evalzip = str(Path(evalzip).resolve())
        self.folder = folder
        self.good = True
        (folder / "text.txt").write_bytes(b"some text, again and again; " * 500)
        self.run("run", "--corpus", "text.txt", "--codec", "huffman", "--samples", str(SAMPLES), "--min-time", "1ms",
                 "--rounds", "1", "--quiet", "--out", "template.json")
        self.template = json.loads((folder / "template.json").read_text())
        self.random = random.Random(7)

    def run(self, *arguments, expect=(0,)):
        """Seconds it took, and its output."""
        start = time.monotonic()
        done = subprocess.run([self.evalzip, *arguments], cwd=self.folder, capture_output=True, text=True)
        seconds = time.monotonic() - start
        if done.returncode not in expect:
            sys.exit(f"{arguments}: {done.returncode}\n{done.stderr}")
        return seconds, done.stdout

    def tell(self, line, holds):
        self.good = self.good and holds
        print(f"{'ok  ' if holds else 'FAIL'} {line}", flush=True)

    def write_run(self, name, cells, day=0, slower=1.0):
        run = copy.deepcopy(self.template)
        run["environment"].update(started_utc=f"2026-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}T00:00:{day // 336:02}Z",
                                  commit=f"commit{day}")
        one = run["records"][0]
        run["records"] = []
        for cell in range(cells):
            record = {**one, "document": f"document{cell}", "key": f"{cell:032x}"}
            for field in ("encode_seconds", "decode_seconds", "encode_cpu_seconds", "decode_cpu_seconds"):
                record[field] = [slower * (1 + self.random.random() / 20) / 1000 for _ in range(SAMPLES)]
            run["records"].append(record)
        (self.folder / name).write_text(json.dumps(run))
        return name

    def compare(self, cells):
        self.write_run("a.json", cells)
        self.write_run("b.json", cells, slower=1.2)
        seconds = min(self.run("compare", "a.json", "b.json", "--format", "junit")[0] for _ in range(3))
        self.tell(f"two runs of {cells} cells compared in {seconds:.2f} s", seconds < 1)

    def history(self, values):
        per_cell = 6  # size, ideal bits, two peaks, two times
        days = 200
        cells = -(-values // (days * per_cell))
        files = [self.write_run(f"run{day}.json", cells, day, 1.1 if day >= 120 else 1.0) for day in range(days)]
        seconds, _ = self.run("history", "import", *files, "--file", "h.db")
        rows = sum(int(line.split()[2]) for line in self.run("history", "list", "--file", "h.db")[1].splitlines())
        self.tell(f"{rows} values imported in {seconds:.1f} s: {rows / seconds:.0f} a second",
                  rows >= values and rows / seconds > 50_000)
        seconds, out = self.run("history", "changes", "--file", "h.db")
        count = int(out.splitlines()[-1].split()[0])
        self.tell(f"{count} changes found in {seconds:.1f} s; {2 * cells} were made", seconds < 5 and count >= 2 * cells)
        return files

    def killed(self, files):
        """Every run that is there is there wholly, and a second import adds what is not."""
        whole = int(self.run("history", "list", "--file", "h.db")[1].splitlines()[0].split()[2])
        kills = partial = 0
        for attempt in range(12):
            process = subprocess.Popen([self.evalzip, "history", "import", *files, "--file", "killed.db"], cwd=self.folder,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(0.15 * (attempt + 1))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
            if (self.folder / "killed.db").exists():
                lines = self.run("history", "list", "--file", "killed.db")[1].splitlines()
                partial += sum(int(line.split()[2]) != whole for line in lines)
        self.run("history", "import", *files, "--file", "killed.db")
        total = len(self.run("history", "list", "--file", "killed.db")[1].splitlines())
        self.tell(f"{kills} imports killed: {partial} runs in part; {total} of {len(files)} there in the end",
                  kills > 0 and partial == 0 and total == len(files))

    def two_writers(self, files):
        half = len(files) // 2
        writers = [subprocess.Popen([self.evalzip, "history", "import", *part, "--file", "two.db"], cwd=self.folder,
                                    stdout=subprocess.DEVNULL) for part in (files[:half], files[half:])]
        codes = [writer.wait() for writer in writers]
        total = len(self.run("history", "list", "--file", "two.db")[1].splitlines())
        self.tell(f"two writers at once: exits {codes}, {total} of {len(files)} runs", codes == [0, 0] and total == len(files))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("evalzip")
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--values", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.evalzip, Path(folder))
        bench.compare(options.cells)
        files = bench.history(options.values)
        bench.killed(files)
        bench.two_writers(files)
    return 0 if bench.good else 1


if __name__ == "__main__":
    sys.exit(main())
