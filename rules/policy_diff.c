#include "rules/policy_diff_model.h"

#include "ledger/base/text.h"
#include "rules/policy_words.h"

#include <stdlib.h>
#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : text_equal(a, b);
}

static void append(struct comparing *c, const struct policy_change *change)
{
    struct policy_changes *changes = c->changes;
    if (changes->count == changes->capacity) {
        size_t capacity = changes->capacity == 0 ? 16 : 2 * changes->capacity;
        struct policy_change *row = arena_alloc_array(c->arena, capacity, sizeof *row);
        if (changes->count > 0) {
            memcpy(row, changes->row, changes->count * sizeof *row);
        }
        changes->row = row;
        changes->capacity = capacity;
    }
    changes->row[changes->count++] = *change;
}

/* Adds a difference of the days being compared, or lengthens the same one of the days before. */
void differ(struct comparing *c, struct policy_change change)
{
    if (same_text(change.before, change.after)) {
        return;
    }
    change.told_before = change.told_before == NULL ? change.before : change.told_before;
    change.told_after = change.told_after == NULL ? change.after : change.told_after;
    change.from = c->from;
    change.ends = c->ends;
    change.until = c->until;
    for (size_t i = c->changes->count; i > 0; i--) {
        struct policy_change *other = &c->changes->row[i - 1];
        if (text_equal(other->section, change.section) && text_equal(other->label, change.label) &&
            same_text(other->before, change.before) && same_text(other->after, change.after) &&
            other->ends && date_compare(other->until, change.from) == 0) {
            other->ends = change.ends;
            other->until = change.until;
            return;
        }
    }
    append(c, &change);
}

/* --- days on which something changes ---------------------------------------------------------- */

static int by_day(const void *a, const void *b)
{
    const struct date *left = a;
    const struct date *right = b;
    return date_compare(*left, *right);
}

/* Adds the from-dates of rows that begin with them (parameter.h: dated_row_on). */
static void add_days(struct days *days, const void *rows, size_t count, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        memcpy(&days->day[days->count++], (const char *)rows + i * size, sizeof(struct date));
    }
}

struct days days_of(struct arena *arena, const void *a, size_t a_count, const void *b,
                    size_t b_count, size_t size)
{
    struct days days = {arena_alloc_array(arena, a_count + b_count, sizeof(struct date)), 0};
    size_t kept = 0;

    add_days(&days, a, a_count, size);
    add_days(&days, b, b_count, size);
    qsort(days.day, days.count, sizeof *days.day, by_day);
    for (size_t i = 0; i < days.count; i++) {
        if (kept == 0 || date_compare(days.day[i], days.day[kept - 1]) != 0) {
            days.day[kept++] = days.day[i];
        }
    }
    days.count = kept;
    return days;
}

void look_at(struct comparing *c, const struct days *days, size_t index)
{
    c->from = days->day[index];
    c->ends = index + 1 < days->count;
    if (c->ends) {
        c->until = days->day[index + 1];
    }
}

/* --- parameters ------------------------------------------------------------------------------- */

static const char *plain_value(struct arena *arena, const struct dated_value *row)
{
    char text[VALUE_TEXT_SIZE];
    return row == NULL ? NULL : arena_text(arena, value_format(row->value, text));
}

static const char *told_value(struct arena *arena, const struct dated_value *row)
{
    return row == NULL ? NULL : value_words(arena, row->value);
}

/* Told in the language of the program, unless the texts differ in the other only. */
void compare_clause(struct comparing *c, const char *section, const char *subject,
                    const char *title, const struct clause *before, const struct clause *after)
{
    if (before == NULL || after == NULL) {
        return;
    }
    bool chinese = text_language_is_chinese();
    bool tell_chinese = text_equal(clause_text(*before, chinese), clause_text(*after, chinese))
                            ? !chinese
                            : chinese;
    bool keep_chinese = text_equal(before->en, after->en);
    differ(c, (struct policy_change){.section = section,
                                     .subject = subject,
                                     .label = arena_printf(c->arena, _("clause of %s"), title),
                                     .before = clause_text(*before, keep_chinese),
                                     .after = clause_text(*after, keep_chinese),
                                     .told_before = clause_text(*before, tell_chinese),
                                     .told_after = clause_text(*after, tell_chinese),
                                     .is_prose = true});
}

