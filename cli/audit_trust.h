/* audit_trust.h - what an auditor brings along to a verification, read from files. Layer: cli. */
#ifndef YICANG_CLI_AUDIT_TRUST_H
#define YICANG_CLI_AUDIT_TRUST_H

#include "ledger/audit/verify.h"

/* A card that is there but cannot be used is E_TRUST (FAULT_INPUT); reason ids input.*. */
MUST_CHECK bool trust_card_file_read(struct arena *arena, const char *path, struct trust_card *ret,
                                     struct error *err);
/* Where kept checkpoints stand. */
struct kept_places {
    const char *path; /* a file, or a folder in which every file is one; NULL: none is given */
    bool own; /* also what those whose keys stand here saw at their last visits (visits.h) */
    const char *staff; /* of them only this one; NULL: all */
    uint64_t own_from; /* and only of this size or more */
};
/* Fills in trust->kept, ascending by size, and trust->kept_before. What is no checkpoint of this
 * log, nor of the one that it continues, is a finding (E_TRUST). Reason ids input.*,
 * audit.too-many-kept. */
MUST_CHECK bool kept_heads_read(struct arena *arena, const struct kept_places *places,
                                struct verify_trust *trust, struct findings *findings,
                                struct error *err);

#endif
