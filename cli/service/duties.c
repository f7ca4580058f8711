#include "cli/service/duties.h"

#include "ledger/base/text.h"
#include "ledger/books/staff_memory.h"
#include "ledger/fund/claim.h"
#include "ledger/loans/household.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/loan_override.h"
#include "ledger/loans/loan_reversal.h"

/* --- roles (S3) ------------------------------------------------------------------------------- */

struct role_choice {
    unsigned usable; /* roles in which it is allowed */
    unsigned found;
    struct staff_grant best; /* its words are not kept */
    enum role role;
    bool chosen;
};

static bool reaches_further(const struct staff_grant *a, const struct staff_grant *b)
{
    return b->has_limit && (!a->has_limit || money_compare(a->limit, b->limit) > 0);
}

static void choose_role(void *context, const struct staff_grant *grant)
{
    struct role_choice *choice = context;
    enum role role;

    if (!role_find(grant->role, &role)) {
        return;
    }
    choice->found |= (unsigned)role;
    if (((unsigned)role & choice->usable) != 0 &&
        (!choice->chosen || reaches_further(grant, &choice->best))) {
        choice->chosen = true;
        choice->role = role;
        choice->best = *grant;
        choice->best.role = NULL;
    }
}

bool duty_role_missing(const char *code, const char *type, unsigned roles, struct error *err)
{
    char titles[ROLE_TITLES_SIZE];
    error_set(err, FAULT_REFUSED, "staff.role-missing",
              _("“%s” has no role in which “%s” is allowed"), code, event_title(type));
    error_limit(err, _("it is for: %s"), role_titles(roles, titles));
    return error_next(err, _("ask somebody whose duty it is; `yicang staff list` shows who"));
}

bool duties_role(struct store *store, const char *code, const struct use_case *use_case,
                 struct instant at, enum role *ret, unsigned *ret_all, struct error *err)
{
    struct role_choice choice = {.usable = use_case->roles};

    if (!staff_grants_each(store, code, at, choose_role, &choice, err)) {
        return false;
    }
    if (choice.found == 0) {
        error_set(err, FAULT_REFUSED, "staff.unknown", _("nobody works here as “%s”"), code);
        return error_next(err, _("an admin adds people with `yicang staff add`"));
    }
    if (!choice.chosen) {
        return duty_role_missing(code, use_case->type, use_case->roles, err);
    }
    *ret = choice.role;
    *ret_all = choice.found & choice.usable;
    return true;
}

/* --- maker and checker (S1), approvals in time (S4), pending once (S6) --------------------------
 */

/* The proposal to undo an event on which this decides. */
static bool proposal_of(const struct deed *deed, struct reversal_proposal *ret, struct error *err)
{
    int64_t seq = 0;

    if (!canon_get_int(deed->in, "of_seq", &seq)) {
        return request_malformed("of_seq", err);
    }
    return reversal_proposal_load(deed->store, deed->arena, (uint64_t)seq, ret, err);
}

static bool maker_of_loan(const struct deed *deed, const char **ret, struct error *err)
{
    int64_t id = 0;
    struct loan loan = {0};

    if (!canon_get_int(deed->in, "loan", &id)) {
        return request_malformed("loan", err);
    }
    bool loaded = loan_load(deed->store, deed->arena, id, &loan, err);
    *ret = loan.applied_by;
    return loaded;
}

static bool maker_of_claim(const struct deed *deed, const char **ret, struct error *err)
{
    int64_t id = 0;
    struct claim claim = {0};

    if (!canon_get_int(deed->in, "claim", &id)) {
        return request_malformed("claim", err);
    }
    bool loaded = claim_load(deed->store, deed->arena, id, &claim, err);
    *ret = claim.actor;
    return loaded;
}

static bool maker_of_reversal(const struct deed *deed, const char **ret, struct error *err)
{
    struct reversal_proposal proposal = {0};
    bool loaded = proposal_of(deed, &proposal, err);

    *ret = proposal.actor;
    return loaded;
}

