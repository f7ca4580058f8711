#include "cli/concern_table.h"

#include "cli/service/explanation.h"
#include "ledger/base/text.h"
#include "reports/words.h"

static const struct column columns[] = {
    {"decision", N_("decision"), "决定", CELL_WORD, false},
    {"condition", N_("condition"), "条件", CELL_TEXT, false},
    {"outcome", N_("outcome"), "结论", CELL_WORD, false},
    {"message", N_("message"), "说明", CELL_WORD, false},
};

/* Programs read the policy's English, whatever the language. */
static struct cell message_cell(struct table *table, const struct decided_condition *condition)
{
    struct word *word = arena_alloc(table->arena, sizeof *word);
    const char *told = condition_tell(table->arena, condition);

    *word = (struct word){arena_text(table->arena, condition->message_en), told, told};
    return (struct cell){.kind = CELL_WORD, .word = word};
}

/* What the close of a day asks decides nothing that somebody does. */
static bool is_silent(const char *point)
{
    enum decision_point known;

    return decision_point_find(point, &known) && decision_point_is_silent(known);
}

/* Most events pass without a word, and need not be asked again. */
static bool has_concerns(const struct canon *decisions)
{
    for (size_t i = 0; decisions != NULL && i < canon_count(decisions); i++) {
        const char *point = canon_get_text(canon_at(decisions, i), "point");
        const char *outcome = canon_get_text(canon_at(decisions, i), "outcome");
        if (point != NULL && outcome != NULL && !is_silent(point) &&
            !text_equal(outcome, outcome_name(OUTCOME_PASS))) {
            return true;
        }
    }
    return false;
}

static void add_concerns(struct table *table, const struct decision *decision)
{
    if (decision_point_is_silent(decision->point)) {
        return;
    }
    for (size_t i = 0; i < decision->condition_count; i++) {
        const struct decided_condition *condition = &decision->conditions[i];
        if (condition->outcome == OUTCOME_PASS) {
            continue;
        }
        struct cell *cell = table_add_row(table);
        cell[0] = word_of_decision(table, decision_point_name(decision->point));
        cell[1] = cell_text(table, condition->id);
        cell[2] = word_of_outcome(table, outcome_name(condition->outcome));
        cell[3] = message_cell(table, condition);
    }
}

void concerns_show(struct office *office, const char *type, const struct canon *body,
                   struct result *ret)
{
    struct explanation explanation;
    struct error ignored = {0}; /* what was done is done; `explain` tells of it too */

    if (!has_concerns(canon_get(body, "decision")) ||
        !explain_body(office->store, office->policies, &office->arena, type, body, &explanation,
                      &ignored)) {
        return;
    }
    struct table *table = arena_alloc(ret->arena, sizeof *table);
    table_init(table, ret->arena, "concerns", columns, COUNT_OF(columns), office->day);
    table->title_en = "What the policy holds against it";
    table->title_zh = "政策提示";
    for (size_t i = 0; i < explanation.decisions; i++) {
        add_concerns(table, &explanation.decision[i].decision);
    }
    if (table->rows > 0) {
        result_table(ret, "concerns", table);
    }
}
