/* command.h - the command table: a command is data. Layer: cli.
 * Help, completion, the manual and the tests of both are made from these rows. */
#ifndef YICANG_CLI_COMMAND_H
#define YICANG_CLI_COMMAND_H

#include "ledger/base/arena.h"
#include "ledger/base/date.h"
#include "ledger/base/daycount.h"
#include "ledger/base/error.h"
#include "ledger/base/money.h"
#include "ledger/base/rate.h"
#include "ledger/base/uuid.h"
#include "reports/writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value of an option must be; it reaches the command parsed. */
enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_MONEY, /* positive */
    OPTION_RATE,
    OPTION_DATE,
    OPTION_INT, /* 0 to OPTION_INT_MAX */
    OPTION_FILE,
    OPTION_REFERENCE, /* H1, L12, C3: the number of a household, loan, claim; or the bare number.
                       * The letter is the first of the metavar: HOUSEHOLD, LOAN, CLAIM. */
    OPTION_CHOICE,
};

#define OPTION_INT_MAX INT64_C(1000000000)
#define OPTION_TEXT_BYTES_MAX ((size_t)4096)

struct option {
    const char *name; /* "amount", given as --amount VALUE or --amount=VALUE; no abbreviations */
    enum option_kind kind;
    bool required;
    const char *metavar; /* "YUAN"; for OPTION_CHOICE the words with | between them */
    const char *help;    /* N_() */
    /* Whether it is an argument instead of --name, in the order of the table (`loan show L1`). It
     * may also be given as --name. As wide as the kind, so that the tables have no holes. */
    int positional;
};

/* A parsed option value; `given` says whether it was on the command line. */
struct option_value {
    bool given;
    const char *text; /* as written; the chosen word of OPTION_CHOICE */
    struct money money;
    struct rate rate;
    struct date date;
    int64_t number; /* OPTION_INT and OPTION_REFERENCE */
};

/* The global options of design.md 8. */
struct globals {
    const char *book; /* --book, $YICANG_BOOK, "." */
    const char *as;   /* staff code, or NULL */
    bool has_date;
    struct date date;
    enum format format;
    bool chinese;
    bool has_command_id;
    struct uuid command_id; /* given or random */
    bool dry_run;
    const char *out; /* NULL: standard output */
    bool yes;
    int passphrase_fd; /* -1: ask on the terminal */
};

enum command_needs {
    NEEDS_NOTHING = 0,
    NEEDS_BOOK = 1 << 0, /* opened read-only unless WRITES */
    WRITES = 1 << 1,     /* goes through the one door; takes --as, --command-id, --dry-run */
    SHOWS_TABLE =
        1 << 2, /* --format csv, xlsx, html are offered; every command offers text and json */
    /* Refuses a book that lost events; other readers say so on stderr and show what is left. */
    NEEDS_WHOLE = 1 << 3,
    /* The command itself sees to what is required (dialogue.h). */
    ASKS = 1 << 4,
};

struct command;
/* What a command function gets. */
struct invocation {
    const struct command *command;
    const struct globals *globals;
    const struct option_value *value; /* same order as command->option */
    struct arena *arena;
};

typedef bool (*command_function)(const struct invocation *invocation, struct error *err);

struct command {
    const char *noun; /* "loan"; NULL for top-level verbs */
    const char *verb; /* "repay" */
    command_function run;
    unsigned needs;
    const char *summary; /* N_(): one line */
    const struct option *option;
    size_t options;
    const char *example; /* one full command line */
    const char *event;   /* of a plain change: its event type; run is then desk_run_event() */
    /* Exit code of a failure, where it is not fault_exit_code() (audit verify); NULL otherwise. */
    int (*exit_code)(enum fault fault);
};

/* The value of an option by its name; asserts that the command has such an option. */
const struct option_value *invocation_value(const struct invocation *invocation, const char *name);

/* All commands, in the order of help. */
extern const struct command
    *const command_groups[]; /* NULL-terminated; each group ends with verb NULL */

/* The row of a noun and verb (noun NULL: a top-level verb), or NULL. */
const struct command *command_find(const char *noun, const char *verb);
/* The rows of a noun, ending with verb NULL; or NULL. */
const struct command *command_group_find(const char *noun);
/* "loan repay", "quote". In the arena. */
const char *command_full_name(struct arena *arena, const struct command *command);

#endif
