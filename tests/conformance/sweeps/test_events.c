/* Events dropped, doubled, exchanged, turned round and edited, at every place and in every pair, as
 * they stand or written and signed again with the keys of any one person, with and without those of
 * the log (audit-log.md 6, groups 4 and 8). What a thief can do is said beforehand: exactly that
 * passes. */
#include "tests/conformance/sweeps/second_opinion.h"

#include <stdio.h>
#include <string.h>

/* An arrangement: which genuine events, in this order. */
struct order {
    size_t of[COPY_EVENTS_MAX];
    size_t count;
    char name[80];
};

/* What the thief has, and does. */
struct theft {
    unsigned keys;
    bool chained;  /* the events are written and signed again from the first change on */
    bool log_keys; /* and the heads */
};

/* --- arrangements ------------------------------------------------------------------------------
 */

static size_t first_change(const struct sweep *sweep, const struct order *order)
{
    size_t first = 0;
    while (first < order->count && first < sweep->genuine.events && order->of[first] == first) {
        first++;
    }
    return first;
}

static bool is_doubled(const struct order *order)
{
    for (size_t i = 0; i < order->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (order->of[i] == order->of[j]) {
                return true;
            }
        }
    }
    return false;
}

/* The events were a second apart. */
static bool goes_back_in_time(const struct order *order)
{
    for (size_t i = 1; i < order->count; i++) {
        if (order->of[i] < order->of[i - 1]) {
            return true;
        }
    }
    return false;
}

/* The first event from `place` on that the thief cannot sign; order->count if there is none. */
static size_t first_unsigned(const struct sweep *sweep, const struct order *order, size_t place,
                             unsigned keys)
{
    while (place < order->count &&
           (log_copy_signers(&sweep->genuine, order->of[place]) & ~keys) == 0) {
        place++;
    }
    return place;
}

static const char *arranged(struct sweep *sweep, const struct order *order,
                            const struct theft *theft)
{
    struct log_copy copy = sweep_copy(sweep);
    size_t first = first_change(sweep, order);

    for (size_t i = 0; i < order->count; i++) {
        copy.leaf[i] = sweep->genuine.leaf[order->of[i]];
    }
    copy.events = order->count;
    if (theft->chained) {
        log_copy_chain(&copy, first, theft->keys);
    }
    if (theft->log_keys) {
        log_copy_cover(&copy, first);
    }
    return log_copy_verdict(&copy);
}

/* Whether the verdict is the one to expect. What passes is an end that nobody saw, cut off or
 * signed anew by all whose it was. */
static bool is_told(const struct sweep *sweep, const struct order *order, const struct theft *theft,
                    const char *verdict)
{
    size_t first = first_change(sweep, order);
    size_t stuck = first_unsigned(sweep, order, first, theft->keys);

    if (first == 0) {
        return verdict_tells(verdict, theft->chained ? "E_TRUST" : "E_KEY", 0);
    }
    if (!theft->chained && first < order->count) {
        return verdict_tells(verdict, "E_SEQ", (int64_t)first) &&
               verdict_tells(verdict, "E_CHAIN", (int64_t)first);
    }
    if (theft->chained && stuck < order->count) {
        return verdict_tells(verdict, "E_SIG", (int64_t)stuck) ||
               verdict_tells(verdict, "E_SIGNER", (int64_t)stuck);
    }
    if (is_doubled(order)) {
        return verdict_tells_anywhere(verdict, "E_DUP");
    }
    if (goes_back_in_time(order)) {
        return verdict_tells_anywhere(verdict, "E_TIME");
    }
    if (!theft->log_keys) {
        return verdict_tells_anywhere(verdict, "E_ROOT") ||
               verdict_tells_anywhere(verdict, "E_TAIL");
    }
    if (first < sweep->scene->cosigned) {
        return verdict_tells_anywhere(verdict, "E_QUORUM");
    }
    return strcmp(verdict, "proven") == 0;
}

static void try_order(struct sweep *sweep, const struct order *order)
{
    for (unsigned who = 0; who <= THIEF_KEYS; who++) {
        for (int way = 0; way < 4; way++) {
            struct theft theft = {.keys = who == 0 ? 0 : 1U << (who - 1),
                                  .chained = (way & 1) != 0,
                                  .log_keys = (way & 2) != 0};
            if (who > 0 && !(theft.chained && theft.log_keys)) {
                continue; /* no more than without a key, or less than with all */
            }
            const char *verdict = arranged(sweep, order, &theft);
            if (!is_told(sweep, order, &theft, verdict)) {
                fail_msg("%s, keys %x%s%s: %s", order->name, theft.keys,
                         theft.chained ? ", chained" : "", theft.log_keys ? ", covered" : "",
                         verdict);
            }
        }
    }
}

