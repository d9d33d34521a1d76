"""What the program prints: tables, results in other forms, colour only where it is wanted."""
import json
import os
import pty
import subprocess
import sys
import unittest

from program import PROGRAM, QUICK, ProgramTest

COMPARE = "/usr/share/benchmark/compare.py"  # of the Debian package libbenchmark-tools


def modules_of_compare():
    asked = subprocess.run([sys.executable, "-c", "import scipy, numpy"], capture_output=True)
    return os.path.exists(COMPARE) and asked.returncode == 0


class Output(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("data.txt", b"some data, more data, and yet more of it\n" * 500)

    def measured(self, codecs="store,huffman", expect=0, *flags):
        return self.run_program("run", "--corpus", "data.txt", "--codec", codecs, *QUICK, *flags,
                                expect=expect)

    def on_a_terminal(self, **environment):
        ours, theirs = pty.openpty()
        process = subprocess.Popen([PROGRAM, "report", "run.json"], cwd=self.folder, stdout=theirs,
                                   env=self.environment | {"TERM": "xterm"} | environment)
        os.close(theirs)
        text = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other side was closed
                break
            if not part:
                break
            text += part
        os.close(ours)
        process.wait()
        return text

    def test_the_table_is_on_standard_output_and_the_progress_is_not(self):
        out, err = self.measured()
        self.assertIn("huffman", out)
        self.assertIn("ratio", out)
        self.assertNotIn("round 1", out)
        self.assertIn("round 1", err)
        self.assertIn("run.json written", err)
        self.assertNotIn("\x1b", out + err)

    def test_quiet_prints_nothing(self):
        self.assertEqual(self.measured("store", 0, "--quiet"), ("", ""))

    def test_a_report_prints_the_table_of_the_run_again(self):
        out, _ = self.measured()
        self.assertEqual(self.run_program("report", "run.json")[0], out)

    def test_colour_is_for_terminals_and_not_for_those_who_set_no_color(self):
        self.measured()
        self.assertIn(b"\x1b[", self.on_a_terminal())
        self.assertNotIn(b"\x1b[", self.on_a_terminal(NO_COLOR="1"))
        self.assertNotIn(b"\x1b[", self.on_a_terminal(TERM="dumb"))

    def test_json_goes_round(self):
        self.measured()
        out, _ = self.run_program("report", "run.json", "--format", "json")
        self.assertEqual(json.loads(out), self.run_json())

    def test_the_exit_code_tells_failed_cells_from_wrong_bytes(self):
        out, _ = self.measured("store,crasher", 3)
        self.assertIn("crashed", out)
        out, _ = self.measured("store,liar,crasher", 4)
        self.assertIn("mismatch", out)

    def test_google_benchmark_compares_two_results(self):
        if not modules_of_compare():
            self.skipTest("needs libbenchmark-tools, python3-scipy and python3-numpy")
        for name in ("base.json", "head.json"):
            self.measured("store,huffman", 0, "--out", name)
            text, _ = self.run_program("report", name, "--format", "gbench")
            self.file("gbench-" + name, text.encode())
        compared = subprocess.run([sys.executable, COMPARE, "benchmarks", "gbench-base.json", "gbench-head.json"],
                                  cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(compared.returncode, 0, compared.stderr)
        self.assertIn("huffman", compared.stdout)

    def test_every_command_has_a_help_text(self):
        for command in ((), ("run",), ("report",), ("list",), ("corpus",), ("doctor",), ("merge",), ("compare",), ("ab",), ("baseline",), ("history",)):
            out, _ = self.run_program(*command, "--help")
            self.assertIn("Usage", out)
        self.assertIn("evalzip ", self.run_program("--version")[0])

    def test_without_a_command_the_program_says_what_there_is(self):
        self.refuses(naming=("--help",))


if __name__ == "__main__":
    unittest.main()
