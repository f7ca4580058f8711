#include "rules/policy_words.h"

#include "ledger/base/text.h"
#include "rules/policy_model.h"

static const char *clause_here(struct clause clause)
{
    return clause_text(clause, text_language_is_chinese());
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
            ret->value[ret->values++] =
                (struct shown_value){(enum parameter)i, row->value,         row->written,
                                     row->from,         dated->governed_by, row->clause};
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
        .when_names = condition->when == NULL ? NULL : condition_names(arena, condition->when),
        .require = condition_text(arena, condition->require),
        .require_names = condition_names(arena, condition->require),
        .otherwise = condition->otherwise,
        .at_least = condition->at_least,
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
        char told[VALUE_TEXT_SIZE];
        buffer_printf(
            out, _("- %s: %s, from %s, by %s\n    %s\n"), parameter_title(value->parameter),
            text_language_is_chinese() ? value_tell(value->value, true, told) : value->written,
            date_format(value->from, from), governing_date_title(value->governed_by),
            clause_here(value->clause));
    }
}

/* What the names in the condition above it mean. */
static void describe_names(const char *names, struct buffer *out)
{
    if (names != NULL) {
        buffer_printf(out, "        %s\n", names);
    }
}

static void describe_condition(const struct shown_condition *condition, struct arena *arena,
                               struct buffer *out)
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
        describe_names(condition->when_names, out);
    }
    buffer_printf(out, _("    must hold: %s\n"), condition->require);
    describe_names(condition->require_names, out);
    buffer_printf(out, _("    otherwise it %s: %s\n    %s\n"),
                  consequence_title(arena, condition->otherwise, condition->at_least),
                  condition->message, clause_here(condition->clause));
    if (condition->may_override) {
        buffer_printf(out, "    %s\n", _("a person may make an exception, with a reason"));
    }
}

static void describe_conditions(const struct policy *policy, const struct policy_outline *outline,
                                struct arena *arena, struct buffer *out)
{
    for (size_t point = 0; point < DECISION_POINT_COUNT; point++) {
        if (!policy->conditions[point].given) {
            continue;
        }
        buffer_printf(out, _("\nConditions: %s\n"),
                      decision_point_title((enum decision_point)point));
        for (size_t i = 0; i < outline->conditions; i++) {
            if (outline->condition[i].point == (enum decision_point)point) {
                describe_condition(&outline->condition[i], arena, out);
            }
        }
    }
}

static void describe_tables(const struct policy *policy, struct date on, struct arena *arena,
                            struct buffer *out)
{
    for (size_t i = 0; i < policy->bands.count; i++) {
        const struct band_table *table = &policy->bands.tables[i];
        const struct band_row *row = band_row_on(table, on);
        char from[DATE_TEXT_SIZE];
        if (row == NULL) {
            continue;
        }
        buffer_printf(out, _("\nTable: %s, from %s, by %s\n"), band_table_words(arena, table),
                      date_format(row->from, from), governing_date_title(table->governed_by));
        for (size_t k = 0; k < row->count; k++) {
            buffer_printf(out, "- %s\n", band_words(arena, table, &row->bands[k]));
        }
        buffer_printf(out, "    %s\n", clause_here(row->clause));
    }
}

static void describe_repayment(const struct policy *policy, struct date on, struct arena *arena,
                               struct buffer *out)
{
    const struct repayment_row *row = repayment_row_on(&policy->repayment, on);
    char from[DATE_TEXT_SIZE];

    if (row == NULL) {
        return;
    }
    buffer_printf(out, _("\nIn which order a payment is taken, from %s, by %s\n- "),
                  date_format(row->from, from),
                  governing_date_title(policy->repayment.governed_by));
    buffer_add_text(out, dues_words(arena, row->order));
    if (row->has_long_overdue) {
        buffer_printf(out, _("\n- more than %lld days overdue: "),
                      (long long)row->long_overdue_after);
        buffer_add_text(out, dues_words(arena, row->long_overdue_order));
    }
    buffer_printf(out, "\n    %s\n", clause_here(row->clause));
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
    buffer_printf(out, "    %s\n", clause_here(rule->clause));
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
    buffer_printf(out, "    %s\n", clause_here(rule->clause));
}

void policy_describe(const struct policy *policy, struct date on, struct arena *arena,
                     struct buffer *out)
{
    struct policy_outline outline;

    policy_outline(policy, on, arena, &outline);
    describe_head(policy, on, out);
    describe_values(&outline, out);
    describe_conditions(policy, &outline, arena, out);
    describe_tables(policy, on, arena, out);
    describe_loss(policy, on, out);
    describe_recovery(policy, on, out);
    describe_repayment(policy, on, arena, out);
}
