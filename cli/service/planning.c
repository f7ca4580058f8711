/* planning.c - what plans and projections share. */
#include "cli/service/use_case.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "rules/expression.h"

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

static const struct decided_condition *first_blocking(const struct decision *decision)
{
    for (size_t i = 0; i < decision->condition_count; i++) {
        if (decision->conditions[i].outcome == OUTCOME_BLOCK) {
            return &decision->conditions[i];
        }
    }
    return NULL;
}

/* "household_balance = 30000 yuan, amount = 30000 yuan": what the condition looked at. */
static const char *facts_read(struct arena *arena, const struct decided_condition *condition)
{
    const char *text = "";
    for (size_t i = 0; i < expression_parts(condition->require); i++) {
        struct part part = expression_part(condition->require, i);
        char value[VALUE_TEXT_SIZE];
        if (part.is_symbol && condition->require_trace[i].evaluated) {
            text = arena_printf(arena, "%s%s%.*s = %s", text, text[0] == '\0' ? "" : ", ",
                                (int)part.length, part.text,
                                value_format(condition->require_trace[i].value, value));
        }
    }
    return text;
}

bool planning_decide(struct planning *planning, const struct policy *policy, const char *subject,
                     enum decision_point point, const struct governing_days *days,
                     const struct case_facts *facts, struct error *err)
{
    struct decision *decision = &planning->decision;

    if (!policy_decide(policy, planning->arena, point, days, planning->day, facts, decision, err)) {
        return false;
    }
    planning->has_decision = true;
    const struct decided_condition *blocking = first_blocking(decision);
    if (blocking == NULL) {
        return true;
    }
    error_set(err, FAULT_REFUSED, arena_printf(planning->arena, "%s.%s", subject, blocking->id),
              "%s (%s)", text_language_is_chinese() ? blocking->message_zh : blocking->message_en,
              facts_read(planning->arena, blocking));
    return error_limit(err, "%s", blocking->clause);
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
    if (!event_leaf_hash(planning->store, seq, &wanted, err)) {
        return false;
    }
    *ret = (uint64_t)named == seq && sha256_equal(&leaf, &wanted);
    return true;
}

struct canon *decision_record(struct arena *arena, const struct decision *decision)
{
    struct canon *record = canon_object(arena);
    struct canon *warnings = canon_array(arena);

    canon_set_text(record, "point", decision_point_name(decision->point));
    canon_set_text(record, "outcome", outcome_name(decision->outcome));
    canon_set_sha256(record, "policy", &decision->policy);
    for (size_t i = 0; i < decision->condition_count; i++) {
        if (decision->conditions[i].outcome != OUTCOME_PASS) {
            canon_add_text(warnings, decision->conditions[i].id);
        }
    }
    if (canon_count(warnings) > 0) {
        canon_set(record, "warnings", warnings);
    }
    return record;
}
