#include "tests/support/fake_agent.h"

#include "tests/support/check.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGE_MOST 300000

struct serving {
    enum fake_conduct conduct;
    const uint8_t *says;
    size_t says_length;
    uint8_t public_key[32], secret[64];
    uint8_t other_public[32], other_secret[64];
    int client;
};

static void put_number(uint8_t *at, size_t number)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(number >> (24 - 8 * i));
    }
}

static size_t number_at(const uint8_t *at)
{
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

/* Adds a string of the protocol; returns where it ends. */
static uint8_t *put_string(uint8_t *at, const void *bytes, size_t length)
{
    put_number(at, length);
    memcpy(at + 4, bytes, length);
    return at + 4 + length;
}

static void give(const struct serving *serving, const uint8_t *bytes, size_t length)
{
    size_t step = serving->conduct == FAKE_ONE_BY_ONE ? 1 : length;
    for (size_t at = 0; at < length; at += step) {
        if (send(serving->client, bytes + at, step, MSG_NOSIGNAL) < 0) {
            return;
        }
    }
}

static void answer(const struct serving *serving, uint8_t *message, const uint8_t *end)
{
    put_number(message, (size_t)(end - message) - 4);
    give(serving, message, (size_t)(end - message));
}

static void say_no(const struct serving *serving)
{
    static const uint8_t message[] = {0, 0, 0, 1, 5};
    give(serving, message, sizeof message);
}

static void list(const struct serving *serving)
{
    uint8_t message[200];
    uint8_t blob[51];
    bool empty = serving->conduct == FAKE_EMPTY;
    uint8_t *at = put_string(put_string(blob, "ssh-ed25519", 11), serving->public_key, 32);

    message[4] = 12;
    put_number(message + 5, empty ? 0 : 1);
    at = message + 9;
    if (!empty) {
        at = put_string(put_string(at, blob, sizeof blob), "test key", 8);
    }
    answer(serving, message, at);
}

/* The request: 13, key blob of 51 bytes, text, flags. */
static void sign(const struct serving *serving, const uint8_t *request, size_t length)
{
    uint8_t message[200];
    uint8_t blob[83];
    uint8_t signature[64];
    const uint8_t *text = request + 1 + 4 + 51;
    size_t text_length = length > 60 ? number_at(text) : 0;
    bool other_key = serving->conduct == FAKE_OTHER_KEY;

    if (serving->conduct == FAKE_REFUSES || serving->conduct == FAKE_EMPTY ||
        length != 1 + 4 + 51 + 4 + text_length + 4 || number_at(request + 1) != 51 ||
        memcmp(request + 1 + 4 + 4 + 11 + 4, serving->public_key, 32) != 0) {
        say_no(serving);
        return;
    }
    text_length -= serving->conduct == FAKE_SIGNS_OTHER ? 1 : 0;
    crypto_sign_detached(signature, NULL, text + 4, text_length,
                         other_key ? serving->other_secret : serving->secret);
    (void)put_string(put_string(blob, "ssh-ed25519", 11), signature, 64);
    message[4] = 14;
    answer(serving, message, put_string(message + 5, blob, sizeof blob));
}

static bool take(int client, uint8_t *ret, size_t length)
{
    for (size_t got = 0; got < length;) {
        ssize_t part = recv(client, ret + got, length - got, 0);
        if (part <= 0) {
            return false;
        }
        got += (size_t)part;
    }
    return true;
}

static void serve(const struct serving *serving)
{
    static uint8_t request[MESSAGE_MOST];
    uint8_t front[4];

    while (take(serving->client, front, 4)) {
        size_t length = number_at(front);
        if (length == 0 || length > sizeof request || !take(serving->client, request, length)) {
            return;
        }
        if (serving->conduct == FAKE_SAYS) {
            give(serving, serving->says, serving->says_length);
            return;
        }
        if (serving->conduct != FAKE_SILENT && request[0] == 11) {
            list(serving);
        } else if (serving->conduct != FAKE_SILENT) {
            sign(serving, request, length);
        }
    }
}

static void run(int listening, int report, struct serving *serving)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves none behind */
    crypto_sign_keypair(serving->public_key, serving->secret);
    crypto_sign_keypair(serving->other_public, serving->other_secret);
    uint8_t masked[32];
    for (size_t i = 0; i < sizeof masked; i++) {
        masked[i] = serving->secret[i] ^ FAKE_AGENT_MASK;
    }
    bool told = write(report, serving->public_key, 32) == 32 && write(report, masked, 32) == 32;
    (void)close(report);
    while (told) {
        serving->client = accept(listening, NULL, NULL);
        if (serving->client >= 0) {
            serve(serving);
            (void)close(serving->client);
        }
    }
}

void fake_agent_start(struct fake_agent *agent, const char *folder, enum fake_conduct conduct,
                      const void *says, size_t length)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct serving serving = {.conduct = conduct, .says = says, .says_length = length};
    int report[2];

    assert_true(sodium_init() >= 0 && pipe(report) == 0);
    (void)snprintf(agent->path, sizeof agent->path, "%s/agent", folder);
    assert_true(strlen(agent->path) < sizeof address.sun_path);
    memcpy(address.sun_path, agent->path, strlen(agent->path));
    int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(listening >= 0);
    assert_int_equal(bind(listening, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listening, 4), 0);
    agent->process = fork();
    assert_true(agent->process >= 0);
    if (agent->process == 0) {
        (void)close(report[0]);
        run(listening, report[1], &serving);
        _exit(1);
    }
    (void)close(listening);
    (void)close(report[1]);
    assert_int_equal(read(report[0], agent->public_key, 32), 32);
    assert_int_equal(read(report[0], agent->masked_seed, 32), 32);
    (void)close(report[0]);
    assert_int_equal(setenv("SSH_AUTH_SOCK", agent->path, 1), 0);
}

void fake_agent_stop(struct fake_agent *agent)
{
    assert_int_equal(kill(agent->process, SIGKILL), 0);
    assert_int_equal(waitpid(agent->process, NULL, 0), agent->process);
    (void)unlink(agent->path);
}
