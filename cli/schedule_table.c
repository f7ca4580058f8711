#include "cli/schedule_table.h"

#include "ledger/base/text.h"

static const struct column schedule_columns[] = {
    {"no", "no.", "期次", CELL_INT, false},
    {"from", "from", "起息日", CELL_DATE, false},
    {"due", "due", "应还日", CELL_DATE, false},
    {"days", "days", "天数", CELL_INT, true},
    {"principal", "principal", "本金", CELL_MONEY, true},
    {"interest", "interest", "利息", CELL_MONEY, true},
    {"payment", "payment", "应还合计", CELL_MONEY, true},
    {"balance", "balance", "剩余本金", CELL_MONEY, false},
    {"subsidy", "subsidy", "财政贴息", CELL_MONEY, true},
    {"own_interest", "own interest", "自付利息", CELL_MONEY, true},
};

void schedule_table(const struct schedule *schedule, struct arena *arena, const char *name,
                    struct date as_of, struct table *ret)
{
    table_init(ret, arena, name, schedule_columns, COUNT_OF(schedule_columns), as_of);
    for (size_t i = 0; i < schedule->count; i++) {
        const struct schedule_row *row = &schedule->row[i];
        struct cell *cell = table_add_row(ret);
        *cell++ = cell_int(row->no);
        *cell++ = cell_date(row->from);
        *cell++ = cell_date(row->due);
        *cell++ = cell_int(row->days);
        *cell++ = cell_money(row->principal);
        *cell++ = cell_money(row->interest);
        *cell++ = cell_money(row->payment);
        *cell++ = cell_money(row->balance);
        *cell++ = cell_money(row->subsidy);
        *cell = cell_money(row->own_interest);
    }
}
