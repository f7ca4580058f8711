#include "cli/acting.h"

#include "cli/concern_table.h"
#include "cli/field.h"
#include "cli/passphrase.h"
#include "ledger/base/text.h"
#include "reports/account_titles.h"
#include "reports/words.h"

#include <string.h>

#define WITH_MAX 6

bool desk_open(const struct invocation *invocation, struct office *ret, struct error *err)
{
    unsigned needs = invocation->command->needs;

    if ((needs & (WRITES | NEEDS_WHOLE)) != 0) {
        enum store_mode mode = (needs & WRITES) != 0 ? STORE_WRITE : STORE_READ_ONLY;
        return office_open(invocation->globals->book, mode, ret, err);
    }
    if (!office_open_to_read(invocation->globals->book, ret, err)) {
        return false;
    }
    if (ret->behind) {
        output_error(&ret->loss, invocation->globals->format == FORMAT_JSON);
    }
    return true;
}

struct passphrase_source desk_passphrase(const struct invocation *invocation)
{
    return passphrase_source(&invocation->globals->passphrase_fd);
}

/* "a,b" as an array of texts. */
static size_t split_codes(struct arena *arena, const char *text, const char **ret)
{
    size_t count = 0;
    char *rest = arena_text(arena, text);

    while (rest != NULL && count < WITH_MAX) {
        char *comma = strchr(rest, ',');
        ret[count++] = rest;
        if (comma != NULL) {
            *comma++ = '\0';
        }
        rest = comma;
    }
    return count;
}

void desk_warn(const struct error *why)
{
    output_note(why->next[0] == '\0' ? "%s" : "%s; %s", why->text, why->next);
}

void desk_options(const struct invocation *invocation, struct act_options *ret)
{
    const struct globals *globals = invocation->globals;

    *ret = (struct act_options){.as = globals->as,
                                .command = globals->command_id,
                                .has_date = globals->has_date,
                                .date = globals->date,
                                .dry_run = globals->dry_run,
                                .passphrase = desk_passphrase(invocation),
                                .warn = desk_warn};
    for (size_t i = 0; i < invocation->command->options; i++) {
        const struct option_value *value = &invocation->value[i];
        if (text_equal(invocation->command->option[i].name, "with") && value->given) {
            const char **codes = arena_alloc_array(invocation->arena, WITH_MAX, sizeof *codes);
            ret->with_count = split_codes(invocation->arena, value->text, codes);
            ret->with = codes;
        }
    }
}

static const char *member_name(struct arena *arena, const char *option)
{
    char *name = arena_text(arena, option);
    for (char *at = strchr(name, '-'); at != NULL; at = strchr(at, '-')) {
        *at = '_';
    }
    return name;
}

static void request_set(struct canon *request, struct arena *arena, const struct option *option,
                        const struct option_value *value)
{
    const char *name = member_name(arena, option->name);

    switch (option->kind) {
    case OPTION_MONEY:
        canon_set_fen(request, arena_printf(arena, "%s_fen", name), value->money);
        break;
    case OPTION_RATE:
        canon_set_rate(request, arena_printf(arena, "%s_ppm", name), value->rate);
        break;
    case OPTION_DATE:
        canon_set_date(request, name, value->date);
        break;
    case OPTION_INT:
    case OPTION_REFERENCE:
        canon_set_int(request, name, value->number);
        break;
    case OPTION_FLAG:
        canon_set_bool(request, name, true);
        break;
    case OPTION_TEXT:
    case OPTION_FILE:
    case OPTION_CHOICE:
        canon_set_text(request, name, value->text);
        break;
    }
}

struct canon *desk_request(const struct invocation *invocation, struct arena *arena)
{
    struct canon *request = canon_object(arena);

    for (size_t i = 0; i < invocation->command->options; i++) {
        const struct option *option = &invocation->command->option[i];
        if (invocation->value[i].given && !text_equal(option->name, "with")) {
            request_set(request, arena, option, &invocation->value[i]);
        }
    }
    return request;
}

static const struct column entry_columns[] = {
    {"book", N_("book"), "账簿", CELL_WORD, false},
    {"kind", N_("kind"), "事项", CELL_WORD, false},
    {"account", N_("account"), "科目", CELL_WORD, false},
    {"debit", N_("debit"), "借方", CELL_MONEY, true},
    {"credit", N_("credit"), "贷方", CELL_MONEY, true},
};

