"""Codecs that are programs, from outside."""
import json
import os
import signal
import time
import unittest

from program import QUICK, ProgramTest

TEXT = b"the rain in Spain stays mainly in the plain, it is said.\n" * 200
XZ = "cmd:name=my-xz;encode=xz -{level} -c {in};decode=xz -dc;level=0..9/6"


class CommandCodec(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("text file.txt", TEXT)

    def folders(self):
        return [path.name for path in self.folder.iterdir() if path.name.startswith("evalzip-cmd-")]

    def measure(self, *codecs, expect=0, extra=QUICK):
        arguments = [word for codec in codecs for word in ("--codec", codec)]
        _, err = self.run_program("run", "--corpus", "text file.txt", *arguments, *extra, expect=expect)
        self.assertEqual(self.folders(), [])
        return self.run_json()["records"], err

    def test_a_program_stands_beside_the_library_with_the_same_size(self):
        records, err = self.measure("xz:6", XZ)
        self.assertEqual([one["codec"] for one in records], ["xz:6", "my-xz:6"])
        self.assertEqual([one["outcome"] for one in records], ["ok", "ok"])
        self.assertEqual(records[0]["encoded_bytes"], records[1]["encoded_bytes"])
        self.assertGreater(min(records[1]["encode_cpu_seconds"]), 0.0002)
        self.assertGreater(records[1]["encode_peak_bytes"], 1_000_000)
        self.assertIn("my-xz:6 is a program of its own: it takes", err)

    def test_a_file_of_commands_is_read_and_what_is_missing_is_listed(self):
        self.file("commands.json", json.dumps([
            {"name": "copy", "encode": ["cat", "{in}"], "decode": "cat"},
            {"name": "gone", "encode": "no-such-program {in}", "decode": "cat"}]).encode())
        self.environment["EVALZIP_COMMANDS"] = "commands.json"
        records, _ = self.measure("copy")
        self.assertEqual(records[0]["encoded_bytes"], len(TEXT))
        self.refuses("run", "--corpus", "text file.txt", "--codec", "gone", naming=("gone",))

    def test_a_program_that_fails_says_why(self):
        records, _ = self.measure("cmd:name=bad;encode=sh -c 'echo out of luck >&2; exit 7';decode=cat", expect=3)
        self.assertEqual(records[0]["outcome"], "threw")
        self.assertIn("exited with code 7 (out of luck)", records[0]["detail"])

    def test_wrong_bytes_are_found(self):
        records, _ = self.measure("cmd:name=changer;encode=cat;decode=tr a b", expect=4)
        self.assertEqual(records[0]["outcome"], "mismatch")

    def test_a_time_out_ends_the_whole_family(self):
        mark = f"{os.getpid()}.25"
        records, _ = self.measure(f"cmd:name=slow;encode=sh -c 'test -s original || exit 1; sleep {mark} & wait';"
                                  "decode=cat", expect=3, extra=("--timeout", "1s"))
        self.assertEqual(records[0]["outcome"], "timed_out")
        time.sleep(0.2)
        alive = [pid for pid in os.listdir("/proc") if pid.isdigit() and self.says(pid, mark)]
        self.assertEqual(alive, [])

    @staticmethod
    def says(pid, mark):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return file.read().startswith(b"sleep\0" + mark.encode())
        except OSError:
            return False

    def test_an_interrupted_run_leaves_no_files(self):
        process = self.start("run", "--corpus", "text file.txt", "--codec",
                             "cmd:name=slow;encode=sh -c 'test -s original || exit 1; sleep 60';decode=cat")
        deadline = time.time() + 60
        while not self.folders() and time.time() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(self.folders(), [])

    def test_what_is_no_command_is_refused(self):
        for text, words in (("cmd:name=a", ("no encode command", "cmd:name=xz;")),
                            ("cmd:name=a;encode=no-such-program;decode=cat", ("no-such-program", "install it")),
                            ("cmd:name=zstd;encode=cat;decode=cat", ("two codecs are named 'zstd'",))):
            self.refuses("run", "--corpus", "text file.txt", "--codec", text, naming=words)
        self.environment["EVALZIP_COMMANDS"] = "nowhere.json"
        self.refuses("run", "--corpus", "text file.txt", naming=("nowhere.json", "EVALZIP_COMMANDS"))

    def test_two_commands_are_compared_in_turns(self):
        old, new = "cmd:name=old;encode=xz -c;decode=xz -dc", "cmd:name=new;encode=cat;decode=cat"
        out, _ = self.run_program("ab", "--base", old, "--head", new, "--corpus", "text file.txt", "--samples", "10",
                                  "--min-time", "1ms", "--threshold", "1000", expect=1)
        self.assertIn("old -> new", out)


if __name__ == "__main__":
    unittest.main()
