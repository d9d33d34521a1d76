"""What tests of plans and their cells share."""
import json
import random

from program import QUICK, ProgramTest

SEED = 20240517
CODECS = "store,honest,huffman,rans:order=0,crasher,liar"
# A third of a second a block, as a program that waits before it copies.
SLOW = "cmd:name=slow;encode=sh -c 'sleep 0.3; cp \"$0\" \"$1\"' {in} {out};decode=cp {in} {out}"


def cells(run):
    return [(r["codec"], r["document"], r.get("block_bytes"), r["outcome"], r.get("encoded_bytes"), r.get("encoded_hash"))
            for r in run["records"]]


class Cells(ProgramTest):
    def setUp(self):
        super().setUp()
        random.seed(SEED)
        (self.folder / "data").mkdir()
        for name in ("one", "two", "three"):
            self.file(f"data/{name}.txt", bytes(random.choices(b"abcdefgh \n", k=20000)))
        self.what = ("--corpus", "data", "--codec", CODECS, *QUICK)

    def plan(self, *arguments):
        self.run_program("plan", *(arguments or self.what))
        lines = (self.folder / "plan.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def exec(self, *arguments, expect=0, plan="plan.jsonl"):
        return self.run_program("exec", "--plan", plan, *arguments, expect=expect)[1]

    def merge(self, expect=0, folder="."):
        _, err = self.run_program("merge", folder, "-o", "merged.json", expect=expect)
        return self.run_json("merged.json"), err

    def results(self):
        return sorted((self.folder / "results").glob("*.json"))

    def suite(self, **members):
        self.file("suite.json", json.dumps({"evalzip_suite": 1, **members}).encode())
        return "suite.json"
