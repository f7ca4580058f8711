/* The amounts of a schedule. Every row's interest is rounded once, on the balance it bears interest
 * on; the last row takes the rest of the principal. */
#include "ledger/loans/schedule.h"

#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/loans/schedule_plan.h"

struct builder {
    const struct schedule_terms *terms;
    struct schedule_plan plan;
    struct rate subsidy;        /* not above the contract rate */
    struct money level;         /* annuity: payment; equal principal, flat: principal part */
    struct money flat_part;     /* flat: the interest of a row, */
    struct money flat_left;     /* what of the whole is not yet taken, */
    struct money flat_interest; /* the whole, */
    struct money flat_subsidy;  /* and the subsidised part of the whole */
};

static bool within_limit(struct money amount)
{
    return money_compare(amount, money_from_fen(MONEY_LIMIT_FEN)) <= 0;
}

/* principal x rate x num / den, rounded once. */
static bool interest_on(struct money principal, struct rate rate, struct year_fraction time,
                        enum rounding how, struct money *ret)
{
    /* 10^15 x 10^9 x (366 x 18263) is below 2^103. */
    const wide product = (wide)money_fen(principal) * rate.ppm * time.num;
    int64_t fen;
    if (!wide_divide(product, (wide)RATE_WHOLE_PPM * time.den, how, &fen)) {
        return false;
    }
    *ret = money_from_fen(fen);
    return within_limit(*ret);
}

/* amount / count, rounded to whole instalment units. */
static bool equal_part(const struct schedule_terms *terms, struct money amount, int count,
                       struct money *ret)
{
    const int64_t unit = money_fen(terms->installment_unit);
    struct money units;
    return money_mul_div(amount, 1, unit * count, terms->rounding, &units) &&
           money_mul_div(units, unit, 1, ROUND_EXACT, ret);
}

static int rows_with_principal(const struct builder *b)
{
    return b->plan.count - b->terms->grace_principal;
}

/* Flat interest runs on the first principal over the whole time and is spread evenly. */
static bool prepare_flat(struct builder *b)
{
    const struct schedule_terms *terms = b->terms;
    /* All fractions of one convention have the same denominator. */
    struct year_fraction time = schedule_plan_fraction(&b->plan, terms, 0);
    for (int i = 1; i < b->plan.count; i++) {
        time.num += schedule_plan_fraction(&b->plan, terms, i).num;
    }
    if (!interest_on(terms->principal, terms->rate, time, terms->rounding, &b->flat_interest) ||
        !interest_on(terms->principal, b->subsidy, time, terms->rounding, &b->flat_subsidy)) {
        return false;
    }
    b->flat_left = b->flat_interest;
    return equal_part(terms, b->flat_interest, b->plan.count, &b->flat_part);
}

static bool prepare(struct builder *b)
{
    const struct schedule_terms *terms = b->terms;
    b->subsidy = rate_min(terms->subsidy, terms->rate);
    switch (terms->method) {
    case METHOD_INTEREST_ONLY:
    case METHOD_BULLET:
        return true;
    case METHOD_ANNUITY:
        return level_payment(terms, &b->plan, terms->grace_principal, &b->level);
    case METHOD_EQUAL_PRINCIPAL:
        return equal_part(terms, terms->principal, rows_with_principal(b), &b->level);
    case METHOD_FLAT:
        return equal_part(terms, terms->principal, rows_with_principal(b), &b->level) &&
               prepare_flat(b);
    }
    return false;
}

/* Takes `part`, or what is left if that is less or this is the last row. */
static struct money take_part(struct money part, bool last, struct money *left)
{
    const struct money taken = last ? *left : money_min(part, *left);
    *left = money_from_fen(money_fen(*left) - money_fen(taken));
    return taken;
}

/* The subsidised part of the flat interest taken so far: a cumulative share, so that no row's part
 * is below zero or above its interest and all of them make up the whole. */
