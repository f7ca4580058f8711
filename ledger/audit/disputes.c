#include "ledger/audit/disputes.h"

#include "ledger/audit/approval.h"
#include "ledger/audit/checks.h"
#include "ledger/audit/verify_state.h"
#include "ledger/base/text.h"

#define EVENT_ARENA_MAX ((size_t)64 << 20)

struct dispute_walk {
    const struct registry *registry;
    struct findings *findings;
    struct arena arena;   /* of one event */
    uint64_t first, last; /* that may be in dispute */
    uint64_t read_to;
    const struct verify_state *since; /* NULL: all was read and checked just now */
    struct sha256 before;             /* hash of the leaf before */
    bool broken;
};

/* Whether the leaf is one of those that the state has seen, as far as the one before tells. */
static void follow_chain(struct dispute_walk *walk, const struct log_leaf *leaf,
                         const struct event *event)
{
    uint64_t seq = (uint64_t)leaf->seq;
    if (walk->since == NULL || seq >= walk->since->range.size) {
        return;
    }
    bool follows = event != NULL && event->seq == seq &&
                   (seq == walk->first || sha256_equal(&event->prev, &walk->before));
    walk->before = merkle_leaf_hash(leaf->bytes == NULL ? "" : leaf->bytes, leaf->length);
    bool last = seq + 1 == walk->since->range.size;
    if ((!follows || (last && !sha256_equal(&walk->before, &walk->since->last_leaf))) &&
        !walk->broken) {
        walk->broken = true;
        findings_add(walk->findings, "E_CHAIN", leaf->seq,
                     _("what stands before the state is not what was verified then"));
    }
}

static void tell_key(struct dispute_walk *walk, const struct event *event, const char *name,
                     uint32_t id)
{
    if (registry_is_disputed(walk->registry, name, id, event->seq)) {
        findings_add(walk->findings, "E_DISPUTE", (int64_t)event->seq,
                     _("signed by %s with a key that was reported stolen; two others have not "
                       "looked at it yet"),
                     name);
    }
}

/* Who acts, and who decided elsewhere. */
static void tell(struct dispute_walk *walk, const struct event *event)
{
    struct approval approval;

    for (size_t i = 0; i < event->signatures; i++) {
        tell_key(walk, event, event->signature[i].name, event->signature[i].key_id);
    }
    if (approval_of_event(&walk->arena, event, &approval)) {
        tell_key(walk, event, approval.key_name, approval.key_id);
    }
}

static bool look_at(void *context, const struct log_leaf *leaf, struct error *err)
{
    struct dispute_walk *walk = context;
    struct event event;
    struct error malformed; /* told when it was read first */

    (void)err;
    if (leaf->seq < 0 || (uint64_t)leaf->seq < walk->first || (uint64_t)leaf->seq > walk->read_to) {
        return true;
    }
    arena_reset(&walk->arena);
    bool parsed = leaf->bytes != NULL &&
                  event_parse(&walk->arena, NULL, leaf->bytes, leaf->length, &event, &malformed);
    follow_chain(walk, leaf, parsed ? &event : NULL);
    if (parsed && event.seq == (uint64_t)leaf->seq && event.seq <= walk->last) {
        tell(walk, &event);
    }
    return true;
}

bool disputes_tell(const struct registry *registry, const struct log_source *source,
                   const struct verify_state *since, struct findings *findings, struct error *err)
{
    struct dispute_walk walk = {.registry = registry, .findings = findings, .since = since};

    if (!CHECK_MADE(V4_DISPUTE) || !registry_disputes(registry, &walk.first, &walk.last)) {
        return true;
    }
    walk.read_to = walk.last;
    if (since != NULL && walk.first < since->range.size && walk.last < since->range.size) {
        walk.read_to = since->range.size - 1; /* where the chain is known */
    }
    arena_init(&walk.arena, EVENT_ARENA_MAX);
    bool ok = source->each_leaf(source->context, (int64_t)walk.first, look_at, &walk, err);
    arena_release(&walk.arena);
    return ok;
}
