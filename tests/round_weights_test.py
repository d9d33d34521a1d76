"""scripts/round_weights.py rounds to the nearest number of each type, found by looking at all of them."""
import struct
import sys
import unittest
from pathlib import Path

try:
    import numpy as np
except ModuleNotFoundError:
    print("numpy is not installed: skipped")
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
import round_weights  # noqa: E402


def decoded(bits, name):
    """What an 8-bit float stands for, by the definition of the format."""
    exponent_bits, mantissa_bits, _ = round_weights.SMALL[name]
    bias = (1 << exponent_bits - 1) - 1
    sign = -1.0 if bits & 0x80 else 1.0
    exponent, mantissa = (bits & 0x7F) >> mantissa_bits, bits & (1 << mantissa_bits) - 1
    if name == "F8_E4M3" and bits & 0x7F == 0x7F:
        return float("nan")
    if name == "F8_E5M2" and exponent == 31:
        return sign * (float("inf") if mantissa == 0 else float("nan"))
    if exponent == 0:
        return sign * mantissa * 2.0 ** (1 - bias - mantissa_bits)
    return sign * (1 + mantissa / (1 << mantissa_bits)) * 2.0 ** (exponent - bias)


class RoundWeights(unittest.TestCase):
    def test_every_8_bit_float_stays(self):
        for name in round_weights.SMALL:
            for bits in range(256):
                value = decoded(bits, name)
                if value == value:
                    self.assertEqual(round_weights.to_f8(np.array([value], np.float32), name)[0], bits, (name, bits))

    def test_others_go_to_the_nearest_and_ties_to_even(self):
        print("seed 1")
        generator = np.random.default_rng(1)
        values = (generator.standard_normal(3000) * np.exp2(generator.integers(-20, 6, 3000))).astype(np.float32)
        for name in round_weights.SMALL:
            finite = sorted({decoded(bits, name) for bits in range(256)} - {float("inf"), float("-inf")}, key=abs)
            finite = np.array([one for one in finite if one == one])
            for value, bits in zip(values, round_weights.to_f8(values, name)):
                error = abs(decoded(int(bits), name) - float(value))
                self.assertLessEqual(error, np.abs(finite - float(value)).min(), (name, value))
            halves = np.array([(a + b) / 2 for a, b in zip(np.sort(finite)[128:-1], np.sort(finite)[129:])], np.float32)
            for bits in round_weights.to_f8(halves, name):
                self.assertEqual(bits & 1, 0, name)

    def test_what_is_too_large_is_the_largest_or_infinite(self):
        large = np.array([1e9, -1e9, np.inf, np.nan], np.float32)
        self.assertEqual(list(round_weights.to_f8(large, "F8_E4M3")[:2]), [0x7E, 0xFE])
        self.assertEqual(list(round_weights.to_f8(large, "F8_E5M2")[:3]), [0x7C, 0xFC, 0x7C])
        self.assertTrue(np.isnan(decoded(int(round_weights.to_f8(large, "F8_E5M2")[3]), "F8_E5M2")))

    def test_bf16_goes_to_the_nearest_and_ties_to_even(self):
        cases = {0x3F808000: 0x3F80, 0x3F818000: 0x3F82, 0x3F808001: 0x3F81, 0x3F807FFF: 0x3F80, 0x7F7FFFFF: 0x7F80,
                 0x80000000: 0x8000, 0x00000001: 0x0000, 0x7F800001: 0x7FC0}
        for bits, expected in cases.items():
            value = np.frombuffer(struct.pack("<I", bits), np.float32)
            self.assertEqual(round_weights.to_bf16(value)[0], expected, hex(bits))


if __name__ == "__main__":
    unittest.main()
