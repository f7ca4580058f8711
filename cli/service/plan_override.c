#include "cli/service/plan_override.h"

#include "cli/service/policy_shelf.h"
#include "ledger/base/text.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/loan_override.h"

static bool find_point(const char *name, enum decision_point *ret, struct error *err)
{
    for (size_t i = 0; i < DECISION_POINT_COUNT; i++) {
        if (!decision_point_is_silent((enum decision_point)i) &&
            text_equal(decision_point_name((enum decision_point)i), name)) {
            *ret = (enum decision_point)i;
            return true;
        }
    }
    error_set(err, FAULT_USAGE, "override.point", _("there is no decision “%s”"), name);
    return error_limit(err, "eligibility, disbursement, lending, claim");
}

/* The fund's money is the bureau's to decide on, loans are the bank's. */
static bool role_fits(const struct planning *p, enum decision_point point, struct error *err)
{
    enum role wanted = point == DECISION_CLAIM ? ROLE_BUREAU_OFFICER : ROLE_MANAGER;

    if (p->role == wanted) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "override.role", _("the role %s cannot propose this exception"),
              role_title(p->role));
    return error_next(err, _("ask somebody with the role %s"), role_title(wanted));
}

static bool policy_allows(struct planning *p, const struct loan *loan, enum decision_point point,
                          const char *condition, struct error *err)
{
    const struct policy *policy = NULL;

    if (!policy_with_digest(p->policies, p->store, &loan->policy, &policy, err)) {
        return false;
    }
    if (policy_may_override(policy, point, condition)) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "override.condition",
              _("the policy allows no exception from “%s” (%s)"), condition,
              decision_point_name(point));
    return error_next(err, _("`yicang policy show` says from which conditions it does"));
}

bool plan_loan_override(struct planning *p, const struct canon *request, struct error *err)
{
    struct loan loan;
    int64_t id = 0;
    int64_t there = 0;
    enum decision_point point = DECISION_ELIGIBILITY;
    const char *at = canon_get_text(request, "point");
    const char *condition = canon_get_text(request, "condition");

    if (!canon_get_int(request, "loan", &id) || at == NULL || condition == NULL ||
        canon_get_text(request, "reason") == NULL) {
        return request_malformed("loan, point, condition, reason", err);
    }
    if (!find_point(at, &point, err) || !role_fits(p, point, err) ||
        !loan_load(p->store, p->arena, id, &loan, err) ||
        !policy_allows(p, &loan, point, condition, err) ||
        !loan_override_find(p->store, id, at, condition, &there, err) ||
        !loan_override_next(p->store, &id, err)) {
        return false;
    }
    if (there != 0) {
        return error_set(err, FAULT_REFUSED, "override.made-already",
                         _("there is such an exception already, number %lld"), (long long)there);
    }
    canon_set_int(p->out, "override", id);
    return true;
}

bool project_loan_override(const struct projection *p, struct error *err)
{
    struct loan_override override = {.point = canon_get_text(p->in, "point"),
                                     .condition = canon_get_text(p->in, "condition"),
                                     .reason = canon_get_text(p->in, "reason"),
                                     .day = p->day,
                                     .actor = p->actor};

    if (!canon_get_int(p->in, "loan", &override.loan) ||
        !canon_get_int(p->out, "override", &override.id) || override.point == NULL ||
        override.condition == NULL || override.reason == NULL) {
        return event_malformed("override", err);
    }
    return loan_override_put(p->store, p->seq, &override, err);
}

bool project_overrides(const struct projection *p, struct error *err)
{
    const struct canon *overrides = canon_get(p->out, "overrides");

    for (size_t i = 0; overrides != NULL && i < canon_count(overrides); i++) {
        const char *text = canon_as_text(canon_at(overrides, i));
        int64_t id = 0;
        if (text == NULL || !text_parse_int(text, 1, INT64_MAX, &id, err)) {
            return event_malformed("overrides", err);
        }
        if (!loan_override_use_put(p->store, p->seq, id, err)) {
            return false;
        }
    }
    return true;
}
