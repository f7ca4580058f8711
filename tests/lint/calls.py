"""Calls that have no place here, each with what to use instead."""
import re

import tree

# name -> (what to use, files that may)
BANNED = {
    "strcpy strcat strncpy stpcpy sprintf vsprintf": ("buffer.h or snprintf", ()),
    "strtok strtok_r": ("strcspn", ()),
    "atoi atol atoll strtol strtoll strtoul strtoull": (
        "text_parse_int()",
        ("ledger/base/text.c", "ledger/base/number.c"),
    ),
    "atof strtod strtof strtold": ("money_parse() or rate_parse()", ()),
    "scanf fscanf sscanf vsscanf gets": ("a parser of ledger/base", ()),
    "localtime localtime_r gmtime gmtime_r ctime asctime mktime strftime time gettimeofday clock_gettime": (
        "clock.h",
        ("ledger/base/clock.c",),
    ),
    "system popen": ("nothing: no shell is run", ()),
    "rand srand random srandom drand48": ("uuid_random() or randombytes_buf()", ()),
    "tmpnam mktemp tempnam": ("mkstemp", ()),
    "malloc calloc realloc strdup strndup alloca": ("alloc.h or an arena", ("ledger/base/alloc.c",)),
    "exit": ("an error value", ()),
    "printf puts putchar vprintf perror": (
        "cli/output.h: libraries never print",
        (),
    ),
    "setlocale": ("cli/language.h", ("cli/language.c",)),
}
NO_STREAMS = re.compile(r"\b(stdout|stderr)\b")
MAY_PRINT = ("cli/output.c", "cli/output_stream.c", "cli/passphrase.c", "ledger/base/alloc.c")


def main():
    findings = tree.Findings("calls")
    rules = []
    for names, (instead, files) in BANNED.items():
        words = "|".join(names.split())
        rules.append((re.compile(rf"(?<![\w.>])({words})\s*\("), instead, files))
    for path in tree.paths():
        for pattern, instead, files in rules:
            if path not in files:
                findings.search(
                    path, pattern, lambda m, i=instead: f"{m.group(1)}() is not used here; use {i}"
                )
        if path not in MAY_PRINT:
            findings.search(path, NO_STREAMS, lambda m: f"{m.group(1)} belongs to cli/output.c")
    findings.end()


main()
