/* ssh_agent.h - signing by a key that stands behind an ssh-agent: the secret never enters this
 * process (audit-log.md 4.12, decision 0021). Layer: audit.
 *
 * The agent is the one of $SSH_AUTH_SOCK, and it must run under our own user. Each call asks it
 * anew and waits so long and no longer; within a hold (interruption.h) a signal ends the waiting.
 */
#ifndef YICANG_AUDIT_SSH_AGENT_H
#define YICANG_AUDIT_SSH_AGENT_H

#include "ledger/audit/ssh_wire.h"

#define SSH_AGENT_LIST_SECONDS 10
#define SSH_AGENT_SIGN_SECONDS 60 /* a person may have to touch a card, or to type its PIN */

/* The keys it holds. Reason ids agent.not-running, agent.not-ours, agent.timeout,
 * agent.interrupted, agent.reply. */
MUST_CHECK bool ssh_agent_list(struct ssh_identities *ret, struct error *err);

/* The signature of the text by this key, which libsodium has verified. Besides: agent.key-missing,
 * agent.refused, agent.key-type, agent.signature (of another text or key; FAULT_INPUT). */
MUST_CHECK bool ssh_agent_sign(const uint8_t public_key[static 32], const void *text, size_t length,
                               int seconds, uint8_t ret[static 64], struct error *err);

/* The one Ed25519 key of the agent with this fingerprint ("SHA256:..."), or NULL: of all. Reason
 * ids agent.key-missing, agent.key-type, agent.several. */
MUST_CHECK bool ssh_agent_choose(const char *fingerprint, struct ssh_identity *ret,
                                 struct error *err);

#endif
