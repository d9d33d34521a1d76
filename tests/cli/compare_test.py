"""`evalzip compare`, `baseline` and `history`, and what they write for continuous integration."""
import copy
import json
import shutil
import subprocess
import unittest

from program import ProgramTest

HOSTILE = "<b>x</b> ::error::a %0A'; DROP TABLE run; --@all|`|"


class CompareTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("text.txt", b"some text, again and again; " * 500)
        self.run_program("run", "--corpus", "text.txt", "--codec", "huffman,honest,store", "--min-time", "1ms",
                         "--samples", "8", "--out", "base.json", "--quiet")
        self.base = json.loads((self.folder / "base.json").read_text())

    def head(self, change, name="head.json"):
        """A file that holds the run after change(run)."""
        run = copy.deepcopy(self.base)
        change(run)
        self.file(name, json.dumps(run).encode())
        return name

    def larger(self, name="head.json"):
        def change(run):
            run["records"][0]["encoded_bytes"] += 1
        return self.head(change, name)

    def test_a_run_compared_with_itself_has_no_regression(self):
        out, _ = self.run_program("compare", "base.json", "base.json")
        self.assertIn("3 cells compared", out)
        self.assertNotIn("Regressed", out)

    def test_one_byte_more_exits_with_1_and_is_named(self):
        out, _ = self.run_program("compare", "base.json", self.larger(), expect=1)
        self.assertIn("Regressed (1)", out)
        self.assertIn("encoded_bytes", out)

    def test_exit_codes_tell_what_happened(self):
        def broken(run):
            run["records"][0].update(outcome="mismatch", detail="differs")

        def failed(run):
            run["records"][0].update(outcome="crashed", detail="signal")

        def without(run):
            run["records"].pop()

        self.run_program("compare", "base.json", self.head(broken), expect=4)
        self.run_program("compare", "base.json", self.head(failed), expect=3)
        self.run_program("compare", "base.json", self.head(without), expect=0)
        self.run_program("compare", "base.json", self.head(without), "--strict", expect=5)

    def test_what_is_no_run_is_refused_by_name(self):
        self.file("empty.json", b"")
        self.file("cut.json", (self.folder / "base.json").read_bytes()[:1000])
        self.file("newer.json", json.dumps({**self.base, "schema": 2}).encode())
        self.file("old.json", json.dumps({**self.base, "schema": 0}).encode())
        self.file("nan.json", json.dumps(self.base).replace('"wall_seconds": ', '"wall_seconds": NaN, "x": ').encode())

        def elsewhere(run):
            for record in run["records"]:
                record["corpus"] = "elsewhere"
        self.head(elsewhere, "other.json")
        for name in ("empty.json", "cut.json", "newer.json", "old.json", "nan.json", "other.json", "none.json"):
            self.refuses("compare", "base.json", name, naming=(name,))

    def test_formats_are_read_by_their_consumers(self):
        def hostile(run):
            run["records"][0]["corpus"] = HOSTILE
        self.head(hostile, "base.json")
        self.base = json.loads((self.folder / "base.json").read_text())
        head = self.larger()
        self.run_program("compare", "base.json", head, "--write", "junit=junit.xml", "--write", "json=all.json",
                         "--write", "github-comment=comment.md", "--write", "github-annotations=a.txt",
                         "--write", "github-summary=s.md", expect=1)
        comparison = json.loads((self.folder / "all.json").read_text())
        self.assertTrue(comparison["regressed"])
        self.assertEqual(comparison["findings"][0]["metric"], "encoded_bytes")
        annotations = (self.folder / "a.txt").read_text().splitlines()
        self.assertEqual(sum(line.startswith("::error ") for line in annotations), 1)
        self.assertNotIn("%0A", "".join(annotations))
        self.assertNotIn("<b>", (self.folder / "comment.md").read_text())
        if shutil.which("xmllint"):
            subprocess.run(["xmllint", "--noout", "junit.xml"], cwd=self.folder, check=True)
        import xml.etree.ElementTree as ElementTree
        root = ElementTree.parse(self.folder / "junit.xml").getroot()
        self.assertEqual(len(root.findall(".//failure")), 1)
        names = [suite.get("name") for suite in root.findall("testsuite")]
        self.assertIn(HOSTILE, names)
        for suite in root.findall("testsuite"):
            self.assertEqual(int(suite.get("tests")), len(suite.findall("testcase")))

    def test_services_get_numbers_they_can_read(self):
        texts = {}
        for name in ("benchmark-sizes", "benchmark-times", "bmf", "openmetrics"):
            texts[name], _ = self.run_program("report", "base.json", "--format", name)
        for name in ("benchmark-sizes", "benchmark-times"):  # extract.ts of github-action-benchmark
            entries = json.loads(texts[name])
            self.assertTrue(entries)
            self.assertEqual(len({entry["name"] for entry in entries}), len(entries))
            for entry in entries:
                self.assertIsInstance(entry["value"], (int, float))
                self.assertIsInstance(entry["unit"], str)
        for measures in json.loads(texts["bmf"]).values():  # bmf.json of Bencher
            for measure in measures.values():
                self.assertLessEqual(set(measure), {"value", "lower_value", "upper_value"})
                self.assertIsInstance(measure["value"], (int, float))
        lines = texts["openmetrics"].splitlines()
        self.assertEqual(lines[-1], "# EOF")
        for line in lines[:-1]:
            self.assertRegex(line, r'^(# TYPE evalzip_\w+ gauge|evalzip_\w+\{(\w+="([^"\\]|\\.)*",?)+\} [0-9.e+-]+)$')

    def test_a_baseline_is_made_checked_accepted_and_shown(self):
        self.run_program("baseline", "update", "sizes.txt", "base.json")
        self.run_program("baseline", "check", "sizes.txt", "base.json")
        head = self.larger()
        out, _ = self.run_program("baseline", "check", "sizes.txt", head, expect=1)
        cell = self.base["records"][0]
        name = f"{cell['corpus']}/{cell['document']} {cell['codec']}"
        self.assertIn(name, out)
        self.refuses("baseline", "accept", "sizes.txt", head, "no such cell", naming=("no such cell",))
        self.run_program("baseline", "accept", "sizes.txt", head, name)
        self.run_program("baseline", "check", "sizes.txt", head)
        self.run_program("baseline", "show", "sizes.txt")
        self.file("damaged.txt", b"# evalzip baseline 1\nx y\n")
        self.refuses("baseline", "check", "damaged.txt", "base.json", naming=("damaged.txt", "line 2"))

    def test_history_keeps_runs_and_finds_the_change(self):
        for day in range(24):
            def change(run, day=day):
                run["environment"].update(started_utc=f"2026-01-{day + 1:02}T00:00:00Z", commit=f"c{day}")
                run["records"][0]["encoded_bytes"] += 1 if day >= 12 else 0
            self.head(change, f"run{day}.json")
        files = [f"run{day}.json" for day in range(24)]
        self.run_program("history", "import", *files, "--file", "h.db")
        out, err = self.run_program("history", "import", files[0], "--file", "h.db")
        self.assertIn("already there", err)
        self.assertEqual(len(self.run_program("history", "list", "--file", "h.db")[0].splitlines()), 24)
        out, _ = self.run_program("history", "changes", "--file", "h.db")
        self.assertIn("c11..c12", out)
        self.assertIn("1 changes", out)
        out, _ = self.run_program("history", "plot", "--metric", "encoded_bytes", "--file", "h.db")
        self.assertIn("▁", out)


if __name__ == "__main__":
    unittest.main()
