#include "cli/service/loan_parameter.h"

#include "cli/service/policy_shelf.h"

/* A day close asks for the same days again and again, and a walk for one day after the other. */
bool policy_of_day(struct planning *p, struct date day, const struct in_force **ret,
                   struct error *err)
{
    struct in_force *memo = &p->in_force;

    *ret = memo;
    if (memo->known && date_compare(memo->on, day) <= 0 &&
        (!memo->changes || date_compare(day, memo->change) < 0)) {
        return true;
    }
    memo->on = day;
    memo->known =
        policy_in_force(p->policies, p->store, day, &memo->policy, err) &&
        policy_version_after(p->policies, p->store, day, &memo->changes, &memo->change, err);
    return memo->known;
}

/* The first day after `day` on which the parameter may have another value. */
static void find_change(const struct in_force *in_force, enum parameter parameter, struct date day,
                        struct loan_parameter *ret)
{
    ret->may_change = policy_next_change(ret->policy, parameter, day, &ret->change);
    if (in_force->changes) {
        ret->change = ret->may_change ? date_min(ret->change, in_force->change) : in_force->change;
        ret->may_change = true;
    }
}

static bool find_on_accrual(struct planning *p, enum parameter parameter, struct date accrual,
                            struct loan_parameter *ret, struct error *err)
{
    const struct in_force *in_force = NULL;

    if (!policy_of_day(p, accrual, &in_force, err)) {
        return false;
    }
    ret->on = accrual;
    ret->policy = in_force->policy;
    find_change(in_force, parameter, accrual, ret);
    return true;
}

bool loan_parameter_find(struct planning *p, const struct loan *loan, enum parameter parameter,
                         struct date accrual, struct loan_parameter *ret, struct error *err)
{
    *ret = (struct loan_parameter){.on = loan->start};
    if (!policy_with_digest(p->policies, p->store, &loan->policy, &ret->policy, err)) {
        return false;
    }
    switch (policy_governed_by(ret->policy, parameter)) {
    case GOVERNED_BY_APPLICATION:
        ret->on = loan->applied_on;
        return true;
    case GOVERNED_BY_ACCRUAL:
    case GOVERNED_BY_CLAIM: /* whoever asks for one of these gives the day of the claim */
        return find_on_accrual(p, parameter, accrual, ret, err);
    case GOVERNED_BY_SIGNING:
    case GOVERNING_DATE_COUNT:
        break;
    }
    return true;
}

bool loan_parameter_rate(struct planning *p, const struct loan *loan, enum parameter parameter,
                         struct date accrual, struct rate *ret, struct loan_parameter *ret_found,
                         struct error *err)
{
    return loan_parameter_find(p, loan, parameter, accrual, ret_found, err) &&
           policy_rate(ret_found->policy, parameter, ret_found->on, ret, NULL, err);
}

bool loan_non_accrual_days(struct planning *p, const struct loan *loan, struct date day,
                           int64_t *ret, struct loan_parameter *ret_found, struct error *err)
{
    return loan_parameter_find(p, loan, PARAMETER_NON_ACCRUAL_AFTER_DAYS, day, ret_found, err) &&
           policy_int(ret_found->policy, PARAMETER_NON_ACCRUAL_AFTER_DAYS, ret_found->on, ret, NULL,
                      err);
}
