#include "tests/support/check.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void check_int_equal_at(int64_t got, int64_t want, const char *file, int line)
{
    if (got != want) {
        print_error("got %" PRId64 ", want %" PRId64 "\n", got, want);
        _fail(file, line);
    }
}

void check_text_equal_at(const char *got, const char *want, const char *file, int line)
{
    if (got == NULL || strcmp(got, want) != 0) {
        print_error("got \"%s\", want \"%s\"\n", got == NULL ? "(null)" : got, want);
        _fail(file, line);
    }
}

void check_fen_at(struct money got, int64_t want_fen, const char *file, int line)
{
    if (money_fen(got) != want_fen) {
        print_error("got %" PRId64 " fen, want %" PRId64 " fen\n", money_fen(got), want_fen);
        _fail(file, line);
    }
}

void check_date_at(struct date got, const char *want_text, const char *file, int line)
{
    char text[DATE_TEXT_SIZE];
    check_text_equal_at(date_format(got, text), want_text, file, line);
}

void check_ok_at(bool ok, const struct error *err, const char *call, const char *file, int line)
{
    if (!ok) {
        print_error("%s\nfailed with %s: %s\nlimit: %s\nnext: %s\n", call,
                    err->reason[0] == '\0' ? "(no reason)" : err->reason, err->text, err->limit,
                    err->next);
        _fail(file, line);
    }
}

void check_refused_at(bool ok, const struct error *err, const char *reason, const char *call,
                      const char *file, int line)
{
    if (ok) {
        print_error("%s\nsucceeded, want refusal %s\n", call, reason);
        _fail(file, line);
    }
    if (strcmp(err->reason, reason) != 0 || err->text[0] == '\0') {
        print_error("%s\nrefused with %s \"%s\", want %s\n", call,
                    err->reason[0] == '\0' ? "(no reason)" : err->reason, err->text, reason);
        _fail(file, line);
    }
}

struct date day(const char *text)
{
    struct date date = {0};
    struct error err = {0};
    check_ok(date_parse(text, &date, &err), &err);
    return date;
}

char *scratch_create(void)
{
    const char *base = getenv("TMPDIR");
    char *path = NULL;
    if (asprintf(&path, "%s/yicang-test-XXXXXX", base == NULL ? "/tmp" : base) < 0 ||
        mkdtemp(path) == NULL) {
        print_error("cannot make a scratch folder: %s\n", strerror(errno));
        _fail(__FILE__, __LINE__);
    }
    return path;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

void scratch_remove(char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(folder);
}
