#include "cli/command_line.h"

#include "cli/globals.h"
#include "cli/options.h"
#include "ledger/base/suggestion.h"
#include "ledger/base/text.h"

#include <string.h>

struct scan {
    struct arena *arena;
    size_t count;
    char *const *words;
    size_t at;
    bool only_arguments; /* behind "--" */
    struct command_line *line;
};

static const char *noun_or_top_verb_at(const void *list, size_t i)
{
    (void)list;
    size_t seen = 0;
    for (size_t group = 0; command_groups[group] != NULL; group++) {
        if (command_groups[group]->noun != NULL) {
            if (seen++ == i) {
                return command_groups[group]->noun;
            }
            continue;
        }
        for (const struct command *row = command_groups[group]; row->verb != NULL; row++) {
            if (seen++ == i) {
                return row->verb;
            }
        }
    }
    return NULL;
}

static const char *verb_at(const void *list, size_t i)
{
    return ((const struct command *)list)[i].verb;
}

static const char *option_name_at(const void *list, size_t i)
{
    const struct command *command = list;
    size_t own = command == NULL ? 0 : command->options;
    if (i < own) {
        return command->option[i].name;
    }
    return i - own < global_options_count ? global_options[i - own].name : NULL;
}

/* The command of that verb, whose noun was forgotten; NULL if several nouns have it, or none. */
static const struct command *find_by_verb(const char *verb)
{
    const struct command *found = NULL;
    for (size_t group = 0; command_groups[group] != NULL; group++) {
        const char *noun = command_groups[group]->noun;
        const struct command *row = noun == NULL ? NULL : command_find(noun, verb);
        if (row != NULL && found != NULL) {
            return NULL;
        }
        found = row == NULL ? found : row;
    }
    return found;
}

static bool suggest_verb(const char *noun, const char *verb, struct error *err)
{
    return error_next(err, _("did you mean “%s %s”? yicang help %s shows what there is"), noun,
                      verb, noun);
}

static bool refuse_command(const char *word, struct error *err)
{
    error_set(err, FAULT_USAGE, "usage.unknown-command", _("there is no command “%s”"), word);
    const struct command *meant = find_by_verb(word);
    const char *near = suggestion_find(word, noun_or_top_verb_at, NULL);
    if (meant != NULL) {
        return suggest_verb(meant->noun, meant->verb, err);
    }
    return near == NULL
               ? error_next(err, _("yicang help shows every command"))
               : error_next(err, _("did you mean “%s”? yicang help shows every command"), near);
}

static bool refuse_verb(const char *noun, const char *verb, struct error *err)
{
    error_set(err, FAULT_USAGE, "usage.unknown-verb", _("%s has no “%s”"), noun, verb);
    const char *near = suggestion_find(verb, verb_at, command_group_find(noun));
    return near == NULL ? error_next(err, _("yicang help %s shows what there is"), noun)
                        : suggest_verb(noun, near, err);
}

static bool refuse_option(const struct scan *scan, const char *name, struct error *err)
{
    const struct command *command = scan->line->command;
    error_set(err, FAULT_USAGE, "usage.unknown-option", _("there is no option --%s here"), name);
    const char *near = suggestion_find(name, option_name_at, command);
    if (near != NULL) {
        return error_next(err, _("did you mean --%s?"), near);
    }
    if (command == NULL) {
        return error_next(err, _("a command's own options stand behind its name"));
    }
    return error_next(err, _("yicang help %s shows what it takes"),
                      command_full_name(scan->arena, command));
}

/* The value that goes with an option, taken from the word itself or from the next one. */
static bool take_value(struct scan *scan, const struct option *option,
                       const struct option_word *word, const char **ret, struct error *err)
{
    if (option->kind == OPTION_FLAG) {
        *ret = NULL;
        return word->value == NULL || error_set(err, FAULT_USAGE, "usage.value-unwanted",
                                                _("--%s takes no value"), option->name);
    }
    if (word->value != NULL) {
        *ret = word->value;
        return true;
    }
    if (scan->at == scan->count || text_starts_with(scan->words[scan->at], "--")) {
        error_set(err, FAULT_USAGE, "usage.value-missing", _("--%s needs a value: %s"),
                  option->name, option->metavar);
        return error_next(err, _("a value that begins with two dashes is given as --%s=VALUE"),
                          option->name);
    }
    *ret = scan->words[scan->at++];
    return true;
}

