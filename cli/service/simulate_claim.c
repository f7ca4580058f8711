/* simulate_claim.c - one claim under another policy: whether it may be made, who bears the loss,
 * who gets what is recovered, and what that does to the fund. */
#include "cli/service/lending_facts.h"
#include "cli/service/simulating_claim.h"
#include "cli/service/split_record.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"

#include <stdlib.h>

/* --- what each payer bore so far -------------------------------------------------------------- */

/* NULL, and the error filled, if there is no room for one more. */
static struct borne *borne_of(struct simulating *s, const char *payer, struct error *err)
{
    for (size_t i = 0; i < s->payers; i++) {
        if (text_equal(s->borne[i].payer, payer)) {
            return &s->borne[i];
        }
    }
    if (s->payers == BORNE_MAX) {
        error_set(err, FAULT_REFUSED, "simulation.too-large", _("the policies have many payers"));
        error_limit(err, _("at most %d"), BORNE_MAX);
        return NULL;
    }
    struct borne *borne = &s->borne[s->payers++];
    borne->payer = arena_text(s->arena, payer);
    return borne;
}

/* Takes back what claims that were refused meanwhile had borne. */
static bool take_back(struct simulating *s, uint64_t seq, struct error *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->refusals; i++) {
        struct refused_part *one = &s->refused[i];
        if (one->seq > seq) {
            s->refused[kept++] = *one;
            continue;
        }
        struct borne *borne = borne_of(s, one->payer, err);
        if (borne == NULL || !simulating_take_money(&borne->in_all, one->amount, err) ||
            (one->year == s->year && !simulating_take_money(&borne->this_year, one->amount, err))) {
            return false;
        }
    }
    s->refusals = kept;
    return true;
}

static bool history_begin(struct trial *t, struct error *err)
{
    struct simulating *s = t->s;
    int year = date_to_ymd(t->swept->claim.filed_on).year;

    if (!take_back(s, t->swept->claim.seq, err)) {
        return false;
    }
    for (size_t i = 0; year != s->year && i < s->payers; i++) {
        s->borne[i].this_year = MONEY_ZERO;
    }
    s->year = year;
    return true;
}

static bool history_add(struct trial *t, struct error *err)
{
    struct simulating *s = t->s;

    for (size_t i = 0; i < t->parts; i++) {
        struct borne *borne = borne_of(s, t->part[i].payer, err);
        if (borne == NULL || !simulating_add_money(&borne->this_year, t->part[i].amount, err) ||
            !simulating_add_money(&borne->in_all, t->part[i].amount, err)) {
            return false;
        }
        if (t->swept->refused_seq != 0) {
            s->refused = arena_grow(s->arena, s->refused, s->refusals, &s->refused_capacity,
                                    sizeof *s->refused);
            s->refused[s->refusals++] = (struct refused_part){t->swept->refused_seq, s->year,
                                                              borne->payer, t->part[i].amount};
        }
    }
    return true;
}

static bool history_of(struct trial *t, const struct policy *policy, struct loss_case *ret,
                       struct error *err)
{
    for (size_t i = 0; i < policy_payers(policy); i++) {
        struct borne *borne = borne_of(t->s, policy_payer(policy, i).name, err);
        if (borne == NULL) {
            return false;
        }
        ret->this_year.of[i] = borne->this_year;
        ret->in_all.of[i] = borne->in_all;
    }
    ret->has_history = true;
    return true;
}

/* --- the claim -------------------------------------------------------------------------------- */

static bool balance_before(struct trial *t, enum account first, enum account last, uint64_t seq,
                           struct money *ret, struct error *err)
{
    return loan_balance_before(t->s->store, t->loan.id, first, last, seq, ret, err);
}

