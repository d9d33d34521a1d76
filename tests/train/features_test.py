"""scripts/train finds the rows of tables that the engine finds (tests/byte_model_test.cpp)."""
import sys
import unittest
from pathlib import Path

try:
    import numpy as np
except ModuleNotFoundError:
    print("numpy is not installed: skipped")
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "train"))
import features  # noqa: E402

ROWS = [
    (b'the hous', 2, 7011),
    (b'the hous', 3, 3390),
    (b'the hous', 4, 9260),
    (b'the hous', 6, 14141),
    (b'the hous', 8, 12895),
    (b'the hous', 0, 9260),
    (b'x', 2, 2688),
    (b'x', 3, 2688),
    (b'x', 4, 2688),
    (b'x', 6, 2688),
    (b'x', 8, 2688),
    (b'x', 0, 2688),
    (b'garden, ', 2, 5110),
    (b'garden, ', 3, 10083),
    (b'garden, ', 4, 13106),
    (b'garden, ', 6, 11336),
    (b'garden, ', 8, 2565),
    (b'garden, ', 0, 10240),
    (b'Am 1. M\xc3\xa4', 2, 10064),
    (b'Am 1. M\xc3\xa4', 3, 3715),
    (b'Am 1. M\xc3\xa4', 4, 6781),
    (b'Am 1. M\xc3\xa4', 6, 8902),
    (b'Am 1. M\xc3\xa4', 8, 16302),
    (b'Am 1. M\xc3\xa4', 0, 7247),
    (b'<a href=', 2, 13165),
    (b'<a href=', 3, 13561),
    (b'<a href=', 4, 7077),
    (b'<a href=', 6, 7446),
    (b'<a href=', 8, 6420),
    (b'<a href=', 0, 8092),
]


class Features(unittest.TestCase):
    def test_rows_are_those_of_the_engine(self):
        for text, order, row in ROWS:
            data = np.frombuffer(b"\0" * 8 + text, np.uint8)
            recent = features.recent_bytes(data, 7)
            self.assertEqual(features.table_rows(recent, [order], 14)[0][-1], row, (text, order))

    def test_the_last_byte_is_the_lowest(self):
        recent = features.recent_bytes(np.arange(1, 10, dtype=np.uint8), 7)
        self.assertEqual([hex(r) for r in recent.tolist()], ["0x102030405060708", "0x203040506070809"])


if __name__ == "__main__":
    unittest.main()
