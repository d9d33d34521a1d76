"""`evalzip model pack` and its like, and tensors as a corpus, from outside."""
import json
import os
import random
import resource
import signal
import struct
import subprocess
import time
import unittest

from program import PROGRAM, QUICK, ProgramTest


def safetensors(tensors):
    """A file of (name, dtype, shape, bytes)."""
    header, body = {}, b""
    for name, dtype, shape, data in tensors:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def bells(count, seed):
    """bfloat16 numbers as training leaves them."""
    generator = random.Random(seed)
    return b"".join(struct.pack("<f", generator.gauss(0, 0.02))[2:] for _ in range(count))


def small_files_only():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


class Weights(ProgramTest):
    def setUp(self):
        super().setUp()
        self.weights = safetensors([("layers.0.attn.wq", "BF16", [100, 200], bells(20_000, 1)),
                                    ("layers.0.attn.norm", "F32", [50], random.Random(2).randbytes(200)),
                                    ("copy", "BF16", [100, 200], bells(20_000, 1)),
                                    ("none", "F16", [0, 4], b""), ("scalar", "I64", [], bytes(8))])
        self.file("w.safetensors", self.weights)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_a_file_goes_there_and_back(self):
        self.run_program("model", "pack", "w.safetensors")
        self.assertLess((self.folder / "w.evt").stat().st_size, 0.72 * 40_000 + 2000)
        self.run_program("model", "unpack", "w.evt", "-o", "back", "-T3")
        self.assertEqual((self.folder / "back").read_bytes(), self.weights)
        self.refuses("model", "unpack", "w.evt", naming=("w.safetensors is there already",))
        self.assertEqual(self.names(), ["back", "w.evt", "w.safetensors"])

    def test_one_tensor_is_got_and_a_wrong_name_is_told(self):
        self.run_program("model", "pack", "w.safetensors")
        self.run_program("model", "get", "w.evt", "copy", "-o", "copy.bin")
        self.assertEqual((self.folder / "copy.bin").read_bytes(), bells(20_000, 1))
        self.refuses("model", "get", "w.evt", "nope", naming=("nope", "model ls"))

    def test_ls_and_report_tell_types_shapes_and_kinds(self):
        out, _ = self.run_program("model", "ls", "w.safetensors")
        self.assertRegex(out, r"BF16 +100x200 +40,000 +layers.0.attn.wq")
        self.run_program("model", "pack", "w.safetensors")
        out, _ = self.run_program("model", "ls", "w.evt")
        self.assertRegex(out, r"BF16 +100x200 +40,000 +[\d,]+ +\d\d\.\d % +layers.0.attn.wq")
        self.assertRegex(out, r"= layers.0.attn.wq +copy")
        self.assertRegex(out, r"I64 +scalar")
        out, _ = self.run_program("model", "report", "w.safetensors")
        self.assertRegex(out, r"attention +BF16 +1 +20,000")
        self.assertRegex(out, r"norm +F32 +1 +50")
        self.assertIn("times faster", out)
        out, _ = self.run_program("model", "report", "w.safetensors", "--bandwidth", "100Mbit/s,3GB/s")
        self.assertIn("0.0125 GB/s", out)
        self.assertIn("3 GB/s", out)
        self.refuses("model", "report", "w.safetensors", "--bandwidth", "fast", naming=("fast",))

    def test_a_fine_tuned_model_is_stored_as_its_difference(self):
        numbers = bytearray(bells(20_000, 1))
        for place in random.Random(3).sample(range(0, len(numbers), 2), 2000):
            numbers[place] ^= 1
        tuned = safetensors([("layers.0.attn.wq", "BF16", [100, 200], bytes(numbers)), ("new", "I8", [3], b"abc")])
        self.file("tuned.safetensors", tuned)
        self.run_program("model", "pack", "tuned.safetensors", "--base", "w.safetensors")
        self.run_program("model", "pack", "tuned.safetensors", "-o", "alone.evt")
        sizes = [(self.folder / name).stat().st_size for name in ("tuned.evt", "alone.evt")]
        self.assertLess(sizes[0], 0.2 * sizes[1])
        self.refuses("model", "unpack", "tuned.evt", "-o", "x", naming=("w.safetensors", "--base"))
        self.refuses("model", "unpack", "tuned.evt", "-o", "x", "--base", "tuned.safetensors", naming=("not the base",))
        self.run_program("model", "unpack", "tuned.evt", "-o", "x", "--base", "w.safetensors")
        self.assertEqual((self.folder / "x").read_bytes(), tuned)

    def test_damage_leaves_no_file_and_names_the_tensor(self):
        self.run_program("model", "pack", "w.safetensors")
        packed = self.folder / "w.evt"
        whole = packed.read_bytes()
        print("seed 4")
        for place in random.Random(4).sample(range(10, len(whole)), 40):
            packed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
            self.refuses("model", "unpack", "w.evt", "-o", "back", expect=4, naming=("w.evt",))
            packed.write_bytes(whole[:place])
            self.refuses("model", "unpack", "w.evt", "-o", "back", expect=4, naming=("w.evt",))

    def test_hostile_headers_are_refused_with_the_tensors_name(self):
        for change in ({"shape": [-1]}, {"shape": [1 << 62, 4]}, {"data_offsets": [4, 2]}, {"data_offsets": [0, 1 << 60]},
                       {"dtype": "F32"}, {"shape": [3]}):
            entry = {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]} | change
            text = json.dumps({"bad.one": entry}).encode()
            self.file("bad.safetensors", struct.pack("<Q", len(text)) + text + bytes(4))
            for command in (("pack",), ("ls",), ("report",)):
                self.refuses("model", *command, "bad.safetensors", naming=("bad.one",))
            self.refuses("run", "--corpus", "model:bad.safetensors", naming=("bad.one",))
        self.file("bad.safetensors", struct.pack("<Q", 1 << 40) + b"{}")
        self.refuses("model", "pack", "bad.safetensors", naming=("bad.safetensors",))

    def test_a_full_disk_an_interruption_and_a_pipe_leave_nothing(self):
        self.file("big.safetensors", safetensors([("w", "BF16", [200, 200], bells(40_000, 5))]))
        self.refuses("model", "pack", "big.safetensors", naming=("cannot write big.evt",), preexec_fn=small_files_only)
        done = subprocess.run([PROGRAM, "model", "pack", "-"], input=self.weights, cwd=self.folder, env=self.environment,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"name a file", done.stderr)

    def test_tensors_are_documents_that_know_their_numbers(self):
        self.run_program("run", "--corpus", "model:w.safetensors", "--codec", "tensor,tensor:dtype=bytes,zlib:6", *QUICK)
        records = [one for one in self.run_json()["records"] if one["document"] == "layers.0.attn.wq"]
        sizes = {one["codec"]: one["encoded_bytes"] for one in records}
        self.assertEqual(set(one["outcome"] for one in records), {"ok"})
        self.assertLess(sizes["tensor"], 0.72 * 40_000)
        self.assertGreater(sizes["tensor:dtype=bytes"], 0.75 * 40_000)

    def test_shards_are_found_through_their_index(self):
        for shard in ("a", "b"):
            self.file(f"{shard}.safetensors", safetensors([(shard, "BF16", [10, 10], bells(100, 6))]))
        index = {"weight_map": {"a": "a.safetensors", "b": "b.safetensors"}}
        self.file("model.safetensors.index.json", json.dumps(index).encode())
        self.run_program("run", "--corpus", "model:model.safetensors.index.json", "--codec", "tensor", *QUICK)
        self.assertEqual([one["document"] for one in self.run_json()["records"]], ["a", "b"])
        index["weight_map"]["a"] = "../a.safetensors"
        self.file("model.safetensors.index.json", json.dumps(index).encode())
        (self.folder / "run.json").unlink()
        self.refuses("run", "--corpus", "model:model.safetensors.index.json", naming=("../a.safetensors",))


if __name__ == "__main__":
    unittest.main()
