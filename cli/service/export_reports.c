#include "cli/service/export_reports.h"

#include "cli/service/classification.h"
#include "ledger/audit/bundle_manifest.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"
#include "ledger/books/calendar.h"
#include "reports/report.h"
#include "reports/writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "reports/"
#define ENDING ".csv"
#define COLUMNS_MAX ((size_t)64)
#define TOLD_MAX 80 /* bytes of a line that a finding quotes */

/* One of them. */
struct named_report {
    const struct report *report;
    enum book book; /* of a report of one book */
    struct date as_of;
};

static const char *path_of(const struct named_report *named, char ret[static BUNDLE_PATH_MAX])
{
    char day[DATE_TEXT_SIZE];
    bool of_book = named->report->subject == REPORT_OF_BOOK;

    (void)snprintf(ret, BUNDLE_PATH_MAX, FOLDER "%s%s%s.%s" ENDING, named->report->name,
                   of_book ? "." : "", of_book ? book_word(named->book) : "",
                   date_format(named->as_of, day));
    return ret;
}

/* Each report of the whole book as of that day, in turn; false after the last. */
static bool report_next(size_t *at, struct date as_of, struct named_report *ret)
{
    for (size_t place = (*at)++; place < report_count() * BOOK_COUNT; place = (*at)++) {
        const struct report *report = report_at(place / BOOK_COUNT);
        enum book book = (enum book)(place % BOOK_COUNT);
        if (report->subject == REPORT_OF_BOOK || (report->subject == REPORT_OF_ALL && book == 0)) {
            *ret = (struct named_report){report, book, as_of};
            return true;
        }
    }
    return false;
}

static bool path_parse(const char *path, struct named_report *ret)
{
    size_t length = strlen(path);
    size_t tail = DATE_TEXT_SIZE - 1 + strlen(ENDING);
    char day[DATE_TEXT_SIZE] = {0};
    char again[BUNDLE_PATH_MAX];
    struct date as_of;
    struct error ignored;

    if (length <= tail) {
        return false;
    }
    memcpy(day, path + length - tail, DATE_TEXT_SIZE - 1);
    if (!date_parse(day, &as_of, &ignored)) {
        return false;
    }
    for (size_t at = 0; report_next(&at, as_of, ret);) {
        if (text_equal(path_of(ret, again), path)) {
            return true;
        }
    }
    return false;
}

/* The bytes of a table as CSV, to be freed. */
static bool csv_write(const struct table *table, char **ret, size_t *ret_length, struct error *err)
{
    static const struct writer_options options = {0};
    FILE *out = open_memstream(ret, ret_length);

    if (out == NULL) {
        alloc_exhausted(0);
    }
    bool ok = table_write(table, FORMAT_CSV, &options, out, err);
    if (fclose(out) != 0) {
        alloc_exhausted(*ret_length);
    }
    return ok;
}

static bool table_make(const struct named_report *named, struct store *store,
                       struct policy_shelf *policies, struct arena *arena, struct table *ret,
                       struct error *err)
{
    struct report_parameters parameters = {.as_of = named->as_of, .book = named->book};

    return classes_are_kept(store, policies, named->as_of, &parameters.classed, err) &&
           report_read(named->report, store, &parameters, arena, ret, err);
}

/* Made ---------------------------------------------------------------------------------------- */

void export_reports_release(struct export_reports *reports)
{
    for (size_t i = 0; i < reports->files; i++) {
        free(reports->owned[i][0]);
        free(reports->owned[i][1]);
    }
    *reports = (struct export_reports){0};
}

static bool report_make(const struct named_report *named, struct store *store,
                        struct policy_shelf *policies, struct export_reports *ret,
                        struct error *err)
{
    char path[BUNDLE_PATH_MAX];
    char *bytes = NULL;
    size_t length = 0;
    struct table table;
    AUTO_ARENA arena;

    arena_init(&arena, TABLE_ARENA_LIMIT);
    bool ok = table_make(named, store, policies, &arena, &table, err) &&
              csv_write(&table, &bytes, &length, err);
    if (ok && length > BUNDLE_REPORT_MAX) {
        error_set(err, FAULT_REFUSED, "bundle.report-size", _("the report %s is too long"),
                  path_of(named, path));
        error_limit(err, _("%zu bytes in an export"), BUNDLE_REPORT_MAX);
        ok = error_next(err, _("export without reports: --without-reports"));
    }
    if (!ok || ret->files == EXPORT_REPORTS_MAX) {
        free(bytes);
        return ok;
    }
    ret->owned[ret->files][0] = alloc_text(path_of(named, path));
    ret->owned[ret->files][1] = bytes;
    ret->file[ret->files] = (struct bundle_file){ret->owned[ret->files][0], bytes, length};
    ret->files++;
    return true;
}

/* The day to report on; *ret_any is false if none is closed yet. */
static bool choose_day(struct store *store, const struct date *as_of, bool *ret_any,
                       struct date *ret, struct error *err)
{
    struct date open;
    struct book_facts facts;
    char text[DATE_TEXT_SIZE];
    AUTO_ARENA arena;

    arena_init(&arena, (size_t)64 << 10);
    if (!open_day_load(store, &open, err) || !book_facts_load(store, &arena, &facts, err)) {
        return false;
    }
    *ret = as_of == NULL ? date_add_days(open, -1) : *as_of;
    *ret_any = date_compare(*ret, facts.opening_day) >= 0 && date_compare(*ret, open) < 0;
    if (*ret_any || as_of == NULL) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "report.day-open",
              _("an export reports on a closed day, and %s is none"), date_format(*as_of, text));
    return error_limit(err, _("before the open business day, %s"), date_format(open, text));
}

