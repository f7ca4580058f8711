#include "cli/help.h"

#include "cli/globals.h"
#include "ledger/base/text.h"

/* Choices as words for compgen: "zh|en" becomes "zh en". */
static void add_choices(struct buffer *out, const char *metavar)
{
    for (const char *at = metavar; *at != '\0'; at++) {
        buffer_add_byte(out, *at == '|' ? ' ' : *at);
    }
}

/* place: the beginning of a pattern of the shell, with its quote still open. */
static void add_value_case(struct buffer *out, const char *place, const struct option *option)
{
    if (option->kind == OPTION_FLAG) {
        return;
    }
    buffer_printf(out, "    %s --%s') ", place, option->name);
    if (option->kind == OPTION_CHOICE) {
        buffer_add_text(out, "mapfile -t COMPREPLY < <(compgen -W '");
        add_choices(out, option->metavar);
        buffer_add_text(out, "' -- \"$cur\"); return ;;\n");
    } else if (option->kind == OPTION_FILE) {
        buffer_add_text(out, "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n");
    } else {
        buffer_add_text(out, "return ;;\n");
    }
}

static void add_names(struct buffer *out, const struct option *option, size_t options)
{
    for (size_t i = 0; i < options; i++) {
        buffer_printf(out, " --%s", option[i].name);
    }
}

/* The place of a command in the script: "loan repay", or "quote" for a top-level one. */
static void add_place(struct buffer *out, const struct command *command)
{
    if (command->noun != NULL) {
        buffer_printf(out, "%s ", command->noun);
    }
    buffer_add_text(out, command->verb);
}

static void add_command_cases(struct buffer *values, struct buffer *names,
                              const struct command *command)
{
    AUTO_BUFFER place;
    buffer_init(&place, HELP_MAX);
    buffer_add_byte(&place, '\'');
    add_place(&place, command);
    for (size_t i = 0; i < command->options; i++) {
        add_value_case(values, place.data, &command->option[i]);
    }
    buffer_printf(names, "    %s') words='", place.data);
    add_names(names, command->option, command->options);
    buffer_add_text(names, "' ;;\n");
}

static void add_noun_cases(struct buffer *out)
{
    for (size_t i = 0; command_groups[i] != NULL; i++) {
        const struct command *group = command_groups[i];
        if (group->noun == NULL) {
            continue;
        }
        buffer_printf(out, "    '%s') words='", group->noun);
        for (const struct command *command = group; command->verb != NULL; command++) {
            buffer_printf(out, "%s ", command->verb);
        }
        buffer_add_text(out, "' ;;\n");
    }
}

static void add_first_words(struct buffer *out)
{
    for (size_t i = 0; command_groups[i] != NULL; i++) {
        const struct command *group = command_groups[i];
        if (group->noun != NULL) {
            buffer_printf(out, "%s ", group->noun);
            continue;
        }
        for (const struct command *command = group; command->verb != NULL; command++) {
            buffer_printf(out, "%s ", command->verb);
        }
    }
}

/* Finds noun and verb among the words so far: words that are neither options nor their values. */
static const char script_head[] =
    "# bash completion for yicang; load with: source <(yicang completion bash)\n"
    "_yicang() {\n"
    "  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
    "  local i word place='' words='' takes tops\n"
    "  COMPREPLY=()\n";
static const char script_scan[] =
    "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "    word=\"${COMP_WORDS[i]}\"\n"
    "    case \"$word\" in\n"
    "      --*) case \" $takes \" in *\" $word \"*) ((i++)) ;; esac ;;\n"
    "      *) case \"$place\" in\n"
    "           '') place=\"$word\" ;;\n"
    "           *' '*) ;;\n"
    "           *) case \"$tops\" in *\" $place \"*) ;; *) place=\"$place $word\" ;; esac ;;\n"
    "         esac ;;\n"
    "    esac\n"
    "  done\n"
    "  case \"$place $prev\" in\n";

static void add_value_takers(struct buffer *out)
{
    buffer_add_text(out, "  takes='");
    for (size_t i = 0; i < global_options_count; i++) {
        if (global_options[i].kind != OPTION_FLAG) {
            buffer_printf(out, " --%s", global_options[i].name);
        }
    }
    buffer_add_text(out, "'\n  tops=' ");
    for (size_t i = 0; command_groups[i] != NULL; i++) {
        for (const struct command *command = command_groups[i]; command->verb != NULL; command++) {
            if (command->noun == NULL) {
                buffer_printf(out, "%s ", command->verb);
            }
        }
    }
    buffer_add_text(out, "'\n");
}

void completion_bash(struct buffer *out)
{
    AUTO_BUFFER values;
    AUTO_BUFFER names;
    buffer_init(&values, HELP_MAX);
    buffer_init(&names, HELP_MAX);
    for (size_t i = 0; command_groups[i] != NULL; i++) {
        for (const struct command *command = command_groups[i]; command->verb != NULL; command++) {
            add_command_cases(&values, &names, command);
        }
    }
    buffer_add_text(out, script_head);
    add_value_takers(out);
    buffer_add_text(out, script_scan);
    buffer_add(out, values.data, values.length);
    for (size_t i = 0; i < global_options_count; i++) {
        add_value_case(out, "*'", &global_options[i]);
    }
    buffer_add_text(out, "  esac\n  case \"$place\" in\n    '') words='");
    add_first_words(out);
    buffer_add_text(out, "' ;;\n");
    add_noun_cases(out);
    buffer_add(out, names.data, names.length);
    buffer_add_text(out, "  esac\n  case \"$cur\" in -*) words=\"$words");
    add_names(out, global_options, global_options_count);
    buffer_add_text(out, "\" ;; esac\n"
                         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
                         "}\n"
                         "complete -F _yicang yicang\n");
}
