#include "cli/service/simulating.h"

#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "ledger/fund/claim_sweep.h"
#include "ledger/fund/treasury.h"

#include <stdlib.h>
#include <string.h>

#define WORK_LIMIT ((size_t)64 << 20)

static bool too_large(struct error *err)
{
    return error_set(err, FAULT_REFUSED, "simulation.too-large",
                     _("the amounts of the simulation do not fit into one sum"));
}

bool simulating_add_money(struct money *sum, struct money amount, struct error *err)
{
    return money_add(*sum, amount, sum) || too_large(err);
}

bool simulating_take_money(struct money *sum, struct money amount, struct error *err)
{
    return money_sub(*sum, amount, sum) || too_large(err);
}

bool simulating_add(struct simulated_sum *sum, int64_t count, struct money amount,
                    struct error *err)
{
    sum->count += count;
    return simulating_add_money(&sum->amount, amount, err);
}

bool simulating_is_in_period(const struct simulating *s, struct date day)
{
    return date_compare(s->to->from, day) <= 0 && date_compare(day, s->to->to) <= 0;
}

/* Neighbours in the book are often of one office and one class. */
bool simulating_group(struct simulating *s, const char *office, enum loan_class class,
                      struct simulated_group **ret, struct error *err)
{
    struct simulation *to = s->to;
    struct simulated_group *found = s->last;

    if (found == NULL || found->class != class || !text_equal(found->office, office)) {
        found = NULL;
        for (size_t i = 0; found == NULL && i < to->groups; i++) {
            bool same = to->group[i]->class == class && text_equal(to->group[i]->office, office);
            found = same ? to->group[i] : NULL;
        }
    }
    if (found == NULL) {
        if (to->groups == SIMULATION_GROUPS_MAX) {
            error_set(err, FAULT_REFUSED, "simulation.too-large",
                      _("the book has too many offices"));
            return error_limit(err, _("%d offices and classes"), SIMULATION_GROUPS_MAX);
        }
        to->group = arena_grow(s->arena, to->group, to->groups, &s->group_capacity,
                               sizeof(struct simulated_group *));
        found = arena_alloc(s->arena, sizeof *found);
        *found = (struct simulated_group){.office = arena_text(s->arena, office), .class = class};
        to->group[to->groups++] = found;
    }
    s->last = found;
    *ret = found;
    return true;
}

bool simulating_undecided(struct simulating *s, const struct error *err)
{
    struct simulation *to = s->to;
    const char *text = err->limit[0] == '\0'
                           ? err->text
                           : arena_printf(&s->work, "%s (%s)", err->text, err->limit);

    if (err->fault != FAULT_REFUSED) {
        return false;
    }
    for (size_t i = 0; i < to->reasons; i++) {
        if (text_equal(to->reason[i].text, text)) {
            to->reason[i].count++;
            return true;
        }
    }
    if (to->reasons == SIMULATION_REASONS_MAX) {
        to->other_reasons++;
        return true;
    }
    to->reason[to->reasons++] = (struct simulated_reason){arena_text(s->arena, text), 1};
    return true;
}

/* --- the period ------------------------------------------------------------------------------- */

static bool refuse_period(struct date first, struct date last, struct error *err)
{
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];

    error_set(err, FAULT_REFUSED, "simulation.period",
              _("the period does not lie within the closed days of the book"));
    return error_limit(err, _("from %s to %s, and it begins no later than it ends"),
                       date_format(first, from), date_format(last, to));
}

static bool find_period(struct office *office, const struct simulation_request *request,
                        struct simulation *ret, struct error *err)
{
    struct date open;
    struct date year;

    if (!open_day_load(office->store, &open, err)) {
        return false;
    }
    struct date first = office->facts.opening_day;
    struct date last = date_add_days(open, -1);
    if (date_compare(last, first) < 0) {
        error_set(err, FAULT_REFUSED, "simulation.no-day", _("no day of the book is closed yet"));
        return error_next(err, _("close a day with `yicang day close`"));
    }
    ret->to = request->has_to ? request->to : last;
    if (!date_from_ymd((struct ymd){date_to_ymd(ret->to).year, 1, 1}, &year)) {
        return refuse_period(first, last, err);
    }
    ret->from = request->has_from ? request->from : date_max(first, year);
    return (date_compare(first, ret->from) <= 0 && date_compare(ret->from, ret->to) <= 0 &&
            date_compare(ret->to, last) <= 0) ||
           refuse_period(first, last, err);
}

