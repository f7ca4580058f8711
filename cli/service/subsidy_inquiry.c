#include "cli/service/subsidy_inquiry.h"

#include "cli/service/decision_record.h"
#include "cli/service/lending_facts.h"
#include "ledger/base/text.h"

void subsidy_inquiry_begin(struct planning *planning, const struct loan *loan,
                           const struct overdue_turn *turn, const struct use_findings *use,
                           struct canon *to, struct subsidy_inquiry *ret)
{
    *ret = (struct subsidy_inquiry){
        .planning = planning, .loan = loan, .turn = turn, .use = use, .to = to};
}

/* --- facts ------------------------------------------------------------------------------------ */

static bool know_terms(struct subsidy_inquiry *q, struct error *err)
{
    const struct loan *loan = q->loan;

    if (q->knows_terms) {
        return true;
    }
    q->knows_terms = true;
    case_set_money(&q->facts, FACT_PRINCIPAL, loan->principal);
    case_set_date(&q->facts, FACT_SIGNED_ON, loan->start);
    return loan_contract_facts(q->planning, loan, &q->facts, err);
}

static bool know_standing(struct subsidy_inquiry *q, struct date day, struct date *end,
                          struct error *err)
{
    bool asks = !q->knows_standing || (q->standing.ends && date_compare(day, q->standing.end) >= 0);

    q->knows_standing = true;
    if (asks && !loan_standing_fact(q->planning, q->loan, day, &q->facts, &q->standing, err)) {
        return false;
    }
    if (q->standing.ends) {
        *end = date_min(*end, q->standing.end);
    }
    return true;
}

/* Since when, at the close of the day; a row of the book or the turn that is not in it yet. */
static bool overdue_days_on(struct subsidy_inquiry *q, struct date day, int64_t *ret,
                            struct error *err)
{
    struct planning *p = q->planning;
    bool found = false;
    struct date since = day;

    if (!q->knows_arrears && !loan_overdue_changes(p->store, q->loan->id, p->arena, &q->arrears,
                                                   &q->arrears_count, err)) {
        return false;
    }
    q->knows_arrears = true;
    for (size_t i = 0; i < q->arrears_count; i++) {
        if (date_compare(q->arrears[i].day, day) <= 0) {
            found = q->arrears[i].is_overdue;
            since = q->arrears[i].since;
        }
    }
    if (q->turn != NULL && date_compare(q->turn->day, day) <= 0) {
        found = true;
        since = q->turn->since;
    }
    *ret = found ? date_days_between(since, day) : 0;
    return true;
}

/* While a loan is overdue, each day is one more. */
static bool know_arrears(struct subsidy_inquiry *q, const struct policy *policy, struct date day,
                         bool overdue, struct date *end, struct error *err)
{
    int64_t days = 0;
    enum loan_class class = CLASS_NORMAL;

    if (overdue) {
        *end = date_min(*end, date_add_days(day, 1));
        if (!overdue_days_on(q, day, &days, err)) {
            return false;
        }
    }
    case_set_count(&q->facts, FACT_DAYS_OVERDUE, days);
    if (!policy_class(policy, day, days, &class, NULL, err)) {
        return false;
    }
    case_set_nth_word(&q->facts, FACT_CLASS, (size_t) class);
    return true;
}

static bool know_all(struct subsidy_inquiry *q, const struct policy *policy,
                     const struct policy_question *question, struct date day, bool overdue,
                     struct date *end, struct error *err)
{
    case_set_truth(&q->facts, FACT_OVERDUE, overdue);
    if (question->reads[FACT_DAYS_SINCE_PAYOUT]) {
        case_set_count(&q->facts, FACT_DAYS_SINCE_PAYOUT, date_days_between(q->loan->start, day));
        *end = date_min(*end, date_add_days(day, 1));
    }
    if (question->reads[FACT_USED_AS_APPLIED]) {
        loan_use_fact(q->use, day, &q->facts, end);
    }
    return know_terms(q, err) &&
           (!question->reads[FACT_HOUSEHOLD_STATUS] || know_standing(q, day, end, err)) &&
           ((!question->reads[FACT_DAYS_OVERDUE] && !question->reads[FACT_CLASS]) ||
            know_arrears(q, policy, day, overdue, end, err));
}

