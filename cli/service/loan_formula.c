#include "cli/service/loan_formula.h"

#include "cli/service/loan_parameter.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "ledger/loans/interest.h"

#define RATE_WHOLE 1000000

struct building {
    struct planning *planning;
    const struct loan *loan;
    bool is_penalty;
    struct principal_move *move;
    size_t moves;
    struct accrual sum;
    const char *terms; /* what is added up under one factor so far: "50,000.00 × 30 + ..." */
    size_t terms_count;
    struct rate factor; /* of these terms */
    const char *text;   /* terms under factors that are over */
    struct formula *ret;
};

static bool overflow(struct error *err)
{
    return error_set(err, FAULT_REFUSED, "loan.overflow", _("the interest does not fit"));
}

static bool balance_on(const struct building *b, struct date day, struct money *ret,
                       struct date *end)
{
    *ret = MONEY_ZERO;
    for (size_t i = 0; i < b->moves; i++) {
        if (date_compare(b->move[i].value_date, day) > 0) {
            *end = date_min(*end, b->move[i].value_date);
            return true;
        }
        if (!money_add(*ret, b->move[i].amount, ret)) {
            return false;
        }
    }
    return true;
}

/* "(A × m + B × n) × 4.35% × 1.5 ÷ 360" */
static void close_terms(struct building *b)
{
    struct arena *arena = b->planning->arena;
    char rate[RATE_TEXT_SIZE];
    const char *factor = "";

    if (b->terms_count == 0) {
        return;
    }
    if (b->is_penalty) {
        char percent[RATE_TEXT_SIZE];
        factor = arena_printf(arena, " × %s%%", rate_format(b->factor, percent));
    }
    b->text =
        arena_printf(arena, "%s%s%s%s%s × %s%%%s ÷ %d", b->text, b->text[0] == '\0' ? "" : " + ",
                     b->terms_count > 1 ? "(" : "", b->terms, b->terms_count > 1 ? ")" : "",
                     rate_format(b->loan->rate, rate), factor, INTEREST_YEAR_DAYS);
    b->terms = "";
    b->terms_count = 0;
}

static void add_term(struct building *b, struct money balance, int32_t days, struct rate factor)
{
    char text[MONEY_TEXT_SIZE];

    if (b->terms_count > 0 && factor.ppm != b->factor.ppm) {
        close_terms(b);
    }
    b->terms =
        arena_printf(b->planning->arena, "%s%s%s × %d", b->terms, b->terms_count == 0 ? "" : " + ",
                     money_format_grouped(balance, text), (int)days);
    b->terms_count++;
    b->factor = factor;
}

static bool factor_on(const struct building *b, struct date day, struct rate *ret, struct date *end,
                      struct error *err)
{
    struct loan_parameter found;

    *ret = rate_from_ppm(RATE_WHOLE);
    if (!b->is_penalty) {
        return true;
    }
    if (!loan_parameter_rate(b->planning, b->loan, PARAMETER_PENALTY_FACTOR, day, ret, &found,
                             err)) {
        return false;
    }
    if (found.may_change) {
        *end = date_min(*end, found.change);
    }
    return true;
}

static bool add_days(struct building *b, struct date from, struct date upto, struct error *err)
{
    for (struct date day = from; date_compare(day, upto) < 0;) {
        struct date end = upto;
        struct money balance;
        struct rate factor;
        if (!factor_on(b, day, &factor, &end, err)) {
            return false;
        }
        if (!balance_on(b, day, &balance, &end) ||
            !accrual_add_share(&b->sum, balance, date_days_between(day, end), b->loan->rate,
                               factor)) {
            return overflow(err);
        }
        add_term(b, balance, date_days_between(day, end), factor);
        day = end;
    }
    return true;
}

static bool build(struct building *b, struct date from, struct date upto, struct error *err)
{
    struct formula *ret = b->ret;
    char amount[MONEY_TEXT_SIZE];

    b->terms = "";
    b->text = "";
    *ret = (struct formula){.text = ""};
    if (date_compare(from, upto) >= 0) {
        return true;
    }
    if (!loan_principal_moves(b->planning->store, b->loan->id, b->planning->arena, &b->move,
                              &b->moves, err) ||
        !add_days(b, from, upto, err)) {
        return false;
    }
    if (!accrual_round(&b->sum, ROUND_HALF_UP, &ret->amount)) {
        return overflow(err);
    }
    close_terms(b);
    ret->days = date_days_between(from, upto);
    ret->text = arena_printf(b->planning->arena, "%s = %s", b->text,
                             money_format_grouped(ret->amount, amount));
    return true;
}

bool interest_formula(struct planning *planning, const struct loan *loan, struct date from,
                      struct date upto, struct formula *ret, struct error *err)
{
    struct building building = {.planning = planning, .loan = loan, .ret = ret};
    return build(&building, from, upto, err);
}

bool penalty_formula(struct planning *planning, const struct loan *loan, struct date upto,
                     struct formula *ret, struct error *err)
{
    struct building building = {.planning = planning, .loan = loan, .is_penalty = true, .ret = ret};
    return build(&building, loan->due, upto, err);
}
