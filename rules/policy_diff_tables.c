/* policy_diff_tables.c - tables of bands, recoveries and the order of repayment compared. */
#include "ledger/base/text.h"
#include "rules/policy_diff_model.h"
#include "rules/policy_words.h"

static const struct band_table *find_table(const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->bands.count; i++) {
        if (text_equal(policy->bands.tables[i].name, name)) {
            return &policy->bands.tables[i];
        }
    }
    return NULL;
}

/* "to 0 days: normal; from 1 day: special_mention" */
static const char *plain_row(struct arena *arena, const struct band_row *row)
{
    const char *text = row == NULL ? NULL : "";
    for (size_t i = 0; row != NULL && i < row->count; i++) {
        text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : "; ", row->bands[i].written);
    }
    return text;
}

static const char *told_row(struct arena *arena, const struct band_table *table,
                            const struct band_row *row)
{
    const char *text = row == NULL ? NULL : "";
    for (size_t i = 0; row != NULL && i < row->count; i++) {
        text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : _("; "),
                            band_words(arena, table, &row->bands[i]));
    }
    return text;
}

/* Either may be NULL. */
static void compare_row(struct comparing *c, const struct band_table *a, const struct band_table *b,
                        const char *title, const struct band_row *before,
                        const struct band_row *after)
{
    const char *name = b == NULL ? a->name : b->name;

    differ(c, (struct policy_change){.section = "bands",
                                     .subject = name,
                                     .label = title,
                                     .before = plain_row(c->arena, before),
                                     .after = plain_row(c->arena, after),
                                     .told_before = told_row(c->arena, a, before),
                                     .told_after = told_row(c->arena, b, after),
                                     .is_prose = true});
    compare_clause(c, "bands", name, title, before == NULL ? NULL : &before->clause,
                   after == NULL ? NULL : &after->clause);
}

/* Either may be NULL, not both. */
static void compare_table(struct comparing *c, const struct band_table *a,
                          const struct band_table *b)
{
    static const struct band_row none[1];
    const char *name = b == NULL ? a->name : b->name;
    const char *title = arena_printf(c->arena, _("table %s"), name);
    struct days days = days_of(c->arena, a == NULL ? none : a->rows, a == NULL ? 0 : a->count,
                               b == NULL ? none : b->rows, b == NULL ? 0 : b->count, sizeof *none);

    if (a != NULL && b != NULL) {
        compare_governor(c, "bands", name, title, days.day[0], a->governed_by, b->governed_by);
    }
    for (size_t i = 0; i < days.count; i++) {
        look_at(c, &days, i);
        compare_row(c, a, b, title, a == NULL ? NULL : band_row_on(a, days.day[i]),
                    b == NULL ? NULL : band_row_on(b, days.day[i]));
    }
}

void compare_tables(struct comparing *c)
{
    for (size_t i = 0; i < c->a->bands.count; i++) {
        const struct band_table *table = &c->a->bands.tables[i];
        compare_table(c, table, find_table(c->b, table->name));
    }
    for (size_t i = 0; i < c->b->bands.count; i++) {
        const struct band_table *table = &c->b->bands.tables[i];
        if (find_table(c->a, table->name) == NULL) {
            compare_table(c, NULL, table);
        }
    }
}

/* "by what each bore; bank the remainder" */
static const char *recovery_words(struct arena *arena, const struct recovery_rule *rule)
{
    const char *text = rule == NULL ? NULL : "";
    for (size_t i = 0; rule != NULL && i < rule->sentences.count; i++) {
        text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : _("; "),
                            rule->sentences.of[text_language_is_chinese() ? 1 : 0][i]);
    }
    return text;
}

void compare_recovery(struct comparing *c)
{
    const struct recovery_waterfall *a = &c->a->recovery;
    const struct recovery_waterfall *b = &c->b->recovery;
    struct days days = days_of(c->arena, a->rows, a->count, b->rows, b->count, sizeof *a->rows);
    const char *title = _("the sharing of recoveries");

    compare_governor(c, "recovery", "recovery", title, days.day[0], a->governed_by, b->governed_by);
    for (size_t i = 0; i < days.count; i++) {
        const struct recovery_rule *before = recovery_rule_on(a, days.day[i]);
        const struct recovery_rule *after = recovery_rule_on(b, days.day[i]);
        look_at(c, &days, i);
        differ(c, (struct policy_change){.section = "recovery",
                                         .subject = "steps",
                                         .label = title,
                                         .before = recovery_words(c->arena, before),
                                         .after = recovery_words(c->arena, after),
                                         .is_prose = true});
        compare_clause(c, "recovery", "recovery", title, before == NULL ? NULL : &before->clause,
                       after == NULL ? NULL : &after->clause);
    }
}

static const char *plain_dues(struct arena *arena, const enum due order[static DUE_COUNT])
{
    const char *text = "";
    for (size_t i = 0; i < DUE_COUNT; i++) {
        text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : ", ", due_name(order[i]));
    }
    return text;
}

static const char *plain_repayment(struct arena *arena, const struct repayment_row *row)
{
    if (row == NULL || !row->has_long_overdue) {
        return row == NULL ? NULL : plain_dues(arena, row->order);
    }
    return arena_printf(arena, "%s; more than %lld days overdue: %s", plain_dues(arena, row->order),
                        (long long)row->long_overdue_after,
                        plain_dues(arena, row->long_overdue_order));
}

static const char *told_repayment(struct arena *arena, const struct repayment_row *row)
{
    if (row == NULL || !row->has_long_overdue) {
        return row == NULL ? NULL : dues_words(arena, row->order);
    }
    return arena_printf(arena, _("%s; more than %lld days overdue: %s"),
                        dues_words(arena, row->order), (long long)row->long_overdue_after,
                        dues_words(arena, row->long_overdue_order));
}

void compare_repayment(struct comparing *c)
{
    const struct repayment_orders *a = &c->a->repayment;
    const struct repayment_orders *b = &c->b->repayment;
    struct days days = days_of(c->arena, a->rows, a->count, b->rows, b->count, sizeof *a->rows);
    const char *title = _("the order of repayment");

    compare_governor(c, "repayment", "order", title, days.day[0], a->governed_by, b->governed_by);
    for (size_t i = 0; i < days.count; i++) {
        const struct repayment_row *before = repayment_row_on(a, days.day[i]);
        const struct repayment_row *after = repayment_row_on(b, days.day[i]);
        look_at(c, &days, i);
        differ(c, (struct policy_change){.section = "repayment",
                                         .subject = "order",
                                         .label = title,
                                         .before = plain_repayment(c->arena, before),
                                         .after = plain_repayment(c->arena, after),
                                         .told_before = told_repayment(c->arena, before),
                                         .told_after = told_repayment(c->arena, after),
                                         .is_prose = true});
        compare_clause(c, "repayment", "order", title, before == NULL ? NULL : &before->clause,
                       after == NULL ? NULL : &after->clause);
    }
}

/* --- points that may be left out -------------------------------------------------------------- */

static const char *given_words(const struct condition_list *list)
{
    return list->given ? _("asked") : _("not asked");
}

/* One that is left out and one that is empty are not the same: only with the latter are classes
 * kept. */
void compare_point(struct comparing *c, enum decision_point point)
{
    c->ends = false;
    differ(c, (struct policy_change){.section = "points",
                                     .subject = decision_point_name(point),
                                     .label = decision_point_title(point),
                                     .before = given_words(&c->a->conditions[point]),
                                     .after = given_words(&c->b->conditions[point])});
}
