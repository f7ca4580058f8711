/* policy_list.c - the versions of the policy that a book has known. */
#include "ledger/base/digest.h"
#include "ledger/base/text.h"
#include "reports/lists.h"

enum { FROM, NAME, DIGEST, EVENT, STATE, COLUMNS };

static const struct column columns[COLUMNS] = {
    [FROM] = {"from", N_("in force from"), "起用日", CELL_DATE, false},
    [NAME] = {"policy", N_("policy"), "政策", CELL_TEXT, false},
    [DIGEST] = {"digest", N_("digest"), "摘要", CELL_TEXT, false},
    [EVENT] = {"event", N_("event"), "事件", CELL_INT, false},
    [STATE] = {"state", N_("state"), "状态", CELL_WORD, false},
};

static const struct word states[] = {
    {"past", "past", "已失效"},
    {"in-force", "in force", "现行"},
    {"coming", "coming", "待生效"},
};

bool list_policies(struct store *store, struct date day, struct arena *arena, struct table *ret,
                   struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT a.from_day, p.name, a.sha256, a.seq FROM policy_activation AS a"
                           " JOIN policy AS p ON p.sha256 = a.sha256 ORDER BY a.from_day, a.seq");
    struct cell *in_force = NULL;

    table_init(ret, arena, "policies", columns, COLUMNS, day);
    ret->title_en = N_("Policies");
    ret->title_zh = "政策版本";
    while (!table_is_full(ret) && statement_row(query)) {
        struct cell *cell = table_add_row(ret);
        struct sha256 digest = column_sha256(query, 2);
        struct date from = column_date(query, 0);
        char hex[SHA256_HEX_SIZE];
        bool coming = date_compare(from, day) > 0;
        cell[FROM] = cell_date(from);
        cell[NAME] = cell_text(ret, column_text(query, 1));
        cell[DIGEST] = cell_text(ret, hex_format(digest.byte, SHA256_SIZE, hex));
        cell[EVENT] = cell_int(column_int(query, 3));
        cell[STATE] = cell_word(ret, states, COUNT_OF(states), coming ? "coming" : "past");
        in_force = coming ? in_force : cell;
    }
    if (in_force != NULL) {
        in_force[STATE] = cell_word(ret, states, COUNT_OF(states), "in-force");
    }
    return statement_end(query, err);
}
