#!/usr/bin/env python3
"""Checks every shipped manifest against the JSON Schema. Usage: manifest_schema_test.py CORPORA_FOLDER"""
import copy
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

folder = pathlib.Path(sys.argv[1])
schema = json.loads((folder / "manifest.schema.json").read_text())
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
failures = 0
manifests = sorted((folder / "manifests").glob("*.json"))
assert manifests, "no manifests"
for path in manifests:
    for error in validator.iter_errors(json.loads(path.read_text())):
        print(f"{path}: {list(error.absolute_path)}: {error.message}")
        failures += 1

good = json.loads((folder / "manifests/canterbury.json").read_text())
document, file = good["documents"][0], good["files"][0]
mistakes = [
    ("evalzip_corpus", good, 2), ("name", good, "Big"), ("titel", good, "x"), ("documents", good, []),
    ("size", document, -1), ("size", document, "5"), ("sha256", document, "abc"), ("name", document, "../x"),
    ("name", document, "/x"), ("name", document, "a\nb"), ("mirrors", file, ["ftp://x"]), ("name", file, ""),
]
for key, place, value in mistakes:
    changed = copy.deepcopy(good)
    target = changed if place is good else changed["documents" if place is document else "files"][0]
    target[key] = value
    if validator.is_valid(changed):
        print(f"the schema accepts {key} = {value!r}")
        failures += 1
no_hash = copy.deepcopy(good)
del no_hash["documents"][0]["sha256"]
if validator.is_valid(no_hash):
    print("the schema accepts a document without a hash")
    failures += 1
sys.exit(1 if failures else 0)
