/* simulate_fund.c - what a claim under another policy does to the fund, and to what the books still
 * carry of its loan. */
#include "cli/service/simulating_claim.h"
#include "ledger/base/text.h"
#include "ledger/fund/claim_interest.h"

/* *by += a - b. */
static bool shift(struct money *by, struct money a, struct money b, struct error *err)
{
    return simulating_add_money(by, a, err) && simulating_take_money(by, b, err);
}

/* --- what is handed over ---------------------------------------------------------------------- */

static enum claim_party party_of(const struct policy *policy, size_t payer)
{
    switch (policy_payer(policy, payer).booked_as) {
    case PAYER_INSURER:
        return CLAIM_PARTY_INSURER;
    case PAYER_FUND:
        return CLAIM_PARTY_FUND;
    case PAYER_BANK:
    case PAYER_COUNT:
        break;
    }
    return CLAIM_PARTY_BANK;
}

/* Of what a party bears in the book: how many sums, how many of them the bank has, and how many the
 * party has paid itself, also as an advance given back. */
struct paid_so_far {
    size_t sums, received, settled;
};

static struct paid_so_far paid_by(const struct swept_claim *swept, enum claim_party party)
{
    struct paid_so_far paid = {0};

    for (size_t i = 0; i < swept->dues; i++) {
        const struct claim_due *due = &swept->due[i];
        if (due->booked == party) {
            paid.sums++;
            paid.received += due->paid ? 1 : 0;
            paid.settled += (claim_due_is_advanced(due) ? due->refunded : due->paid) ? 1 : 0;
        }
    }
    return paid;
}

/* The sums that a party bears are paid as they were in the book, by their number: the first as the
 * first, and all if all were. Who bore nothing there has paid once the bank had everything. */
static bool is_done(size_t number, size_t done, size_t sums, bool has_all)
{
    return sums == 0 ? has_all : done == sums || number <= done;
}

static void suppose_paid(struct trial *t, enum claim_party party)
{
    struct paid_so_far paid = paid_by(t->swept, party);
    bool has_all = text_equal(t->swept->claim.status, "paid");
    size_t number = 0;

    for (size_t i = 0; i < t->dues; i++) {
        struct claim_due *due = &t->due[i];
        if (due->booked == party) {
            number++;
            due->paid = has_all || is_done(number, paid.received, paid.sums, has_all);
            due->refunded = claim_due_is_advanced(due) && due->paid &&
                            is_done(number, paid.settled, paid.sums, has_all);
        }
    }
}

void trial_take_dues(struct trial *t, const struct policy *policy, const struct loss_split *split)
{
    t->due = arena_alloc_array(&t->s->work, split->payment_count + 1, sizeof *t->due);
    t->dues = split->payment_count;
    for (size_t i = 0; i < t->dues; i++) {
        const struct loss_payment *payment = &split->payments[i];
        t->due[i] = (struct claim_due){.payer = policy_payer(policy, payment->payer).name,
                                       .paid_by = policy_payer(policy, payment->by).name,
                                       .booked = party_of(policy, payment->payer),
                                       .booked_by = party_of(policy, payment->by),
                                       .amount = payment->amount};
    }
    suppose_paid(t, CLAIM_PARTY_INSURER);
    suppose_paid(t, CLAIM_PARTY_FUND);
}

/* --- the fund --------------------------------------------------------------------------------- */

/* What the fund has handed over for a claim, less what was given back, and what it still owes. */
struct outlay {
    struct money handed, payable, advances, reserved;
};

static bool add_due(const struct claim_due *due, bool filed, struct outlay *ret, struct error *err)
{
    bool by_fund = due->booked_by == CLAIM_PARTY_FUND;
    bool of_fund = due->booked == CLAIM_PARTY_FUND;

    if (!by_fund && !of_fund) {
        return true;
    }
    if (filed) {
        return simulating_add_money(&ret->reserved, due->amount, err);
    }
    if (!by_fund) {
        return simulating_add_money(due->refunded ? &ret->handed : &ret->advances, due->amount,
                                    err);
    }
    return simulating_add_money(due->paid ? &ret->handed : &ret->payable, due->amount, err) &&
           (of_fund || !due->refunded || simulating_take_money(&ret->handed, due->amount, err));
}

