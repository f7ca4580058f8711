#include "reports/table.h"

#include <assert.h>
#include <string.h>

#define BLOCK_ROWS ((size_t)256)
#define REMARKS_MAX ((size_t)64)

void table_init(struct table *table, struct arena *arena, const char *name,
                const struct column *column, size_t columns, struct date as_of)
{
    assert(columns > 0);
    *table = (struct table){
        .name = name,
        .title_en = name,
        .title_zh = name,
        .as_of = as_of,
        .column = column,
        .columns = columns,
        .arena = arena,
    };
}

static void add_block(struct table *table, size_t index)
{
    if (index == table->block_capacity) {
        size_t capacity = table->block_capacity == 0 ? 8 : 2 * table->block_capacity;
        struct cell **block = arena_alloc_array(table->arena, capacity, sizeof(struct cell *));
        if (index > 0) {
            memcpy(block, table->block, index * sizeof(struct cell *));
        }
        table->block = block;
        table->block_capacity = capacity;
    }
    table->block[index] =
        arena_alloc_array(table->arena, BLOCK_ROWS * table->columns, sizeof(struct cell));
}

struct cell *table_add_row(struct table *table)
{
    assert(!table_is_full(table));
    size_t index = table->rows / BLOCK_ROWS;
    size_t offset = table->rows % BLOCK_ROWS;
    if (offset == 0) {
        add_block(table, index);
    }
    table->rows++;
    return &table->block[index][offset * table->columns];
}

void table_choose(const struct table *table, const size_t *column, size_t columns,
                  struct table *ret)
{
    struct column *chosen = arena_alloc_array(table->arena, columns, sizeof *chosen);
    struct table from = *table; /* the result may take its place */

    for (size_t i = 0; i < columns; i++) {
        chosen[i] = from.column[column[i]];
    }
    *ret = from;
    ret->column = chosen;
    ret->columns = columns;
    ret->block = NULL;
    ret->block_capacity = ret->rows = 0;
    ret->chart = (struct chart){0};
    for (size_t row = 0; row < from.rows; row++) {
        const struct cell *cells = table_row(&from, row);
        struct cell *copy = table_add_row(ret);
        for (size_t i = 0; i < columns; i++) {
            copy[i] = cells[column[i]];
        }
    }
}

bool table_is_full(const struct table *table)
{
    return table->rows >= TABLE_ROWS_MAX;
}

const struct cell *table_row(const struct table *table, size_t row)
{
    assert(row < table->rows);
    return &table->block[row / BLOCK_ROWS][row % BLOCK_ROWS * table->columns];
}

void table_add_remark(struct table *table, struct remark remark)
{
    if (table->remarks == table->remark_capacity) {
        size_t capacity = table->remark_capacity == 0 ? 8 : 2 * table->remark_capacity;
        assert(capacity <= REMARKS_MAX);
        struct remark *grown = arena_alloc_array(table->arena, capacity, sizeof(struct remark));
        if (table->remarks > 0) {
            memcpy(grown, table->remark, table->remarks * sizeof(struct remark));
        }
        table->remark = grown;
        table->remark_capacity = capacity;
    }
    table->remark[table->remarks++] = remark;
}

static bool total_money(const struct table *table, size_t column, struct cell *ret)
{
    struct money sum = MONEY_ZERO;
    for (size_t i = 0; i < table->rows; i++) {
        const struct cell *cell = &table_row(table, i)[column];
        if (cell->kind != CELL_EMPTY && !money_add(sum, cell->money, &sum)) {
            return false;
        }
    }
    *ret = cell_money(sum);
    return true;
}

static bool total_int(const struct table *table, size_t column, struct cell *ret)
{
    int64_t sum = 0;
    for (size_t i = 0; i < table->rows; i++) {
        const struct cell *cell = &table_row(table, i)[column];
        if (cell->kind != CELL_EMPTY && __builtin_add_overflow(sum, cell->number, &sum)) {
            return false;
        }
    }
    *ret = cell_int(sum);
    return true;
}

struct cell table_total(const struct table *table, size_t column)
{
    assert(column < table->columns);
    const struct column *description = &table->column[column];
    struct cell total = {.kind = CELL_EMPTY};
    if (!description->total) {
        return total;
    }
    assert(description->kind == CELL_MONEY || description->kind == CELL_INT);
    bool fits = description->kind == CELL_MONEY ? total_money(table, column, &total)
                                                : total_int(table, column, &total);
    return fits ? total : (struct cell){.kind = CELL_EMPTY};
}

bool table_has_totals(const struct table *table)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (table->column[i].total) {
            return true;
        }
    }
    return false;
}
