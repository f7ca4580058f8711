/* What an ssh-agent may answer, taken apart: every hostile answer is refused (group 23). */
#include "ledger/audit/ssh_wire.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MOST 4096
#define MUTATIONS 60000

/* A message, made here by hand and not by the code under test. */
struct message {
    uint8_t bytes[MESSAGE_MOST];
    size_t length;
};

static void put_byte(struct message *message, unsigned byte)
{
    assert_true(message->length < sizeof message->bytes);
    message->bytes[message->length++] = (uint8_t)byte;
}

static void put_number(struct message *message, uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        put_byte(message, number >> shift & 0xFF);
    }
}

static void put(struct message *message, const void *bytes, size_t length)
{
    put_number(message, (uint32_t)length);
    for (size_t i = 0; i < length; i++) {
        put_byte(message, ((const uint8_t *)bytes)[i]);
    }
}

static void put_text(struct message *message, const char *text)
{
    put(message, text, strlen(text));
}

static struct message blob_of(const char *type, const void *bytes, size_t length)
{
    struct message blob = {.length = 0};
    put_text(&blob, type);
    put(&blob, bytes, length);
    return blob;
}

static void put_key(struct message *message, const char *type, size_t key_length,
                    const char *comment)
{
    uint8_t key[200];
    memset(key, 7, sizeof key);
    struct message blob = blob_of(type, key, key_length);
    put(message, blob.bytes, blob.length);
    put_text(message, comment);
}

static struct message list_begin(uint32_t count)
{
    struct message list = {.length = 0};
    put_byte(&list, 12);
    put_number(&list, count);
    return list;
}

static struct message two_keys(void)
{
    struct message list = list_begin(2);
    put_key(&list, "ssh-ed25519", 32, "wang@desk");
    put_key(&list, "sk-ssh-ed25519@openssh.com", 40, "token");
    return list;
}

static struct message signature_of(const char *type, size_t length)
{
    uint8_t bytes[200];
    struct message reply = {.length = 0};
    memset(bytes, 9, sizeof bytes);
    struct message blob = blob_of(type, bytes, length);
    put_byte(&reply, 14);
    put(&reply, blob.bytes, blob.length);
    return reply;
}

/* Memory of exactly this length, so that a sanitizer sees a read beyond it. */
static uint8_t *exactly(const uint8_t *bytes, size_t length)
{
    uint8_t *exact = malloc(length > 0 ? length : 1);
    assert_non_null(exact);
    memcpy(exact, bytes, length);
    return exact;
}

static bool parse_list(const uint8_t *bytes, size_t length, struct ssh_identities *ret,
                       struct error *err)
{
    uint8_t *exact = exactly(bytes, length);
    *err = (struct error){0};
    bool ok = ssh_identities_parse(exact, length, ret, err);
    free(exact);
    return ok;
}

static bool parse_signature(const uint8_t *bytes, size_t length, struct error *err)
{
    uint8_t signature[64];
    uint8_t *exact = exactly(bytes, length);
    *err = (struct error){0};
    bool ok = ssh_signature_parse(exact, length, signature, err);
    free(exact);
    return ok;
}

static void refuse_list(const struct message *list)
{
    static struct ssh_identities held;
    struct error err;
    check_refused(parse_list(list->bytes, list->length, &held, &err), &err, "agent.reply");
    check_int_equal((int64_t)held.count, 0);
}

static void the_keys_are_told_apart(void **state)
{
    static struct ssh_identities held;
    struct error err;
    uint8_t key[32];

    (void)state;
    memset(key, 7, sizeof key);
    struct message list = two_keys();
    check_ok(parse_list(list.bytes, list.length, &held, &err), &err);
    check_int_equal((int64_t)held.count, 2);
    assert_true(held.identity[0].fits);
    assert_memory_equal(held.identity[0].public_key, key, sizeof key);
    check_text_equal(held.identity[0].comment, "wang@desk");
    /* ssh-keygen -lf of ssh-ed25519 with 32 bytes 07 */
    check_text_equal(held.identity[0].fingerprint,
                     "SHA256:gNSIRW+2Iyiuvsdp/bgjy38bvWHw6wQm3tuoXrl3WjQ");
    assert_false(held.identity[1].fits);
    check_text_equal(held.identity[1].type, "sk-ssh-ed25519@openssh.com");
}

