/* policy_titles.c - the names and values of a policy as people read them. */
#include "rules/policy_words.h"

#include "ledger/base/text.h"
#include "rules/policy_model.h"

#include <assert.h>
#include <string.h>

static const char *const parameter_titles[PARAMETER_COUNT] = {
    [PARAMETER_HOUSEHOLD_LIMIT] = N_("household limit"),
    [PARAMETER_MICRO_ENTREPRENEUR_LIMIT] = N_("micro-entrepreneur limit"),
    [PARAMETER_COVERED_LIMIT] = N_("covered limit"),
    [PARAMETER_TERM_MAX] = N_("longest term"),
    [PARAMETER_AGE_MIN] = N_("lowest age"),
    [PARAMETER_AGE_MAX] = N_("highest age"),
    [PARAMETER_SUBSIDY_RATE] = N_("subsidy rate"),
    [PARAMETER_SUBSIDY_SHARE] = N_("subsidy share"),
    [PARAMETER_SUBSIDY_WHILE_OVERDUE] = N_("subsidy while overdue"),
    [PARAMETER_PENALTY_FACTOR] = N_("penalty factor"),
    [PARAMETER_SETTLE_DAY] = N_("day of settlement"),
    [PARAMETER_CLAIM_AFTER_DAYS] = N_("days overdue for a claim"),
    [PARAMETER_NON_ACCRUAL_AFTER_DAYS] = N_("days overdue for non-accrual"),
    [PARAMETER_TOP_UP_SHARE] = N_("top-up share"),
    [PARAMETER_PREMIUM_SHARE] = N_("premium share"),
};

static const char *const governing_titles[GOVERNING_DATE_COUNT] = {
    [GOVERNED_BY_SIGNING] = N_("the day of signing"),
    [GOVERNED_BY_APPLICATION] = N_("the day of the application"),
    [GOVERNED_BY_ACCRUAL] = N_("the day the interest accrues"),
    [GOVERNED_BY_CLAIM] = N_("the day of the claim"),
};

static const char *const point_titles[DECISION_POINT_COUNT] = {
    [DECISION_ELIGIBILITY] = N_("eligibility"),
    [DECISION_DISBURSEMENT] = N_("disbursement"),
    [DECISION_CLAIM] = N_("claim"),
    [DECISION_LENDING] = N_("lending at all"),
    [DECISION_COVERAGE] = N_("cover"),
    [DECISION_SUBSIDY] = N_("subsidy"),
    [DECISION_CLASSIFICATION] = N_("classification"),
};

static const char *const due_titles[DUE_COUNT] = {
    [DUE_COSTS] = N_("costs"),         [DUE_PENALTY] = N_("penalty"),
    [DUE_COMPOUND] = N_("compound"),   [DUE_INTEREST] = N_("interest"),
    [DUE_PRINCIPAL] = N_("principal"),
};

const char *parameter_title(enum parameter parameter)
{
    assert(parameter < PARAMETER_COUNT);
    return _(parameter_titles[parameter]);
}

const char *governing_date_title(enum governing_date date)
{
    assert(date < GOVERNING_DATE_COUNT);
    return _(governing_titles[date]);
}

const char *payer_title(const struct policy *policy, size_t payer)
{
    struct payer_facts facts = policy_payer(policy, payer);
    return text_language_is_chinese() ? facts.title_zh : facts.title_en;
}

const char *decision_point_title(enum decision_point point)
{
    assert(point < DECISION_POINT_COUNT);
    return _(point_titles[point]);
}

const char *class_title(enum loan_class class)
{
    static const char *const titles[] = {
        [CLASS_NORMAL] = N_("normal"),
        [CLASS_SPECIAL_MENTION] = N_("special mention"),
        [CLASS_SUBSTANDARD] = N_("substandard"),
        [CLASS_DOUBTFUL] = N_("doubtful"),
        [CLASS_LOSS] = N_("loss"),
    };
    assert(class < COUNT_OF(titles));
    return _(titles[class]);
}

const char *consequence_word(enum outcome outcome, enum loan_class at_least)
{
    return at_least == CLASS_NORMAL ? outcome_name(outcome)
                                    : fact_word_list("loan_class")->words[at_least];
}

const char *consequence_title(struct arena *arena, enum outcome outcome, enum loan_class at_least)
{
    if (at_least != CLASS_NORMAL) {
        return arena_printf(arena, _("puts the loan into the class “%s” at least"),
                            class_title(at_least));
    }
    switch (outcome) {
    case OUTCOME_PASS:
        break;
    case OUTCOME_WARN:
        return _("warns");
    case OUTCOME_REFER:
        return _("refers it to a person");
    case OUTCOME_BLOCK:
        return _("blocks");
    }
    return "";
}

