/* predecessor.h - the log that a book continues under a new origin, because events of it were lost
 * (audit-log.md 4.5 step 5): its last known head, named in the genesis. Layer: audit.
 *
 *     "predecessor": {"note": [lines of the head], "origin", "root", "size"} */
#ifndef YICANG_AUDIT_PREDECESSOR_H
#define YICANG_AUDIT_PREDECESSOR_H

#include "ledger/audit/canon.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/trust_card.h"

#define PREDECESSOR_NOTE_MAX ((size_t)16 << 10)

struct predecessor {
    bool present;
    char origin[TRUST_CARD_ORIGIN_MAX + 1];
    uint64_t size;
    struct sha256 root;
    struct buffer note;
};

void predecessor_release(struct predecessor *predecessor); /* accepts one that was only zeroed */
#define AUTO_PREDECESSOR AUTO(predecessor_release) struct predecessor

/* The head of a file (also one of visit.h), as the last one known of the log of this card, whose
 * key must have signed it. Reason id book.predecessor (FAULT_INPUT). */
MUST_CHECK bool predecessor_take(const struct trust_card *card, const char *bytes, size_t length,
                                 struct predecessor *ret, struct error *err);
/* For the genesis. */
struct canon *predecessor_record(const struct predecessor *predecessor, struct arena *arena);

/* From a genesis: not present if it names none. False if what it names is malformed: its members
 * and its note do not agree, or it is the log itself. */
bool predecessor_read(const struct canon *genesis, const char *origin, struct predecessor *ret);
/* Whether the log key of that log's card has signed it. Reason ids, of the verifier: E_TRUST (the
 * card is of another log), E_CPSIG. */
MUST_CHECK bool predecessor_is_signed(const struct predecessor *predecessor,
                                      const struct trust_card *card, struct error *err);

#endif
