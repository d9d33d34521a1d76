"""What may be asked of plans: suites, lists of cells, executors; and what is refused, with which words."""
import json
import random
import subprocess
import unittest

from cells import Cells
from program import FAULT_CODECS, QUICK


class Suites(Cells):
    def test_codecs_times_corpora_times_settings_with_includes_and_excludes(self):
        suite = self.suite(
            codecs=["store", "huffman"], corpora=["data"], settings={"samples": 2, "rounds": 1, "min-time": "1ms"},
            matrix={"block-size": ["none", "4K"]},
            include=[{"codecs": ["zstd:1..3"], "corpora": ["data/one.txt"]},
                     {"codecs": ["store"], "corpora": ["data"]}],  # there already
            exclude=[{"codec": "huffman", "document": "two*", "settings": {"block-size": "4096"}}],
            # "4096" is "4K"; a note for what meets nothing.
            resources=[{"codec": "zsdt:*", "cores": 9}, {"codec": "zstd:*", "cores": 2, "memory": "3GiB", "gpus": 1, "exclusive": False, "seconds": 900}])
        header, *planned = self.plan(suite)
        self.assertEqual(len(planned), 6 + 5 + 3)
        self.assertEqual(len({cell["key"] for cell in planned}), 14)
        zstd = [cell for cell in planned if header["codecs"][cell["codec"]]["spec"].startswith("zstd")]
        self.assertEqual({(c["cores"], c["memory_bytes"], c["gpus"], c["exclusive"], c["seconds"]) for c in zstd},
                         {(2, 3 << 30, 1, False, 900)})
        self.exec()
        merged, _ = self.merge()
        self.assertEqual(len({(r["codec"], r["document"], r.get("block_bytes")) for r in merged["records"]}), 14)

    def test_patterns_that_meet_nothing_are_told(self):
        self.suite(codecs=["store"], corpora=["data"], exclude=[{"codec": "stoer"}], resources=[{"corpus": "datum"}])
        _, err = self.run_program("plan", "suite.json")
        self.assertIn("exclude[0] meets no cell", err)
        self.assertIn("resources[0] meets no cell", err)

    def test_samples_of_other_seeds_are_other_cells(self):
        self.file("data/large.bin", random.randbytes(1 << 20))
        self.suite(codecs=["store"], corpora=["data/large.bin"], settings={"sample": "128K", "samples": 1, "rounds": 1},
                   include=[{"settings": {"seed": 2}}])
        self.assertEqual(len(self.plan("suite.json")) - 1, 2)

    def test_a_model_or_document_that_is_missing_is_in_the_merged_run(self):
        suite = self.suite(codecs=["llm:model=stories260k", "store"], corpora=["data/one.txt"],
                           settings={"samples": 1, "rounds": 1})
        header, *planned = self.plan(suite)
        self.assertEqual((len(planned), len(header["missing"])), (1, 1))
        self.exec()
        merged, _ = self.merge(expect=3)
        self.assertEqual(sorted(r["outcome"] for r in merged["records"]), ["missing", "ok"])

    def test_wrong_suites_are_refused_where_they_are_wrong(self):
        good = {"evalzip_suite": 1, "codecs": ["store"], "corpora": ["data"]}
        for change, naming in (
                ({"evalzip_suite": 2}, "evalzip_suite: must be 1"),
                ({"codec": ["store"]}, "has 'codec', which is not known; there are: evalzip_suite, codecs"),
                ({"codecs": "store"}, "codecs: must be a list"),
                ({"codecs": []}, "codecs and corpora must be lists with something in them"),
                ({"codecs": ["stored"]}, "stored"),
                ({"corpora": ["nowhere"]}, "nowhere"),
                ({"settings": {"budget": "1m"}}, "'budget', which is not known"),
                ({"settings": {"block-size": "large"}}, "block-size"),
                ({"settings": {"samples": -1}}, "must be a text or a whole number"),
                ({"settings": {"threads": 2}}, "--threads works on blocks"),
                ({"matrix": {"samples": [1, 2]}}, "matrix has 'samples'"),
                ({"matrix": {"block-size": []}}, "matrix.block-size: must be a list of values"),
                ({"exclude": [{"codec": "*", "cores": 2}]}, "exclude[0] has 'cores'"),
                ({"exclude": [{}]}, "no cells"),
                ({"resources": [{"cores": 1.5}]}, "resources[0].cores: must be a whole number"),
                ({"resources": [{"memory": "much"}]}, "much")):
            with self.subTest(change=change):
                self.suite(**{**good, **change})
                self.refuses("plan", "suite.json", naming=[naming])
        self.file("suite.json", b'{"evalzip_suite": 1,')
        self.refuses("plan", "suite.json", naming=["suite.json", "line 1"])
        self.refuses("plan", "absent.json", naming=["absent.json", "No such file"])
        self.suite(**good)
        self.refuses("plan", "suite.json", "--codec", "store", naming=["--codec", "the suite says"])
        self.refuses("plan", "--corpus", "data", "--budget", "1m", naming=["--budget", "--sample"])


