/* Group 22 of audit-log.md 6: what was a key is nowhere in the memory of a process that holds none
 * any more. Each search has its control: while the key is held, the same search finds it.
 *
 * This program must not hold what it looks for. It keeps it masked, compares under the mask, and
 * wipes whatever it reads. */
#include "cli/service/key_ring.h"
#include "ledger/base/digest.h"
#include "tests/support/fake_agent.h"
#include "tests/support/live_book.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ORIGIN "demo.invalid/ledger-00000001"
#define PASSPHRASE "seven otters under a bridge"
#define MASK 0x5A
#define SEED_SIZE 32
#define NEEDLE 16                    /* bytes that are looked for: the front of each form */
#define CHUNK ((size_t)64 << 10)     /* read at once */
#define MAP_MOST ((uint64_t)1 << 30) /* a longer one is the shadow memory of a sanitizer */
#define KEY_FILE_MOST 4096

enum form { FORM_BYTES, FORM_HEX, FORM_BASE64, FORMS };

/* A secret in each form that a file or a buffer may show it in. */
struct hidden {
    uint8_t form[FORMS][NEEDLE];
};

static void hide(uint8_t needle[NEEDLE], const void *bytes)
{
    for (size_t i = 0; i < NEEDLE; i++) {
        needle[i] = ((const uint8_t *)bytes)[i] ^ MASK;
    }
}

/* Wipes the seed. */
static void hide_seed(struct hidden *ret, uint8_t seed[SEED_SIZE])
{
    char text[2 * SEED_SIZE + 1];
    hide(ret->form[FORM_BYTES], seed);
    hide(ret->form[FORM_HEX], hex_format(seed, SEED_SIZE, text));
    hide(ret->form[FORM_BASE64], base64_format(seed, SEED_SIZE, text));
    sodium_memzero(text, sizeof text);
    sodium_memzero(seed, SEED_SIZE);
}

/* The seed of a key file without a passphrase. */
static struct hidden hide_key_file(const char *path)
{
    struct hidden hidden;
    char text[KEY_FILE_MOST] = "";
    uint8_t seed[SEED_SIZE];
    size_t length = 0;

    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0 && read(file, text, sizeof text - 1) > 0);
    assert_int_equal(close(file), 0);
    char *found = strstr(text, "\nseed ");
    assert_non_null(found);
    found += strlen("\nseed ");
    assert_true(base64_parse(found, strcspn(found, "\n"), seed, sizeof seed, &length));
    assert_int_equal(length, SEED_SIZE);
    hide_seed(&hidden, seed);
    sodium_memzero(text, sizeof text);
    return hidden;
}

static size_t matches(const uint8_t *bytes, size_t length, const uint8_t needle[NEEDLE])
{
    size_t found = 0;
    for (size_t at = 0; at + NEEDLE <= length; at++) {
        size_t i = 0;
        while (i < NEEDLE && (bytes[at + i] ^ MASK) == needle[i]) {
            i++;
        }
        found += i == NEEDLE;
    }
    return found;
}

static size_t found_in_map(int memory, uint64_t from, uint64_t to, const struct hidden *hidden)
{
    static uint8_t chunk[CHUNK];
    size_t found = 0;
    while (from + NEEDLE <= to) {
        size_t wanted = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
        ssize_t length = pread(memory, chunk, wanted, (off_t)from);
        if (length < NEEDLE) {
            return found; /* pages of the kernel, which cannot be read this way */
        }
        for (size_t i = 0; i < FORMS; i++) {
            found += matches(chunk, (size_t)length, hidden->form[i]);
        }
        sodium_memzero(chunk, sizeof chunk);
        from += (uint64_t)length == to - from ? (uint64_t)length : (uint64_t)length - NEEDLE + 1;
    }
    return found;
}

/* Copies of the secret in all that this process may read, or only in what it may write as well; the
 * stack below us and freed memory included. */
