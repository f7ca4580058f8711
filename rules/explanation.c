#include "rules/decision.h"

#include "ledger/base/text.h"
#include "rules/condition.h"
#include "rules/policy_words.h"

#include <assert.h>

/* The words around the policy's own, in both languages: an explanation is asked for in a language,
 * as titles and messages are, whatever language the program runs in. */
enum explaining_word {
    WORD_PASS,
    WORD_WARN,
    WORD_REFER,
    WORD_BLOCK,
    WORD_THEN_WARN,
    WORD_THEN_REFER,
    WORD_THEN_BLOCK,
    WORD_AT_LEAST,
    WORD_HOLDS,
    WORD_FAILS,
    WORD_NOT_ASKED,
    WORD_NOT_NEEDED,
    WORD_CLAUSE,
    WORD_PARAMETERS,
    WORD_TABLES,
    WORD_FROM,
    WORD_COUNT
};

static const char *const words[WORD_COUNT][2] = {
    [WORD_PASS] = {"passed", "通过"},
    [WORD_WARN] = {"passed with a warning", "通过（有提示）"},
    [WORD_REFER] = {"referred to a person", "需人工审定"},
    [WORD_BLOCK] = {"blocked", "不予通过"},
    [WORD_THEN_WARN] = {"warning", "提示"},
    [WORD_THEN_REFER] = {"a person decides", "转人工审定"},
    [WORD_THEN_BLOCK] = {"blocks", "阻止"},
    [WORD_AT_LEAST] = {"at least", "不优于"},
    [WORD_HOLDS] = {"holds", "符合"},
    [WORD_FAILS] = {"does not hold", "不符合"},
    [WORD_NOT_ASKED] = {"does not apply", "不适用"},
    [WORD_NOT_NEEDED] = {"not needed", "无需计算"},
    [WORD_CLAUSE] = {"clause", "依据"},
    [WORD_PARAMETERS] = {"values of the policy", "政策参数"},
    [WORD_TABLES] = {"tables of the policy", "政策分档表"},
    [WORD_FROM] = {"from", "起用日"},
};

static const char *const point_words[DECISION_POINT_COUNT][2] = {
    [DECISION_ELIGIBILITY] = {"eligibility", "准入审查"},
    [DECISION_DISBURSEMENT] = {"disbursement", "放款审查"},
    [DECISION_CLAIM] = {"claim", "补偿申请审查"},
    [DECISION_LENDING] = {"lending", "停贷预警审查"},
    [DECISION_COVERAGE] = {"coverage", "补偿覆盖审查"},
    [DECISION_SUBSIDY] = {"subsidy", "贴息审查"},
    [DECISION_CLASSIFICATION] = {"class of the loan", "五级分类"},
};

/* How an explanation is written. */
struct style {
    enum explanation_depth depth;
    bool chinese;
    bool for_people; /* names with titles, values in the language */
};

static const char *word(enum explaining_word which, bool chinese)
{
    assert(which < WORD_COUNT);
    return words[which][chinese ? 1 : 0];
}

/* The outcome of the whole decision. */
static enum explaining_word outcome_word(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_PASS:
        return WORD_PASS;
    case OUTCOME_WARN:
        return WORD_WARN;
    case OUTCOME_REFER:
        return WORD_REFER;
    case OUTCOME_BLOCK:
        return WORD_BLOCK;
    }
    return WORD_COUNT;
}

/* What follows from one condition that does not hold. */
static enum explaining_word follow_word(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_PASS:
        break;
    case OUTCOME_WARN:
        return WORD_THEN_WARN;
    case OUTCOME_REFER:
        return WORD_THEN_REFER;
    case OUTCOME_BLOCK:
        return WORD_THEN_BLOCK;
    }
    return WORD_COUNT;
}

/* Behind the name, by which the value is found in the policy: "days_overdue（逾期天数）". */
static void add_title(const char *name, const char *title, bool chinese, struct buffer *out)
{
    if (!text_equal(name, title)) {
        buffer_printf(out, chinese ? "（%s）" : " (%s)", title);
    }
}

