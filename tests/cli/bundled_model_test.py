"""The model that comes with the program: what happens where it did not come, or came damaged."""
import shutil
import subprocess
import unittest
from pathlib import Path

from program import PROGRAM, QUICK, ProgramTest

SHIPPED = Path(__file__).resolve().parent.parent.parent / "models"
NAME = "evalzip-bytes"


class BundledModel(ProgramTest):
    def setUp(self):
        super().setUp()
        prefix = self.folder / "prefix"
        (prefix / "bin").mkdir(parents=True)
        shutil.copy(PROGRAM, prefix / "bin" / "evalzip")
        (prefix / "lib").symlink_to(Path(PROGRAM).resolve().parent / "lib")
        self.models = prefix / "share" / "evalzip" / "models"
        self.models.mkdir(parents=True)
        self.file("text.txt", b"a text of some words, " * 20)

    def installed(self, *arguments, expect):
        done = subprocess.run([self.folder / "prefix" / "bin" / "evalzip", *arguments], cwd=self.folder, text=True,
                              env=self.environment, capture_output=True, timeout=300)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stderr

    def test_a_run_of_the_default_codecs_goes_on_without_it(self):
        err = self.installed("run", "--corpus", "text.txt", *QUICK, "--budget", "none", expect=0)
        self.assertIn("left out llm", err)
        self.assertNotIn("llm", [record["codec"][:3] for record in self.run_json()["records"]])

    def test_whoever_asks_for_it_is_told_what_is_wrong(self):
        self.installed("run", "--corpus", "text.txt", "--codec", "llm,store", *QUICK, expect=3)
        missing = [r for r in self.run_json()["records"] if r["outcome"] == "missing"]
        self.assertIn("install evalzip as a whole", missing[0]["detail"])

    def test_one_that_was_damaged_is_not_used(self):
        shutil.copy(SHIPPED / f"{NAME}.json", self.models)
        model = bytearray((SHIPPED / f"{NAME}.gguf").read_bytes())
        model[-1000] ^= 1
        (self.models / f"{NAME}.gguf").write_bytes(model)
        self.installed("run", "--corpus", "text.txt", "--codec", "llm", *QUICK, expect=3)
        detail = self.run_json()["records"][0]["detail"]
        self.assertIn("is not the model evalzip-bytes: its SHA-256 is", detail)
        self.installed("compress", "--codec", "llm", "text.txt", expect=2)


if __name__ == "__main__":
    unittest.main()
