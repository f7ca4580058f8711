#include "cli/service/policy_activation.h"

#include "ledger/base/text.h"
#include "ledger/books/policy_record.h"

#include <string.h>

#define TESTS_ARENA_MAX ((size_t)64 << 20)

static bool add_lines(struct arena *arena, const struct policy_text *text, struct canon *lines,
                      struct error *err)
{
    const char *at = text->bytes;
    const char *end = at + text->length;

    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL) {
            return error_set(err, FAULT_INPUT, "policy.last-line",
                             _("the last line of the policy has no end"));
        }
        canon_add_text(lines, arena_text_n(arena, at, (size_t)(stop - at)));
        at = stop + 1;
    }
    return true;
}

bool policy_set_request(struct arena *arena, const struct policy_text *text, struct date from,
                        struct canon **ret, struct error *err)
{
    struct policy *policy = NULL;
    struct canon *lines = canon_array(arena);

    if (!policy_load(text->file, text->bytes, text->length, &policy, err)) {
        return false;
    }
    struct canon *body = canon_object(arena);
    struct sha256 digest = policy_digest(policy);
    canon_set_text(body, "name", arena_text(arena, policy_name(policy)));
    canon_set_sha256(body, "sha256", &digest);
    canon_set_date(body, "from", from);
    policy_free(policy);
    if (!add_lines(arena, text, lines, err)) {
        return false;
    }
    canon_set(body, "lines", lines);
    *ret = body;
    return true;
}

static bool refuse_failed(const struct test_report *report, struct error *err)
{
    const struct test_failure *first = &report->failure[0];

    error_set(err, FAULT_REFUSED, "policy.tests-failed",
              _("%zu of %zu tests of the policy fail: line %d, %s: %s"), report->failures,
              report->cases, first->line, first->title, first->text);
    return error_next(err, _("see all of them with `yicang policy test`"));
}

/* What was tested and how it went stands in the event; failed tests never reach it. */
static bool run_tests(const struct policy_activation *activation, struct canon *request,
                      struct error *err)
{
    AUTO_ARENA arena = {0};
    struct policy *policy = NULL;
    const struct policy_tests *tests = NULL;
    struct test_report report = {0};
    const struct policy_text *text = &activation->tests;

    arena_init(&arena, TESTS_ARENA_MAX);
    bool ok = policy_load(activation->policy.file, activation->policy.bytes,
                          activation->policy.length, &policy, err) &&
              policy_tests_load(&arena, text->file, text->bytes, text->length, policy, &tests, err);
    if (ok) {
        policy_tests_run(tests, &arena, &report);
        ok = report.failures == 0 || refuse_failed(&report, err);
    }
    policy_free(policy);
    if (ok) {
        struct sha256 digest = sha256_of(text->bytes, text->length);
        canon_set_sha256(request, "tests_sha256", &digest);
        canon_set_int(request, "tests_passed", (int64_t)report.cases);
    }
    return ok;
}

static bool two_persons(const struct act_options *options, struct error *err)
{
    for (size_t i = 0; i < options->with_count; i++) {
        if (options->as != NULL && !text_equal(options->with[i], options->as)) {
            return true;
        }
    }
    error_set(err, FAULT_REFUSED, "policy.two-persons",
              _("a policy is activated by two people, and only one signs"));
    return error_next(err, _("name a second admin with --with"));
}

bool policy_activate(struct office *office, const struct act_options *options,
                     const struct policy_activation *activation, struct act_result *ret,
                     struct error *err)
{
    struct canon *request = NULL;
    struct date from = activation->has_from ? activation->from : date_add_days(office->day, 1);

    return two_persons(options, err) &&
           policy_set_request(&office->arena, &activation->policy, from, &request, err) &&
           run_tests(activation, request, err) &&
           act(office, options, "policy.set", request, ret, err);
}

/* --- finding one ------------------------------------------------------------------------------ */

struct prefix_search {
    const char *prefix;
    size_t found;
    struct sha256 digest;
};

static void look_at_digest(void *context, const struct sha256 *digest)
{
    struct prefix_search *search = context;
    char hex[SHA256_HEX_SIZE];

    if (text_starts_with(hex_format(digest->byte, SHA256_SIZE, hex), search->prefix)) {
        search->found++;
        search->digest = *digest;
    }
}

bool policy_with_prefix(struct office *office, const char *prefix, const struct policy **ret,
                        struct error *err)
{
    struct prefix_search search = {.prefix = prefix};

    if (!policy_records_each(office->store, look_at_digest, &search, err)) {
        return false;
    }
    if (search.found == 0) {
        error_set(err, FAULT_REFUSED, "policy.not-in-book",
                  _("no policy of this book has a digest that begins with %s"), prefix);
        return error_next(err, _("see them with `yicang policy list`"));
    }
    if (search.found > 1) {
        error_set(err, FAULT_REFUSED, "policy.ambiguous",
                  _("%zu policies have a digest that begins with %s"), search.found, prefix);
        return error_next(err, _("write more of its digits"));
    }
    return policy_with_digest(office->policies, office->store, &search.digest, ret, err);
}
