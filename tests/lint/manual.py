"""The manual is well-formed, and says everything the program takes: commands, options, exit codes.

    manual.py ROOT PROGRAM MANUAL
"""
import re
import subprocess
import sys

import tree

ADVICE = "warning"  # style notes on the order of sections are not worth a rewrite


def run(*words):
    environment = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "PATH": "/usr/bin:/bin"}
    result = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    return result.stdout + result.stderr


def commands(program):
    """Every command as help lists it."""
    overview = run(program, "help")
    for line in overview.split("global options:")[0].splitlines():
        match = re.match(r"  (\S+)\s{2,}(.+)$", line)
        if not match:
            continue
        noun, rest = match.groups()
        group = run(program, "help", noun)
        verbs = re.findall(rf"^  {noun} (\S+)", group, re.MULTILINE)
        yield from ((noun, verb) for verb in verbs) if f"yicang help {noun} <verb>" in group else [
            (noun,)
        ]


def options(text):
    return re.findall(r"^  --([a-z-]+)", text, re.MULTILINE)


def main():
    program, path = sys.argv[2], sys.argv[3]
    findings = tree.Findings("manual")
    for line in run("mandoc", "-Tlint", "-W", ADVICE, path).splitlines():
        findings.add(path, 1, line)
    with open(path, encoding="utf-8") as file:
        page = file.read()
    sections = {
        title: body
        for title, body in re.findall(r"^\.Ss (yicang [^\n]+)\n(.*?)(?=^\.S[sh] |\Z)", page, re.M | re.S)
    }
    found = list(commands(program))
    if len(found) < 4:
        findings.add(path, 1, f"help lists only {len(found)} commands")
    for words in found:
        title = "yicang " + " ".join(words)
        if title not in sections:
            findings.add(path, 1, f"no section on {title}")
            continue
        for option in options(run(program, "help", *words)):
            if f"Fl \\-{option}" not in sections[title]:
                findings.add(path, 1, f"{title}: nothing on --{option}")
    for option in options(run(program, "help")):
        if f".It Fl \\-{option}" not in page.split(".Sh COMMANDS")[0]:
            findings.add(path, 1, f"nothing on --{option}")
    codes = re.findall(r"^\.It (\d+)$", page.split(".Sh EXIT STATUS")[1].split(".Sh ")[0], re.M)
    wanted = re.findall(r"return (\d+);", tree.read("ledger/base/error.c"))
    for code in sorted(set(wanted) - set(codes), key=int):
        findings.add(path, 1, f"nothing on exit code {code}")
    findings.end()


main()
