/* findings.c - what a verification found. */
#include "ledger/audit/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/base/alloc.h"

void findings_init(struct findings *findings)
{
    *findings = (struct findings){0};
}

void findings_release(struct findings *findings)
{
    free(findings->list);
    *findings = (struct findings){0};
}

static bool only_incomplete(const char *code)
{
    static const char *const codes[] = {"E_TIME", "E_STALE", "E_QUORUM", "E_TRUST", "E_DISPUTE"};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (strcmp(codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

/* Worth a look, and nothing against the log. */
static bool only_warns(const char *code)
{
    return code[0] == 'W';
}

/* Counts one more; NULL if only the count has room for it. */
static struct finding *next_finding(struct findings *findings)
{
    findings->total++;
    if (findings->count == FINDINGS_MAX) {
        return NULL;
    }
    if ((findings->count & (findings->count - 1)) == 0) { /* room doubles at each power of two */
        size_t capacity = findings->count == 0 ? 1 : 2 * findings->count;
        findings->list = alloc_resized(findings->list, capacity, sizeof findings->list[0]);
    }
    return &findings->list[findings->count++];
}

void findings_add(struct findings *findings, const char *code, int64_t seq, const char *text, ...)
{
    if (only_incomplete(code)) {
        findings->incomplete = true;
    } else if (!only_warns(code)) {
        findings->tampering = true;
    }
    struct finding *finding = next_finding(findings);
    if (finding == NULL) {
        return;
    }
    va_list arguments;
    *finding = (struct finding){.seq = seq};
    (void)snprintf(finding->code, sizeof finding->code, "%s", code);
    va_start(arguments, text);
    (void)vsnprintf(finding->text, sizeof finding->text, text, arguments);
    va_end(arguments);
}

void findings_take(struct findings *findings, struct findings *other)
{
    for (size_t i = 0; i < other->count; i++) {
        struct finding *finding = next_finding(findings);
        if (finding != NULL) {
            *finding = other->list[i];
        }
    }
    findings->total += other->total - other->count;
    findings->tampering = findings->tampering || other->tampering;
    findings->incomplete = findings->incomplete || other->incomplete;
    findings_release(other);
}