/* As it stood before the event, in the supposed book. */
static bool load_loan(struct trial *t, uint64_t seq, struct error *err)
{
    struct simulating *s = t->s;
    struct loan *loan = &t->loan;

    if (!loan_load(s->store, &s->work, t->swept->claim.loan, loan, err) ||
        !balance_before(t, ACCOUNT_LOANS_NORMAL, ACCOUNT_LOANS_NON_ACCRUAL, seq, &loan->normal,
                        err) ||
        !balance_before(t, ACCOUNT_INTEREST_RECEIVABLE, ACCOUNT_INTEREST_RECEIVABLE, seq,
                        &loan->interest_receivable, err) ||
        !balance_before(t, ACCOUNT_OFF_BALANCE_INTEREST, ACCOUNT_OFF_BALANCE_INTEREST, seq,
                        &loan->off_balance_interest, err)) {
        return false;
    }
    loan->overdue = loan->non_accrual = MONEY_ZERO;
    loan->covered = t->on->covered;
    if (t->on->supposed) {
        loan->policy = policy_supposed_digest();
    }
    return true;
}

/* Filing, or acceptance: the facts of that event, the conditions of the version that counts. */
static bool ask_claim(struct trial *t, uint64_t seq, struct date day, struct case_facts *ret_facts,
                      struct ruling *ret, struct error *err)
{
    struct simulating *s = t->s;
    const struct claim *claim = &t->swept->claim;
    struct asked_event event = {.seq = seq,
                                .day = day,
                                .loan = claim->loan,
                                .has_override = true,
                                .policy = t->rules.conditions,
                                .days = &t->rules.days};
    struct date overdue_since = date_add_days(claim->filed_on, -(int32_t)claim->days_overdue);

    s->planning.day = day;
    if (!claim_unpaid_facts(&t->loan, &event.given, err) ||
        !loan_watch_facts(s->store, claim->loan, overdue_since, seq, &event.given, err)) {
        return false;
    }
    if (seq == claim->seq) {
        case_set_count(&event.given, FACT_DAYS_OVERDUE, claim->days_overdue);
    }
    if (!loan_terms_facts(&s->planning, &t->loan, &event.facts, err) ||
        !simulating_ask(s, &event, ret, err)) {
        return false;
    }
    *ret_facts = event.facts;
    return true;
}

static void take_split(struct trial *t, const struct policy *policy, const struct loss_split *split)
{
    struct shares booked = shares_booked(policy, &split->shares);

    t->parts = 0;
    for (size_t i = 0; i < policy_payers(policy); i++) {
        if (money_is_positive(split->shares.of[i])) {
            t->part[t->parts++] =
                (struct claim_part){policy_payer(policy, i).name, split->shares.of[i]};
        }
    }
    t->booked =
        (struct loss_parts){booked.of[PAYER_INSURER], booked.of[PAYER_FUND], booked.of[PAYER_BANK]};
    trial_take_dues(t, policy, split);
}

static bool share_loss(struct trial *t, const struct case_facts *facts, struct error *err)
{
    const struct policy *policy = t->rules.loss.policy;
    struct loss_case loss = {.days = &t->rules.days, .facts = facts};
    struct loss_split split;

    if (!history_of(t, policy, &loss, err) ||
        !claim_loss_of(&t->loan, &t->rules, facts, &loss.loss, &t->interest, err) ||
        !policy_split_loss(policy, t->rules.loss.on, &loss, &split, err)) {
        t->undecided = simulating_undecided(t->s, err);
        return t->undecided;
    }
    t->loss = loss.loss;
    take_split(t, policy, &split);
    return true;
}

static void as_booked(struct trial *t)
{
    t->as_booked = true;
    t->loss = t->swept->claim.loss;
    t->interest = t->swept->claim.interest;
    t->due = t->swept->due;
    t->dues = t->swept->dues;
    t->booked = t->swept->claim.parts;
    t->parts = t->swept->parts;
    for (size_t i = 0; i < t->parts; i++) {
        t->part[i] = t->swept->part[i];
    }
}

static enum outcome worse(enum outcome a, enum outcome b)
{
    return a > b ? a : b;
}

