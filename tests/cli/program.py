"""The built program as tests use it: run in a folder of their own, with nothing of the user's about."""
import json
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

# A child of a background job would inherit that interruptions are ignored.
for number in (signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)

PROGRAM = os.environ["EVALZIP"]
FAULT_CODECS = os.environ["EVALZIP_FAULT_CODECS"]
QUICK = ("--samples", "2", "--rounds", "2", "--min-time", "1ms")


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="evalzip-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": folder.name,
            "TMPDIR": folder.name,
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "EVALZIP_PLUGIN_PATH": FAULT_CODECS,
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def start(self, *arguments, **options):
        return subprocess.Popen([PROGRAM, *arguments], cwd=self.folder, env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def run_program(self, *arguments, expect=0, **options):
        """What the program printed, as (standard output, standard error)."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, expect, f"{arguments}\n{out}\n{err}")
        return out, err

    def refuses(self, *arguments, naming, expect=2, **options):
        """The program refuses with one message that holds every text of `naming`, and makes no file."""
        before = sorted(self.folder.rglob("*"))
        out, err = self.run_program(*arguments, expect=expect, **options)
        self.assertEqual(out, "")
        for text in naming:
            self.assertIn(text, err)
        self.assertEqual(sorted(self.folder.rglob("*")), before)

    def run_json(self, name="run.json"):
        return json.loads((self.folder / name).read_text())
