#include "ledger/books/entry.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <string.h>

#define KIND_MAX 32 /* characters of an entry's kind */

void entry_list_init(struct entry_list *list, struct arena *arena)
{
    *list = (struct entry_list){.arena = arena};
}

/* Twice the room in the arena, with what stands there. */
static void *array_grown(struct arena *arena, const void *old, size_t count, size_t capacity,
                         size_t size)
{
    void *grown = arena_alloc_array(arena, capacity, size);
    if (count > 0) {
        memcpy(grown, old, count * size);
    }
    return grown;
}

static struct entry_draft *entry_add(struct entry_list *list, struct entry_draft entry)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 4 : 2 * list->capacity;
        list->entry =
            array_grown(list->arena, list->entry, list->count, list->capacity, sizeof *list->entry);
    }
    list->entry[list->count] = entry;
    return &list->entry[list->count++];
}

struct entry_draft *entry_begin(struct entry_list *list, enum book book, const char *kind,
                                struct date value_date)
{
    assert(list->count < ENTRIES_MAX);
    return entry_add(list,
                     (struct entry_draft){.book = book, .kind = kind, .value_date = value_date});
}

void entry_list_append(struct entry_list *list, const struct entry_list *more)
{
    for (size_t i = 0; i < more->count; i++) {
        entry_add(list, more->entry[i]);
    }
}

static void line_add(struct entry_list *list, struct entry_line line)
{
    assert(list->count > 0);
    struct entry_draft *entry = &list->entry[list->count - 1];
    assert(account_book(line.account) == entry->book);
    if (money_is_zero(line.amount)) {
        return;
    }
    assert(entry->lines < ENTRY_LINES_MAX);
    if (entry->lines == entry->capacity) {
        entry->capacity = entry->capacity == 0 ? 4 : 2 * entry->capacity;
        entry->line = array_grown(list->arena, entry->line, entry->lines, entry->capacity,
                                  sizeof *entry->line);
    }
    entry->line[entry->lines++] = line;
}

void entry_debit(struct entry_list *list, enum account account, struct money amount, int64_t loan)
{
    line_add(list, (struct entry_line){account, amount, loan});
}

void entry_credit(struct entry_list *list, enum account account, struct money amount, int64_t loan)
{
    line_add(list, (struct entry_line){account, money_negate(amount), loan});
}

void entry_pair(struct entry_list *list, enum book book, const char *kind, struct date value_date,
                enum account debit, enum account credit, struct money amount, int64_t loan)
{
    if (money_is_zero(amount)) {
        return;
    }
    entry_begin(list, book, kind, value_date);
    entry_debit(list, debit, amount, loan);
    entry_credit(list, credit, amount, loan);
}

void entry_list_mirror(struct entry_list *list, const struct entry_list *of)
{
    for (size_t i = 0; i < of->count; i++) {
        const struct entry_draft *entry = &of->entry[i];
        entry_begin(list, entry->book, arena_printf(list->arena, "%s-reversed", entry->kind),
                    entry->value_date);
        for (size_t n = 0; n < entry->lines; n++) {
            entry_credit(list, entry->line[n].account, entry->line[n].amount, entry->line[n].loan);
        }
    }
}

/* The log's form ------------------------------------------------------------------------------ */

static struct canon *line_write(struct arena *arena, const struct entry_line *line)
{
    struct canon *object = canon_object(arena);
    canon_set_text(object, "account", account_word(line->account));
    canon_set_fen(object, "fen", line->amount);
    if (line->loan != 0) {
        canon_set_int(object, "loan", line->loan);
    }
    return object;
}

static struct canon *entry_write(struct arena *arena, const struct entry_draft *entry,
                                 struct date book_date)
{
    struct canon *object = canon_object(arena);
    canon_set_text(object, "book", book_word(entry->book));
    canon_set_text(object, "kind", entry->kind);
    struct canon *lines = canon_array(arena);
    for (size_t i = 0; i < entry->lines; i++) {
        canon_add(lines, line_write(arena, &entry->line[i]));
    }
    canon_set(object, "lines", lines);
    if (date_compare(entry->value_date, book_date) != 0) {
        canon_set_date(object, "value", entry->value_date);
    }
    return object;
}

struct canon *entry_list_write(const struct entry_list *list, struct date book_date)
{
    struct canon *entries = canon_array(list->arena);
    for (size_t i = 0; i < list->count; i++) {
        canon_add(entries, entry_write(list->arena, &list->entry[i], book_date));
    }
    return entries;
}

