/* duties_elsewhere.c - a decision made elsewhere is held to the duties of who made it. */
#include "cli/service/duties.h"

#include "ledger/audit/approval.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"

struct oldest_grant {
    bool found;
    struct staff_grant grant; /* its word is not kept */
};

static void take_oldest(void *context, const struct staff_grant *grant)
{
    struct oldest_grant *oldest = context;

    if (!oldest->found) {
        oldest->found = true;
        oldest->grant = *grant;
        oldest->grant.role = NULL;
    }
}

/* As the log stood where it was seen (S3): a duty or a limit that was given since does not count.
 */
static bool might_then(const struct deed *deed, const struct approval *approval, struct error *err)
{
    struct oldest_grant oldest = {0};
    struct money amount = MONEY_ZERO;

    if (!duty_amount(deed, &amount, err) ||
        !staff_grants_then(deed->store, deed->actor, role_word(deed->role), approval->size,
                           approval->at, take_oldest, &oldest, err)) {
        return false;
    }
    if (!oldest.found) {
        return duty_role_missing(deed->actor, deed->use_case->type, (unsigned)deed->role, err);
    }
    const struct staff_grant *grant = &oldest.grant;
    if (grant->has_limit && money_compare(amount, grant->limit) > 0) {
        return duty_above("duty.limit", deed->actor, amount, grant->limit, err);
    }
    return !grant->has_day_limit || money_compare(amount, grant->day_limit) <= 0 ||
           duty_above("duty.day-limit", deed->actor, amount, grant->day_limit, err);
}

bool elsewhere_allow(const struct deed *deed, struct error *err)
{
    struct approval approval;
    bool found = false;

    if (deed->use_case->decides == NULL) {
        return true;
    }
    if (!approval_in(deed->arena, deed->in, &found, &approval, err)) {
        return false;
    }
    if (!found) {
        return request_malformed("approval", err);
    }
    struct deed officer = *deed;
    officer.use_case = use_case_find(deed->use_case->decides);
    officer.role = (enum role)officer.use_case->roles;
    officer.actor = approval.actor;
    officer.signer[0] = approval.actor;
    officer.signers = 1;
    return duties_allow(&officer, err) && might_then(&officer, &approval, err);
}
