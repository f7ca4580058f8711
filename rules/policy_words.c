#include "rules/policy_words.h"

#include "ledger/base/text.h"
#include "rules/policy_model.h"

#include <assert.h>

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

const char *consequence_title(enum outcome outcome)
{
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

static void describe_head(const struct policy *policy, struct date on, struct buffer *out)
{
    char text[DATE_TEXT_SIZE];
    char hex[SHA256_HEX_SIZE];

    buffer_printf(out, "%s: %s\n", policy->name,
                  text_language_is_chinese() ? policy->title_zh : policy->title_en);
    buffer_printf(out, _("Digest %s\nAs it stands on %s\n"),
                  hex_format(policy->digest.byte, SHA256_SIZE, hex), date_format(on, text));
}

static void outline_values(const struct policy *policy, struct date on, struct arena *arena,
                           struct policy_outline *ret)
{
    ret->value = arena_alloc_array(arena, PARAMETER_COUNT, sizeof *ret->value);
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct dated_parameter *dated = &policy->parameters[i];
        const struct dated_value *row = parameter_on(dated, on);
        if (row != NULL) {
            ret->value[ret->values++] = (struct shown_value){
                (enum parameter)i, row->written, row->from, dated->governed_by, row->clause};
        }
    }
}

static struct shown_condition show_condition(const struct condition *condition,
                                             enum decision_point point, struct arena *arena)
{
    return (struct shown_condition){
        .point = point,
        .id = condition->id,
        .when = condition->when == NULL ? NULL : condition_text(arena, condition->when),
        .require = condition_text(arena, condition->require),
        .otherwise = condition->otherwise,
        .may_override = condition->may_override,
        .message = text_language_is_chinese() ? condition->message_zh : condition->message_en,
        .from = condition->from,
        .ends = condition->until.day <= DATE_DAY_MAX,
        .until = condition->until,
        .clause = condition->clause,
    };
}

void policy_outline(const struct policy *policy, struct date on, struct arena *arena,
                    struct policy_outline *ret)
{
    *ret = (struct policy_outline){.on = on};
    outline_values(policy, on, arena, ret);
    ret->condition = arena_alloc_array(arena, (size_t)DECISION_POINT_COUNT * CONDITIONS_MAX,
                                       sizeof *ret->condition);
    for (size_t point = 0; point < DECISION_POINT_COUNT; point++) {
        const struct condition_list *list = &policy->conditions[point];
        for (size_t i = 0; i < list->count; i++) {
            if (condition_is_in_force(&list->rows[i], on)) {
                ret->condition[ret->conditions++] =
                    show_condition(&list->rows[i], (enum decision_point)point, arena);
            }
        }
    }
}

static void describe_values(const struct policy_outline *outline, struct buffer *out)
{
    buffer_printf(out, "\n%s\n", _("Values"));
    for (size_t i = 0; i < outline->values; i++) {
        const struct shown_value *value = &outline->value[i];
        char from[DATE_TEXT_SIZE];
        buffer_printf(out, _("- %s: %s, from %s, by %s\n    %s\n"),
                      parameter_title(value->parameter), value->written,
                      date_format(value->from, from), governing_date_title(value->governed_by),
                      value->clause);
    }
}

static void describe_condition(const struct shown_condition *condition, struct buffer *out)
{
    char from[DATE_TEXT_SIZE];
    char until[DATE_TEXT_SIZE];

    buffer_printf(out, _("- %s, from %s"), condition->id, date_format(condition->from, from));
    if (condition->ends) {
        buffer_printf(out, _(" until the day before %s"), date_format(condition->until, until));
    }
    buffer_add_byte(out, '\n');
    if (condition->when != NULL) {
        buffer_printf(out, _("    asked if: %s\n"), condition->when);
    }
    buffer_printf(out, _("    must hold: %s\n    otherwise it %s: %s\n    %s\n"),
                  condition->require, consequence_title(condition->otherwise), condition->message,
                  condition->clause);
    if (condition->may_override) {
        buffer_printf(out, "    %s\n", _("a person may make an exception, with a reason"));
    }
}

