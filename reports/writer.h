/* writer.h - a table as text, CSV, JSON or HTML. Layer: reports. Every writer takes the same value,
 * so every writer shows the same figures. */
#ifndef YICANG_REPORTS_WRITER_H
#define YICANG_REPORTS_WRITER_H

#include "ledger/base/error.h"
#include "reports/table.h"

#include <stdbool.h>
#include <stdio.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_HTML };

struct writer_options {
    bool chinese;      /* titles and headers; names for machines never change */
    size_t width;      /* columns of the terminal for text; 0: as wide as needed */
    bool table_only;   /* text: no title, no remarks */
};

/* Writes the whole table. Reason ids output.write (a full disk must never look like success). */
MUST_CHECK bool table_write(const struct table *table, enum format format,
                            const struct writer_options *options, FILE *out, struct error *err);

/* "text", "json", "csv", "html"; reason id format.unknown. */
MUST_CHECK bool format_parse(const char *text, enum format *ret, struct error *err);

/* A cell as every writer's text form: machine (50000.00, ISO dates, "4.35") or for people
 * (50,000.00). In the arena. */
const char *cell_machine_text(struct arena *arena, const struct cell *cell);
const char *cell_human_text(struct arena *arena, const struct cell *cell);

#endif
