/* cell_format.h - the text of one cell without allocating. Layer: reports; for writers only. */
#ifndef YICANG_REPORTS_CELL_FORMAT_H
#define YICANG_REPORTS_CELL_FORMAT_H

#include "reports/table.h"

#include <stdbool.h>

#define CELL_SCRATCH_SIZE 48

/* Both give the cell's own text or scratch; "" for an empty cell. */
const char *cell_format_machine(const struct cell *cell, char scratch[static CELL_SCRATCH_SIZE]);
const char *cell_format_human(const struct cell *cell, bool chinese,
                              char scratch[static CELL_SCRATCH_SIZE]);

/* Whether figures of this kind stand at the right edge of their column. */
bool cell_kind_is_figure(enum cell_kind kind);

#endif