/* Who proposed what is decided on here: a staff code in the arena; NULL if it is no decision. */
static bool maker_of(const struct deed *deed, const char **ret, struct error *err)
{
    static const struct {
        const char *type;
        bool (*maker)(const struct deed *deed, const char **ret, struct error *err);
    } decisions[] = {
        {"loan.approve", maker_of_loan},
        {"loan.refuse", maker_of_loan},
        {"claim.accept", maker_of_claim},
        {"claim.refuse", maker_of_claim},
        {"loan.approve-reversal", maker_of_reversal},
        {"loan.refuse-reversal", maker_of_reversal},
    };

    *ret = NULL;
    for (size_t i = 0; i < COUNT_OF(decisions); i++) {
        if (text_equal(deed->use_case->type, decisions[i].type)) {
            return decisions[i].maker(deed, ret, err);
        }
    }
    return true;
}

static bool is_another_person(const struct deed *deed, const char *maker, struct error *err)
{
    char proposed[STAFF_CODE_SIZE];
    char decides[STAFF_CODE_SIZE];

    if (!staff_person(deed->store, maker, proposed, err) ||
        !staff_person(deed->store, deed->actor, decides, err)) {
        return false;
    }
    if (!text_equal(proposed, decides)) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "duty.same-person",
              _("“%s” and “%s” are the same person, who proposed this"), deed->actor, maker);
    return error_next(err, _("another person decides"));
}

static bool maker_is_another(const struct deed *deed, struct error *err)
{
    const char *maker = NULL;

    return maker_of(deed, &maker, err) && (maker == NULL || is_another_person(deed, maker, err));
}

/* An exception needs two: who proposed it does nothing on its strength. Who records what somebody
 * else decided elsewhere decides nothing. */
static bool overrides_are_of_others(const struct deed *deed, struct error *err)
{
    bool decides = deed->use_case->decides == NULL && deed->out != NULL;
    const struct canon *overrides = decides ? canon_get(deed->out, "overrides") : NULL;

    for (size_t i = 0; overrides != NULL && i < canon_count(overrides); i++) {
        const char *text = canon_as_text(canon_at(overrides, i));
        struct loan_override override;
        int64_t id = 0;
        if (text == NULL || !text_parse_int(text, 1, INT64_MAX, &id, err)) {
            return event_malformed("overrides", err);
        }
        if (!loan_override_load(deed->store, deed->arena, id, &override, err) ||
            !is_another_person(deed, override.actor, err)) {
            return false;
        }
    }
    return true;
}

/* What another person proposed long ago may not be what is wanted now. */
static bool reversal_in_time(const struct deed *deed, struct error *err)
{
    struct control_terms terms;
    struct reversal_proposal proposal = {0};

    if (!proposal_of(deed, &proposal, err) || !control_terms_load(deed->store, &terms, err)) {
        return false;
    }
    int64_t age = date_days_between(proposal.day, deed->day);
    if (age <= terms.approval_days) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "duty.expired",
              _("event %llu proposed the reversal %lld days ago"), (unsigned long long)proposal.seq,
              (long long)age);
    error_limit(err, _("a proposal counts for %lld days"), (long long)terms.approval_days);
    return error_next(err,
                      _("have it refused with `yicang loan refuse-reversal` and propose again"));
}

static bool approval_in_time(const struct deed *deed, struct error *err)
{
    struct control_terms terms;
    struct loan loan;
    int64_t id = 0;

    if (text_equal(deed->use_case->type, "loan.approve-reversal")) {
        return reversal_in_time(deed, err);
    }
    if (!text_equal(deed->use_case->type, "loan.disburse")) {
        return true;
    }
    if (!canon_get_int(deed->in, "loan", &id)) {
        return request_malformed("loan", err);
    }
    if (!control_terms_load(deed->store, &terms, err) ||
        !loan_load(deed->store, deed->arena, id, &loan, err)) {
        return false;
    }
    int64_t age = loan.is_approved ? date_days_between(loan.approved_on, deed->day) : 0;
    if (age <= terms.approval_days) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "duty.expired", _("loan L%lld was approved %lld days ago"),
              (long long)id, (long long)age);
    error_limit(err, _("an approval counts for %lld days"), (long long)terms.approval_days);
    return error_next(err, _("have it refused with `yicang loan refuse` and apply again"));
}

static bool reversal_pending_once(const struct deed *deed, struct error *err)
{
    int64_t of_seq = 0;
    uint64_t pending = 0;

    if (!canon_get_int(deed->in, "of_seq", &of_seq)) {
        return request_malformed("of_seq", err);
    }
    if (!reversal_pending(deed->store, (uint64_t)of_seq, &pending, err)) {
        return false;
    }
    if (pending == 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "duty.pending", _("event %llu proposes the same and waits"),
              (unsigned long long)pending);
    error_limit(err, _("one proposal to undo an event at a time"));
    return error_next(err, _("have it decided first"));
}

