/* simulate_loan.c - one loan under another policy: its decisions, its subsidy, its class. */
#include "cli/service/classification.h"
#include "cli/service/fund_plans.h"
#include "cli/service/lending_facts.h"
#include "cli/service/loan_plans.h"
#include "cli/service/policy_shelf.h"
#include "cli/service/simulating.h"
#include "ledger/base/text.h"

/* What the policy would have made of a loan. */
struct verdict {
    bool asked;     /* in the period */
    bool undecided; /* stays as booked */
    bool dropped;   /* not lent */
    enum outcome before, after;
    bool signed_in_period;
    struct money covered;
};

static void no_other_loans(struct case_facts *facts)
{
    case_set_money(facts, FACT_HOUSEHOLD_BALANCE, MONEY_ZERO);
    case_set_money(facts, FACT_HOUSEHOLD_APPROVED, MONEY_ZERO);
    case_set_money(facts, FACT_HOUSEHOLD_COVERED, MONEY_ZERO);
    case_set_count(facts, FACT_HOUSEHOLD_OVERDUE_LOANS, 0);
    case_set_count(facts, FACT_HOUSEHOLD_LOANS, 0);
}

static bool ask_event(struct simulating *s, const struct swept_loan *swept,
                      struct asked_event *event, struct verdict *verdict, struct ruling *ret,
                      struct error *err)
{
    const struct loan *loan = &swept->loan;

    if (verdict->undecided) {
        event->policy = NULL; /* one reason is enough */
    }
    event->loan = loan->id;
    event->has_override = swept->has_override;
    s->planning.day = event->day;
    if (swept->alone) {
        no_other_loans(&event->facts);
    }
    if (!loan_terms_facts(&s->planning, loan, &event->facts, err) ||
        !simulating_ask(s, event, ret, err)) {
        return false;
    }
    verdict->asked = true;
    verdict->undecided = verdict->undecided || ret->undecided;
    verdict->before = ret->before > verdict->before ? ret->before : verdict->before;
    verdict->after = ret->after > verdict->after ? ret->after : verdict->after;
    return true;
}

static bool covered_limit(const struct policy *policy, const struct governing_days *days,
                          struct money *ret, struct error *err)
{
    return policy_money(policy, PARAMETER_COVERED_LIMIT,
                        days->of[policy_governed_by(policy, PARAMETER_COVERED_LIMIT)], ret, NULL,
                        err);
}

/* What the household had under cover before, from what came of it: the rest of the old limit was
 * covered, if that was less than the loan. Else all that is known is that it was enough. */
struct household_cover {
    struct money before; /* at most so much */
    bool exact;
};

static bool household_covered(struct simulating *s, const struct swept_loan *swept,
                              const struct governing_days *days, struct household_cover *ret,
                              struct money *ret_limit, struct error *err)
{
    const struct loan *loan = &swept->loan;
    const struct policy *policy = NULL;

    if (!policy_with_digest(s->book, s->store, &loan->policy, &policy, err) ||
        !covered_limit(policy, days, ret_limit, err)) {
        return false;
    }
    *ret = (struct household_cover){MONEY_ZERO, swept->alone};
    if (!swept->alone) {
        ret->exact = money_sub(*ret_limit, loan->covered, &ret->before) &&
                     money_is_positive(loan->covered) &&
                     money_compare(loan->covered, loan->principal) < 0;
    }
    return true;
}

