#include "ledger/books/books_check.h"

#include "ledger/base/text.h"
#include "ledger/books/check_kept.h"
#include "ledger/books/mirror.h"

#include <inttypes.h>
#include <string.h>

/* One walk over entries, lines and closed days side by side, each in its order. */
struct walk {
    struct store *store;
    struct findings *findings;
    struct turnover turnover[ACCOUNT_SLOTS]; /* of the lines so far */

    struct statement *lines;
    bool has_line;
    int64_t line_entry; /* entry_id of the line at hand */

    struct statement *days;
    bool has_day;
    int64_t day, day_last_entry; /* the closed day at hand */
    bool day_ends_period;
    bool any_day;
    int64_t previous_day, previous_last_entry;

    int64_t last_id, last_seq; /* of the entry before */
    int64_t year[BOOK_COUNT], no[BOOK_COUNT];
    bool mirror_broken[MIRRORS];
};

struct entry_row {
    int64_t id, seq, year, no, book_date, value_date;
    bool has_book;
    enum book book;
};

/* Lines ---------------------------------------------------------------------------------------- */

static void line_next(struct walk *walk)
{
    walk->has_line = statement_row(walk->lines);
    walk->line_entry = walk->has_line ? column_int(walk->lines, 0) : INT64_MAX;
}

static void find_entry(struct walk *walk, const char *code, const struct entry_row *entry,
                       const char *fact)
{
    findings_add(walk->findings, code, entry->seq, _("entry %" PRId64 ": %s"), entry->id, fact);
}

/* Adds the line at hand to the turnovers; *ret is its amount, or zero if it has no account. */
static bool line_take(struct walk *walk, const struct entry_row *entry, struct money *ret)
{
    enum account account = ACCOUNT_BANK_MONEY;
    struct money amount = column_money(walk->lines, 2);
    *ret = MONEY_ZERO;
    if (!account_from_number(column_int(walk->lines, 1), &account)) {
        find_entry(walk, "BOOKS_ENTRY_SUM", entry, _("a line names no account"));
        return false;
    }
    if (!turnover_add(&walk->turnover[account], amount)) {
        find_entry(walk, "BOOKS_ENTRY_SUM", entry, _("the turnover of an account is too large"));
    }
    *ret = amount;
    if (!entry->has_book || account_book(account) == entry->book) {
        return true;
    }
    find_entry(walk, "BOOKS_ENTRY_SUM", entry, _("a line has an account of another book"));
    return false;
}

/* Lines whose entry is not there, before entry `id`. */
static void lines_without_entry(struct walk *walk, int64_t id)
{
    while (walk->has_line && walk->line_entry < id) {
        const struct entry_row nobody = {.id = walk->line_entry, .seq = -1};
        find_entry(walk, "BOOKS_ENTRY_SUM", &nobody, _("it has lines but does not exist"));
        while (walk->has_line && walk->line_entry == nobody.id) {
            struct money amount;
            (void)!line_take(walk, &nobody, &amount);
            line_next(walk);
        }
    }
}

static void check_sum(struct walk *walk, const struct entry_row *entry)
{
    struct money sum = MONEY_ZERO;
    int count = 0;
    bool fits = true;
    while (walk->has_line && walk->line_entry == entry->id) {
        struct money amount = MONEY_ZERO;
        fits = line_take(walk, entry, &amount) && fits;
        fits = money_add(sum, amount, &sum) && fits;
        count++;
        line_next(walk);
    }
    if (count < 2) {
        find_entry(walk, "BOOKS_ENTRY_SUM", entry, _("it has fewer than two lines"));
    } else if (fits && !money_is_zero(sum)) {
        char text[MONEY_TEXT_SIZE];
        findings_add(walk->findings, "BOOKS_ENTRY_SUM", entry->seq,
                     _("entry %" PRId64 ": its lines sum to %s"), entry->id,
                     money_format(sum, text));
    }
}

/* Closed days ---------------------------------------------------------------------------------- */

static void find_day(struct walk *walk, const char *fact)
{
    char text[DATE_TEXT_SIZE];
    findings_add(walk->findings, "BOOKS_CLOSED_DAY", -1, _("closed day %s: %s"),
                 date_format(date_from_day(walk->day), text), fact);
}

