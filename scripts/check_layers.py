#!/usr/bin/env python3
"""Fails if a source file breaks the arrows between layers, or the rules on the shape of files.

usage: check_layers.py [ROOT]

To add a layer or a file, edit the tables; the rules below them are general.
"""
import fnmatch
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Iterator, NamedTuple


class Layer(NamedTuple):
    name: str
    files: tuple  # globs from the root; a trailing / stands for the whole folder
    may_include: tuple  # names of layers; a layer may always include itself


# A file belongs to the first layer that names it.
KERNELS = ("scheme", "bit_io", "meeting", "model", "coder", "kernel")
CODECS = ("contract", "words", "plugin_abi") + KERNELS
LAYERS = (
    Layer("plugin_abi", ("codecs/plugin_abi.h",), ()),
    Layer("system", ("codecs/system/",), ("plugin_abi",)),
    # The codecs' words (Bytes, Fault, Result), which kernels may speak. Codec is not one of them.
    Layer("words", ("codecs/codec.h",), ("contract",)),
    Layer("contract",
          ("codecs/codec.cpp", "codecs/codec_spec.*", "codecs/params.*", "codecs/registry.*",
           "codecs/builtin.cpp", "codecs/plugin.*", "codecs/command_definition.*"),
          ("words", "plugin_abi")),
    Layer("binding", ("codecs/*_codec.*", "codecs/*/*_codec.*"), CODECS),
    Layer("bit_io", ("codecs/bit_io.*",), ("words",)),
    # Where models and coders meet: a symbol's interval of a total, in exact integers.
    Layer("meeting", ("codecs/entropy_model.*", "codecs/interval.*"), ("words",)),
    Layer("model", ("codecs/*_model.*", "codecs/*/*_model.*", "codecs/context/",
                    "codecs/llm/byte_tree.*", "codecs/llm/token_guess.h",
                    "codecs/llm/token_lane_*", "codecs/llm/token_walk.*"),
          ("words", "bit_io", "meeting", "kernel")),
    Layer("coder",
          ("codecs/range_coder.*", "codecs/*_coder.*", "codecs/rans*", "codecs/huffman*"),
          ("words", "bit_io", "meeting", "kernel")),
    # A stream in which one model drives one coder: here they meet, through their intervals. The
    # table of a code shows them side by side.
    Layer("scheme",
          ("codecs/arithmetic.*", "codecs/arithmetic_streams.*", "codecs/code_table.*",
           "codecs/code_tree.*", "codecs/cm_*", "codecs/llm/llm_stream.*",
           "codecs/llm/mixed_*", "codecs/llm/segment_decoder.h", "codecs/llm/segment_predictor.h",
           "codecs/llm/segment_runner.*",
           "codecs/tensors/*_coder.*", "codecs/tensors/tensor_stream.*"),
          ("words", "bit_io", "meeting", "kernel", "model", "coder")),
    # Files of encoded blocks. Outside codecs/, because it knows codecs only as what encodes a block.
    Layer("container", ("container/",), ("contract", "words", "plugin_abi", "kernel")),
    # Files of weights, and what is in them.
    Layer("weights", ("weights/",), ("contract", "words", "kernel", "coder", "scheme", "container")),
    # Every other algorithm. It may include neither models nor coders: they would meet in it.
    Layer("kernel", ("codecs/",), ("words", "bit_io", "meeting")),
    Layer("corpora", ("corpora/",), ()),
    # What the data allows: entropies and code lengths of documents. It drives models, not coders.
    Layer("bounds", ("bounds/",), ("words", "bit_io", "meeting", "model", "kernel", "record")),
    # A run as a value and as JSON, and the statistics of its samples.
    Layer("record",
          ("harness/record*", "harness/statistics.*", "harness/median_distribution.*", "harness/run_quick.*",
           "harness/rank_test.*", "harness/json_*", "harness/utf8.*",
           "harness/shell_words.*", "harness/split_mix.h"), ()),
    Layer("reports", ("reports/",), ("record",)),
    # Runs beside each other: comparison, baseline, history.
    Layer("tracking", ("tracking/",), ("record", "reports")),
    # What others write, from the installed headers alone.
    Layer("examples", ("docs/examples/",), ()),
    # Kernels timed apart from the program.
    Layer("benchmarks", ("benchmarks/",), CODECS + ("bounds", "record")),
    Layer("harness", ("harness/",), CODECS + ("bounds", "corpora", "record")),
    # Plans carried out by a batch system.
    Layer("cluster", ("cluster/",), CODECS + ("corpora", "record", "harness")),
    Layer("cli", ("cli/",), CODECS + ("bounds", "corpora", "record", "reports", "tracking", "harness", "cluster", "container", "weights")),
    Layer("tests", ("tests/",), CODECS + ("bounds", "corpora", "record", "reports", "tracking", "harness", "cluster", "container", "weights", "cli")),
)

# A kernel is pure algorithm: it may not name these.
BINDING_WORDS = re.compile(r"\b(Codec|CodecInfo|Params|Registry)\b")

