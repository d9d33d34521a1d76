"""`evalzip analyze` from outside: one screen, JSON, a drawing, and what it refuses."""
import json
import os
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

from program import ProgramTest

TEXT = b"the rain in Spain stays mainly in the plain, it is said.\n" * 500


class Analyze(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("text.txt", TEXT)
        self.file("empty", b"")
        self.file("<b>&.bin", bytes(range(256)) * 64)

    def out(self, *arguments):
        return self.run_program("analyze", *arguments)[0]

    def test_a_file_fits_on_one_screen(self):
        text = self.out("text.txt")
        self.assertLess(len(text.splitlines()), 25)
        self.assertLessEqual(max(map(len, text.splitlines())), 120)
        for word in ("ASCII text", "CTW code", "KT code", "records", "57 bytes"):
            self.assertIn(word, text)

    def test_json_has_an_object_for_each_document(self):
        found = json.loads(self.out("text.txt", "empty", "--json"))
        self.assertEqual([one["bytes"] for one in found], [len(TEXT), 0])
        self.assertEqual(sum(found[0]["counts"]), len(TEXT))
        self.assertEqual(len(found[0]["orders"]), 6)
        self.assertEqual(found[1]["kind"], "empty")

    def test_no_number_is_not_a_number(self):
        self.file("one", b"x")
        self.file("zeros", bytes(10_000))
        for name in ("empty", "one", "zeros"):
            self.assertNotIn("nan", self.out(name).lower())
            json.loads(self.out(name, "--json"), parse_constant=self.fail)

    def test_files_side_by_side_say_the_same_as_one_after_the_other(self):
        names = ["text.txt", "empty", "<b>&.bin"]
        self.assertEqual(self.out(*names, "--threads", "2"), self.out(*names, "--threads", "1"))

    def ents_entropy(self, bytes_of_file):
        said = subprocess.run(["ent"], input=bytes_of_file, capture_output=True, check=True).stdout.decode()
        return re.search(r"Entropy = ([0-9.]+) bits", said).group(1)

    @unittest.skipUnless(shutil.which("ent"), "there is no ent here")
    def test_ent_prints_the_same_entropy(self):
        for name in ("text.txt", "<b>&.bin"):
            found = json.loads(self.out(name, "--json"))[0]
            ours = found["orders"][0]["empirical_bits"] / found["bytes"]
            self.assertEqual(f"{ours:.6f}", self.ents_entropy((self.folder / name).read_bytes()), name)

    @unittest.skipUnless(shutil.which("ent"), "there is no ent here")
    def test_ent_prints_the_same_entropy_of_silesia(self):
        corpora = os.environ.get("EVALZIP_TEST_DATA", "") + "/corpora"
        if not os.path.isdir(corpora + "/silesia"):
            self.skipTest("the corpora are not here (EVALZIP_TEST_DATA)")
        self.environment["EVALZIP_CORPUS_PATH"] = corpora
        found = self.start("analyze", "--corpus", "silesia", "--offline", "--order", "0", "--json").communicate()[0]
        compared = 0
        for one in json.loads(found):
            packed = f"{corpora}/silesia/{one['document']}.xz"
            if not os.path.exists(packed):
                continue
            unpacked = subprocess.run(["xz", "-dc", packed], capture_output=True, check=True).stdout
            ours = one["orders"][0]["empirical_bits"] / one["bytes"]
            self.assertEqual(f"{ours:.6f}", self.ents_entropy(unpacked), one["document"])
            compared += 1
        self.assertGreater(compared, 0)

    def test_the_profile_is_drawn_and_names_are_escaped(self):
        root = xml.etree.ElementTree.fromstring(self.out("<b>&.bin", "--format", "svg"))
        self.assertIn("<b>&.bin", root.find("{http://www.w3.org/2000/svg}title").text)

    def test_many_documents_are_not_drawn_into_one(self):
        self.refuses("analyze", "text.txt", "empty", "--format", "svg", naming=("svg", "2"))

    def test_a_model_that_is_not_there_is_named(self):
        self.refuses("analyze", "text.txt", "--model", "no-such-model", naming=("no-such-model",))

    def test_nothing_named_is_refused(self):
        self.refuses("analyze", naming=("nothing to analyze", "--corpus demo"))

    def test_a_missing_file_is_named(self):
        self.refuses("analyze", "nowhere.txt", naming=("nowhere.txt",))

    def test_the_output_appears_whole(self):
        self.out("text.txt", "--json", "--out", "a.json")
        self.assertEqual(len(json.loads((self.folder / "a.json").read_text())), 1)


if __name__ == "__main__":
    unittest.main()