static void day_next(struct walk *walk)
{
    walk->has_day = statement_row(walk->days);
    if (!walk->has_day) {
        return;
    }
    walk->day = column_date(walk->days, 0).day;
    walk->day_last_entry = column_int(walk->days, 1);
    walk->day_ends_period = !column_is_null(walk->days, 2);
}

/* The day before the opening day is closed, but ends no period. */
static void check_first_day(struct walk *walk)
{
    if (walk->day_last_entry != 0) {
        find_day(walk, _("there are entries before the book was opened"));
    }
    if (walk->day_ends_period) {
        find_day(walk, _("a period ends before the book was opened"));
    }
}

static void check_later_day(struct walk *walk)
{
    if (walk->day != walk->previous_day + 1) {
        find_day(walk, _("the day before it is not closed"));
    }
    if (walk->day_last_entry < walk->previous_last_entry) {
        find_day(walk, _("its last entry is before that of the day before"));
    }
    if (walk->day_ends_period != date_is_month_end(date_from_day(walk->day))) {
        find_day(walk, walk->day_ends_period ? _("a period ends within a month")
                                             : _("its month is over, but no period was closed"));
    }
}

/* The closed day at hand is over: all its entries were seen. */
static bool day_finish(struct walk *walk, struct error *err)
{
    int64_t last = walk->day_last_entry;
    lines_without_entry(walk, last < INT64_MAX ? last + 1 : last);
    if (!walk->any_day) {
        check_first_day(walk);
    } else {
        check_later_day(walk);
    }
    if (walk->day_ends_period &&
        !check_period(walk->store, walk->day, walk->turnover, walk->findings, err)) {
        return false;
    }
    walk->any_day = true;
    walk->previous_day = walk->day;
    walk->previous_last_entry = walk->day_last_entry;
    day_next(walk);
    return true;
}

static bool days_before_entry(struct walk *walk, int64_t id, struct error *err)
{
    while (walk->has_day && walk->day_last_entry < id) {
        if (!day_finish(walk, err)) {
            return false;
        }
    }
    return true;
}

static void check_dates(struct walk *walk, const struct entry_row *entry)
{
    bool any = walk->has_day || walk->any_day;
    int64_t want = walk->has_day ? walk->day : walk->previous_day + 1;
    if (!any || entry->book_date != want) {
        find_entry(walk, "BOOKS_CLOSED_DAY", entry,
                   _("its book date was not the open business day"));
    }
    if (entry->value_date > entry->book_date) {
        find_entry(walk, "BOOKS_CLOSED_DAY", entry, _("its value date is after its book date"));
    }
}

/* Numbers, events, mirrors --------------------------------------------------------------------- */

static void check_numbering(struct walk *walk, const struct entry_row *entry)
{
    if (entry->id != walk->last_id + 1) {
        find_entry(walk, "BOOKS_NUMBERING", entry, _("its id does not follow the one before"));
    }
    if (!entry->has_book) {
        find_entry(walk, "BOOKS_NUMBERING", entry, _("it stands in no book"));
        return;
    }
    if (entry->year != date_to_ymd(date_from_day(entry->book_date)).year) {
        find_entry(walk, "BOOKS_NUMBERING", entry, _("its year is not that of its book date"));
    }
    bool same_year = walk->year[entry->book] == entry->year;
    int64_t want = same_year ? walk->no[entry->book] + 1 : 1;
    if (entry->no != want || entry->year < walk->year[entry->book]) {
        find_entry(walk, "BOOKS_NUMBERING", entry, _("its number does not follow the one before"));
    }
    walk->year[entry->book] = entry->year;
    walk->no[entry->book] = entry->no;
}

/* After the last entry of an event; a mirror that stays broken is found once. */
static void check_mirrors(struct walk *walk)
{
    for (size_t i = 0; i < MIRRORS; i++) {
        struct money bank = MONEY_ZERO;
        struct money fund = MONEY_ZERO;
        bool holds = turnover_balance(&walk->turnover[mirrors[i].bank], &bank) &&
                     turnover_balance(&walk->turnover[mirrors[i].fund], &fund) &&
                     money_compare(bank, money_negate(fund)) == 0;
        if (!holds && !walk->mirror_broken[i]) {
            char text[2][MONEY_TEXT_SIZE];
            findings_add(walk->findings, "BOOKS_MIRROR", walk->last_seq,
                         _("%s is %s in the book of the bank, but %s is %s in that of the fund"),
                         account_word(mirrors[i].bank), money_format(bank, text[0]),
                         account_word(mirrors[i].fund), money_format(fund, text[1]));
        }
        walk->mirror_broken[i] = !holds;
    }
}

