#include "cli/service/row_writer.h"

static void write_sheaf(void *context)
{
    struct row_sheaf *sheaf = context;
    struct row_writer *writer = sheaf->writer;
    struct planning *planning = writer->planning;
    size_t from = planning->rows.length;

    for (size_t i = 0; i < sheaf->rows && !writer->failed; i++) {
        writer->failed = !planning_row(planning, sheaf->row[i], &writer->failure);
    }
    if (planning->helpers != NULL && !writer->failed) {
        sha256_add(&writer->hash, planning->rows.data + from, planning->rows.length - from);
    }
}

void row_writer_begin(struct planning *planning, struct row_writer *ret)
{
    ret->planning = planning;
    ret->count = 0;
    ret->failed = false;
    sha256_begin(&ret->hash);
    for (size_t i = 0; i < COUNT_OF(ret->sheaf); i++) {
        struct row_sheaf *sheaf = &ret->sheaf[i];
        sheaf->rows = 0;
        sheaf->writer = ret;
        arena_init(&sheaf->arena, ARENA_LIMIT_COMMAND);
        sheaf->task = (struct pool_task){.run = write_sheaf, .context = sheaf};
    }
    ret->filling = &ret->sheaf[0];
    ret->handed_over = NULL;
}

struct arena *row_writer_arena(struct row_writer *writer)
{
    return &writer->filling->arena;
}

/* Afterwards the rows are this thread's again. */
static void wait_for(struct row_writer *writer)
{
    if (writer->handed_over == NULL) {
        return;
    }
    if (writer->planning->helpers != NULL) {
        pool_wait(writer->planning->helpers, &writer->handed_over->task);
    }
    arena_reset(&writer->handed_over->arena);
    writer->handed_over->rows = 0;
    writer->handed_over = NULL;
}

/* One after the other, so the last one was waited for: lines stand in the order of their rows. */
static void hand_over(struct row_writer *writer)
{
    struct row_sheaf *full = writer->filling;

    writer->filling = full == &writer->sheaf[0] ? &writer->sheaf[1] : &writer->sheaf[0];
    writer->handed_over = full;
    if (writer->planning->helpers != NULL) {
        pool_submit(writer->planning->helpers, &full->task);
    } else {
        write_sheaf(full);
    }
}

bool row_writer_add(struct row_writer *writer, const struct canon *row, struct error *err)
{
    struct row_sheaf *sheaf = writer->filling;

    sheaf->row[sheaf->rows++] = row;
    writer->count++;
    if (sheaf->rows < ROW_BATCH) {
        return true;
    }
    wait_for(writer);
    if (writer->failed) {
        *err = writer->failure;
        return false;
    }
    hand_over(writer);
    return true;
}

bool row_writer_end(struct row_writer *writer, bool keep, struct error *err)
{
    struct planning *planning = writer->planning;

    wait_for(writer);
    if (keep && !writer->failed && writer->filling->rows > 0) {
        hand_over(writer);
        wait_for(writer);
    }
    for (size_t i = 0; i < COUNT_OF(writer->sheaf); i++) {
        arena_release(&writer->sheaf[i].arena);
    }
    if (keep && writer->failed) {
        *err = writer->failure;
        return false;
    }
    planning->rows_hashed = keep && planning->helpers != NULL;
    planning->rows_sha256 = sha256_end(&writer->hash);
    return keep;
}