static void add_symbol_title(size_t symbol, bool chinese, struct buffer *out)
{
    const char *title = symbol_title(symbol, chinese);
    if (title != NULL) {
        const char *name = symbol < FACT_COUNT
                               ? fact_symbol((enum fact_name)symbol).name
                               : parameter_name((enum parameter)(symbol - FACT_COUNT));
        add_title(name, title, chinese, out);
    }
}

static const char *part_value(const struct part_result *result, const struct style *style,
                              char buffer[static VALUE_TEXT_SIZE])
{
    return result->evaluated
               ? value_tell(result->value, style->for_people && style->chinese, buffer)
               : word(WORD_NOT_NEEDED, style->chinese);
}

/* People read a condition that goes over several lines as one line. */
static void add_part(const struct part *part, const struct style *style, struct buffer *out)
{
    char before = '\0';

    for (size_t i = 0; i < part->length; i++) {
        char byte = part->text[i];
        if (!style->for_people || byte != ' ' || before != ' ') {
            buffer_add_byte(out, byte);
        }
        before = byte;
    }
}

/* Every part but literals, whose value is their text. */
static void explain_parts(const struct expression *expression, const struct part_result *trace,
                          const struct style *style, struct buffer *out)
{
    for (size_t i = 0; i < expression_parts(expression); i++) {
        struct part part = expression_part(expression, i);
        char value[VALUE_TEXT_SIZE];
        if (part.is_literal) {
            continue;
        }
        buffer_add_text(out, "    ");
        add_part(&part, style, out);
        if (style->for_people && part.is_symbol) {
            add_symbol_title(part.symbol, style->chinese, out);
        }
        buffer_printf(out, ": %s\n", part_value(&trace[i], style, value));
    }
}

static enum explaining_word state_word(const struct decided_condition *condition)
{
    if (!condition->asked) {
        return WORD_NOT_ASKED;
    }
    return condition->outcome == OUTCOME_PASS ? WORD_HOLDS : WORD_FAILS;
}

static const char *class_word(enum loan_class class, const struct style *style)
{
    const struct word_list *classes = fact_word_list("loan_class");

    return style->for_people && style->chinese ? classes->words_zh[class] : classes->words[class];
}

/* What follows, and the message. */
static void explain_failure(const struct decided_condition *condition, const struct style *style,
                            struct buffer *out)
{
    bool chinese = style->chinese;

    if (condition->at_least != CLASS_NORMAL) {
        buffer_printf(out, " (%s %s)", word(WORD_AT_LEAST, chinese),
                      class_word(condition->at_least, style));
    } else {
        buffer_printf(out, " (%s)", word(follow_word(condition->outcome), chinese));
    }
    buffer_printf(out, ": %s", chinese ? condition->message_zh : condition->message_en);
}

static void explain_condition(const struct decided_condition *condition, const struct style *style,
                              struct buffer *out)
{
    bool chinese = style->chinese;

    buffer_printf(out, "- %s: %s", condition->id, word(state_word(condition), chinese));
    if (condition->outcome != OUTCOME_PASS) {
        explain_failure(condition, style, out);
    }
    buffer_add_text(out, "\n");
    if (style->depth == EXPLAIN_RESULT) {
        return;
    }
    if (condition->when != NULL) {
        explain_parts(condition->when, condition->when_trace, style, out);
    }
    if (condition->asked) {
        explain_parts(condition->require, condition->require_trace, style, out);
    }
    if (style->depth == EXPLAIN_CLAUSES) {
        char from[DATE_TEXT_SIZE];
        buffer_printf(out, "    %s (%s %s): %s\n", word(WORD_CLAUSE, chinese),
                      word(WORD_FROM, chinese), date_format(condition->from, from),
                      clause_text(condition->clause, chinese));
    }
}

static void explain_parameters(const struct decision *decision, const struct style *style,
                               struct buffer *out)
{
    bool chinese = style->chinese;

