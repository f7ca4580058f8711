#include "rules/waterfall.h"

#include "rules/parameter.h"

#include <assert.h>

const struct loss_rule *loss_rule_on(const struct loss_waterfall *waterfall, struct date on)
{
    return dated_row_on(waterfall->rows, waterfall->count, sizeof *waterfall->rows, on);
}

const struct recovery_rule *recovery_rule_on(const struct recovery_waterfall *waterfall,
                                             struct date on)
{
    return dated_row_on(waterfall->rows, waterfall->count, sizeof *waterfall->rows, on);
}

/* What is taken from an amount never makes it negative, so these cannot fail. */
static struct money less(struct money a, struct money b)
{
    struct money rest = MONEY_ZERO;
    bool fits = money_sub(a, b, &rest);
    assert(fits);
    (void)fits;
    assert(!money_is_negative(rest));
    return rest;
}

static struct money part_of(struct money amount, int64_t num, int64_t den)
{
    struct money part = MONEY_ZERO;
    bool fits = money_mul_div(amount, num, den, ROUND_DOWN, &part);
    assert(fits);
    (void)fits;
    return part;
}

/* `rest` is what the shares leave, whether or not the fund can pay: what it cannot pay goes to the
 * remainder's taker and does not raise the parts of the steps after it. */
struct shares loss_split(const struct loss_rule *rule, struct money loss,
                         struct money fund_free_balance)
{
    assert(!money_is_negative(loss));
    struct shares shares = {0};
    struct money rest = loss;
    struct money unpaid = loss;
    for (size_t i = 0; i < rule->count; i++) {
        const struct loss_step *step = &rule->steps[i];
        struct money base = step->base == LOSS_BASE_LOSS ? loss : rest;
        struct money part = money_min(part_of(base, step->share.ppm, RATE_WHOLE_PPM), rest);
        rest = less(rest, part);
        if (step->at_most_free_balance) {
            part = money_min(part, money_max(fund_free_balance, MONEY_ZERO));
        }
        shares.of[step->payer] = part;
        unpaid = less(unpaid, part);
    }
    shares.of[rule->remainder] = unpaid;
    return shares;
}

/* One payer after the other takes its part of what is still to be shared, in the proportion of what
 * it bore to what it and those after it bore; the remainder's taker comes last. Cutting in two
 * again and again, unlike rounding every part of the whole down, never lets a part shrink when more
 * is recovered, and never gives anyone more than it bore. */
struct shares recovery_split(const struct recovery_rule *rule, const struct shares *borne,
                             struct money recovered_total)
{
    struct shares shares = {0};
    int64_t borne_left = 0;
    for (size_t i = 0; i < PAYER_COUNT; i++) {
        borne_left += money_fen(borne->of[i]);
    }
    assert(!money_is_negative(recovered_total) && money_fen(recovered_total) <= borne_left);
    struct money rest = recovered_total;
    for (size_t i = 0; i < PAYER_COUNT; i++) {
        int64_t own = money_fen(borne->of[i]);
        if (i == (size_t)rule->remainder || own == 0) {
            continue;
        }
        shares.of[i] = part_of(rest, own, borne_left);
        rest = less(rest, shares.of[i]);
        borne_left -= own;
    }
    shares.of[rule->remainder] = rest;
    return shares;
}