const char *due_title(enum due due)
{
    assert(due < DUE_COUNT);
    return _(due_titles[due]);
}

const char *dues_words(struct arena *arena, const enum due order[static DUE_COUNT])
{
    const char *text = "";
    for (size_t i = 0; i < DUE_COUNT; i++) {
        text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : _(", "), due_title(order[i]));
    }
    return text;
}

const char *value_words(struct arena *arena, struct value value)
{
    char text[VALUE_TEXT_SIZE];
    return arena_text(arena, value_tell(value, text_language_is_chinese(), text));
}

/* --- tables ----------------------------------------------------------------------------------- */

static const char *band_kind_title(struct band_kind kind)
{
    enum fact_name fact;
    if (kind.kind != VALUE_WORD) {
        return value_kind_name(kind.kind);
    }
    /* Of the lists of words only the classes are no fact. */
    return fact_find(kind.words->name, &fact) ? fact_title(fact, text_language_is_chinese())
                                              : _("class of the loan");
}

const char *band_table_words(struct arena *arena, const struct band_table *table)
{
    return arena_printf(arena, _("%s (%s by %s)"), table->name, band_kind_title(table->gives),
                        band_kind_title(table->of));
}

/* In Chinese both ends belong to what is said, as in the texts of the trade. */
static const char *band_in_chinese(struct arena *arena, const struct band_table *table,
                                   const struct band *band)
{
    const struct band_kind *of = &table->of;
    char low[VALUE_TEXT_SIZE];
    char high[VALUE_TEXT_SIZE];
    char value[VALUE_TEXT_SIZE];

    value_tell(band->value, true, value);
    if (band->low != INT64_MIN) {
        value_tell((struct value){of->kind, band->low, of->words}, true, low);
    }
    if (band->high != INT64_MAX) {
        value_tell((struct value){of->kind, band->high, of->words}, true, high);
    }
    if (band->low == INT64_MIN) {
        return band->high == INT64_MAX ? arena_text(arena, value)
                                       : arena_printf(arena, "%s及以下：%s", high, value);
    }
    if (band->high == INT64_MAX) {
        return arena_printf(arena, "%s及以上：%s", low, value);
    }
    return band->low == band->high ? arena_printf(arena, "%s：%s", low, value)
                                   : arena_printf(arena, "%s至 %s：%s", low, high, value);
}

const char *band_words(struct arena *arena, const struct band_table *table, const struct band *band)
{
    return text_language_is_chinese() ? band_in_chinese(arena, table, band) : band->written;
}

/* --- conditions ------------------------------------------------------------------------------- */

const char *condition_text(struct arena *arena, const struct expression *expression)
{
    char *text = arena_text(arena, expression_text(expression));
    char *end = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != ' ' || (end > text && end[-1] != ' ')) {
            *end++ = *at;
        }
    }
    while (end > text && end[-1] == ' ') {
        end--;
    }
    *end = '\0';
    return text;
}

const char *symbol_title(size_t symbol, bool chinese)
{
    if (symbol < FACT_COUNT) {
        return fact_title((enum fact_name)symbol, chinese);
    }
    return symbol < SYMBOL_TABLES ? parameter_title((enum parameter)(symbol - FACT_COUNT)) : NULL;
}

/* What a name or a word of the condition means; NULL if there is no more to say. */
static const char *part_title(const struct part *part, bool chinese)
{
    if (part->is_symbol) {
        return symbol_title(part->symbol, chinese);
    }
    return chinese && part->is_literal && part->literal.kind == VALUE_WORD
               ? word_title(part->literal)
               : NULL;
}

static bool says_itself(const struct part *part, const char *title)
{
    return strlen(title) == part->length && memcmp(title, part->text, part->length) == 0;
}

static bool stands_before(const struct expression *expression, size_t index)
{
    struct part part = expression_part(expression, index);
    for (size_t i = 0; i < index; i++) {
        struct part other = expression_part(expression, i);
        if (other.is_symbol == part.is_symbol && other.is_literal == part.is_literal &&
            other.length == part.length && memcmp(other.text, part.text, part.length) == 0) {
            return true;
        }
    }
    return false;
}

const char *condition_names(struct arena *arena, const struct expression *expression)
{
    bool chinese = text_language_is_chinese();
    const char *names = NULL;

    for (size_t i = 0; i < expression_parts(expression); i++) {
        struct part part = expression_part(expression, i);
        const char *title = part_title(&part, chinese);
        if (title == NULL || stands_before(expression, i) || says_itself(&part, title)) {
            continue;
        }
        names = arena_printf(
            arena, chinese ? "%s%s%.*s（%s）" : "%s%s%.*s (%s)", names == NULL ? "" : names,
            names == NULL ? "" : (chinese ? "、" : ", "), (int)part.length, part.text, title);
    }
    return names;
}