bool export_reports_make(struct store *store, struct policy_shelf *policies,
                         const struct date *as_of, struct export_reports *ret, struct error *err)
{
    struct named_report named;
    struct date day;
    bool any = false;
    AUTO_TRANSACTION snapshot = {0};

    *ret = (struct export_reports){0};
    if (!transaction_begin_read(store, &snapshot, err) ||
        !choose_day(store, as_of, &any, &day, err)) {
        return false;
    }
    for (size_t at = 0; any && report_next(&at, day, &named);) {
        if (!report_make(&named, store, policies, ret, err)) {
            export_reports_release(ret);
            return false;
        }
    }
    return true;
}

/* Compared ------------------------------------------------------------------------------------- */

struct comparing {
    const struct bundle *bundle;
    struct store *store;
    struct policy_shelf *policies;
    struct findings *findings;
    size_t files;
};

/* The table with the columns alone that the first line of a file names; false if it names one that
 * the report does not have. */
static bool choose_columns(const struct table *table, const struct buffer *file, struct table *ret)
{
    size_t chosen[COLUMNS_MAX];
    size_t count = 0;
    bool all = true; /* in their order, as a file of this program has them */
    const char *at = file->data;
    const char *end = file->length == 0 ? NULL : memchr(at, '\r', file->length);

    while (end != NULL && at < end && count < COLUMNS_MAX) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        size_t length = (size_t)((comma == NULL ? end : comma) - at);
        size_t i = 0;
        while (i < table->columns && (strlen(table->column[i].name) != length ||
                                      memcmp(table->column[i].name, at, length) != 0)) {
            i++;
        }
        if (i == table->columns) {
            return false;
        }
        all = all && i == count;
        chosen[count++] = i;
        at += length + (comma == NULL ? 0 : 1);
    }
    if (count == 0 || at != end) {
        return false;
    }
    if (all && count == table->columns) {
        *ret = *table;
    } else {
        table_choose(table, chosen, count, ret);
    }
    return true;
}

/* Where two texts part: the number of the line, and that line of each. */
static void tell_difference(const struct comparing *comparing, const char *path,
                            const struct buffer *file, const char *bytes, size_t length)
{
    size_t line = 1;
    size_t start = 0;
    size_t at = 0;

    while (at < file->length && at < length && file->data[at] == bytes[at]) {
        if (bytes[at++] == '\n') {
            line++;
            start = at;
        }
    }
    int theirs = (int)strcspn(file->data + start, "\r\n");
    int ours = (int)strcspn(bytes + start, "\r\n");
    findings_add(comparing->findings, "E_REPORT", -1,
                 _("%s: line %zu is “%.*s”; by the log it is “%.*s”"), path, line,
                 theirs < TOLD_MAX ? theirs : TOLD_MAX, file->data + start,
                 ours < TOLD_MAX ? ours : TOLD_MAX, bytes + start);
}

static bool compare_file(const struct comparing *comparing, const char *path,
                         const struct table *table, struct error *err)
{
    struct table chosen;
    char *bytes = NULL;
    size_t length = 0;
    AUTO_BUFFER file;

    buffer_init(&file, BUNDLE_REPORT_MAX + 1);
    if (!bundle_read_file(comparing->bundle, path, &file, err)) {
        return false;
    }
    buffer_add_byte(&file, '\0'); /* so that it is a text; not counted */
    file.length--;
    if (!choose_columns(table, &file, &chosen)) {
        findings_add(comparing->findings, "E_REPORT", -1,
                     _("%s: it has a column that this report does not have"), path);
        return true;
    }
    bool ok = csv_write(&chosen, &bytes, &length, err);
    if (ok && (file.length != length || memcmp(file.data, bytes, length) != 0)) {
        tell_difference(comparing, path, &file, bytes, length);
    }
    free(bytes);
    return ok;
}

static bool compare_report(void *context, const char *path, struct error *err)
{
    struct comparing *comparing = context;
    struct named_report named;
    struct table table;
    struct error why = {0};
    AUTO_ARENA arena;

    if (++comparing->files > EXPORT_REPORTS_MAX) {
        if (comparing->files == EXPORT_REPORTS_MAX + 1) {
            findings_add(comparing->findings, "E_REPORT", -1,
                         _("there are more than %d reports; the others were not made again"),
                         EXPORT_REPORTS_MAX);
        }
        return true;
    }
    if (!path_parse(path, &named)) {
        findings_add(comparing->findings, "E_REPORT", -1,
                     _("%s: it is no report that this program makes"), path);
        return true;
    }
    arena_init(&arena, TABLE_ARENA_LIMIT);
    if (table_make(&named, comparing->store, comparing->policies, &arena, &table, &why) &&
        compare_file(comparing, path, &table, &why)) {
        return true;
    }
    if (why.fault == FAULT_STORE || why.fault == FAULT_INTERNAL) {
        *err = why;
        return false;
    }
    findings_add(comparing->findings,
                 text_equal(why.reason, "E_CONTAINER") ? "E_CONTAINER" : "E_REPORT", -1, "%s: %s",
                 path, why.text);
    return true;
}

bool export_reports_compare(const struct bundle *bundle, struct store *store,
                            struct policy_shelf *policies, struct findings *findings,
                            struct error *err)
{
    struct comparing comparing = {bundle, store, policies, findings, 0};

    return bundle_each_report(bundle, compare_report, &comparing, err);
}
