/* witness_desk.h - the witness of the finance bureau on its own machine: a key and a memory in two
 * files that belong together (audit-log.md 4.7). Layer: service. Knows no book. */
#ifndef YICANG_SERVICE_WITNESS_DESK_H
#define YICANG_SERVICE_WITNESS_DESK_H

#include "cli/service/key_ring.h"
#include "ledger/audit/trust_card.h"
#include "ledger/audit/witness.h"

struct witness_files {
    const char *key;   /* key file (key.h), or which key of the ssh-agent it is */
    const char *state; /* what the witness has seen of one log */
};

/* A new key under this name and an empty memory of the log. Reason ids key-file.*, witness.name,
 * witness.exists, witness.write. */
MUST_CHECK bool witness_desk_create(const struct witness_files *files, const char *name,
                                    const char *origin, const char *passphrase,
                                    char ret_vkey[static VKEY_TEXT_MAX], struct error *err);

/* The same with a key of the ssh-agent. */
MUST_CHECK bool witness_desk_adopt(const struct witness_files *files, const char *name,
                                   const char *origin, const uint8_t public_key[static 32],
                                   char ret_vkey[static VKEY_TEXT_MAX], struct error *err);

/* Answers one request: checks it against the card and the memory, keeps the new memory (on the disk
 * before this returns), and only then gives the line. One process at a time; reason ids witness.*,
 * key-file.*, key.needs-passphrase, agent.*. */
MUST_CHECK bool witness_desk_answer(const struct witness_files *files,
                                    const struct trust_card *card, const struct buffer *request,
                                    const struct passphrase_source *source, int64_t now,
                                    struct witness_state *ret_state, struct buffer *ret_line,
                                    struct error *err);

#endif