static struct order as_it_was(const struct sweep *sweep)
{
    struct order order = {.count = sweep->genuine.events};
    for (size_t i = 0; i < order.count; i++) {
        order.of[i] = i;
    }
    return order;
}

static void every_event_dropped_or_doubled(void **state)
{
    struct sweep *sweep = *state;

    for (size_t i = 0; i < sweep->genuine.events; i++) {
        struct order order = as_it_was(sweep);
        memmove(&order.of[i], &order.of[i + 1], (order.count - i - 1) * sizeof order.of[0]);
        order.count--;
        (void)snprintf(order.name, sizeof order.name, "%zu dropped", i);
        try_order(sweep, &order);
        order = as_it_was(sweep);
        memmove(&order.of[i + 1], &order.of[i], (order.count - i) * sizeof order.of[0]);
        order.count++;
        (void)snprintf(order.name, sizeof order.name, "%zu doubled", i);
        try_order(sweep, &order);
        order = as_it_was(sweep);
        order.of[order.count++] = i;
        (void)snprintf(order.name, sizeof order.name, "%zu again at the end", i);
        try_order(sweep, &order);
    }
}

static void every_pair_exchanged(void **state)
{
    struct sweep *sweep = *state;

    for (size_t i = 0; i < sweep->genuine.events; i++) {
        for (size_t j = i + 1; j < sweep->genuine.events; j++) {
            struct order order = as_it_was(sweep);
            order.of[i] = j;
            order.of[j] = i;
            (void)snprintf(order.name, sizeof order.name, "%zu and %zu exchanged", i, j);
            try_order(sweep, &order);
        }
    }
}

static void all_turned_round(void **state)
{
    struct sweep *sweep = *state;
    size_t events = sweep->genuine.events;

    for (size_t by = 1; by <= events; by++) {
        struct order order = as_it_was(sweep);
        for (size_t i = 0; i < events; i++) {
            order.of[i] = by < events ? (i + by) % events : events - 1 - i;
        }
        (void)snprintf(order.name, sizeof order.name, "rotated by %zu", by);
        try_order(sweep, &order);
    }
}

/* --- edited at every place ---------------------------------------------------------------------
 */

/* 1 if it passes. */
static int check_edit(struct sweep *sweep, size_t place, unsigned keys, bool log_keys)
{
    struct log_copy copy = sweep_copy(sweep);
    struct order order = as_it_was(sweep);
    size_t stuck = first_unsigned(sweep, &order, place, keys);

    log_copy_edit(&copy, place);
    log_copy_chain(&copy, place, keys);
    if (log_keys) {
        log_copy_cover(&copy, place);
    }
    const char *verdict = log_copy_verdict(&copy);
    bool good = (stuck == order.count || verdict_tells(verdict, "E_SIG", (int64_t)stuck)) &&
                (log_keys || verdict_tells_anywhere(verdict, "E_ROOT"));
    if (place == 0) {
        good = verdict_tells(verdict, "E_TRUST", 0);
    } else if (stuck == order.count && log_keys) {
        good = place < sweep->scene->cosigned ? verdict_tells_anywhere(verdict, "E_QUORUM")
                                              : strcmp(verdict, "proven") == 0;
    }
    if (!good) {
        fail_msg("%zu edited, keys %x%s: %s", place, keys, log_keys ? ", covered" : "", verdict);
    }
    return strcmp(verdict, "proven") == 0 ? 1 : 0;
}

/* A matrix, key by place. The last event is the bureau's, the two before it, of which no witness
 * knows, are the clerk's: the key of the bureau and those of the log may write the last anew, and
 * whoever has all keys what the witness has not seen. */
static void edited_at_every_place_with_every_key(void **state)
{
    struct sweep *sweep = *state;

    int passed = 0;

    for (size_t place = 0; place < sweep->genuine.events; place++) {
        for (unsigned key = 0; key <= THIEF_KEYS; key++) {
            passed += check_edit(sweep, place, key == 0 ? 0 : 1U << (key - 1), false);
            passed += check_edit(sweep, place, key == 0 ? 0 : 1U << (key - 1), true);
        }
        passed += check_edit(sweep, place, THIEF_ALL, false);
        passed += check_edit(sweep, place, THIEF_ALL, true);
    }
    check_int_equal(passed, 1 + 3);
}

