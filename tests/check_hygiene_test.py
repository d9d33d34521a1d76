#!/usr/bin/env python3
"""scripts/check_hygiene.py must refuse what belongs to one machine, and nothing else."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
import check_hygiene  # noqa: E402


class Hygiene(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name).resolve() / "one" / "two"

    def problems(self, path: str, content: bytes) -> list:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return list(check_hygiene.find_problems(self.root, [path]))

    def test_the_path_of_the_tree_is_refused(self):
        for path in (self.root, self.root.parent, self.root.parent / "shared"):
            found = self.problems("docs/method.md", f"first\nsee {path}/x\n".encode())
            self.assertEqual(len(found), 1, found)
            self.assertTrue(found[0].startswith("docs/method.md:2: a path of one machine"), found)

    def test_folders_of_people_are_refused(self):
        for folder in ("/home/" + "ann/", "/Users/" + "ann/"):
            self.assertEqual(len(self.problems("a.txt", folder.encode())), 1)

    def test_other_paths_are_accepted(self):
        for text in ("/usr/include/zlib.h", "https://example.org/home/ann/", "$HOME/home/x",
                     f"{self.root.parent}-other", "../shared/data"):
            self.assertEqual(self.problems("a.txt", text.encode()), [], text)

    def test_a_tree_at_the_top_of_the_disk_tells_nothing(self):
        self.assertIsNone(check_hygiene.machine_paths(Path("/src")).search(b"/src/x"))

    def test_a_big_file_is_refused_except_among_the_models(self):
        content = bytes(check_hygiene.MOST_BYTES + 1)
        self.assertEqual(len(self.problems("docs/plot.png", content)), 1)
        self.assertEqual(self.problems("docs/plot.png", content[1:]), [])
        self.assertEqual(self.problems("models/small.gguf", content), [])


if __name__ == "__main__":
    unittest.main()
