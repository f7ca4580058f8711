/* witness_desk.h - the witness of the finance bureau on its own machine: a key and a memory in two
 * files that belong together (audit-log.md 4.7). Layer: service. Knows no book. */
#ifndef YICANG_SERVICE_WITNESS_DESK_H
#define YICANG_SERVICE_WITNESS_DESK_H

#include "cli/service/book_check.h"
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
 * before this returns), and only then gives the line. One process at a time; reason ids witness.*
 * (witness.one-meaning: the key is that of a mirror), key-file.*, key.needs-passphrase, agent.*. */
MUST_CHECK bool witness_desk_answer(const struct witness_files *files,
                                    const struct trust_card *card, const struct buffer *request,
                                    const struct passphrase_source *source, int64_t now,
                                    struct witness_state *ret_state, struct buffer *ret_line,
                                    struct error *err);

/* Answers one request as a mirror (witness.h): the export in the folder is verified in full, rules
 * of the trade included, against the card and against what the mirror has seen before; only if
 * nothing is found, and the export ends with the head of the request, is it signed. Whether other
 * witnesses have signed yet is not asked. What is found goes into `findings`; reason ids besides
 * those of witness_desk_answer(): witness.not-verified, witness.other-head, witness.one-meaning,
 * bundle.*. */
MUST_CHECK bool mirror_desk_answer(const struct witness_files *files, const struct trust_card *card,
                                   const struct buffer *request, const char *folder,
                                   const struct passphrase_source *source, struct instant now,
                                   struct findings *findings, struct witness_state *ret_state,
                                   struct buffer *ret_line, struct error *err);

#endif
