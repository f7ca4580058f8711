/* log.h - the event log: one signed canonical line an event, chained, in a Merkle tree; the only
 * door through which an event enters (audit-log.md 4.2 to 4.5). Layer: audit.
 * Tables event, event_rows, frontier are written here and nowhere else. */
#ifndef YICANG_AUDIT_LOG_H
#define YICANG_AUDIT_LOG_H

#include "ledger/audit/canon.h"
#include "ledger/audit/merkle.h"
#include "ledger/audit/signer.h"
#include "ledger/base/clock.h"
#include "ledger/base/uuid.h"
#include "ledger/store/store.h"

#define EVENT_TYPE_MAX 40
#define EVENT_SIGNERS_MAX 8
#define LEAF_MAX 65535
#define EVENT_ROWS_PART_MAX ((size_t)1 << 20) /* bytes of one part of the rows beside an event */
#define EVENT_ROWS_MAX ((size_t)512 << 20)    /* bytes of all parts: a million rows */

/* Size and hashes of the log, as the last committed event left them. */
struct log_tip {
    uint64_t size;           /* events; the next seq */
    struct sha256 leaf_hash; /* of event size-1; of the empty tree when size is 0 */
    struct sha256 root;
};

/* The signed bytes of an event, and what its signers made of them before the transaction in which
 * it is appended: a person may take a minute to confirm, and nobody waits for that with the lock.
 */
struct event_signing {
    struct buffer text;
    uint8_t signature[EVENT_SIGNERS_MAX][64]; /* in the order of the draft's signers */
};

/* An event about to be appended. */
struct event_draft {
    const char *type; /* "loan.repay" */
    const char *actor;
    const char *role;
    struct instant at;
    struct uuid cmd;
    struct canon *body;                      /* object */
    struct signer signer[EVENT_SIGNERS_MAX]; /* in any order; the actor's among them */
    size_t signers;
    const struct event_signing *signing; /* made beforehand; NULL: they sign when it is appended */
    int sign_seconds; /* if they sign then: how long an agent may take; 0: long */
    /* Bulk rows that do not fit the line: canonical lines, each with its LF; NULL if none. The door
     * adds rows_sha256 and rows_count to the body and keeps the bytes in event_rows. */
    const struct buffer *rows;
    uint64_t rows_count;
    const struct sha256 *rows_sha256; /* if it is known already; NULL: the door makes it */
};

MUST_CHECK bool log_tip_load(struct store *store, struct log_tip *ret, struct error *err);
/* The tree itself, as it is kept. Reason id log.frontier. */
MUST_CHECK bool log_range_load(struct store *store, struct merkle_range *ret, struct error *err);

/* The same, for one who has loaded it before: does nothing if nothing was appended since. */
MUST_CHECK bool log_tip_follow(struct store *store, struct log_tip *tip, struct error *err);

/* When event seq was written. Reason id log.frontier if there is no such event. */
MUST_CHECK bool log_time_of(struct store *store, uint64_t seq, struct instant *ret,
                            struct error *err);

/* The bytes that the signers of this draft would sign if it were appended now. The buffer is the
 * caller's, of LEAF_MAX. Writes nothing. Reason ids of log_append(). */
MUST_CHECK bool log_draft_text(struct store *store, const char *origin,
                               const struct event_draft *draft, struct buffer *ret,
                               struct error *err);
/* Lets each of them sign the text of the signing. Reason ids of signer_sign(). */
MUST_CHECK bool log_draft_sign(const struct event_draft *draft, struct event_signing *signing,
                               struct error *err);

/* Appends inside the caller's transaction: sets seq and prev, encodes, signs, inserts event, rows
 * and frontier. ret is the tip after it. What was signed is verified by log_recheck(), from what
 * was written. Reason ids log.line-too-long, log.time-went-back (`at` before the last event, and
 * no clock.adjust),
 * log.command-used, log.no-signer (the actor's key is not among the signers), log.signer-twice,
 * log.rows-too-long, log.signed-other (what was signed beforehand is not this event;
 * FAULT_INTERNAL), agent.* (of signer_sign()), log.frontier (the kept tree does not belong to the
 * events; FAULT_INTEGRITY), and the store's. */
MUST_CHECK bool log_append(struct store *store, const char *origin, const struct event_draft *draft,
                           struct log_tip *ret, struct error *err);

/* Reads event seq again from the store and checks leaf hash, chain, rows, and with libsodium one
 * signature by each of the keys given and by nobody else: what the service calls before it commits.
 * Reason id log.recheck (FAULT_INTEGRITY). */
MUST_CHECK bool log_recheck(struct store *store, const char *origin, uint64_t seq,
                            const struct verifier_key *const *signer, size_t signers,
                            struct error *err);

/* A stored event taken apart. Pointers live in the arena. */
struct event {
    uint64_t seq;
    const char *origin, *type, *actor, *role, *at;
    struct instant instant; /* what `at` says */
    struct uuid cmd;
    struct sha256 prev;
    const struct canon *body;
    const char *text; /* the signed bytes: header line and JSON line, each with LF */
    size_t text_length;
    size_t leaf_length;             /* the whole leaf begins at text too */
    const struct sha256 *leaf_hash; /* if the reader has hashed it already; else NULL */
    const char *line;               /* the JSON line without LF, inside text */
    size_t line_length;
    bool has_clk; /* the clock since the machine started, if the event carries it */
    char clk_boot[UUID_HEX_SIZE];
    int64_t clk_up; /* seconds */
    size_t signatures;
    struct event_signature {
        const char *name;
        uint32_t key_id;
        uint8_t signature[64];
    } signature[EVENT_SIGNERS_MAX];
};

/* Strict: exactly audit-log.md 4.3. The error's reason is the verifier's code: E_LEAF, E_ORIGIN,
 * E_CANON (the line and its members). origin NULL accepts any (to read it from the first event). */
MUST_CHECK bool event_parse(struct arena *arena, const char *origin, const void *leaf,
                            size_t length, struct event *ret, struct error *err);

/* The rows beside an event, whole; empty if it has none. The buffer's limit is the caller's; reason
 * id log.rows-too-long (FAULT_INTEGRITY). */
MUST_CHECK bool event_rows_load(struct store *store, uint64_t seq, struct buffer *ret,
                                struct error *err);
/* Whether these are the rows that the body binds with rows_sha256 and rows_count, or none if it
 * binds none. */
bool event_rows_fit(const struct event *event, const struct buffer *rows);

/* Calls visit for each event from first to the end, in order; stops when visit returns false (which
 * then is the result). rows are handed over whole, NULL if the event has none; they fit. */
typedef bool (*event_visitor)(void *context, const struct event *event, const struct buffer *rows,
                              struct error *err);
MUST_CHECK bool log_each(struct store *store, uint64_t first, event_visitor visit, void *context,
                         struct error *err);

#endif