static void a_request_is_what_the_draft_says(void **state)
{
    static const uint8_t wanted[] = {0,   0,   0,   67,  13,  0,   0,   0,   51,  0,
                                     0,   0,   11,  's', 's', 'h', '-', 'e', 'd', '2',
                                     '5', '5', '1', '9', 0,   0,   0,   32};
    uint8_t key[32];
    AUTO_BUFFER request;

    (void)state;
    memset(key, 7, sizeof key);
    buffer_init(&request, SSH_REQUEST_MAX);
    ssh_identities_request(&request);
    assert_memory_equal(request.data, "\0\0\0\1\13", 5);
    buffer_clear(&request);
    ssh_sign_request(key, "abc", 3, &request);
    check_int_equal((int64_t)request.length, 71);
    assert_memory_equal(request.data, wanted, sizeof wanted);
    assert_memory_equal(request.data + sizeof wanted, key, 32);
    assert_memory_equal(request.data + sizeof wanted + 32, "\0\0\0\3abc\0\0\0\0", 11);
}

static void a_reply_that_is_cut_or_goes_on_is_refused(void **state)
{
    static struct ssh_identities held;
    struct error err;

    (void)state;
    struct message list = two_keys();
    struct message signature = signature_of("ssh-ed25519", 64);
    check_ok(parse_signature(signature.bytes, signature.length, &err), &err);
    for (size_t length = 0; length < list.length; length++) {
        check_refused(parse_list(list.bytes, length, &held, &err), &err, "agent.reply");
    }
    for (size_t length = 0; length < signature.length; length++) {
        check_refused(parse_signature(signature.bytes, length, &err), &err, "agent.reply");
    }
    put_byte(&list, 0);
    refuse_list(&list);
    put_byte(&signature, 0);
    check_refused(parse_signature(signature.bytes, signature.length, &err), &err, "agent.reply");
}

/* Each 4 bytes of a message taken for a length, and made wrong: no neighbour of it is accepted. */
static void every_length_is_held_to(void **state)
{
    static const uint32_t wrong[] = {0, 1, 31, 33, 63, 65, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    static const size_t list_lengths[] = {5, 9, 24, 60, 73, 77, 107, 151};
    static const size_t signature_lengths[] = {1, 5, 20};
    static struct ssh_identities held;
    struct error err;

    (void)state;
    struct message list = two_keys();
    for (size_t i = 0; i < COUNT_OF(list_lengths); i++) {
        size_t at = list_lengths[i];
        for (size_t w = 0; w < COUNT_OF(wrong); w++) {
            /* Of a key that cannot sign only the name is looked at. */
            bool opaque = at == 107 || ((at == 9 || at == 77) && wrong[w] == 1);
            struct message changed = list;
            changed.length = at;
            put_number(&changed, wrong[w]);
            changed.length = list.length;
            assert_true(parse_list(changed.bytes, changed.length, &held, &err) == opaque);
        }
    }
    struct message signature = signature_of("ssh-ed25519", 64);
    for (size_t i = 0; i < COUNT_OF(signature_lengths); i++) {
        for (size_t w = 0; w < COUNT_OF(wrong); w++) {
            struct message changed = signature;
            changed.length = signature_lengths[i];
            put_number(&changed, wrong[w]);
            changed.length = signature.length;
            assert_false(parse_signature(changed.bytes, changed.length, &err));
        }
    }
}

static void more_keys_than_the_limit_are_refused(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 257, 65536, 0xFFFFFFFF};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct message list = list_begin(counts[i]);
        refuse_list(&list);
    }
    struct message none = list_begin(0);
    static struct ssh_identities held;
    struct error err;
    check_ok(parse_list(none.bytes, none.length, &held, &err), &err);
    check_int_equal((int64_t)held.count, 0);
}

static void a_key_of_another_length_is_refused(void **state)
{
    static const size_t lengths[] = {0, 1, 31, 33, 64};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct message list = list_begin(1);
        put_key(&list, "ssh-ed25519", lengths[i], "x");
        refuse_list(&list);
    }
    struct message nameless = list_begin(1);
    put_key(&nameless, "", 32, "x");
    refuse_list(&nameless);
    struct message odd = list_begin(1);
    put_key(&odd, "ssh-\x1b[2J", 32, "x");
    refuse_list(&odd);
    char name[SSH_TYPE_MAX + 2];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct message named = list_begin(1);
    put_key(&named, name, 32, "x");
    refuse_list(&named);
}

static void a_comment_cannot_draw_on_the_terminal(void **state)
{
    static struct ssh_identities held;
    char comment[SSH_COMMENT_MAX + 2];
    struct error err;

    (void)state;
    struct message list = list_begin(1);
    put_key(&list, "ssh-ed25519", 32, "\x1b[2J\x07");
    check_ok(parse_list(list.bytes, list.length, &held, &err), &err);
    check_text_equal(held.identity[0].comment, "");
    memset(comment, 'c', sizeof comment - 1);
    comment[sizeof comment - 1] = '\0';
    list = list_begin(1);
    put_key(&list, "ssh-ed25519", 32, comment);
    refuse_list(&list);
    comment[SSH_COMMENT_MAX] = '\0';
    list = list_begin(1);
    put_key(&list, "ssh-ed25519", 32, comment);
    check_ok(parse_list(list.bytes, list.length, &held, &err), &err);
    check_int_equal((int64_t)strlen(held.identity[0].comment), SSH_COMMENT_SHOWN);
}

