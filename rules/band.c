#include "rules/band.h"

#include "ledger/base/text.h"
#include "rules/facts.h"
#include "rules/lexer.h"
#include "rules/scalar.h"

#include <assert.h>
#include <string.h>

#define TABLE_NAME_LENGTH_MAX 40

/* The words of "of" and "gives". Lists of words go by the name of their list. */
static const char *const kind_words[] = {
    "money",   "rate",    "number",           "days",       "months", "years",
    "product", "purpose", "household_status", "loan_class",
};

static const struct band_kind kinds[COUNT_OF(kind_words)] = {
    {VALUE_MONEY, NULL},  {VALUE_RATE, NULL},  {VALUE_INTEGER, NULL}, {VALUE_DAYS, NULL},
    {VALUE_MONTHS, NULL}, {VALUE_YEARS, NULL}, {VALUE_WORD, NULL},    {VALUE_WORD, NULL},
    {VALUE_WORD, NULL},   {VALUE_WORD, NULL},
};

const struct band_row *band_row_on(const struct band_table *table, struct date on)
{
    return dated_row_on(table->rows, table->count, sizeof *table->rows, on);
}

struct value band_find(const struct band_row *row, int64_t number)
{
    size_t low = 0;
    size_t high = row->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (number <= row->bands[middle].high) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    assert(row->bands[low].low <= number && number <= row->bands[low].high);
    return row->bands[low].value;
}

static bool read_kind(const struct node *node, struct band_kind *ret, struct error *err)
{
    size_t chosen = 0;
    if (!node_read_word(node, kind_words, COUNT_OF(kind_words), &chosen, err)) {
        return false;
    }
    *ret = kinds[chosen];
    if (ret->kind == VALUE_WORD) {
        ret->words = fact_word_list(kind_words[chosen]);
        assert(ret->words != NULL);
    }
    return true;
}

static bool read_value(const struct node *node, struct band_kind kind, struct value *ret,
                       struct error *err)
{
    size_t position = 0;
    if (kind.kind != VALUE_WORD) {
        return scalar_parse(node->text, kind.kind, ret, err) || node_place(node, err);
    }
    if (!node_read_word(node, kind.words->words, kind.words->count, &position, err)) {
        return false;
    }
    *ret = (struct value){VALUE_WORD, (int64_t)position, kind.words};
    return true;
}

/* --- One band --------------------------------------------------------------------------------- */

enum band_key { FROM, ABOVE, TO, BELOW, IS, VALUE, BAND_KEYS };

static const struct node_key band_keys[BAND_KEYS] = {
    [FROM] = {"from", NODE_SCALAR, true}, [ABOVE] = {"above", NODE_SCALAR, true},
    [TO] = {"to", NODE_SCALAR, true},     [BELOW] = {"below", NODE_SCALAR, true},
    [IS] = {"is", NODE_SCALAR, true},     [VALUE] = {"value", NODE_SCALAR, false},
};

/* One end of a band: given inclusive or exclusive, never both. */
static bool read_end(const struct node *inclusive, const struct node *exclusive,
                     struct band_kind kind, int64_t step, int64_t open, int64_t *ret,
                     struct error *err)
{
    const struct node *node = inclusive == NULL ? exclusive : inclusive;
    struct value value = {.kind = kind.kind};
    if (inclusive != NULL && exclusive != NULL) {
        return node_error(exclusive, err, "policy.bands", _("this end of the band is given twice"));
    }
    if (node == NULL) {
        *ret = open;
        return true;
    }
    if (!read_value(node, kind, &value, err)) {
        return false;
    }
    *ret = value.number + (inclusive == NULL ? step : 0);
    return true;
}

static bool read_range(const struct node *node, const struct node *const found[BAND_KEYS],
                       struct band_kind of, struct band *ret, struct error *err)
{
    if (found[IS] != NULL) {
        node_error(found[IS], err, "policy.bands", _("“is” stands only in a table of words"));
        return error_next(err, _("write from, above, to or below"));
    }
    if (!read_end(found[FROM], found[ABOVE], of, 1, INT64_MIN, &ret->low, err) ||
        !read_end(found[TO], found[BELOW], of, -1, INT64_MAX, &ret->high, err)) {
        return false;
    }
    return ret->low <= ret->high ||
           node_error(node, err, "policy.bands", _("the band ends before it begins"));
}

