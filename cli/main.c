#include "cli/command_line.h"
#include "cli/globals.h"
#include "cli/help.h"
#include "cli/language.h"
#include "cli/output.h"
#include "ledger/base/text.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_SANITIZER true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_SANITIZER true
#endif
#endif
#ifndef UNDER_SANITIZER
#define UNDER_SANITIZER false
#endif

/* A closed stdin, stdout or stderr must not become the number of the next file we open: what is
 * printed would land in the book. Opened the wrong way round, so that using it is an error. */
static void occupy_standard_streams(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fcntl(descriptor, F_GETFD) < 0) {
            (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

/* Keys and personal data must not end in a core file. (Leak detection needs a traceable process.)
 */
static void forbid_core_dumps(void)
{
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    if (!UNDER_SANITIZER) {
        (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    }
}

static bool show_help(const struct command_line *line, const struct invocation *invocation,
                      struct error *err)
{
    AUTO_BUFFER text;
    buffer_init(&text, HELP_MAX);
    if (line->command != NULL) {
        help_command(&text, invocation->arena, line->command);
    } else if (line->noun != NULL) {
        help_group(&text, command_group_find(line->noun));
    } else {
        help_overview(&text);
    }
    return output_text(invocation, text.data, text.length, err);
}

static bool run(struct arena *arena, size_t count, char *const *words, struct command_line *line,
                struct error *err)
{
    if (!command_line_parse(arena, count, words, line, err)) {
        return false;
    }
    struct globals globals = {.passphrase_fd = -1};
    struct invocation invocation = {
        .command = line->command, .globals = &globals, .value = line->value, .arena = arena};
    if (line->help) {
        return show_help(line, &invocation, err);
    }
    return globals_resolve(line->command, line->global_value, &globals, err) &&
           line->command->run(&invocation, err);
}

static int exit_code(const struct command_line *line, const struct error *err)
{
    return line->command != NULL && line->command->exit_code != NULL
               ? line->command->exit_code(err->fault)
               : fault_exit_code(err->fault);
}

int main(int argc, char **argv)
{
    occupy_standard_streams();
    forbid_core_dumps();
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that left is an error of output, told like others */
    (void)signal(SIGXFSZ, SIG_IGN); /* so is a file that may not grow any more */

    size_t count = argc > 0 ? (size_t)argc - 1 : 0;
    char *const *words = argc > 0 ? argv + 1 : argv;
    struct early_globals early = globals_peek(count, words);
    language_start(early.lang);

    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    struct command_line line = {0};
    struct error err = {0};
    int code = 0;
    if (!run(&arena, count, words, &line, &err)) {
        output_error(&err, early.json);
        code = exit_code(&line, &err);
    }
    if (!output_finish(&err) && code == 0) {
        output_error(&err, early.json);
        code = exit_code(&line, &err);
    }
    return code;
}
