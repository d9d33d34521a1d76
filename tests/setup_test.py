#!/usr/bin/env python3
"""scripts/evalzip on machines of every kind, played by stand-ins for apt-get, cmake and the rest."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"

# Each stand-in writes its arguments into $calls. The build makes a program that prints its own.
STAND_INS = {
    "id": 'echo "$user_id"',
    "sudo": '[ "$sudo_works" = yes ] || exit 1; shift; exec "$@"',
    "dpkg-query": 'shift 3; printf "%s\\n" "$@" | grep -Fxf "$installed" | sed "s/$/ installed/"',
    "apt-cache": 'shift; for p; do printf "%s:\\n  Candidate: %s\\n" "$p" 1; done | '
                 'sed "/^libisal-dev/,+1s/ 1$/ (none)/"',
    "apt-get": 'echo "apt-get $*" >>"$calls"; printf "%s\\n" "$@" >>"$installed"; '
               'echo noise; exit "${apt_status:-0}"',
    "ninja": "exit 0",
    "ccache": "exit 0",
    "flock": "exit 0",
    "cmake": '''echo "cmake $*" >>"$calls"; echo noise
case $1 in
  --preset) mkdir -p build/release && : >build/release/build.ninja ;;
  --build)
    [ "${build_status:-0}" = 0 ] || { echo "a compiler says no" >&2; exit "$build_status"; }
    echo "[1/2] one"
    printf '#!/bin/sh\\nprintf "<%%s>" "$@"\\ncat\\nexit 3\\n' >"$2/evalzip"
    chmod +x "$2/evalzip" ;;
esac''',
}


class Setup(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="evalzip set-up ")
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.tree = self.folder / "a clone"
        shutil.copytree(SCRIPTS, self.tree / "scripts")
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        for name, body in STAND_INS.items():
            (bin_folder / name).write_text(f"#!/bin/sh\n{body}\n")
            (bin_folder / name).chmod(0o755)
        self.calls = self.folder / "calls"
        self.installed = self.folder / "installed"
        self.calls.touch()
        self.installed.touch()
        self.environment = dict(os.environ, PATH=f"{bin_folder}:/usr/bin:/bin", user_id="0",
                                calls=str(self.calls), installed=str(self.installed))

    def run_evalzip(self, *arguments, script="scripts/evalzip", **environment):
        done = subprocess.run([self.tree / script, *arguments], input="input", text=True,
                              capture_output=True, cwd="/", timeout=60,
                              env={**self.environment, **environment})
        calls = self.calls.read_text().splitlines()
        self.calls.write_text("")
        return done, calls

    def test_root_installs_builds_and_runs(self):
        done, calls = self.run_evalzip("run", "two words", "")
        self.assertEqual((done.returncode, done.stdout), (3, "<run><two words><>input"), done.stderr)
        self.assertIn("apt-get -y -o DPkg::Lock::Timeout=300 update", calls[0])
        self.assertIn(" install --no-install-recommends ", calls[1])
        self.assertIn(" ninja-build ", calls[1])
        self.assertIn(" liblz4-dev ", calls[2])
        self.assertIn("cmake --preset release -DEVALZIP_TESTS=OFF", calls[3])
        self.assertIn("cmake --build", calls[4])
        self.assertNotIn("gtest", " ".join(calls))
        self.assertNotIn("noise", done.stderr)

    def test_a_second_call_only_looks_for_changed_sources(self):
        self.run_evalzip()
        _, calls = self.run_evalzip()
        self.assertEqual(len(calls), 1, calls)
        self.assertIn("cmake --build", calls[0])

    def test_a_package_that_came_later_is_noticed(self):
        self.run_evalzip()
        with self.installed.open("a") as installed:
            installed.write("libisal-dev\n")
        _, calls = self.run_evalzip()
        self.assertEqual([call.split()[1] for call in calls], ["--preset", "--build"])

    def test_a_codec_that_the_distribution_lacks_is_passed_over_with_a_word(self):
        done, calls = self.run_evalzip()
        self.assertIn("has no package libisal-dev", done.stderr)
        self.assertNotIn("libisal-dev", " ".join(calls))
        self.assertEqual(done.returncode, 3)

    def test_a_user_who_may_not_install_gets_one_line_to_run(self):
        done, calls = self.run_evalzip(user_id="1000")
        self.assertEqual((done.returncode, done.stdout, calls), (2, "", []))
        line = done.stderr.splitlines()[-1]
        self.assertTrue(line.startswith("sudo sh -c 'apt-get update && apt-get install -y "), line)
        self.assertIn(" ninja-build ", line)
        self.assertIn(" liblz4-dev ", line)
        self.assertNotIn("libisal-dev", line)

    def test_a_user_whose_sudo_asks_nothing_installs(self):
        done, calls = self.run_evalzip(user_id="1000", sudo_works="yes")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("install", calls[1])

    def test_a_user_who_lacks_only_codecs_goes_on_without(self):
        lines = (SCRIPTS / "packages.txt").read_text().splitlines()
        needed = [line.split()[1] for line in lines if line.startswith("build ")]
        self.installed.write_text("\n".join(needed) + "\n")
        done, _ = self.run_evalzip(user_id="1000")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("going on without", done.stderr)
        done, _ = self.run_evalzip(user_id="1000")
        self.assertNotIn("going on without", done.stderr)

    def test_a_failed_installation_shows_its_log_and_the_line(self):
        done, _ = self.run_evalzip(apt_status="100")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("noise", done.stderr)
        self.assertIn("apt-get install -y", done.stderr.splitlines()[-1])

    def test_a_failed_build_shows_its_log(self):
        done, _ = self.run_evalzip(build_status="1")
        self.assertEqual((done.returncode, done.stdout), (125, ""))
        self.assertIn("a compiler says no", done.stderr)

    def test_it_works_through_symbolic_links(self):
        links = self.tree / "links"
        links.mkdir()
        (links / "first").symlink_to("../scripts/evalzip")
        (links / "second").symlink_to(links / "first")
        done, _ = self.run_evalzip("x", script="links/second")
        self.assertEqual((done.returncode, done.stdout), (3, "<x>input"), done.stderr)


if __name__ == "__main__":
    unittest.main()