# The only files whose purpose is a platform or the C language; elsewhere the preprocessor is for
# #include and #pragma once.
PLATFORM_FILES = (
    "codecs/context/eight_shorts.h", "codecs/cpu_features.cpp", "codecs/llm/int8_product_avx2.cpp",
    "codecs/llm/int8_product_avx512.cpp", "codecs/plugin_abi.h", "harness/die_with_parent.cpp",
    "harness/environment.cpp", "harness/hardware_counter.cpp",
    "harness/peak_memory.cpp", "harness/pin.cpp",
    "harness/this_program.cpp", "harness/worker_buffer.cpp")

# These two name the words that no other file may hold.
ABOUT_MARKERS = ("scripts/check_layers.py", "tests/check_layers_test.py")
MARKER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

MOST_LINES = 400
C_SUFFIXES = (".h", ".c", ".cpp", ".cu")
OTHER_SUFFIXES = (".py", ".sh", ".cmake")
NOT_OURS = ("build", "__pycache__", "node_modules")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
DIRECTIVE = re.compile(r"^\s*#\s*(\w+)")
# Comments, strings and raw strings: what looks like code in them is none.
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^\s()\\]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.DOTALL)


class Source:
    """A file of the tree: its path from the root, its lines, and its lines without NOT_CODE."""

    def __init__(self, root: Path, path: Path):
        self.path = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        self.lines = text.splitlines()
        self.is_c = path.suffix in C_SUFFIXES
        blank = NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
        self.code = blank.splitlines() if self.is_c else self.lines
        self.layer = layer_of(self.path)

    def includes(self) -> Iterator[tuple]:
        """(line number, '<' or '"', name) of every #include."""
        for number, (line, code) in enumerate(zip(self.lines, self.code), 1):
            match = INCLUDE.match(line)
            if match and code.lstrip().startswith("#"):
                yield number, match.group(1), match.group(2)


def layer_of(path: str):
    """The layer of a path from the root, or None."""
    def named_by(pattern: str) -> bool:
        if pattern.endswith("/"):
            return path.startswith(pattern)
        return path.count("/") == pattern.count("/") and fnmatch.fnmatchcase(path, pattern)

    return next((layer for layer in LAYERS if any(map(named_by, layer.files))), None)


def check_arrows(source: Source):
    if source.layer is None:
        yield 1, "belongs to no layer: see LAYERS in scripts/check_layers.py"
        return
    for number, quote, name in source.includes():
        target = layer_of(name)
        if target is None:
            if quote == '"':
                yield number, f'"{name}" is not an include from the root'
        elif target != source.layer and target.name not in source.layer.may_include:
            allowed = ", ".join(source.layer.may_include) or "no other layer"
            yield number, (f"{source.layer.name} may not include {target.name} ({name}), "
                           f"but: {allowed}")


def check_kernels(source: Source):
    if source.layer is None or source.layer.name not in KERNELS:
        return
    for number, code in enumerate(source.code, 1):
        for match in BINDING_WORDS.finditer(code):
            yield number, f"a kernel names {match.group()}: bind it in a *_codec.cpp"


def check_directives(source: Source):
    if source.path in PLATFORM_FILES:
        return
    for number, (line, code) in enumerate(zip(source.lines, source.code), 1):
        match = DIRECTIVE.match(code)
        if match and match.group(1) != "include" and line.split() != ["#pragma", "once"]:
            yield number, f"#{match.group(1)} outside the platform files"


def check_pragma_once(source: Source):
    if source.path.endswith(".h") and source.path not in PLATFORM_FILES:
        if "#pragma once" not in source.lines:
            yield 1, "a header without #pragma once"


def check_markers(source: Source):
    if source.path in ABOUT_MARKERS:
        return
    for number, line in enumerate(source.lines, 1):
        match = MARKER.search(line)
        if match:
            yield number, f"{match.group()}: do it or file it"


def check_length(source: Source):
    if len(source.lines) > MOST_LINES:
        yield len(source.lines), f"longer than {MOST_LINES} lines: it holds more than one idea"


RULES_OF_C = (check_arrows, check_kernels, check_directives, check_pragma_once)
RULES_OF_ALL = (check_markers, check_length)


def find_sources(root: Path) -> Iterator[Source]:
    def walk(folder: Path):
        for entry in sorted(folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                if entry.name not in NOT_OURS and not entry.name.startswith("."):
                    yield from walk(entry)
            elif entry.suffix in C_SUFFIXES + OTHER_SUFFIXES:
                yield Source(root, entry)

    return walk(root)


def find_problems(root: Path) -> Iterator[str]:
    """Every breach as 'path:line: what is wrong'."""
    paths_of_name = defaultdict(list)
    for source in find_sources(root):
        paths_of_name[source.path.rsplit("/", 1)[-1]].append(source.path)
        for rule in (RULES_OF_C if source.is_c else ()) + RULES_OF_ALL:
            for number, problem in rule(source):
                yield f"{source.path}:{number}: {problem}"
    for name, paths in paths_of_name.items():
        for path in paths[1:]:
            yield f"{path}:1: there is another {name}: {paths[0]}"


def main() -> int:
    if len(sys.argv) > 2:
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(sys.argv[1] if len(sys.argv) == 2 else Path(__file__).parent.parent).resolve()
    problems = list(find_problems(root))
    print("\n".join(problems + [f"{len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
