/* list_definition.h - a list as columns and a query. Layer: reports; for the lists only. */
#ifndef YICANG_REPORTS_LIST_DEFINITION_H
#define YICANG_REPORTS_LIST_DEFINITION_H

#include "ledger/store/store.h"
#include "reports/table.h"
#include "reports/words.h"

/* What $1 of the query is. */
enum list_scope { LIST_OF_ALL, LIST_ON_DAY, LIST_OF_ONE };

struct list_definition {
    const char *name;
    const char *title_en, *title_zh;
    const struct column *column;
    size_t columns;
    const char *sql; /* gives the columns in this order */
    enum list_scope scope;
    const word_function *word; /* for each CELL_WORD column, at its place; NULL if there is none */
    int instant;               /* a CELL_TEXT column that holds a point in time; 0: none */
};

/* `id` is used for LIST_OF_ONE alone. */
MUST_CHECK bool list_build(const struct list_definition *list, struct store *store, int64_t id,
                           struct date day, struct arena *arena, struct table *ret,
                           struct error *err);

#endif
