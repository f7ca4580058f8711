/* audit_trust.h - what an auditor brings along to a verification, read from files. Layer: cli. */
#ifndef YICANG_CLI_AUDIT_TRUST_H
#define YICANG_CLI_AUDIT_TRUST_H

#include "ledger/audit/verify.h"

/* A card that is there but cannot be used is E_TRUST (FAULT_INPUT); reason ids input.*. */
MUST_CHECK bool trust_card_file_read(struct arena *arena, const char *path, struct trust_card *ret,
                                     struct error *err);
/* A kept checkpoint, or a folder in which every file is one; ascending. What is none of this log is
 * a finding (E_TRUST). Reason ids input.*, audit.too-many-kept. */
MUST_CHECK bool kept_heads_read(struct arena *arena, const struct trust_card *card,
                                const char *path, struct findings *findings,
                                const struct kept_head **ret, size_t *ret_count, struct error *err);

#endif
