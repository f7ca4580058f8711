/* verify_heads_table.h - a check of heads as its files see it: verify_heads.c goes along with the
 * events, verify_heads_end.c says what is missing at the end, verify_heads_memory.c goes on from an
 * earlier verification. Layer: audit. */
#ifndef YICANG_AUDIT_VERIFY_HEADS_TABLE_H
#define YICANG_AUDIT_VERIFY_HEADS_TABLE_H

#include "ledger/audit/head_signatures.h"
#include "ledger/audit/verify_heads.h"

struct head_check {
    const struct verify_trust *trust;
    const struct witness_policy *policy; /* of the card, if it is this log's; else NULL */
    bool trusted;
    char origin[TRUST_CARD_ORIGIN_MAX + 1];
    bool has_log_key, has_day_key, has_next_log, has_next_day;
    bool log_key_lost, day_key_lost; /* and the newest event names the next */
    bool card_key_seen;              /* the log key on the card was in force once */
    struct verifier_key log_key;
    struct verifier_key day_key;            /* covers the sizes now passing */
    struct verifier_key next_log, next_day; /* named by the newest event */
    int64_t max_age_days;
    size_t next_kept;   /* place in trust->kept */
    struct buffer note; /* the recorded head that comes next */
    uint64_t note_size; /* 0: none is left */
    bool note_read;     /* whether the first one was looked for */
    uint64_t newest;    /* size of the newest recorded head that was passed */
    bool remembers;     /* the heads it passes, so that a later verification goes on from here */
    struct head_memory memory;
    struct buffer lookup;
    uint64_t heads;
    uint64_t witnessed_size, witnessed_by;
    int64_t witnessed_time;
    struct head_seen mirrored;                 /* of the witnesses that are mirrors (witness.h) */
    char continues[TRUST_CARD_ORIGIN_MAX + 1]; /* the log that the genesis names; "": none */
    uint64_t continues_after;
};

bool same_key(const struct verifier_key *a, const struct verifier_key *b);
/* V0: the card against what the log says of itself; it is trusted, or told. */
void head_check_card(struct head_check *check, const char *origin, const struct sha256 *genesis,
                     struct findings *findings);
/* V8: the log that the genesis continues, against what the auditor has of that one. */
void head_check_predecessor(struct head_check *check, const struct event *genesis,
                            struct findings *findings);
/* The log key in force may be the one on the card. */
void head_check_card_key(struct head_check *check);
/* V6: what the witnesses of a head with these signatures prove. */
void head_check_witnessed(struct head_check *check, uint64_t size, struct instant at,
                          const struct checkpoint_witnessed *witnessed, struct findings *findings);
/* The recorded head behind this size, into check->note. */
MUST_CHECK bool head_check_next_note(struct head_check *check, const struct log_source *source,
                                     uint64_t after, struct error *err);
/* Remembers the head in check->note, whose signatures are on their way. */
void head_memory_add(struct head_check *check, const struct head_signatures *signatures);

#endif
