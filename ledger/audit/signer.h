/* signer.h - who signs: a key at hand, or one behind an ssh-agent. Layer: audit.
 *
 * One may fail where the other cannot: the agent may be gone, locked or slow, and the person may
 * say no. Whoever lets people sign goes through signer_sign() and minds its result. */
#ifndef YICANG_AUDIT_SIGNER_H
#define YICANG_AUDIT_SIGNER_H

#include "ledger/audit/key.h"

/* Both must outlive it. */
struct signer {
    const struct verifier_key *verifier;
    const struct signing_key *key; /* NULL: its secret stands behind the ssh-agent */
};

static inline struct signer signer_of_key(const struct signing_key *key)
{
    return (struct signer){.verifier = &key->verifier, .key = key};
}

static inline struct signer signer_in_agent(const struct verifier_key *verifier)
{
    return (struct signer){.verifier = verifier, .key = NULL};
}

/* The bare signature of the text. An agent is waited for `seconds`, 0: as long as a person may need
 * (ssh_agent.h). Reason ids agent.*. */
MUST_CHECK bool signer_sign(const struct signer *signer, const void *text, size_t length,
                            int seconds, uint8_t ret[static 64], struct error *err);

/* As signature_line_add(), by whoever it is. */
MUST_CHECK bool signature_line_sign(const struct signer *signer, const char *text, size_t length,
                                    struct buffer *ret, struct error *err);

#endif