static bool read_word_band(const struct node *node, const struct node *const found[BAND_KEYS],
                           struct band_kind of, struct band *ret, struct error *err)
{
    struct value value = {.kind = VALUE_WORD};
    for (size_t i = FROM; i <= BELOW; i++) {
        if (found[i] != NULL) {
            node_error(found[i], err, "policy.bands", _("words have no order"));
            return error_next(err, _("write is: and one word"));
        }
    }
    if (found[IS] == NULL) {
        return node_error(node, err, "policy.missing-key", _("the key “%s” is missing"), "is");
    }
    if (!read_value(found[IS], of, &value, err)) {
        return false;
    }
    ret->low = ret->high = value.number;
    return true;
}

/* --- The bands of a row, one after the other -------------------------------------------------- */

static const char *end_text(struct band_kind of, int64_t number, char buffer[VALUE_TEXT_SIZE])
{
    return value_format((struct value){of.kind, number, of.words}, buffer);
}

/* A band begins where the one before it ends. */
static bool check_follows(const struct node *node, const struct band *before,
                          const struct band *band, struct band_kind of, struct error *err)
{
    char last[VALUE_TEXT_SIZE];
    char first[VALUE_TEXT_SIZE];
    if (before->high != INT64_MAX && band->low == before->high + 1) {
        return true;
    }
    if (before->high == INT64_MAX) {
        return node_error(node, err, "policy.bands",
                          _("the band before this one has no upper end, so none can follow"));
    }
    end_text(of, before->high, last);
    if (band->low <= before->high) {
        node_error(node, err, "policy.bands",
                   _("this band overlaps the one before it, which goes up to %s"), last);
    } else {
        node_error(node, err, "policy.bands", _("between %s and %s lies a gap"), last,
                   end_text(of, band->low, first));
    }
    return error_limit(err, _("this band must begin right after %s"), last);
}

static bool check_ends(const struct node *list, const struct band_row *row, struct error *err)
{
    if (row->bands[0].low != INT64_MIN) {
        node_error(list->first, err, "policy.bands", _("nothing is said of what lies below"));
        return error_next(err, _("leave out the lower end of the first band"));
    }
    if (row->bands[row->count - 1].high != INT64_MAX) {
        const struct node *last = list->first;
        while (last->next != NULL) {
            last = last->next;
        }
        node_error(last, err, "policy.bands", _("nothing is said of what lies above"));
        return error_next(err, _("leave out the upper end of the last band"));
    }
    return true;
}

static bool check_order(const struct node *list, const struct band_row *row, struct band_kind of,
                        struct error *err)
{
    size_t i = 0;
    for (const struct node *node = list->first; node != NULL; node = node->next, i++) {
        if (i > 0 && !check_follows(node, &row->bands[i - 1], &row->bands[i], of, err)) {
            return false;
        }
    }
    return check_ends(list, row, err);
}

/* Every word has one band; afterwards they stand in the order of the words. */
static bool check_words(struct arena *arena, const struct node *list, struct band_row *row,
                        struct band_kind of, struct error *err)
{
    struct band *sorted = arena_alloc_array(arena, of.words->count, sizeof *sorted);
    size_t i = 0;
    for (const struct node *node = list->first; node != NULL; node = node->next, i++) {
        struct band *place = &sorted[row->bands[i].low];
        if (place->written != NULL) {
            return node_error(node, err, "policy.bands", _("the word “%s” has two bands"),
                              of.words->words[row->bands[i].low]);
        }
        *place = row->bands[i];
    }
    for (size_t word = 0; word < of.words->count; word++) {
        if (sorted[word].written == NULL) {
            return node_error(list, err, "policy.bands", _("the word “%s” has no band"),
                              of.words->words[word]);
        }
    }
    row->bands = sorted;
    return true;
}

static const char *band_text(struct arena *arena, const struct node *const found[BAND_KEYS])
{
    const char *text = "";
    for (size_t i = 0; i < VALUE; i++) {
        if (found[i] != NULL) {
            text = arena_printf(arena, "%s%s%s %s", text, text[0] == '\0' ? "" : " ",
                                band_keys[i].name, found[i]->text);
        }
    }
    return arena_printf(arena, "%s%s%s", text, text[0] == '\0' ? "" : ": ", found[VALUE]->text);
}

