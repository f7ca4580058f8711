/* verify_state.h - what a verification proved, kept by the auditor, so that the next one looks at
 * the new events alone (audit-log.md 4.9, --since). Layer: audit.
 *
 * A text of lines, each a word and its values: ledger-state/v1; origin, genesis (leaf hash), policy
 * (that the genesis names), size, leaf (the last one's hash), range (the compact range), proven
 * (day), replayed, compared, time, clock; the registry: quorum, and a line each key, role, dispute,
 * resolved; age; a line each epoch (a key of the log); log, day, card, witnessed, mirrored; a line
 * each head; commands <count>, and as many lines of 32 hex digits, ascending; sha256 <of everything
 * before>.
 *
 * The checksum finds damage. Whoever can write the file can make it say anything: it belongs to the
 * auditor and stands where the cooperative cannot write, and its SHA-256 is printed for keeping. */
#ifndef YICANG_AUDIT_VERIFY_STATE_H
#define YICANG_AUDIT_VERIFY_STATE_H

#include "ledger/audit/clock_trail.h"
#include "ledger/audit/command_set.h"
#include "ledger/audit/log_source.h"
#include "ledger/audit/registry.h"
#include "ledger/audit/verify_heads.h"

#define VERIFY_STATE_MAX ((size_t)256 << 20) /* about seven million events */

struct verify_state {
    bool complete; /* it may be written */
    char origin[TRUST_CARD_ORIGIN_MAX + 1];
    struct sha256 last_leaf;
    struct merkle_range range;
    /* How many of the first events were also played again by the rules, and how many had their
     * tables compared: 0 if none. Filled in by whoever does that. */
    uint64_t replayed, compared;
    struct date proven;
    struct clock_trail trail;
    struct registry *registry;
    struct head_memory heads;
    struct buffer commands; /* as command_set_write() makes them */
};

void verify_state_init(struct verify_state *state);
void verify_state_release(struct verify_state *state);
#define AUTO_VERIFY_STATE AUTO(verify_state_release) struct verify_state

/* Appends the whole text. Reason id audit.state-too-large. */
MUST_CHECK bool verify_state_write(const struct verify_state *state, struct buffer *ret,
                                   struct error *err);
/* Strict: every line in its place and its one spelling, numbers in their ranges, lists sorted, the
 * checksum right. The bytes may be hostile. Reason id audit.state-malformed (FAULT_INPUT). */
MUST_CHECK bool verify_state_parse(const char *bytes, size_t length, struct verify_state *ret,
                                   struct error *err);

/* V8: whether the log still holds the last event of the state, which hashes all before it; else
 * E_ROLLBACK or E_FORK, and *ret_fits is false. */
MUST_CHECK bool verify_state_fits(const struct verify_state *state, const struct log_source *source,
                                  bool *ret_fits, struct findings *findings, struct error *err);

#endif