static bool read_option(struct scan *scan, const char *text, struct error *err)
{
    struct command_line *line = scan->line;
    struct option_word word;
    if (!option_word_split(scan->arena, text, &word, err)) {
        return false;
    }
    const struct option *option = NULL;
    struct option_value *value = NULL;
    size_t place = option_find(global_options, global_options_count, word.name);
    if (place < global_options_count) {
        option = &global_options[place];
        value = &line->global_value[place];
    } else if (line->command != NULL) {
        place = option_find(line->command->option, line->command->options, word.name);
        if (place < line->command->options) {
            option = &line->command->option[place];
            value = &line->value[place];
        }
    }
    const char *given = NULL;
    return option == NULL ? refuse_option(scan, word.name, err)
                          : take_value(scan, option, &word, &given, err) &&
                                option_read(scan->arena, option, given, value, err);
}

static void choose_command(struct scan *scan, const struct command *command)
{
    scan->line->command = command;
    scan->line->value =
        arena_alloc_array(scan->arena, command->options + 1, sizeof *scan->line->value);
}

static bool read_name(struct scan *scan, const char *word, struct error *err)
{
    struct command_line *line = scan->line;
    if (line->noun != NULL) {
        const struct command *command = command_find(line->noun, word);
        if (command == NULL) {
            return refuse_verb(line->noun, word, err);
        }
        line->verb = command->verb;
        choose_command(scan, command);
        return true;
    }
    const struct command *top = command_find(NULL, word);
    if (top != NULL) {
        line->verb = top->verb;
        choose_command(scan, top);
        return true;
    }
    const struct command *group = command_group_find(word);
    if (group == NULL) {
        return refuse_command(word, err);
    }
    line->noun = group->noun;
    return true;
}

static bool read_argument(struct scan *scan, const char *word, struct error *err)
{
    const struct command *command = scan->line->command;
    for (size_t i = 0; i < command->options; i++) {
        if (command->option[i].positional && !scan->line->value[i].given) {
            return option_read(scan->arena, &command->option[i], word, &scan->line->value[i], err);
        }
    }
    error_set(err, FAULT_USAGE, "usage.extra-argument", _("“%s” is one word too many"), word);
    return error_next(err, _("yicang help %s shows what it takes"),
                      command_full_name(scan->arena, command));
}

static bool read_word(struct scan *scan, struct error *err)
{
    const char *word = scan->words[scan->at++];
    if (!scan->only_arguments && text_equal(word, "--")) {
        scan->only_arguments = true;
        return true;
    }
    if (!scan->only_arguments && option_word_is(word)) {
        return read_option(scan, word, err);
    }
    if (!text_is_utf8(word, strlen(word)) && scan->line->command == NULL) {
        return error_set(err, FAULT_USAGE, "usage.not-utf8",
                         _("the name of the command is not UTF-8 text"));
    }
    return scan->line->command == NULL ? read_name(scan, word, err)
                                       : read_argument(scan, word, err);
}

static bool refuse_incomplete(const struct command_line *line, struct error *err)
{
    if (line->noun == NULL) {
        error_set(err, FAULT_USAGE, "usage.no-command", _("no command is given"));
        return error_next(err, _("yicang help shows every command"));
    }
    error_set(err, FAULT_USAGE, "usage.missing-verb", _("what should be done with %s?"),
              line->noun);
    return error_next(err, _("yicang help %s shows what there is"), line->noun);
}

static bool asks_for_help(size_t count, char *const *words)
{
    for (size_t i = 0; i < count && !text_equal(words[i], "--"); i++) {
        if (text_equal(words[i], "--help")) {
            return true;
        }
    }
    return false;
}

bool command_line_parse(struct arena *arena, size_t count, char *const *words,
                        struct command_line *ret, struct error *err)
{
    *ret = (struct command_line){
        .help = asks_for_help(count, words),
        .global_value = arena_alloc_array(arena, global_options_count, sizeof *ret->global_value),
    };
    if (count > COMMAND_LINE_WORDS_MAX) {
        error_set(err, FAULT_USAGE, "usage.too-many-words", _("the command line has %zu words"),
                  count);
        return error_limit(err, _("at most %d"), COMMAND_LINE_WORDS_MAX);
    }
    struct scan scan = {.arena = arena, .count = count, .words = words, .line = ret};
    while (scan.at < scan.count) {
        if (!read_word(&scan, err)) {
            return false;
        }
    }
    if (ret->help) {
        return true;
    }
    if (ret->command == NULL) {
        return refuse_incomplete(ret, err);
    }
    return (ret->command->needs & ASKS) != 0 ||
           options_complete(ret->command->option, ret->command->options, ret->value, err);
}
