#include "cli/service/project_referral.h"

#include "ledger/loans/loan_referral.h"

bool project_referrals(const struct projection *p, struct error *err)
{
    const struct canon *list = canon_get(p->out, "referred");
    struct loan_referral referral = {.seq = p->seq,
                                     .reason = canon_get_text(p->in, "reason"),
                                     .day = p->day,
                                     .actor = decided_by(p->out, p->actor)};

    if (list == NULL) {
        return true;
    }
    /* A decision on a claim names the loan in its out. */
    if (referral.reason == NULL || (!canon_get_int(p->in, "loan", &referral.loan) &&
                                    !canon_get_int(p->out, "loan", &referral.loan))) {
        return event_malformed("loan, reason", err);
    }
    for (size_t i = 0; i < canon_count(list); i++) {
        referral.point = canon_get_text(canon_at(list, i), "point");
        referral.condition = canon_get_text(canon_at(list, i), "condition");
        if (referral.point == NULL || referral.condition == NULL) {
            return event_malformed("referred", err);
        }
        if (!loan_referral_put(p->store, &referral, err)) {
            return false;
        }
    }
    return true;
}
