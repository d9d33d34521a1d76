"""`evalzip advise` from outside."""
import json
import unittest

from program import QUICK, ProgramTest

TEXT = b"the rain in Spain stays mainly in the plain, it is said.\n" * 2000


class Advise(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("text.txt", TEXT)

    def test_it_measures_and_names_a_codec_for_each_purpose(self):
        out, _ = self.run_program("advise", "text.txt", "--codec", "huffman,rans:order=1", "--budget", "5s", "--quiet")
        for word in ("sending at 12.5 MB/s", "storing for 12 months", "loading at 1.00 GB/s", "without compression",
                     "it is the soonest", "if it turns out otherwise", "nothing both smaller and faster"):
            self.assertIn(word, out)
        self.assertEqual([path.name for path in self.folder.iterdir() if path.is_file()], ["text.txt"])

    def test_a_run_made_before_will_do(self):
        self.run_program("run", "--corpus", "text.txt", "--codec", "store,huffman", "--quiet", *QUICK)
        found = json.loads(self.run_program("advise", "--run", "run.json", "--bandwidth", "1Mbit/s", "--json")[0])
        self.assertEqual(found[0]["advice"][0]["best"], "huffman")
        self.assertEqual([one["purpose"] for one in found[0]["advice"]], ["sending", "storing", "loading"])
        self.assertEqual([one["name"] for one in found[0]["options"]], ["no compression", "huffman"])

    def test_the_output_appears_whole(self):
        self.run_program("run", "--corpus", "text.txt", "--codec", "huffman", "--quiet", *QUICK)
        self.run_program("advise", "--run", "run.json", "--json", "--out", "advice.json")
        json.loads((self.folder / "advice.json").read_text())

    def test_what_is_no_request_is_refused(self):
        self.refuses("advise", naming=("name files", "--run"))
        self.refuses("advise", "text.txt", "--run", "run.json", naming=("name files",))
        self.refuses("advise", "text.txt", "--bandwidth", "fast", naming=("'fast'", "100Mbit/s"))
        self.refuses("advise", "text.txt", "--bandwidth", "0MB/s", naming=("'0MB/s'",))
        self.refuses("advise", "text.txt", "--write-once-read", "-1", naming=("--write-once-read",))
        self.refuses("advise", "nowhere", naming=("nowhere",))
        self.refuses("advise", "--run", "nowhere.json", naming=("nowhere.json",))

    def test_nothing_to_go_by_is_said(self):
        self.file("empty", b"")
        self.refuses("advise", "empty", "--codec", "huffman", "--quiet", naming=("nothing to advise",))


if __name__ == "__main__":
    unittest.main()
