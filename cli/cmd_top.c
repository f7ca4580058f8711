#include "cli/commands.h"

#include "cli/help.h"
#include "cli/output.h"
#include "ledger/base/text.h"

static bool unknown_topic(const char *word, struct error *err)
{
    error_set(err, FAULT_USAGE, "usage.unknown-command", _("there is no help on “%s”"), word);
    return error_next(err, _("yicang help shows every command"));
}

static bool explain(struct buffer *out, struct arena *arena, const char *noun, const char *verb,
                    struct error *err)
{
    if (noun == NULL) {
        help_overview(out);
        return true;
    }
    const struct command *command =
        verb == NULL ? command_find(NULL, noun) : command_find(noun, verb);
    if (command != NULL) {
        help_command(out, arena, command);
        return true;
    }
    const struct command *group = verb == NULL ? command_group_find(noun) : NULL;
    if (group == NULL) {
        return unknown_topic(verb == NULL ? noun : verb, err);
    }
    help_group(out, group);
    return true;
}

static const struct option help_options[] = {
    {"noun", OPTION_TEXT, false, "NOUN", N_("the noun, or a command without one"), true},
    {"verb", OPTION_TEXT, false, "VERB", N_("the verb"), true},
    {"mdoc", OPTION_FLAG, false, NULL, N_("print the command sections of the manual"), false},
};

static bool run_help(const struct invocation *invocation, struct error *err)
{
    AUTO_BUFFER text;
    buffer_init(&text, HELP_MAX);
    if (invocation_value(invocation, "mdoc")->given) {
        help_manual(&text);
    } else if (!explain(&text, invocation->arena, invocation_value(invocation, "noun")->text,
                        invocation_value(invocation, "verb")->text, err)) {
        return false;
    }
    return output_text(invocation, text.data, text.length, err);
}

static bool run_version(const struct invocation *invocation, struct error *err)
{
    struct result result;
    result_init(&result, invocation->arena);
    result_text(&result, "program", _("program"), "yicang");
    result_text(&result, "version", _("version"), YICANG_VERSION);
    return output_result(invocation, &result, err);
}

static const struct option completion_options[] = {
    {"shell", OPTION_CHOICE, true, "bash", N_("the shell to print a script for"), true},
};

static bool run_completion(const struct invocation *invocation, struct error *err)
{
    AUTO_BUFFER script;
    buffer_init(&script, HELP_MAX);
    completion_bash(&script);
    return output_text(invocation, script.data, script.length, err);
}

const struct command top_commands[] = {
    {.verb = "help",
     .run = run_help,
     .summary = N_("show the commands, those of one noun, or the options of one command"),
     .option = help_options,
     .options = COUNT_OF(help_options),
     .example = "yicang help loan repay"},
    {.verb = "version",
     .run = run_version,
     .summary = N_("show the version of the program"),
     .example = "yicang version --format json"},
    {.verb = "completion",
     .run = run_completion,
     .summary = N_("print a script that completes commands and options in the shell"),
     .option = completion_options,
     .options = COUNT_OF(completion_options),
     .example = "source <(yicang completion bash)"},
    {.verb = NULL},
};
