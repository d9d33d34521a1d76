"""scripts/compare_builds and the steps of action.yml on a repository with a codec in it."""
import os
import shutil
import subprocess
import textwrap
import unittest
from pathlib import Path

from program import PROGRAM, ProgramTest

ROOT = Path(__file__).resolve().parent.parent.parent
CODEC = """
#include <stdlib.h>
#include <string.h>
#include "codecs/plugin_abi.h"
#define EXTRA 4
static void* create(const int64_t* values, const char** why) { (void)values, (void)why; return malloc(1); }
static size_t bound(const void* self, size_t size) { (void)self; return size + 16; }
static int32_t encode(void* self, const uint8_t* in, size_t size, uint8_t* out, size_t room, size_t* written) {
  (void)self;
  if (room < size + EXTRA) return EVALZIP_TOO_SMALL;
  memcpy(out, in, size);
  memset(out + size, 0, EXTRA);
  *written = size + EXTRA;
  return EVALZIP_OK;
}
static int32_t decode(void* self, const uint8_t* in, size_t size, uint8_t* out, size_t out_size) {
  (void)self;
  if (size < out_size) return EVALZIP_CORRUPT;
  memcpy(out, in, out_size);
  return EVALZIP_OK;
}
const evalzip_codec* const* evalzip_plugin(uint32_t version) {
  static const evalzip_codec codec = {sizeof codec, "padded", "1", "copies", 0, NULL, create, free, bound, encode, decode};
  static const evalzip_codec* const all[] = {&codec, NULL};
  return version == EVALZIP_ABI_VERSION ? all : NULL;
}
"""
BUILD = f"cc -O1 -shared -fPIC -I'{ROOT}' codec.c -o codec.so"
QUICK = ("--samples", "10", "--threshold", "900", "--corpus", "text.txt", "--min-time", "1ms", "--quiet")


def script_of_step(name):
    """The shell script of a step of action.yml."""
    lines = (ROOT / "action.yml").read_text().split(f"- name: {name}\n")[1].split("      run: |\n")[1].splitlines()
    script = []
    for line in lines:
        if line and not line.startswith(" " * 8):
            break
        script.append(line)
    return textwrap.dedent("\n".join(script))


@unittest.skipUnless(shutil.which("cc") and shutil.which("git"), "cc and git are needed")
class CompareBuildsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        del self.environment["EVALZIP_PLUGIN_PATH"]
        self.environment.update(EVALZIP=PROGRAM, EVALZIP_OUT=str(self.folder / "out"), GIT_CONFIG_NOSYSTEM="1",
                                GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.org", GIT_COMMITTER_NAME="a",
                                GIT_COMMITTER_EMAIL="a@example.org")
        self.tree = self.folder / "tree"
        self.tree.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        (self.tree / "text.txt").write_bytes(b"some text, again and again; " * 500)
        (self.tree / ".gitignore").write_text("*.so\n")
        self.commit(CODEC)

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.tree, env=self.environment, check=True, capture_output=True,
                              text=True).stdout

    def commit(self, codec):
        (self.tree / "codec.c").write_text(codec)
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "a commit")

    def compare(self, base, expect):
        done = subprocess.run([ROOT / "scripts/compare_builds", base, BUILD, "codec.so", *QUICK], cwd=self.tree,
                              env=self.environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        self.assertEqual(len(self.git("worktree", "list").splitlines()), 1)
        return done.stdout

    def test_a_byte_more_than_the_merge_base_fails_and_is_told(self):
        self.git("checkout", "--quiet", "-b", "change")
        self.commit(CODEC.replace("EXTRA 4", "EXTRA 5"))
        self.git("checkout", "--quiet", "main")
        self.commit(CODEC.replace("EXTRA 4", "EXTRA 9"))  # what happened to main since then is not its fault
        self.git("checkout", "--quiet", "change")
        self.assertIn("14,004 -> 14,005 bytes", self.compare("main", expect=1))
        for name in ("junit.xml", "summary.md", "comment.md", "annotations.txt", "comparison.json"):
            self.assertTrue((self.folder / "out" / name).read_text(), name)

    def test_the_same_bytes_are_no_change(self):
        self.assertIn("same bytes", self.compare("main", expect=0))
        self.assertEqual((self.folder / "out" / "comment.md").read_text(), "")

    def test_a_build_that_fails_is_no_verdict(self):
        self.commit("#error no\n")
        self.compare("main~1", expect=125)

    def run_step(self, name, **variables):
        environment = {**self.environment, **variables}
        for file in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
            environment[file] = str(self.folder / file)
            (self.folder / file).touch()
        return subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script_of_step(name)], cwd=self.tree,
                              env=environment, capture_output=True, text=True, check=True).stdout

    def test_the_action_measures_and_shows(self):
        self.commit(CODEC.replace("EXTRA 4", "EXTRA 5"))
        out = self.run_step("measure", ACTION=str(ROOT), BASE="main~1", BUILD=BUILD, ARTIFACT="codec.so", CODEC="padded",
                            CORPUS="text.txt", SAMPLES="10", THRESHOLD="900")
        self.assertIn("::error title=evalzip%3A encoded_bytes::", out)
        self.assertIn("encoded\\_bytes", (self.folder / "GITHUB_STEP_SUMMARY").read_text())
        self.assertEqual((self.folder / "GITHUB_OUTPUT").read_text(), "code=1\n")

    def comment(self, body, old):
        """What the action asks of GitHub, given a comment to make and the number of an older one."""
        (self.folder / "comment.md").write_text(body)
        calls = self.folder / "calls"
        calls.write_text("")
        gh = self.folder / "bin" / "gh"
        gh.parent.mkdir(exist_ok=True)
        gh.write_text(f"#!/bin/sh\necho \"$@\" >>'{calls}'\ncase $* in *--jq*) echo {old};; esac\n")
        gh.chmod(0o755)
        self.run_step("comment", PATH=f"{gh.parent}:{os.environ['PATH']}", REPOSITORY="o/r", NUMBER="7",
                      COMMENT=str(self.folder / "comment.md"))
        return calls.read_text().splitlines()[1:]

    def test_the_action_keeps_one_comment(self):
        self.assertRegex(self.comment("changed", "")[0], "^api repos/o/r/issues/7/comments -F body=@")
        self.assertRegex(self.comment("changed", "31")[0], "^api -X PATCH repos/o/r/issues/comments/31 -F body=@")
        self.assertRegex(self.comment("", "31")[0], "^api -X PATCH repos/o/r/issues/comments/31 .*Nothing changed")
        self.assertEqual(self.comment("", ""), [])


if __name__ == "__main__":
    unittest.main()