static bool pending_once(const struct deed *deed, struct error *err)
{
    int64_t borrower = 0;
    int64_t pending = 0;
    const char *product = canon_get_text(deed->in, "product");

    if (text_equal(deed->use_case->type, "loan.reverse")) {
        return reversal_pending_once(deed, err);
    }
    if (!text_equal(deed->use_case->type, "loan.apply")) {
        return true;
    }
    if (!canon_get_int(deed->in, "borrower", &borrower) || product == NULL) {
        return request_malformed("borrower, product", err);
    }
    if (!loan_pending(deed->store, borrower, product, &pending, err)) {
        return false;
    }
    if (pending == 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "duty.pending", _("application L%lld of the same person waits"),
              (long long)pending);
    error_limit(err, _("one application of a person for a product at a time"));
    return error_next(err, _("have it decided first"));
}

/* --- kin ----------------------------------------------------------------------------------------
 */

/* The claim a request is about, itself or by its recovery; 0 if it is about none. */
static bool claim_of(const struct deed *deed, int64_t *ret, struct error *err)
{
    struct recovery recovery = {0};
    int64_t id = 0;

    *ret = 0;
    if (canon_get_int(deed->in, "recovery", &id)) {
        if (!recovery_load(deed->store, id, &recovery, err)) {
            return false;
        }
        *ret = recovery.claim;
    } else if (!text_starts_with(deed->use_case->type, "subsidy.") &&
               !text_starts_with(deed->use_case->type, "premium.")) {
        *ret = canon_get_int(deed->in, "claim", &id) ? id : 0;
    }
    return true;
}

/* The loan a request is about, itself or by its claim; 0 if it is about none. */
static bool loan_of(const struct deed *deed, int64_t *ret, struct error *err)
{
    struct claim claim = {0};
    int64_t id = 0;

    *ret = 0;
    if (!claim_of(deed, &id, err) ||
        (id != 0 && !claim_load(deed->store, deed->arena, id, &claim, err))) {
        return false;
    }
    *ret = claim.loan;
    if (*ret == 0 && !canon_get_int(deed->in, "loan", ret)) {
        *ret = 0;
    }
    return true;
}

/* The household a request is about; 0 if it is about none. */
static bool household_of(const struct deed *deed, int64_t *ret, struct error *err)
{
    int64_t id = 0;
    struct loan loan;
    const char *subject = NULL;

    *ret = 0;
    if (deed->use_case->control || canon_get_int(deed->in, "household", ret)) {
        *ret = deed->use_case->control ? 0 : *ret;
        return true;
    }
    if (canon_get_int(deed->in, "person", &id)) {
        return person_load(deed->store, deed->arena, id, ret, &subject, err);
    }
    if (!loan_of(deed, &id, err)) {
        return false;
    }
    if (id == 0) {
        return true;
    }
    if (!loan_load(deed->store, deed->arena, id, &loan, err)) {
        return false;
    }
    *ret = loan.household;
    return true;
}

static bool not_own_of(const struct deed *deed, const char *code, struct error *err)
{
    int64_t household = 0;
    struct staff_answer who;
    bool own = false;

    if (!staff_ask(deed->store, deed->memory, code, &who, err)) {
        return false;
    }
    if (!who.has_relatives) {
        return true;
    }
    if (!household_of(deed, &household, err) ||
        !staff_relative_is(deed->store, who.person, household, &own, err)) {
        return false;
    }
    if (!own) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "duty.own-household",
              _("household H%lld is of “%s” or of relatives"), (long long)household, code);
    return error_next(err, _("let somebody else do it"));
}

static bool not_ones_own(const struct deed *deed, struct error *err)
{
    for (size_t i = 0; i < deed->signers; i++) {
        if (!not_own_of(deed, deed->signer[i], err)) {
            return false;
        }
    }
    return true;
}

bool duties_allow(const struct deed *deed, struct error *err)
{
    return admins_allow(deed, err) && maker_is_another(deed, err) &&
           overrides_are_of_others(deed, err) && approval_in_time(deed, err) &&
           pending_once(deed, err) && limits_allow(deed, err) && not_ones_own(deed, err) &&
           elsewhere_allow(deed, err);
}
