#include "cli/help.h"

#include "cli/globals.h"
#include "ledger/base/text.h"

#include <string.h>
#include <utf8proc.h>

enum { COMMAND_COLUMN = 14, OPTION_COLUMN = 34 };

/* Columns on a terminal: a Chinese character takes two. */
static size_t text_columns(const char *text)
{
    size_t length = strlen(text);
    size_t columns = 0;
    size_t at = 0;
    uint32_t code_point = 0;
    while (at < length && text_next_code_point(text, length, &at, &code_point)) {
        columns += (size_t)utf8proc_charwidth((utf8proc_int32_t)code_point);
    }
    return columns;
}

/* Text with spaces behind it up to a column, two at least. */
static void add_padded(struct buffer *out, const char *text, size_t column)
{
    buffer_add_text(out, text);
    size_t columns = text_columns(text);
    size_t spaces = columns + 2 < column ? column - columns : 2;
    for (size_t i = 0; i < spaces; i++) {
        buffer_add_byte(out, ' ');
    }
}

static void add_options(struct buffer *out, const struct option *option, size_t options)
{
    for (size_t i = 0; i < options; i++) {
        AUTO_BUFFER left;
        buffer_init(&left, HELP_MAX);
        buffer_printf(&left, "  --%s%s%s", option[i].name, option[i].kind == OPTION_FLAG ? "" : " ",
                      option[i].kind == OPTION_FLAG ? "" : option[i].metavar);
        /* A long list of words gets a line of its own. */
        if (left.length + 2 > OPTION_COLUMN) {
            buffer_printf(out, "%s\n", left.data);
            buffer_clear(&left);
        }
        add_padded(out, left.length == 0 ? "" : left.data, OPTION_COLUMN);
        buffer_add_text(out, _(option[i].help));
        if (option[i].required) {
            buffer_printf(out, " %s", _("(required)"));
        }
        buffer_add_byte(out, '\n');
    }
}

static void add_verbs(struct buffer *out, const struct command *group)
{
    for (const struct command *command = group; command->verb != NULL; command++) {
        buffer_printf(out, "%s%s", command == group ? "" : ", ", command->verb);
    }
}

void help_overview(struct buffer *out)
{
    buffer_printf(out, "%s\n\n",
                  _("yicang keeps the books of a county's microcredit and of the "
                    "fund that shares its losses."));
    buffer_printf(out, "%s\n", _("usage: yicang [global options] <noun> <verb> [options]"));
    buffer_add_byte(out, '\n');
    for (size_t i = 0; command_groups[i] != NULL; i++) {
        const struct command *group = command_groups[i];
        bool is_alone = group->noun == NULL || text_equal(group->noun, group->verb);
        if (is_alone) {
            for (const struct command *command = group; command->verb != NULL; command++) {
                buffer_add_text(out, "  ");
                add_padded(out, command->verb, COMMAND_COLUMN);
                buffer_printf(out, "%s\n", _(command->summary));
            }
            continue;
        }
        buffer_add_text(out, "  ");
        add_padded(out, group->noun, COMMAND_COLUMN);
        add_verbs(out, group);
        buffer_add_byte(out, '\n');
    }
    buffer_printf(out, "\n%s\n", _("global options:"));
    add_options(out, global_options, global_options_count);
    buffer_printf(out, "\n%s\n",
                  _("yicang help <noun> and yicang help <noun> <verb> say more; so "
                    "does the manual, man yicang."));
}

void help_group(struct buffer *out, const struct command *group)
{
    for (const struct command *command = group; command->verb != NULL; command++) {
        AUTO_BUFFER left;
        buffer_init(&left, HELP_MAX);
        buffer_printf(&left, "  %s %s", command->noun, command->verb);
        add_padded(out, left.data, OPTION_COLUMN);
        buffer_printf(out, "%s\n", _(command->summary));
    }
    buffer_printf(out, _("\nyicang help %s <verb> shows the options.\n"), group->noun);
}

static void add_synopsis(struct buffer *out, struct arena *arena, const struct command *command)
{
    buffer_printf(out, _("usage: yicang %s"), command_full_name(arena, command));
    for (size_t i = 0; i < command->options; i++) {
        const struct option *option = &command->option[i];
        const char *open = option->required ? "" : "[";
        const char *close = option->required ? "" : "]";
        if (option->positional) {
            buffer_printf(out, " %s%s%s", open, option->metavar, close);
        } else if (option->required) {
            buffer_printf(out, " --%s %s", option->name, option->metavar);
        }
    }
    buffer_printf(out, " %s\n", _("[options]"));
}

void help_command(struct buffer *out, struct arena *arena, const struct command *command)
{
    buffer_printf(out, "yicang %s - %s\n\n", command_full_name(arena, command),
                  _(command->summary));
    add_synopsis(out, arena, command);
    if (command->options > 0) {
        buffer_printf(out, "\n%s\n", _("options:"));
        add_options(out, command->option, command->options);
    }
    if ((command->needs & WRITES) != 0) {
        buffer_printf(out, "\n%s\n",
                      _("This command writes: it takes --as, --command-id and "
                        "--dry-run."));
    }
    buffer_printf(out, "\n%s\n  %s\n", _("example:"), command->example);
    buffer_printf(out, "\n%s\n", _("yicang help shows the global options."));
}
