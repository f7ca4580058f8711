/* dialogue.h - what a command line leaves out is asked for at the terminal. Layer: cli.
 *
 * Only where a person sits: standard input and standard error are a terminal. Every answer can be
 * given as an option too, and nothing is done before the last one is given. */
#ifndef YICANG_CLI_DIALOGUE_H
#define YICANG_CLI_DIALOGUE_H

#include "cli/command.h"

struct question {
    const char *option;     /* its name; the answer is read as its value would be */
    const char *text;       /* N_(): what it is for */
    const char *suggestion; /* what Enter alone means; "" if it may be left out, NULL if not */
};

/* Asks for what is not given, if anything required is missing and a person is there; else refuses
 * as every command does (usage.option-missing). *ret are the values, in the order of the command's
 * options. Reason id usage.given-up: the terminal was closed, or the last question was answered no.
 */
MUST_CHECK bool dialogue_complete(const struct invocation *invocation,
                                  const struct question *question, size_t questions,
                                  const struct option_value **ret, struct error *err);

/* Whether what was just told shall be done: --yes, or asked at the terminal. Reason ids
 * usage.given-up, usage.not-confirmed (nobody is there to be asked). */
MUST_CHECK bool dialogue_confirm(const struct globals *globals, const char *question,
                                 struct error *err);

#endif
