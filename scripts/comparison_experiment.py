#!/usr/bin/env python3
"""How often evalzip's comparisons cry wolf, and what they find: run it on the machine in question.

usage: comparison_experiment.py EVALZIP WASTEFUL_CODECS [--same N] [--injected N] [--counted N]
                                [--codecs LIST] [--min-time TIME]

Compares identical code N times with each codec, then a codec with itself slowed by 8 and by 15
percent, made to write one byte more, and made to execute two percent more instructions. Prints a
line for each experiment; exits with 1 if a bound is missed.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Experiment:
    def __init__(self, options, folder: Path):
        self.options = options
        self.folder = folder
        random.seed(7)
        words = [bytes(random.choices(b"etaoinshrdlu", k=random.randint(2, 9))) for _ in range(2000)]
        text = b" ".join(random.choices(words, k=40000))[:131072]
        (folder / "text.txt").write_bytes(text)

    def evalzip(self, *arguments):
        return subprocess.run([self.options.evalzip, *arguments], cwd=self.folder, capture_output=True, text=True,
                              env={"PATH": "/usr/bin:/bin", "EVALZIP_PLUGIN_PATH": self.options.plugin})

    def ab(self, base, head, *arguments):
        """The comparison as JSON."""
        done = self.evalzip("ab", "--base", base, "--head", head, "--corpus", "text.txt", "--quiet", "--format", "json",
                            "--min-time", self.options.min_time, *arguments)
        if done.returncode not in (0, 1):
            sys.exit(f"{done.args}: {done.returncode}\n{done.stderr}")
        return json.loads(done.stdout)

    def count(self, codec, name):
        done = self.evalzip("run", "--corpus", "text.txt", "--codec", codec, "--samples", "1", "--rounds", "1",
                            "--min-time", "1ms", "--instructions", "--quiet", "--out", name)
        if done.returncode != 0:
            sys.exit(f"{done.args}: {done.returncode}\n{done.stderr}")
        return json.loads((self.folder / name).read_text())


def regressed(comparison, metrics):
    return [f for f in comparison["findings"] if f["verdict"] == "regressed" and f["metric"] in metrics]


SPEED = ("encode_seconds", "decode_seconds")


def same_code(experiment, repeats):
    """(comparisons, false alarms on speed, on anything else, inconclusive cells)"""
    speed = exact = unsure = total = 0
    for _ in range(repeats):
        comparison = experiment.ab(experiment.options.codecs, experiment.options.codecs)
        cells = lambda found: len({(f["codec"], f["document"]) for f in found})
        total += comparison["cells"]
        speed += cells(regressed(comparison, SPEED))
        exact += cells([f for f in comparison["findings"] if f["verdict"] == "regressed" and f["metric"] not in SPEED])
        unsure += cells([f for f in comparison["findings"] if f["verdict"] == "inconclusive"])
    return total, speed, exact, unsure


def found(experiment, repeats, setting, metrics, *arguments):
    return sum(bool(regressed(experiment.ab("waster", setting, *arguments), metrics)) for _ in range(repeats))


def counted(experiment, repeats):
    """(largest relative difference of counts of the same code, times that 2 % more were found)"""
    worst, hits = 0.0, 0
    for codec in experiment.options.codecs.split(","):
        counts = [experiment.count(codec, "count.json")["records"][0]["encode_instructions"] for _ in range(repeats)]
        worst = max(worst, max(counts) / min(counts) - 1)
    for _ in range(repeats):
        experiment.count("waster", "base.json")
        head = experiment.count("waster:waste=2", "head.json")
        base = json.loads((experiment.folder / "base.json").read_text())
        head["records"][0]["codec"] = base["records"][0]["codec"]
        (experiment.folder / "head.json").write_text(json.dumps(head))
        done = experiment.evalzip("compare", "base.json", "head.json", "--format", "json")
        hits += bool(regressed(json.loads(done.stdout), ("encode_instructions",)))
    return worst, hits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("evalzip")
    parser.add_argument("plugin")
    parser.add_argument("--same", type=int, default=40)
    parser.add_argument("--injected", type=int, default=25)
    parser.add_argument("--counted", type=int, default=10)
    parser.add_argument("--codecs", default="huffman,rans,arithmetic,zlib:6,zstd:3")
    parser.add_argument("--min-time", default="10ms")
    options = parser.parse_args()
    options.evalzip = str(Path(options.evalzip).resolve())
    options.plugin = str(Path(options.plugin).resolve())
    good = True

    def tell(line, holds):
        nonlocal good
        good = good and holds
        print(f"{time.strftime('%H:%M:%S')} {'ok  ' if holds else 'FAIL'} {line}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        experiment = Experiment(options, Path(folder))
        total, speed, exact, unsure = same_code(experiment, options.same)
        tell(f"{total} comparisons of identical code: {speed} false regressions on speed, {exact} on sizes and memory, "
             f"{unsure} inconclusive", speed <= max(1, total // 200) and exact == 0)
        n = options.injected
        for percent, share in ((8, 0.80), (15, 0.95)):
            hits = found(experiment, n, f"waster:waste={percent}", SPEED)
            tell(f"+{percent} % of time found in {hits} of {n}", hits >= share * n)
        hits = found(experiment, n, "waster:extra=1", ("encoded_bytes",), "--samples", "10")
        tell(f"one byte more found in {hits} of {n}", hits == n)
        worst, hits = counted(experiment, options.counted)
        tell(f"instruction counts of identical code differ by at most {worst:.1e}; +2 % found in {hits} of "
             f"{options.counted}", worst < 1e-3 and hits == options.counted)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
