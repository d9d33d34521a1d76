"""Bundles: made, verified, changed, repeated."""
import subprocess
import tarfile
import unittest

from program import PROGRAM, QUICK, ProgramTest


class Bundle(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("it's a text.txt", b"some text to compress " * 400)
        self.run_program("run", "--corpus", "it's a text.txt", "--codec", "huffman,rans", *QUICK)

    def make(self, where="bundle"):
        self.run_program("report", "run.json", "--format", "artifact", "--out", where)
        return self.folder / where

    def test_a_folder_and_an_archive_verify(self):
        folder, archive = self.make(), self.make("bundle.tar")
        for path in (folder, archive):
            out, _ = self.run_program("verify-artifact", path)
            self.assertIn("the same bytes", out)
        with tarfile.open(archive) as members:
            names = {member.name.removeprefix("evalzip-artifact/"): member for member in members}
        self.assertEqual(set(names), {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()})
        self.assertTrue(names["reproduce.sh"].mode & 0o100)
        subprocess.run(["gzip", archive], check=True)
        self.run_program("verify-artifact", f"{archive}.gz")

    def test_a_changed_file_is_named(self):
        table = self.make() / "tables" / "table.md"
        table.write_text(table.read_text().replace("huffman", "hufman"))
        out, _ = self.run_program("verify-artifact", "bundle", expect=4)
        self.assertIn("differs: tables/table.md is not what the runs give: line 3 differs", out)

    def test_what_is_no_bundle_is_refused(self):
        self.refuses("verify-artifact", "run.json", naming=["run.json"])
        self.refuses("verify-artifact", "nowhere", naming=["nowhere"])
        self.refuses("verify-artifact", ".", naming=["manifest.json"])
        self.refuses("report", "run.json", "--format", "artifact", naming=["--out FOLDER"])
        self.make()
        self.refuses("report", "run.json", "--format", "artifact", "--out", "bundle", naming=["there already"])

    def reproduce(self):
        return subprocess.run(["sh", "bundle/reproduce.sh", PROGRAM], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True)

    def test_the_script_measures_anew_and_compares(self):
        self.make()
        again = self.reproduce()
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
        self.assertIn("2 cells compared, 0 differ", again.stdout)
        self.assertIn("times the published one", again.stdout)

    def test_another_document_is_not_reproduced(self):
        self.make()
        self.file("it's a text.txt", b"another text to compress " * 400)
        again = self.reproduce()
        self.assertEqual(again.returncode, 4, again.stdout + again.stderr)
        self.assertIn("another document", again.stdout)


if __name__ == "__main__":
    unittest.main()
