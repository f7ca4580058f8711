/* What was booked on one day, and the seal under which that day stands: one paper for the file. */
#include "reports/definition.h"
#include "reports/words.h"

#include "ledger/base/text.h"

enum { BOOK, KIND, ENTRIES, AMOUNT, COLUMNS };

static const struct column columns[COLUMNS] = {
    [BOOK] = {"book", "book", "账套", CELL_WORD, false},
    [KIND] = {"kind", "what", "摘要", CELL_WORD, false},
    [ENTRIES] = {"entries", "entries", "笔数", CELL_INT, true},
    [AMOUNT] = {"amount", "amount", "金额", CELL_MONEY, false},
};

/* The day of the report as events and entries: those after `before` up to `upto`. */
struct day_span {
    struct report_cut before, upto;
};

static bool load_span(struct store *store, struct date day, struct day_span *ret, struct error *err)
{
    return report_cut_load(store, date_add_days(day, -1), &ret->before, err) &&
           report_cut_load(store, day, &ret->upto, err);
}

/* Of a reversal the lines have the opposite sign, but one side is as large as the other. */
static bool add_kinds(struct store *store, const struct day_span *span, struct table *table,
                      struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT e.book, e.kind, count(*), sum(d.fen) FROM entry AS e"
               " JOIN (SELECT entry_id, sum(fen) AS fen FROM line"
               " WHERE fen > 0 AND entry_id > $1 AND entry_id <= $2 GROUP BY entry_id) AS d"
               " ON d.entry_id = e.id GROUP BY e.book, e.kind ORDER BY e.book, min(e.id)");
    bind_int(query, 1, span->before.entry);
    bind_int(query, 2, span->upto.entry);
    while (ok && statement_row(query)) {
        struct cell *row = NULL;
        ok = report_add_row(table, &row, err);
        if (ok) {
            row[BOOK] = word_of_book(table, column_text(query, 0));
            row[KIND] = word_of_entry_kind(table, column_text(query, 1));
            row[ENTRIES] = cell_int(column_int(query, 2));
            row[AMOUNT] = cell_money(column_money(query, 3));
        }
    }
    return ok && statement_end(query, err);
}

static bool add_events(struct store *store, const struct day_span *span, struct table *table,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT count(*), coalesce(min(seq), 0), coalesce(max(seq), 0)"
                           " FROM event WHERE seq > $1 AND seq <= $2");
    bind_int(query, 1, span->before.seq);
    bind_int(query, 2, span->upto.seq);
    if (statement_one(query)) {
        table_add_remark(table, (struct remark){"events", "events of the day", "当日事件数",
                                                cell_int(column_int(query, 0))});
        table_add_remark(table, (struct remark){"first_event", "first of them", "首个事件号",
                                                cell_int(column_int(query, 1))});
        table_add_remark(table, (struct remark){"last_event", "last of them", "末个事件号",
                                                cell_int(column_int(query, 2))});
    }
    return statement_end(query, err);
}

/* A day is sealed when its key is destroyed; one seal may be over several days that were closed at
 * once. Whoever has this text can prove later that the log still begins as it then did. */
static bool add_seal(struct store *store, const struct day_span *span, struct table *table,
                     struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT size, note FROM checkpoint WHERE size > $1"
                           " AND (why = 'seal' OR why = 'cosigned') ORDER BY size LIMIT 1");
    bind_int(query, 1, span->upto.seq);
    if (statement_one(query)) {
        size_t length = 0;
        int64_t size = column_int(query, 0);
        const void *bytes = column_blob(query, 1, &length);
        const char *note = arena_text_n(table->arena, bytes, length);
        table_add_remark(table, (struct remark){"sealed_events", "events under the seal",
                                                "封存事件数", cell_int(size)});
        /* What cannot be shown to the byte is no seal of ours: `audit verify` tells what it is. */
        if (text_equal(cell_text(table, note).text, note)) {
            table->exact = (struct exact_text){"seal", "Seal of the day", "日终封存", note};
        }
    }
    return statement_end(query, err);
}

static bool build(struct store *store, const struct report_parameters *parameters,
                  struct table *table, struct error *err)
{
    struct day_span span;

    return load_span(store, parameters->as_of, &span, err) && add_kinds(store, &span, table, err) &&
           add_events(store, &span, table, err) && add_seal(store, &span, table, err);
}

const struct report day_report = {
    .name = "day-report",
    .title_en = "Day report",
    .title_zh = "日终报告",
    .subject = REPORT_OF_ALL,
    .column = columns,
    .columns = COLUMNS,
    .build = build,
};
