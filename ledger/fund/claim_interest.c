#include "ledger/fund/claim_interest.h"

/* part of whole, applied to the amount; nothing of nothing. */
static bool proportion(struct money amount, struct money part, struct money whole,
                       struct money *ret)
{
    *ret = MONEY_ZERO;
    return !money_is_positive(whole) ||
           money_mul_div(amount, money_fen(part), money_fen(whole), ROUND_DOWN, ret);
}

bool covered_interest(struct money unpaid_interest, struct money covered,
                      struct money unpaid_principal, struct money *ret)
{
    return proportion(unpaid_interest, covered, unpaid_principal, ret);
}

bool loss_interest(struct money loss, struct money principal, struct money interest,
                   struct money *ret)
{
    struct money both;

    return money_add(principal, interest, &both) && proportion(loss, interest, both, ret);
}

bool claim_interest_borne(const struct claim *claim, struct money *ret)
{
    struct money borne;

    return money_add(claim->parts.insurer, claim->parts.fund, &borne) &&
           proportion(borne, claim->interest, claim->loss, ret);
}

static bool recovered_so_far(const struct claim *claim, struct money bank_so_far, struct money *ret)
{
    struct money borne;
    struct money left;

    return claim_interest_borne(claim, &borne) && money_sub(claim->interest, borne, &left) &&
           proportion(bank_so_far, left, claim->parts.bank, ret);
}

bool claim_interest_recovered(const struct claim *claim, struct money bank_before,
                              struct money part, struct money *ret)
{
    struct money so_far;
    struct money before;

    return recovered_so_far(claim, bank_before, &before) && money_add(bank_before, part, &so_far) &&
           recovered_so_far(claim, so_far, ret) && money_sub(*ret, before, ret);
}
