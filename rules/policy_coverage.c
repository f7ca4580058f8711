/* policy_coverage.c - what the cases of a file of tests have seen of a policy. */
#include "rules/policy_test_model.h"

#include "ledger/base/text.h"

/* Of a condition. */
struct condition_seen {
    bool asked, skipped, held, failed;
};

/* Of a row of the loss waterfall: what each step did. */
struct loss_seen {
    struct {
        bool paid, deducted, raised;
        unsigned met; /* bit i: the cap i */
    } step[PAYERS_MAX];
    bool remainder;
};

/* Of a row of the recoveries: read at all, and what each step and the remainder got. */
struct recovery_seen {
    bool read, remainder;
    bool paid[PAYERS_MAX];
};

struct repayment_seen {
    bool usual, long_overdue;
};

struct coverage {
    const struct policy *policy;
    struct condition_seen *condition[DECISION_POINT_COUNT];
    bool *row[PARAMETER_COUNT];
    struct loss_seen *loss;
    struct recovery_seen *recovery;
    bool ***band; /* of a table, a row, a band */
    struct repayment_seen *repayment;
};

static void make_room_for_bands(struct coverage *coverage, struct arena *arena,
                                const struct band_tables *tables)
{
    coverage->band = arena_alloc_array(arena, tables->count, sizeof *coverage->band);
    for (size_t i = 0; i < tables->count; i++) {
        const struct band_table *table = &tables->tables[i];
        coverage->band[i] = arena_alloc_array(arena, table->count, sizeof *coverage->band[i]);
        for (size_t k = 0; k < table->count; k++) {
            coverage->band[i][k] = arena_alloc_array(arena, table->rows[k].count, sizeof(bool));
        }
    }
}

struct coverage *coverage_new(struct arena *arena, const struct policy *policy)
{
    struct coverage *coverage = arena_alloc(arena, sizeof *coverage);

    coverage->policy = policy;
    for (size_t i = 0; i < DECISION_POINT_COUNT; i++) {
        coverage->condition[i] =
            arena_alloc_array(arena, policy->conditions[i].count, sizeof(struct condition_seen));
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        coverage->row[i] = arena_alloc_array(arena, policy->parameters[i].count, sizeof(bool));
    }
    coverage->loss = arena_alloc_array(arena, policy->loss.count, sizeof *coverage->loss);
    coverage->recovery =
        arena_alloc_array(arena, policy->recovery.count, sizeof *coverage->recovery);
    coverage->repayment =
        arena_alloc_array(arena, policy->repayment.count, sizeof *coverage->repayment);
    make_room_for_bands(coverage, arena, &policy->bands);
    return coverage;
}

void coverage_see_parameter(struct coverage *coverage, enum parameter parameter, struct date on)
{
    const struct dated_parameter *dated = &coverage->policy->parameters[parameter];
    const struct dated_value *row = parameter_on(dated, on);

    if (row != NULL) {
        coverage->row[parameter][row - dated->rows] = true;
    }
}

static void see_condition(const struct decided_condition *decided, struct condition_seen *seen)
{
    bool holds = decided->outcome == OUTCOME_PASS;
    seen->asked = seen->asked || decided->asked;
    seen->skipped = seen->skipped || !decided->asked;
    seen->held = seen->held || (decided->asked && holds);
    seen->failed = seen->failed || !holds;
}

void coverage_see_decision(struct coverage *coverage, const struct decision *decision)
{
    const struct condition_list *list = &coverage->policy->conditions[decision->point];

    for (size_t i = 0; i < decision->condition_count; i++) {
        const struct decided_condition *decided = &decision->conditions[i];
        for (size_t k = 0; k < list->count; k++) {
            if (list->rows[k].require == decided->require) {
                see_condition(decided, &coverage->condition[decision->point][k]);
            }
        }
    }
    for (size_t i = 0; i < decision->parameter_count; i++) {
        const struct used_parameter *used = &decision->parameters[i];
        coverage_see_parameter(coverage, used->parameter, used->from);
    }
}

void coverage_see_loss(struct coverage *coverage, struct date on, const struct loss_split *got)
{
    const struct loss_rule *rule = loss_rule_on(&coverage->policy->loss, on);
    struct loss_seen *seen = &coverage->loss[rule - coverage->policy->loss.rows];

    for (size_t i = 0; i < got->step_count; i++) {
        const struct loss_step_result *step = &got->steps[i];
        seen->step[i].paid |= money_is_positive(step->part);
        seen->step[i].deducted |= step->deducted;
        seen->step[i].raised |= step->raised;
        seen->step[i].met |= step->met;
    }
    seen->remainder = seen->remainder || money_is_positive(got->shares.of[rule->remainder]);
}

