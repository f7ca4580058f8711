/* record.h - an event goes into the book: what every writer does inside its transaction. Layer:
 * service. */
#ifndef YICANG_SERVICE_RECORD_H
#define YICANG_SERVICE_RECORD_H

#include "cli/service/book.h"
#include "cli/service/seal.h"
#include "cli/service/use_case.h"
#include "ledger/audit/log_recheck.h"

/* An event on its way into the book. */
struct recording {
    struct office *office;
    const struct verifier_key *signer[EVENT_SIGNERS_MAX];
    struct log_rechecking rechecking;
    struct sealing sealing;
    struct log_tip tip; /* after the event */
    bool appended, sealing_begun;
};

/* Signs and appends an event, projects it and posts its entries. Helpers check the event's
 * signatures and sign the head (seal.h) while this thread writes the tables; what else the caller
 * has to write goes between begin and end, so that it is done meanwhile. The end must come if the
 * beginning was tried, and the draft stays where it is until then. */
MUST_CHECK bool event_record_begin(struct office *office, const struct use_case *use_case,
                                   const struct event_draft *draft, struct recording *ret,
                                   struct error *err);
/* Waits for the helpers and keeps the signed head. ok: whether all went well so far; the result is
 * false if not, and err then what it was. */
MUST_CHECK bool event_record_end(struct recording *recording, bool ok, struct error *err);

/* Both, for one who has nothing to add. *ret is the tip after it. */
MUST_CHECK bool event_record(struct office *office, const struct use_case *use_case,
                             const struct event_draft *draft, struct log_tip *ret,
                             struct error *err);

#endif