void compare_governor(struct comparing *c, const char *section, const char *subject,
                      const char *title, struct date from, enum governing_date before,
                      enum governing_date after)
{
    c->from = from;
    c->ends = false;
    differ(c, (struct policy_change){.section = section,
                                     .subject = subject,
                                     .label = arena_printf(c->arena, _("%s goes by"), title),
                                     .before = governing_date_title(before),
                                     .after = governing_date_title(after)});
}

static void compare_parameter(struct comparing *c, enum parameter parameter)
{
    const struct dated_parameter *a = &c->a->parameters[parameter];
    const struct dated_parameter *b = &c->b->parameters[parameter];
    const char *name = parameter_name(parameter);
    const char *title = parameter_title(parameter);
    struct days days = days_of(c->arena, a->rows, a->count, b->rows, b->count, sizeof *a->rows);

    compare_governor(c, "values", name, title, days.day[0], a->governed_by, b->governed_by);
    for (size_t i = 0; i < days.count; i++) {
        const struct dated_value *before = parameter_on(a, days.day[i]);
        const struct dated_value *after = parameter_on(b, days.day[i]);
        look_at(c, &days, i);
        differ(c, (struct policy_change){.section = "values",
                                         .subject = name,
                                         .label = title,
                                         .before = plain_value(c->arena, before),
                                         .after = plain_value(c->arena, after),
                                         .told_before = told_value(c->arena, before),
                                         .told_after = told_value(c->arena, after)});
        compare_clause(c, "values", name, title, before == NULL ? NULL : &before->clause,
                       after == NULL ? NULL : &after->clause);
    }
}

/* --- conditions ------------------------------------------------------------------------------- */

static const char *condition_words(struct arena *arena, const struct condition *condition)
{
    const char *follows = consequence_title(arena, condition->otherwise, condition->at_least);
    const char *words = condition->when == NULL
                            ? arena_printf(arena, _("%s must hold, otherwise it %s"),
                                           condition_text(arena, condition->require), follows)
                            : arena_printf(arena, _("if %s, %s must hold, otherwise it %s"),
                                           condition_text(arena, condition->when),
                                           condition_text(arena, condition->require), follows);
    return condition->may_override ? arena_printf(arena, _("%s (exceptions may be made)"), words)
                                   : words;
}

static const char *end_words(struct arena *arena, const struct condition *condition)
{
    char text[DATE_TEXT_SIZE];
    return condition->until.day > DATE_DAY_MAX
               ? _("no end")
               : arena_text(arena, date_format(condition->until, text));
}

static const struct condition *find_condition(const struct condition_list *list,
                                              const struct condition *wanted)
{
    for (size_t i = 0; i < list->count; i++) {
        if (text_equal(list->rows[i].id, wanted->id) &&
            date_compare(list->rows[i].from, wanted->from) == 0) {
            return &list->rows[i];
        }
    }
    return NULL;
}

/* The days of one condition; the one that ends first ends the difference. */
static void look_at_condition(struct comparing *c, const struct condition *condition)
{
    c->from = condition->from;
    c->ends = condition->until.day <= DATE_DAY_MAX;
    c->until = condition->until;
}

static void compare_condition(struct comparing *c, const char *section, const struct condition *a,
                              const struct condition *b)
{
    struct policy_change change = {.section = section, .subject = b->id};
    const char *title = arena_printf(c->arena, _("condition %s"), b->id);

    look_at_condition(c, b);
    change.label = title;
    change.before = condition_words(c->arena, a);
    change.after = condition_words(c->arena, b);
    change.is_prose = true;
    differ(c, change);
    change.label = arena_printf(c->arena, _("message of %s"), title);
    change.before = text_language_is_chinese() ? a->message_zh : a->message_en;
    change.after = text_language_is_chinese() ? b->message_zh : b->message_en;
    differ(c, change);
    compare_clause(c, section, b->id, title, &a->clause, &b->clause);
    c->ends = false;
    differ(c, (struct policy_change){.section = section,
                                     .subject = b->id,
                                     .label = arena_printf(c->arena, _("end of %s"), title),
                                     .before = end_words(c->arena, a),
                                     .after = end_words(c->arena, b)});
}

