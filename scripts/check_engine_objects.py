#!/usr/bin/env python3
"""Fails if the compiled engine of language models holds an instruction whose result depends on the
machine or is rounded otherwise than the source says: estimates of reciprocals and roots, products
of bfloat16 and of tiles of floating point, fused multiplications and additions (the source asks for none).

usage: check_engine_objects.py ARCHIVE MEMBER...     members of a static library, such as attention.cpp.o

Exits with 77, which is to skip, where there is no objdump."""
import re
import shutil
import subprocess
import sys

FORBIDDEN = {
    "an estimate": re.compile(r"v?r(cp|sqrt)(ps|ss|14|28|ph|sh)\w*|frecp\w+|frsqrt\w+"),
    "a product of bfloat16": re.compile(r"vdpbf16\w*|bf(dot|mmla|mlal[bt])"),
    # Those of int8, such as tdpbusd, are exact.
    "a product of tiles of floating point": re.compile(r"t(dp(bf16|fp16|[bh]f8)|mmultf32|t?c(mm|onj)\w*fp16)\w*"),
    "fused": re.compile(r"vfn?m(add|sub|addsub|subadd)\w*|vf[cm]?c?madd\w*|fn?m(add|sub)|fml[as]l?2?"),
}
MEMBER = re.compile(r"^(\S+):\s+file format ")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\s+(?:\{\w+\}\s+)?([a-z]\w*)")


def fault_of(mnemonic):
    for fault, pattern in FORBIDDEN.items():
        if pattern.fullmatch(mnemonic):
            return fault
    return None


def main(archive, wanted):
    objdump = shutil.which("objdump")
    if objdump is None:
        print("skipped: there is no objdump here")
        return 77
    listing = subprocess.run([objdump, "-d", "--no-show-raw-insn", archive], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    problems, seen, instructions, member = [], set(), 0, None
    for line in listing.splitlines():
        if header := MEMBER.match(line):
            member = header[1] if header[1] in wanted else None
            seen.add(member)
        elif member is not None and (found := INSTRUCTION.match(line)):
            instructions += 1
            if fault := fault_of(found[1]):
                problems.append(f"{member}: {found[1]} is {fault}: {line.strip()}")
    problems += [f"{archive} has no member {name}" for name in sorted(set(wanted) - seen)]
    for problem in problems:
        print(problem)
    print(f"{instructions} instructions, {len(problems)} problems")
    return 1 if problems or instructions == 0 else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
