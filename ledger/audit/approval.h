/* approval.h - a decision that was made and signed on another machine: a detached note
 * (audit-log.md 4.3). Layer: audit. What is decided, and who may, a higher layer says.
 *
 *     ledger-approval/v1 <origin>
 *     {"actor":...,"amount_minor":...,"at":...,"cp":{"root":...,"size":...},"decision":...,
 *      "expires":...,"nonce":...,"of_leaf":...,"of_seq":...,"reason":...}
 *
 *     <one signature line of the actor>
 *
 * The JSON is one canonical line; `reason` alone may be left out. `cp` is the head of the log that
 * the approver saw the proposal under. An event that records such a note carries its lines in the
 * array `approval` of its `in`. */
#ifndef YICANG_AUDIT_APPROVAL_H
#define YICANG_AUDIT_APPROVAL_H

#include "ledger/audit/log.h"
#include "ledger/audit/registry.h"
#include "ledger/audit/signer.h"
#include "ledger/base/uuid.h"

#define APPROVAL_MAX ((size_t)16 << 10) /* bytes of a note */
#define APPROVAL_WORD_MAX 32            /* of a decision */

struct approval {
    const char *origin;
    const char *actor; /* staff code */
    struct instant at;
    const char *decision; /* a word */
    uint64_t of_seq;      /* the proposal */
    struct sha256 of_leaf;
    struct money amount;
    struct instant expires;
    struct uuid nonce;
    uint64_t size; /* of the head that was seen */
    struct sha256 root;
    const char *reason; /* NULL: none */
    /* Of one that was read; the key's name is the actor's in the book of the origin. */
    const char *text;
    size_t text_length;
    char key_name[KEY_NAME_MAX + 1];
    uint32_t key_id;
    uint8_t signature[64];
};

/* Appends the note, signed. Reason ids canon.*, those of signer_sign(). */
MUST_CHECK bool approval_write(const struct approval *approval, const struct signer *signer,
                               struct buffer *ret, struct error *err);

/* Strict: nothing but what approval_write() writes. Says nothing about who signed. Pointers live in
 * the arena. Reason id approval.malformed. */
MUST_CHECK bool approval_read(struct arena *arena, const char *bytes, size_t length,
                              struct approval *ret, struct error *err);

/* Whether the line is a good signature by this key, which bears the name in it. */
bool approval_signed_by(const struct approval *approval, const struct verifier_key *key);

/* The note in `in` (note_lines()); *ret_found is false if there is none. Reason id
 * approval.malformed. */
MUST_CHECK bool approval_in(struct arena *arena, const struct canon *in, bool *ret_found,
                            struct approval *ret, struct error *err);
/* The same of an event that was read, for those who look at signatures alone: false if there is no
 * note that can be read. */
bool approval_of_event(struct arena *arena, const struct event *event, struct approval *ret);

/* V3: if the event carries an approval, it is one of this log, signed by a key of its actor that
 * may sign there. Adds E_LEAF, E_ORIGIN, E_SIGNER, E_SIG. */
void approval_check(const struct registry *registry, const struct event *event, struct arena *arena,
                    struct findings *findings);

#endif
