#include "cli/service/row_reader.h"

#include "cli/service/use_case.h"

#include <string.h>

bool entries_of(struct arena *arena, const struct canon *holder, struct date day,
                struct entry_list *ret, struct error *err)
{
    const struct canon *entries = canon_get(holder, "entries");
    if (entries == NULL) {
        entry_list_init(ret, arena);
        return true;
    }
    return entry_list_read(arena, entries, day, ret, err);
}

bool row_next(struct arena *arena, const char **at, const char *end, struct canon **ret,
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

static bool is_at_end(const struct row_reader *reader)
{
    return reader->at == reader->end &&
           (reader->inside == NULL || reader->next_inside == canon_count(reader->inside));
}

static bool take_row(struct row_reader *reader, struct arena *arena, const struct canon **ret,
                     struct error *err)
{
    struct canon *row = NULL;

    if (reader->at == reader->end) {
        *ret = canon_at(reader->inside, reader->next_inside++);
        return true;
    }
    if (!row_next(arena, &reader->at, reader->end, &row, err)) {
        return false;
    }
    *ret = row;
    return true;
}

static bool read_batch(struct row_batch *batch)
{
    struct row_reader *reader = batch->reader;
    struct entry_list entries;

    while (batch->rows < ROW_BATCH && !is_at_end(reader)) {
        const struct canon **row = &batch->row[batch->rows];
        if (!take_row(reader, &batch->arena, row, &batch->failure) ||
            !entries_of(&batch->arena, *row, reader->day, &entries, &batch->failure)) {
            return false;
        }
        entry_list_append(&batch->entries, &entries);
        batch->rows++;
    }
    return true;
}

static void read_ahead(void *context)
{
    struct row_batch *batch = context;

    arena_reset(&batch->arena);
    entry_list_init(&batch->entries, &batch->arena);
    batch->rows = 0;
    batch->read = read_batch(batch);
}

/* Where the batch before it ended; that one was waited for. */
static void order(struct row_reader *reader, struct row_batch *batch)
{
    reader->ahead = is_at_end(reader) ? NULL : batch;
    if (reader->ahead != NULL && reader->helpers != NULL) {
        pool_submit(reader->helpers, &batch->task);
    }
}

static void wait_for(struct row_reader *reader)
{
    if (reader->helpers != NULL) {
        pool_wait(reader->helpers, &reader->ahead->task);
    } else {
        read_ahead(reader->ahead);
    }
}

void row_reader_begin(struct row_reader *ret, const struct canon *inside,
                      const struct buffer *beside, struct date day, struct signature_pool *helpers)
{
    ret->helpers = helpers;
    ret->day = day;
    ret->inside = inside;
    ret->next_inside = 0;
    ret->at = beside == NULL ? NULL : beside->data;
    ret->end = beside == NULL ? NULL : beside->data + beside->length;
    for (size_t i = 0; i < COUNT_OF(ret->batch); i++) {
        struct row_batch *batch = &ret->batch[i];
        arena_init(&batch->arena, ARENA_LIMIT_COMMAND);
        batch->reader = ret;
        batch->task = (struct pool_task){.run = read_ahead, .context = batch};
    }
    order(ret, &ret->batch[0]);
}

bool row_reader_next(struct row_reader *reader, const struct row_batch **ret, struct error *err)
{
    struct row_batch *batch = reader->ahead;

    *ret = batch;
    if (batch == NULL) {
        return true;
    }
    wait_for(reader);
    reader->ahead = NULL;
    if (!batch->read) {
        *err = batch->failure;
        return false;
    }
    order(reader, batch == &reader->batch[0] ? &reader->batch[1] : &reader->batch[0]);
    return true;
}

void row_reader_end(struct row_reader *reader)
{
    if (reader->ahead != NULL && reader->helpers != NULL) {
        wait_for(reader);
    }
    for (size_t i = 0; i < COUNT_OF(reader->batch); i++) {
        arena_release(&reader->batch[i].arena);
    }
}