static void add_or_remove(struct comparing *c, const char *section,
                          const struct condition *condition, bool added)
{
    const char *words = condition_words(c->arena, condition);

    look_at_condition(c, condition);
    differ(c,
           (struct policy_change){.section = section,
                                  .subject = condition->id,
                                  .label = arena_printf(c->arena, _("condition %s"), condition->id),
                                  .before = added ? NULL : words,
                                  .after = added ? words : NULL,
                                  .is_prose = true});
}

static void compare_conditions(struct comparing *c, enum decision_point point)
{
    const struct condition_list *a = &c->a->conditions[point];
    const struct condition_list *b = &c->b->conditions[point];
    const char *section = decision_point_name(point);

    for (size_t i = 0; i < a->count; i++) {
        const struct condition *found = find_condition(b, &a->rows[i]);
        if (found == NULL) {
            add_or_remove(c, section, &a->rows[i], false);
        } else {
            compare_condition(c, section, &a->rows[i], found);
        }
    }
    for (size_t i = 0; i < b->count; i++) {
        if (find_condition(a, &b->rows[i]) == NULL) {
            add_or_remove(c, section, &b->rows[i], true);
        }
    }
}

/* --- waterfalls ------------------------------------------------------------------------------- */

static const struct loss_step *find_step(const struct policy *policy, const struct loss_rule *rule,
                                         const char *payer)
{
    for (size_t i = 0; rule != NULL && i < rule->count; i++) {
        if (text_equal(policy_payer(policy, rule->steps[i].payer).name, payer)) {
            return &rule->steps[i];
        }
    }
    return NULL;
}

/* The sentence of a step; one about the amount of the loss may stand before them all. */
static const char *step_words(const struct loss_rule *rule, const struct loss_step *step)
{
    size_t first = rule->sentences.count - rule->count - 1;
    return rule->sentences
        .of[text_language_is_chinese() ? 1 : 0][first + (size_t)(step - rule->steps)];
}

static const char *share_words(struct arena *arena, const struct loss_step *step)
{
    char text[RATE_TEXT_SIZE];
    return arena_printf(arena, "%s%%", rate_format(step->share, text));
}

/* Whether the second sentence is the first with the other share in it. */
static bool only_share_differs(struct arena *arena, const char *before, const char *before_share,
                               const char *after, const char *after_share)
{
    const char *at = strstr(before, before_share);
    return at != NULL && text_equal(arena_printf(arena, "%.*s%s%s", (int)(at - before), before,
                                                 after_share, at + strlen(before_share)),
                                    after);
}

static void compare_step(struct comparing *c, const struct loss_rule *a, const struct loss_rule *b,
                         const char *payer, const char *title)
{
    const struct loss_step *before = find_step(c->a, a, payer);
    const struct loss_step *after = find_step(c->b, b, payer);
    struct policy_change change = {.section = "loss",
                                   .subject = payer,
                                   .label = arena_printf(c->arena, _("step of the %s"), title),
                                   .before = before == NULL ? NULL : step_words(a, before),
                                   .after = after == NULL ? NULL : step_words(b, after),
                                   .is_prose = true};

    if (before != NULL && after != NULL) {
        const char *old_share = share_words(c->arena, before);
        const char *new_share = share_words(c->arena, after);
        if (only_share_differs(c->arena, change.before, old_share, change.after, new_share)) {
            change.label = arena_printf(c->arena, _("%s share"), title);
            change.before = old_share;
            change.after = new_share;
            change.is_prose = false;
        }
    }
    differ(c, change);
}

static bool has_payer(const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy_payers(policy); i++) {
        if (text_equal(policy_payer(policy, i).name, name)) {
            return true;
        }
    }
    return false;
}

/* The payers of both, each once. */
static void compare_steps(struct comparing *c, const struct loss_rule *a, const struct loss_rule *b)
{
    for (size_t i = 0; i < policy_payers(c->a); i++) {
        compare_step(c, a, b, policy_payer(c->a, i).name, payer_title(c->a, i));
    }
    for (size_t i = 0; i < policy_payers(c->b); i++) {
        const char *name = policy_payer(c->b, i).name;
        if (!has_payer(c->a, name)) {
            compare_step(c, a, b, name, payer_title(c->b, i));
        }
    }
}

