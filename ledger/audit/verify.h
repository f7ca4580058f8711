/* verify.h - the log against itself: shape, order, chain, signatures, tree (audit-log.md 4.9).
 * Layer: audit. What the events mean for the books is checked by a visitor of a higher layer. */
#ifndef YICANG_AUDIT_VERIFY_H
#define YICANG_AUDIT_VERIFY_H

#include "ledger/audit/log.h"
#include "ledger/audit/trust_card.h"

#define FINDINGS_MAX 1000

struct finding {
    char code[24]; /* "E_CHAIN" */
    int64_t seq;   /* -1: not at one event */
    char text[400];
};

/* What was found, up to FINDINGS_MAX; more are counted only. */
struct findings {
    struct finding *list;
    size_t count;
    uint64_t total;
    bool tampering;  /* at least one finding proves tampering (exit 1) */
    bool incomplete; /* something could not be proven (exit 2) */
};

void findings_init(struct findings *findings);
void findings_release(struct findings *findings);
/* Codes beginning E_ prove tampering, except those audit-log.md 4.9 makes exit 2 at most
 * (E_TIME, E_STALE, E_QUORUM, E_TRUST, E_DISPUTE), which mark it incomplete. Those beginning W_
 * change no verdict. */
void findings_add(struct findings *findings, const char *code, int64_t seq, const char *text, ...)
    PRINTF_LIKE(4, 5);
/* Moves all of `other` behind what is there, and leaves `other` empty. */
void findings_take(struct findings *findings, struct findings *other);

/* What comes from outside the log and is trusted: the card, heads seen before, the day. */
struct kept_head {
    const char *name; /* of the file, for messages */
    uint64_t size;
    struct sha256 root;
};

struct verify_trust {
    const struct trust_card *card; /* NULL: E_TRUST, and everything else is still checked */
    const char *misread;           /* why the card that was given is none; NULL: none was given */
    const struct kept_head *kept;  /* ascending by size; made by kept_heads_read() */
    size_t kept_count;
    struct date today;
    /* The card of the log that this one continues (predecessor.h), and heads kept of that one, in
     * any order. NULL: only that this one names a head of it is looked at. */
    const struct trust_card *predecessor;
    const struct kept_head *kept_before;
    size_t kept_before_count;
};

/* Takes a kept checkpoint apart: a note of the card's log, signed by its key, else E_TRUST
 * (FAULT_INPUT). Cosignatures on it are not looked at. A file that somebody who signs has of the
 * last visit (visit.h) holds one. */
MUST_CHECK bool kept_head_read(const struct trust_card *card, const char *name, const char *bytes,
                               size_t length, struct kept_head *ret, struct error *err);
void kept_heads_sort(struct kept_head *kept, size_t count);

/* Higher layers look at each well-formed event in order, then at the end. Either may be NULL. */
struct verify_visitor {
    void *context;
    void (*event)(void *context, const struct event *event, const struct buffer *rows,
                  struct findings *findings);
    void (*end)(void *context, struct findings *findings);
};

#define COSIGN_MAX_AGE_DAYS 7 /* unless the genesis says otherwise */

struct verify_summary {
    uint64_t events;
    uint64_t since;      /* of them, those an earlier verification saw; not looked at again */
    uint64_t signatures; /* of people */
    uint64_t heads;      /* recorded heads that were checked */
    struct log_tip tip;  /* recomputed from the leaves, not read from a cache */
    char origin[129];
    bool demo_keys; /* the origin allows keys without passphrase */
    bool trusted;   /* a card was given, and it is of this log */
    /* The newest head that enough witnesses have cosigned; size 0: none. */
    uint64_t witnessed_size;
    int64_t witnessed_time;  /* POSIX seconds: a quorum saw it then or later */
    char witnessed_by[1000]; /* names of keys, with commas between them */
    /* The newest head that mirrors of the card have verified in full; size 0: none. */
    bool mirrors; /* the card names some */
    uint64_t mirrored_size;
    int64_t mirrored_time;
    char mirrored_by[1000];
    /* The log that its genesis continues, and after how many events; "": none, or the genesis was
     * not read. */
    char continues[TRUST_CARD_ORIGIN_MAX + 1];
    uint64_t continues_after;
};

struct log_source;   /* log_source.h */
struct verify_state; /* verify_state.h */

struct verify_request {
    const struct log_source *source;
    const struct verify_visitor *visitor; /* may be NULL */
    const struct verify_trust *trust;     /* NULL: heads are not looked at (V0, V6 to V8) */
    bool structure;                       /* no signatures of people, no registry: V3, V4 */
    /* NULL: the whole log. Else the events behind those that an earlier verification saw, of which
     * the last must still be there (V8: E_ROLLBACK, E_FORK, and nothing more is looked at). */
    const struct verify_state *since;
    /* NULL, or initialized: filled in at the end for the next time, unless for structure. Without
     * trust it knows no heads and can be gone on from, but not be written. Whether something was
     * found is the caller's to look at. */
    struct verify_state *save;
};

/* Reads every leaf once (with `since`, every new one), in bounded memory (16 to 32 bytes an event
 * beside a fixed part), and checks signatures on all processors; the result is the same on any
 * number of them. Codes: E_LEAF, E_ORIGIN, E_CANON, W_NFC, E_SEQ, E_CHAIN, E_DUP, E_TIME, E_SIGNER,
 * E_SIG, E_KEY, E_DISPUTE, E_ROWS (the rows beside an event), E_ROOT (the kept tree), those of
 * verify_heads.h, and E_CONTAINER for a damaged export. An event with E_LEAF, E_ORIGIN or E_CANON
 * is not shown to the visitor. Failure means the source could not be read; findings are not
 * failures. */
MUST_CHECK bool log_verify(const struct verify_request *request, struct findings *findings,
                           struct verify_summary *ret, struct error *err);

#endif