static bool read_bands(struct arena *arena, const struct node *list, const struct band_table *table,
                       struct band_row *ret, struct error *err)
{
    if (list->count == 0) {
        return node_error(list, err, "policy.missing-key", _("at least one band must stand here"));
    }
    if (list->count > BANDS_MAX) {
        node_error(list, err, "policy.too-large", _("the table has too many bands"));
        return error_limit(err, _("at most %d"), BANDS_MAX);
    }
    bool words = table->of.kind == VALUE_WORD;
    ret->bands = arena_alloc_array(arena, list->count, sizeof *ret->bands);
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        const struct node *found[BAND_KEYS];
        struct band *band = &ret->bands[ret->count];
        if (!node_read_map(node, band_keys, BAND_KEYS, found, err) ||
            !(words ? read_word_band : read_range)(node, found, table->of, band, err) ||
            !read_value(found[VALUE], table->gives, &band->value, err)) {
            return false;
        }
        band->written = band_text(arena, found);
        ret->count++;
    }
    return words ? check_words(arena, list, ret, table->of, err)
                 : check_order(list, ret, table->of, err);
}

/* --- Tables ----------------------------------------------------------------------------------- */

static bool read_row(struct arena *arena, const struct node *node, const struct band_table *table,
                     const struct date *before, struct band_row *ret, struct error *err)
{
    static const struct node_key keys[] = {{"from", NODE_SCALAR, false},
                                           {"bands", NODE_LIST, false},
                                           {"clause", NODE_SCALAR_OR_MAP, false}};
    const struct node *found[COUNT_OF(keys)];
    return node_read_map(node, keys, COUNT_OF(keys), found, err) &&
           dated_from(found[0], before, &ret->from, err) &&
           read_bands(arena, found[1], table, ret, err) &&
           clause_read(arena, found[2], &ret->clause, err);
}

/* A name that cannot be taken for a fact, a parameter or a word of the language. */
static bool read_name(const struct node *key, const char **ret, struct error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const char *name = key->text;
    size_t length = strlen(name);
    enum parameter parameter;
    bool taken = lexer_is_reserved(name) || parameter_find(name, &parameter);
    for (size_t i = 0; i < FACT_COUNT; i++) {
        taken = taken || text_equal(fact_symbol((enum fact_name)i).name, name);
    }
    if (length == 0 || length > TABLE_NAME_LENGTH_MAX || strspn(name, allowed) != length ||
        name[0] < 'a') {
        node_error(key, err, "policy.value", _("“%s” cannot be the name of a table"), name);
        return error_limit(err, _("1 to %d of a-z, 0-9 and _, beginning with a letter"),
                           TABLE_NAME_LENGTH_MAX);
    }
    if (taken) {
        node_error(key, err, "policy.value", _("“%s” is the name of something else already"), name);
        return error_next(err, _("choose another name"));
    }
    *ret = name;
    return true;
}

static bool read_table(struct arena *arena, const struct node *node, struct band_table *ret,
                       struct error *err)
{
    static const struct node_key keys[] = {{"governed_by", NODE_SCALAR, false},
                                           {"of", NODE_SCALAR, false},
                                           {"gives", NODE_SCALAR, false},
                                           {"values", NODE_LIST, false}};
    const struct node *found[COUNT_OF(keys)];
    const struct date *before = NULL;
    if (!read_name(node->key, &ret->name, err) ||
        !node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !governing_date_read(found[0], GOVERNED_BY_ANY, &ret->governed_by, err) ||
        !read_kind(found[1], &ret->of, err) || !read_kind(found[2], &ret->gives, err)) {
        return false;
    }
    if (found[3]->count == 0) {
        return node_error(found[3], err, "policy.missing-key",
                          _("at least one row must stand here"));
    }
    ret->rows = arena_alloc_array(arena, found[3]->count, sizeof *ret->rows);
    for (const struct node *row = found[3]->first; row != NULL; row = row->next) {
        if (!read_row(arena, row, ret, before, &ret->rows[ret->count], err)) {
            return false;
        }
        before = &ret->rows[ret->count++].from;
    }
    return true;
}

bool bands_read(struct arena *arena, const struct node *node, struct band_tables *ret,
                struct error *err)
{
    if (node->count > BAND_TABLES_MAX) {
        node_error(node, err, "policy.too-large", _("the policy has too many tables"));
        return error_limit(err, _("at most %d"), BAND_TABLES_MAX);
    }
    ret->tables = arena_alloc_array(arena, node->count, sizeof *ret->tables);
    for (const struct node *table = node->first; table != NULL; table = table->next) {
        if (!read_table(arena, table, &ret->tables[ret->count], err)) {
            return false;
        }
        ret->count++;
    }
    return true;
}
