"""What `cmake --install` and `cpack` give to others: a library, plugins in three languages, documents."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

BUILD = Path(os.environ["EVALZIP_BUILD"])
SOURCE = Path(os.environ["EVALZIP_SOURCE"])
HERE = SOURCE / "tests/installed"
EXAMPLES = SOURCE / "docs/examples"


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} exited with {done.returncode}:\n{done.stdout}")
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="evalzip-installed-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.prefix = cls.folder / "a prefix"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.program = cls.prefix / "bin/evalzip"
        cls.include = next((cls.prefix / "include").glob("evalzip-*"))
        cls.environment = {"PATH": os.environ["PATH"], "HOME": folder.name, "TMPDIR": folder.name,
                           "LD_LIBRARY_PATH": str(cls.prefix / "lib")}

    def evalzip(self, *arguments):
        return run(self.program, *arguments, cwd=self.folder, env=self.environment)

    def test_a_program_of_others_finds_the_library_by_cmake(self):
        build = self.folder / "by cmake"
        run("cmake", "-S", HERE, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_BUILD_TYPE=Release")
        run("cmake", "--build", build)
        self.assertRegex(run(build / "example", env=self.environment), r"huffman \d+\nrans:order=1 \d+\nppm")

    @unittest.skipUnless(shutil.which("pkg-config"), "pkg-config is not installed")
    def test_a_program_of_others_finds_the_library_by_pkg_config(self):
        # A path with a space is beyond most users of pkg-config, so its prefix has none.
        link = self.folder / "prefix"
        link.symlink_to(self.prefix)
        environment = self.environment | {"PKG_CONFIG_PATH": str(link / "lib/pkgconfig")}
        prefix = f"--define-variable=prefix={link}"
        flags = run("pkg-config", prefix, "--cflags", "--libs", "evalzip", env=environment).split()
        plugins = run("pkg-config", prefix, "--variable=pluginfolder", "evalzip", env=environment).strip()
        run("c++", "-std=c++20", f'-DPLUGIN_FOLDER="{plugins}"', HERE / "example.cpp", *flags, "-o", self.folder / "example")
        self.assertIn("zlib:9", run(self.folder / "example", env=self.environment))

    def test_every_installed_header_stands_alone(self):
        for header in sorted((self.include / "evalzip").iterdir()):
            language = ("c++", "-std=c++20") if header.name != "plugin_abi.h" else ("cc", "-std=c99", "-pedantic-errors")
            run(language[0], *language[1:], "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", self.include, "-x",
                "c++" if language[0] == "c++" else "c", "-include", f"evalzip/{header.name}", "/dev/null")

    def measure(self, plugin, codec):
        corpus = self.folder / "corpus"
        corpus.write_bytes(b"aaaaaaaaaabc" * 300 + bytes(2000))
        table = self.evalzip("run", "--plugin", plugin, "--corpus", corpus, "--codec", codec, "--samples", "2",
                             "--rounds", "1", "--min-time", "1ms", "--out", self.folder / f"{plugin.stem}.json")
        self.assertIn(codec, table)

    def test_the_example_in_c_builds_and_is_measured(self):
        run("cc", "-std=c99", "-Wall", "-Wpedantic", "-Werror", "-shared", "-fPIC", "-O3", "-I", self.include,
            EXAMPLES / "rle.c", "-o", self.folder / "rle.so")
        self.assertLessEqual(len((EXAMPLES / "rle.c").read_text().splitlines()), 60)
        self.measure(self.folder / "rle.so", "rle")

    def test_the_example_in_cpp_builds_and_is_measured(self):
        run("c++", "-std=c++20", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-O3", "-I", self.include,
            EXAMPLES / "xor.cpp", "-o", self.folder / "xor.so")
        self.measure(self.folder / "xor.so", "xor:distance=2")

    @unittest.skipUnless(shutil.which("rustc"), "rustc is not installed")
    def test_the_example_in_rust_builds_and_is_measured(self):
        run("rustc", "--edition", "2021", "--crate-type", "cdylib", "-C", "opt-level=3", "-C", "panic=abort", "-D",
            "warnings", EXAMPLES / "zeros.rs", "-o", self.folder / "zeros.so")
        self.measure(self.folder / "zeros.so", "zeros")

    @unittest.skipUnless(shutil.which("zstd"), "zstd is not installed")
    def test_the_installed_program_has_its_codecs_corpora_and_commands(self):
        self.assertIn("\nzlib ", self.evalzip("list", "codecs"))
        self.assertIn("canterbury", self.evalzip("list", "corpora"))
        self.assertIn("share/evalzip/models/evalzip-bytes.gguf", self.evalzip("model", "path", "evalzip-bytes"))
        environment = self.environment | {"EVALZIP_COMMANDS": str(self.prefix / "share/evalzip/commands.json")}
        self.assertIn("\nzstd-tool ", run(self.program, "list", "codecs", env=environment))

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_the_manual_page_is_good_troff_and_knows_every_command(self):
        page = self.prefix / "share/man/man1/evalzip.1"
        self.assertEqual(run("groff", "-man", "-ww", "-z", "-Tutf8", page), "")
        text = page.read_text()
        for command in ("run", "compress", "corpus fetch"):
            self.assertIn(f"\\fBevalzip {command}\\fR", text)
        self.assertIn("\\-\\-block\\-size", text)

    @unittest.skipUnless(shutil.which("bash"), "bash is not installed")
    def test_bash_completes_commands_options_and_values(self):
        script = self.prefix / "share/bash-completion/completions/evalzip"

        def completed(line):
            words = line.split(" ")
            quoted = " ".join(f"'{word}'" for word in words)
            code = (f"source '{script}'; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _evalzip; "
                    "printf '%s\\n' \"${COMPREPLY[@]}\"")
            path = f"{self.program.parent}:{self.environment['PATH']}"
            return run("bash", "-c", code, env=self.environment | {"PATH": path}, cwd=self.folder).split("\n")

        self.assertIn("compress", completed("evalzip comp"))
        self.assertIn("fetch", completed("evalzip corpus f"))
        self.assertIn("--block-size", completed("evalzip compress --b"))
        self.assertEqual([word for word in completed("evalzip run --codec huf") if word], ["huffman"])
        self.assertIn("enwik8", completed("evalzip run --corpus enw"))
        self.assertEqual([word for word in completed("evalzip list f") if word], ["formats"])

    def test_zsh_and_fish_take_their_scripts(self):
        scripts = {"zsh": "zsh/site-functions/_evalzip", "fish": "fish/vendor_completions.d/evalzip.fish"}
        present = {shell: script for shell, script in scripts.items() if shutil.which(shell)}
        if not present:
            self.skipTest("neither zsh nor fish is installed")
        for shell, script in present.items():
            self.assertEqual(run(shell, "-n", self.prefix / "share" / script), "")
        if "fish" in present:
            script = self.prefix / "share" / scripts["fish"]
            listed = run("fish", "-c", f"source '{script}'; complete -C 'evalzip comp'", env=self.environment)
            self.assertIn("compress", listed)

    @unittest.skipUnless(shutil.which("dpkg-deb") and shutil.which("dpkg-shlibdeps"), "dpkg-dev is not installed")
    def test_cpack_makes_a_package_for_debian(self):
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", self.folder, cwd=self.folder)
        package = next(self.folder.glob("*.deb"))
        content = run("dpkg-deb", "--contents", package)
        for name in ("usr/bin/evalzip", "usr/lib/evalzip/worker", "usr/lib/evalzip/zlib.so", "usr/lib/libevalzip.so",
                     "usr/share/man/man1/evalzip.1", "usr/share/evalzip/commands.json",
                     "usr/share/evalzip/models/evalzip-bytes.gguf"):
            self.assertIn(f"./{name}", content)
        unpacked = self.folder / "unpacked"
        run("dpkg-deb", "-x", package, unpacked)
        self.assertIn("zstd", run(unpacked / "usr/bin/evalzip", "list", "codecs", env=self.environment))
        self.assertIn("libc6", run("dpkg-deb", "--field", package, "Depends"))


if __name__ == "__main__":
    unittest.main()
