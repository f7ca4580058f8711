/* project.h - an event into the tables: what the door does after appending, and a replay for each
 * event of a log. Layer: service. */
#ifndef YICANG_SERVICE_PROJECT_H
#define YICANG_SERVICE_PROJECT_H

#include "cli/service/use_case.h"
#include "ledger/audit/log.h"
#include "ledger/audit/signature_pool.h"

/* What of an event a projection needs; `body` as it stands in the log, `rows` the canonical lines
 * beside it or NULL; helpers that read rows ahead, or NULL; what is remembered of people, or NULL.
 */
struct recorded {
    const struct use_case *use_case;
    uint64_t seq;
    const char *actor;
    const char *role;
    const char *origin;
    struct instant at;
    const struct canon *body;
    const struct buffer *rows;
    struct signature_pool *helpers;
    struct staff_memory *memory;
};

/* Rows as they stand beside an event, canonical lines, each with its LF: as an array. */
MUST_CHECK bool rows_read(struct arena *arena, const struct buffer *rows, struct canon **ret,
                          struct error *err);
/* The rows of a body as they would stand beside it. rows may be NULL. */
MUST_CHECK bool rows_write(const struct canon *rows, struct buffer *ret, struct error *err);

/* Writes the fact tables and posts the entries. */
MUST_CHECK bool project_event(struct store *store, struct arena *arena,
                              const struct recorded *event, struct error *err);
/* The same; the entries are read back and compared with the body, and the mirrors of the books are
 * checked: the check before commit. */
MUST_CHECK bool project_event_checked(struct store *store, struct arena *arena,
                                      const struct recorded *event, struct error *err);

#endif
