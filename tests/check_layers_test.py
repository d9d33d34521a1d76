#!/usr/bin/env python3
"""Each rule of scripts/check_layers.py must refuse what it is there for, and nothing else."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
import check_layers  # noqa: E402


def problems(files: dict) -> list:
    """What is found in a tree of these files: path -> text."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return list(check_layers.find_problems(Path(folder)))


def including(path: str, *names: str) -> list:
    """What is found if the file at `path` includes `names`."""
    once = "#pragma once\n" if path.endswith(".h") else ""
    return problems({path: once + "".join(f'#include "{name}"\n' for name in names)})


class Arrows(unittest.TestCase):
    def refuses(self, path: str, name: str):
        found = including(path, name)
        self.assertEqual(len(found), 1, f"{path} includes {name}: {found}")
        self.assertIn("may not include", found[0])
        self.assertIn(name, found[0])

    def accepts(self, path: str, *names: str):
        self.assertEqual(including(path, *names), [])

    def test_codecs_include_no_other_folder(self):
        for folder in ("corpora/corpus.h", "harness/record.h", "harness/plan.h", "reports/report.h",
                       "cli/options.h"):
            for path in ("codecs/registry.cpp", "codecs/rans_codec.cpp", "codecs/bit_io.h",
                         "codecs/llm/kernel_avx2.cpp", "codecs/tensors/planes.cpp"):
                self.refuses(path, folder)

    def test_corpora_include_no_other_folder(self):
        for name in ("codecs/codec.h", "harness/record.h", "reports/report.h"):
            self.refuses("corpora/fetch.cpp", name)
        self.accepts("corpora/fetch.cpp", "corpora/corpus.h")

    def test_the_record_and_statistics_include_nothing_else_of_the_harness(self):
        for path in ("harness/record.h", "harness/record_json.cpp", "harness/statistics.cpp"):
            for name in ("harness/plan.h", "codecs/codec.h", "corpora/corpus.h"):
                self.refuses(path, name)
        self.accepts("harness/record_json.cpp", "harness/record.h", "harness/record_json.h")

    def test_reports_include_only_the_record_and_statistics(self):
        for name in ("harness/plan.h", "codecs/codec.h", "corpora/corpus.h", "cli/options.h"):
            self.refuses("reports/table.cpp", name)
        self.accepts("reports/table.cpp", "reports/columns.h", "harness/record.h",
                     "harness/statistics.h")

    def test_the_harness_includes_neither_reports_nor_the_command_line(self):
        for name in ("reports/report.h", "cli/options.h"):
            self.refuses("harness/plan.cpp", name)
        self.accepts("harness/plan.cpp", "codecs/registry.h", "corpora/corpus.h", "harness/record.h")

    def test_only_tests_include_the_command_line(self):
        self.accepts("cli/main.cpp", "codecs/registry.h", "corpora/corpus.h", "harness/plan.h",
                     "reports/report.h", "harness/record.h")
        self.accepts("tests/options_test.cpp", "cli/options.h", "codecs/rans.h", "reports/report.h")

    def test_nothing_includes_tests(self):
        for path in ("codecs/codec.cpp", "corpora/fetch.cpp", "harness/plan.cpp",
                     "reports/table.cpp", "cli/main.cpp"):
            self.refuses(path, "tests/liar_codec.h")

    def test_system_codecs_include_only_the_abi(self):
        for name in ("codecs/codec.h", "codecs/bit_io.h", "harness/record.h"):
            self.refuses("codecs/system/zstd.c", name)
        self.accepts("codecs/system/zstd.c", "codecs/plugin_abi.h")

    def test_the_abi_includes_nothing_of_ours(self):
        self.refuses("codecs/plugin_abi.h", "codecs/codec.h")

    def test_models_and_coders_do_not_include_each_other(self):
        coders = ("codecs/range_coder.h", "codecs/rans.h", "codecs/huffman.h")
        models = ("codecs/adaptive_model.h", "codecs/context/mixer.h", "codecs/llm/token_model.h")
        for coder in coders:
            for model in models:
                self.refuses(coder, model)
                self.refuses(model, coder)
            self.accepts(coder, "codecs/entropy_model.h", "codecs/bit_io.h")
        for model in models:
            self.accepts(model, "codecs/entropy_model.h")

    def test_models_and_coders_do_not_meet_in_another_kernel(self):
        self.refuses("codecs/fenwick_tree.h", "codecs/range_coder.h")
        self.refuses("codecs/fenwick_tree.h", "codecs/adaptive_model.h")

    def test_kernels_include_no_binding_and_no_registry(self):
        for path in ("codecs/rans.h", "codecs/bit_io.h", "codecs/adaptive_model.h"):
            self.refuses(path, "codecs/registry.h")
            self.refuses(path, "codecs/rans_codec.h")
        self.accepts("codecs/rans_codec.cpp", "codecs/rans.h", "codecs/adaptive_model.h",
                     "codecs/codec.h", "codecs/bit_io.h")
        self.refuses("codecs/bit_io.h", "codecs/rans.h")

    def test_angle_brackets_are_no_way_around(self):
        found = problems({"codecs/registry.cpp": "#include <harness/record.h>\n"})
        self.assertEqual(len(found), 1)

    def test_an_include_that_is_not_from_the_root_is_refused(self):
        self.assertIn("not an include from the root", including("codecs/rans.cpp", "rans.h")[0])

    def test_a_source_in_no_layer_is_refused(self):
        self.assertIn("belongs to no layer", problems({"tools/odd.cpp": ""})[0])

    def test_includes_in_comments_and_strings_are_none(self):
        text = ('/*\n#include "harness/record.h"\n*/\n// #include "cli/options.h"\n'
                'const char* kText = R"c(\n#include "reports/report.h"\n#define X\n)c";\n')
        self.assertEqual(problems({"codecs/rans.cpp": text}), [])


