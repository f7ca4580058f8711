/* witness.h - the witness of the finance bureau: it remembers the last head of a log that it saw
 * and signs only what continues it (C2SP tlog-witness; audit-log.md 4.7). Layer: audit. No I/O: the
 * caller stores the new state (write, sync, rename) before it hands out the line. */
#ifndef YICANG_AUDIT_WITNESS_H
#define YICANG_AUDIT_WITNESS_H

#include "ledger/audit/checkpoint.h"
#include "ledger/audit/proof.h"
#include "ledger/audit/witness_policy.h"

#define WITNESS_REQUEST_MAX (CHECKPOINT_NOTE_MAX + 8192)
#define WITNESS_STATE_MAX 1024

/* The body of add-checkpoint: `old <size>`, up to 63 hashes, an empty line, the checkpoint. */
struct witness_request {
    uint64_t old_size;
    struct proof proof;
    const char *checkpoint; /* inside the bytes that were parsed */
    size_t checkpoint_length;
};

void witness_request_write(const struct witness_request *request, struct buffer *ret);
/* Reason id witness.malformed. */
MUST_CHECK bool witness_request_parse(const char *bytes, size_t length, struct witness_request *ret,
                                      struct error *err);

/* What a witness remembers of one log. Key and memory are one object: a state names the key it
 * belongs to, and they are backed up and restored together or not at all. */
struct witness_state {
    char origin[CHECKPOINT_ORIGIN_MAX + 1];
    struct verifier_key cosigner;
    uint64_t size;
    struct sha256 root;
    int64_t time; /* of the last cosignature; 0 before the first */
};

/* Nothing seen yet. */
void witness_state_start(const char *origin, const struct verifier_key *cosigner,
                         struct witness_state *ret);
void witness_state_write(const struct witness_state *state, struct buffer *ret);
/* Strict. Reason id witness.state. */
MUST_CHECK bool witness_state_parse(const char *bytes, size_t length, struct witness_state *ret,
                                    struct error *err);

/* One step: the request is answered with the state to store and the cosignature line, or refused
 * and nothing changes. Reason ids witness.malformed      the checkpoint is none, is smaller than
 * the old size, or a proof comes with old size 0 witness.unknown-log    the policy does not know
 * the origin, or the state is of another log witness.log-signature  the log key has not signed
 *   witness.old-size       the old size is not the last one seen (the message says which that is)
 *   witness.fork           another root at the size seen last: keep both checkpoints, they prove it
 *   witness.proof          the proof does not lead from the last root to the new one
 *   witness.other-key      the state belongs to another key
 *   witness.clock          the clock stands before the last cosignature
 *   agent.*                of signer_sign(); whatever the agent did, nothing changes */
MUST_CHECK bool witness_advance(const struct witness_state *state,
                                const struct witness_request *request,
                                const struct witness_policy *policy, const struct signer *cosigner,
                                int64_t now, struct witness_state *ret_state,
                                struct buffer *ret_line, struct error *err);

/* A mirror keeps a full copy and says more: that it has verified the log in full
 * (audit-log.md 4.1). That is another meaning and so another key, by its name: .../mirror/1. */
bool cosigner_is_mirror(const struct verifier_key *key);

/* One step of a mirror: the head must be the one that was verified. That its memory fits, too, was
 * part of the verification (the caller handed it over as a kept head), so no proof is looked at.
 * Reason ids witness.malformed, witness.unknown-log, witness.log-signature, witness.other-key,
 * witness.clock as above, and witness.other-head (another size or root was verified). */
MUST_CHECK bool mirror_advance(const struct witness_state *state,
                               const struct witness_request *request,
                               const struct witness_policy *policy, const struct signer *cosigner,
                               int64_t now, uint64_t size, const struct sha256 *root,
                               struct witness_state *ret_state, struct buffer *ret_line,
                               struct error *err);

#endif
