#include "cli/service/household_view.h"

#include "cli/service/policy_shelf.h"
#include "ledger/base/text.h"

static bool left_of(const struct policy *policy, enum parameter parameter, struct date day,
                    struct money used, struct money *ret, struct error *err)
{
    struct money limit;

    if (!policy_money(policy, parameter, day, &limit, NULL, err)) {
        return false;
    }
    if (!money_sub(limit, used, ret)) {
        return error_set(err, FAULT_REFUSED, "money.too-large", _("the sum does not fit"));
    }
    *ret = money_max(*ret, MONEY_ZERO);
    return true;
}

bool household_limits_load(struct office *office, int64_t household, struct household_limits *ret,
                           struct error *err)
{
    const struct policy *policy = NULL;
    struct money used;

    if (!policy_in_force(office->policies, office->store, office->day, &policy, err) ||
        !household_loans_load(office->store, &office->arena, household, 0, &ret->loans, err)) {
        return false;
    }
    if (!money_add(ret->loans.balance, ret->loans.approved, &used)) {
        return error_set(err, FAULT_REFUSED, "money.too-large", _("the sum does not fit"));
    }
    return left_of(policy, PARAMETER_HOUSEHOLD_LIMIT, office->day, used, &ret->left, err) &&
           left_of(policy, PARAMETER_MICRO_ENTREPRENEUR_LIMIT, office->day, used, &ret->left_micro,
                   err) &&
           left_of(policy, PARAMETER_COVERED_LIMIT, office->day, ret->loans.covered,
                   &ret->left_covered, err);
}
