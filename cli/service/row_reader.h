/* row_reader.h - the rows of an event on their way into the tables, batch after batch: while the
 * rows of one batch are written, a helper reads the next. Layer: service.
 *
 * Reading is pure work on bytes in memory (canonical form, accounts, sums of entries); the store
 * belongs to the caller's thread alone. Without helpers a batch is read when it is asked for. What
 * is held is two batches, however many rows there are. */
#ifndef YICANG_SERVICE_ROW_READER_H
#define YICANG_SERVICE_ROW_READER_H

#include "ledger/audit/canon.h"
#include "ledger/audit/signature_pool.h"
#include "ledger/base/arena.h"
#include "ledger/base/buffer.h"
#include "ledger/base/date.h"
#include "ledger/books/entry.h"

#include <stdbool.h>

/* Enough that each balance is touched seldom, and few enough to stay in the processor's cache. */
#define ROW_BATCH 32

struct row_batch {
    const struct canon *row[ROW_BATCH];
    size_t rows;
    struct entry_list entries; /* of all its rows, in their order */
    /* the reader's own */
    struct row_reader *reader;
    struct arena arena;
    bool read;
    struct error failure;
    struct pool_task task;
};

struct row_reader {
    struct signature_pool *helpers; /* NULL: none */
    struct date day;                /* the book date of the entries */
    const struct canon *inside;     /* rows in the line of the event, or NULL */
    size_t next_inside;
    const char *at, *end; /* rows beside it */
    struct row_batch batch[2];
    struct row_batch *ahead; /* is being read; NULL: there are no more */
};

/* rows: as array of the body, or as bytes beside the event, or neither; both stay where they are
 * until row_reader_end(), which must come, and so does *ret. */
void row_reader_begin(struct row_reader *ret, const struct canon *inside,
                      const struct buffer *beside, struct date day, struct signature_pool *helpers);
/* The next batch, good until the next call; *ret is NULL at the end. Reason ids event.malformed,
 * entry.malformed, those of canon_read(). */
MUST_CHECK bool row_reader_next(struct row_reader *reader, const struct row_batch **ret,
                                struct error *err);
void row_reader_end(struct row_reader *reader);

/* The line at *at, which moves behind it. */
MUST_CHECK bool row_next(struct arena *arena, const char **at, const char *end, struct canon **ret,
                         struct error *err);
/* The entries of one object: the body of an event, or a row. */
MUST_CHECK bool entries_of(struct arena *arena, const struct canon *holder, struct date day,
                           struct entry_list *ret, struct error *err);

#endif
