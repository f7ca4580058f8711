/* planning.c - what plans and projections share. */
#include "cli/service/decision_record.h"
#include "cli/service/use_case.h"
#include "ledger/audit/log.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/loans/loan_override.h"
#include "rules/expression.h"
#include "rules/policy_words.h"

#include <assert.h>
#include <stdio.h>

bool request_malformed(const char *member, struct error *err)
{
    return error_set(err, FAULT_INTERNAL, "request.malformed",
                     _("the request has no usable member “%s”"), member);
}

bool event_malformed(const char *member, struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "event.malformed",
                     _("an event has no usable member “%s”"), member);
}

const char *decided_by(const struct canon *out, const char *actor)
{
    const char *other = out == NULL ? NULL : canon_get_text(out, "decided_by");
    return other == NULL ? actor : other;
}

void planning_init(struct planning *planning, struct arena *arena)
{
    planning->arena = arena;
    arena_init(&planning->scratch, ARENA_LIMIT_COMMAND);
    planning->out = canon_object(arena);
    entry_list_init(&planning->entries, arena);
    buffer_init(&planning->rows, EVENT_ROWS_MAX);
}

void planning_release(struct planning *planning)
{
    buffer_release(&planning->rows);
    arena_release(&planning->scratch);
}

bool planning_row(struct planning *planning, const struct canon *row, struct error *err)
{
    bool written = canon_write(row, CANON_LINE_MAX, &planning->rows, err);
    buffer_add_byte(&planning->rows, '\n');
    planning->rows_count++;
    if (planning->rows.overflowed) {
        error_set(err, FAULT_REFUSED, "request.too-many-rows",
                  _("the work has more rows than one event may hold"));
        return error_limit(err, _("at most %zu bytes may stand beside one event"), EVENT_ROWS_MAX);
    }
    return written;
}

/* A fact as the policy names it, in Chinese by its title. */
static const char *fact_read(struct arena *arena, const struct part *part, struct value value)
{
    bool chinese = text_language_is_chinese();
    const char *title = chinese ? symbol_title(part->symbol, true) : NULL;
    char told[VALUE_TEXT_SIZE];

    value_tell(value, chinese, told);
    return title == NULL ? arena_printf(arena, "%.*s = %s", (int)part->length, part->text, told)
                         : arena_printf(arena, "%s %s", title, told);
}

/* "household_balance = 30000 yuan, amount = 30000 yuan". */
static const char *facts_read(struct arena *arena, const struct decided_condition *condition)
{
    const char *text = "";
    for (size_t i = 0; i < expression_parts(condition->require); i++) {
        struct part part = expression_part(condition->require, i);
        if (part.is_symbol && condition->require_trace[i].evaluated) {
            text = arena_printf(arena, "%s%s%s", text, text[0] == '\0' ? "" : _(", "),
                                fact_read(arena, &part, condition->require_trace[i].value));
        }
    }
    return text;
}

const char *condition_tell(struct arena *arena, const struct decided_condition *condition)
{
    return arena_printf(arena, _("%s (%s)"),
                        text_language_is_chinese() ? condition->message_zh : condition->message_en,
                        facts_read(arena, condition));
}

bool planning_ask(struct planning *planning, const struct policy *policy, enum decision_point point,
                  const struct governing_days *days, const struct case_facts *facts,
                  const struct decision **ret, struct error *err)
{
    assert(planning->decisions < PLAN_DECISIONS_MAX);
    struct decision *decision = &planning->decision[planning->decisions];

    if (!policy_decide(policy, planning->arena, point, days, planning->day, facts, decision, err)) {
        return false;
    }
    planning->decisions++;
    if (ret != NULL) {
        *ret = decision;
    }
    return true;
}

void planning_rests_on(struct planning *planning, int64_t override)
{
    char number[32];

    (void)snprintf(number, sizeof number, "%lld", (long long) override);
    if (planning->overrides == NULL) {
        planning->overrides = canon_array(planning->arena);
        canon_set(planning->out, "overrides", planning->overrides);
    }
    for (size_t i = 0; i < canon_count(planning->overrides); i++) {
        if (text_equal(canon_as_text(canon_at(planning->overrides, i)), number)) {
            return;
        }
    }
    canon_add_text(planning->overrides, number);
}

/* Whether a condition that does not hold has an exception; if so, the plan rests on it. */
static bool is_overridden(struct planning *planning, const struct decision *decision,
                          const struct decided_condition *condition, bool *ret, struct error *err)
{
    int64_t override = 0;

    *ret = condition->may_override && planning->proposal;
    if (*ret || !condition->may_override || planning->loan == 0) {
        return true;
    }
    if (!loan_override_find(planning->store, planning->loan, decision_point_name(decision->point),
                            condition->id, &override, err)) {
        return false;
    }
    *ret = override != 0;
    if (*ret) {
        planning_rests_on(planning, override);
    }
    return true;
}

