/* plan_approval.c - a decision on a claim that a bureau officer signed on another machine, recorded
 * by the bank: the note is held against the log, then the decision is planned as the officer's. */
#include "cli/service/fund_plans.h"
#include "ledger/audit/approval.h"
#include "ledger/audit/checks.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/audit/tree_memory.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"
#include "ledger/fund/claim.h"
#include "ledger/fund/claim_approval.h"

/* How far the clocks of two machines may lie apart, as for a witness (audit-log.md 4.9, T2). */
#define CLOCKS_APART 300
#define DAY_SECONDS INT64_C(86400)

/* --- whose note it is, and who signed it ------------------------------------------------------ */

static bool note_is_ours(struct planning *p, const struct canon *request, const char *decision,
                         struct approval *ret, struct error *err)
{
    bool found = false;

    if (!approval_in(p->arena, request, &found, ret, err)) {
        return false;
    }
    if (!found) {
        return request_malformed("approval", err);
    }
    if (!text_equal(ret->origin, p->origin)) {
        return error_set(err, FAULT_REFUSED, "approval.other-log",
                         _("this is an approval for the book %s"), ret->origin);
    }
    if (!text_equal(ret->decision, decision)) {
        error_set(err, FAULT_REFUSED, "approval.other-decision",
                  _("“%s” has decided otherwise: %s"), ret->actor, ret->decision);
        return error_next(err, _("record what was decided, with the command of that name"));
    }
    return true;
}

static bool note_is_new(struct planning *p, const struct approval *approval, struct error *err)
{
    bool found = false;
    uint64_t seq = 0;

    if (!claim_approval_find(p->store, &approval->nonce, &found, &seq, err)) {
        return false;
    }
    return !found || error_set(err, FAULT_REFUSED, "approval.used",
                               _("this approval is recorded already, in event %llu"),
                               (unsigned long long)seq);
}

struct key_search {
    const struct approval *approval;
    bool found, revoked;
    uint64_t seq; /* that registered it */
    struct verifier_key key;
};

static void look_at_key(void *context, const char *vkey, uint64_t seq, bool revoked)
{
    struct key_search *search = context;
    struct verifier_key key;
    struct error ignored;

    if (verifier_key_parse(vkey, &key, &ignored) && key.id == search->approval->key_id) {
        search->found = true;
        search->revoked = revoked;
        search->seq = seq;
        search->key = key;
    }
}

static bool refuse_key(const struct approval *approval, const char *fact, struct error *err)
{
    error_set(err, FAULT_REFUSED, "approval.key", _("the key of “%s” does not count here: %s"),
              approval->actor, fact);
    return error_next(err, _("have the decision signed again with a key that does"));
}

/* A key that signs now, and that the log knew when the officer saw it. */
static bool note_is_signed(struct planning *p, const struct approval *approval, struct error *err)
{
    struct key_search search = {.approval = approval};

    if (!staff_keys_of(p->store, approval->actor, look_at_key, &search, err)) {
        return false;
    }
    if (!search.found) {
        return refuse_key(approval, _("it is not registered in this book"), err);
    }
    if (search.revoked) {
        return refuse_key(approval, _("it was revoked or renewed"), err);
    }
    if (search.seq >= approval->size) {
        return refuse_key(approval, _("it was registered after what the approval has seen"), err);
    }
    return approval_signed_by(approval, &search.key) ||
           error_set(err, FAULT_REFUSED, "approval.signature",
                     _("the signature of “%s” does not hold: something was changed"),
                     approval->actor);
}

/* --- what the officer saw, and when ----------------------------------------------------------- */

static bool root_at(struct planning *p, uint64_t size, struct sha256 *ret, struct error *err)
{
    AUTO_TREE_MEMORY own = {0};

    return tree_memory_root(p->tree == NULL ? &own : p->tree, p->store, size, ret, err);
}

static bool saw_this_log(struct planning *p, const struct approval *approval, struct error *err)
{
    struct sha256 root;

    if (approval->size > p->seq || approval->of_seq >= approval->size) {
        return error_set(err, FAULT_REFUSED, "approval.head",
                         _("the approval names a head of %llu events, which has not been, or not "
                           "with the claim under it"),
                         (unsigned long long)approval->size);
    }
    if (!root_at(p, approval->size, &root, err)) {
        return false;
    }
    if (!CHECK_MADE(V5_SEEN) || sha256_equal(&root, &approval->root)) {
        return true;
    }
    error_set(err, FAULT_INTEGRITY, "approval.fork",
              _("“%s” has seen another history of %llu events than this log has"), approval->actor,
              (unsigned long long)approval->size);
    return error_next(err, _("keep the approval and the request it answers: their head, signed by "
                             "the log, proves the fork"));
}

static bool refuse_time(const struct approval *approval, const char *fact, struct error *err)
{
    char text[INSTANT_TEXT_SIZE];

    error_set(err, FAULT_REFUSED, "approval.time", _("signed at %s: %s"),
              instant_format(approval->at, text), fact);
    return error_next(err, _("set the clocks of both machines right, and have it signed again"));
}

