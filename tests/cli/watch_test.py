"""`evalzip run --watch`: the page and the table while a run goes."""
import os
import pty
import re
import subprocess
import unittest

from program import PROGRAM, QUICK, ProgramTest


class Watch(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("text.txt", b"some text to compress " * 400)

    def test_the_page_of_a_run_asks_for_itself_until_the_run_is_over(self):
        # A codec that never ends holds the run while we look.
        process = self.start("run", "--corpus", "text.txt", "--codec", "huffman,hanger", "--watch", "--timeout",
                             "3s", *QUICK)
        page, refreshing = self.folder / "run.html", False
        while process.poll() is None:
            if page.exists() and 'data-refresh="5"' in page.read_text():
                refreshing = True
        process.communicate()
        self.assertTrue(refreshing)
        self.assertEqual(process.returncode, 3)
        self.assertIn('data-refresh="0"', page.read_text())
        self.assertEqual(page.read_text(),
                         self.run_program("report", "run.json", "--format", "html")[0])
        self.assertEqual(sorted(path.name for path in self.folder.glob("run*")), ["run.html", "run.json"])

    def test_the_terminal_shows_the_table_filling(self):
        ours, theirs = pty.openpty()
        process = subprocess.Popen([PROGRAM, "run", "--corpus", "text.txt", "--codec", "huffman,rans", "--watch",
                                    "--samples", "2", "--rounds", "2", "--min-time", "400ms"],
                                   cwd=self.folder, env=self.environment | {"TERM": "xterm"}, stderr=theirs,
                                   stdout=subprocess.DEVNULL)
        subprocess.run(["stty", "rows", "40", "cols", "100"], stdin=theirs, check=True)
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # the other end is closed
            pass
        self.assertEqual(process.wait(), 0)
        text = shown.decode()
        self.assertIn("not complete", text)
        self.assertRegex(text, r"huffman +[0-9,]+ ")
        # What goes up comes down: the table is taken away as often as it is drawn.
        drawn, erased = text.count("evalzip 0."), len(re.findall("\x1b\\[[0-9]+A\r\x1b\\[J", text))
        self.assertGreater(drawn, 0)
        self.assertEqual(drawn, erased)

    def test_a_page_in_the_place_of_the_result_is_refused(self):
        self.refuses("run", "--corpus", "text.txt", "--codec", "huffman", "--watch", "--out", "run.html",
                     naming=["--out", "run.html"])


if __name__ == "__main__":
    unittest.main()