static bool try_claim(struct trial *t, struct error *err)
{
    const struct swept_claim *swept = t->swept;
    struct case_facts facts = {0};
    struct case_facts later = {0};
    struct ruling filed = {0};
    struct ruling accepted = {0};

    if (!load_loan(t, swept->claim.seq, err) ||
        !claim_rules_find(t->s->supposed, t->s->store, &t->loan, swept->claim.filed_on, &t->rules,
                          err) ||
        !ask_claim(t, swept->claim.seq, swept->claim.filed_on, &facts, &filed, err)) {
        return false;
    }
    if (swept->accepted_seq != 0 &&
        (!load_loan(t, swept->accepted_seq, err) ||
         !ask_claim(t, swept->accepted_seq, swept->accepted_on, &later, &accepted, err) ||
         !load_loan(t, swept->claim.seq, err))) {
        return false;
    }
    t->undecided = filed.undecided || accepted.undecided;
    t->before_outcome = worse(filed.before, accepted.before);
    t->after_outcome = worse(filed.after, accepted.after);
    t->stands = t->after_outcome != OUTCOME_BLOCK;
    return t->undecided || !t->stands || share_loss(t, &facts, err);
}

/* Of a loan that is not lent, or cannot be decided: how the claim came out in the book. */
static bool look_up(struct trial *t, struct error *err)
{
    const struct swept_claim *swept = t->swept;
    struct asked_event filing = {
        .seq = swept->claim.seq, .loan = swept->claim.loan, .has_override = true};
    struct asked_event acceptance = filing;
    struct ruling filed = {0};
    struct ruling accepted = {0};

    acceptance.seq = swept->accepted_seq;
    if (!simulating_ask(t->s, &filing, &filed, err) ||
        (swept->accepted_seq != 0 && !simulating_ask(t->s, &acceptance, &accepted, err))) {
        return false;
    }
    t->before_outcome = worse(filed.before, accepted.before);
    return true;
}

static bool hear(struct trial *t, struct error *err)
{
    bool in_period = simulating_is_in_period(t->s, t->swept->claim.filed_on);
    bool asked = in_period && !t->on->dropped && !t->on->undecided;

    if (in_period && !(asked ? try_claim(t, err) : look_up(t, err))) {
        return false;
    }
    if (!t->on->dropped && (!asked || t->undecided)) {
        as_booked(t);
        t->undecided = in_period;
        t->stands = true;
    }
    return true;
}

/* --- counted ---------------------------------------------------------------------------------- */

static bool count_parts(struct simulated_pair of[static SIMULATED_OF_LOANS],
                        enum simulated_figure first, const struct loss_parts *parts, bool after,
                        struct error *err)
{
    const struct money part[] = {parts->insurer, parts->fund, parts->bank};

    for (size_t i = 0; i < COUNT_OF(part); i++) {
        struct simulated_pair *pair = &of[(size_t)first + i];
        if (money_is_positive(part[i]) &&
            !simulating_add(after ? &pair->after : &pair->before, 1, part[i], err)) {
            return false;
        }
    }
    return true;
}

static struct simulated_pair *of_outcome(const struct trial *t, enum outcome outcome)
{
    return &t->on->group->of[(size_t)SIMULATED_CLAIMS_PASS + (size_t)outcome];
}

static bool count_claim(struct trial *t, struct error *err)
{
    struct simulated_pair *of = t->on->group->of;
    const struct claim *claim = &t->swept->claim;
    enum simulated_figure after = t->undecided ? SIMULATED_CLAIMS_UNDECIDED : SIMULATED_CLAIMS;
    bool decided = !t->on->dropped && !t->undecided;

    if (!simulating_is_in_period(t->s, claim->filed_on) || t->swept->refused_seq != 0) {
        return true;
    }
    return simulating_add(&of_outcome(t, t->before_outcome)->before, 1, claim->loss, err) &&
           (!decided || simulating_add(&of_outcome(t, t->after_outcome)->after, 1,
                                       t->stands ? t->loss : claim->loss, err)) &&
           simulating_add(&of[SIMULATED_CLAIMS].before, 1, claim->loss, err) &&
           count_parts(of, SIMULATED_BORNE_INSURER, &claim->parts, false, err) &&
           (!t->stands || (simulating_add(&of[after].after, 1, t->loss, err) &&
                           count_parts(of, SIMULATED_BORNE_INSURER, &t->booked, true, err)));
}

/* --- what was recovered ----------------------------------------------------------------------- */

