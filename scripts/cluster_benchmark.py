#!/usr/bin/env python3
"""How fast a large plan is made, submitted and merged.

usage: cluster_benchmark.py EVALZIP [--documents N]

Plans 20 codec settings on N small documents (preset 500: 10,000 cells), submits them to a Slurm cluster of
emulated nodes (where Slurm is installed), runs them, and merges their results. Prints a line for each and
exits with 1 if a bound is missed. Seconds are of the clock on the wall: let nothing else run.
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "slurm"))
from slurm_cluster import Cluster, missing_programs  # noqa: E402

SETTINGS = 20
PLAN_SECONDS, SUBMIT_SECONDS, MERGE_SECONDS = 1, 5, 5
WHAT = ("--corpus", "data", "--codec", f"zstd:1..{SETTINGS}", "--samples", "1", "--rounds", "1", "--min-time", "1ms")


class Bench:
    def __init__(self, evalzip, folder, environment):
        self.evalzip = str(Path(evalzip).resolve())
        self.folder = folder
        self.environment = environment
        self.good = True

    def run(self, *arguments):
        """Seconds it took, and what it said."""
        start = time.monotonic()
        done = subprocess.run([self.evalzip, *arguments], cwd=self.folder, env=self.environment, capture_output=True,
                              text=True)
        if done.returncode != 0:
            sys.exit(f"{arguments}: {done.returncode}\n{done.stderr}")
        return time.monotonic() - start, done.stderr.splitlines()[-1] if done.stderr else ""

    def tell(self, what, seconds, bound):
        self.good = self.good and seconds <= bound
        print(f"{'ok  ' if seconds <= bound else 'FAIL'} {what}: {seconds:.2f} s, at most {bound}", flush=True)


def bench_plan(bench, cells):
    bench.run("plan", *WHAT)  # hashes of files are remembered
    seconds, _ = bench.run("plan", *WHAT)
    bench.tell(f"plan of {cells} cells", seconds, PLAN_SECONDS)


def bench_submission(bench):
    seconds, _ = bench.run("run", *WHAT, "--executor", "slurm", "--bundle", "5s", "--detach")
    tasks = sum(len(file.read_text().splitlines()) for file in bench.folder.glob("run.json.cells/submit/*/*.tasks"))
    bench.tell(f"planned and submitted in {tasks} tasks", seconds, SUBMIT_SECONDS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evalzip")
    parser.add_argument("--documents", type=int, default=500)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as slurm:
        folder = Path(name)
        (folder / "data").mkdir()
        numbers = random.Random(7)
        for i in range(arguments.documents):
            (folder / "data" / f"{i}.txt").write_bytes(bytes(numbers.choices(b"abcdef ", k=300)))
        missing = missing_programs()
        cluster = None if missing else Cluster(slurm)
        try:
            environment = dict(cluster.environment if cluster else os.environ, XDG_CACHE_HOME=name)
            bench = Bench(arguments.evalzip, folder, environment)
            cells = SETTINGS * arguments.documents
            bench_plan(bench, cells)
            if cluster:
                bench_submission(bench)
                cluster.wait_until(lambda: not cluster.queue(), "the queue is empty", 7200)
                seconds, _ = bench.run("merge", "run.json.cells", "-o", "merged.json")
            else:
                print(f"not submitted: Slurm is not installed (no {', '.join(missing)})")
                bench.run("exec", "--plan", "plan.jsonl")
                seconds, _ = bench.run("merge", ".", "-o", "merged.json")
            bench.tell(f"merge of {cells} results", seconds, MERGE_SECONDS)
        finally:
            left = cluster.stop() if cluster else []
        if left:
            sys.exit(f"daemons that did not end: {left}")
    return 0 if bench.good else 1


if __name__ == "__main__":
    sys.exit(main())
