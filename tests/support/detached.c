#include "tests/support/detached.h"

#include "ledger/audit/log_lookup.h"
#include "ledger/audit/note.h"
#include "ledger/fund/claim.h"
#include "tests/support/scratch_book.h"

#include <stdlib.h>
#include <string.h>

static struct canon *numbered(struct staffed_book *book, const char *name, int64_t number)
{
    struct canon *request = canon_object(&book->live.office.arena);
    canon_set_int(request, name, number);
    return request;
}

void detached_open(struct staffed_book *book, int64_t claims)
{
    char *policy = county_pilot_with("value: 90 days", "value: 1 day");

    staffed_book_open_with(book, policy);
    free(policy);
    staffed_do(book, "bureau-officer", NULL, "fund.open",
               staffed_request(book, "amount_fen", "100000000", NULL));
    for (int64_t loan = 1; loan <= claims; loan++) {
        struct canon *application = canon_copy(
            &book->live.office.arena,
            staffed_application(book, staffed_household(book), DETACHED_LOSS), "term_months");
        canon_set_text(application, "term_months", "1");
        staffed_do(book, "clerk", NULL, "loan.apply", application);
        staffed_do(book, "approver", NULL, "loan.approve",
                   staffed_decision(book, loan, DETACHED_LOSS));
        staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, loan, DETACHED_LOSS));
    }
    staffed_close_through(book, "2016-11-21");
    for (int64_t loan = 1; loan <= claims; loan++) {
        staffed_do(book, "risk-officer", NULL, "claim.open", numbered(book, "loan", loan));
    }
}

struct approval detached_approval(struct staffed_book *book, int64_t claim, const char *decision)
{
    struct claim found;
    struct error err = {0};
    struct office *office = &book->live.office;
    struct approval approval = {.origin = office->facts.origin,
                                .actor = "bureau-officer",
                                .at = clock_now(),
                                .decision = decision,
                                .amount = money_from_fen(DETACHED_LOSS),
                                .expires = {clock_now().seconds + 86400},
                                .nonce = uuid_random(),
                                .size = office->tip.size,
                                .root = office->tip.root};

    check_ok(claim_load(office->store, &office->arena, claim, &found, &err), &err);
    approval.of_seq = found.seq;
    check_ok(event_leaf_hash(office->store, found.seq, &approval.of_leaf, &err), &err);
    approval.reason = strcmp(decision, "refuse") == 0 ? "papers are missing" : NULL;
    return approval;
}

void detached_key(struct staffed_book *book, const char *staff, struct signing_key *ret)
{
    struct error err = {0};
    struct office *office = &book->live.office;
    const char *path = key_path_of(&office->arena, office->facts.origin, staff);

    check_ok(key_file_read(path, NULL, ret, &err), &err);
}

struct canon *detached_request_of(struct staffed_book *book, int64_t claim,
                                  const struct approval *approval, const char *bytes, size_t length)
{
    struct canon *request = numbered(book, "claim", claim);

    canon_set_int(request, "of_seq", (int64_t)approval->of_seq);
    canon_set_sha256(request, "of_leaf", &approval->of_leaf);
    canon_set(request, "approval", note_lines(&book->live.office.arena, bytes, length));
    if (approval->reason != NULL) {
        canon_set_text(request, "reason", approval->reason);
    }
    return request;
}

struct canon *detached_request(struct staffed_book *book, int64_t claim,
                               const struct approval *approval, const struct signing_key *key)
{
    struct error err = {0};
    AUTO_SIGNING_KEY own;
    AUTO_BUFFER note;

    memset(&own, 0, sizeof own);
    buffer_init(&note, APPROVAL_MAX);
    if (key == NULL) {
        detached_key(book, approval->actor, &own);
    }
    struct signer signer = signer_of_key(key == NULL ? &own : key);
    check_ok(approval_write(approval, &signer, &note, &err), &err);
    return detached_request_of(book, claim, approval, note.data, note.length);
}