static bool cover_again(struct simulating *s, const struct swept_loan *swept,
                        const struct ruling *ruling, struct verdict *verdict, struct error *err)
{
    const struct loan *loan = &swept->loan;
    struct governing_days days = {{loan->start, loan->applied_on, loan->start, loan->start}};
    struct household_cover household;
    struct money old_limit;
    struct money limit;
    struct error unknown = {0};

    if (ruling->coverage == OUTCOME_BLOCK) {
        verdict->covered = MONEY_ZERO;
        return true;
    }
    if (!household_covered(s, swept, &days, &household, &old_limit, err) ||
        !covered_limit(s->policy, &days, &limit, err)) {
        return false;
    }
    if (ruling->coverage_before != OUTCOME_BLOCK && money_compare(limit, old_limit) == 0) {
        return true;
    }
    if (!covered_principal(s->policy, &days, ruling->coverage, loan->principal, household.before,
                           &verdict->covered, err)) {
        return false;
    }
    if (household.exact || money_compare(verdict->covered, loan->principal) == 0) {
        return true;
    }
    error_set(&unknown, FAULT_REFUSED, "expression.unknown-fact",
              _("what the household had under cover before is not on record"));
    verdict->undecided = simulating_undecided(s, &unknown);
    return true;
}

static bool ask_application(struct simulating *s, const struct swept_loan *swept,
                            struct verdict *verdict, struct error *err)
{
    const struct loan *loan = &swept->loan;
    bool in_period = simulating_is_in_period(s, loan->applied_on);
    struct asked_event event = {.seq = loan->applied_seq, .day = loan->applied_on};
    struct asked_event approval = {.seq = swept->approved_seq, .day = loan->approved_on};
    struct ruling ruling = {0};
    struct ruling approved = {0};

    event.policy = s->policy;
    approval.policy = in_period ? s->policy : NULL; /* it stays with the application's */
    return (!in_period || ask_event(s, swept, &event, verdict, &ruling, err)) &&
           (!loan->is_approved || !simulating_is_in_period(s, loan->approved_on) ||
            ask_event(s, swept, &approval, verdict, &approved, err));
}

static bool ask_payout(struct simulating *s, const struct swept_loan *swept,
                       struct verdict *verdict, struct error *err)
{
    const struct loan *loan = &swept->loan;
    struct asked_event event = {
        .seq = swept->paid_out_seq, .day = loan->start, .policy = s->policy};
    struct ruling ruling = {0};

    verdict->covered = loan->covered;
    if (!loan->is_paid_out || !simulating_is_in_period(s, loan->start)) {
        return true;
    }
    verdict->signed_in_period = true;
    case_set_money(&event.facts, FACT_APPROVED_AMOUNT, loan->approved);
    case_set_count(&event.facts, FACT_DAYS_SINCE_APPROVAL,
                   date_days_between(loan->approved_on, loan->start));
    return ask_event(s, swept, &event, verdict, &ruling, err) &&
           (verdict->undecided || cover_again(s, swept, &ruling, verdict, err));
}

static bool judge(struct simulating *s, const struct swept_loan *swept, struct verdict *ret,
                  struct error *err)
{
    *ret = (struct verdict){0};
    if (!ask_application(s, swept, ret, err) || !ask_payout(s, swept, ret, err)) {
        return false;
    }
    ret->dropped = !ret->undecided && ret->after == OUTCOME_BLOCK;
    if (ret->undecided) {
        ret->covered = swept->loan.covered;
    }
    return true;
}

/* --- what follows ----------------------------------------------------------------------------- */

static enum simulated_figure figure_of(enum outcome outcome)
{
    return (enum simulated_figure)(SIMULATED_PASS + (int)outcome);
}

static bool count_decision(const struct swept_loan *swept, struct simulated_group *group,
                           const struct verdict *verdict, struct error *err)
{
    const struct loan *loan = &swept->loan;
    enum simulated_figure after =
        verdict->undecided ? SIMULATED_UNDECIDED : figure_of(verdict->after);
    bool lent = !verdict->dropped;

    if (verdict->asked &&
        (!simulating_add(&group->of[figure_of(verdict->before)].before, 1, loan->applied, err) ||
         !simulating_add(&group->of[after].after, 1, loan->applied, err))) {
        return false;
    }
    if (!verdict->signed_in_period) {
        return true;
    }
    struct simulated_pair *paid = &group->of[SIMULATED_LENT];
    struct simulated_pair *covered = &group->of[SIMULATED_COVERED];
    return simulating_add(&paid->before, 1, loan->principal, err) &&
           (!lent || simulating_add(&paid->after, 1, loan->principal, err)) &&
           (!money_is_positive(loan->covered) ||
            simulating_add(&covered->before, 1, loan->covered, err)) &&
           (!lent || !money_is_positive(verdict->covered) ||
            simulating_add(&covered->after, 1, verdict->covered, err));
}

