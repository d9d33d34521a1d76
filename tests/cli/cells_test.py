"""A run in pieces: plan, exec, merge, status; any number of processes, killed at any moment, come to one result."""
import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

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


class PlanAndExec(Cells):
    def test_shards_on_any_machine_merge_to_what_one_run_says(self):
        self.run_program("run", *self.what, "--out", "whole.json", expect=4)
        self.assertEqual(len(self.plan()) - 1, 18)
        lines = []
        for shard in ("2/3", "1/3", "3/3"):
            done = self.start("exec", "--plan", "plan.jsonl", "--shard", shard)
            lines.append(done.communicate(timeout=300)[1].count(": done ("))
        self.assertEqual(lines, [6, 6, 6])
        merged, err = self.merge(expect=4)
        self.assertEqual(cells(merged), cells(self.run_json("whole.json")))
        self.assertTrue(merged["complete"])
        self.assertIn("18 cells: 18 with a result, 0 without; 6 failed", err)
        self.assertEqual(list((self.folder / "results" / "work").iterdir()), [])
        out, _ = self.run_program("status", expect=3)
        self.assertEqual(out.split()[:8], ["planned", "18", "ok", "12", "mismatch", "3", "crashed", "3"])

    def test_a_cell_that_has_a_result_is_not_run_again(self):
        self.plan()
        self.exec("--index", "0-2,5", expect=4)
        before = {file: file.stat().st_mtime_ns for file in self.results()}
        self.assertEqual(len(before), 4)
        err = self.exec(expect=4)
        self.assertEqual(err.count("there already"), 4)
        self.assertEqual(before, {file: file.stat().st_mtime_ns for file in before})

    def test_processes_at_the_same_cells_run_each_once(self):
        self.plan()
        runs = [self.start("exec", "--plan", "plan.jsonl") for _ in range(4)]
        done = [run.communicate(timeout=300)[1] for run in runs]
        self.assertEqual([run.returncode for run in runs], [4] * 4)
        for cell in range(18):
            self.assertEqual(sum(err.count(f"\ncell {cell} ") for err in ["\n" + e for e in done]), 4)
            self.assertEqual(sum(f"cell {cell} " in line and ": done (" in line
                                 for err in done for line in err.splitlines()), 1, f"cell {cell}")

    def test_killed_at_any_moment_it_comes_to_the_same_results(self):
        self.run_program("run", *self.what, "--out", "whole.json", expect=4)
        self.plan()
        moments = random.Random(SEED)
        for attempt in range(100):
            process = self.start("exec", "--plan", "plan.jsonl")
            try:
                process.communicate(timeout=moments.uniform(0.02, 0.2) + 0.02 * attempt)
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        self.assertGreater(attempt, 0, f"never killed; seed {SEED}")
        merged, _ = self.merge(expect=4)
        self.assertEqual(cells(merged), cells(self.run_json("whole.json")))
        for record in merged["records"]:
            if record["outcome"] == "ok":
                self.assertEqual(sorted(set(record["encode_rounds"])), [0, 1])

    def test_control_c_keeps_what_is_done(self):
        self.plan("--corpus", "data", "--codec", "store,hanger", "--samples", "1")
        process = self.start("exec", "--plan", "plan.jsonl", "--index", "0,1")
        while "cell 0 " not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)
        self.assertIn("interrupted", err)
        self.assertEqual(len(self.results()), 1)

    def test_a_missing_cell_is_named_and_a_damaged_result_is_none(self):
        self.plan()
        self.exec("--index", "0-11", expect=4)
        first, second = self.results()[:2]
        first.write_bytes(first.read_bytes()[:-50])
        shutil.copy(second, self.folder / "results" / "00000000000000000000000000000000.json")
        merged, err = self.merge(expect=4)
        self.assertEqual(len(merged["records"]), 18)
        self.assertFalse(merged["complete"])
        self.assertEqual(sum(r["outcome"] == "skipped" for r in merged["records"]), 7)
        self.assertIn("18 cells: 11 with a result, 7 without", err)
        self.assertIn(first.name, err)
        self.assertIn("cell 17 liar two.txt: it was not run to its end", err)
        self.assertIn("1 results in the folder are of cells that are not in this plan", err)
        shutil.rmtree(self.folder / "results")
        self.plan("--corpus", "data/one.txt", "--codec", "store", *QUICK)
        self.merge(expect=3)  # planned and never run
        self.exec()
        self.merge()

    def test_speeds_of_different_cpus_are_never_put_together(self):
        self.plan("--corpus", "data", "--codec", "store", *QUICK)
        self.exec()
        other = self.results()[1]
        result = json.loads(other.read_text())
        result["environment"]["cpu"] = "another CPU"
        other.write_text(json.dumps(result))
        merged, _ = self.merge()
        timed = {r["key"]: bool(r["encode_seconds"]) for r in merged["records"]}
        self.assertEqual([key for key, has_times in timed.items() if not has_times], [other.stem])
        self.assertTrue(all(r["encoded_bytes"] for r in merged["records"]))
        self.assertTrue(any("another CPU: 1" in warning for warning in merged["environment"]["warnings"]))

    def test_printed_commands_do_the_same_work(self):
        self.run_program("run", *self.what, "--out", "whole.json", expect=4)
        out, err = self.run_program("run", *self.what, "--executor", "print", "--bundle", "1ms")
        self.assertEqual(len(out.splitlines()), 18)
        for command in out.splitlines()[:9]:
            subprocess.run(command, shell=True, cwd="/", env=self.environment, capture_output=True, check=False)
        rest, _ = self.run_program("run", "--resume", "--out", "run.json")
        self.assertEqual(len(rest.splitlines()), 9)
        for command in rest.splitlines():
            subprocess.run(command, shell=True, cwd="/", env=self.environment, capture_output=True, check=False)
        merge = err.splitlines()[-1].split("when these have run: ")[1]
        done = subprocess.run(merge, shell=True, cwd="/", env=self.environment, capture_output=True)
        self.assertEqual(done.returncode, 4)
        self.assertEqual(cells(self.run_json()), cells(self.run_json("whole.json")))


