#include "tests/support/log_beginning.h"

static bool pass_beginning(void *context, const struct log_leaf *leaf, struct error *err)
{
    const struct log_beginning *beginning = context;
    return leaf->seq >= beginning->size || beginning->visit(beginning->visiting, leaf, err);
}

static bool each_leaf(void *context, int64_t from, log_leaf_visitor visit, void *visiting,
                      struct error *err)
{
    struct log_beginning *beginning = context;
    beginning->visit = visit;
    beginning->visiting = visiting;
    return beginning->whole->each_leaf(beginning->whole->context, from, pass_beginning, beginning,
                                       err);
}

static bool rows(void *context, uint64_t seq, struct buffer *ret, struct error *err)
{
    const struct log_beginning *beginning = context;
    return beginning->whole->rows(beginning->whole->context, seq, ret, err);
}

static bool next_head(void *context, uint64_t after, uint64_t *ret_size, struct buffer *ret,
                      struct error *err)
{
    const struct log_beginning *beginning = context;
    if (!beginning->whole->next_head(beginning->whole->context, after, ret_size, ret, err)) {
        return false;
    }
    if (*ret_size > (uint64_t)beginning->size) {
        *ret_size = 0;
        buffer_clear(ret);
    }
    return true;
}

static bool end(void *context, int64_t from, const struct log_tip *tip, uint64_t events_with_rows,
                struct findings *findings, struct error *err)
{
    (void)context, (void)from, (void)tip, (void)events_with_rows, (void)findings, (void)err;
    return true;
}

struct log_source log_source_of_beginning(struct log_beginning *beginning)
{
    return (struct log_source){.context = beginning,
                               .is_book = beginning->whole->is_book,
                               .each_leaf = each_leaf,
                               .rows = rows,
                               .next_head = next_head,
                               .end = end};
}
