#include "reports/definition.h"

bool account_titles_load(struct store *store, struct table *table, struct account_titles *ret,
                         struct error *err)
{
    *ret = (struct account_titles){0};
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT a.id, c.code, a.name_en, a.name_zh"
                           " FROM account AS a JOIN account_code AS c ON c.account_id = a.id"
                           " WHERE c.from_year <= $1 ORDER BY a.id, c.from_year");
    bind_int(query, 1, date_to_ymd(table->as_of).year);
    while (statement_row(query)) {
        enum account account = ACCOUNT_BANK_MONEY;
        if (account_from_number(column_int(query, 0), &account)) {
            ret->of[account] = (struct account_title){
                .code = cell_text(table, column_text(query, 1)).text,
                .name_en = cell_text(table, column_text(query, 2)).text,
                .name_zh = cell_text(table, column_text(query, 3)).text,
            };
        }
    }
    return statement_end(query, err);
}

struct cell account_title_cell(struct table *table, const struct account_titles *titles,
                               enum account account)
{
    const struct account_title *title = &titles->of[account];
    struct word *word = arena_alloc(table->arena, sizeof *word);

    word->name = account_word(account);
    word->en = word->name;
    word->zh = word->name;
    if (title->code != NULL) {
        word->en = arena_printf(table->arena, "%s %s", title->code, title->name_en);
        word->zh = arena_printf(table->arena, "%s %s", title->code, title->name_zh);
    }
    return (struct cell){.kind = CELL_WORD, .word = word};
}