/* Every period as it was settled, with the policy of each of its days. */
static bool subsidy_after(struct simulating *s, struct loan *loan, const struct loan_days *days,
                          const struct settlement *booked, struct money *ret, struct error *err)
{
    struct settlement settled;

    loan->settled_upto = booked->from;
    if (!settle_days(&s->planning, loan, days, booked->upto, booked->due, NULL, NULL, &settled,
                     err)) {
        *ret = booked->treasury;
        return simulating_undecided(s, err);
    }
    *ret = settled.treasury;
    return true;
}

/* Of all its periods, after; NULL in *ret if they stay as booked. */
static bool settle_again(struct simulating *s, const struct swept_loan *swept,
                         const struct verdict *verdict, struct money **ret, struct error *err)
{
    struct loan loan = swept->loan;
    struct loan_days days = {0};

    *ret = NULL;
    if (swept->settlements == 0 || verdict->dropped || verdict->undecided) {
        return true;
    }
    loan.covered = verdict->covered;
    if (verdict->signed_in_period) {
        loan.policy = policy_supposed_digest();
    }
    if (!loan_days_load(s->store, loan.id, &s->work, &days, err)) {
        return false;
    }
    *ret = arena_alloc_array(&s->work, swept->settlements, sizeof **ret);
    for (size_t i = 0; i < swept->settlements; i++) {
        if (!subsidy_after(s, &loan, &days, &swept->settlement[i], &(*ret)[i], err)) {
            return false;
        }
    }
    return true;
}

static bool count_subsidy(struct simulating *s, const struct swept_loan *swept,
                          struct simulated_pair *subsidy, const struct verdict *verdict,
                          struct error *err)
{
    struct money *again = NULL;

    if (!settle_again(s, swept, verdict, &again, err)) {
        return false;
    }
    for (size_t i = 0; i < swept->settlements; i++) {
        struct money before = swept->settlement[i].treasury;
        struct money after = again != NULL ? again[i] : verdict->dropped ? MONEY_ZERO : before;
        if (!simulating_add(&subsidy->before, money_is_positive(before) ? 1 : 0, before, err) ||
            !simulating_add(&subsidy->after, money_is_positive(after) ? 1 : 0, after, err)) {
            return false;
        }
    }
    return true;
}

/* The first claim after its payout that reached its day took the premium; of a contract of before
 * the period, and of what cannot be decided, it stays as booked. */
static bool premium_after(struct simulating *s, const struct swept_loan *swept,
                          const struct verdict *verdict, struct money *ret, struct error *err)
{
    const struct loan *loan = &swept->loan;
    struct premium_item item = {.loan = loan->id,
                                .covered = verdict->covered,
                                .signed_on = loan->start,
                                .policy = policy_supposed_digest()};
    size_t at = 0;

    *ret = verdict->dropped ? MONEY_ZERO : swept->premium;
    if (!verdict->signed_in_period || verdict->dropped || verdict->undecided) {
        return true;
    }
    while (at < s->premiums && (s->premium[at].seq < swept->paid_out_seq ||
                                date_compare(s->premium[at].through, loan->start) < 0)) {
        at++;
    }
    if (at == s->premiums) {
        *ret = MONEY_ZERO;
        return true;
    }
    if (!premium_of(&s->planning, &item, err)) {
        return simulating_undecided(s, err);
    }
    *ret = item.amount;
    return true;
}

static bool count_premium(struct simulating *s, const struct swept_loan *swept,
                          struct simulated_pair *premium, const struct verdict *verdict,
                          struct error *err)
{
    struct money after;