static bool refuse(struct error *err, size_t entry, const char *fact)
{
    return error_set(err, FAULT_INTEGRITY, "entry.malformed",
                     _("entry %zu of an event of the log is malformed: %s"), entry, fact);
}

static bool is_kind(const char *kind)
{
    size_t length = strlen(kind);
    return length > 0 && length <= KIND_MAX &&
           strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* What is wrong with a line, or NULL. */
static const char *line_read(const struct canon *object, enum book book, struct entry_line *ret)
{
    if (canon_kind_of(object) != CANON_OBJECT) {
        return _("a line is not an object");
    }
    const char *word = canon_get_text(object, "account");
    if (word == NULL || !account_find(word, &ret->account)) {
        return _("a line names no account");
    }
    if (account_book(ret->account) != book) {
        return _("a line has an account of another book");
    }
    if (!canon_get_fen(object, "fen", &ret->amount) || money_is_zero(ret->amount) ||
        money_fen(ret->amount) > MONEY_LIMIT_FEN || money_fen(ret->amount) < -MONEY_LIMIT_FEN) {
        return _("a line has no amount");
    }
    bool has_loan = canon_get(object, "loan") != NULL;
    if (has_loan && (!canon_get_int(object, "loan", &ret->loan) || ret->loan <= 0)) {
        return _("the loan of a line is not a number above zero");
    }
    return canon_count(object) == (has_loan ? 3U : 2U) ? NULL : _("a line says more than it may");
}

/* The lines one after the other, with their sum: what is wrong, or NULL. */
static const char *lines_read(struct entry_list *list, const struct canon *lines)
{
    if (lines == NULL || canon_kind_of(lines) != CANON_ARRAY) {
        return _("it has no lines");
    }
    if (canon_count(lines) < 2 || canon_count(lines) > ENTRY_LINES_MAX) {
        return _("it has fewer than 2 or more than 999 lines");
    }
    enum book book = list->entry[list->count - 1].book;
    struct money sum = MONEY_ZERO;
    for (size_t i = 0; i < canon_count(lines); i++) {
        struct entry_line line = {0};
        const char *fault = line_read(canon_at(lines, i), book, &line);
        if (fault != NULL) {
            return fault;
        }
        if (!money_add(sum, line.amount, &sum)) {
            return _("its lines do not sum to zero");
        }
        line_add(list, line);
    }
    return money_is_zero(sum) ? NULL : _("its lines do not sum to zero");
}

/* The text may go before the list does. Neighbours are mostly of one kind. */
static const char *kept_kind(const struct entry_list *list, const char *kind)
{
    const char *last = list->count == 0 ? "" : list->entry[list->count - 1].kind;
    return text_equal(last, kind) ? last : arena_text(list->arena, kind);
}

/* What is wrong with an entry, or NULL. */
static const char *entry_read(struct entry_list *list, const struct canon *object,
                              struct date book_date)
{
    if (canon_kind_of(object) != CANON_OBJECT) {
        return _("it is not an object");
    }
    const char *word = canon_get_text(object, "book");
    const char *kind = canon_get_text(object, "kind");
    enum book book = BOOK_BANK;
    if (word == NULL || !book_find(word, &book)) {
        return _("it names no book");
    }
    if (kind == NULL || !is_kind(kind)) {
        return _("its kind is not a word");
    }
    struct date value_date = book_date;
    bool has_value = canon_get(object, "value") != NULL;
    if (has_value && (!canon_get_date(object, "value", &value_date) ||
                      date_compare(value_date, book_date) >= 0)) {
        return _("its value date is not a day before its book date");
    }
    if (canon_count(object) != (has_value ? 4U : 3U)) {
        return _("it says more than it may");
    }
    entry_begin(list, book, kept_kind(list, kind), value_date);
    return lines_read(list, canon_get(object, "lines"));
}

bool entry_list_read(struct arena *arena, const struct canon *entries, struct date book_date,
                     struct entry_list *ret, struct error *err)
{
    entry_list_init(ret, arena);
    if (canon_kind_of(entries) != CANON_ARRAY) {
        return refuse(err, 0, _("the entries are not an array"));
    }
    if (canon_count(entries) > ENTRIES_MAX) {
        return refuse(err, ENTRIES_MAX + 1, _("an event has at most 64 entries"));
    }
    for (size_t i = 0; i < canon_count(entries); i++) {
        const char *fault = entry_read(ret, canon_at(entries, i), book_date);
        if (fault != NULL) {
            return refuse(err, i + 1, fault);
        }
    }
    return true;
}
