#include "cli/help.h"

#include "cli/globals.h"
#include "ledger/base/text.h"

#include <string.h>

/* Text for mdoc: no line may begin with a control character, and backslashes are doubled. */
static void add_prose(struct buffer *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\\') {
            buffer_add_text(out, "\\e");
        } else if (at == text && (*at == '.' || *at == '\'')) {
            buffer_printf(out, "\\&%c", *at);
        } else {
            buffer_add_byte(out, *at);
        }
    }
}

/* "a|b" as one argument of a macro: quoted, so that no word is taken for a macro. */
static void add_option_item(struct buffer *out, const struct option *option)
{
    buffer_printf(out, ".It Fl \\-%s", option->name);
    if (option->kind != OPTION_FLAG) {
        buffer_printf(out, " Ar \"%s\"", option->metavar);
    }
    buffer_add_byte(out, '\n');
    add_prose(out, option->help);
    buffer_printf(out, "%s.\n", option->required ? " (required)" : "");
}

static void add_option_list(struct buffer *out, const struct option *option, size_t options)
{
    buffer_add_text(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < options; i++) {
        add_option_item(out, &option[i]);
    }
    buffer_add_text(out, ".El\n");
}

static void add_command(struct buffer *out, const struct command *command)
{
    bool has_noun = command->noun != NULL;
    buffer_printf(out, ".Ss yicang %s%s%s\n", has_noun ? command->noun : "", has_noun ? " " : "",
                  command->verb);
    add_prose(out, command->summary);
    buffer_add_text(out, ".\n");
    if (command->options > 0) {
        add_option_list(out, command->option, command->options);
    }
    buffer_printf(out, ".Pp\nExample:\n.Dl %s\n", command->example);
}

void help_manual(struct buffer *out)
{
    buffer_add_text(out, ".Sh GLOBAL OPTIONS\n");
    buffer_add_text(out, "They may stand anywhere on the command line.\n");
    add_option_list(out, global_options, global_options_count);
    buffer_add_text(out, ".Sh COMMANDS\n");
    for (size_t i = 0; command_groups[i] != NULL; i++) {
        for (const struct command *command = command_groups[i]; command->verb != NULL; command++) {
            add_command(out, command);
        }
    }
}
