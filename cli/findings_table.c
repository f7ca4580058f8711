#include "cli/findings_table.h"

#include "ledger/base/text.h"

static const struct column finding_columns[] = {
    {"code", N_("code"), "代码", CELL_TEXT, false},
    {"event", N_("event"), "事件", CELL_INT, false},
    {"finding", N_("finding"), "发现", CELL_TEXT, false},
};

void findings_table(const struct findings *findings, struct arena *arena, struct date day,
                    struct table *ret)
{
    table_init(ret, arena, "findings", finding_columns, COUNT_OF(finding_columns), day);
    ret->title_en = "Findings";
    ret->title_zh = "检查发现";
    for (size_t i = 0; i < findings->count; i++) {
        struct cell *cell = table_add_row(ret);
        cell[0] = cell_text(ret, findings->list[i].code);
        if (findings->list[i].seq >= 0) {
            cell[1] = cell_int(findings->list[i].seq);
        }
        cell[2] = cell_text(ret, findings->list[i].text);
    }
}
