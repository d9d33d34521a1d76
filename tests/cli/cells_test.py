"""A run in pieces: plan, exec, merge, status; any number of processes, killed at any moment, come to one result."""
import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from cells import SEED, SLOW, Cells, cells
from program import QUICK


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
        out, _ = self.run_program("status", expect=4)
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

    def test_a_part_that_the_system_killed_does_not_cost_the_parts_before(self):
        process = self.start("exec", "--plan", "plan.jsonl", "--checkpoint", "1ms")
        time.sleep(2.0)
        worker = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
        os.kill(int(worker[0]), signal.SIGKILL)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 3, err)
        self.assertIn("no result", err)
        journal = next((self.folder / "results" / "work").glob("*.journal"))
        kept = journal.read_bytes().count(b"\n") - 1
        self.assertGreater(kept, 0)
        self.assertNotIn("round 1,", self.exec("--checkpoint", "1ms"))
        self.assertEqual(cells(self.merge()[0]), cells(self.run_json("whole.json")))

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


    def test_a_document_that_changed_meanwhile_gives_no_result(self):
        process = self.start("exec", "--plan", "plan.jsonl", "--checkpoint", "1ms")
        time.sleep(1.5)
        process.kill()
        process.communicate()
        self.file("data/one.txt", b"x" * 20000)
        err = self.exec("--checkpoint", "1ms", expect=3)
        self.assertIn("no result", err)
        self.assertIn("changed since it was planned", err)
        self.assertEqual(self.results(), [])

    def test_a_cell_that_turns_out_short_is_run_whole(self):
        self.suite(codecs=["store"], corpora=["data/one.txt"],
                   settings={"block-size": "1K", "rounds": 2, "min-time": "1ms"},
                   resources=[{"seconds": 5000}])
        shutil.rmtree(self.folder / "results", ignore_errors=True)
        self.plan("suite.json")
        self.exec()
        record = self.merge()[0]["records"][0]
        self.assertEqual(sorted(set(record["encode_rounds"])), [0, 1])
        self.assertEqual(list((self.folder / "results" / "work").iterdir()), [])

    def test_an_unreadable_journal_costs_its_rounds_and_nothing_else(self):
        process = self.start("exec", "--plan", "plan.jsonl", "--checkpoint", "1ms")
        time.sleep(1.5)
        process.kill()
        process.communicate()
        next((self.folder / "results" / "work").glob("*.journal")).write_text('{"evalzip_journal": 99}\n')
        self.exec("--checkpoint", "1ms")
        self.assertEqual(cells(self.merge()[0]), cells(self.run_json("whole.json")))

    def test_whoever_asks_for_samples_gets_them(self):
        self.plan(*self.what[:-3], "2", "--rounds", "1", "--sample", "3K")
        self.exec("--checkpoint", "1ms")
        self.assertEqual(len(self.merge()[0]["records"][0]["encode_seconds"]), 2)


class Results(Cells):
    def test_of_other_settings_are_not_taken(self):
        self.plan("--corpus", "data/one.txt", "--codec", "hanger", "--samples", "1", "--timeout", "1s")
        self.exec(expect=3)
        self.plan("--corpus", "data/one.txt", "--codec", "hanger", "--samples", "1", "--timeout", "2s")
        err = self.exec(expect=3)
        self.assertIn("killed after 2 s", err)

    def test_have_the_names_of_the_plan_that_asks(self):
        self.plan("--corpus", "data/one.txt", "--codec", "store", *QUICK)
        self.exec()
        shutil.copytree(self.folder / "data", self.folder / "other")
        (self.folder / "other" / "one.txt").rename(self.folder / "other" / "uno.txt")
        self.plan("--corpus", "other/uno.txt", "--codec", "store", *QUICK)
        self.assertIn("there already", self.exec())
        self.assertEqual(self.merge()[0]["records"][0]["document"], "uno.txt")

    def test_of_a_model_that_was_exchanged_are_none(self):
        data = os.environ.get("EVALZIP_TEST_DATA")
        models = Path(data) / "models" / "llama2c" if data else None
        if not models or not list(models.glob("stories260K*")):
            self.skipTest("EVALZIP_TEST_DATA has no llama2c/stories260K")
        tokenizer = next(models.glob("tok512*"))
        self.run_program("model", "import", str(next(models.glob("stories260K*.bin*"))), "--tokenizer", str(tokenizer),
                         "-o", "model.gguf")
        self.file("data/tiny.txt", b"Once upon a time there was a little girl. " * 3)
        self.plan("--corpus", "data/tiny.txt", "--codec", "llm:model=./model.gguf", "--samples", "1", "--rounds", "1")
        model = bytearray((self.folder / "model.gguf").read_bytes())
        model[-1000] ^= 1
        self.file("model.gguf", bytes(model))
        for stage in ((), ("--stage", "node")):
            err = self.exec(*stage, expect=3)
            self.assertIn("model.gguf changed since it was planned", err)
        self.assertEqual(self.results(), [])

    def test_outlive_an_upgrade_of_their_codecs(self):
        self.plan("--corpus", "data/one.txt", "--codec", "store,huffman", *QUICK)
        self.exec()
        plan = (self.folder / "plan.jsonl").read_text().replace('"version":"', '"version":"old-')
        self.file("plan.jsonl", plan.encode())
        self.assertIn("was planned with version old-", self.exec(expect=2))
        self.merge()
        self.run_program("status")


class Staging(Cells):
    def test_processes_that_want_one_document_at_once_wait_for_one_copy(self):
        self.plan("--corpus", "data/one.txt", "--codec", "zstd:1..6", *QUICK)
        runs = [self.start("exec", "--plan", "plan.jsonl", "--stage", "node", "--index", str(i)) for i in range(6)]
        said = "".join(run.communicate(timeout=120)[1] for run in runs)
        self.assertEqual([run.returncode for run in runs], [0] * 6)
        self.assertEqual(said.count("staged "), 1, said)

    def test_a_damaged_copy_is_fetched_again(self):
        self.plan()
        self.exec("--index", "0", "--stage", "node")
        staged = next((self.folder / "node").iterdir())
        staged.write_bytes(b"?" * staged.stat().st_size)
        self.assertIn("staged ", self.exec("--index", "1", "--stage", "node"))
        self.assertEqual(len(self.results()), 2)

    def test_a_folder_that_others_may_write_to_is_refused(self):
        self.plan()
        (self.folder / "open").mkdir()
        (self.folder / "open").chmod(0o777)
        (self.folder / "mine").mkdir()
        (self.folder / "link").symlink_to("mine")
        for folder in ("open", "link"):
            err = self.exec("--index", "0", "--stage", folder, expect=2)
            self.assertIn("only you can write to", err)

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


if __name__ == "__main__":
    unittest.main()
