"""`evalzip ab` and counting of instructions, with a codec that is worse by a set amount."""
import json
import os
import shutil
import unittest

from program import ProgramTest

QUICK = ("--samples", "10", "--min-time", "2ms", "--corpus", "text.txt", "--quiet")


class AbTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("text.txt", b"some text, again and again; " * 500)
        self.plugin = os.environ["EVALZIP_WASTEFUL_CODECS"]
        self.environment["EVALZIP_PLUGIN_PATH"] = self.plugin

    def test_a_byte_more_is_a_regression_of_settings(self):
        out, _ = self.run_program("ab", "--base", "waster", "--head", "waster:extra=1", *QUICK,
                                  "--threshold", "500", expect=1)
        self.assertIn("encoded_bytes", out)
        self.assertIn("14,000 -> 14,001 bytes", out)

    def test_work_that_triples_is_found(self):
        out, _ = self.run_program("ab", "--base", "waster", "--head", "waster:waste=200", *QUICK,
                                  "--threshold", "20", "--save-head", "head.json", expect=1)
        self.assertIn("encode_seconds", out)
        run = json.loads((self.folder / "head.json").read_text())
        self.assertEqual(len(run["records"][0]["encode_seconds"]), 10)

    def test_builds_and_plugins_with_the_same_bytes_are_not_measured(self):
        del self.environment["EVALZIP_PLUGIN_PATH"]
        shutil.copy(self.plugin, self.folder / "copy.so")
        out, _ = self.run_program("ab", "--base", self.plugin, "--head", "copy.so", *QUICK)
        self.assertIn("same bytes", out)
        program = os.environ["EVALZIP"]
        out, _ = self.run_program("ab", "--base", program, "--head", program, *QUICK)
        self.assertIn("same bytes", out)

    def test_a_plugin_is_measured_against_a_plugin(self):
        del self.environment["EVALZIP_PLUGIN_PATH"]
        shutil.copy(self.plugin, self.folder / "copy.so")
        out, _ = self.run_program("ab", "--base", self.plugin, "--head", "copy.so", "--identical-too", *QUICK,
                                  "--threshold", "500")
        self.assertIn("1 cells compared", out)

    def test_sides_that_do_not_match_are_refused(self):
        self.refuses("ab", "--base", "waster,store", "--head", "waster", *QUICK, naming=("2 settings",))
        self.refuses("ab", "--base", "store", "--head", self.environment.pop("EVALZIP_PLUGIN_PATH"), *QUICK, naming=("--codec",))
        self.refuses("ab", "--base", "store", "--head", "nonesuch", *QUICK, naming=("nonesuch",))
        self.refuses("ab", "--base", "store", "--head", "store", "--samples", "5", naming=("samples",))

    @unittest.skipUnless(shutil.which("valgrind"), "valgrind is not installed")
    def test_two_percent_more_instructions_are_found_and_none_are_not(self):
        for name, codec in (("a", "waster"), ("b", "waster"), ("c", "waster:waste=2")):
            self.run_program("run", "--corpus", "text.txt", "--codec", codec, "--samples", "1", "--rounds", "1",
                             "--min-time", "1ms", "--instructions", "--out", f"{name}.json", "--quiet")
        a, b, c = (json.loads((self.folder / f"{name}.json").read_text()) for name in "abc")
        if any("sanitizer build" in warning for warning in a["environment"]["warnings"]):
            self.skipTest("valgrind cannot run the address sanitizer")
        count = a["records"][0]["encode_instructions"]
        self.assertGreater(count, 1750 * 100)
        self.assertLess(abs(b["records"][0]["encode_instructions"] / count - 1), 1e-3)
        c["records"][0]["codec"] = a["records"][0]["codec"]
        self.file("c.json", json.dumps(c).encode())
        self.run_program("compare", "a.json", "b.json")
        out, _ = self.run_program("compare", "a.json", "c.json", expect=1)
        self.assertIn("encode_instructions", out)


if __name__ == "__main__":
    unittest.main()
