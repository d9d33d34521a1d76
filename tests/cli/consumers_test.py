"""What the program writes for continuous integration, read by those who read it there."""
import copy
import json
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from program import ProgramTest

COMPARE_PY = Path("/usr/share/benchmark/compare.py")  # of Google Benchmark, as Debian has it
JUNIT_SCHEMA = Path(__file__).resolve().parent.parent / "junit.xsd"
HOSTILE = "<b>x</b> ::error::a %0A'; DROP TABLE run; --@all|`|\\\"\n# EOF"


def python_with(module):
    """An interpreter that has the module; distributions install modules for their own only."""
    for python in (sys.executable, "/usr/bin/python3"):
        if Path(python).exists() and subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    return None


class ConsumersTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("text.txt", b"some text, again and again; " * 500)
        self.run_program("run", "--corpus", "text.txt", "--codec", "huffman,honest", "--min-time", "1ms",
                         "--samples", "10", "--out", "base.json", "--quiet")
        head = json.loads((self.folder / "base.json").read_text())
        head["records"][0]["encoded_bytes"] += 1
        hostile = copy.deepcopy(head["records"][0])
        hostile["document"] = HOSTILE
        head["records"].append(hostile)
        head["records"].append({**hostile, "corpus": HOSTILE, "outcome": "mismatch", "detail": HOSTILE})
        self.file("head.json", json.dumps(head).encode())

    def report(self, run, name):
        out, _ = self.run_program("report", run, "--format", name)
        self.file(f"{name}.out", out.encode())
        return out

    @unittest.skipUnless(COMPARE_PY.exists() and python_with("scipy"), "compare.py or scipy is not installed")
    def test_compare_py_of_google_benchmark_compares_two_runs(self):
        for run in ("base", "head"):
            (self.folder / f"{run}.gbench").write_text(self.report(f"{run}.json", "gbench"))
        done = subprocess.run([python_with("scipy"), str(COMPARE_PY), "--no-color", "benchmarks", "base.gbench", "head.gbench"],
                              cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("OVERALL_GEOMEAN", done.stdout)
        self.assertIn("_pvalue", done.stdout)
        self.assertIn("huffman", done.stdout)

    @unittest.skipUnless(python_with("prometheus_client"), "python3-prometheus-client is not installed")
    def test_prometheus_reads_every_metric_of_every_cell(self):
        self.report("head.json", "openmetrics")
        reader = ("import json, sys\n"
                  "from prometheus_client.openmetrics.parser import text_fd_to_metric_families\n"
                  "print(json.dumps([[s.name, s.labels] for f in text_fd_to_metric_families(open(sys.argv[1], encoding='utf-8'))"
                  " for s in f.samples]))")
        done = subprocess.run([python_with("prometheus_client"), "-c", reader, "openmetrics.out"], cwd=self.folder,
                              capture_output=True, text=True, check=True)
        samples = json.loads(done.stdout)
        self.assertEqual(len([name for name, _ in samples if name == "evalzip_bits_per_byte"]), 3)

    @unittest.skipUnless(shutil.which("xmllint"), "xmllint is not installed")
    def test_junit_keeps_to_its_schema(self):
        self.run_program("compare", "base.json", "head.json", "--write", "junit=junit.xml", expect=4)
        subprocess.run(["xmllint", "--noout", "--schema", str(JUNIT_SCHEMA), "junit.xml"], cwd=self.folder, check=True,
                       capture_output=True)

    @unittest.skipUnless(python_with("jsonschema"), "python3-jsonschema is not installed")
    def test_services_get_json_of_their_schemas(self):
        number, text = {"type": "number"}, {"type": "string"}
        entry = {"type": "object", "required": ["name", "value", "unit"], "additionalProperties": False,
                 "properties": {"name": text, "value": number, "unit": text, "extra": text,
                                "range": {"type": "string", "pattern": "^± [0-9.e+-]+$"}}}
        entries = {"type": "array", "minItems": 1, "items": entry}
        measure = {"type": "object", "required": ["value"], "additionalProperties": False,
                   "properties": {"value": number, "lower_value": number, "upper_value": number}}
        table = {"type": "object", "minProperties": 1, "additionalProperties": measure}
        schemas = {"benchmark-sizes": entries, "benchmark-times": entries,
                   "bmf": {"type": "object", "minProperties": 1, "additionalProperties": table}}
        for name, schema in schemas.items():
            self.report("head.json", name)
            self.file("schema.json", json.dumps(schema).encode())
            check = "import json, sys, jsonschema\njsonschema.validate(*[json.load(open(f)) for f in sys.argv[1:]])"
            done = subprocess.run([python_with("jsonschema"), "-c", check, f"{name}.out", "schema.json"], cwd=self.folder,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_runner_of_github_reads_one_command_a_line(self):
        self.run_program("compare", "base.json", "head.json", "--write", "github-annotations=a.txt", expect=4)
        for line in (self.folder / "a.txt").read_text().splitlines():
            self.assertRegex(line, r"^::(error|warning) title=[^:,]*::\S.*$")
            self.assertIsNone(re.search("%(?!25|3A|2C)", line), line)


if __name__ == "__main__":
    unittest.main()