static bool prepare_policy(const struct simulation_request *request, struct simulation *ret,
                           struct error *err)
{
    ret->held = request->has_rows_of;
    ret->rows_of = request->rows_of;
    ret->policy = policy_name(request->policy);
    ret->digest = policy_digest(request->policy);
    if (ret->held) {
        return policy_hold(request->policy, request->rows_of, err);
    }
    return policy_is_in_force(request->policy, ret->from, err) ||
           error_next(err, _("--rows-of DATE takes the rows of a later day for the whole period"));
}

/* --- the fund --------------------------------------------------------------------------------- */

static bool owed_to_fund(const struct turnover *turnover, struct simulated_pair *pair,
                         struct error *err)
{
    return simulating_add_money(&pair->before.amount, turnover->debit, err) &&
           simulating_take_money(&pair->before.amount, turnover->credit, err);
}

static bool owed_by_fund(const struct turnover *turnover, struct simulated_pair *pair,
                         struct error *err)
{
    return simulating_add_money(&pair->before.amount, turnover->credit, err) &&
           simulating_take_money(&pair->before.amount, turnover->debit, err);
}

static bool fund_begin(struct simulating *s, struct error *err)
{
    struct date to = s->to->to;
    struct turnover turnover[ACCOUNT_SLOTS];
    struct simulated_pair *total = s->to->total;

    if (!journal_turnover_on(s->store, to, turnover, err)) {
        return false;
    }
    if (!owed_to_fund(&turnover[ACCOUNT_SPECIAL_ACCOUNT], &total[SIMULATED_SPECIAL_ACCOUNT], err) ||
        !owed_by_fund(&turnover[ACCOUNT_CLAIMS_PAYABLE], &total[SIMULATED_PAYABLE], err) ||
        !owed_by_fund(&turnover[ACCOUNT_ADVANCES_PAYABLE], &total[SIMULATED_ADVANCES], err) ||
        !fund_top_ups_load(s->store, s->to->from, to, s->arena, &s->top_up, &s->top_ups, err)) {
        return false;
    }
    s->base_change = arena_alloc_array(s->arena, s->top_ups + 1, sizeof *s->base_change);
    for (size_t i = 0; i < s->top_ups; i++) {
        s->base_change[i] = MONEY_ZERO;
    }
    return true;
}

/* The policy of that 31 December, and the principal that would have been outstanding. */
static bool top_up_again(struct simulating *s, size_t index, struct money *ret, struct error *err)
{
    const struct past_top_up *booked = &s->top_up[index];
    const struct policy *policy = NULL;
    struct money base = booked->base;
    struct rate share;

    if (!simulating_add_money(&base, s->base_change[index], err) ||
        !policy_in_force(s->supposed, s->store, booked->last, &policy, err) ||
        !policy_rate(policy, PARAMETER_TOP_UP_SHARE, booked->last, &share, NULL, err)) {
        return false;
    }
    return money_share(money_max(base, MONEY_ZERO), share, ROUND_HALF_UP, ret) || too_large(err);
}

static bool add_top_ups(struct simulating *s, struct error *err)
{
    struct simulated_pair *total = &s->to->total[SIMULATED_TOP_UP];

    for (size_t i = 0; i < s->top_ups; i++) {
        struct money after;
        if (!top_up_again(s, i, &after, err) ||
            !simulating_add(&total->before, 1, s->top_up[i].amount, err) ||
            !simulating_add(&total->after, money_is_positive(after) ? 1 : 0, after, err)) {
            return false;
        }
    }
    return true;
}

/* Before or after: the special account less all that is owed and reserved. */
static bool find_free(struct simulated_pair *total, bool after, struct error *err)
{
    static const enum simulated_figure owed[] = {SIMULATED_PAYABLE, SIMULATED_ADVANCES,
                                                 SIMULATED_RESERVED};
    struct simulated_pair *special = &total[SIMULATED_SPECIAL_ACCOUNT];
    struct simulated_pair *free = &total[SIMULATED_FREE];
    struct money *sum = after ? &free->after.amount : &free->before.amount;

    *sum = after ? special->after.amount : special->before.amount;
    for (size_t i = 0; i < COUNT_OF(owed); i++) {
        const struct simulated_pair *pair = &total[owed[i]];
        if (!simulating_take_money(sum, after ? pair->after.amount : pair->before.amount, err)) {
            return false;
        }
    }
    return true;
}

