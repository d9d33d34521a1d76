"""--plugin, from outside: what a shared object does to a process it does not do to evalzip."""
import shutil
import subprocess
import unittest

from program import FAULT_CODECS, QUICK, ProgramTest

LOADED = {
    "crasher": ("__builtin_trap();", "crashes when it is loaded"),
    "exiter": ("exit(0);", "ends the process"),
    "refuser": ("return 0;", "does not serve plugin ABI version 1"),
}


@unittest.skipUnless(shutil.which("cc"), "there is no C compiler")
class Plugin(ProgramTest):
    def setUp(self):
        super().setUp()
        del self.environment["EVALZIP_PLUGIN_PATH"]
        self.file("data", b"some data " * 100)

    def shared_object(self, name, body):
        source = self.file(f"{name}.c", f"#include <stdlib.h>\nconst void* evalzip_plugin(unsigned v) {{ (void)v; {body} }}\n"
                           .encode())
        target = self.folder / f"{name}.so"
        subprocess.run(["cc", "-shared", "-fPIC", source, "-o", target], check=True)
        return target

    def test_its_codecs_are_measured_and_compress_files(self):
        self.run_program("run", "--plugin", FAULT_CODECS, "--corpus", "data", "--codec", "honest", *QUICK)
        self.assertEqual(self.run_json()["records"][0]["outcome"], "ok")
        self.run_program("compress", "--codec", "honest", "--plugin", FAULT_CODECS, "data")
        self.refuses("cat", "data.evz", naming=("honest",))
        out, _ = self.run_program("cat", "--plugin", FAULT_CODECS, "data.evz")
        self.assertEqual(out, "some data " * 100)

    def test_what_it_does_when_it_is_loaded_is_said_and_survived(self):
        for name, (body, reason) in LOADED.items():
            file = self.shared_object(name, body)
            for arguments in (("list", "codecs", "--plugin", file), ("run", "--corpus", "data", "--plugin", file)):
                self.refuses(*arguments, naming=(f"{name}.so", reason))
        self.environment["EVALZIP_PLUGIN_PATH"] = str(self.folder)
        self.refuses("list", "codecs", naming=("crasher.so", "crashes", "EVALZIP_PLUGIN_PATH"))

    def test_a_file_that_is_none_is_refused(self):
        self.refuses("list", "codecs", "--plugin", "nowhere.so", naming=("nowhere.so",))
        self.refuses("list", "codecs", "--plugin", "data", naming=("data",))

    def test_a_crash_while_it_works_is_an_outcome_and_the_others_are_measured(self):
        codecs = "create-crasher,crasher,overrunner,forker,honest"
        self.run_program("run", "--plugin", FAULT_CODECS, "--corpus", "data", "--codec", codecs, *QUICK, expect=3)
        outcomes = {one["codec"]: one["outcome"] for one in self.run_json()["records"]}
        self.assertEqual(outcomes.pop("honest"), "ok")
        self.assertNotIn("ok", outcomes.values())


if __name__ == "__main__":
    unittest.main()
