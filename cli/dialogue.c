#include "cli/dialogue.h"

#include "cli/options.h"
#include "cli/output.h"
#include "ledger/base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool somebody_is_there(void)
{
    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

static bool given_up(struct error *err)
{
    error_set(err, FAULT_REFUSED, "usage.given-up", _("nothing was done"));
    return error_next(err, _("every answer can be given as an option: see --help"));
}

/* One line without its LF and without spaces around it; false at the end of input. */
static bool read_answer(char answer[static OPTION_TEXT_BYTES_MAX], struct error *err)
{
    if (fgets(answer, (int)OPTION_TEXT_BYTES_MAX, stdin) == NULL) {
        return given_up(err);
    }
    size_t blank = strspn(answer, " \t");
    size_t length = strcspn(answer, "\r\n");
    while (length > blank && (answer[length - 1] == ' ' || answer[length - 1] == '\t')) {
        length--;
    }
    memmove(answer, answer + blank, length - blank);
    answer[length - blank] = '\0';
    return true;
}

static void prompt(const struct question *question, const struct option *option,
                   bool has_suggestion)
{
    if (has_suggestion) {
        output_prompt("%s [%s]: ", _(option->help), question->suggestion);
    } else {
        output_prompt("%s: ", _(option->help));
    }
}

/* Until the answer can be read as the option's value. */
static bool ask(struct arena *arena, const struct question *question, const struct option *option,
                struct option_value *value, struct error *err)
{
    char answer[OPTION_TEXT_BYTES_MAX];
    bool has_suggestion = question->suggestion != NULL && question->suggestion[0] != '\0';

    output_note("\n%s", _(question->text));
    while (!value->given) {
        struct error refused = {0};
        prompt(question, option, has_suggestion);
        if (!read_answer(answer, err)) {
            return false;
        }
        const char *text = answer[0] == '\0' && has_suggestion ? question->suggestion : answer;
        if (text[0] == '\0' && question->suggestion != NULL) {
            return true;
        }
        if (text[0] != '\0' && !option_read(arena, option, text, value, &refused)) {
            output_error(&refused, false);
        }
    }
    return true;
}

static bool answered_yes(const char *question, struct error *err)
{
    char answer[OPTION_TEXT_BYTES_MAX];

    output_prompt("%s", question);
    if (!read_answer(answer, err)) {
        return false;
    }
    return text_equal(answer, "yes") || text_equal(answer, "y") || text_equal(answer, "是") ||
           given_up(err);
}

/* What will be done, and whether it shall be. */
static bool agree(const struct invocation *invocation, const struct option_value *value,
                  struct error *err)
{
    output_note("%s", "");
    for (size_t i = 0; i < invocation->command->options; i++) {
        if (value[i].given) {
            output_note("    --%s %s", invocation->command->option[i].name, value[i].text);
        }
    }
    return answered_yes(_("Go on with this? (yes/no): "), err);
}

bool dialogue_confirm(const struct globals *globals, const char *question, struct error *err)
{
    if (globals->yes) {
        return true;
    }
    if (somebody_is_there()) {
        return answered_yes(question, err);
    }
    error_set(err, FAULT_USAGE, "usage.not-confirmed", _("nobody is there to be asked"));
    return error_next(err, _("read it, and say --yes"));
}

bool dialogue_complete(const struct invocation *invocation, const struct question *question,
                       size_t questions, const struct option_value **ret, struct error *err)
{
    const struct command *command = invocation->command;
    size_t bytes = command->options * sizeof(struct option_value);
    struct option_value *value =
        arena_alloc_array(invocation->arena, command->options, sizeof *value);
    struct error missing = {0};

    memcpy(value, invocation->value, bytes);
    *ret = value;
    if (options_complete(command->option, command->options, value, &missing)) {
        return true;
    }
    if (!somebody_is_there()) {
        *err = missing;
        return false;
    }
    for (size_t i = 0; i < questions; i++) {
        size_t place = option_find(command->option, command->options, question[i].option);
        if (!value[place].given &&
            !ask(invocation->arena, &question[i], &command->option[place], &value[place], err)) {
            return false;
        }
    }
    return options_complete(command->option, command->options, value, err) &&
           agree(invocation, value, err);
}
