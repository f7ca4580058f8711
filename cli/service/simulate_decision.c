/* simulate_decision.c - the decisions of an event, asked again of another policy. */
#include "cli/service/decision_record.h"
#include "cli/service/simulating.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/loans/loan_override.h"

static enum outcome worse(enum outcome a, enum outcome b)
{
    return a > b ? a : b;
}

static bool outcome_find(const char *name, enum outcome *ret)
{
    for (int i = OUTCOME_PASS; i <= OUTCOME_BLOCK; i++) {
        if (name != NULL && text_equal(outcome_name((enum outcome)i), name)) {
            *ret = (enum outcome)i;
            return true;
        }
    }
    return false;
}

/* Each exception once, whatever rests on it. */
static struct simulated_exception *exception_of(struct simulating *s, int64_t id)
{
    struct simulation *to = s->to;

    for (size_t i = 0; i < to->exceptions; i++) {
        if (to->exception[i].id == id) {
            return &to->exception[i];
        }
    }
    to->exception = arena_grow(s->arena, to->exception, to->exceptions, &s->exception_capacity,
                               sizeof *to->exception);
    to->exception[to->exceptions] = (struct simulated_exception){.id = id};
    return &to->exception[to->exceptions++];
}

/* A condition from which somebody made an exception is one on which a person decided. */
static bool weigh(struct simulating *s, const struct asked_event *event, const char *point,
                  const char *condition, bool after, enum outcome *outcome, struct error *err)
{
    int64_t id = 0;

    if (!event->has_override || *outcome < OUTCOME_REFER) {
        return true;
    }
    if (!loan_override_find(s->store, event->loan, point, condition, &id, err)) {
        return false;
    }
    if (id != 0) {
        struct simulated_exception *exception = exception_of(s, id);
        exception->loan = event->loan;
        exception->point = arena_text(s->arena, point);
        exception->condition = arena_text(s->arena, condition);
        exception->before = exception->before || !after;
        exception->after = exception->after || after;
        *outcome = OUTCOME_REFER;
    }
    return true;
}

static bool ruled_before(struct simulating *s, const struct asked_event *event,
                         const struct canon *record, struct ruling *ret, struct error *err)
{
    const struct canon *conditions = canon_get(record, "conditions");
    const char *point = canon_get_text(record, "point");

    for (size_t i = 0; conditions != NULL && i < canon_count(conditions); i++) {
        const char *id = canon_get_text(canon_at(conditions, i), "id");
        enum outcome outcome = OUTCOME_PASS;
        const char *word = canon_get_text(canon_at(conditions, i), "outcome");
        if (id == NULL || (!outcome_find(word, &outcome) && !text_equal(word, "not-asked"))) {
            return event_malformed("decision", err);
        }
        if (!weigh(s, event, point, id, false, &outcome, err)) {
            return false;
        }
        ret->before = worse(ret->before, outcome);
    }
    return true;
}

static bool ruled_after(struct simulating *s, const struct asked_event *event,
                        const struct decision *decision, struct ruling *ret, struct error *err)
{
    if (decision->point == DECISION_COVERAGE) {
        ret->coverage = decision->outcome;
        return true;
    }
    for (size_t i = 0; i < decision->condition_count; i++) {
        const struct decided_condition *condition = &decision->conditions[i];
        enum outcome outcome = condition->outcome;
        if (condition->may_override && !weigh(s, event, decision_point_name(decision->point),
                                              condition->id, true, &outcome, err)) {
            return false;
        }
        ret->after = worse(ret->after, outcome);
    }
    return true;
}

static void known_on_top(struct case_facts *to, const struct case_facts *of)
{
    for (size_t i = 0; i < FACT_COUNT; i++) {
        if (of->of[i].known) {
            to->of[i] = of->of[i];
        }
    }
}

/* One decision of the event. */
static bool ask_again(struct simulating *s, const struct asked_event *event,
                      const struct canon *record, struct ruling *ret, struct error *err)
{
    enum decision_point point;
    struct governing_days days;
    struct decision decision;

    if (!decision_point_read(record, event->day, &point, &days, err)) {
        return false;
    }
    if (point == DECISION_COVERAGE) {
        if (!outcome_find(canon_get_text(record, "outcome"), &ret->coverage_before)) {
            return event_malformed("decision", err);
        }
    } else if (!ruled_before(s, event, record, ret, err)) {
        return false;
    }
    if (event->policy == NULL || ret->undecided) {
        ret->after = worse(ret->after, ret->before);
        return true;
    }
    if (!policy_decide(event->policy, &s->work, point, event->days == NULL ? &days : event->days,
                       event->day, &event->facts, &decision, err)) {
        ret->undecided = simulating_undecided(s, err);
        return ret->undecided;
    }
    return ruled_after(s, event, &decision, ret, err);
}

/* What one decision did not read, another of the same event may have; and a claim has the facts of
 * its loss. */
static bool facts_on_record(const struct canon *body, const struct canon *decisions,
                            struct case_facts *ret)
{
    const struct canon *out = canon_get(body, "out");
    const struct canon *split = out == NULL ? NULL : canon_get(out, "split");

    for (size_t i = 0; i < canon_count(decisions); i++) {
        if (!facts_read_record(canon_get(canon_at(decisions, i), "facts"), ret)) {
            return false;
        }
    }
    return split == NULL || facts_read_record(canon_get(split, "facts"), ret);
}

static void facts_of_request(const struct canon *in, struct case_facts *ret)
{
    struct money amount;
    int64_t age = 0;

    if (in != NULL && canon_get_fen(in, "amount_fen", &amount)) {
        case_set_money(ret, FACT_AMOUNT, amount);
    }
    if (in != NULL && canon_get_int(in, "age", &age) && age >= 0) {
        case_set_count(ret, FACT_APPLICANT_AGE, age);
    }
}

bool simulating_ask(struct simulating *s, struct asked_event *event, struct ruling *ret,
                    struct error *err)
{
    struct event read;
    struct sha256 leaf;

    if (!event_load(s->store, &s->work, s->origin, event->seq, &read, &leaf, err)) {
        return false;
    }
    const struct canon *decisions = canon_get(read.body, "decision");
    if (decisions == NULL) {
        return event_malformed("decision", err);
    }
    facts_of_request(canon_get(read.body, "in"), &event->facts);
    if (!facts_on_record(read.body, decisions, &event->facts)) {
        return event_malformed("facts", err);
    }
    known_on_top(&event->facts, &event->given);
    for (size_t i = 0; i < canon_count(decisions); i++) {
        if (!ask_again(s, event, canon_at(decisions, i), ret, err)) {
            return false;
        }
    }
    return true;
}