void coverage_see_recovery(struct coverage *coverage, struct date on, const struct shares *got)
{
    const struct recovery_rule *rule = recovery_rule_on(&coverage->policy->recovery, on);
    struct recovery_seen *seen = &coverage->recovery[rule - coverage->policy->recovery.rows];

    seen->read = true;
    for (size_t i = 0; i < rule->count; i++) {
        seen->paid[i] = seen->paid[i] || money_is_positive(got->of[rule->steps[i].payer]);
    }
    seen->remainder = seen->remainder || money_is_positive(got->of[rule->remainder]);
}

void coverage_see_band(struct coverage *coverage, const struct band_case *test)
{
    const struct band_row *row = band_row_on(test->table, test->on);
    size_t table = (size_t)(test->table - coverage->policy->bands.tables);
    bool *seen = coverage->band[table][row - test->table->rows];

    for (size_t i = 0; i < row->count; i++) {
        seen[i] = seen[i] ||
                  (row->bands[i].low <= test->of.number && test->of.number <= row->bands[i].high);
    }
}

void coverage_see_repayment(struct coverage *coverage, const struct repayment_case *test)
{
    const struct repayment_orders *orders = &coverage->policy->repayment;
    const struct repayment_row *row = repayment_row_on(orders, test->on);
    struct repayment_seen *seen = &coverage->repayment[row - orders->rows];

    if (row->has_long_overdue && test->days_overdue > row->long_overdue_after) {
        seen->long_overdue = true;
    } else {
        seen->usual = true;
    }
}

/* --- the report ------------------------------------------------------------------------------- */

/* Gaps are counted first and written down then. */
struct listing {
    struct arena *arena;
    struct test_report *report;
    bool counting;
};

static void point(struct listing *listing, bool seen, const char *section, const char *subject,
                  const char *text)
{
    struct test_report *report = listing->report;
    if (!listing->counting && !seen) {
        report->gap[report->gaps++] = (struct test_gap){section, subject, text};
    }
    report->points += listing->counting ? 1 : 0;
}

static void list_conditions(const struct coverage *coverage, struct listing *listing)
{
    for (size_t i = 0; i < DECISION_POINT_COUNT; i++) {
        const struct condition_list *list = &coverage->policy->conditions[i];
        const char *section = decision_point_name((enum decision_point)i);
        for (size_t k = 0; k < list->count; k++) {
            const struct condition *condition = &list->rows[k];
            const struct condition_seen *seen = &coverage->condition[i][k];
            point(listing, seen->held, section, condition->id, _("never seen to hold"));
            point(listing, seen->failed, section, condition->id, _("never seen not to hold"));
            if (condition->when != NULL) {
                point(listing, seen->skipped, section, condition->id, _("never seen not to apply"));
            }
        }
    }
}

static void list_parameters(const struct coverage *coverage, struct listing *listing)
{
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct dated_parameter *dated = &coverage->policy->parameters[i];
        for (size_t k = 0; k < dated->count; k++) {
            char from[DATE_TEXT_SIZE];
            point(listing, coverage->row[i][k], "values", parameter_name((enum parameter)i),
                  arena_printf(listing->arena, _("the row from %s is never read"),
                               date_format(dated->rows[k].from, from)));
        }
    }
}

/* Each amount that bounds a step is a point: it must be seen to matter. */
static void list_loss_step(const struct loss_rule *rule, size_t index, const char *payer,
                           const struct loss_seen *seen, struct listing *listing)
{
    const struct loss_step *step = &rule->steps[index];
    struct arena *arena = listing->arena;
    char from[DATE_TEXT_SIZE];

    date_format(rule->from, from);
    point(listing, seen->step[index].paid, "loss", payer,
          arena_printf(arena, _("step from %s: never seen to pay"), from));
    if (step->deductible.expression != NULL) {
        point(listing, seen->step[index].deducted, "loss", payer,
              arena_printf(arena, _("step from %s: “%s” never seen to be deducted"), from,
                           step->deductible.written));
    }
    if (step->at_least.expression != NULL) {
        point(listing, seen->step[index].raised, "loss", payer,
              arena_printf(arena, _("step from %s: never seen raised to “%s”"), from,
                           step->at_least.written));
    }
    for (size_t i = 0; i < step->cap_count; i++) {
        point(listing, (seen->step[index].met & 1U << i) != 0, "loss", payer,
              arena_printf(arena, _("step from %s: never seen at its limit “%s”"), from,
                           step->at_most[i].written));
    }
}

