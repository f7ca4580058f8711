#include "reports/cell_format.h"
#include "reports/writer.h"

#include "ledger/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

_Static_assert(CELL_SCRATCH_SIZE >= MONEY_TEXT_SIZE, "an amount fits the scratch");
_Static_assert(CELL_SCRATCH_SIZE > RATE_TEXT_SIZE, "a rate and its sign fit the scratch");
_Static_assert(CELL_SCRATCH_SIZE >= DATE_TEXT_SIZE, "a date fits the scratch");

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~') {
            return false;
        }
    }
    return true;
}

/* What a writer may meet, at most three times as long as the text that came. */
static const char *made_visible(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    char *clean = arena_alloc(arena, 3 * length + 1);
    char *end = clean;
    size_t at = 0;
    while (at < length) {
        size_t start = at;
        uint32_t code_point = 0;
        bool valid = text_next_code_point(text, length, &at, &code_point);
        at = valid ? at : start + 1;
        if (valid && code_point == '\r') {
            if (text[at] != '\n') {
                *end++ = '\n';
            }
        } else if (valid && (code_point == '\n' || code_point == '\t' ||
                             text_is_visible_code_point(code_point))) {
            memcpy(end, text + start, at - start);
            end += at - start;
        } else {
            memcpy(end, REPLACEMENT, 3);
            end += 3;
        }
    }
    *end = '\0';
    return clean;
}

struct cell cell_text(struct table *table, const char *text)
{
    if (text == NULL) {
        return (struct cell){.kind = CELL_EMPTY};
    }
    const char *kept =
        is_plain(text) ? arena_text(table->arena, text) : made_visible(table->arena, text);
    return (struct cell){.kind = CELL_TEXT, .text = kept};
}

struct cell cell_word(struct table *table, const struct word *words, size_t count, const char *name)
{
    if (name == NULL) {
        return (struct cell){.kind = CELL_EMPTY};
    }
    for (size_t i = 0; i < count; i++) {
        if (text_equal(words[i].name, name)) {
            return (struct cell){.kind = CELL_WORD, .word = &words[i]};
        }
    }
    struct word *unknown = arena_alloc(table->arena, sizeof *unknown);
    unknown->name = cell_text(table, name).text;
    unknown->en = unknown->name;
    unknown->zh = unknown->name;
    return (struct cell){.kind = CELL_WORD, .word = unknown};
}

struct cell cell_money(struct money money)
{
    return (struct cell){.kind = CELL_MONEY, .money = money};
}

struct cell cell_date(struct date date)
{
    return (struct cell){.kind = CELL_DATE, .date = date};
}

struct cell cell_rate(struct rate rate)
{
    return (struct cell){.kind = CELL_RATE, .rate = rate};
}

struct cell cell_int(int64_t number)
{
    return (struct cell){.kind = CELL_INT, .number = number};
}

const char *cell_format_machine(const struct cell *cell, char scratch[static CELL_SCRATCH_SIZE])
{
    switch (cell->kind) {
    case CELL_EMPTY:
        return "";
    case CELL_TEXT:
        return cell->text;
    case CELL_WORD:
        return cell->word->name;
    case CELL_MONEY:
        return money_format(cell->money, scratch);
    case CELL_DATE:
        return date_format(cell->date, scratch);
    case CELL_RATE:
        return rate_format(cell->rate, scratch);
    case CELL_INT:
        (void)snprintf(scratch, CELL_SCRATCH_SIZE, "%" PRId64, cell->number);
        return scratch;
    }
    return "";
}

static const char *format_percent(struct rate rate, char scratch[static CELL_SCRATCH_SIZE])
{
    char text[RATE_TEXT_SIZE];
    (void)snprintf(scratch, CELL_SCRATCH_SIZE, "%s%%", rate_format(rate, text));
    return scratch;
}

const char *cell_format_human(const struct cell *cell, bool chinese,
                              char scratch[static CELL_SCRATCH_SIZE])
{
    switch (cell->kind) {
    case CELL_WORD:
        return chinese ? cell->word->zh : cell->word->en;
    case CELL_MONEY:
        return money_format_grouped(cell->money, scratch);
    case CELL_RATE:
        return format_percent(cell->rate, scratch);
    case CELL_EMPTY:
    case CELL_TEXT:
    case CELL_DATE:
    case CELL_INT:
        return cell_format_machine(cell, scratch);
    }
    return "";
}

bool cell_kind_is_figure(enum cell_kind kind)
{
    return kind == CELL_MONEY || kind == CELL_RATE || kind == CELL_INT;
}

const char *cell_machine_text(struct arena *arena, const struct cell *cell)
{
    char scratch[CELL_SCRATCH_SIZE];
    return arena_text(arena, cell_format_machine(cell, scratch));
}

const char *cell_human_text(struct arena *arena, const struct cell *cell, bool chinese)
{
    char scratch[CELL_SCRATCH_SIZE];
    return arena_text(arena, cell_format_human(cell, chinese, scratch));
}