static bool borne_by_number(const struct trial *t, const struct policy *policy, struct shares *ret)
{
    *ret = (struct shares){0};
    for (size_t i = 0; i < t->parts; i++) {
        size_t payer = 0;
        while (payer < policy_payers(policy) &&
               !text_equal(policy_payer(policy, payer).name, t->part[i].payer)) {
            payer++;
        }
        if (payer == policy_payers(policy)) {
            return false;
        }
        ret->of[payer] = t->part[i].amount;
    }
    return true;
}

/* The parts of all recoveries after, in an array of the trial's; false in *ret_said if the policy
 * cannot say. */
static bool share_recoveries(struct trial *t, struct loss_parts *ret, bool *ret_said,
                             struct error *err)
{
    const struct policy *policy = t->rules.recovery.policy;
    struct recovery_case recovery = {.on = t->rules.recovery.on};
    struct shares so_far;
    struct shares parts;

    if (!borne_by_number(t, policy, &recovery.borne)) {
        error_set(err, FAULT_REFUSED, "claim.payer-unknown",
                  _("the policy of the recovery does not know a payer of the loss"));
        *ret_said = false;
        return simulating_undecided(t->s, err);
    }
    for (size_t i = 0; i < t->swept->recoveries; i++) {
        if (!simulating_add_money(&recovery.total, t->swept->recovery[i].net, err)) {
            return false;
        }
        if (!recovery_split(policy, &recovery, &so_far, &parts, err)) {
            *ret_said = false;
            return simulating_undecided(t->s, err);
        }
        recovery.before = recovery.total;
        parts = shares_booked(policy, &parts);
        ret[i] = (struct loss_parts){parts.of[PAYER_INSURER], parts.of[PAYER_FUND],
                                     parts.of[PAYER_BANK]};
    }
    *ret_said = true;
    return true;
}

static bool count_recovery(struct trial *t, const struct swept_recovery *recovery,
                           const struct loss_parts *after, struct error *err)
{
    struct simulated_pair *of = t->on->group->of;

    if (!trial_count_recovery(t, recovery, after, err)) {
        return false;
    }
    if (!simulating_is_in_period(t->s, recovery->day)) {
        return true;
    }
    return simulating_add(&of[SIMULATED_RECOVERED].before, 1, recovery->net, err) &&
           count_parts(of, SIMULATED_RECOVERED_INSURER, &recovery->parts, false, err) &&
           (!t->stands || (simulating_add(&of[SIMULATED_RECOVERED].after, 1, recovery->net, err) &&
                           count_parts(of, SIMULATED_RECOVERED_INSURER, after, true, err)));
}

static bool count_recoveries(struct trial *t, struct error *err)
{
    size_t count = t->swept->recoveries;
    struct loss_parts *after = arena_alloc_array(&t->s->work, count + 1, sizeof *after);
    bool said = false;

    if (t->stands && !t->as_booked && !share_recoveries(t, after, &said, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!t->stands) {
            after[i] = (struct loss_parts){.bank = t->swept->recovery[i].net};
        } else if (!said) {
            after[i] = t->swept->recovery[i].parts;
        }
        if (!count_recovery(t, &t->swept->recovery[i], &after[i], err)) {
            return false;
        }
    }
    return true;
}

static int by_loan(const void *key, const void *item)
{
    int64_t loan = *(const int64_t *)key;
    int64_t other = ((const struct claimed_loan *)item)->loan;
    return (loan > other) - (loan < other);
}

bool simulating_claim(void *context, const struct swept_claim *swept, struct error *err)
{
    struct simulating *s = context;
    struct trial trial = {.s = s, .swept = swept};

    trial.on = bsearch(&swept->claim.loan, s->claimed, s->claims, sizeof *s->claimed, by_loan);
    if (trial.on == NULL) {
        return event_malformed("loan", err);
    }
    if (!history_begin(&trial, err) || !hear(&trial, err) || !history_add(&trial, err)) {
        return false;
    }
    trial_carry(&trial);
    return count_claim(&trial, err) && trial_count_fund(&trial, err) &&
           count_recoveries(&trial, err);
}
