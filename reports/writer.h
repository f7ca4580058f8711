/* writer.h - a table as text, CSV, JSON, HTML or spreadsheet. Layer: reports. Every writer takes
 * the same value, so every writer shows the same figures.
 *
 *   text  for terminals: title, table, totals, remarks; figures for people (50,000.00). A line feed
 *         in a cell shows as a return arrow, so that a row stays a row.
 *   csv   RFC 4180 in UTF-8 without byte order mark: a header of stable names, then the rows and
 *         nothing else, so that a sum over a column is right. Figures for machines (50000.00). A
 *         text that a spreadsheet would take for a formula is written with one apostrophe before
 * it; so is a text that begins with an apostrophe. To read a text back, take away one leading
 *         apostrophe if there is one.
 *   json  {"name", "title", "subject", "as_of", "rows": [{...}], "totals": {...}, "remarks":
 *         {...}, and the exact text under its name}; empty cells are null, ints are numbers, all
 * other figures strings. "as_of" is null where the table is of no day. html  one self-contained
 * page that prints on A4. xlsx  one sheet that prints on A4; totals are formulas that carry their
 * value. A figure that a spreadsheet would round (15 digits) is written as text.
 */
#ifndef YICANG_REPORTS_WRITER_H
#define YICANG_REPORTS_WRITER_H

#include "ledger/base/error.h"
#include "reports/table.h"

#include <stdbool.h>
#include <stdio.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_HTML, FORMAT_XLSX };

struct writer_options {
    bool chinese;    /* titles and headers; names for machines never change */
    size_t width;    /* columns of the terminal for text; 0: as wide as needed */
    bool table_only; /* text: no title, no remarks */
};

/* Writes the whole table. Reason ids output.write (a full disk must never look like success),
 * output.too-many-rows and output.cell-too-long (what a spreadsheet cannot hold). */
MUST_CHECK bool table_write(const struct table *table, enum format format,
                            const struct writer_options *options, FILE *out, struct error *err);

/* "text", "json", "csv", "html", "xlsx"; reason id format.unknown. */
MUST_CHECK bool format_parse(const char *text, enum format *ret, struct error *err);

/* A cell as every writer's text form: machine (50000.00, ISO dates, "4.35") or for people
 * (50,000.00). In the arena. */
const char *cell_machine_text(struct arena *arena, const struct cell *cell);
const char *cell_human_text(struct arena *arena, const struct cell *cell, bool chinese);

#endif
