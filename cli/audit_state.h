/* audit_state.h - the verified state that an auditor keeps, as a file. Layer: cli. */
#ifndef YICANG_CLI_AUDIT_STATE_H
#define YICANG_CLI_AUDIT_STATE_H

#include "ledger/audit/verify_state.h"

/* ret must be initialized; ret_digest: SHA-256 of the file. Reason ids input.*,
 * audit.state-malformed. */
MUST_CHECK bool audit_state_read(const char *path, struct verify_state *ret,
                                 struct sha256 *ret_digest, struct error *err);
/* A file of that name is replaced as a whole. Reason ids audit.state-too-large, audit.state-write.
 */
MUST_CHECK bool audit_state_write(const char *path, const struct verify_state *state,
                                  struct sha256 *ret_digest, struct error *err);

#endif