/* An account the book cannot name shows under its stable name. */
static struct cell account_cell(struct table *table, const struct account_titles *titles,
                                const char *name)
{
    enum account account = ACCOUNT_BANK_MONEY;
    return account_find(name, &account) ? account_title_cell(table, titles, account)
                                        : cell_word(table, NULL, 0, name);
}

static void show_lines(struct table *table, const struct account_titles *titles,
                       const struct canon *entry)
{
    const struct canon *lines = canon_get(entry, "lines");

    for (size_t i = 0; lines != NULL && i < canon_count(lines); i++) {
        const struct canon *line = canon_at(lines, i);
        struct money amount = MONEY_ZERO;
        struct cell *cell = table_add_row(table);
        if (!canon_get_fen(line, "fen", &amount)) {
            continue;
        }
        cell[0] = word_of_book(table, canon_get_text(entry, "book"));
        cell[1] = word_of_entry_kind(table, canon_get_text(entry, "kind"));
        cell[2] = account_cell(table, titles, canon_get_text(line, "account"));
        if (money_is_negative(amount)) {
            cell[4] = cell_money(money_negate(amount));
        } else {
            cell[3] = cell_money(amount);
        }
    }
}

static void show_entries(const struct invocation *invocation, struct office *office,
                         struct result *result, const struct canon *body, struct date day)
{
    const struct canon *entries = canon_get(body, "entries");
    struct account_titles titles;
    struct error ignored; /* what was done is done: without titles the names stay */

    if (entries == NULL) {
        return;
    }
    struct table *table = arena_alloc(invocation->arena, sizeof *table);
    table_init(table, invocation->arena, "entries", entry_columns, COUNT_OF(entry_columns), day);
    table->title_en = "Entries";
    table->title_zh = "会计分录";
    if (!account_titles_load(office->store, table, &titles, &ignored)) {
        titles = (struct account_titles){0};
    }
    for (size_t i = 0; i < canon_count(entries); i++) {
        show_lines(table, &titles, canon_at(entries, i));
    }
    result_table(result, "entries", table);
}

struct cell word_of_act(struct table *table, const char *name)
{
    static const struct word words[] = {
        {"nothing was written", "nothing was written", "未写入任何内容"},
        {"done before; this is the first answer", "done before; this is the first answer",
         "此前已办理，这是首次办理的结果"},
    };
    return cell_word(table, words, COUNT_OF(words), name);
}

void desk_result(const struct invocation *invocation, struct office *office,
                 const struct act_options *options, const struct act_result *act,
                 struct result *ret)
{
    const struct canon *out = canon_get(act->body, "out");
    char hex[UUID_HEX_SIZE];
    struct date day = {0};

    result_init(ret, invocation->arena);
    if (act->dry_run) {
        result_word(ret, "dry_run", _("dry run"), word_of_act, "nothing was written");
    } else {
        result_int(ret, "event", _("event"), (int64_t)act->seq);
    }
    result_text(ret, "command_id", _("command id"), uuid_to_hex(&options->command, hex));
    if (act->repeated) {
        result_word(ret, "repeated", _("repeated"), word_of_act,
                    "done before; this is the first answer");
    }
    if (canon_get_date(act->body, "date", &day)) {
        result_date(ret, "date", _("date"), day);
    }
    if (out != NULL) {
        fields_show(ret, invocation->command->noun, out);
    }
    show_entries(invocation, office, ret, act->body, day);
}

bool desk_act(const struct invocation *invocation, struct office *office, const char *type,
              const struct canon *request, struct error *err)
{
    struct act_options options;
    struct act_result act_result;
    struct result result;

    desk_options(invocation, &options);
    if (!act(office, &options, type, request, &act_result, err)) {
        return false;
    }
    desk_result(invocation, office, &options, &act_result, &result);
    concerns_show(office, type, act_result.body, &result);
    return output_result(invocation, &result, err) && office_close(office, err);
}

bool desk_run_event(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    return desk_open(invocation, &office, err) &&
           desk_act(invocation, &office, invocation->command->event,
                    desk_request(invocation, &office.arena), err);
}

bool desk_list(const struct invocation *invocation, list_function list, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct table table;
    return desk_open(invocation, &office, err) &&
           list(office.store, office.day, invocation->arena, &table, err) &&
           output_table(invocation, &table, err) && office_close(&office, err);
}
