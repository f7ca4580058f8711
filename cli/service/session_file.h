/* session_file.h - a key held open for the length of a working session. Layer: service.
 * A 0600 file in a 0700 folder of the user's run-time directory, gone at the next start of the
 * machine; it holds the seed, so it is wiped before it is removed. */
#ifndef YICANG_SERVICE_SESSION_FILE_H
#define YICANG_SERVICE_SESSION_FILE_H

#include "ledger/audit/key.h"
#include "ledger/base/arena.h"

/* Reason ids session.write, session.folder (the folder is somebody else's or open to others). */
MUST_CHECK bool session_file_write(struct arena *arena, const char *origin, const char *staff,
                                   const struct signing_key *key, const char **ret_path,
                                   struct error *err);
/* *ret_found is false if no session is open. Reason id session.damaged. */
MUST_CHECK bool session_file_read(struct arena *arena, const char *origin, const char *staff,
                                  struct signing_key *ret, bool *ret_found, struct error *err);
MUST_CHECK bool session_file_remove(const char *origin, const char *staff, bool *ret_was_there,
                                    struct error *err);

#endif