static size_t search(const struct hidden *hidden, bool writable)
{
    char line[600];
    size_t found = 0;
    uint64_t searched = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

    assert_true(maps != NULL && memory >= 0);
    while (fgets(line, sizeof line, maps) != NULL) {
        uint64_t from = 0;
        uint64_t to = 0;
        char mode[5] = "";
        assert_int_equal(sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &from, &to, mode), 3);
        if (mode[0] == 'r' && (mode[1] == 'w' || !writable) && to - from <= MAP_MOST) {
            found += found_in_map(memory, from, to, hidden);
            searched += to - from;
        }
    }
    assert_int_equal(fclose(maps), 0);
    assert_int_equal(close(memory), 0);
    assert_true(searched > CHUNK);
    return found;
}

static size_t copies(const struct hidden *hidden)
{
    return search(hidden, false);
}

/* --- a book -------------------------------------------------------------------------------------
 */

static void deposit(struct live_book *book)
{
    struct act_result done;
    struct error err = {0};
    check_ok(live_act(book, 1, "bureau", "fund.open", live_amount_request(book, 100), &done, &err),
             &err);
}

static struct hidden hide_day_key(struct live_book *book)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s.keys/day-%08" PRIx32 ".key", book->path,
                   book->office.log_keys.day->verifier.id);
    return hide_key_file(path);
}

static struct hidden hide_log_key(struct live_book *book)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s.keys/log.key", book->path);
    return hide_key_file(path);
}

static struct hidden hide_staff_key(const char *staff)
{
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)64 << 10);
    return hide_key_file(key_path_of(&arena, ORIGIN, staff));
}

static void a_closed_book_leaves_no_key_behind(void **state)
{
    struct live_book book;
    struct hidden secret[3];

    (void)state;
    live_book_create(&book, "2016-10-20"); /* makes every key, and closes the book */
    live_book_open(&book);
    deposit(&book);
    secret[0] = hide_staff_key("bureau");
    secret[1] = hide_log_key(&book);
    secret[2] = hide_day_key(&book);
    for (size_t i = 0; i < COUNT_OF(secret); i++) {
        check_int_equal((int64_t)copies(&secret[i]), 1);
        check_int_equal((int64_t)search(&secret[i], true), 0); /* nobody can write over it */
    }
    live_book_close(&book);
    for (size_t i = 0; i < COUNT_OF(secret); i++) {
        check_int_equal((int64_t)copies(&secret[i]), 0);
    }
    live_book_release(&book);
}

static void a_day_key_that_was_replaced_is_gone_at_once(void **state)
{
    struct live_book book;
    struct act_result done;
    struct error err = {0};

    (void)state;
    live_book_create(&book, "2016-10-20");
    live_book_open(&book);
    deposit(&book);
    struct hidden before = hide_day_key(&book);
    check_int_equal((int64_t)copies(&before), 1);
    check_ok(
        live_act(&book, 2, "clerk", "day.close", canon_object(&book.office.arena), &done, &err),
        &err);
    check_ok(
        live_act(&book, 3, "clerk", "key.rotate", canon_object(&book.office.arena), &done, &err),
        &err);
    struct hidden after = hide_day_key(&book);
    check_int_equal((int64_t)copies(&before), 0);
    check_int_equal((int64_t)copies(&after), 1);
    check_int_equal((int64_t)search(&after, true), 0);
    live_book_close(&book);
    check_int_equal((int64_t)copies(&after), 0);
    live_book_release(&book);
}

/* --- a session ----------------------------------------------------------------------------------
 */

static char *ask(const void *context, const char *staff)
{
    (void)context;
    (void)staff;
    return strdup(PASSPHRASE);
}

/* A key in a file with a passphrase; its seed in `ret`. */
static void create_key(struct hidden *ret)
{
    AUTO_ARENA arena;
    AUTO_SIGNING_KEY key = {0};
    struct new_key made;
    struct error err = {0};
    uint8_t seed[SEED_SIZE];

    arena_init(&arena, (size_t)64 << 10);
    check_ok(staff_key_create(&arena, ORIGIN, "wang.li", PASSPHRASE, &made, &err), &err);
    check_ok(key_file_read(made.path, PASSPHRASE, &key, &err), &err);
    memcpy(seed, key.secret, SEED_SIZE);
    hide_seed(ret, seed);
}

