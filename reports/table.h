/* table.h - a report as a value: titles, typed columns, rows, totals. Layer: reports.
 * Built by one definition a report, written by any writer (writer.h). Lives in its arena. */
#ifndef YICANG_REPORTS_TABLE_H
#define YICANG_REPORTS_TABLE_H

#include "ledger/base/arena.h"
#include "ledger/base/date.h"
#include "ledger/base/money.h"
#include "ledger/base/rate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cell_kind { CELL_EMPTY, CELL_TEXT, CELL_MONEY, CELL_DATE, CELL_RATE, CELL_INT };

struct cell {
    enum cell_kind kind;
    union {
        const char *text;
        struct money money;
        struct date date;
        struct rate rate; /* shown as per cent */
        int64_t number;
    };
};

struct column {
    const char *name;     /* stable ASCII snake_case: JSON key and CSV header */
    const char *title_en; /* N_() marked; people's header */
    const char *title_zh;
    enum cell_kind kind;  /* every cell of the column has it, or is empty */
    bool total;           /* money and int columns: summed into the totals row */
};

/* A small chart that says the same as the table at one look; optional. */
enum chart_kind { CHART_NONE, CHART_BARS, CHART_LINE };
struct chart {
    enum chart_kind kind;
    size_t label_column; /* text or date */
    size_t value_column; /* money or int */
    const char *title_en, *title_zh;
};

/* One labelled figure above or below the table ("free balance of the fund"). */
struct remark {
    const char *name; /* JSON key */
    const char *title_en, *title_zh;
    struct cell cell;
};

struct table {
    const char *name; /* "loan-register" */
    const char *title_en, *title_zh;
    struct date as_of;
    const char *subject; /* whose statement, whose book; "" if it says nothing */
    const struct column *column;
    size_t columns;
    struct cell *cell; /* rows * columns, row by row */
    size_t rows;
    size_t capacity;
    struct remark *remark;
    size_t remarks;
    size_t remark_capacity;
    struct chart chart;
    struct arena *arena;
};

#define TABLE_ROWS_MAX ((size_t)2000000)

void table_init(struct table *table, struct arena *arena, const char *name,
                const struct column *column, size_t columns, struct date as_of);
/* A new row of empty cells; fill cells [0, columns). Valid until the next table_add_row(). */
struct cell *table_add_row(struct table *table);
void table_add_remark(struct table *table, struct remark remark);

struct cell cell_text(struct table *table, const char *text); /* copied; NULL gives an empty cell */
struct cell cell_money(struct money money);
struct cell cell_date(struct date date);
struct cell cell_rate(struct rate rate);
struct cell cell_int(int64_t number);

/* Sum of a column marked total; asserts that it fits (rows and amounts are limited). */
struct cell table_total(const struct table *table, size_t column);

#endif