class LongCells(Cells):
    """A cell in blocks is kept block by block."""

    def setUp(self):
        super().setUp()
        self.what = ("--corpus", "data/one.txt", "--codec", SLOW, "--block-size", "1K", "--samples", "1", "--rounds", "1")
        self.run_program("run", *self.what, "--out", "whole.json")
        self.plan(*self.what)

    def test_killed_it_goes_on_where_it_was(self):
        process = self.start("exec", "--plan", "plan.jsonl", "--checkpoint", "1ms")
        time.sleep(2.5)
        process.kill()
        process.communicate()
        journal = next((self.folder / "results" / "work").glob("*.journal"))
        parts = journal.read_bytes().count(b"\n") - 1
        self.assertGreater(parts, 1)
        encoded = journal.with_suffix(".encoded")
        with encoded.open("ab") as file:  # as if killed between the bytes and the journal's line
            file.write(b"half of a part")
        err = self.exec("--checkpoint", "1ms")
        self.assertIn("done (ok)", err)
        merged, _ = self.merge()
        self.assertEqual(cells(merged), cells(self.run_json("whole.json")))
        record = merged["records"][0]
        self.assertEqual(len(record["encode_seconds"]), 1)
        self.assertGreater(record["encode_seconds"][0], 20 * 0.3)
        self.assertNotIn(f"round {parts},", err)  # the last part that was kept is not run again
        self.assertEqual(list((self.folder / "results" / "work").iterdir()), [])

    def test_parts_of_another_cpu_leave_the_sizes_alone(self):
        process = self.start("exec", "--plan", "plan.jsonl", "--checkpoint", "1ms")
        time.sleep(1.5)
        process.kill()
        process.communicate()
        journal = next((self.folder / "results" / "work").glob("*.journal"))
        head, rest = journal.read_text().split("\n", 1)
        begun = json.loads(head)
        begun["arguments"][0] = "another CPU"
        journal.write_text(json.dumps(begun) + "\n" + rest)
        self.exec("--checkpoint", "1ms")
        merged, _ = self.merge()
        self.assertEqual(cells(merged), cells(self.run_json("whole.json")))
        self.assertEqual(merged["records"][0]["encode_seconds"], [])

    def test_what_was_kept_as_parts_is_not_taken_for_rounds(self):
        process = self.start("exec", "--plan", "plan.jsonl", "--checkpoint", "1ms")
        time.sleep(1.5)
        process.kill()
        process.communicate()
        self.exec("--checkpoint", "2h")
        merged, _ = self.merge()
        self.assertEqual(cells(merged), cells(self.run_json("whole.json")))


