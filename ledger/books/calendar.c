#include "ledger/books/calendar.h"

#include "ledger/base/text.h"
#include "ledger/books/journal.h"

#include <assert.h>
#include <string.h>

static bool refuse_empty(const struct store *store, struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "book.empty",
                     _("the book 「%s」 is empty: it was never opened for business"),
                     store_path(store));
}

bool book_facts_load(struct store *store, struct arena *arena, struct book_facts *ret,
                     struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT origin, name, opening_day FROM book WHERE id = 0");
    bool found = statement_one(query);
    *ret = (struct book_facts){.name = ""};
    if (found) {
        const char *origin = column_text(query, 0);
        size_t length = strnlen(origin, sizeof ret->origin);
        if (length == sizeof ret->origin) {
            return error_set(err, FAULT_INTEGRITY, "book.origin",
                             _("the origin of the book 「%s」 is longer than 128 bytes"),
                             store_path(store));
        }
        memcpy(ret->origin, origin, length);
        ret->name = arena_text(arena, column_text(query, 1));
        ret->opening_day = column_date(query, 2);
    }
    return statement_end(query, err) && (found || refuse_empty(store, err));
}

static bool closed_day_put(struct store *store, uint64_t seq, struct date day, int64_t last_entry,
                           struct error *err)
{
    AUTO_STATEMENT struct statement *insert =
        store_query(store, "INSERT INTO closed_day (day, last_entry, seq) VALUES ($1, $2, $3)");
    bind_date(insert, 1, day);
    bind_int(insert, 2, last_entry);
    bind_int(insert, 3, (int64_t)seq);
    return statement_run(insert, err);
}

bool book_facts_put(struct store *store, uint64_t seq, const char *origin, const char *name,
                    struct date opening_day, struct error *err)
{
    assert(strlen(origin) < sizeof((struct book_facts){0}).origin);
    if (opening_day.day <= DATE_DAY_MIN) {
        return error_set(err, FAULT_REFUSED, "date.range",
                         _("a book cannot open on the first day of the calendar"));
    }
    AUTO_STATEMENT struct statement *insert =
        store_query(store, "INSERT INTO book (id, origin, name, opening_day, seq) "
                           "VALUES (0, $1, $2, $3, $4)");
    bind_text(insert, 1, origin);
    bind_text(insert, 2, name);
    bind_date(insert, 3, opening_day);
    bind_int(insert, 4, (int64_t)seq);
    return statement_run(insert, err) &&
           closed_day_put(store, seq, date_add_days(opening_day, -1), 0, err);
}

bool open_day_load(struct store *store, struct date *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT day FROM closed_day ORDER BY day DESC LIMIT 1");
    bool found = statement_one(query);
    struct date closed = found ? column_date(query, 0) : (struct date){0};
    if (!statement_end(query, err) || (!found && !refuse_empty(store, err))) {
        return false;
    }
    *ret = date_add_days(closed, 1);
    return true;
}

static bool check_is_open(struct store *store, struct date day, struct error *err)
{
    struct date open = {0};
    if (!open_day_load(store, &open, err)) {
        return false;
    }
    if (date_compare(day, open) != 0) {
        char asked[DATE_TEXT_SIZE];
        char expected[DATE_TEXT_SIZE];
        return error_set(err, FAULT_REFUSED, "date.not-open",
                         _("%s is not the open business day; that is %s"), date_format(day, asked),
                         date_format(open, expected));
    }
    if (day.day >= DATE_DAY_MAX) {
        return error_set(err, FAULT_REFUSED, "date.range",
                         _("the last day of the calendar cannot be closed"));
    }
    return true;
}

bool closed_period_load(struct store *store, bool *ret_any, struct date *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT last_day FROM closed_period ORDER BY last_day DESC LIMIT 1");
    *ret_any = statement_one(query);
    if (*ret_any) {
        *ret = column_date(query, 0);
    }
    return statement_end(query, err);
}

static bool closed_period_put(struct store *store, uint64_t seq, struct date last_day,
                              struct error *err)
{
    AUTO_STATEMENT struct statement *insert =
        store_query(store, "INSERT INTO closed_period (last_day, seq) VALUES ($1, $2)");
    bind_date(insert, 1, last_day);
    bind_int(insert, 2, (int64_t)seq);
    return statement_run(insert, err) && journal_keep_period(store, last_day, err);
}

bool open_day_close(struct store *store, uint64_t seq, struct date day, struct error *err)
{
    int64_t last_entry = 0;
    if (!check_is_open(store, day, err) || !journal_last_entry(store, &last_entry, err) ||
        !closed_day_put(store, seq, day, last_entry, err)) {
        return false;
    }
    return !date_is_month_end(day) || closed_period_put(store, seq, day, err);
}
