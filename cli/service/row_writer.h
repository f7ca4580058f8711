/* row_writer.h - the rows that a plan leaves behind, batch after batch: while the loans of one
 * batch are planned, a helper writes the canonical lines of the batch before it and hashes them.
 * Layer: service.
 *
 * Writing is pure work in memory; the store belongs to the caller's thread alone. Without helpers a
 * batch is written when it is full, and whoever wants the hash makes it. What is held besides the
 * bytes is two batches. */
#ifndef YICANG_SERVICE_ROW_WRITER_H
#define YICANG_SERVICE_ROW_WRITER_H

#include "cli/service/row_reader.h"
#include "cli/service/use_case.h"

struct row_sheaf {
    const struct canon *row[ROW_BATCH];
    size_t rows;
    struct row_writer *writer;
    struct arena arena; /* of the rows, and of what they were made of */
    struct pool_task task;
};

struct row_writer {
    struct planning *planning;
    uint64_t count;
    /* Between hand-over and wait the helper's, with rows and rows_count of the planning: */
    struct sha256_stream hash;
    bool failed;
    struct error failure;
    /* the writer's own */
    struct row_sheaf sheaf[2];
    struct row_sheaf *filling;
    struct row_sheaf *handed_over; /* NULL: none */
};

/* Rows go into the planning, which has none yet. *ret stays where it is until row_writer_end(),
 * which must come; until then nobody else looks at the rows of the planning. */
void row_writer_begin(struct planning *planning, struct row_writer *ret);
/* Memory for the next row; what is in it is forgotten some time after the row was added. */
struct arena *row_writer_arena(struct row_writer *writer);
/* Reason ids of planning_row(), perhaps of a row before this one. */
MUST_CHECK bool row_writer_add(struct row_writer *writer, const struct canon *row,
                               struct error *err);
/* With `keep` all rows stand in the planning afterwards, and their hash if helpers made it. */
MUST_CHECK bool row_writer_end(struct row_writer *writer, bool keep, struct error *err);

#endif
