/* compare.h - two stores of the same schema, row by row. Layer: store. */
#ifndef YICANG_STORE_COMPARE_H
#define YICANG_STORE_COMPARE_H

#include "ledger/store/store.h"

enum row_difference { ROW_MISSING, ROW_EXTRA, ROW_CHANGED };

/* One row that differs: table, its primary key as text ("loan_id=3, n=1"), and for ROW_CHANGED the
 * first column that differs with both values. */
struct row_report {
    const char *table;
    const char *key;
    enum row_difference difference;
    const char *column;
    const char *live, *rebuilt;
};
typedef void (*row_visitor)(void *context, const struct row_report *report);

/* Compares every table of `live` with the same of `rebuilt`, ordered by primary key, except those
 * named in `skip` (NULL-terminated; a name ending in '*' skips a family). Differences are handed
 * to visit; the result is false only if one of them cannot be read. */
MUST_CHECK bool store_compare(struct store *live, struct store *rebuilt, const char *const *skip,
                              row_visitor visit, void *context, struct error *err);

#endif
