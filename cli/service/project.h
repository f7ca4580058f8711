/* project.h - an event into the tables: what the door does after appending, and a replay for each
 * event of a log. Layer: service. */
#ifndef YICANG_SERVICE_PROJECT_H
#define YICANG_SERVICE_PROJECT_H

#include "cli/service/use_case.h"

/* What of an event a projection needs; `body` as it stands in the log, `rows` the canonical lines
 * beside it or NULL. */
struct recorded {
    const struct use_case *use_case;
    uint64_t seq;
    const char *actor;
    const char *role;
    const char *origin;
    const struct canon *body;
    const struct buffer *rows;
};

/* Writes the fact tables and posts the entries. The arena may be emptied between rows. */
MUST_CHECK bool project_event(struct store *store, struct arena *arena,
                              const struct recorded *event, struct error *err);
/* Reads the entries of the event back and compares them with its body: the check before commit. */
MUST_CHECK bool project_recheck(struct store *store, struct arena *arena,
                                const struct recorded *event, struct error *err);

#endif
