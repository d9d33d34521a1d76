"""The integers that scripts/train writes are the nearest ones, with one scale for a row."""
import struct
import sys
import unittest
from pathlib import Path

try:
    import numpy as np
except ModuleNotFoundError:
    print("numpy is not installed: skipped")
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "train"))
import gguf_file  # noqa: E402


def blocks_of(data):
    packed = np.frombuffer(data, np.uint8).reshape(-1, 34)
    return packed[:, :2].copy().view(np.float16)[:, 0].astype(np.float64), packed[:, 2:].view(np.int8)


class GgufFile(unittest.TestCase):
    def setUp(self):
        self.matrix = np.random.default_rng(1).normal(size=(50, 96)).astype(np.float32)
        self.matrix[3] *= 1e-3
        self.matrix[4] = 0

    def test_a_row_has_one_scale_and_reaches_127(self):
        scales, integers = blocks_of(gguf_file.by_row(self.matrix))
        scales, integers = scales.reshape(50, 3), integers.reshape(50, 96)
        self.assertTrue((scales == scales[:, :1]).all())
        sizes = np.abs(integers.astype(int)).max(1)
        self.assertTrue((np.delete(sizes, 4) == 127).all())
        error = np.abs(integers * scales[:, :1] - self.matrix).max(1)
        self.assertTrue((error <= 0.57 * scales[:, 0]).all())

    def test_blocks_have_scales_of_their_own(self):
        scales, integers = blocks_of(gguf_file.by_block(self.matrix))
        error = np.abs(integers * scales[:, None] - self.matrix.reshape(-1, 32)).max(1)
        self.assertTrue((error <= 0.57 * scales).all())

    def test_a_file_tells_where_each_tensor_lies(self):
        writer = gguf_file.Writer()
        writer.add("a.text", "x")
        writer.add_tensor("one", (2,), gguf_file.F32, struct.pack("<2f", 1, 2))
        writer.add_tensor("two", (1, 32), gguf_file.Q8_0, gguf_file.by_row(self.matrix[:1, :32]))
        data = writer.bytes()
        self.assertEqual(data[:4], b"GGUF")
        self.assertEqual(struct.unpack_from("<IQQ", data, 4), (3, 2, 1))
        self.assertEqual(len(data) % gguf_file.ALIGNMENT, 0)
        self.assertEqual(struct.unpack_from("<2f", data, len(data) - 32 - 64), (1, 2))


if __name__ == "__main__":
    unittest.main()
