/* help.h - what the command table says about itself: help, manual sections. Layer: cli. */
#ifndef YICANG_CLI_HELP_H
#define YICANG_CLI_HELP_H

#include "cli/command.h"
#include "ledger/base/buffer.h"

#define HELP_MAX ((size_t)1 << 20)

/* All commands by noun, then the global options. */
void help_overview(struct buffer *out);
/* The verbs of one noun with their summaries. */
void help_group(struct buffer *out, const struct command *group);
/* One command: summary, synopsis, options, example. */
void help_command(struct buffer *out, struct arena *arena, const struct command *command);
/* The command and option sections of the manual, in mdoc. */
void help_manual(struct buffer *out);

/* The script that bash completes our words with. */
void completion_bash(struct buffer *out);

#endif
