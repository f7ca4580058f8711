"""Every XLSX of the demo read with Python's own zip and XML, every figure and day in it held against the
JSON of the same report: rows, totals, and the value kept beside each formula.

    spreadsheets.py REPORTS
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree
import zipfile
from datetime import date, timedelta
from decimal import Decimal

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FIRST_ROW = 4  # after title, day and column titles
MONEY = re.compile(r"-?[0-9]+\.[0-9]{2}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def column_of(reference):
    number = 0
    for letter in re.match("[A-Z]+", reference)[0]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def sheet_rows(path):
    """Number of the row -> column -> what stands in it."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        sheet = xml.etree.ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = {}
    for row in sheet.iter(MAIN + "row"):
        cells = rows.setdefault(int(row.get("r")), {})
        for cell in row.iter(MAIN + "c"):
            text = "".join(t.text or "" for t in cell.iter(MAIN + "t"))
            value = cell.find(MAIN + "v")
            cells[column_of(cell.get("r"))] = text if value is None else Decimal(value.text)
    return rows


def differs(key, want, got):
    if want is None:
        return got not in (None, "")
    if key == "rate":
        return Decimal(want) / 100 != got
    if isinstance(want, int) or MONEY.fullmatch(want):
        return Decimal(want) != got
    if DAY.fullmatch(want):
        return (not isinstance(got, Decimal)
                or date.fromisoformat(want) != date(1899, 12, 30) + timedelta(days=int(got)))
    return not got or isinstance(got, Decimal)  # words and names stand in their language


def main():
    compared = wrong = 0
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.xlsx")):
        report = json.loads(path.with_suffix(".json").read_text("utf-8"))
        rows = sheet_rows(path)
        lines = [(FIRST_ROW + i, row) for i, row in enumerate(report["rows"])]
        keys = list(report["rows"][0]) if report["rows"] else []
        if report["rows"] and report["totals"]:
            lines.append((FIRST_ROW + len(report["rows"]), report["totals"]))
        for at, line in lines:
            for key, want in line.items():
                got = rows.get(at, {}).get(keys.index(key))
                compared += 1
                if differs(key, want, got):
                    wrong += 1
                    print(f"{path}: row {at}, {key}: {got} in the sheet, {want} in the JSON")
    print(f"{compared} cells of spreadsheets compared")
    sys.exit(wrong > 0 or compared < 1000)


main()
