"""Every report format of a run with hostile names, parsed back by others' parsers.

The runs here are made up: names from a fixed seed, numbers that nobody measured.
"""
import csv
import io
import json
import random
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

from program import ProgramTest

SEED = 20250131
HOSTILE = ("<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "=1+1", "+cmd|' /C calc'!A0",
           "-2+3", "@SUM(A1)", "\\input{/etc/passwd}", "$x^2$ & 50% #1 ~ {a}_b \\end{document}", 'a"b""c,d;e',
           "a|b\\|c`d`", "[x](javascript:alert(1))", "**bold** _it_ https://example.org www.example.org",
           "line\nbreak\r\ttab", "\u202egnp.exe", "zero\u200bwidth", "日本語", "é ü ß ×", "", "--", "a,b[c]d")


def printable(text):
    """As reports/printable.h has it, for text that is valid Unicode."""
    def shown(c):
        n = ord(c)
        if n < 0x20 or n == 0x7F:
            return f"\\x{n:02x}"
        if 0x80 <= n <= 0x9F or n in (0xAD, 0x61C, 0x180E, 0xFEFF) or 0x200B <= n <= 0x200F \
                or 0x2028 <= n <= 0x202E or 0x2060 <= n <= 0x206F or 0xFFF9 <= n <= 0xFFFB:
            return f"\\u{{{n:x}}}"
        return c
    return "".join(map(shown, text))


def record(corpus, document, codec, generator):
    seconds = [generator.uniform(0.01, 0.02) for _ in range(4)]
    return {"key": f"{corpus}/{document}/{codec}", "codec": codec, "version": "1", "corpus": corpus,
            "document": document, "sha256": "", "outcome": "ok", "detail": "", "original_bytes": 1000000,
            "encoded_bytes": generator.randrange(100000, 900000), "encoded_hash": "", "threads": 1,
            "encode_seconds": seconds, "decode_seconds": seconds, "encode_cpu_seconds": [],
            "decode_cpu_seconds": [], "encode_rounds": [0, 0, 1, 1], "decode_rounds": [0, 0, 1, 1]}


def made_up_run(names, generator):
    environment = {name: "" for name in (
        "evalzip_version", "commit", "started_utc", "finished_utc", "host", "os", "kernel", "cpu", "microcode",
        "governor", "libc", "compiler", "flags", "build_type")}
    environment |= {"host": names[0], "arguments": list(names), "logical_cpus": 2, "usable_cpus": 2,
                    "memory_bytes": 1, "libraries": [], "warnings": list(names[:3])}
    records = [record(corpus, "file " + names[2], codec, generator)
               for corpus in dict.fromkeys(names[:2]) for codec in dict.fromkeys(names)]
    return {"schema": 1, "complete": True, "wall_seconds": 1, "codec_seconds": 1, "environment": environment,
            "settings": {"seed": 1, "samples": 4, "rounds": 2, "exact_samples": False, "min_time_seconds": 0.1,
                         "threads": 1},
            "order": [], "records": records}


def hostile_names(generator):
    """Twelve different names, half of them random."""
    names = generator.sample(HOSTILE, 7)
    alphabet = "abcdef\"'<>&\\$#_%{}~^|`*[]()=+-@,;\n\t é日\u202e"
    while len(set(names)) < 12:
        names.append("".join(generator.choice(alphabet) for _ in range(generator.randrange(1, 14))))
    return list(dict.fromkeys(names))


class Elements(HTMLParser):
    """The elements of a page and its text outside scripts."""

    def __init__(self):
        super().__init__()
        self.tags, self.text, self.attributes = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attributes]

    def handle_data(self, data):
        self.text.append(data)


class Table(Elements):
    """Rows of texts of the page's tables."""

    def __init__(self):
        super().__init__()
        self.rows, self.cell = [], None

    def handle_starttag(self, tag, attributes):
        super().handle_starttag(tag, attributes)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self.cell)
            self.cell = None

    def handle_data(self, data):
        super().handle_data(data)
        if self.cell is not None:
            self.cell += data


TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def cells_of(line):
    """Type and value of each cell of a row of a flat OpenDocument sheet."""
    cells = []
    for cell in line.iter(TABLE + "table-cell"):
        kind = cell.get(OFFICE + "value-type", "empty")
        text = "\n".join("".join(paragraph.itertext()) for paragraph in cell)
        if cell.get(TABLE + "formula") is not None:
            kind = "formula"
        value = cell.get(OFFICE + "value") if kind == "float" else text
        cells += [(kind, value)] * int(cell.get(TABLE + "number-columns-repeated", "1"))
    return cells


