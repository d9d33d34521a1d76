#!/usr/bin/env python3
"""The check of the engine's objects sees what it is there to see."""
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(__file__), "..", "scripts", "check_engine_objects.py")
COMPILER = shutil.which(os.environ.get("CXX", "c++"))


def outcome(source, *flags, member="code.o"):
    """Exit code and output of the check for an archive with one object made of `source`."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([COMPILER, "-O2", *flags, "-c", "-x", "c++", "-", "-o", f"{folder}/code.o"],
                       input=source, text=True, check=True)
        subprocess.run(["ar", "rcs", f"{folder}/lib.a", f"{folder}/code.o"], check=True)
        done = subprocess.run([sys.executable, SCRIPT, f"{folder}/lib.a", member], text=True,
                              stdout=subprocess.PIPE)
        return done.returncode, done.stdout


@unittest.skipUnless(COMPILER and platform.machine() == "x86_64", "needs a compiler for x86-64")
class EngineObjects(unittest.TestCase):
    def test_products_and_sums_pass(self):
        code, text = outcome("float f(float a, float b) { return a * b + a / b; }")
        self.assertEqual(code, 0, text)

    def test_a_fused_product_is_found(self):
        code, text = outcome("float f(float a, float b) { return __builtin_fmaf(a, b, a); }", "-mfma")
        self.assertEqual(code, 1, text)
        self.assertIn("is fused", text)

    def test_an_estimate_is_found(self):
        code, text = outcome("#include <immintrin.h>\n__m128 f(__m128 a) { return _mm_rsqrt_ps(a); }")
        self.assertEqual(code, 1, text)
        self.assertIn("is an estimate", text)

    def test_an_estimate_of_avx512_is_found(self):
        code, text = outcome(
            "#include <immintrin.h>\n__m512 f(__m512 a) { return _mm512_rcp14_ps(a); }", "-mavx512f")
        self.assertEqual(code, 1, text)

    def test_a_product_of_bfloat16_is_found(self):
        code, text = outcome(
            "#include <immintrin.h>\n__m512 f(__m512 s, __m512bh a) { return _mm512_dpbf16_ps(s, a, a); }",
            "-mavx512bf16", "-mavx512f")
        self.assertEqual(code, 1, text)

    def test_products_of_int8_tiles_pass(self):
        code, text = outcome('void f() { asm volatile("tdpbusd %tmm2, %tmm1, %tmm0"); }')
        self.assertEqual(code, 0, text)

    def test_a_product_of_bfloat16_tiles_is_found(self):
        code, text = outcome('void f() { asm volatile("tdpbf16ps %tmm2, %tmm1, %tmm0"); }')
        self.assertEqual(code, 1, text)
        self.assertIn("is a product of tiles", text)

    def test_a_missing_member_is_a_problem(self):
        code, text = outcome("int f() { return 1; }", member="other.o")
        self.assertEqual(code, 1, text)


if __name__ == "__main__":
    if shutil.which("objdump") is None:
        sys.exit(77)
    unittest.main()