static void a_session_is_held_in_its_file_alone(void **state)
{
    AUTO_ARENA arena;
    struct hidden secret;
    struct passphrase_source source = {.ask = ask};
    const char *path = NULL;
    struct signer key;
    struct error err = {0};
    bool was_open = false;

    (void)state;
    char *folder = scratch_create();
    setenv("YICANG_KEYS", folder, 1);
    setenv("XDG_RUNTIME_DIR", folder, 1);
    arena_init(&arena, (size_t)64 << 10);
    create_key(&secret);
    check_int_equal((int64_t)copies(&secret), 0);
    check_ok(session_open(ORIGIN, "wang.li", &source, &path, &arena, &err), &err);
    check_int_equal((int64_t)copies(&secret), 0);
    struct key_ring *ring = key_ring_new(ORIGIN);
    check_ok(key_ring_get(ring, "wang.li", NULL, &key, &err), &err);
    check_int_equal((int64_t)copies(&secret), 1);
    check_int_equal((int64_t)search(&secret, true), 0); /* nobody can write over it */
    ring = key_ring_free(ring);
    assert_null(ring);
    check_int_equal((int64_t)copies(&secret), 0);
    check_ok(session_close(ORIGIN, "wang.li", &was_open, &err), &err);
    assert_true(was_open);
    check_int_equal((int64_t)copies(&secret), 0);
    scratch_remove(folder);
}

/* --- an agent -----------------------------------------------------------------------------------
 */

/* Its secret was never here; and if it were, the search would find it. */
static void the_secret_of_an_agent_is_never_here(void **state)
{
    struct fake_agent agent;
    struct hidden secret;
    struct new_key shown;
    struct signer signer;
    struct error err = {0};
    uint8_t seed[SEED_SIZE];
    AUTO_ARENA arena;

    (void)state;
    char *folder = scratch_create();
    setenv("YICANG_KEYS", folder, 1);
    setenv("XDG_RUNTIME_DIR", folder, 1);
    arena_init(&arena, (size_t)64 << 10);
    fake_agent_start(&agent, folder, FAKE_HONEST, NULL, 0);
    for (size_t i = 0; i < SEED_SIZE; i++) {
        seed[i] = agent.masked_seed[i] ^ FAKE_AGENT_MASK;
    }
    uint8_t *copy = malloc(SEED_SIZE);
    assert_non_null(copy);
    memcpy(copy, seed, SEED_SIZE);
    hide_seed(&secret, seed);
    check_int_equal((int64_t)copies(&secret), 1);
    sodium_memzero(copy, SEED_SIZE);
    free(copy);
    check_ok(staff_key_adopt(&arena, ORIGIN, "wang.li", agent.public_key, &shown, &err), &err);
    struct key_ring *ring = key_ring_new(ORIGIN);
    check_ok(key_ring_get(ring, "wang.li", NULL, &signer, &err), &err);
    check_ok(staff_key_prove(&arena, ORIGIN, &signer, &shown, &err), &err);
    check_int_equal((int64_t)copies(&secret), 0);
    ring = key_ring_free(ring);
    assert_null(ring);
    check_int_equal((int64_t)copies(&secret), 0);
    fake_agent_stop(&agent);
    unsetenv("SSH_AUTH_SOCK");
    scratch_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_book_leaves_no_key_behind),
        cmocka_unit_test(a_day_key_that_was_replaced_is_gone_at_once),
        cmocka_unit_test(a_session_is_held_in_its_file_alone),
        cmocka_unit_test(the_secret_of_an_agent_is_never_here),
    };
    return cmocka_run_group_tests_name("key_memory", tests, NULL, NULL);
}