static bool fund_end(struct simulating *s, struct error *err)
{
    struct simulated_pair *total = s->to->total;
    struct simulated_pair *special = &total[SIMULATED_SPECIAL_ACCOUNT];
    struct simulated_pair *payable = &total[SIMULATED_PAYABLE];
    struct simulated_pair *advances = &total[SIMULATED_ADVANCES];
    struct simulated_pair *top_up = &total[SIMULATED_TOP_UP];

    special->after = special->before;
    payable->after = payable->before;
    advances->after = advances->before;
    return add_top_ups(s, err) &&
           simulating_add_money(&special->after.amount, s->special_change, err) &&
           simulating_add_money(&special->after.amount, top_up->after.amount, err) &&
           simulating_take_money(&special->after.amount, top_up->before.amount, err) &&
           simulating_add_money(&payable->after.amount, s->payable_change, err) &&
           simulating_add_money(&advances->after.amount, s->advances_change, err) &&
           find_free(total, false, err) && find_free(total, true, err);
}

/* --- the premium ------------------------------------------------------------------------------ */

/* Up to which day each claim of the period asked for it stands in its event alone. */
static bool premium_begin(struct simulating *s, struct error *err)
{
    int64_t *seq = NULL;

    if (!premium_claims_between(s->store, s->to->from, s->to->to, s->arena, &seq, &s->premiums,
                                err)) {
        return false;
    }
    s->premium = arena_alloc_array(s->arena, s->premiums + 1, sizeof *s->premium);
    for (size_t i = 0; i < s->premiums; i++) {
        struct past_premium_claim *claim = &s->premium[i];
        struct event event;
        struct sha256 leaf;
        claim->seq = (uint64_t)seq[i];
        if (!event_load(s->store, &s->work, s->origin, claim->seq, &event, &leaf, err)) {
            return false;
        }
        const struct canon *in = canon_get(event.body, "in");
        if (in == NULL || !canon_get_date(in, "through", &claim->through)) {
            return event_malformed("through", err);
        }
        arena_reset(&s->work);
    }
    return true;
}

/* --- the whole -------------------------------------------------------------------------------- */

static int by_office_and_class(const void *a, const void *b)
{
    const struct simulated_group *one = *(struct simulated_group *const *)a;
    const struct simulated_group *other = *(struct simulated_group *const *)b;
    int order = strcmp(one->office, other->office);
    return order != 0 ? order : (int)one->class - (int)other->class;
}

static bool find_change(struct simulated_pair *pair, struct error *err)
{
    pair->change = pair->after;
    pair->change.count -= pair->before.count;
    return simulating_take_money(&pair->change.amount, pair->before.amount, err);
}

static bool add_totals(struct simulation *to, struct error *err)
{
    for (size_t i = 0; i < to->groups; i++) {
        for (size_t figure = 0; figure < SIMULATED_OF_LOANS; figure++) {
            struct simulated_pair *pair = &to->group[i]->of[figure];
            struct simulated_pair *total = &to->total[figure];
            if (!find_change(pair, err) ||
                !simulating_add(&total->before, pair->before.count, pair->before.amount, err) ||
                !simulating_add(&total->after, pair->after.count, pair->after.amount, err)) {
                return false;
            }
        }
    }
    for (size_t figure = 0; figure < SIMULATED_FIGURES; figure++) {
        if (!find_change(&to->total[figure], err)) {
            return false;
        }
    }
    if (to->groups > 1) {
        qsort(to->group, to->groups, sizeof(struct simulated_group *), by_office_and_class);
    }
    return true;
}

static bool run(struct simulating *s, struct error *err)
{
    struct date to = s->to->to;

    return policy_in_force(s->book, s->store, to, &s->book_policy, err) && fund_begin(s, err) &&
           premium_begin(s, err) &&
           loans_sweep(s->store, s->to->from, to, &s->work, simulating_loan, s, err) &&
           claims_sweep(s->store, to, &s->work, simulating_claim, s, err) && fund_end(s, err) &&
           add_totals(s->to, err);
}

bool policy_simulate(struct office *office, const struct simulation_request *request,
                     struct arena *arena, struct simulation *ret, struct error *err)
{
    AUTO_TRANSACTION snapshot = {0};
    struct simulating s = {.to = ret,
                           .store = office->store,
                           .origin = office->facts.origin,
                           .book = office->policies,
                           .policy = request->policy,
                           .arena = arena};

    *ret = (struct simulation){0};
    if (!transaction_begin_read(office->store, &snapshot, err) ||
        !find_period(office, request, ret, err) || !prepare_policy(request, ret, err)) {
        return false;
    }
    s.supposed = policy_shelf_new();
    policy_suppose(s.supposed, request->policy, ret->from);
    arena_init(&s.work, WORK_LIMIT);
    s.planning =
        (struct planning){.store = office->store, .policies = s.supposed, .origin = s.origin};
    planning_init(&s.planning, &s.work);
    bool ok = run(&s, err);
    planning_release(&s.planning);
    arena_release(&s.work);
    policy_shelf_free(s.supposed);
    return ok;
}