    return premium_after(s, swept, verdict, &after, err) &&
           simulating_add(&premium->before, money_is_positive(swept->premium) ? 1 : 0,
                          swept->premium, err) &&
           simulating_add(&premium->after, money_is_positive(after) ? 1 : 0, after, err);
}

/* A loan that is not lent was never part of what a top-up is a share of. */
static bool leave_top_ups(struct simulating *s, const struct swept_loan *swept, struct error *err)
{
    for (size_t i = 0; i < s->top_ups; i++) {
        struct money principal;
        if (date_compare(swept->loan.start, s->top_up[i].last) > 0) {
            continue;
        }
        if (!loan_balance_before(s->store, swept->loan.id, ACCOUNT_LOANS_NORMAL,
                                 ACCOUNT_LOANS_NON_ACCRUAL, s->top_up[i].upto_seq + 1, &principal,
                                 err) ||
            !simulating_take_money(&s->base_change[i], principal, err)) {
            return false;
        }
    }
    return true;
}

/* With the conditions of the policy, if it keeps classes. */
static bool class_in(struct simulating *s, const struct policy *policy, const struct loan *loan,
                     enum loan_class *ret, struct error *err)
{
    struct class_case of = {loan, loan->has_overdue_since, loan->overdue_since, NULL};

    return classify_by(&s->planning, policy, &of, s->to->to, ret, NULL, err);
}

/* Its class in one policy and in the other. */
static bool find_groups(struct simulating *s, const struct swept_loan *swept,
                        struct simulated_group **ret, struct simulated_group **ret_after,
                        struct error *err)
{
    const struct loan *loan = &swept->loan;
    enum loan_class before = CLASS_NORMAL;
    enum loan_class after = CLASS_NORMAL;

    return class_in(s, s->book_policy, loan, &before, err) &&
           class_in(s, s->policy, loan, &after, err) &&
           simulating_group(s, swept->office, before, ret, err) &&
           simulating_group(s, swept->office, after, ret_after, err);
}

static bool count_standing(const struct swept_loan *swept, const struct verdict *verdict,
                           struct simulated_group *group, struct simulated_group *group_after,
                           struct error *err)
{
    if (!money_is_positive(swept->unpaid)) {
        return true;
    }
    return simulating_add(&group->of[SIMULATED_OUTSTANDING].before, 1, swept->unpaid, err) &&
           (verdict->dropped ||
            simulating_add(&group_after->of[SIMULATED_OUTSTANDING].after, 1, swept->unpaid, err));
}

static void keep_for_claims(struct simulating *s, const struct swept_loan *swept,
                            const struct verdict *verdict, struct simulated_group *group,
                            struct simulated_group *group_after)
{
    if (swept->has_claim) {
        s->claimed =
            arena_grow(s->arena, s->claimed, s->claims, &s->claimed_capacity, sizeof *s->claimed);
        s->claimed[s->claims++] = (struct claimed_loan){.loan = swept->loan.id,
                                                        .group = group,
                                                        .group_after = group_after,
                                                        .dropped = verdict->dropped,
                                                        .undecided = verdict->undecided,
                                                        .covered = verdict->covered,
                                                        .supposed = verdict->signed_in_period,
                                                        .carried = swept->unpaid};
    }
}

bool simulating_loan(void *context, const struct swept_loan *swept, struct error *err)
{
    struct simulating *s = context;
    struct simulated_group *group = NULL;
    struct simulated_group *group_after = NULL;
    struct verdict verdict;

    s->to->loans++;
    if (!find_groups(s, swept, &group, &group_after, err) || !judge(s, swept, &verdict, err) ||
        !count_decision(swept, group, &verdict, err) ||
        !count_subsidy(s, swept, &group->of[SIMULATED_SUBSIDY], &verdict, err) ||
        !count_premium(s, swept, &group->of[SIMULATED_PREMIUM], &verdict, err) ||
        !count_standing(swept, &verdict, group, group_after, err) ||
        (verdict.dropped && !leave_top_ups(s, swept, err))) {
        return false;
    }
    keep_for_claims(s, swept, &verdict, group, group_after);
    return true;
}