class BadRequests(Cells):
    def test_cells_that_are_not_there_are_refused(self):
        self.plan()
        for arguments, naming in ((("--index", "18"), "from 0 on"), (("--index", ""), "--index is empty"), (("--index", "3-1"), "'3-1' is not"),
                                  (("--index", "x"), "'x' is not"), (("--shard", "0/2"), "i from 1 to N"),
                                  (("--shard", "3/2"), "i from 1 to N"), (("--shard", "2"), "1/4"),
                                  (("--index", "0", "--shard", "1/2"), "excludes"),
                                  (("--checkpoint", "soon"), "soon")):
            with self.subTest(arguments=arguments):
                process = self.start("exec", "--plan", "plan.jsonl", *arguments)
                _, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 2, err)
                self.assertIn(naming, err)

    def test_a_plan_that_cannot_be_carried_out_here_is_refused_with_its_line(self):
        lines = [json.dumps(line) for line in self.plan("--corpus", "data", "--codec", "store,huffman", *QUICK)]

        def with_codec(**change):
            header = json.loads(lines[0])
            header["codecs"][1].update(change)
            return [json.dumps(header), *lines[1:]]

        def with_cell(**change):
            return [lines[0], json.dumps({**json.loads(lines[1]), **change}), *lines[2:]]

        for changed, naming in (
                (lines[:-1], "the plan ends here, with 5 of its 6 cells: it was cut short"),
                (lines[1:], "line 1: this is not a plan"),
                ([], "line 1"),
                ([lines[0].replace('"evalzip_plan": 1', '"evalzip_plan": 9'), *lines[1:]], "the plan has version 9"),
                (with_codec(version="0"), "huffman was planned with version 0"),
                (with_codec(spec="hufman"), "hufman"),
                (with_codec(spec="elsewhere", plugin="/nowhere.so"), "/nowhere.so"),
                (with_cell(codec=7), "line 2: codec is 7, the plan has 2"),
                (with_cell(key="../../etc/passwd"), "must be hexadecimal digits"),
                (with_cell(document=-1), "line 2"),
                (with_cell(key=json.loads(lines[2])["key"]), "line 3: its key is that of another cell"),
                ([lines[0], "{", *lines[2:]], "line 2")):
            with self.subTest(naming=naming):
                self.file("bad.jsonl", "".join(line + "\n" for line in changed).encode())
                self.refuses("exec", "--plan", "bad.jsonl", naming=["bad.jsonl", naming])
        self.refuses("exec", "--plan", "absent.jsonl", naming=["absent.jsonl", "No such file"])
        self.refuses("merge", "data", "-o", "x.json", naming=["there is no data/plan.jsonl"])
        self.refuses("status", "data", naming=["there is no data/plan.jsonl"])

    def test_results_that_cannot_be_written_end_it_with_nothing_half_written(self):
        self.plan()
        self.file("results", b"a file where the folder should be")
        self.refuses("exec", "--plan", "plan.jsonl", naming=["results"])

    def test_the_folder_of_an_earlier_run_is_not_overwritten(self):
        self.run_program("run", *self.what, "--executor", "print")
        self.refuses("run", *self.what, "--executor", "print", naming=["run.json.cells", "--resume", "--out"])
        self.refuses("run", "--executor", "print", "--resume", "--corpus", "data", "--codec", "store",
                     naming=["planned for other codecs"])
        self.refuses("run", *self.what, "--executor", "print", "--resume", "--out", "other.json",
                     naming=["other.json.cells/plan.jsonl", "--resume"])
        self.refuses("run", *self.what, "--executor", "print", "--watch", "--out", "other.json", naming=["--watch"])
        self.refuses("run", *self.what, "--executor", "print", "--bundle", "x", "--out", "other.json", naming=["'x'"])
        self.refuses("run", "--resume", "--executor", "local", naming=["evalzip exec --plan", "evalzip merge"])
        for option in ("--job-name=x", "-J", "--array=1"):
            self.refuses("run", *self.what, "--executor", "print", f"--sbatch={option}", "--out", "other.json",
                         naming=[option])

    def test_a_run_with_a_plugin_of_its_own_is_resumed(self):
        del self.environment["EVALZIP_PLUGIN_PATH"]
        what = ("--corpus", "data", "--plugin", FAULT_CODECS, "--codec", "honest", *QUICK)
        self.run_program("run", *what, "--executor", "print")
        out, _ = self.run_program("run", "--resume", "--out", "run.json")
        subprocess.run(out.splitlines()[0], shell=True, env=self.environment, check=True, capture_output=True)
        process = self.start("run", *what, "--out", "local.json")
        while " bytes, round " not in process.stderr.readline():
            pass
        process.kill()
        process.communicate()
        self.run_program("run", "--resume", "--out", "local.json")

    def test_without_slurm_it_is_said_at_once(self):
        self.environment["PATH"] = str(self.folder)
        self.refuses("run", *self.what, "--executor", "slurm", naming=["scontrol", "--executor print"])


if __name__ == "__main__":
    unittest.main()
