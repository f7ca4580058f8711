#include "cli/output.h"

#include <assert.h>

void result_init(struct result *result, struct arena *arena)
{
    result->arena = arena;
    result->fields = 0;
    result->parts = 0;
}

static void add_field(struct result *result, const char *name, const char *title, struct cell cell)
{
    assert(result->fields < RESULT_FIELDS_MAX);
    result->field[result->fields++] = (struct result_field){name, title, cell};
}

void result_text(struct result *result, const char *name, const char *title, const char *text)
{
    if (text != NULL) {
        struct cell cell = {.kind = CELL_TEXT, .text = arena_text(result->arena, text)};
        add_field(result, name, title, cell);
    }
}

void result_word(struct result *result, const char *name, const char *title,
                 const struct word *word)
{
    add_field(result, name, title, (struct cell){.kind = CELL_WORD, .word = word});
}

void result_money(struct result *result, const char *name, const char *title, struct money money)
{
    add_field(result, name, title, cell_money(money));
}

void result_date(struct result *result, const char *name, const char *title, struct date date)
{
    add_field(result, name, title, cell_date(date));
}

void result_rate(struct result *result, const char *name, const char *title, struct rate rate)
{
    add_field(result, name, title, cell_rate(rate));
}

void result_int(struct result *result, const char *name, const char *title, int64_t number)
{
    add_field(result, name, title, cell_int(number));
}

void result_table(struct result *result, const char *name, const struct table *table)
{
    assert(result->parts < RESULT_TABLES_MAX);
    result->part[result->parts++] = (struct result_part){name, table};
}