class Shape(unittest.TestCase):
    def refuses(self, files: dict, words: str):
        found = problems(files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_a_kernel_that_names_a_codec_is_refused(self):
        self.refuses({"codecs/rans.cpp": "class Rans : public Codec {};\n"}, "names Codec")
        self.assertEqual(problems({"codecs/rans.cpp": "// for a Codec\n"}), [])
        self.assertEqual(problems({"codecs/rans_codec.cpp": "class Rans : public Codec {};\n"}), [])

    def test_the_preprocessor_is_for_includes(self):
        for directive in ("#ifdef __AVX2__", "#if 1", "#define X 1", "  #  ifndef Y", "#endif",
                          "#pragma GCC optimize"):
            self.refuses({"codecs/rans.cpp": directive + "\n"}, "outside the platform files")
        self.assertEqual(problems({"codecs/plugin_abi.h": "#ifndef X\n#define X\n#endif\n"}), [])
        self.assertEqual(problems({"codecs/rans.h": "#pragma once\n#include <map>\n"}), [])

    def test_a_header_without_pragma_once_is_refused(self):
        self.refuses({"codecs/rans.h": "// #pragma once\n"}, "without #pragma once")

    def test_markers_of_unfinished_work_are_refused(self):
        for word in ("TODO", "FIXME", "XXX", "HACK"):
            self.refuses({"codecs/rans.cpp": f"// {word}: later\n"}, word)
            self.refuses({"scripts/train.py": f"# {word}\n"}, word)
        self.assertEqual(problems({"codecs/rans.cpp": "int MASTODON_TODOS;\n"}), [])

    def test_a_file_of_more_than_400_lines_is_refused(self):
        self.assertEqual(problems({"codecs/rans.cpp": "\n" * 400}), [])
        self.refuses({"codecs/rans.cpp": "\n" * 401}, "longer than 400 lines")
        self.refuses({"scripts/train.py": "\n" * 401}, "longer than 400 lines")

    def test_two_files_of_one_name_are_refused(self):
        once = "#pragma once\n"
        self.refuses({"codecs/block.h": once, "harness/block.h": once}, "there is another block.h")
        self.assertEqual(problems({"codecs/block.h": once, "codecs/block.cpp": ""}), [])

    def test_build_trees_are_not_read(self):
        self.assertEqual(problems({"build/odd.cpp": "#if 1\n", ".cache/odd.cpp": "#if 1\n"}), [])


if __name__ == "__main__":
    unittest.main()