/* --- other signatures --------------------------------------------------------------------------
 */

enum line_form { OWN_LINE, NAME_OF_SIGNER, NAME_AND_ID_OF_SIGNER, LINE_FORMS };

/* A line of this name and id with what that key signs. */
static void add_line(struct buffer *leaf, const struct verifier_key *name, uint32_t id,
                     const struct signing_key *key, const char *text, size_t length)
{
    uint8_t bytes[4 + 64] = {(uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8),
                             (uint8_t)id};
    char base64[93];

    (void)crypto_sign_detached(bytes + 4, NULL, (const unsigned char *)text, length, key->secret);
    buffer_printf(leaf, "\u2014 %s %s\n", name->name, base64_format(bytes, sizeof bytes, base64));
}

static const struct signing_key *signer_of(const struct sweep *sweep, size_t place)
{
    unsigned signers = log_copy_signers(&sweep->genuine, place);
    size_t n = 0;
    while (signers != 1U << n) {
        n++;
        assert_true(n < THIEF_KEYS);
    }
    return thief_key(sweep->scene, n);
}

/* Everything else is as good as it can be made: only the signature tells. */
static void check_other_line(struct sweep *sweep, size_t place, const struct signing_key *key,
                             enum line_form form)
{
    const struct signing_key *signer = signer_of(sweep, place);
    struct log_copy copy = sweep_copy(sweep);
    struct span whole = copy.leaf[place];
    const char *end = strstr(whole.start, "\n\n");
    AUTO_BUFFER leaf;

    buffer_init(&leaf, LEAF_MAX);
    assert_non_null(end);
    size_t length = (size_t)(end + 1 - whole.start);
    buffer_add(&leaf, whole.start, length + 1);
    add_line(&leaf, form == OWN_LINE ? &key->verifier : &signer->verifier,
             form == NAME_AND_ID_OF_SIGNER ? signer->verifier.id : key->verifier.id, key,
             whole.start, length);
    copy.leaf[place] = (struct span){arena_text_n(copy.arena, leaf.data, leaf.length), leaf.length};
    log_copy_chain(&copy, place + 1, THIEF_ALL);
    log_copy_cover(&copy, place);
    const char *verdict = log_copy_verdict(&copy);
    if (!verdict_tells(verdict, form == NAME_AND_ID_OF_SIGNER ? "E_SIG" : "E_SIGNER",
                       (int64_t)place) ||
        strstr(verdict, "tampering") == NULL) {
        fail_msg("%zu signed by %s, form %d: %s", place, key->verifier.name, (int)form, verdict);
    }
}

static void signed_by_every_other_key(void **state)
{
    struct sweep *sweep = *state;
    const struct scene *scene = sweep->scene;
    const struct signing_key *const keys[] = {&scene->admin,   &scene->clerk,   &scene->manager,
                                              &scene->bureau,  &scene->system,  &scene->log,
                                              &scene->days[0], &scene->days[2], &scene->witness};

    for (size_t place = 0; place < sweep->genuine.events; place++) {
        for (size_t i = 0; i < COUNT_OF(keys); i++) {
            for (enum line_form form = OWN_LINE; form < LINE_FORMS; form++) {
                if (keys[i] != signer_of(sweep, place)) {
                    check_other_line(sweep, place, keys[i], form);
                }
            }
        }
    }
}

static void the_genuine_log_is_proven(void **state)
{
    struct sweep *sweep = *state;
    struct log_copy copy = sweep_copy(sweep);

    check_text_equal(log_copy_verdict(&copy), "proven");
    /* Whoever has all keys makes the same bytes again: what is found elsewhere is not of our
     * making. */
    log_copy_chain(&copy, 0, THIEF_ALL);
    for (size_t i = 0; i < copy.events; i++) {
        check_int_equal((int64_t)copy.leaf[i].length, (int64_t)sweep->genuine.leaf[i].length);
        assert_memory_equal(copy.leaf[i].start, sweep->genuine.leaf[i].start, copy.leaf[i].length);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_genuine_log_is_proven),
        cmocka_unit_test(every_event_dropped_or_doubled),
        cmocka_unit_test(every_pair_exchanged),
        cmocka_unit_test(all_turned_round),
        cmocka_unit_test(edited_at_every_place_with_every_key),
        cmocka_unit_test(signed_by_every_other_key),
    };
    second_opinion_begin(argc, argv);
    int failed =
        cmocka_run_group_tests_name("events arranged anew", tests, sweep_set_up, sweep_tear_down);
    return failed + second_opinion_end();
}
