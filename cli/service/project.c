#include "cli/service/project.h"

#include "cli/service/duties.h"
#include "cli/service/plan_override.h"
#include "ledger/base/text.h"
#include "ledger/books/calendar.h"
#include "ledger/books/journal.h"

#include <string.h>

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

/* The entries of one object: the body itself, or a row. */
static bool entries_of(struct arena *arena, const struct canon *holder, struct date day,
                       struct entry_list *ret, struct error *err)
{
    const struct canon *entries = canon_get(holder, "entries");
    if (entries == NULL) {
        entry_list_init(ret, arena);
        return true;
    }
    return entry_list_read(arena, entries, day, ret, err);
}

typedef bool (*row_function)(void *context, const struct canon *row, struct error *err);

static bool each_inline_row(const struct canon *rows, row_function visit, void *context,
                            struct error *err)
{
    for (size_t i = 0; i < canon_count(rows); i++) {
        if (!visit(context, canon_at(rows, i), err)) {
            return false;
        }
    }
    return true;
}

/* The line at *at, which moves behind it. */
static bool row_next(struct arena *arena, const char **at, const char *end, struct canon **ret,
                     struct error *err)
{
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    if (stop == NULL) {
        return event_malformed("rows", err);
    }
    const char *line = *at;
    *at = stop + 1;
    return canon_read(arena, line, (size_t)(stop - line), CANON_LINE_MAX, ret, err);
}

static bool each_row_beside(const struct buffer *rows, row_function visit, void *context,
                            struct error *err)
{
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    const char *at = rows->data;
    const char *end = rows->data + rows->length;

    while (at < end) {
        struct canon *row = NULL;
        if (!row_next(&arena, &at, end, &row, err) || !visit(context, row, err)) {
            return false;
        }
        arena_reset(&arena);
    }
    return true;
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

static bool each_row(const struct recorded *event, row_function visit, void *context,
                     struct error *err)
{
    const struct canon *rows = canon_get(event->body, "rows");
    if (rows != NULL) {
        return each_inline_row(rows, visit, context, err);
    }
    return event->rows == NULL || each_row_beside(event->rows, visit, context, err);
}

/* Entries are gathered over many rows, so that each balance is touched once a batch. */
#define BATCH_ENTRIES 2048

struct writing {
    struct projection projection;
    const struct use_case *use_case;
    bool recheck; /* each batch is read back when it stands */
    struct arena batch_arena;
    struct entry_list batch;
};

static bool post_batch(struct writing *writing, struct error *err)
{
    struct projection *p = &writing->projection;
    const struct entry_list *batch = &writing->batch;
    int64_t after = 0;

    if (batch->count > 0 &&
        (!journal_last_entry(p->store, &after, err) ||
         !journal_post(p->store, p->seq, p->day, batch, err) ||
         (writing->recheck && !journal_recheck(p->store, p->seq, after, p->day, batch, err)))) {
        return false;
    }
    arena_reset(&writing->batch_arena);
    entry_list_init(&writing->batch, &writing->batch_arena);
    return true;
}

static bool gather(struct writing *writing, const struct canon *holder, struct error *err)
{
    struct entry_list list;
    if (!entries_of(&writing->batch_arena, holder, writing->projection.day, &list, err)) {
        return false;
    }
    entry_list_append(&writing->batch, &list);
    return writing->batch.count < BATCH_ENTRIES || post_batch(writing, err);
}

static bool write_row(void *context, const struct canon *row, struct error *err)
{
    struct writing *writing = context;
    const struct canon *out = canon_get(row, "out");

    writing->projection.out = out;
    if (out == NULL || writing->use_case->project_row == NULL) {
        return event_malformed("rows", err);
    }
    return writing->use_case->project_row(&writing->projection, err) && gather(writing, row, err);
}

static bool write_event(struct writing *writing, const struct recorded *event, struct error *err)
{
    const struct use_case *use_case = event->use_case;

    if ((use_case->project != NULL && !use_case->project(&writing->projection, err)) ||
        (!use_case->control && !project_overrides(&writing->projection, err))) {
        return false;
    }
    return gather(writing, event->body, err) && each_row(event, write_row, writing, err) &&
           post_batch(writing, err) &&
           (use_case->finish == NULL || use_case->finish(&writing->projection, err));
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
                                             .at = event->at}};
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
    arena_init(&writing.batch_arena, ARENA_LIMIT_COMMAND);
    entry_list_init(&writing.batch, &writing.batch_arena);
    bool ok = write_event(&writing, event, err) && duties_count(p, event->use_case->type, err);
    arena_release(&writing.batch_arena);
    return ok;
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
