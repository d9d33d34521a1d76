"""`evalzip compress` and its like, from outside, by the customs of gzip and zstd."""
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from program import PROGRAM, ProgramTest

TEXT = b"the rain in Spain stays mainly in the plain, it is said.\n" * 200


def small_files_only():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


class Container(ProgramTest):
    def setUp(self):
        super().setUp()
        self.original = self.file("text", TEXT)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def pipe(self, data, *arguments, expect=0):
        done = subprocess.run([PROGRAM, *arguments], input=data, cwd=self.folder, env=self.environment,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done.stdout

    def test_a_file_goes_there_and_back_and_is_kept(self):
        _, err = self.run_program("compress", "text")
        self.assertEqual((err, self.names()), ("", ["text", "text.evz"]))
        self.original.unlink()
        self.run_program("decompress", "text.evz")
        self.assertEqual(self.original.read_bytes(), TEXT)
        self.assertEqual(self.names(), ["text", "text.evz"])

    def test_pipes_give_the_same_as_files(self):
        self.run_program("compress", "text", "--codec", "zlib:9", "--block-size", "1000")
        piped = self.pipe(TEXT, "compress", "--codec", "zlib:9", "--block-size", "1000", "-T", "3")
        self.assertEqual(piped, (self.folder / "text.evz").read_bytes())
        self.assertEqual(self.pipe(piped, "decompress", "-T2"), TEXT)
        self.assertEqual(self.pipe(b"", "cat", "text.evz", "text.evz"), TEXT + TEXT)
        self.assertEqual(self.pipe(self.pipe(b"", "compress"), "decompress", "-"), b"")

    def test_every_codec_that_needs_no_model_and_no_program_goes_there_and_back(self):
        out, _ = self.run_program("list", "codecs")
        del self.environment["EVALZIP_PLUGIN_PATH"]
        names = {line.split()[0] for line in out.splitlines() if line[:1].isalpha()}
        names &= {"store", "huffman", "rans", "arithmetic", "cm", "ppm", "kt", "auto", "zlib", "zstd", "brotli", "xz"}
        self.assertIn("cm", names)
        for name in sorted(names):
            packed = self.pipe(TEXT, "compress", "--codec", name, "--block-size", "5000")
            self.assertEqual(self.pipe(packed, "cat"), TEXT, name)

    def test_permissions_and_times_are_kept(self):
        self.original.chmod(0o640)
        os.utime(self.original, (1_000_000_000, 1_000_000_001.25))
        self.run_program("compress", "text")
        packed = self.folder / "text.evz"
        self.assertEqual(packed.stat().st_mode & 0o7777, 0o640)
        self.assertEqual(packed.stat().st_mtime, 1_000_000_001.25)
        packed.chmod(0o600)
        self.run_program("decompress", "-f", "text.evz")
        self.assertEqual(self.original.stat().st_mode & 0o7777, 0o600)
        self.assertEqual(self.original.stat().st_mtime, 1_000_000_001.25)

    def test_a_file_that_is_there_is_replaced_only_when_told(self):
        self.file("text.evz", b"precious")
        self.refuses("compress", "text", naming=("text.evz is there already", "-f"))
        self.assertEqual((self.folder / "text.evz").read_bytes(), b"precious")
        self.run_program("compress", "-f", "text")
        self.refuses("decompress", "text.evz", naming=("text is there already",))
        self.refuses("compress", "text", "-f", "-o", "text", naming=("would replace text",))

    def test_rm_removes_what_was_read_after_a_look_at_the_result(self):
        self.run_program("compress", "--rm", "text")
        self.assertEqual(self.names(), ["text.evz"])
        self.run_program("decompress", "--rm", "text.evz")
        self.assertEqual((self.names(), self.original.read_bytes()), (["text"], TEXT))
        for codec in ("liar", "idler", "input-changer"):
            self.refuses("compress", "--rm", "text", "--codec", codec, expect=4, naming=("text",))
        self.refuses("compress", "--verify", "text", "--codec", "liar", expect=4, naming=("text",))
        self.refuses("compress", "--verify", "-c", "text", naming=("--verify",))

    def test_the_first_bad_file_does_not_stop_the_others(self):
        self.file("other", TEXT)
        _, err = self.run_program("compress", "missing", "text", ".", "other", expect=2)
        self.assertIn("missing", err)
        self.assertIn("is a folder", err)
        self.assertEqual(self.names(), ["other", "other.evz", "text", "text.evz"])
        (self.folder / "text.evz").write_bytes(b"")
        _, err = self.run_program("test", "text.evz", "missing", "other.evz", expect=4)
        self.assertIn("other.evz: ok", err)

    def test_strange_names_are_names(self):
        for name in ("-dash", "two words", "line\nbreak", "quo'te\"", "ünï", "\x1b[31mred"):
            self.file(name, TEXT)
            self.run_program("compress", "--rm", "--", name)
            self.run_program("decompress", "--rm", "-v", "--", name + ".evz")
            self.assertEqual((self.folder / name).read_bytes(), TEXT)
            _, err = self.run_program("test", "--", name, expect=2)
            self.assertNotIn("\x1b", err)

    def test_a_message_has_the_name_of_its_file_however_short(self):
        self.file("e", b"")
        self.refuses("test", "e", expect=4, naming=("evalzip: e: it is empty",))

    def test_what_cannot_be_a_request_is_refused(self):
        self.file("other", TEXT)
        self.refuses("compress", "text", "other", "-c", naming=("one file only",))
        self.refuses("decompress", "text", "other", "-o", "x", naming=("one file only",))
        self.refuses("decompress", "text", naming=("does not end in .evz",))
        self.refuses("compress", "text", "--codec", "zstdd", naming=("zstdd",))
        self.refuses("compress", "text", "--codec", "zlib:1..9", naming=("zlib:1..9",))
        self.refuses("compress", "text", "--block-size", "2GiB", naming=("--block-size",))
        self.refuses("compress", "text", "--block-size", "0", naming=("--block-size",))
        self.refuses("cat", "text", naming=("not an .evz file",))
        self.file("name.evz", TEXT)
        self.refuses("compress", "name.evz", naming=("suffix .evz already",))

    def test_a_damaged_file_leaves_no_file_behind(self):
        self.pipe(random.Random(1).randbytes(1000) + TEXT, "compress", "-o", "x.evz", "--block-size", "1500")
        packed = self.folder / "x.evz"
        whole = packed.read_bytes()
        places = random.Random(2).sample(range(10, len(whole)), 60)
        for place in places:
            packed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
            self.refuses("decompress", "x.evz", expect=4, naming=("x.evz: ",))
            packed.write_bytes(whole[:place])
            self.refuses("decompress", "x.evz", expect=4, naming=("x.evz: ",))

    def test_a_newer_file_and_a_missing_codec_say_what_to_install(self):
        self.run_program("compress", "text", "--codec", "honest")
        packed = self.folder / "text.evz"
        plugins = self.environment.pop("EVALZIP_PLUGIN_PATH")
        self.original.unlink()
        self.refuses("decompress", "text.evz", naming=("honest", "version 1", "EVALZIP_PLUGIN_PATH"))
        self.environment["EVALZIP_PLUGIN_PATH"] = plugins
        newer = bytearray(packed.read_bytes())
        newer[8] = 7
        packed.write_bytes(newer)
        self.refuses("decompress", "text.evz", naming=("version 7", "newer"))

    def test_a_missing_library_is_named(self):
        self.run_program("compress", "text", "--codec", "zlib")
        self.original.unlink()
        build = Path(PROGRAM).parent
        copy = self.folder / "copy"
        (copy / "lib").mkdir(parents=True)
        shutil.copy(PROGRAM, copy / "evalzip")
        shutil.copytree(build / "lib/evalzip", copy / "lib/evalzip", ignore=shutil.ignore_patterns("zlib.so"))
        done = subprocess.run([copy / "evalzip", "decompress", "text.evz"], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("zlib:", done.stderr)
        self.assertIn("zlib1g-dev", done.stderr)
        self.assertFalse(self.original.exists())

    @unittest.skipUnless(os.environ.get("EVALZIP_TEST_DATA"), "there is no model: EVALZIP_TEST_DATA is not set")
    def test_a_missing_model_is_named_and_another_is_not_taken_for_it(self):
        models = Path(os.environ["EVALZIP_TEST_DATA"]) / "models/llama2c"
        self.run_program("model", "import", models / "stories260K.bin", "--tokenizer", models / "tok512.bin", "-o", "m.gguf")
        (self.folder / "small").write_bytes(TEXT[:600])
        self.run_program("compress", "small", "--codec", "llm:model=./m.gguf")
        (self.folder / "elsewhere").mkdir()
        model = (self.folder / "m.gguf").rename(self.folder / "elsewhere/m.gguf")
        _, err = self.run_program("cat", "small.evz", expect=2)
        self.assertIn("SHA-256", err)
        self.assertIn("evalzip model fetch stories260k", err)
        self.assertEqual(self.pipe(b"", "cat", "--model", "elsewhere/m.gguf", "small.evz"), TEXT[:600])
        with open(model, "ab") as file:
            file.write(b"x")
        self.refuses("cat", "--model", "elsewhere/m.gguf", "small.evz", naming=("is another one",))

    def test_a_command_in_a_file_is_never_run(self):
        self.file("commands.json", b'[{"name": "copy", "encode": "head -c 100", "decode": "cat"}]')
        self.environment["EVALZIP_COMMANDS"] = "commands.json"
        self.run_program("compress", "text", "--codec", "copy")
        del self.environment["EVALZIP_COMMANDS"]
        self.refuses("cat", "text.evz", naming=("copy", "EVALZIP_COMMANDS"))
        self.refuses("compress", "text", "-f", "--codec", "cmd:name=x;encode=cat;decode=cat", naming=("cmd",))

    def test_a_full_disk_leaves_nothing(self):
        self.file("noise", random.Random(3).randbytes(100_000))
        self.refuses("compress", "noise", naming=("cannot write noise.evz", "too large"),
                     preexec_fn=small_files_only)
        if os.path.exists("/dev/full"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([PROGRAM, "compress", "-c", "noise"], cwd=self.folder, env=self.environment,
                                      stdout=full, stderr=subprocess.PIPE, text=True, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn("No space left", done.stderr)

    def slow_compression(self, *arguments):
        """A process that is about to write its part, slowly."""
        self.file("slow", random.Random(4).randbytes(3_000_000))
        return self.start("compress", "slow", "--codec", "cm:9", "--block-size", "20K", *arguments)

    def wait_for(self, condition):
        end = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.002)

    def test_an_interruption_leaves_no_part(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.slow_compression()
            part = self.folder / ".slow.evz.evalzip-part"
            self.wait_for(lambda: part.exists() and part.stat().st_size > 0)
            process.send_signal(number)
            _, err = process.communicate(timeout=60)
            self.assertEqual((process.returncode, self.names()), (130, ["slow", "text"]))
            self.assertIn("interrupted", err)

    def test_sigkill_at_any_moment_leaves_the_original_and_no_half_file_under_the_name(self):
        seed = 5
        print(f"seed {seed}")
        moments = random.Random(seed)
        self.file("many", TEXT * 40)
        digest = hashlib.sha256(TEXT * 40).hexdigest()
        finished = 0
        for _ in range(100):
            process = self.start("compress", "-f", "--rm", "many", "--codec", "zlib:9", "--block-size", "4K")
            time.sleep(moments.uniform(0, 0.04))
            process.kill()
            process.communicate()
            original, packed = self.folder / "many", self.folder / "many.evz"
            if packed.exists():
                finished += 1
                self.assertEqual(hashlib.sha256(self.pipe(b"", "cat", "many.evz")).hexdigest(), digest)
                packed.unlink()
            else:
                self.assertTrue(original.exists())
            if original.exists():
                self.assertEqual(hashlib.sha256(original.read_bytes()).hexdigest(), digest)
            else:
                self.file("many", TEXT * 40)
        print(f"{finished} of 100 had been finished")
        self.run_program("compress", "many")
        self.assertEqual(self.names(), ["many", "many.evz", "text"])

    def test_files_of_like_names_are_left_alone(self):
        for name in ("text.evz.part", "text.part"):
            self.file(name, b"precious")
        self.run_program("compress", "text")
        self.run_program("compress", "text.part", "-o", "other")
        self.run_program("decompress", "text.evz", "-o", "back")
        for name in ("text.evz.part", "text.part"):
            self.assertEqual((self.folder / name).read_bytes(), b"precious")
        self.file(".x.evalzip-part", TEXT)
        self.refuses("compress", ".x.evalzip-part", "-o", "x", naming=("would replace",))

    def test_a_file_that_changes_while_it_is_read_is_kept(self):
        process = self.slow_compression("--rm")
        self.wait_for((self.folder / ".slow.evz.evalzip-part").exists)
        with open(self.folder / "slow", "ab") as file:
            file.write(b"more")
        _, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 2)
        self.assertIn("was changed", err)
        self.assertTrue((self.folder / "slow").exists())

    def test_more_threads_than_the_machine_gives_are_an_error(self):
        def little_memory():
            # A thread's stack is as large as the first one may become.
            resource.setrlimit(resource.RLIMIT_STACK, (1 << 26, resource.getrlimit(resource.RLIMIT_STACK)[1]))
            resource.setrlimit(resource.RLIMIT_AS, (1_200_000_000, 1_200_000_000))
        if "ASAN_OPTIONS" in self.environment:
            self.skipTest("the address sanitizer reserves its memory before the limit is set")
        self.refuses("compress", "text", "-T", "256", "--block-size", "1KiB", naming=("text",), preexec_fn=little_memory)

    def test_rights_are_kept_and_identities_are_not(self):
        self.original.chmod(0o4755)
        self.run_program("compress", "text")
        self.assertEqual((self.folder / "text.evz").stat().st_mode & 0o7777, 0o755)

    def test_two_at_once_do_not_write_into_one(self):
        process = self.slow_compression()
        part = self.folder / ".slow.evz.evalzip-part"
        self.wait_for(part.exists)
        _, err = self.run_program("compress", "slow", expect=2)
        self.assertIn("another evalzip", err)
        process.communicate(timeout=60)
        self.run_program("test", "slow.evz")

    def test_ls_tells_sizes_without_the_codec(self):
        self.run_program("compress", "text", "--codec", "honest", "--block-size", "1000")
        del self.environment["EVALZIP_PLUGIN_PATH"]
        out, _ = self.run_program("ls", "text.evz")
        self.assertRegex(out, r"11,400 +11,\d+ +10\d\.\d\d +12 +honest +text.evz")
        self.run_program("ls", "text", "text.evz", expect=2)

    def test_a_device_is_written_to_and_stays(self):
        if os.getuid() == 0 and os.path.exists("/dev/null"):
            self.run_program("compress", "text", "-o", "/dev/null", "-f")
            self.assertFalse(os.path.isfile("/dev/null"))
            self.run_program("compress", "--rm", "text", "-o", "/dev/null", "-f")
            self.pipe(b"", "compress", "--rm", "-c", "text")
            self.assertEqual(self.original.read_bytes(), TEXT)


if __name__ == "__main__":
    unittest.main()
