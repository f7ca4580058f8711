#include "cli/service/classification.h"

#include "cli/service/decision_record.h"
#include "cli/service/lending_facts.h"
#include "cli/service/loan_parameter.h"
#include "cli/service/policy_shelf.h"
#include "ledger/base/text.h"

/* How far ahead a change is looked for; then the loan is looked at again. */
#define LOOK_AHEAD_DAYS 400

const char *loan_class_word(enum loan_class class)
{
    return fact_word_list("loan_class")->words[class];
}

bool classes_are_kept(struct store *store, struct policy_shelf *policies, struct date day,
                      bool *ret, struct error *err)
{
    const struct policy *policy = NULL;

    *ret = policy_in_force(policies, store, day, &policy, err);
    if (*ret) {
        *ret = policy_has_point(policy, DECISION_CLASSIFICATION);
        return true;
    }
    return false;
}

static int64_t days_overdue(const struct class_case *of, struct date day)
{
    int64_t days = of->has_overdue_since ? date_days_between(of->overdue_since, day) : 0;
    return days < 0 ? 0 : days;
}

static bool know_use(struct planning *p, const struct class_case *of, struct date day,
                     struct case_facts *facts, struct error *err)
{
    struct use_findings found;

    if (of->use != NULL) {
        loan_use_fact(of->use, day, facts, NULL);
        return true;
    }
    if (!loan_use_findings(p->store, of->loan->id, p->arena, &found, err)) {
        return false;
    }
    loan_use_fact(&found, day, facts, NULL);
    return true;
}

static bool know(struct planning *p, const struct class_case *of,
                 const struct policy_question *question, struct date day, struct case_facts *facts,
                 struct error *err)
{
    case_set_money(facts, FACT_PRINCIPAL, of->loan->principal);
    return !question->asks ||
           (loan_contract_facts(p, of->loan, facts, err) &&
            (!question->reads[FACT_USED_AS_APPLIED] || know_use(p, of, day, facts, err)));
}

/* Everything goes by the one day. The table always answers; if a condition does not, the class is
 * that of the table alone, and cause says why. */
static bool decide(const struct policy *policy, struct arena *arena, struct case_facts *facts,
                   int64_t days, struct date day, struct decision *ret, struct error *cause,
                   struct error *err)
{
    struct governing_days by = {{day, day, day, day}};

    case_set_count(facts, FACT_DAYS_OVERDUE, days);
    if (policy_decide(policy, arena, DECISION_CLASSIFICATION, &by, day, facts, ret, cause)) {
        return true;
    }
    *ret = (struct decision){
        .point = DECISION_CLASSIFICATION, .on = day, .days = by, .policy = policy_digest(policy)};
    return policy_class(policy, day, days, &ret->class, NULL, err);
}

static struct canon *record_of(struct arena *arena, const struct decision *decision,
                               const struct case_facts *facts, struct policy_question question,
                               const struct error *cause)
{
    if (cause->reason[0] == '\0') {
        return decision_record(arena, decision);
    }
    question.reads[FACT_DAYS_OVERDUE] = true;
    return decision_record_unanswered(arena, decision, facts, &question, cause->reason);
}

bool classify_by(struct planning *p, const struct policy *policy, const struct class_case *of,
                 struct date day, enum loan_class *ret, struct canon **ret_record,
                 struct error *err)
{
    struct case_facts facts = {0};
    struct policy_question question;
    struct decision decision;
    struct error cause = {0};

    policy_question(policy, DECISION_CLASSIFICATION, day, &question);
    if (!know(p, of, &question, day, &facts, err) ||
        !decide(policy, p->arena, &facts, days_overdue(of, day), day, &decision, &cause, err)) {
        return false;
    }
    *ret = decision.class;
    if (ret_record != NULL) {
        *ret_record = text_equal(loan_class_word(*ret), of->loan->class)
                          ? NULL
                          : record_of(p->arena, &decision, &facts, question, &cause);
    }
    return true;
}

bool classify(struct planning *p, const struct class_case *of, struct date day, bool *ret_kept,
              enum loan_class *ret, struct canon **ret_record, struct error *err)
{
    const struct in_force *in_force = NULL;

    if (!policy_of_day(p, day, &in_force, err)) {
        return false;
    }
    *ret_kept = policy_has_point(in_force->policy, DECISION_CLASSIFICATION);
    return !*ret_kept || classify_by(p, in_force->policy, of, day, ret, ret_record, err);
}

/* --- looking ahead ---------------------------------------------------------------------------- */

