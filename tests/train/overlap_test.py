"""scripts/train finds what two texts share, and fails where text to train on holds a test corpus."""
import lzma
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    import numpy  # noqa: F401
except ModuleNotFoundError:
    print("numpy is not installed: skipped")
    sys.exit(77)

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts" / "train"
sys.path.insert(0, str(SCRIPTS))
import overlap  # noqa: E402
import prepare  # noqa: E402

CORPUS = ("It was the worst of mornings; nobody in the harbour had slept, and the lamps along the "
          "mole were put out one after the other by a boy who sang.\n") * 2
OTHER = " ".join(f"word{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}" for i in range(3000)).encode()
PLANTED = b"NOBODY in the harbour\n\thad slept -- and the lamps along the mole, were put out"


class Overlap(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "corpora").mkdir()
        (self.folder / "corpora" / "novel.xz").write_bytes(lzma.compress(CORPUS.encode()))

    def check(self, text):
        (self.folder / "text").write_bytes(text)
        command = [sys.executable, SCRIPTS / "check_overlap.py", "--corpora",
                   self.folder / "corpora", "--text", self.folder / "text"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_a_planted_sentence_is_found_whatever_its_case_and_spacing(self):
        planted = OTHER[:9000] + b" " + PLANTED + b" " + OTHER[9000:]
        result = self.check(planted)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("NOBODY", result.stdout)

    def test_text_of_its_own_passes(self):
        self.assertEqual(self.check(OTHER).returncode, 0)

    def test_eleven_words_are_a_coincidence(self):
        self.assertEqual(self.check(OTHER + b" " + PLANTED.rsplit(b" ", 4)[0]).returncode, 0)

    def test_a_sentence_across_two_pieces_is_found(self):
        filler = (OTHER * (overlap.PIECE // len(OTHER) + 2))[: overlap.PIECE - 30]
        self.assertEqual(self.check(filler + b" " + PLANTED + b" " + OTHER).returncode, 1)

    def test_a_folder_without_text_is_no_proof(self):
        (self.folder / "corpora" / "novel.xz").unlink()
        self.assertNotEqual(self.check(OTHER).returncode, 0)

    def test_what_overlaps_is_cut_out_and_little_more(self):
        corpora = overlap.Corpora(overlap.corpora_under(self.folder / "corpora"))
        long = OTHER * 3
        kept = prepare.without_overlap(long[:40000] + b" " + PLANTED + b" " + long[40000:], corpora)
        self.assertEqual(len(corpora.hits(kept)), 0)
        self.assertGreater(len(kept), len(long) - 3 * prepare.PIECE)
        self.assertEqual(prepare.without_overlap(PLANTED, corpora), b"")

    def test_a_document_seen_before_is_known_though_a_word_was_changed(self):
        seen = prepare.Seen()
        self.assertEqual(seen.share(OTHER), 0)
        self.assertGreater(seen.share(OTHER.replace(b"wordab", b"other", 1)), prepare.MOST_SEEN)


if __name__ == "__main__":
    unittest.main()
