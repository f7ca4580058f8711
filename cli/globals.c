#include "cli/globals.h"

#include "cli/language.h"
#include "cli/options.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum global_place {
    GLOBAL_BOOK,
    GLOBAL_AS,
    GLOBAL_DATE,
    GLOBAL_FORMAT,
    GLOBAL_LANG,
    GLOBAL_COMMAND_ID,
    GLOBAL_DRY_RUN,
    GLOBAL_OUT,
    GLOBAL_YES,
    GLOBAL_PASSPHRASE_FD,
    GLOBAL_HELP,
};

const struct option global_options[] = {
    [GLOBAL_BOOK] = {"book", OPTION_FILE, false, "DIR",
                     N_("folder of the book; else $YICANG_BOOK, else the current folder"), false},
    [GLOBAL_AS] = {"as", OPTION_TEXT, false, "STAFF", N_("code of the person who acts"), false},
    [GLOBAL_DATE] = {"date", OPTION_DATE, false, "YYYY-MM-DD",
                     N_("business date; else the open day of the book"), false},
    [GLOBAL_FORMAT] = {"format", OPTION_CHOICE, false, "text|json|csv|xlsx|html",
                       N_("form of the output; csv, xlsx and html where a table is shown"), false},
    [GLOBAL_LANG] = {"lang", OPTION_CHOICE, false, "zh|en",
                     N_("language of the output; else that of the locale"), false},
    [GLOBAL_COMMAND_ID] = {"command-id", OPTION_TEXT, false, "HEX32",
                           N_("id of this command; sent again it gives the first result"), false},
    [GLOBAL_DRY_RUN] = {"dry-run", OPTION_FLAG, false, NULL,
                        N_("show what would be written, and write nothing"), false},
    [GLOBAL_OUT] = {"out", OPTION_FILE, false, "FILE",
                    N_("write the output to a new file that then takes this name"), false},
    [GLOBAL_YES] = {"yes", OPTION_FLAG, false, NULL, N_("answer every question with yes"), false},
    [GLOBAL_PASSPHRASE_FD] = {"passphrase-fd", OPTION_INT, false, "N",
                              N_("read the passphrase from this file descriptor"), false},
    [GLOBAL_HELP] = {"help", OPTION_FLAG, false, NULL, N_("show what a command takes"), false},
};
const size_t global_options_count = COUNT_OF(global_options);

/* The value of --name at words[at], in either form, or NULL. */
static const char *peek_value(size_t count, char *const *words, size_t at, const char *name)
{
    const char *word = words[at];
    size_t length = strlen(name);
    assert(word != NULL);
    if (!text_starts_with(word, "--") || strncmp(word + 2, name, length) != 0) {
        return NULL;
    }
    if (word[2 + length] == '=') {
        return word + 2 + length + 1;
    }
    return word[2 + length] == '\0' && at + 1 < count ? words[at + 1] : NULL;
}

struct early_globals globals_peek(size_t count, char *const *words)
{
    struct early_globals early = {0};
    for (size_t i = 0; i < count && words[i] != NULL && !text_equal(words[i], "--"); i++) {
        const char *lang = peek_value(count, words, i, "lang");
        if (lang != NULL && (text_equal(lang, "zh") || text_equal(lang, "en"))) {
            early.lang = lang;
        }
        const char *format = peek_value(count, words, i, "format");
        early.json = early.json || (format != NULL && text_equal(format, "json"));
    }
    return early;
}

static const char *book_folder(const struct option_value *value)
{
    if (value->given) {
        return value->text;
    }
    const char *environment = getenv("YICANG_BOOK");
    return environment != NULL && environment[0] != '\0' ? environment : ".";
}

static bool resolve_format(const struct command *command, const struct option_value *value,
                           struct globals *globals, struct error *err)
{
    globals->format = FORMAT_TEXT;
    if (value->given && !format_parse(value->text, &globals->format, err)) {
        return false;
    }
    bool is_for_all = globals->format == FORMAT_TEXT || globals->format == FORMAT_JSON;
    if (!is_for_all && (command->needs & SHOWS_TABLE) == 0) {
        error_set(err, FAULT_USAGE, "usage.format-not-offered",
                  _("this command shows no table, so it has no --format %s"), value->text);
        return error_limit(err, _("one of %s"), "text|json");
    }
    return true;
}

bool globals_resolve(const struct command *command, const struct option_value *value,
                     struct globals *ret, struct error *err)
{
    *ret = (struct globals){
        .book = book_folder(&value[GLOBAL_BOOK]),
        .as = value[GLOBAL_AS].text,
        .has_date = value[GLOBAL_DATE].given,
        .date = value[GLOBAL_DATE].date,
        .chinese = language_is_chinese(),
        .has_command_id = value[GLOBAL_COMMAND_ID].given,
        .dry_run = value[GLOBAL_DRY_RUN].given,
        .out = value[GLOBAL_OUT].text,
        .yes = value[GLOBAL_YES].given,
        .passphrase_fd =
            value[GLOBAL_PASSPHRASE_FD].given ? (int)value[GLOBAL_PASSPHRASE_FD].number : -1,
    };
    if (!resolve_format(command, &value[GLOBAL_FORMAT], ret, err)) {
        return false;
    }
    if (!ret->has_command_id) {
        ret->command_id = uuid_random();
        return true;
    }
    if (!uuid_from_hex(value[GLOBAL_COMMAND_ID].text, &ret->command_id, err)) {
        err->fault = FAULT_USAGE;
        return false;
    }
    return true;
}