class Staging(Cells):
    def test_documents_are_copied_once_and_read_from_there(self):
        self.plan()
        self.exec("--index", "0-5", "--stage", "node", expect=4)
        staged = sorted((self.folder / "node").iterdir())
        self.assertEqual(len(staged), 1)
        before = staged[0].stat().st_mtime_ns
        shutil.rmtree(self.folder / "data")
        (self.folder / "results").rename(self.folder / "old")
        self.exec("--index", "0-5", "--stage", "node", expect=4)
        self.assertEqual(staged[0].stat().st_mtime_ns, before)
        self.assertEqual(len(self.results()), 6)

    def test_a_document_that_changed_since_it_was_planned_gives_no_result(self):
        self.plan()
        self.file("data/one.txt", b"something else" * 2000)
        for stage in ((), ("--stage", "node")):
            with self.subTest(stage=stage):
                err = self.exec("--index", "0", *stage, expect=3)
                self.assertIn("no result", err)
                self.assertIn("changed", err)
                self.assertEqual(self.results(), [])

    def test_a_stage_without_room_is_done_without(self):
        self.plan()
        self.file("full", b"")  # a file where the folder should be
        err = self.exec("--index", "0", "--stage", "full/stage")
        self.assertIn("not staged", err)
        self.assertEqual(len(self.results()), 1)


class Suites(Cells):
    def test_codecs_times_corpora_times_settings_with_includes_and_excludes(self):
        suite = self.suite(
            codecs=["store", "huffman"], corpora=["data"], settings={"samples": 2, "rounds": 1, "min-time": "1ms"},
            matrix={"block-size": ["none", "4K"]},
            include=[{"codecs": ["zstd:1..3"], "corpora": ["data/one.txt"]},
                     {"codecs": ["store"], "corpora": ["data"]}],  # there already
            exclude=[{"codec": "huffman", "document": "two*", "settings": {"block-size": "4K"}}],
            resources=[{"codec": "zstd:*", "cores": 2, "memory": "3GiB", "gpus": 1, "exclusive": False, "seconds": 900}])
        header, *planned = self.plan(suite)
        self.assertEqual(len(planned), 6 + 5 + 3)
        self.assertEqual(len({cell["key"] for cell in planned}), 14)
        zstd = [cell for cell in planned if header["codecs"][cell["codec"]]["spec"].startswith("zstd")]
        self.assertEqual({(c["cores"], c["memory_bytes"], c["gpus"], c["exclusive"], c["seconds"]) for c in zstd},
                         {(2, 3 << 30, 1, False, 900)})
        self.exec()
        merged, _ = self.merge()
        self.assertEqual(len({(r["codec"], r["document"], r.get("block_bytes")) for r in merged["records"]}), 14)

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
        for arguments, naming in ((("--index", "18"), "from 0 on"), (("--index", "3-1"), "'3-1' is not"),
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

    def test_without_slurm_it_is_said_at_once(self):
        self.environment["PATH"] = str(self.folder)
        self.refuses("run", *self.what, "--executor", "slurm", naming=["scontrol", "--executor print"])


if __name__ == "__main__":
    unittest.main()
