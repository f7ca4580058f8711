/* exchange.h - what leaves a book for its witnesses and auditors, and what comes back. Layer:
 * service. Prints nothing. */
#ifndef YICANG_SERVICE_EXCHANGE_H
#define YICANG_SERVICE_EXCHANGE_H

#include "cli/service/act.h"
#include "cli/service/export_reports.h"
#include "ledger/audit/proof.h"
#include "ledger/audit/trust_card.h"

/* The body of add-checkpoint for a witness that has seen `old_size` events: that size, the proof,
 * the newest head. Reason id witness.old-size (the log is not so long). */
MUST_CHECK bool witness_request_make(struct office *office, uint64_t old_size, struct buffer *ret,
                                     uint64_t *ret_size, struct error *err);
/* What was cosigned last; 0: nothing yet. */
MUST_CHECK bool witness_last_size(struct office *office, uint64_t *ret, struct error *err);

/* The request of a witness.cosign event from the file that was sent and the lines that came back;
 * the first line whose witness the card knows counts. Reason ids witness.malformed,
 * witness.unknown, witness.clock (its time is later than now). */
MUST_CHECK bool cosign_request_make(struct office *office, const struct trust_card *card,
                                    const struct buffer *sent, const struct buffer *lines,
                                    int64_t now, struct canon **ret, struct error *err);

/* Under which head a receipt shows its event. */
enum receipt_head {
    RECEIPT_WITNESSED, /* the newest cosigned one that covers it, else the newest */
    RECEIPT_NEWEST
};
/* A receipt for one event. Reason ids audit.no-event, E_ROOT (the kept hashes do not lead to that
 * head). */
MUST_CHECK bool receipt_make(struct office *office, uint64_t seq, enum receipt_head under,
                             struct buffer *ret, uint64_t *ret_size, struct error *err);

/* What a receipt proves to whoever holds the card. */
struct receipt_facts {
    uint64_t seq;
    uint64_t size; /* of the head */
    struct sha256 root;
    bool witnessed;     /* by as many as the card asks for */
    const char *line;   /* of the event, in the arena */
    struct event event; /* likewise */
    struct sha256 leaf_hash;
};
/* Checks a receipt without a book. Reason ids receipt.malformed (FAULT_INPUT); E_CPSIG, E_ROOT,
 * E_LEAF, E_ORIGIN (FAULT_INTEGRITY). */
MUST_CHECK bool receipt_check(struct arena *arena, const struct trust_card *card,
                              const struct buffer *bytes, struct receipt_facts *ret,
                              struct error *err);

/* Writes an export of the whole log, up to its newest head (bundle.h), with these reports. The
 * signing key must be the card's: reason id audit.other-export-key. */
MUST_CHECK bool export_write(struct office *office, const struct trust_card *card,
                             const struct minisign_secret *secret,
                             const struct export_reports *reports, const char *folder,
                             uint64_t *ret_size, struct sha256 *ret_manifest, struct error *err);

#endif
