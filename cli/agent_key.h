/* agent_key.h - options by which a person says that a key stands behind an ssh-agent. Layer: cli.
 */
#ifndef YICANG_CLI_AGENT_KEY_H
#define YICANG_CLI_AGENT_KEY_H

#include "cli/command.h"
#include "ledger/base/text.h"

/* Rows for the table of a command that makes a key. */
#define AGENT_KEY_OPTIONS                                                                          \
    {"agent",                                                                                      \
     OPTION_FLAG,                                                                                  \
     false,                                                                                        \
     NULL,                                                                                         \
     N_("the key is one of the ssh-agent (SSH_AUTH_SOCK): its secret stays there"),                \
     false},                                                                                       \
        {"fingerprint",                                                                            \
         OPTION_TEXT,                                                                              \
         false,                                                                                    \
         "SHA256:...",                                                                             \
         N_("which one of the agent, as `ssh-add -l` shows it; needed if it holds several"),       \
         false},                                                                                   \
    {                                                                                              \
        "public", OPTION_FILE, false, "FILE",                                                      \
            N_("the same by its public half, such as id_ed25519.pub"), false                       \
    }

/* The public key that the options choose, 32 bytes in the arena; NULL if the key is to be made in a
 * file. Reason ids usage.agent-key, input.*, agent.*. */
MUST_CHECK bool agent_key_chosen(const struct invocation *invocation, const uint8_t **ret,
                                 struct error *err);

/* "ssh-agent", "file": programs read the English words. */
struct cell word_of_key_place(struct table *table, const char *name);
const char *key_place(bool in_agent);

#endif
