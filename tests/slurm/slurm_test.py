"""A run on a Slurm cluster says what the same run says on one machine, whatever is killed meanwhile."""
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "cli"))
from program import ProgramTest  # noqa: E402
from slurm_cluster import Cluster, missing_programs  # noqa: E402

SEED = 20240603
CODECS = "store,honest,huffman,rans:order=0,crasher,hanger"
SHORT = ("--samples", "2", "--rounds", "2", "--min-time", "1ms", "--timeout", "3s")
# Half a second in each direction, so that there is something to kill.
SLOW = "cmd:name=slow;encode=sh -c 'sleep 0.5; cp \"$0\" \"$1\"' {in} {out};decode=cp {in} {out}"


def cells(run):
    return [(r["codec"], r["document"], r["outcome"], r["original_bytes"], r.get("encoded_bytes"), r.get("encoded_hash"))
            for r in run["records"]]


class SlurmRun(ProgramTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="evalzip-slurm-")
        cls.addClassCleanup(folder.cleanup)
        cls.cluster = Cluster(folder.name)
        cls.addClassCleanup(cls.stop)

    @classmethod
    def stop(cls):
        left = cls.cluster.stop()
        if left:
            raise RuntimeError(f"daemons that did not end: {left}")

    def setUp(self):
        super().setUp()
        for name in ("PATH", "SLURM_CONF"):
            self.environment[name] = self.cluster.environment[name]
        random.seed(SEED)
        (self.folder / "data").mkdir()
        for name in ("one", "two", "three", "four"):
            self.file(f"data/{name}.txt", bytes(random.choices(b"abcdefgh \n", k=20000)))
        self.addCleanup(self.cluster.command, "scancel", "--user", self.cluster.command("id", "-un").strip())
        self.what = ("--corpus", "data", "--codec", CODECS, *SHORT)
        self.slow = ("--corpus", "data", "--codec", "store", "--codec", SLOW, "--samples", "1", "--rounds", "1")
        self.slurm = ("--executor", "slurm", "--bundle", "1ms", "--stage", str(self.folder / "node"))

    def local(self, what, expect=0):
        self.run_program("run", *what, "--out", "local.json", expect=expect)
        return cells(self.run_json("local.json"))

    def logs(self):
        return {file: file.read_text() for file in (self.folder / "run.json.cells" / "logs").glob("*.out")}

    def check_each_ran_once(self, count):
        text = "\n".join(self.logs().values())
        for cell in range(count):
            done = [line for line in text.splitlines() if line.startswith(f"cell {cell} ") and ": done (" in line]
            self.assertEqual(len(done), 1, f"cell {cell}\n{text}")

    def results(self):
        return list((self.folder / "run.json.cells" / "results").glob("*.json"))

    def until(self, condition, what, seconds=60):
        self.cluster.wait_until(condition, what, seconds)

    def running_tasks(self):
        return [row for row in self.cluster.queue() if row[2] == "RUNNING" and not row[0].endswith("merge")]

    def hanging(self):
        """Tasks, a cell each, whose codec never returns."""
        codecs = CODECS.split(",")
        return [row for row in self.running_tasks() if int(row[1]) % len(codecs) == codecs.index("hanger")]

    def resume(self, expect=0):
        return self.run_program("run", "--resume", "--out", "run.json", expect=expect)[1]

    def test_a_crash_a_time_out_and_a_node_that_fails_change_nothing(self):
        local = self.local(self.what, expect=3)
        process = self.start("run", *self.what, *self.slurm)
        self.until(lambda: len(self.results()) > 2 and self.hanging(), "a task is in the middle of a cell")
        node = self.hanging()[0][3]
        self.cluster.command("scontrol", "update", f"nodename={node}", "state=down", "reason=test")
        self.addCleanup(self.cluster.command, "scontrol", "update", f"nodename={node}", "state=resume", check=False)
        _, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 3, err)
        run = self.run_json()
        self.assertEqual(cells(run), local)
        self.assertEqual(len(run["records"]), 24)
        self.assertEqual({r["outcome"] for r in run["records"]}, {"ok", "crashed", "timed_out"})
        self.assertTrue(run["complete"])
        self.check_each_ran_once(24)
        self.assertIn("NODE FAILURE", "\n".join(self.logs().values()))
        allocations = [json.loads(file.read_text())["environment"]["allocation"] for file in self.results()]
        self.assertTrue(any("restart 1" in text for text in allocations), allocations)
        self.assertLessEqual({text.split(" on node ")[1][:2] for text in allocations}, {"n1", "n2", "n3"})
        staged = [line for text in self.logs().values() for line in text.splitlines() if line.startswith("staged ")]
        self.assertEqual(len(staged), 4, staged)  # documents, not tasks: the nodes share one disk here

    def test_killed_while_it_submits_or_waits_it_is_resumed(self):
        local = self.local(self.slow)
        moments = random.Random(SEED)
        kills = 0
        for _ in range(4):
            process = self.start("run", *self.slow, *self.slurm, *(["--resume"] if kills else []))
            try:
                process.communicate(timeout=moments.uniform(0.05, 0.6) + 0.2 * kills)
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                kills += (self.folder / "run.json.cells" / "plan.jsonl").exists()
        self.assertGreater(kills, 0)
        self.resume()
        self.assertEqual(cells(self.run_json()), local)
        self.check_each_ran_once(8)

    def test_a_task_that_is_killed_leaves_its_cell_to_the_next_submission(self):
        local = self.local(self.slow)
        process = self.start("run", *self.slow, *self.slurm)
        self.until(lambda: len(self.running_tasks()) == 3, "three tasks run")
        name, task, _, _ = self.running_tasks()[0]
        job = self.cluster.command("squeue", "-h", "-o", "%F", f"--name={name}").split()[0]
        self.cluster.command("scancel", f"{job}_{task}")
        _, err = process.communicate(timeout=120)
        if process.returncode == 3:  # else the task had just ended
            self.assertIn("no result: cell", err)
            self.assertFalse(self.run_json()["complete"])
            self.assertIn("1 cells submitted in 1 tasks", self.resume())
        self.assertEqual(cells(self.run_json()), local)
        self.check_each_ran_once(8)

    def test_without_its_merging_job_and_its_submitter_a_run_is_finished_by_whoever_comes_back(self):
        local = self.local(self.slow)
        out, err = self.run_program("run", *self.slow, *self.slurm, "--detach")
        self.assertEqual(out, "")
        self.assertIn("evalzip status", err)
        merges = [row[0] for row in self.cluster.queue() if row[0].endswith("merge")]
        self.assertEqual(len(merges), 1)
        self.cluster.command("scancel", f"--name={merges[0]}")
        self.until(lambda: not self.cluster.queue(), "the queue is empty", 120)
        self.assertFalse((self.folder / "run.json").exists())
        self.assertIn("nothing to submit", self.resume())
        self.assertEqual(cells(self.run_json()), local)

    def test_a_submitter_killed_before_its_last_job_is_replaced_in_that_too(self):
        local = self.local(self.slow)
        self.run_program("run", *self.slow, *self.slurm, "--detach")
        merge = next(row[0] for row in self.cluster.queue() if row[0].endswith("merge"))
        self.cluster.command("scancel", f"--name={merge}")
        self.until(lambda: not any(row[0].endswith("merge") for row in self.cluster.queue()), "it is gone")
        self.run_program("run", "--resume", "--detach", "--out", "run.json")
        self.until(lambda: (self.folder / "run.json").exists() and not self.cluster.queue(), "it is merged", 120)
        self.assertEqual(cells(self.run_json()), local)

    def test_habits_of_the_user_do_not_hide_the_jobs(self):
        self.environment.update(SQUEUE_STATES="SUSPENDED", SQUEUE_PARTITION="other", SBATCH_JOB_NAME="mine")
        self.run_program("run", *self.slow, *self.slurm)
        self.assertTrue(self.run_json()["complete"])
        self.check_each_ran_once(8)

    def test_the_merging_job_writes_the_result_of_a_detached_run(self):
        local = self.local(self.slow)
        self.run_program("run", *self.slow, *self.slurm, "--detach")
        self.until(lambda: (self.folder / "run.json").exists() and not self.cluster.queue(), "it is merged", 120)
        self.assertEqual(cells(self.run_json()), local)
        self.assertTrue(self.run_json()["complete"])

    def test_control_c_leaves_the_jobs_or_cancels_them_as_asked(self):
        for asked, left in (("leave", True), ("cancel", False)):
            with self.subTest(asked=asked):
                out = f"{asked}.json"
                process = self.start("run", *self.slow, *self.slurm, "--on-interrupt", asked, "--out", out)
                self.until(lambda: len(self.running_tasks()) > 0, "a task runs")
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 130)
                self.assertIn(f"evalzip run --resume --out {out}", err)
                time.sleep(1)
                self.assertEqual(any(row[2] == "PENDING" for row in self.cluster.queue()), left)
                self.run_program("run", "--resume", "--out", out)
                self.assertTrue(self.run_json(out)["complete"])

    def test_arrays_are_no_longer_than_the_cluster_allows(self):
        for i in range(120):
            self.file(f"data/{i}.txt", b"%d" % i)
        _, err = self.run_program("run", "--corpus", "data", "--codec", "zstd:1..10", "--samples", "1", *self.slurm,
                                  "--max-parallel", "1", "--detach")
        self.assertIn("1240 cells submitted in 1240 tasks of 2 arrays", err)
        lines = sorted(len(file.read_text().splitlines()) for file in self.folder.glob("run.json.cells/submit/*/*.tasks"))
        self.assertEqual(lines, [240, 1000])
        scripts = [file.read_text() for file in self.folder.glob("run.json.cells/submit/*/array-*.sbatch")]
        self.assertTrue(all("%1\n" in text and "--exclusive" in text for text in scripts))

    def test_what_slurm_refuses_is_told_with_its_words(self):
        _, err = self.run_program("run", *self.slow, *self.slurm, "--partition", "nowhere", expect=2)
        self.assertIn("sbatch", err)
        self.assertIn("partition", err)
        self.assertIn("nowhere", err)
        self.run_program("run", "--resume", "--partition", "debug", "--out", "run.json")
        self.assertTrue(self.run_json()["complete"])


if __name__ == "__main__":
    if missing := missing_programs():
        print(f"skipped: Slurm is not installed (no {', '.join(missing)})")
        sys.exit(77)
    unittest.main()
