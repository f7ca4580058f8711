/* table.h - a report as a value: titles, typed columns, rows, totals. Layer: reports.
 * Built by one definition a report, written by any writer (writer.h). Lives in its arena. */
#ifndef YICANG_REPORTS_TABLE_H
#define YICANG_REPORTS_TABLE_H

#include "ledger/base/arena.h"
#include "ledger/base/date.h"
#include "ledger/base/money.h"
#include "ledger/base/rate.h"
#include "ledger/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cell_kind { CELL_EMPTY, CELL_TEXT, CELL_WORD, CELL_MONEY, CELL_DATE, CELL_RATE, CELL_INT };

struct cell {
    enum cell_kind kind;
    union {
        const char *text;
        const struct word *word;
        struct money money;
        struct date date;
        struct rate rate; /* shown as per cent */
        int64_t number;
    };
};

struct column {
    const char *name;     /* stable ASCII snake_case: JSON key and CSV header */
    const char *title_en; /* people's header */
    const char *title_zh;
    enum cell_kind kind; /* every cell of the column has it, or is empty; a text may be a word, so
                            that each reads it in their language */
    bool total;          /* money and int columns: summed into the totals row */
};

/* A small chart that says the same as the table at one look; optional. */
enum chart_kind { CHART_NONE, CHART_BARS, CHART_LINE };
struct chart {
    enum chart_kind kind;
    size_t label_column; /* any kind but money */
    size_t value_column; /* money or int */
    const char *title_en, *title_zh;
};

/* One labelled figure above or below the table ("free balance of the fund"). */
struct remark {
    const char *name; /* JSON key */
    const char *title_en, *title_zh;
    struct cell cell;
};

/* A text that a reader keeps as it is, to the byte, at the end of the page. In HTML it stands there
 * as a code to be scanned as well. CSV has rows alone. */
struct exact_text {
    const char *name; /* JSON key; NULL: there is none */
    const char *title_en, *title_zh;
    const char *text;
};

/* How a page prints, and who signs it. */
enum page { PAGE_REPORT, PAGE_RECEIPT_A4, PAGE_RECEIPT_A5 };

struct table {
    const char *name; /* "loan-register" */
    const char *title_en, *title_zh;
    struct date as_of;
    bool of_no_day; /* what it says holds on no day more than on another: as_of means nothing */
    enum page page;
    struct cell subject; /* whose statement, whose book (text or word); or empty */
    const struct column *column;
    size_t columns;
    struct cell **block; /* rows in blocks, so that a growing table is never copied */
    size_t block_capacity;
    size_t rows;
    struct remark *remark;
    size_t remarks;
    size_t remark_capacity;
    struct chart chart;
    struct exact_text exact;
    struct arena *arena;
};

#define TABLE_ROWS_MAX ((size_t)2000000)
/* Limit of an arena that holds one report: some five million cells and their text. */
#define TABLE_ARENA_LIMIT ((size_t)512 << 20)

/* Titles are both the name until the caller sets them. */
void table_init(struct table *table, struct arena *arena, const char *name,
                const struct column *column, size_t columns, struct date as_of);
/* A new row of empty cells; fill cells [0, columns). Valid as long as the table, which must not be
 * full: builders ask table_is_full() first. */
struct cell *table_add_row(struct table *table);
bool table_is_full(const struct table *table);
/* The cells [0, columns) of a row. */
const struct cell *table_row(const struct table *table, size_t row);
void table_add_remark(struct table *table, struct remark remark);

/* Copied and made fit for every writer: what is no UTF-8 or cannot be seen (control characters but
 * line feed and tab) becomes U+FFFD, line ends become line feeds. NULL gives an empty cell. */
struct cell cell_text(struct table *table, const char *text);
/* The word of that name, or the name itself in every language; NULL gives an empty cell. */
struct cell cell_word(struct table *table, const struct word *words, size_t count,
                      const char *name);
struct cell cell_money(struct money money);
struct cell cell_date(struct date date);
struct cell cell_rate(struct rate rate);
struct cell cell_int(int64_t number);

/* The same table with these columns alone, in this order, in the arena of the first; without chart.
 */
void table_choose(const struct table *table, const size_t *column, size_t columns,
                  struct table *ret);

/* Sum of a column marked total; empty if the column has none or the sum does not fit. */
struct cell table_total(const struct table *table, size_t column);
bool table_has_totals(const struct table *table);

#endif
