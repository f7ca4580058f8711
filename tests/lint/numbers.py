"""No binary fractions, and an amount's raw field only where amounts are made."""
import re

import tree

FRACTIONS = re.compile(r"\b(float|double)\b")
MAY_FRACTION = ("reports/writer_xlsx.c",)
RAW = re.compile(r"(?:\.|->)fen\b")
MAY_RAW = ("ledger/base/money.c", "ledger/base/money.h", "ledger/base/money_words.c")


def main():
    findings = tree.Findings("numbers")
    for path in tree.paths():
        if path not in MAY_FRACTION:
            findings.search(path, FRACTIONS, lambda m: f"no {m.group()} here: money.h, rate.h")
        if path not in MAY_RAW:
            findings.search(path, RAW, lambda m: "raw fen: money_from_fen(), money_fen()")
    findings.end()


main()
