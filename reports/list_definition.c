#include "reports/list_definition.h"

#include "ledger/base/clock.h"

static struct cell cell_of_instant(struct table *table, int64_t seconds)
{
    char text[INSTANT_TEXT_SIZE];
    return cell_text(table, instant_format((struct instant){seconds}, text));
}

static struct cell cell_of(struct statement *query, int at, const struct list_definition *list,
                           struct table *table)
{
    if (column_is_null(query, at)) {
        return (struct cell){.kind = CELL_EMPTY};
    }
    switch (list->column[at].kind) {
    case CELL_EMPTY:
        break;
    case CELL_WORD:
        return list->word[at](table, column_text(query, at));
    case CELL_TEXT:
        return list->instant > 0 && list->instant == at
                   ? cell_of_instant(table, column_int(query, at))
                   : cell_text(table, column_text(query, at));
    case CELL_MONEY:
        return cell_money(column_money(query, at));
    case CELL_DATE:
        return cell_date(column_date(query, at));
    case CELL_RATE:
        return cell_rate(column_rate(query, at));
    case CELL_INT:
        return cell_int(column_int(query, at));
    }
    return (struct cell){.kind = CELL_EMPTY};
}

bool list_build(const struct list_definition *list, struct store *store, int64_t id,
                struct date day, struct arena *arena, struct table *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(store, list->sql);

    table_init(ret, arena, list->name, list->column, list->columns, day);
    ret->title_en = list->title_en;
    ret->title_zh = list->title_zh;
    if (list->scope == LIST_ON_DAY) {
        bind_date(query, 1, day);
    } else if (list->scope == LIST_OF_ONE) {
        bind_int(query, 1, id);
    }
    while (ret->rows < TABLE_ROWS_MAX && statement_row(query)) {
        struct cell *cell = table_add_row(ret);
        for (size_t i = 0; i < list->columns; i++) {
            cell[i] = cell_of(query, (int)i, list, ret);
        }
    }
    return statement_end(query, err);
}