/* The first condition with the outcome from which there is no exception; NULL if there is none. */
static bool first_standing(struct planning *planning, const struct decision *decision,
                           enum outcome outcome, const struct decided_condition **ret,
                           struct error *err)
{
    *ret = NULL;
    for (size_t i = 0; i < decision->condition_count; i++) {
        bool overridden = false;
        if (decision->conditions[i].outcome != outcome) {
            continue;
        }
        if (!is_overridden(planning, decision, &decision->conditions[i], &overridden, err)) {
            return false;
        }
        if (!overridden) {
            *ret = &decision->conditions[i];
            return true;
        }
    }
    return true;
}

/* By this condition: its message, what it looked at, and its clause. */
static bool refuse_by(const struct planning *planning, const char *reason,
                      const struct decided_condition *condition, struct error *err)
{
    error_set(err, FAULT_REFUSED, reason, "%s", condition_tell(planning->arena, condition));
    return error_limit(err, "%s", clause_text(condition->clause, text_language_is_chinese()));
}

bool planning_decide(struct planning *planning, const struct policy *policy, const char *subject,
                     enum decision_point point, const struct governing_days *days,
                     const struct case_facts *facts, struct error *err)
{
    const struct decision *decision = NULL;

    if (!planning_ask(planning, policy, point, days, facts, &decision, err)) {
        return false;
    }
    const struct decided_condition *blocking = NULL;
    if (!first_standing(planning, decision, OUTCOME_BLOCK, &blocking, err)) {
        return false;
    }
    if (blocking == NULL) {
        return true;
    }
    return refuse_by(planning, arena_printf(planning->arena, "%s.%s", subject, blocking->id),
                     blocking, err);
}

/* Adds the conditions that refer and from which there is no exception to the list. */
static bool add_referring(struct planning *planning, const struct decision *decision,
                          struct canon *list, const struct decided_condition **first,
                          struct error *err)
{
    for (size_t i = 0; i < decision->condition_count; i++) {
        const struct decided_condition *condition = &decision->conditions[i];
        bool overridden = false;
        if (condition->outcome != OUTCOME_REFER) {
            continue;
        }
        if (!is_overridden(planning, decision, condition, &overridden, err)) {
            return false;
        }
        if (!overridden) {
            struct canon *one = canon_object(planning->arena);
            canon_set_text(one, "point", decision_point_name(decision->point));
            canon_set_text(one, "condition", condition->id);
            canon_add(list, one);
            *first = *first == NULL ? condition : *first;
        }
    }
    return true;
}

bool planning_referral(struct planning *planning, const char *subject, enum role role,
                       const struct canon *request, struct error *err)
{
    const struct decided_condition *referring = NULL;
    struct canon *list = canon_array(planning->arena);

    for (size_t i = 0; i < planning->decisions; i++) {
        if (!add_referring(planning, &planning->decision[i], list, &referring, err)) {
            return false;
        }
    }
    if (referring == NULL) {
        return true;
    }
    if ((planning->roles & (unsigned)role) != 0 && canon_get_text(request, "reason") != NULL) {
        planning->role = role;
        canon_set(planning->out, "referred", list);
        return true;
    }
    refuse_by(planning, arena_printf(planning->arena, "%s.referred", subject), referring, err);
    return error_next(err, _("somebody with the role %s decides on it, and says why with --reason"),
                      role_title(role));
}

struct store *planning_log(const struct planning *planning)
{
    return planning->log == NULL ? planning->store : planning->log;
}

bool planning_names_event(struct planning *planning, const struct canon *request, uint64_t seq,
                          bool *ret, struct error *err)
{
    int64_t named = 0;
    struct sha256 leaf;
    struct sha256 wanted;

    if (!canon_get_int(request, "of_seq", &named) || !canon_get_sha256(request, "of_leaf", &leaf)) {
        return request_malformed("of_seq, of_leaf", err);
    }
    if (!event_leaf_hash(planning_log(planning), seq, &wanted, err)) {
        return false;
    }
    *ret = (uint64_t)named == seq && sha256_equal(&leaf, &wanted);
    return true;
}

struct canon *decisions_record(const struct planning *planning)
{
    struct canon *record = canon_array(planning->arena);
    for (size_t i = 0; i < planning->decisions; i++) {
        canon_add(record, decision_record(planning->arena, &planning->decision[i]));
    }
    for (size_t i = 0; planning->records != NULL && i < canon_count(planning->records); i++) {
        canon_add_shared(record, canon_at(planning->records, i));
    }
    return canon_count(record) > 0 ? record : NULL;
}

struct canon *planned_body(const struct use_case *use_case, const struct planning *planning,
                           const struct canon *request)
{
    if (use_case->control) {
        return canon_copy(planning->arena, request, NULL);
    }
    struct canon *body = canon_object(planning->arena);
    canon_set_date(body, "date", planning->day);
    canon_set_shared(body, "in", request);
    if (canon_count(planning->out) > 0) {
        canon_set(body, "out", planning->out);
    }
    struct canon *decisions = decisions_record(planning);
    if (decisions != NULL) {
        canon_set(body, "decision", decisions);
    }
    if (planning->entries.count > 0) {
        canon_set(body, "entries", entry_list_write(&planning->entries, planning->day));
    }
    return body;
}