    if (decision->parameter_count > 0) {
        buffer_printf(out, "%s\n", word(WORD_PARAMETERS, chinese));
    }
    for (size_t i = 0; i < decision->parameter_count; i++) {
        const struct used_parameter *used = &decision->parameters[i];
        char from[DATE_TEXT_SIZE];
        char value[VALUE_TEXT_SIZE];
        buffer_printf(out, "- %s", parameter_name(used->parameter));
        if (style->for_people) {
            add_symbol_title(FACT_COUNT + (size_t)used->parameter, chinese, out);
        }
        buffer_printf(out, ": %s (%s %s): %s\n",
                      style->for_people && chinese ? value_tell(used->value, true, value)
                                                   : used->written,
                      word(WORD_FROM, chinese), date_format(used->from, from),
                      clause_text(used->clause, chinese));
    }
}

static void explain_tables(const struct decision *decision, bool chinese, struct buffer *out)
{
    if (decision->table_count > 0) {
        buffer_printf(out, "%s\n", word(WORD_TABLES, chinese));
    }
    for (size_t i = 0; i < decision->table_count; i++) {
        const struct used_table *used = &decision->tables[i];
        char from[DATE_TEXT_SIZE];
        buffer_printf(out, "- %s (%s %s): %s\n", used->name, word(WORD_FROM, chinese),
                      date_format(used->from, from), clause_text(used->clause, chinese));
    }
}

/* The class by the table alone is one of the steps. */
static void explain_table_class(const struct decision *decision, const struct style *style,
                                struct buffer *out)
{
    for (size_t i = 0; i < decision->fact_count; i++) {
        const struct used_fact *fact = &decision->facts[i];
        char value[VALUE_TEXT_SIZE];
        if (fact->name == FACT_DAYS_OVERDUE) {
            buffer_printf(out, "- %s", fact_symbol(FACT_DAYS_OVERDUE).name);
            if (style->for_people) {
                add_symbol_title(FACT_DAYS_OVERDUE, style->chinese, out);
            }
            buffer_printf(out, ": %s: %s\n",
                          value_tell(fact->value, style->for_people && style->chinese, value),
                          class_word(decision->class_by_table, style));
        }
    }
}

static const char *result_word(const struct decision *decision, const struct style *style)
{
    return decision->point == DECISION_CLASSIFICATION
               ? class_word(decision->class, style)
               : word(outcome_word(decision->outcome), style->chinese);
}

static void explain(const struct decision *decision, const struct style *style, struct buffer *out)
{
    bool chinese = style->chinese;
    char on[DATE_TEXT_SIZE];
    assert(decision->point < DECISION_POINT_COUNT);
    buffer_printf(out, "%s %s (%s): %s\n", point_words[decision->point][chinese ? 1 : 0],
                  date_format(decision->on, on), decision->policy_name,
                  result_word(decision, style));
    if (decision->point == DECISION_CLASSIFICATION && style->depth != EXPLAIN_RESULT) {
        explain_table_class(decision, style, out);
    }
    for (size_t i = 0; i < decision->condition_count; i++) {
        const struct decided_condition *condition = &decision->conditions[i];
        if (style->depth != EXPLAIN_RESULT || condition->outcome != OUTCOME_PASS) {
            explain_condition(condition, style, out);
        }
    }
    if (style->depth == EXPLAIN_CLAUSES) {
        explain_parameters(decision, style, out);
        explain_tables(decision, chinese, out);
    }
}

void decision_explain(const struct decision *decision, enum explanation_depth depth, bool chinese,
                      struct buffer *out)
{
    explain(decision, &(struct style){depth, chinese, false}, out);
}

void decision_tell(const struct decision *decision, enum explanation_depth depth, bool chinese,
                   struct buffer *out)
{
    explain(decision, &(struct style){depth, chinese, true}, out);
}

const char *outcome_tell(const char *name, bool chinese)
{
    for (enum outcome outcome = OUTCOME_PASS; outcome <= OUTCOME_BLOCK; outcome++) {
        if (text_equal(outcome_name(outcome), name)) {
            return word(outcome_word(outcome), chinese);
        }
    }
    return name;
}

const char *decision_point_tell(const char *name, bool chinese)
{
    enum decision_point point;

    return decision_point_find(name, &point) ? point_words[point][chinese ? 1 : 0] : name;
}