struct ahead {
    struct planning *planning;
    const struct class_case *of;
    const struct policy *policy;
    struct policy_question question;
    struct case_facts facts;
    enum loan_class by_conditions; /* while they read nothing that moves */
};

/* What the conditions alone come to. */
static enum loan_class of_conditions(const struct decision *decision)
{
    enum loan_class class = CLASS_NORMAL;
    for (size_t i = 0; i < decision->condition_count; i++) {
        enum loan_class one = decision->conditions[i].at_least;
        class = one > class ? one : class;
    }
    return class;
}

static bool ask(struct ahead *a, struct date day, struct decision *ret, struct error *err)
{
    struct arena *scratch = &a->planning->scratch;
    struct error cause = {0};

    arena_reset(scratch);
    return decide(a->policy, scratch, &a->facts, days_overdue(a->of, day), day, ret, &cause, err);
}

static bool class_on(struct ahead *a, struct date day, enum loan_class *ret, struct error *err)
{
    struct decision decision;

    if (a->question.reads[FACT_DAYS_OVERDUE]) {
        if (!ask(a, day, &decision, err)) {
            return false;
        }
        *ret = decision.class;
        return true;
    }
    if (!policy_class(a->policy, day, days_overdue(a->of, day), ret, NULL, err)) {
        return false;
    }
    *ret = a->by_conditions > *ret ? a->by_conditions : *ret;
    return true;
}

/* Day by day up to `limit`, which is not looked at. */
static bool search(struct ahead *a, const char *class, struct date first, struct date limit,
                   bool *ret_found, struct date *ret, struct error *err)
{
    *ret_found = false;
    for (*ret = first; date_compare(*ret, limit) < 0; *ret = date_add_days(*ret, 1)) {
        enum loan_class then = CLASS_NORMAL;
        if (!class_on(a, *ret, &then, err)) {
            return false;
        }
        if (!text_equal(loan_class_word(then), class)) {
            *ret_found = true;
            return true;
        }
    }
    return true;
}

/* Whether more days in arrears alone may still make it worse. */
static bool may_get_worse(struct ahead *a, struct date day, const char *class, bool *ret,
                          struct error *err)
{
    enum loan_class last = CLASS_NORMAL;

    *ret = a->question.reads[FACT_DAYS_OVERDUE];
    if (*ret) {
        return true;
    }
    if (!policy_class(a->policy, day, INT64_MAX, &last, NULL, err)) {
        return false;
    }
    *ret = last > a->by_conditions && !text_equal(loan_class_word(last), class);
    return true;
}

/* A loan that is not in arrears moves by what happens to it; one that is moves with each day, and
 * other rows or another version may move it. */
static bool look_ahead(struct ahead *a, const char *class, struct date first, bool changes,
                       struct date change, bool *ret_found, struct date *ret, struct error *err)
{
    struct date end = date_add_days(first, a->of->has_overdue_since ? LOOK_AHEAD_DAYS : 1);
    struct date limit = changes ? date_min(end, change) : end;

    if (!search(a, class, first, limit, ret_found, ret, err)) {
        return false;
    }
    if (*ret_found || !a->of->has_overdue_since) {
        return true;
    }
    *ret = limit;
    *ret_found = changes && date_compare(change, end) <= 0;
    return *ret_found || may_get_worse(a, limit, class, ret_found, err);
}

bool class_changes_on(struct planning *p, const struct class_case *of, const char *class,
                      bool classed, struct date after, bool *ret_found, struct date *ret,
                      struct error *err)
{
    struct date first = date_add_days(after, 1);
    const struct in_force *in_force = NULL;
    struct ahead a = {.planning = p, .of = of};
    struct decision decision;

    *ret_found = false;
    if (classed && !of->has_overdue_since) {
        return true;
    }
    if (!policy_of_day(p, first, &in_force, err)) {
        return false;
    }
    a.policy = in_force->policy;
    bool changes = in_force->changes;
    struct date change = in_force->change;
    if (!policy_has_point(a.policy, DECISION_CLASSIFICATION)) {
        return true; /* the day on which one begins that has it looks at all loans in arrears */
    }
    policy_question(a.policy, DECISION_CLASSIFICATION, first, &a.question);
    if (a.question.changes && (!changes || date_compare(a.question.change, change) < 0)) {
        changes = true;
        change = a.question.change;
    }
    if (!know(p, of, &a.question, first, &a.facts, err) || !ask(&a, first, &decision, err)) {
        return false;
    }
    a.by_conditions = of_conditions(&decision);
    return look_ahead(&a, class, first, changes, change, ret_found, ret, err);
}
