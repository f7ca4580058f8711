"""SQL stands in ledger and reports only; each table is written by one folder; reports only read."""
import os
import re

import tree

STATEMENT = re.compile(
    r"\b(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s|CREATE\s+TABLE\s)"
)
WRITE = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)\b")
REFUSED = re.compile(
    r"\b(OR\s+(?:REPLACE|IGNORE)|REPLACE\s+INTO|total\(|avg\(|date\(|datetime\(|strftime\(|julianday\(|rowid)",
    re.IGNORECASE,
)
HAS_SQL = ("ledger/store", "ledger/audit", "ledger/books", "ledger/loans", "ledger/fund", "reports")
MAY_DIALECT = "ledger/store"  # the one place that knows which database it is


def joined_literals(text):
    """Neighbouring literals are one statement: (line, content)."""
    pieces = []
    end = 0
    for match in re.finditer(r'"(?:\\.|[^"\\\n])*"', tree.without_comments(text)):
        gap = text[end : match.start()]
        if pieces and not gap.strip():
            pieces[-1][1] += match.group()[1:-1]
        else:
            pieces.append([text.count("\n", 0, match.start()) + 1, match.group()[1:-1]])
        end = match.end()
    return pieces


def main():
    findings = tree.Findings("sql")
    writers = {}
    for path in tree.paths(endings=(".c", ".h")):
        folder = os.path.dirname(path)
        text = tree.read(path)
        lines = text.split("\n")
        for line, literal in joined_literals(text):
            if not STATEMENT.search(literal) or tree.is_excused(lines, line):
                continue
            if folder not in HAS_SQL:
                findings.add(path, line, f"SQL in {folder}")
            if folder != MAY_DIALECT and REFUSED.search(literal):
                word = REFUSED.search(literal).group()
                findings.add(path, line, f"{word}: not in both dialects, or not exact")
            for table in WRITE.findall(literal):
                writers.setdefault(table, {}).setdefault(folder, (path, line))
    for table, folders in sorted(writers.items()):
        places = sorted(folders.items())
        if len(places) > 1:
            who = ", ".join(folder for folder, _ in places)
            findings.add(*places[0][1], f"table {table} is written by {who}")
        for folder, place in places:
            if folder == "reports":
                findings.add(*place, f"reports only read, and write {table} here")
    findings.end()


main()