/* --- decisions -------------------------------------------------------------------------------- */

static void close_decision(struct subsidy_inquiry *q, struct date upto)
{
    if (q->open != NULL) {
        canon_set_date(q->open, "upto", upto);
        q->open = NULL;
    }
}

static void open_decision(struct subsidy_inquiry *q, struct canon *record, struct date day)
{
    close_decision(q, day);
    canon_set_date(record, "from", day);
    canon_add(q->to, record);
    q->open = record;
}

static bool same_answers(const struct subsidy_inquiry *q, const struct policy *policy,
                         const struct decision *decision)
{
    if (q->open == NULL || q->policy != policy || q->unanswered != NULL ||
        q->answers != decision->condition_count) {
        return false;
    }
    for (size_t i = 0; i < q->answers; i++) {
        const struct decided_condition *condition = &decision->conditions[i];
        if (!text_equal(q->answer[i].id, condition->id) || q->answer[i].asked != condition->asked ||
            q->answer[i].outcome != condition->outcome) {
            return false;
        }
    }
    return true;
}

static void keep_answers(struct subsidy_inquiry *q, const struct policy *policy,
                         const struct decision *decision)
{
    q->policy = policy;
    q->unanswered = NULL;
    q->answers = decision->condition_count;
    for (size_t i = 0; i < q->answers; i++) {
        const struct decided_condition *condition = &decision->conditions[i];
        q->answer[i] =
            (struct condition_answer){condition->id, condition->asked, condition->outcome};
    }
}

static void answered(struct subsidy_inquiry *q, const struct policy *policy,
                     const struct decision *decision)
{
    if (q->to != NULL && !same_answers(q, policy, decision)) {
        open_decision(q, decision_record(q->planning->arena, decision), decision->on);
        keep_answers(q, policy, decision);
    }
}

/* With all that was known, so that it can be asked again. */
static void unanswered(struct subsidy_inquiry *q, const struct policy *policy,
                       const struct policy_question *question, const struct decision *decision,
                       const char *reason)
{
    struct arena *arena = q->planning->arena;

    if (q->to == NULL || (q->open != NULL && q->policy == policy && q->unanswered != NULL &&
                          text_equal(q->unanswered, reason))) {
        return;
    }
    open_decision(q, decision_record_unanswered(arena, decision, &q->facts, question, reason),
                  decision->on);
    q->policy = policy;
    q->unanswered = arena_text(arena, reason);
}

bool subsidy_inquiry_ask(struct subsidy_inquiry *q, const struct policy *policy, struct date day,
                         bool overdue, struct date *end, bool *ret_earns, struct error *err)
{
    struct arena *scratch = &q->planning->scratch;
    struct policy_question question;
    struct governing_days days = {{q->loan->start, q->loan->applied_on, day, day}};
    struct decision decision;
    struct error cause = {0};

    *ret_earns = true;
    policy_question(policy, DECISION_SUBSIDY, day, &question);
    if (question.changes) {
        *end = date_min(*end, question.change);
    }
    if (!question.asks) {
        close_decision(q, day);
        return true;
    }
    if (!know_all(q, policy, &question, day, overdue, end, err)) {
        return false;
    }
    arena_reset(scratch);
    if (policy_decide(policy, scratch, DECISION_SUBSIDY, &days, day, &q->facts, &decision,
                      &cause)) {
        answered(q, policy, &decision);
        *ret_earns = decision.outcome != OUTCOME_BLOCK;
        return true;
    }
    unanswered(q, policy, &question,
               &(struct decision){.point = DECISION_SUBSIDY,
                                  .on = day,
                                  .days = days,
                                  .outcome = OUTCOME_BLOCK,
                                  .policy = policy_digest(policy)},
               cause.reason);
    *ret_earns = false;
    return true;
}

void subsidy_inquiry_end(struct subsidy_inquiry *inquiry, struct date upto)
{
    close_decision(inquiry, upto);
}