static bool flat_subsidy_so_far(const struct builder *b, struct money *ret)
{
    *ret = MONEY_ZERO;
    if (money_is_zero(b->flat_interest)) {
        return true;
    }
    const int64_t taken = money_fen(b->flat_interest) - money_fen(b->flat_left);
    return money_mul_div(b->flat_subsidy, taken, money_fen(b->flat_interest), b->terms->rounding,
                         ret);
}

static bool row_flat_interest(struct builder *b, bool last, struct schedule_row *row)
{
    struct money before;
    struct money after;
    if (!flat_subsidy_so_far(b, &before)) {
        return false;
    }
    row->interest = take_part(b->flat_part, last, &b->flat_left);
    return flat_subsidy_so_far(b, &after) && money_sub(after, before, &row->subsidy);
}

static bool row_interest(struct builder *b, int i, struct money balance, struct schedule_row *row)
{
    const struct schedule_terms *terms = b->terms;
    if (terms->method == METHOD_FLAT) {
        if (!row_flat_interest(b, i == b->plan.count - 1, row)) {
            return false;
        }
    } else {
        const struct year_fraction time = schedule_plan_fraction(&b->plan, terms, i);
        if (!interest_on(balance, terms->rate, time, terms->rounding, &row->interest) ||
            !interest_on(balance, b->subsidy, time, terms->rounding, &row->subsidy)) {
            return false;
        }
    }
    return money_sub(row->interest, row->subsidy, &row->own_interest);
}

/* A level payment that does not even cover the interest repays nothing. */
static bool row_principal(const struct builder *b, int i, struct money balance,
                          struct schedule_row *row)
{
    const bool last = i == b->plan.count - 1;
    struct money part = MONEY_ZERO;
    if (!last && i >= b->terms->grace_principal) {
        part = b->level;
        if (b->terms->method == METHOD_ANNUITY && !money_sub(part, row->interest, &part)) {
            return false;
        }
    }
    row->balance = balance;
    row->principal = take_part(money_max(part, MONEY_ZERO), last, &row->balance);
    return money_add(row->principal, row->interest, &row->payment);
}

static bool add_to_totals(const struct schedule_row *row, struct schedule *schedule)
{
    return money_add(schedule->principal, row->principal, &schedule->principal) &&
           money_add(schedule->interest, row->interest, &schedule->interest) &&
           money_add(schedule->payment, row->payment, &schedule->payment) &&
           money_add(schedule->subsidy, row->subsidy, &schedule->subsidy) &&
           money_add(schedule->own_interest, row->own_interest, &schedule->own_interest) &&
           within_limit(schedule->payment);
}

static bool fill_rows(struct builder *b, struct schedule *schedule)
{
    struct money balance = b->terms->principal;
    for (int i = 0; i < b->plan.count; i++) {
        struct schedule_row *row = &schedule->row[i];
        row->no = i + 1;
        row->from = b->plan.at[i];
        row->due = b->plan.at[i + 1];
        row->days = schedule_plan_days(&b->plan, b->terms, i);
        if (!row_interest(b, i, balance, row) || !row_principal(b, i, balance, row) ||
            !add_to_totals(row, schedule)) {
            return false;
        }
        balance = row->balance;
    }
    return true;
}

bool schedule_build(const struct schedule_terms *terms, struct arena *arena, struct schedule *ret,
                    struct error *err)
{
    struct builder builder = {.terms = terms};
    if (!schedule_terms_check(terms, err) ||
        !schedule_plan_build(terms, arena, &builder.plan, err)) {
        return false;
    }
    const size_t count = (size_t)builder.plan.count;
    struct schedule schedule = {
        .row = arena_alloc_array(arena, count, sizeof *schedule.row),
        .count = count,
        .maturity = builder.plan.at[count],
    };
    if (!prepare(&builder) || !fill_rows(&builder, &schedule)) {
        (void)error_set(err, FAULT_USAGE, "quote.amount",
                        _("The instalments of this loan are too large to be written."));
        return error_limit(err, _("at most 10,000,000,000,000.00 yuan"));
    }
    *ret = schedule;
    return true;
}