static void list_losses(const struct coverage *coverage, struct listing *listing)
{
    for (size_t i = 0; i < coverage->policy->loss.count; i++) {
        const struct loss_rule *rule = &coverage->policy->loss.rows[i];
        const struct loss_seen *seen = &coverage->loss[i];
        char from[DATE_TEXT_SIZE];
        for (size_t k = 0; k < rule->count; k++) {
            const char *payer = policy_payer(coverage->policy, rule->steps[k].payer).name;
            list_loss_step(rule, k, payer, seen, listing);
        }
        point(listing, seen->remainder, "loss",
              policy_payer(coverage->policy, rule->remainder).name,
              arena_printf(listing->arena, _("remainder from %s: never seen to pay"),
                           date_format(rule->from, from)));
    }
}

static void list_recovery_steps(const struct policy *policy, const struct recovery_rule *rule,
                                const struct recovery_seen *seen, struct listing *listing)
{
    char from[DATE_TEXT_SIZE];

    date_format(rule->from, from);
    for (size_t i = 0; i < rule->count; i++) {
        point(
            listing, seen->paid[i], "recovery", policy_payer(policy, rule->steps[i].payer).name,
            arena_printf(listing->arena, _("step from %s: never seen to get anything back"), from));
    }
    point(listing, seen->remainder, "recovery", policy_payer(policy, rule->remainder).name,
          arena_printf(listing->arena, _("remainder from %s: never seen to get anything back"),
                       from));
}

/* What is shared by what each bore has no steps: the row is read or it is not. */
static void list_recoveries(const struct coverage *coverage, struct listing *listing)
{
    for (size_t i = 0; i < coverage->policy->recovery.count; i++) {
        const struct recovery_rule *rule = &coverage->policy->recovery.rows[i];
        const struct recovery_seen *seen = &coverage->recovery[i];
        char from[DATE_TEXT_SIZE];
        if (!rule->by_what_each_bore) {
            list_recovery_steps(coverage->policy, rule, seen, listing);
            continue;
        }
        point(listing, seen->read, "recovery", "recovery",
              arena_printf(listing->arena, _("the row from %s is never read"),
                           date_format(rule->from, from)));
    }
}

static void list_bands(const struct coverage *coverage, struct listing *listing)
{
    for (size_t i = 0; i < coverage->policy->bands.count; i++) {
        const struct band_table *table = &coverage->policy->bands.tables[i];
        for (size_t k = 0; k < table->count; k++) {
            const struct band_row *row = &table->rows[k];
            char from[DATE_TEXT_SIZE];
            date_format(row->from, from);
            for (size_t band = 0; band < row->count; band++) {
                point(listing, coverage->band[i][k][band], "bands", table->name,
                      arena_printf(listing->arena, _("row from %s: no case in “%s”"), from,
                                   row->bands[band].written));
            }
        }
    }
}

static void list_repayments(const struct coverage *coverage, struct listing *listing)
{
    const struct repayment_orders *orders = &coverage->policy->repayment;
    for (size_t i = 0; i < orders->count; i++) {
        const struct repayment_seen *seen = &coverage->repayment[i];
        char from[DATE_TEXT_SIZE];
        date_format(orders->rows[i].from, from);
        point(listing, seen->usual, "repayment", "order",
              arena_printf(listing->arena, _("the row from %s is never read"), from));
        if (orders->rows[i].has_long_overdue) {
            point(listing, seen->long_overdue, "repayment", "order",
                  arena_printf(listing->arena,
                               _("order from %s for long overdue loans: never seen"), from));
        }
    }
}

static void list_all(const struct coverage *coverage, struct listing *listing)
{
    list_conditions(coverage, listing);
    list_parameters(coverage, listing);
    list_bands(coverage, listing);
    list_losses(coverage, listing);
    list_recoveries(coverage, listing);
    list_repayments(coverage, listing);
}

void coverage_report(const struct coverage *coverage, struct arena *arena, struct test_report *ret)
{
    struct listing listing = {.arena = arena, .report = ret, .counting = true};

    list_all(coverage, &listing);
    ret->gap = arena_alloc_array(arena, ret->points, sizeof *ret->gap);
    listing.counting = false;
    list_all(coverage, &listing);
}
