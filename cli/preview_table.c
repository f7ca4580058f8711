#include "cli/preview_table.h"

#include "cli/acting.h"
#include "cli/service/preview.h"

static struct cell member_cell(struct arena *arena, const struct column *column,
                               const struct canon *out)
{
    struct money amount = MONEY_ZERO;
    struct date date = {0};
    int64_t number = 0;

    switch (column->kind) {
    case CELL_MONEY:
        return canon_get_fen(out, arena_printf(arena, "%s_fen", column->name), &amount)
                   ? cell_money(amount)
                   : (struct cell){.kind = CELL_EMPTY};
    case CELL_DATE:
        return canon_get_date(out, column->name, &date) ? cell_date(date)
                                                        : (struct cell){.kind = CELL_EMPTY};
    case CELL_INT:
        return canon_get_int(out, column->name, &number) ? cell_int(number)
                                                         : (struct cell){.kind = CELL_EMPTY};
    case CELL_EMPTY:
    case CELL_TEXT:
    case CELL_WORD:
    case CELL_RATE:
        break;
    }
    return (struct cell){.kind = CELL_EMPTY};
}

static void add_rows(const struct preview *preview, const struct canon *rows, struct table *table)
{
    for (size_t i = 0; i < canon_count(rows) && !table_is_full(table); i++) {
        const struct canon *out = canon_get(canon_at(rows, i), "out");
        struct cell *cell = table_add_row(table);
        for (size_t k = 0; k < preview->columns; k++) {
            cell[k] = member_cell(table->arena, &preview->column[k], out);
        }
    }
}

bool preview_run(const struct invocation *invocation, const struct preview *preview,
                 struct error *err)
{
    AUTO_OFFICE office = {0};
    struct table table;
    const struct canon *rows = NULL;

    if (!desk_open(invocation, &office, err) ||
        !preview_rows(&office, preview->event, desk_request(invocation, &office.arena),
                      preview->nothing, &rows, err)) {
        return false;
    }
    table_init(&table, &office.arena, "preview", preview->column, preview->columns,
               invocation_value(invocation, "through")->date);
    table.title_en = preview->title_en;
    table.title_zh = preview->title_zh;
    add_rows(preview, rows, &table);
    return output_table(invocation, &table, err) && office_close(&office, err);
}