static bool check_event(struct walk *walk, const struct entry_row *entry, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(walk->store, "SELECT seq FROM event WHERE seq = $1");
    bind_int(query, 1, entry->seq);
    bool there = statement_one(query);
    if (!statement_end(query, err)) {
        return false;
    }
    if (!there) {
        find_entry(walk, "BOOKS_EVENT", entry, _("its event does not exist"));
    }
    if (entry->seq < walk->last_seq) {
        find_entry(walk, "BOOKS_EVENT", entry, _("it stands behind entries of a later event"));
    }
    return true;
}

/* The walk ------------------------------------------------------------------------------------- */

static struct entry_row entry_read_row(struct statement *entries)
{
    struct entry_row entry = {
        .id = column_int(entries, 0),
        .seq = column_int(entries, 1),
        .year = column_int(entries, 3),
        .no = column_int(entries, 4),
        .book_date = column_date(entries, 5).day,
        .value_date = column_date(entries, 6).day,
    };
    entry.has_book = book_find(column_text(entries, 2), &entry.book);
    return entry;
}

static bool check_entry(struct walk *walk, const struct entry_row *entry, struct error *err)
{
    if (entry->seq != walk->last_seq) {
        check_mirrors(walk);
        if (!check_event(walk, entry, err)) {
            return false;
        }
    }
    if (!days_before_entry(walk, entry->id, err)) {
        return false;
    }
    lines_without_entry(walk, entry->id);
    check_sum(walk, entry);
    check_dates(walk, entry);
    check_numbering(walk, entry);
    walk->last_id = entry->id;
    walk->last_seq = entry->seq;
    return true;
}

static bool walk_end(struct walk *walk, struct error *err)
{
    check_mirrors(walk);
    while (walk->has_day) {
        if (walk->day_last_entry > walk->last_id) {
            find_day(walk, _("its last entry does not exist"));
        }
        if (!day_finish(walk, err)) {
            return false;
        }
    }
    lines_without_entry(walk, INT64_MAX);
    return statement_end(walk->lines, err) && statement_end(walk->days, err) &&
           check_balances(walk->store, walk->turnover, walk->findings, err);
}

static bool check_entries(struct walk *walk, struct error *err)
{
    AUTO_STATEMENT struct statement *entries =
        store_query(walk->store, "SELECT id, seq, book, year, no, book_date, value_date FROM entry "
                                 "ORDER BY id");
    line_next(walk);
    day_next(walk);
    while (statement_row(entries)) {
        struct entry_row entry = entry_read_row(entries);
        if (!check_entry(walk, &entry, err)) {
            return false;
        }
    }
    return statement_end(entries, err) && walk_end(walk, err);
}

static bool check_opening_day(struct store *store, struct findings *findings, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT count(*) FROM book WHERE NOT EXISTS "
               "(SELECT 1 FROM closed_day WHERE closed_day.day = book.opening_day - 1)"
               " OR EXISTS "
               "(SELECT 1 FROM closed_day WHERE closed_day.day < book.opening_day - 1)");
    bool differs = statement_one(query) && column_int(query, 0) != 0;
    if (!statement_end(query, err)) {
        return false;
    }
    if (differs) {
        findings_add(findings, "BOOKS_CLOSED_DAY", -1,
                     _("the first closed day is not the one before the opening day"));
    }
    return true;
}

bool books_check(struct store *store, struct findings *findings, struct error *err)
{
    struct walk walk = {.store = store, .findings = findings, .last_seq = -1};
    AUTO_STATEMENT struct statement *lines =
        store_query(store, "SELECT entry_id, account_id, fen FROM line ORDER BY entry_id, n");
    AUTO_STATEMENT struct statement *days =
        store_query(store, "SELECT closed_day.day, closed_day.last_entry, closed_period.last_day "
                           "FROM closed_day LEFT JOIN closed_period "
                           "ON closed_period.last_day = closed_day.day ORDER BY closed_day.day");
    walk.lines = lines;
    walk.days = days;
    return check_opening_day(store, findings, err) && check_entries(&walk, err) &&
           check_loan_balances(store, findings, err);
}
