#include "cli/service/project.h"

#include "cli/service/duties.h"
#include "cli/service/plan_override.h"
#include "cli/service/project_referral.h"
#include "cli/service/row_reader.h"
#include "ledger/base/text.h"
#include "ledger/books/calendar.h"
#include "ledger/books/journal.h"

/* Control events carry no date: they belong to the day that was open. */
static bool day_of(struct store *store, const struct recorded *event, struct date *ret,
                   struct error *err)
{
    if (event->use_case->control) {
        if (text_equal(event->use_case->type, "book.genesis")) {
            return canon_get_date(event->body, "opening_day", ret) ||
                   event_malformed("opening_day", err);
        }
        return open_day_load(store, ret, err);
    }
    return canon_get_date(event->body, "date", ret) || event_malformed("date", err);
}

bool rows_read(struct arena *arena, const struct buffer *rows, struct canon **ret,
               struct error *err)
{
    const char *at = rows->data;
    const char *end = rows->data + rows->length;

    *ret = canon_array(arena);
    while (at < end) {
        struct canon *row = NULL;
        if (!row_next(arena, &at, end, &row, err)) {
            return false;
        }
        canon_add(*ret, row);
    }
    return true;
}

bool rows_write(const struct canon *rows, struct buffer *ret, struct error *err)
{
    for (size_t i = 0; rows != NULL && i < canon_count(rows); i++) {
        if (!canon_write(canon_at(rows, i), CANON_LINE_MAX, ret, err)) {
            return false;
        }
        buffer_add_byte(ret, '\n');
    }
    return true;
}

struct writing {
    struct projection projection;
    const struct use_case *use_case;
    bool recheck; /* entries are read back when they stand */
};

static bool post(const struct writing *writing, const struct entry_list *entries, struct error *err)
{
    const struct projection *p = &writing->projection;
    int64_t after = 0;

    return entries->count == 0 ||
           ((!writing->recheck || journal_last_entry(p->store, &after, err)) &&
            journal_post(p->store, p->seq, p->day, entries, err) &&
            (!writing->recheck || journal_recheck(p->store, p->seq, after, p->day, entries, err)));
}

static bool write_row(struct writing *writing, const struct canon *row, struct error *err)
{
    const struct canon *out = canon_get(row, "out");

    writing->projection.out = out;
    if (out == NULL || writing->use_case->project_row == NULL) {
        return event_malformed("rows", err);
    }
    return writing->use_case->project_row(&writing->projection, err);
}

/* Entries are posted once a batch, so that each balance is touched once a batch. */
static bool write_batches(struct writing *writing, struct row_reader *reader, struct error *err)
{
    const struct row_batch *batch = NULL;

    while (row_reader_next(reader, &batch, err)) {
        if (batch == NULL) {
            return true;
        }
        for (size_t i = 0; i < batch->rows; i++) {
            if (!write_row(writing, batch->row[i], err)) {
                return false;
            }
        }
        if (!post(writing, &batch->entries, err)) {
            return false;
        }
    }
    return false;
}

static bool write_rows(struct writing *writing, const struct recorded *event, struct error *err)
{
    const struct canon *inside = canon_get(event->body, "rows");
    struct row_reader reader;

    if (inside == NULL && event->rows == NULL) {
        return true;
    }
    const struct canon *out = writing->projection.out;
    row_reader_begin(&reader, inside, inside == NULL ? event->rows : NULL, writing->projection.day,
                     event->helpers);
    bool ok = write_batches(writing, &reader, err);
    row_reader_end(&reader);
    writing->projection.out = out; /* the last row's is gone with the reader */
    return ok;
}

static bool write_event(struct writing *writing, const struct recorded *event, struct error *err)
{
    const struct use_case *use_case = event->use_case;
    const struct projection *p = &writing->projection;
    struct entry_list entries;

    if ((use_case->project != NULL && !use_case->project(p, err)) ||
        (!use_case->control && (!project_overrides(p, err) || !project_referrals(p, err)))) {
        return false;
    }
    return entries_of(p->arena, event->body, p->day, &entries, err) &&
           post(writing, &entries, err) && write_rows(writing, event, err) &&
           (use_case->finish == NULL || use_case->finish(p, err));
}

static bool project(struct store *store, struct arena *arena, const struct recorded *event,
                    bool recheck, struct error *err)
{
    struct writing writing = {.use_case = event->use_case,
                              .recheck = recheck,
                              .projection = {.store = store,
                                             .arena = arena,
                                             .seq = event->seq,
                                             .actor = event->actor,
                                             .role = event->role,
                                             .origin = event->origin,
                                             .at = event->at,
                                             .memory = event->memory}};
    struct projection *p = &writing.projection;

    p->in = event->use_case->control ? event->body : canon_get(event->body, "in");
    p->out = canon_get(event->body, "out");
    if (p->in == NULL) {
        return event_malformed("in", err);
    }
    if (p->out == NULL) {
        p->out = canon_object(arena);
    }
    if (!day_of(store, event, &p->day, err)) {
        return false;
    }
    return write_event(&writing, event, err) && duties_count(p, event->use_case->type, err);
}

bool project_event(struct store *store, struct arena *arena, const struct recorded *event,
                   struct error *err)
{
    return project(store, arena, event, false, err);
}

bool project_event_checked(struct store *store, struct arena *arena, const struct recorded *event,
                           struct error *err)
{
    return project(store, arena, event, true, err) &&
           (event->use_case->control || journal_check_mirrors(store, err));
}
