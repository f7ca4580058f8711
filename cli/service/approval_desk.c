#include "cli/service/approval_desk.h"

#include "ledger/audit/note.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"
#include "ledger/fund/claim.h"

#define CLOCKS_APART 300 /* seconds; as in plan_approval.c */
#define DAY_SECONDS INT64_C(86400)

/* At the bank ---------------------------------------------------------------------------------- */

bool proposal_make(struct office *office, int64_t claim, struct buffer *ret, uint64_t *ret_size,
                   struct error *err)
{
    struct claim found;

    if (!claim_load(office->store, &office->arena, claim, &found, err)) {
        return false;
    }
    if (!text_equal(found.status, "filed")) {
        error_set(err, FAULT_REFUSED, "claim.status", _("claim C%lld is %s"), (long long)claim,
                  claim_status_tell(found.status));
        return error_limit(err, _("it must be %s"), claim_status_tell("filed"));
    }
    return receipt_make(office, found.seq, RECEIPT_NEWEST, ret, ret_size, err);
}

bool approval_request(struct office *office, int64_t claim, const struct buffer *note,
                      struct canon **ret, struct error *err)
{
    struct arena *arena = &office->arena;
    const char *bytes = note->data == NULL ? "" : note->data;
    struct approval approval;

    if (!approval_read(arena, bytes, note->length, &approval, err)) {
        return false;
    }
    struct canon *request = canon_object(arena);
    canon_set_int(request, "claim", claim);
    canon_set_int(request, "of_seq", (int64_t)approval.of_seq);
    canon_set_sha256(request, "of_leaf", &approval.of_leaf);
    canon_set(request, "approval", note_lines(arena, bytes, note->length));
    if (approval.reason != NULL) {
        canon_set_text(request, "reason", approval.reason);
    }
    *ret = request;
    return true;
}

/* At the bureau -------------------------------------------------------------------------------- */

static bool read_filing(const struct canon *body, struct proposal *ret)
{
    const struct canon *in = canon_get(body, "in");
    const struct canon *out = canon_get(body, "out");

    if (in == NULL || out == NULL) {
        return false;
    }
    ret->parts = canon_get(out, "parts");
    return ret->parts != NULL && canon_kind_of(ret->parts) == CANON_ARRAY &&
           canon_get_date(body, "date", &ret->filed_on) && canon_get_int(in, "loan", &ret->loan) &&
           canon_get_int(out, "claim", &ret->claim) &&
           canon_get_int(out, "days_overdue", &ret->days_overdue) &&
           canon_get_fen(out, "loss_fen", &ret->loss) &&
           canon_get_fen(out, "interest_fen", &ret->interest) &&
           canon_get_fen(out, "insurer_fen", &ret->insurer) &&
           canon_get_fen(out, "fund_fen", &ret->fund) && canon_get_fen(out, "bank_fen", &ret->bank);
}

bool proposal_check(struct arena *arena, const struct trust_card *card, const struct buffer *bytes,
                    struct proposal *ret, struct error *err)
{
    *ret = (struct proposal){0};
    if (!receipt_check(arena, card, bytes, &ret->facts, err)) {
        return false;
    }
    if (text_equal(ret->facts.event.type, "claim.open") &&
        read_filing(ret->facts.event.body, ret)) {
        return true;
    }
    error_set(err, FAULT_INPUT, "approval.no-claim",
              _("this is the receipt of another event than the filing of a claim (%s)"),
              ret->facts.event.type);
    return error_next(err, _("`yicang claim request` writes what is to be signed"));
}

static bool check_time(const struct proposal *proposal, const struct officer_decision *decision,
                       struct error *err)
{
    const struct event *filing = &proposal->facts.event;

    if (filing->instant.seconds > decision->now.seconds + CLOCKS_APART) {
        error_set(err, FAULT_REFUSED, "approval.time", _("the claim was filed at %s"), filing->at);
        return error_next(err, _("set the clock of this machine right"));
    }
    if (decision->days >= 1 && decision->days <= APPROVAL_DAYS_MAX) {
        return true;
    }
    error_set(err, FAULT_USAGE, "approval.expiry", _("an approval cannot count for %lld days"),
              (long long)decision->days);
    return error_limit(err, _("1 to %d"), APPROVAL_DAYS_MAX);
}

static bool check_reason(struct arena *arena, struct officer_decision *decision, struct error *err)
{
    if (decision->reason != NULL) {
        return text_accept(arena, _("reason"), decision->reason, APPROVAL_REASON_MAX,
                           &decision->reason, err);
    }
    if (!text_equal(decision->decision, "refuse")) {
        return true;
    }
    error_set(err, FAULT_USAGE, "approval.reason", _("a refusal has a reason"));
    return error_next(err, _("say why with --reason"));
}

bool officer_decision_check(struct arena *arena, const struct proposal *proposal,
                            struct officer_decision *decision, struct error *err)
{
    const char *maker = proposal->facts.event.actor;

    if (decision->officer == NULL) {
        error_set(err, FAULT_USAGE, "staff.not-named", _("who does this is not said"));
        return error_next(err, _("name yourself with --as STAFF"));
    }
    if (text_equal(decision->officer, maker)) {
        error_set(err, FAULT_REFUSED, "approval.own-claim", _("“%s” filed this claim"), maker);
        return error_next(err, _("another person decides"));
    }
    return check_time(proposal, decision, err) && check_reason(arena, decision, err);
}

bool approval_make(const struct proposal *proposal, const struct officer_decision *decision,
                   const struct passphrase_source *source, struct buffer *ret, struct error *err)
{
    const struct receipt_facts *facts = &proposal->facts;
    struct signer signer;
    struct approval approval = {.origin = facts->event.origin,
                                .actor = decision->officer,
                                .at = decision->now,
                                .decision = decision->decision,
                                .of_seq = facts->seq,
                                .of_leaf = facts->leaf_hash,
                                .amount = proposal->loss,
                                .nonce = uuid_random(),
                                .size = facts->size,
                                .root = facts->root,
                                .reason = decision->reason};

    approval.expires = (struct instant){decision->now.seconds + decision->days * DAY_SECONDS};
    struct key_ring *ring = key_ring_new(approval.origin);
    bool made = key_ring_get(ring, decision->officer, source, &signer, err) &&
                approval_write(&approval, &signer, ret, err);
    key_ring_free(ring);
    return made;
}
