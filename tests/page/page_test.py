"""Opens the HTML report in Chromium and drives it (page_test.mjs).

Needs Chromium, Node.js and, once, `npm ci --prefix tests/page`; exits with 77 where one is missing.
EVALZIP_PAGE_SHOTS names a folder for screenshots to look at.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def record(generator, corpus, document, codec, original, ratio, speed):
    def seconds():
        return [original / 1e6 / speed * generator.uniform(1, 1.03) for _ in range(6)]
    encode, decode = seconds(), seconds()
    return {"key": f"{corpus}/{document}/{codec}", "codec": codec, "version": "1", "corpus": corpus,
            "document": document, "sha256": "", "outcome": "ok", "detail": "", "original_bytes": original,
            "encoded_bytes": int(original / ratio), "encoded_hash": "", "threads": 1,
            "encode_seconds": encode, "decode_seconds": [s / 4 for s in decode], "encode_cpu_seconds": encode,
            "decode_cpu_seconds": [], "encode_rounds": [0, 0, 1, 1, 2, 2], "decode_rounds": [0, 0, 1, 1, 2, 2]}


def made_up_run():
    """Two corpora and nine settings, one with a hostile name; numbers that nobody measured."""
    generator = random.Random(20250131)
    settings = [("zstd:1", 2.9, 500), ("zstd:19", 3.9, 3), ("zlib:6", 3.0, 60), ("brotli:5", 3.3, 70),
                ("lz4", 2.1, 700), ("huffman", 1.6, 900), ("rans", 1.61, 800), ("store", 1, 9000),
                ("<b>&\"x\u202e", 2, 1)]
    records = [record(generator, corpus, f"file {n}", codec, 1000000 * (n + 1), ratio * (1 + n / 20), speed)
               for corpus in ("canterbury", "silesia") for n in range(3) for codec, ratio, speed in settings]
    environment = {name: "x" for name in (
        "evalzip_version", "commit", "started_utc", "finished_utc", "host", "os", "kernel", "cpu", "microcode",
        "governor", "libc", "compiler", "flags", "build_type")}
    environment |= {"arguments": ["run"], "logical_cpus": 2, "usable_cpus": 2, "memory_bytes": 1, "libraries": [],
                    "warnings": []}
    return {"schema": 1, "complete": True, "wall_seconds": 1, "codec_seconds": 1, "environment": environment,
            "settings": {"seed": 1, "samples": 6, "rounds": 3, "exact_samples": False, "min_time_seconds": 0.1,
                         "threads": 1},
            "order": [], "records": records}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def main():
    if CHROMIUM is None:
        skip("there is no Chromium")
    if shutil.which("node") is None:
        skip("there is no Node.js")
    if not (HERE / "node_modules" / "playwright-core").exists():
        skip("there is no Playwright: npm ci --prefix tests/page")
    with tempfile.TemporaryDirectory(prefix="evalzip-page-") as folder:
        run, page = Path(folder) / "run.json", Path(folder) / "page.html"
        run.write_text(json.dumps(made_up_run()))
        subprocess.run([os.environ["EVALZIP"], "report", run, "--format", "html", "--out", page], check=True)
        shots = os.environ.get("EVALZIP_PAGE_SHOTS", folder)
        environment = os.environ | {"HOME": folder}
        return subprocess.run(["node", HERE / "page_test.mjs", page, CHROMIUM, shots], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