static bool outlay_of(const struct claim_due *due, size_t dues, bool filed, struct outlay *ret,
                      struct error *err)
{
    *ret = (struct outlay){0};
    for (size_t i = 0; i < dues; i++) {
        if (!add_due(&due[i], filed, ret, err)) {
            return false;
        }
    }
    return true;
}

static bool change_fund(struct simulating *s, const struct outlay *before,
                        const struct outlay *after, struct error *err)
{
    struct simulated_pair *reserved = &s->to->total[SIMULATED_RESERVED];

    return shift(&s->special_change, before->handed, after->handed, err) &&
           shift(&s->payable_change, after->payable, before->payable, err) &&
           shift(&s->advances_change, after->advances, before->advances, err) &&
           simulating_add_money(&reserved->before.amount, before->reserved, err) &&
           simulating_add_money(&reserved->after.amount, after->reserved, err);
}

/* --- what the books still carry --------------------------------------------------------------- */

/* What the loan is carried at changes by this much from that day on. A loan that is not lent was
 * taken out of every top-up as a whole. */
static bool carry(struct trial *t, struct date day, struct money more, struct money less,
                  struct error *err)
{
    struct simulating *s = t->s;
    struct claimed_loan *on = t->on;
    struct simulated_sum *outstanding = &on->group_after->of[SIMULATED_OUTSTANDING].after;

    if (on->dropped) {
        return true;
    }
    outstanding->count -= money_is_positive(on->carried) ? 1 : 0;
    if (!shift(&on->carried, more, less, err)) {
        return false;
    }
    outstanding->count += money_is_positive(on->carried) ? 1 : 0;
    for (size_t i = 0; i < s->top_ups; i++) {
        if (date_compare(day, s->top_up[i].last) <= 0 &&
            !shift(&s->base_change[i], more, less, err)) {
            return false;
        }
    }
    return shift(&outstanding->amount, more, less, err);
}

/* A claim that may not be made leaves the whole loss with the bank. */
void trial_carry(struct trial *t)
{
    t->before = t->after = t->swept->claim;
    t->before.recovered.bank = t->after.recovered.bank = MONEY_ZERO;
    if (t->stands) {
        t->after.loss = t->loss;
        t->after.interest = t->interest;
        t->after.parts = t->booked;
    } else {
        t->after.parts = (struct loss_parts){.bank = t->swept->claim.loss};
    }
}

/* What acceptance takes out of the principal. */
static bool principal_borne(const struct claim *claim, struct money *ret)
{
    struct money interest;

    return money_add(claim->parts.insurer, claim->parts.fund, ret) &&
           claim_interest_borne(claim, &interest) && money_sub(*ret, interest, ret);
}

/* What a part that the bank gets back takes out of it. */
static bool principal_recovered(struct claim *claim, struct money part, struct money *ret)
{
    struct money interest;

    return claim_interest_recovered(claim, claim->recovered.bank, part, &interest) &&
           money_sub(part, interest, ret) &&
           money_add(claim->recovered.bank, part, &claim->recovered.bank);
}

static bool fits(bool done, struct error *err)
{
    return done || error_set(err, FAULT_REFUSED, "simulation.too-large",
                             _("the amounts of the simulation do not fit into one sum"));
}

bool trial_count_fund(struct trial *t, struct error *err)
{
    const struct claim *claim = &t->swept->claim;
    bool filed = text_equal(claim->status, "filed");
    struct outlay before;
    struct outlay after;
    struct money more;
    struct money less;

    if (text_equal(claim->status, "refused")) {
        return true;
    }
    if (!outlay_of(t->swept->due, t->swept->dues, filed, &before, err) ||
        !outlay_of(t->due, t->stands ? t->dues : 0, filed, &after, err) ||
        !change_fund(t->s, &before, &after, err)) {
        return false;
    }
    return filed ||
           (fits(principal_borne(&t->before, &more) && principal_borne(&t->after, &less), err) &&
            carry(t, t->swept->accepted_on, more, less, err));
}

bool trial_count_recovery(struct trial *t, const struct swept_recovery *recovery,
                          const struct loss_parts *after, struct error *err)
{
    struct money more = MONEY_ZERO;
    struct money less = MONEY_ZERO;

    if (recovery->handed_over &&
        !shift(&t->s->special_change, after->fund, recovery->parts.fund, err)) {
        return false;
    }
    return fits(principal_recovered(&t->before, recovery->parts.bank, &more) &&
                    principal_recovered(&t->after, after->bank, &less),
                err) &&
           carry(t, recovery->day, more, less, err);
}