/* After the last event that the officer saw, and not after it is recorded. */
static bool made_meanwhile(struct planning *p, const struct approval *approval, struct error *err)
{
    struct event last;
    struct sha256 leaf;

    if (!event_load(planning_log(p), p->arena, p->origin, approval->size - 1, &last, &leaf, err)) {
        return false;
    }
    if (approval->at.seconds < last.instant.seconds - CLOCKS_APART) {
        return refuse_time(approval, _("before what it says to have seen"), err);
    }
    return approval->at.seconds <= p->at.seconds + CLOCKS_APART ||
           refuse_time(approval, _("that is still to come"), err);
}

static bool still_counts(struct planning *p, const struct approval *approval, struct error *err)
{
    struct control_terms terms;
    char text[INSTANT_TEXT_SIZE];

    if (!control_terms_load(p->store, &terms, err)) {
        return false;
    }
    if (approval->expires.seconds <= approval->at.seconds ||
        approval->expires.seconds - approval->at.seconds > terms.approval_days * DAY_SECONDS) {
        error_set(err, FAULT_REFUSED, "approval.expiry", _("the approval counts until %s"),
                  instant_format(approval->expires, text));
        return error_limit(err, _("at most %lld days"), (long long)terms.approval_days);
    }
    if (p->at.seconds <= approval->expires.seconds) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "approval.expired", _("the approval counted until %s"),
              instant_format(approval->expires, text));
    return error_next(err, _("have the decision signed again"));
}

/* --- what was decided on ---------------------------------------------------------------------- */

static bool same_reason(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : text_equal(a, b);
}

/* Exactly this claim, as it was filed (S2), and in the officer's words. */
static bool is_about(struct planning *p, const struct canon *request,
                     const struct approval *approval, struct error *err)
{
    struct claim claim;
    int64_t id = 0;
    bool named = false;
    struct sha256 leaf;
    char text[MONEY_TEXT_SIZE];

    if (!canon_get_int(request, "claim", &id) || !canon_get_sha256(request, "of_leaf", &leaf)) {
        return request_malformed("claim, of_leaf", err);
    }
    if (!claim_load(p->store, p->arena, id, &claim, err) ||
        !planning_names_event(p, request, claim.seq, &named, err)) {
        return false;
    }
    if (!named || approval->of_seq != claim.seq || !sha256_equal(&approval->of_leaf, &leaf)) {
        error_set(err, FAULT_REFUSED, "approval.of-seq",
                  _("“%s” decided on event %llu, which is not the filing of claim C%lld"),
                  approval->actor, (unsigned long long)approval->of_seq, (long long)id);
        return error_next(err, _("`yicang claim request` writes what is to be signed"));
    }
    if (money_compare(approval->amount, claim.loss) != 0) {
        error_set(err, FAULT_REFUSED, "approval.amount", _("“%s” decided on %s"), approval->actor,
                  money_format(approval->amount, text));
        return error_limit(err, _("the loss is %s"), money_format(claim.loss, text));
    }
    return same_reason(approval->reason, canon_get_text(request, "reason")) ||
           error_set(err, FAULT_REFUSED, "approval.reason",
                     _("“%s” gave another reason than is recorded"), approval->actor);
}

/* The decision planned as if the officer had come to the bank. */
static bool plan_recorded(struct planning *p, const struct canon *request, const char *decision,
                          plan_function plan, struct error *err)
{
    struct approval approval;
    const char *recorder = p->actor;
    enum role role = p->role;
    unsigned roles = p->roles;

    if (!note_is_ours(p, request, decision, &approval, err) || !note_is_new(p, &approval, err) ||
        !note_is_signed(p, &approval, err) || !saw_this_log(p, &approval, err) ||
        !made_meanwhile(p, &approval, err) || !still_counts(p, &approval, err) ||
        !is_about(p, request, &approval, err)) {
        return false;
    }
    p->actor = approval.actor;
    p->role = ROLE_BUREAU_OFFICER;
    p->roles = (unsigned)ROLE_BUREAU_OFFICER;
    bool planned = plan(p, request, err);
    p->actor = recorder;
    p->role = role;
    p->roles = roles;
    canon_set_text(p->out, "decided_by", approval.actor);
    return planned;
}

bool plan_claim_record_acceptance(struct planning *p, const struct canon *request,
                                  struct error *err)
{
    return plan_recorded(p, request, "accept", plan_claim_accept, err);
}

bool plan_claim_record_refusal(struct planning *p, const struct canon *request, struct error *err)
{
    return plan_recorded(p, request, "refuse", plan_claim_refuse, err);
}

/* --- on record -------------------------------------------------------------------------------- */

static bool project_recorded(const struct projection *p, project_function project,
                             struct error *err)
{
    struct approval approval;
    struct claim_approval record = {.seq = p->seq, .recorder = p->actor};
    bool found = false;

    if (!approval_in(p->arena, p->in, &found, &approval, err)) {
        return false;
    }
    if (!found || !canon_get_int(p->in, "claim", &record.claim)) {
        return event_malformed("approval, claim", err);
    }
    record.nonce = approval.nonce;
    record.officer = approval.actor;
    record.decision = approval.decision;
    record.at = approval.at;
    return claim_approval_put(p->store, &record, err) && project(p, err);
}

bool project_claim_record_acceptance(const struct projection *p, struct error *err)
{
    return project_recorded(p, project_claim_accept, err);
}

bool project_claim_record_refusal(const struct projection *p, struct error *err)
{
    return project_recorded(p, project_claim_refuse, err);
}
