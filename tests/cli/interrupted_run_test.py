"""Nothing that is done gets lost: Ctrl-C, kill -9 at any moment, and the run that resumes."""
import os
import random
import signal
import subprocess
import time
import unittest
from pathlib import Path

from program import QUICK, ProgramTest

SEED = 20240229
CODECS = "store,honest,huffman,rans:order=0,create-crasher,liar"


def cells(run):
    return sorted((r["codec"], r["document"], r["outcome"], r.get("encoded_bytes")) for r in run["records"])


class InterruptedRun(ProgramTest):
    def setUp(self):
        super().setUp()
        random.seed(SEED)
        (self.folder / "data").mkdir()
        for name in ("one", "two", "three"):
            self.file(f"data/{name}.txt", bytes(random.choices(b"abcdefgh \n", k=20000)))
        self.arguments = ("run", "--corpus", "data", "--codec", CODECS, *QUICK)

    def start_and_wait_for(self, lines):
        """Starts the run and returns once it has told of that many rounds of cells."""
        process = self.start(*self.arguments)
        seen = 0
        while seen < lines:
            seen += " bytes, round " in process.stderr.readline()
        return process

    def test_control_c_keeps_what_is_done_says_how_to_go_on_and_exits_with_130(self):
        process = self.start_and_wait_for(4)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertIn("--resume", err)
        stopped = self.run_json()
        self.assertFalse(stopped["complete"])
        self.assertTrue(any(r["outcome"] == "ok" for r in stopped["records"]))
        self.assertTrue(any(r["outcome"] == "skipped" for r in stopped["records"]))

        self.run_program("run", "--resume", expect=4)
        self.assertTrue(self.run_json()["complete"])
        self.assertFalse((self.folder / "run.json.journal").exists())

    def test_a_hanging_codec_does_not_delay_control_c(self):
        process = self.start("run", "--corpus", "data", "--codec", "hanger", "--samples", "1")
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        self.assertEqual(process.returncode, 130)

    def test_killed_at_any_moment_and_resumed_it_completes_to_the_same_cells(self):
        begin = time.monotonic()
        self.run_program(*self.arguments, "--out", "whole.json", expect=4)
        whole_time = time.monotonic() - begin
        moments = random.Random(SEED)
        kills = 0
        while True:
            process = self.start(*self.arguments, "--resume")
            try:
                # Ever a little later, or a busy machine would never get to the end.
                share = moments.uniform(0.05, 0.25) + 0.02 * kills
                _, err = process.communicate(timeout=share * whole_time)
                break
            except subprocess.TimeoutExpired:  # still at work when its time has come
                process.kill()
                _, err = process.communicate()
                kills += 1
            told = err.count(" bytes, round ")
            journal = self.folder / "run.json.journal"
            if (self.folder / "run.json").exists():  # killed on its way out, its work done
                break
            kept = journal.read_bytes().count(b"\n") - 1 if journal.exists() else 0
            self.assertGreaterEqual(kept, told, f"seed {SEED}, kill {kills}")
        self.assertGreater(kills, 2, f"seed {SEED}")
        self.assertIn(process.returncode, (4, -signal.SIGKILL))
        self.assertEqual(cells(self.run_json()), cells(self.run_json("whole.json")))
        self.assertEqual([p.name for p in self.folder.glob(".*evalzip-part")], [])

    def test_two_runs_with_one_result_file_do_not_mix(self):
        first = self.start_and_wait_for(1)
        _, err = self.run_program(*self.arguments, expect=2)
        self.assertIn("another run", err)
        self.assertIn("--out", err)
        first.kill()
        first.communicate()

    def test_no_worker_outlives_a_killed_run(self):
        process = self.start("run", "--corpus", "data", "--codec", "hanger", "--samples", "1")
        time.sleep(1.0)
        process.kill()
        process.communicate()
        time.sleep(0.5)
        marker = f"HOME={self.folder}".encode()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                environment = Path(f"/proc/{pid}/environ").read_bytes()
            except OSError:
                continue
            self.assertNotIn(marker, environment.split(b"\0"), f"process {pid} is still there")


if __name__ == "__main__":
    unittest.main()
