"""Whatever is wrong with the request or the place, the message says what was asked, what was found and
what to do, the exit code is the documented one, and nothing is measured or left behind."""
import os
import resource
import signal
import subprocess
import unittest

from program import PROGRAM, QUICK, ProgramTest


def without_room(bytes_of_a_file):
    """For preexec_fn: no file may grow beyond that, as on a full disk."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_of_a_file, bytes_of_a_file))
    return limit


class BadCodec(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("data.txt", b"some data " * 100)

    def refused(self, codec, *naming):
        self.refuses("run", "--corpus", "data.txt", "--codec", codec, naming=naming)

    def test_an_unknown_codec_is_named_with_the_known_ones(self):
        self.refused("nope", "'nope'", "huffman", "rans")

    def test_a_level_out_of_range_is_named_with_the_range(self):
        self.refused("store:7", "store")

    def test_an_unknown_parameter_is_named_with_the_known_ones(self):
        self.refused("rans:ordre=1", "'ordre'", "order")

    def test_a_value_out_of_range_is_named_with_the_range(self):
        self.refused("rans:order=9", "order", "9")

    def test_a_setting_that_only_the_codec_itself_can_refuse_is_refused_before_measuring(self):
        self.refused("create-refuser", "create-refuser", "do not go together")

    def test_a_model_that_is_neither_known_nor_a_file_is_named(self):
        self.refused("llm:model=nope", "nope", "stories15m")
        self.refused("llm:model=./nope.gguf", "nope.gguf")
        self.refused("llm:mix=all", "mix", "none")

    def test_a_file_that_is_no_model_is_refused_before_measuring(self):
        self.refused("llm:model=./data.txt", "data.txt", "GGUF")

    def test_an_empty_name_is_refused(self):
        self.refused("", "codec")


class BadCorpus(ProgramTest):
    def refused(self, corpus, *naming):
        self.refuses("run", "--corpus", corpus, "--codec", "store", naming=naming)

    def test_a_name_that_is_neither_a_corpus_nor_a_path_is_named_with_the_known_corpora(self):
        self.refused("nowhere", "nowhere", "demo", "silesia")

    def test_a_folder_without_files_is_named(self):
        (self.folder / "empty").mkdir()
        self.refused("empty", "empty", "no file")

    @unittest.skipIf(os.geteuid() == 0, "root reads every file")
    def test_a_file_that_may_not_be_read_is_named(self):
        self.file("secret", b"x").chmod(0)
        self.refused("secret", "secret", "Permission denied")

    def test_a_manifest_that_was_cut_off_is_named_with_the_line(self):
        self.file("cut.json", b'{\n  "evalzip_corpus": 1,\n  "name": "x')
        self.refused("cut.json", "cut.json", "line 3")

    def test_a_manifest_without_a_name_is_told_so(self):
        self.file("nameless.json", b'{"evalzip_corpus": 1, "documents": []}')
        self.refused("nameless.json", "nameless.json", "name")

    def test_an_empty_file_is_measured_like_any_other(self):
        self.file("empty.bin", b"")
        out, _ = self.run_program("run", "--corpus", "empty.bin", "--codec", "store,huffman,rans,arithmetic",
                                  *QUICK)
        for word in ("nan", "inf"):
            self.assertNotIn(word, out.lower().split())
        for record in self.run_json()["records"]:
            self.assertEqual((record["outcome"], record["original_bytes"]), ("ok", 0))


class BadOutput(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("data.txt", b"some data " * 10000)

    def refused(self, out, *naming):
        self.refuses("run", "--corpus", "data.txt", "--codec", "store", "--out", out, naming=naming)

    def test_a_folder_that_is_not_there_is_found_before_measuring(self):
        self.refused("nowhere/run.json", "nowhere/run.json", "No such file")

    def test_a_folder_is_no_result_file(self):
        (self.folder / "folder").mkdir()
        self.refused("folder", "folder", "directory")

    def test_a_device_is_not_replaced_by_a_file(self):
        self.refused("/dev/null", "/dev/null", "device")
        self.assertTrue(os.path.exists("/dev/null") and not os.path.isfile("/dev/null"))

    def test_a_full_disk_is_found_before_measuring(self):
        self.refuses("run", "--corpus", "data.txt", "--codec", "store", naming=("cannot write",),
                     preexec_fn=without_room(0))

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_standard_output_without_room_is_told(self):
        for arguments in (["list", "codecs"], ["--help"], ["--version"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertRegex(done.stderr, "evalzip: cannot write .*: No space left on device")

    def test_a_temporary_folder_without_room_ends_the_run_and_keeps_what_is_done(self):
        out, err = self.run_program("run", "--corpus", "data.txt", "--codec", "huffman,store", *QUICK,
                                    expect=2, preexec_fn=without_room(65536))
        self.assertIn("TMPDIR", err)
        self.assertNotIn("threw", err)
        self.assertFalse((self.folder / "run.json").exists())
        self.run_program("run", "--resume")
        self.assertEqual([r["outcome"] for r in self.run_json()["records"]], ["ok", "ok"])

    def test_an_older_result_is_kept_beside_the_new_one(self):
        arguments = ("run", "--corpus", "data.txt", *QUICK, "--codec")
        self.run_program(*arguments, "store")
        self.run_program(*arguments, "huffman")
        self.assertEqual(self.run_json()["records"][0]["codec"], "huffman")
        self.assertEqual(self.run_json("run.json~")["records"][0]["codec"], "store")


class BadFlags(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("data.txt", b"some data " * 100)

    def refused(self, *flags, naming):
        self.refuses("run", "--corpus", "data.txt", "--codec", "store", *flags, naming=naming)

    def test_an_unknown_flag_is_named(self):
        self.refused("--bogus", naming=("--bogus", "--help"))

    def test_quantities_without_sense_are_named(self):
        for flag, value in (("--budget", "soon"), ("--min-time", "-1s"), ("--block-size", "0"),
                            ("--sample", "many"), ("--samples", "0"), ("--memory-limit", "1Q")):
            self.refused(flag, value, naming=(flag,))

    def test_threads_without_blocks_are_refused_with_a_remedy(self):
        self.refused("--threads", "2", naming=("--threads", "--block-size"))

    def test_a_cpu_that_is_not_there_is_refused(self):
        self.refused("--pin", "99999", naming=("--pin", "99999"))

    def test_a_column_that_is_not_there_is_named_with_the_known_ones(self):
        self.refused("--columns", "beauty", naming=("beauty", "ratio"))
        self.refused("--sort", "beauty", naming=("beauty", "ratio"))

    def test_nothing_to_resume_is_said(self):
        self.refuses("run", "--resume", naming=("run.json.journal", "--out"))


class BadResults(ProgramTest):
    def test_a_result_that_is_not_there_is_named(self):
        self.refuses("report", "nope.json", naming=("nope.json", "No such file"))

    def test_damaged_results_are_named_with_the_place(self):
        self.file("data.txt", b"x" * 1000)
        self.run_program("run", "--corpus", "data.txt", "--codec", "store", *QUICK)
        whole = (self.folder / "run.json").read_bytes()
        for name, content, found in (("empty.json", b"", "empty.json"),
                                     ("cut.json", whole[:len(whole) // 2], "line"),
                                     ("list.json", b"[]", "list.json"),
                                     ("newer.json", whole.replace(b'"schema": 1', b'"schema": 999'), "999")):
            with self.subTest(name):
                self.file(name, content)
                self.refuses("report", name, naming=(name, found))

    def test_an_unknown_format_is_named_with_the_known_ones(self):
        self.refuses("report", "run.json", "--format", "papyrus", naming=("papyrus", "json"))


if __name__ == "__main__":
    unittest.main()
