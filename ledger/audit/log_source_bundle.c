/* log_source_bundle.c - the log in an export, read for a verification. */
#include "ledger/audit/log_source.h"

#include <inttypes.h>

#include "ledger/audit/checkpoint.h"
#include "ledger/base/text.h"

struct leaf_passing {
    log_leaf_visitor visit;
    void *visiting;
};

static bool pass_leaf(void *context, uint64_t seq, const void *leaf, size_t length,
                      struct error *err)
{
    const struct leaf_passing *passing = context;
    const struct log_leaf one = {.seq = (int64_t)seq, .bytes = leaf, .length = length};
    return passing->visit(passing->visiting, &one, err);
}

static bool each_leaf(void *context, int64_t from, log_leaf_visitor visit, void *visiting,
                      struct error *err)
{
    struct leaf_passing passing = {visit, visiting};
    return from == LOG_FROM_START
               ? bundle_each_leaf(context, pass_leaf, &passing, err)
               : bundle_each_leaf_from(context, (uint64_t)from, pass_leaf, &passing, err);
}

static bool rows(void *context, uint64_t seq, struct buffer *ret, struct error *err)
{
    bool found = false;
    buffer_clear(ret);
    return bundle_read_rows(context, seq, &found, ret, err);
}

static bool next_head(void *context, uint64_t after, uint64_t *ret_size, struct buffer *ret,
                      struct error *err)
{
    const uint64_t *size = NULL;
    size_t sizes = bundle_checkpoints(context, &size);
    size_t low = 0;
    size_t high = sizes;
    while (low < high) { /* the first that is above */
        size_t middle = low + (high - low) / 2;
        if (size[middle] <= after) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_size = low < sizes ? size[low] : 0;
    buffer_clear(ret);
    return *ret_size == 0 || bundle_read_checkpoint(context, *ret_size, ret, err);
}

static bool end(void *context, int64_t from, const struct log_tip *tip, uint64_t events_with_rows,
                struct findings *findings, struct error *err)
{
    uint64_t first = from < 0 ? 0 : (uint64_t)from;
    uint64_t kept = bundle_rows_files(context, first);
    (void)tip; /* compared with the newest head, which stands under its signatures */
    if (kept > events_with_rows) {
        findings_add(findings, "E_ROWS", -1,
                     _("rows stand beside %" PRId64 " events that were signed without any"),
                     (int64_t)(kept - events_with_rows));
    }
    return bundle_check_files(context, first, err);
}

struct log_source log_source_of_bundle(struct bundle *bundle)
{
    return (struct log_source){.context = bundle,
                               .each_leaf = each_leaf,
                               .rows = rows,
                               .next_head = next_head,
                               .end = end};
}
