#include "ledger/audit/disputes.h"

#include "ledger/audit/checks.h"
#include "ledger/base/text.h"

#define EVENT_ARENA_MAX ((size_t)64 << 20)

struct dispute_walk {
    const struct registry *registry;
    struct findings *findings;
    struct arena arena; /* of one event */
    uint64_t first, last;
};

static void tell(struct dispute_walk *walk, const struct event *event)
{
    for (size_t i = 0; i < event->signatures; i++) {
        const struct event_signature *line = &event->signature[i];
        if (registry_is_disputed(walk->registry, line->name, line->key_id, event->seq)) {
            findings_add(walk->findings, "E_DISPUTE", (int64_t)event->seq,
                         _("signed by %s with a key that was reported stolen; two others have not "
                           "looked at it yet"),
                         line->name);
        }
    }
}

static bool look_at(void *context, const struct log_leaf *leaf, struct error *err)
{
    struct dispute_walk *walk = context;
    struct event event;
    struct error malformed; /* told when it was read first */

    (void)err;
    if (leaf->seq < 0 || (uint64_t)leaf->seq < walk->first || (uint64_t)leaf->seq > walk->last ||
        leaf->bytes == NULL) {
        return true;
    }
    arena_reset(&walk->arena);
    if (event_parse(&walk->arena, NULL, leaf->bytes, leaf->length, &event, &malformed) &&
        event.seq == (uint64_t)leaf->seq) {
        tell(walk, &event);
    }
    return true;
}

bool disputes_tell(const struct registry *registry, const struct log_source *source,
                   struct findings *findings, struct error *err)
{
    struct dispute_walk walk = {.registry = registry, .findings = findings};

    if (!CHECK_MADE(V4_DISPUTE) || !registry_disputes(registry, &walk.first, &walk.last)) {
        return true;
    }
    arena_init(&walk.arena, EVENT_ARENA_MAX);
    bool ok = source->each_leaf(source->context, look_at, &walk, err);
    arena_release(&walk.arena);
    return ok;
}
