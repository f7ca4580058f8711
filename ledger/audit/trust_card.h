/* trust_card.h - what an auditor holds on paper and trusts: everything else is checked against it
 * (audit-log.md 4.8). Layer: audit.
 *
 *     ledger-card/v1
 *     origin <origin>
 *     genesis <leaf hash of event 0, 64 hex digits>
 *     predecessor <origin> <size> <root>   if the genesis names a log that this one continues
 *     log <vkey>
 *     before <vkey>                 log keys that were replaced, one line each, oldest first
 *     admin <vkey>                  one line each, in the order of the genesis
 *     minisign <public key>
 *     policy
 *     <text of the witness policy, to the end of the card> */
#ifndef YICANG_AUDIT_TRUST_CARD_H
#define YICANG_AUDIT_TRUST_CARD_H

#include "ledger/audit/minisign.h"
#include "ledger/audit/witness_policy.h"

#define TRUST_CARD_ORIGIN_MAX 128
#define TRUST_CARD_ADMINS_MAX 7
#define TRUST_CARD_BEFORE_MAX 8
#define TRUST_CARD_MAX (WITNESS_POLICY_MAX + 8192)

struct trust_card {
    char origin[TRUST_CARD_ORIGIN_MAX + 1];
    struct sha256 genesis;
    char predecessor_origin[TRUST_CARD_ORIGIN_MAX + 1]; /* "": none */
    uint64_t predecessor_size;
    struct sha256 predecessor_root;
    struct verifier_key log;
    size_t befores; /* they signed heads that an auditor may have kept, and nothing any more */
    struct verifier_key before[TRUST_CARD_BEFORE_MAX];
    size_t admins;
    struct verifier_key admin[TRUST_CARD_ADMINS_MAX];
    struct minisign_key minisign;
    const char *policy_text; /* its SHA-256 stands in the log */
    size_t policy_length;
    const struct witness_policy *policy; /* set by trust_card_parse(); the writer ignores it */
};

/* Whether a log that names this digest of its witness policy means the card's: of the whole text,
 * or of the text behind a first line `log VKEY`, which nobody can write before the log has its key.
 */
bool trust_card_policy_is(const struct trust_card *card, const struct sha256 *digest);

void trust_card_write(const struct trust_card *card, struct buffer *ret);
/* Strict, and whole: a card that does not parse, whose keys are not of its origin or whose policy
 * does not know its log verifies nothing. Reason id E_TRUST. Pointers live in the arena. */
MUST_CHECK bool trust_card_parse(struct arena *arena, const char *bytes, size_t length,
                                 struct trust_card *ret, struct error *err);

#endif
