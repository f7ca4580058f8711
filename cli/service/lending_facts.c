#include "cli/service/lending_facts.h"

#include "cli/service/classification.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "ledger/fund/fund.h"
#include "ledger/loans/loan_dun.h"
#include "ledger/loans/loan_state.h"

#include <string.h>

static bool outstanding(struct store *store, struct money *ret, struct error *err)
{
    static const enum account accounts[] = {ACCOUNT_LOANS_NORMAL, ACCOUNT_LOANS_OVERDUE,
                                            ACCOUNT_LOANS_NON_ACCRUAL};
    *ret = MONEY_ZERO;
    for (size_t i = 0; i < COUNT_OF(accounts); i++) {
        struct money part;
        if (!account_balance(store, accounts[i], &part, err)) {
            return false;
        }
        if (!money_add(*ret, part, ret)) {
            return error_set(err, FAULT_INTEGRITY, "loan.overflow",
                             _("the outstanding principal does not fit"));
        }
    }
    return true;
}

/* The due day of the oldest overdue sum up to which a loan is bad by its days overdue alone. */
static bool bad_by_table(const struct planning *p, const struct policy *policy, struct date *ret,
                         struct error *err)
{
    int64_t days = 0;

    if (!policy_days_to_class(policy, p->day, CLASS_SUBSTANDARD, &days, err)) {
        return false;
    }
    *ret =
        date_from_day(days > p->day.day - DATE_DAY_MIN ? DATE_DAY_MIN : p->day.day - (int32_t)days);
    return true;
}

/* The class of a day is decided at its close. On the open day a loan is bad if its class is, or if
 * its days overdue have come that far since. */
static bool bad_loans(struct planning *p, const struct policy *policy, struct money all,
                      struct money *ret, struct error *err)
{
    struct date since;
    bool kept = false;

    if (!bad_by_table(p, policy, &since, err)) {
        return false;
    }
    if (date_compare(since, p->day) >= 0) {
        *ret = all;
        return true;
    }
    if (!loans_overdue_since(p->store, since, ret, err) ||
        !classes_are_kept(p->store, p->policies, p->day, &kept, err)) {
        return false;
    }
    for (enum loan_class class = CLASS_SUBSTANDARD; kept && class <= CLASS_LOSS; class ++) {
        struct money part;
        if (!loans_in_class(p->store, loan_class_word(class), since, &part, err)) {
            return false;
        }
        if (!money_add(*ret, part, ret)) {
            return error_set(err, FAULT_INTEGRITY, "loan.overflow",
                             _("the outstanding principal does not fit"));
        }
    }
    return true;
}

bool lending_facts(struct planning *p, const struct policy *policy, struct case_facts *facts,
                   struct error *err)
{
    struct fund_position fund;
    struct money all;
    struct money bad;
    struct money ratio = MONEY_ZERO;

    if (!outstanding(p->store, &all, err) || !bad_loans(p, policy, all, &bad, err) ||
        !fund_position_load(p->store, &fund, err)) {
        return false;
    }
    if (money_is_positive(all) &&
        !money_mul_div(bad, RATE_WHOLE_PPM, money_fen(all), ROUND_HALF_UP, &ratio)) {
        return error_set(err, FAULT_INTEGRITY, "loan.overflow",
                         _("the outstanding principal does not fit"));
    }
    case_set_money(facts, FACT_LOANS_BALANCE, all);
    case_set_money(facts, FACT_FUND_FREE_BALANCE, fund.free);
    case_set_rate(facts, FACT_NPL_RATIO, rate_from_ppm(money_fen(ratio)));
    return true;
}

/* A word of a request as conditions spell it: micro-entrepreneur is micro_entrepreneur there. */
static bool set_word(struct planning *p, struct case_facts *facts, enum fact_name name,
                     const char *word, const char *reason, struct error *err)
{
    char *spelt = arena_text(p->arena, word);

    for (char *at = strchr(spelt, '-'); at != NULL; at = strchr(at, '-')) {
        *at = '_';
    }
    if (case_set_word(facts, name, spelt)) {
        return true;
    }
    struct symbol symbol = fact_symbol(name);
    const char *list = "";
    for (size_t i = 0; i < symbol.words->count; i++) {
        list = arena_printf(p->arena, "%s%s%s", list, i == 0 ? "" : ", ", symbol.words->words[i]);
    }
    error_set(err, FAULT_USAGE, reason, _("“%s” is not a known %s"), word, symbol.name);
    return error_limit(err, "%s", list);
}

bool loan_standing_fact(struct planning *p, const struct loan *loan, struct date day,
                        struct case_facts *facts, struct household_standing *ret, struct error *err)
{
    return household_standing_on(p->store, p->arena, loan->household, day, ret, err) &&
           set_word(p, facts, FACT_HOUSEHOLD_STATUS, ret->status, "household.status", err);
}

bool loan_contract_facts(struct planning *p, const struct loan *loan, struct case_facts *facts,
                         struct error *err)
{
    case_set_count(facts, FACT_TERM, loan->term_months);
    case_set_rate(facts, FACT_RATE, loan->rate);
    return set_word(p, facts, FACT_PRODUCT, loan->product, "loan.product", err) &&
           set_word(p, facts, FACT_PURPOSE, loan->purpose, "loan.purpose", err);
}

bool loan_terms_facts(struct planning *p, const struct loan *loan, struct case_facts *facts,
                      struct error *err)
{
    struct household_standing standing;

    return loan_contract_facts(p, loan, facts, err) &&
           loan_standing_fact(p, loan, p->day, facts, &standing, err);
}

void loan_use_fact(const struct use_findings *findings, struct date day, struct case_facts *facts,
                   struct date *end)
{
    const struct use_finding *next = NULL;
    const struct use_finding *last = use_found_by(findings, day, &next);

    if (last != NULL) {
        case_set_truth(facts, FACT_USED_AS_APPLIED, last->as_applied);
    }
    if (end != NULL && next != NULL) {
        *end = date_min(*end, next->on);
    }
}

bool loan_watch_facts(struct store *store, int64_t loan, struct date overdue_since, uint64_t seq,
                      struct case_facts *facts, struct error *err)
{
    int64_t notices = 0;
    bool inspected = false;
    bool as_applied = false;

    if (!loan_duns_since(store, loan, overdue_since, seq, &notices, err) ||
        !loan_used_as_applied(store, loan, seq, &inspected, &as_applied, err)) {
        return false;
    }
    case_set_count(facts, FACT_COLLECTION_NOTICES, notices);
    if (inspected) {
        case_set_truth(facts, FACT_USED_AS_APPLIED, as_applied);
    }
    return true;
}
