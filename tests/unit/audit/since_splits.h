/* since_splits.h - any verification once more in two parts: what is found behind an earlier
 * verified state is what the whole verification finds there. Only for test_verify.c. */
#ifndef YICANG_TESTS_UNIT_AUDIT_SINCE_SPLITS_H
#define YICANG_TESTS_UNIT_AUDIT_SINCE_SPLITS_H

#include "ledger/audit/verify_state.h"
#include "tests/support/check.h"
#include "tests/support/log_beginning.h"

static size_t splits_checked;

static bool has_code(const struct findings *findings, const char *code)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(findings->list[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether it is found behind the first `size` events too: there, at the end, and every dispute. How
 * many events have rows left over is another number behind them. */
static bool belongs_behind(const struct finding *finding, int64_t size)
{
    if (finding->seq < 0) {
        return strcmp(finding->code, "E_ROWS") != 0;
    }
    return finding->seq >= size || strcmp(finding->code, "E_DISPUTE") == 0;
}

static void list_behind(const struct findings *findings, int64_t size, struct buffer *ret)
{
    buffer_add_text(ret, "behind:");
    for (size_t i = 0; i < findings->count; i++) {
        if (belongs_behind(&findings->list[i], size)) {
            buffer_printf(ret, " %s@%lld", findings->list[i].code,
                          (long long)findings->list[i].seq);
        }
    }
}

static void check_same_behind(const struct findings *whole, const struct findings *since,
                              int64_t size)
{
    AUTO_BUFFER wanted;
    AUTO_BUFFER got;
    buffer_init(&wanted, 1 << 20);
    buffer_init(&got, 1 << 20);
    list_behind(whole, size, &wanted);
    list_behind(since, size, &got);
    check_text_equal(got.data, wanted.data);
}

static void check_since(const struct log_source *source, int64_t size, const struct findings *whole,
                        const struct verify_summary *summary)
{
    struct log_beginning beginning = {.whole = source, .size = size};
    const struct log_source first = log_source_of_beginning(&beginning);
    struct error err = {0};
    struct findings findings;
    struct verify_summary now;
    AUTO_VERIFY_STATE state;
    AUTO_VERIFY_STATE next;
    verify_state_init(&state);
    verify_state_init(&next);
    findings_init(&findings);
    struct verify_request request = {.source = &first, .save = &state};
    check_ok(log_verify(&request, &findings, &now, &err), &err);
    /* Where events are missing or doubled the numbers of the rest are no longer their places. */
    bool numbered = now.events == (uint64_t)size && !has_code(&findings, "E_SEQ");
    findings_release(&findings);
    if (!numbered || state.registry == NULL) {
        return;
    }
    findings_init(&findings);
    request = (struct verify_request){.source = source, .since = &state, .save = &next};
    check_ok(log_verify(&request, &findings, &now, &err), &err);
    check_same_behind(whole, &findings, size);
    assert_memory_equal(&now.tip, &summary->tip, sizeof now.tip);
    check_text_equal(now.origin, summary->origin);
    findings_release(&findings);
    splits_checked++;
}

/* The same findings behind every place where an auditor might have stopped before. */
static void check_every_split(const struct log_source *source, const struct findings *whole,
                              const struct verify_summary *summary)
{
    for (int64_t size = 1; size <= (int64_t)summary->events && size <= 40; size++) {
        check_since(source, size, whole, summary);
    }
}

#endif
