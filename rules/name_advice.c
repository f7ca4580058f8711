/* name_advice.c - what to write instead of a name that an expression does not know. */
#include "ledger/base/buffer.h"
#include "ledger/base/suggestion.h"
#include "ledger/base/text.h"
#include "rules/expression_tree.h"
#include "rules/facts.h"

static void add_name(struct buffer *names, const char *name)
{
    buffer_printf(names, "%s%s", names->length == 0 ? "" : ", ", name);
}

static bool limit_known(struct error *err, struct buffer *names)
{
    return error_limit(err, _("known here: %s"), names->data);
}

bool advise_word(const struct word_list *list, struct error *err)
{
    AUTO_BUFFER known;

    buffer_init(&known, sizeof err->limit);
    for (size_t i = 0; i < list->count; i++) {
        add_name(&known, list->words[i]);
    }
    return limit_known(err, &known);
}

bool advise_table(const struct symbol_table *symbols, struct error *err)
{
    AUTO_BUFFER known;

    buffer_init(&known, sizeof err->limit);
    for (size_t i = 0; i < symbols->count; i++) {
        if (symbols->symbols[i].table != NULL) {
            add_name(&known, symbols->symbols[i].name);
        }
    }
    return limit_known(err, &known);
}

/* A fact that is asked elsewhere only. */
static bool advise_decisions(enum fact_name fact, struct error *err)
{
    AUTO_BUFFER decisions;

    buffer_init(&decisions, sizeof err->limit);
    for (int i = 0; i < DECISION_POINT_COUNT; i++) {
        if (fact_belongs_to(fact, (enum decision_point)i)) {
            add_name(&decisions, decision_point_name((enum decision_point)i));
        }
    }
    if (fact_belongs_to(fact, FACTS_OF_LOSS)) {
        add_name(&decisions, "loss");
    }
    return error_limit(err, _("this fact is known at: %s"), decisions.data);
}

static const char *symbol_name_at(const void *list, size_t i)
{
    const struct symbol_table *symbols = list;
    return i < symbols->count ? symbols->symbols[i].name : NULL;
}

bool advise_name(const struct symbol_table *symbols, const char *name, struct error *err)
{
    enum fact_name fact;

    if (fact_find(name, &fact)) {
        return advise_decisions(fact, err);
    }
    const char *near = suggestion_find(name, symbol_name_at, symbols);
    return near == NULL ? error_next(err, _("docs/policy-language lists facts and parameters"))
                        : error_next(err, _("did you mean “%s”?"), near);
}