static void a_signature_of_another_kind_is_refused(void **state)
{
    static const char *const kinds[] = {"sk-ssh-ed25519@openssh.com", "ssh-rsa", "ssh-ed2551",
                                        "ssh-ed25519x", "SSH-ED25519"};
    static const size_t lengths[] = {0, 63, 65, 69, 128};
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct message reply = signature_of(kinds[i], 64);
        check_refused(parse_signature(reply.bytes, reply.length, &err), &err, "agent.key-type");
    }
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct message reply = signature_of("ssh-ed25519", lengths[i]);
        check_refused(parse_signature(reply.bytes, reply.length, &err), &err, "agent.reply");
    }
    struct message reply = signature_of("ssh-ed25519", 64);
    reply.bytes[0] = 12;
    check_refused(parse_signature(reply.bytes, reply.length, &err), &err, "agent.reply");
}

static void the_length_in_front_has_a_limit(void **state)
{
    static const uint8_t most[] = {0, 4, 0, 0}, more[] = {0, 4, 0, 1}, none[4],
                         all[] = {255, 255, 255, 255};
    (void)state;
    check_int_equal((int64_t)ssh_reply_length(most), (int64_t)SSH_REPLY_MAX);
    check_int_equal((int64_t)ssh_reply_length(more), 0);
    check_int_equal((int64_t)ssh_reply_length(none), 0);
    check_int_equal((int64_t)ssh_reply_length(all), 0);
}

/* Neither a crash nor a reply that would be composed otherwise: what is accepted holds the form. */
static void changed_at_random_it_is_refused_or_well_formed(void **state)
{
    static struct ssh_identities held;
    struct random_source source = random_start("ssh_wire");
    struct error err;

    (void)state;
    for (int round = 0; round < MUTATIONS; round++) {
        struct message message = round % 2 == 0 ? two_keys() : signature_of("ssh-ed25519", 64);
        int64_t changes = random_between(&source, 1, 4);
        for (int64_t i = 0; i < changes; i++) {
            size_t at = (size_t)random_between(&source, 0, (int64_t)message.length - 1);
            message.bytes[at] = (uint8_t)random_next(&source);
        }
        size_t length = random_between(&source, 0, 3) > 0
                            ? message.length
                            : (size_t)random_between(&source, 0, (int64_t)message.length);
        bool listed = parse_list(message.bytes, length, &held, &err);
        assert_true(listed || held.count == 0);
        for (size_t i = 0; i < held.count; i++) {
            assert_true(strlen(held.identity[i].type) <= SSH_TYPE_MAX);
            assert_int_equal(strlen(held.identity[i].fingerprint), SSH_FINGERPRINT_SIZE - 1);
        }
        bool is_one = parse_signature(message.bytes, length, &err);
        assert_true(!is_one || (length == 88 && message.bytes[0] == 14));
    }
}

static void a_public_line_is_read_strictly(void **state)
{
    static const char good[] =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
    static const char *const bad[] = {
        "",
        "ssh-ed25519",
        "ssh-ed25519 ",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
        "ssh-ed25519  AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH",
        "-----BEGIN OPENSSH PRIVATE KEY-----\n",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\nx\n",
    };
    struct ssh_identity key;
    struct error err = {0};
    char line[200];

    (void)state;
    static const char *const ends[] = {"", "\n", " wang@desk", " wang@desk\n"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        int length = snprintf(line, sizeof line, "%s%s", good, ends[i]);
        check_ok(ssh_public_parse(line, (size_t)length, &key, &err), &err);
        assert_true(key.fits && key.public_key[0] == 7 && key.public_key[31] == 7);
        check_text_equal(key.comment, i < 2 ? "" : "wang@desk");
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_refused(ssh_public_parse(bad[i], strlen(bad[i]), &key, &err), &err, "agent.public");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_keys_are_told_apart),
        cmocka_unit_test(a_request_is_what_the_draft_says),
        cmocka_unit_test(a_reply_that_is_cut_or_goes_on_is_refused),
        cmocka_unit_test(every_length_is_held_to),
        cmocka_unit_test(more_keys_than_the_limit_are_refused),
        cmocka_unit_test(a_key_of_another_length_is_refused),
        cmocka_unit_test(a_comment_cannot_draw_on_the_terminal),
        cmocka_unit_test(a_signature_of_another_kind_is_refused),
        cmocka_unit_test(the_length_in_front_has_a_limit),
        cmocka_unit_test(changed_at_random_it_is_refused_or_well_formed),
        cmocka_unit_test(a_public_line_is_read_strictly),
    };
    return cmocka_run_group_tests_name("ssh_wire", tests, NULL, NULL);
}