class Formats(ProgramTest):
    def report(self, run, *arguments):
        (self.folder / "hostile.json").write_text(json.dumps(run))
        return self.run_program("report", "hostile.json", *arguments)[0]

    def each_run(self, count=12):
        generator = random.Random(SEED)
        for trial in range(count):
            names = hostile_names(generator)
            with self.subTest(trial=trial, names=names):
                yield names, made_up_run(names, generator)

    def test_csv_has_every_name_and_numbers_are_numbers(self):
        for names, run in self.each_run():
            rows = list(csv.DictReader(io.StringIO(self.report(run, "--format", "csv"), newline="")))
            self.assertEqual(len(rows), len(run["records"]))
            for row, made in zip(rows, run["records"]):
                name = printable(made["codec"])
                self.assertIn(row["codec"], (name, "'" + name))
                self.assertNotRegex(row["codec"].lstrip(" "), r"^[=+\-@]")
                self.assertEqual(int(row["encoded_bytes"]), made["encoded_bytes"])
                self.assertAlmostEqual(float(row["ratio"]), 1e6 / made["encoded_bytes"])
                self.assertLessEqual(float(row["encode_low"]), float(row["encode"]))
            self.assertEqual(len({len(row) for row in rows}), 1)

    def test_markdown_is_a_table_of_plain_text(self):
        for names, run in self.each_run():
            lines = self.report(run, "--format", "markdown").split("\n\n")[0].splitlines()
            self.assertEqual(len({line.count("|") for line in lines}), 1)
            self.assertEqual(len(lines), 2 + len(names))
            for line in lines[2:]:
                self.assertNotRegex(line.split("|")[1], r"[<>`\[\]\\*_$]")

    @unittest.skipUnless(shutil.which("cmark-gfm"), "there is no cmark-gfm")
    def test_github_reads_markdown_as_one_table_of_the_names(self):
        for names, run in self.each_run():
            text = self.report(run, "--format", "markdown")
            html = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough"],
                                  input=text, capture_output=True, text=True, check=True).stdout
            table = Table()
            table.feed(html)
            self.assertEqual(table.tags.count("table"), 1)
            self.assertLessEqual(set(table.tags), {"table", "thead", "tbody", "tr", "th", "td", "strong", "br", "ul",
                                                   "li"})
            self.assertEqual(len(table.rows), 1 + len(names))
            self.assertEqual(len({len(row) for row in table.rows}), 1)
            # A parser takes the spaces at both ends of a cell away.
            self.assertEqual([row[0] for row in table.rows[1:]], [printable(name).strip(" ") for name in names])

    @unittest.skipUnless(shutil.which("soffice"), "there is no LibreOffice")
    def test_libreoffice_reads_numbers_as_numbers_and_names_as_text(self):
        for names, run in self.each_run(1):
            self.report(run, "--format", "csv", "--out", "report.csv")
            # 44: comma, 34: quotes, 76: UTF-8.
            subprocess.run(["soffice", "--headless", "--infilter=CSV:44,34,76,1", "--convert-to", "fods",
                            f"-env:UserInstallation=file://{self.folder}/office", "report.csv"],
                           cwd=self.folder, env=self.environment, capture_output=True, check=True)
            sheet = ElementTree.parse(self.folder / "report.fods").getroot()
            lines = [cells_of(line) for line in sheet.iter(TABLE + "table-row")]
            header = [text for _, text in lines[0]]
            self.assertEqual(sum(len(line) > 1 for line in lines), 1 + len(run["records"]))
            for line, made in zip(lines[1:], run["records"]):
                row = dict(zip(header, line))
                self.assertIn(row["codec"][1].lstrip("'"), printable(made["codec"]).lstrip("'"))
                self.assertNotEqual(row["codec"][0], "formula")
                for column in ("encoded_bytes", "ratio", "encode", "encode_low", "decode_high", "documents"):
                    self.assertEqual(row[column][0], "float", column)
                self.assertEqual(float(row["encoded_bytes"][1]), made["encoded_bytes"])

    def test_svg_is_well_formed_and_shows_names_as_text(self):
        for _, run in self.each_run():
            for chart in ("pareto", "speed", "transfer", "entropy"):
                root = ElementTree.fromstring(self.report(run, "--format", "svg", "--chart", chart))
                tags = {element.tag.split("}")[1] for element in root.iter()}
                self.assertLessEqual(tags, {"svg", "title", "desc", "style", "rect", "g", "text", "line", "path",
                                            "circle"})

    def test_html_holds_no_element_that_a_name_made(self):
        for names, run in self.each_run(6):
            page = self.report(run, "--format", "html")
            elements = Elements()
            elements.feed(page)
            self.assertNotIn("img", elements.tags)
            self.assertFalse([name for name in elements.attributes if name.startswith("on")])
            text = "".join(elements.text)
            for name in names:
                self.assertIn(printable(name), text)
            raw = re.search(r'<script type="application/json" id="run-0">(.*?)</script>', page, re.DOTALL)
            self.assertEqual([r["codec"] for r in json.loads(raw[1])["records"]],
                             [r["codec"] for r in run["records"]])

    @unittest.skipUnless(shutil.which("pdflatex"), "there is no pdflatex")
    def test_latex_compiles_without_a_bad_box(self):
        for _, run in self.each_run(2):
            (self.folder / "report.tex").write_text(self.report(run, "--format", "latex"))
            built = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"],
                                   cwd=self.folder, capture_output=True)
            log = (self.folder / "report.log").read_text(errors="replace")
            self.assertEqual(built.returncode, 0, log[-3000:])
            self.assertNotIn("Overfull", log)
            self.assertNotIn("Missing character", log)

    def test_reports_of_a_run_are_the_same_again(self):
        for _, run in self.each_run(1):
            for form in ("csv", "markdown", "latex", "latex-table", "latex-figure", "svg", "html"):
                self.assertEqual(self.report(run, "--format", form), self.report(run, "--format", form))


if __name__ == "__main__":
    unittest.main()
