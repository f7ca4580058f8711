#include "ledger/audit/recorded_roots.h"

#include <inttypes.h>
#include <stdlib.h>

#include "ledger/audit/checks.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

void recorded_roots_release(struct recorded_roots *roots)
{
    free(roots->waiting);
    *roots = (struct recorded_roots){0};
}

static void tell(const struct recorded_root *recorded, struct findings *findings)
{
    if (CHECK_MADE(V6_RECORDED)) {
        findings_add(findings, "E_ROOT", recorded->seq,
                     _("it says that the first %" PRIu64 " events had another root than they have"),
                     recorded->size);
    }
}

static void wait(struct recorded_roots *roots, const struct recorded_root *recorded)
{
    if (roots->count == RECORDED_ROOTS_MAX) {
        roots->left_out++;
        return;
    }
    if ((roots->count & (roots->count - 1)) == 0) { /* room doubles at each power of two */
        roots->waiting = alloc_resized(roots->waiting, roots->count == 0 ? 1 : 2 * roots->count,
                                       sizeof roots->waiting[0]);
    }
    roots->waiting[roots->count++] = *recorded;
}

void recorded_roots_follow(struct recorded_roots *roots, const struct event *event,
                           const struct merkle_range *before, struct findings *findings)
{
    const struct canon *in = canon_get(event->body, "in");
    struct recorded_root recorded = {.seq = (int64_t)event->seq};
    int64_t size = 0;

    if (!text_equal(event->type, "verify.run") && !text_equal(event->type, "db.restore")) {
        return;
    }
    if (in == NULL || !canon_get_int(in, "size", &size) || size < 1 ||
        !canon_get_sha256(in, "root", &recorded.root) || (uint64_t)size > before->size) {
        findings_add(findings, "E_ROOT", recorded.seq,
                     _("it names no size and root that the log had before it"));
        return;
    }
    recorded.size = (uint64_t)size;
    if (recorded.size < before->size) {
        wait(roots, &recorded);
        return;
    }
    struct sha256 root = merkle_range_root(before);
    if (!sha256_equal(&root, &recorded.root)) {
        tell(&recorded, findings);
    }
}

/* The leaves once more ------------------------------------------------------------------------- */

static int by_size(const void *left, const void *right)
{
    const struct recorded_root *a = left;
    const struct recorded_root *b = right;
    return (a->size > b->size) - (a->size < b->size);
}

struct second_look {
    const struct recorded_roots *roots;
    size_t next;
    struct merkle_range range;
    struct findings *findings;
};

static bool take_leaf(void *context, const struct log_leaf *leaf, struct error *err)
{
    struct second_look *look = context;
    const struct recorded_roots *roots = look->roots;
    struct sha256 hash = merkle_leaf_hash(leaf->bytes == NULL ? "" : leaf->bytes, leaf->length);
    (void)err;

    if (look->next == roots->count) {
        return true;
    }
    merkle_range_append(&look->range, &hash);
    while (look->next < roots->count && roots->waiting[look->next].size == look->range.size) {
        const struct recorded_root *recorded = &roots->waiting[look->next++];
        struct sha256 root = merkle_range_root(&look->range);
        if (!sha256_equal(&root, &recorded->root)) {
            tell(recorded, look->findings);
        }
    }
    return true;
}

bool recorded_roots_tell(struct recorded_roots *roots, const struct log_source *source,
                         struct findings *findings, struct error *err)
{
    struct second_look look = {.roots = roots, .findings = findings};

    if (roots->left_out > 0) {
        findings_add(findings, "E_TRUST", -1,
                     _("%" PRIu64 " roots of earlier sizes that events name were not compared"),
                     roots->left_out);
    }
    if (roots->count == 0) {
        return true;
    }
    qsort(roots->waiting, roots->count, sizeof roots->waiting[0], by_size);
    merkle_range_init(&look.range);
    return source->each_leaf(source->context, LOG_FROM_START, take_leaf, &look, err);
}