static void describe_conditions(const struct policy_outline *outline, struct buffer *out)
{
    for (size_t point = 0; point < DECISION_POINT_COUNT; point++) {
        buffer_printf(out, _("\nConditions: %s\n"),
                      decision_point_title((enum decision_point)point));
        for (size_t i = 0; i < outline->conditions; i++) {
            if (outline->condition[i].point == (enum decision_point)point) {
                describe_condition(&outline->condition[i], out);
            }
        }
    }
}

static void describe_tables(const struct policy *policy, struct date on, struct buffer *out)
{
    for (size_t i = 0; i < policy->bands.count; i++) {
        const struct band_table *table = &policy->bands.tables[i];
        const struct band_row *row = band_row_on(table, on);
        char from[DATE_TEXT_SIZE];
        if (row == NULL) {
            continue;
        }
        buffer_printf(out, _("\nTable: %s, from %s, by %s\n"), table->name,
                      date_format(row->from, from), governing_date_title(table->governed_by));
        for (size_t k = 0; k < row->count; k++) {
            buffer_printf(out, "- %s\n", row->bands[k].written);
        }
        buffer_printf(out, "    %s\n", row->clause);
    }
}

static void add_order(struct buffer *out, const enum due order[static DUE_COUNT])
{
    for (size_t i = 0; i < DUE_COUNT; i++) {
        buffer_printf(out, "%s%s", i == 0 ? "" : ", ", due_name(order[i]));
    }
}

static void describe_repayment(const struct policy *policy, struct date on, struct buffer *out)
{
    const struct repayment_row *row = repayment_row_on(&policy->repayment, on);
    char from[DATE_TEXT_SIZE];

    if (row == NULL) {
        return;
    }
    buffer_printf(out, _("\nIn which order a payment is taken, from %s, by %s\n- "),
                  date_format(row->from, from),
                  governing_date_title(policy->repayment.governed_by));
    add_order(out, row->order);
    if (row->has_long_overdue) {
        buffer_printf(out, _("\n- more than %lld days overdue: "),
                      (long long)row->long_overdue_after);
        add_order(out, row->long_overdue_order);
    }
    buffer_printf(out, "\n    %s\n", row->clause);
}

static void describe_loss(const struct policy *policy, struct date on, struct buffer *out)
{
    const struct loss_rule *rule = loss_rule_on(&policy->loss, on);
    bool chinese = text_language_is_chinese();
    char from[DATE_TEXT_SIZE];

    if (rule == NULL) {
        return;
    }
    buffer_printf(out, _("\nWho bears a loss, from %s, by %s\n"), date_format(rule->from, from),
                  governing_date_title(policy->loss.governed_by));
    for (size_t i = 0; i < policy_loss_steps(policy, on); i++) {
        buffer_printf(out, "%zu. %s\n", i + 1, policy_loss_step(policy, on, i, chinese));
    }
    buffer_printf(out, "    %s\n", rule->clause);
}

static void describe_recovery(const struct policy *policy, struct date on, struct buffer *out)
{
    const struct recovery_rule *rule = recovery_rule_on(&policy->recovery, on);
    char from[DATE_TEXT_SIZE];

    if (rule == NULL) {
        return;
    }
    buffer_printf(out, _("\nWho gets what is recovered, from %s, by %s\n"),
                  date_format(rule->from, from),
                  governing_date_title(policy->recovery.governed_by));
    for (size_t i = 0; i < policy_recovery_steps(policy, on); i++) {
        buffer_printf(out, "%zu. %s\n", i + 1,
                      policy_recovery_step(policy, on, i, text_language_is_chinese()));
    }
    buffer_printf(out, "    %s\n", rule->clause);
}

void policy_describe(const struct policy *policy, struct date on, struct arena *arena,
                     struct buffer *out)
{
    struct policy_outline outline;

    policy_outline(policy, on, arena, &outline);
    describe_head(policy, on, out);
    describe_values(&outline, out);
    describe_conditions(&outline, out);
    describe_tables(policy, on, out);
    describe_loss(policy, on, out);
    describe_recovery(policy, on, out);
    describe_repayment(policy, on, out);
}