/* Who is asked in turn: "insurer, fund, bank". */
static const char *order_words(struct arena *arena, const struct policy *policy,
                               const struct loss_rule *rule)
{
    const char *text = "";
    for (size_t i = 0; rule != NULL && i < rule->count; i++) {
        text =
            arena_printf(arena, "%s%s%s", text, payer_title(policy, rule->steps[i].payer), _(", "));
    }
    return rule == NULL ? NULL
                        : arena_printf(arena, "%s%s", text, payer_title(policy, rule->remainder));
}

static const char *loss_amount_words(const struct loss_rule *rule)
{
    if (rule == NULL) {
        return NULL;
    }
    return rule->amount.expression == NULL ? _("unpaid covered principal") : rule->amount.written;
}

static void compare_loss(struct comparing *c)
{
    const struct loss_waterfall *a = &c->a->loss;
    const struct loss_waterfall *b = &c->b->loss;
    struct days days = days_of(c->arena, a->rows, a->count, b->rows, b->count, sizeof *a->rows);
    const char *title = _("the sharing of a loss");

    compare_governor(c, "loss", "loss", title, days.day[0], a->governed_by, b->governed_by);
    for (size_t i = 0; i < days.count; i++) {
        const struct loss_rule *before = loss_rule_on(a, days.day[i]);
        const struct loss_rule *after = loss_rule_on(b, days.day[i]);
        look_at(c, &days, i);
        differ(c, (struct policy_change){.section = "loss",
                                         .subject = "amount",
                                         .label = _("what the loss is"),
                                         .before = loss_amount_words(before),
                                         .after = loss_amount_words(after),
                                         .is_prose = true});
        compare_steps(c, before, after);
        differ(c, (struct policy_change){.section = "loss",
                                         .subject = "order",
                                         .label = _("order of the steps"),
                                         .before = order_words(c->arena, c->a, before),
                                         .after = order_words(c->arena, c->b, after),
                                         .is_prose = true});
        compare_clause(c, "loss", "loss", title, before == NULL ? NULL : &before->clause,
                       after == NULL ? NULL : &after->clause);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static void compare_titles(struct comparing *c)
{
    struct policy_change change = {.section = "title", .subject = "policy", .label = _("name")};

    c->ends = false;
    change.before = c->a->name;
    change.after = c->b->name;
    differ(c, change);
    change.label = _("title");
    change.before = text_language_is_chinese() ? c->a->title_zh : c->a->title_en;
    change.after = text_language_is_chinese() ? c->b->title_zh : c->b->title_en;
    change.is_prose = true;
    differ(c, change);
}

static const char *difference_words(struct arena *arena, const struct policy_change *change)
{
    if (change->before == NULL) {
        return arena_printf(arena, _("%s: added, %s"), change->label, change->told_after);
    }
    if (change->after == NULL) {
        return arena_printf(arena, _("%s: removed, it was %s"), change->label, change->told_before);
    }
    return change->is_prose ? arena_printf(arena, _("%s: “%s” -> “%s”"), change->label,
                                           change->told_before, change->told_after)
                            : arena_printf(arena, _("%s %s -> %s"), change->label,
                                           change->told_before, change->told_after);
}

static const char *whole_words(struct arena *arena, const struct policy_change *change)
{
    const char *words = difference_words(arena, change);
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];

    /* Of the policy as a whole: from its first day. */
    if (text_equal(change->section, "title") || text_equal(change->section, "points")) {
        return words;
    }
    date_format(change->from, from);
    return change->ends ? arena_printf(arena, _("%s from %s to %s"), words, from,
                                       date_format(date_add_days(change->until, -1), to))
                        : arena_printf(arena, _("%s from %s"), words, from);
}

void policy_diff(const struct policy *before, const struct policy *after, struct arena *arena,
                 struct policy_changes *ret)
{
    struct comparing c = {.a = before, .b = after, .arena = arena, .changes = ret};

    *ret = (struct policy_changes){0};
    compare_titles(&c);
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        compare_parameter(&c, (enum parameter)i);
    }
    for (size_t i = 0; i < DECISION_POINT_COUNT; i++) {
        compare_point(&c, (enum decision_point)i);
        compare_conditions(&c, (enum decision_point)i);
    }
    compare_tables(&c);
    compare_loss(&c);
    compare_recovery(&c);
    compare_repayment(&c);
    for (size_t i = 0; i < ret->count; i++) {
        ret->row[i].words = whole_words(arena, &ret->row[i]);
    }
}
