/* cosignature.h - the statement of a witness: "at this time I saw this checkpoint, consistent with
 * every one I saw before" (C2SP tlog-cosignature, type 0x04). Layer: audit. */
#ifndef YICANG_AUDIT_COSIGNATURE_H
#define YICANG_AUDIT_COSIGNATURE_H

#include "ledger/audit/signer.h"

/* After the key id: 8 bytes of time, big endian, and 64 bytes of Ed25519. */
#define COSIGNATURE_SIZE 72

/* Appends the signature line of a key of type 0x04 over a checkpoint's text; time is POSIX seconds
 * and not negative. */
void cosignature_line_add(const struct signing_key *witness, const char *text, size_t length,
                          int64_t time, struct buffer *ret);
/* The same by whoever signs for the witness. Reason ids of signer_sign(). */
MUST_CHECK bool cosignature_line_sign(const struct signer *witness, const char *text, size_t length,
                                      int64_t time, struct buffer *ret, struct error *err);

/* Whether these bytes are a good cosignature of the text; *ret_time is set if they are. */
bool cosignature_holds(const struct verifier_key *witness, const char *text, size_t length,
                       const uint8_t bytes[static COSIGNATURE_SIZE], int64_t *ret_time);

/* The time that the bytes claim; negative if it is 2^63 or later, which no cosignature may be. */
int64_t cosignature_time(const uint8_t bytes[static COSIGNATURE_SIZE]);

#endif
