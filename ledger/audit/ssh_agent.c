#include "ledger/audit/ssh_agent.h"

#include "ledger/base/alloc.h"
#include "ledger/base/clock.h"
#include "ledger/base/interruption.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_VARIABLE "SSH_AUTH_SOCK"
#define CONNECT_PAUSE_MS 20

/* One question and its answer. */
struct asking {
    int socket;
    int64_t until;
    int seconds;
    struct buffer request;
    struct buffer reply;
};

static void hang_up(struct asking *asking)
{
    if (asking->socket >= 0) {
        (void)close(asking->socket);
        asking->socket = -1;
    }
}

static void asking_release(struct asking *asking)
{
    hang_up(asking);
    buffer_release(&asking->request);
    buffer_release(&asking->reply);
}
#define AUTO_ASKING AUTO(asking_release) struct asking

static void asking_init(struct asking *asking, int seconds)
{
    *asking = (struct asking){
        .socket = -1, .seconds = seconds, .until = clock_milliseconds() + (int64_t)seconds * 1000};
    buffer_init(&asking->request, SSH_REQUEST_MAX);
    buffer_init(&asking->reply, SSH_REPLY_MAX);
}

static bool refuse_agent(const char *fact, struct error *err)
{
    error_set(err, FAULT_REFUSED, "agent.not-running", _("no ssh-agent answers: %s"), fact);
    return error_next(err, _("start one and load the key: eval \"$(ssh-agent)\" and ssh-add FILE"));
}

static bool broken_off(struct error *err)
{
    error_set(err, FAULT_INPUT, "agent.reply",
              _("the ssh-agent gives no proper answer: it breaks off"));
    return error_next(err, _("see to what SSH_AUTH_SOCK names; nothing was signed"));
}

static bool too_late(const struct asking *asking, struct error *err)
{
    error_set(err, FAULT_REFUSED, "agent.timeout",
              _("the ssh-agent did not answer within %d seconds"), asking->seconds);
    return error_next(err, _("confirm when the agent or the card asks; nothing was signed"));
}

static bool interrupted(struct error *err)
{
    error_set(err, FAULT_REFUSED, "agent.interrupted",
              _("interrupted while the ssh-agent was asked"));
    return error_next(err, _("give the command again"));
}

static bool wait_for(const struct asking *asking, short events, struct error *err)
{
    enum wait_end end = interruption_wait(asking->socket, events, asking->until);

    if (end == WAIT_TOO_LATE) {
        return too_late(asking, err);
    }
    return end == WAIT_READY || interrupted(err);
}

/* Whoever else listens there would read what is signed, and through a variable that sudo left in
 * place one person would sign with another's keys. */
static bool is_ours(int socket, struct error *err)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && size == sizeof peer &&
        peer.uid == geteuid()) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "agent.not-ours",
              _("the ssh-agent of SSH_AUTH_SOCK runs under another user"));
    return error_next(err, _("start one of your own: eval \"$(ssh-agent)\" and ssh-add FILE"));
}

static bool rest(const struct asking *asking, struct error *err)
{
    int64_t now = clock_milliseconds();

    if (now >= asking->until) {
        return too_late(asking, err);
    }
    return interruption_wait(-1, 0, now + CONNECT_PAUSE_MS) != WAIT_INTERRUPTED || interrupted(err);
}

/* A queue that is full says EAGAIN at once, instead of letting us wait. */
static bool connect_within(const struct asking *asking, const struct sockaddr_un *address,
                           struct error *err)
{
    while (connect(asking->socket, (const struct sockaddr *)address, sizeof *address) != 0) {
        if (errno != EAGAIN && errno != EINTR) {
            return refuse_agent(strerror(errno), err);
        }
        if (!rest(asking, err)) {
            return false;
        }
    }
    return true;
}

static bool open_agent(struct asking *asking, struct error *err)
{
    const char *path = getenv(SOCKET_VARIABLE);
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (path == NULL || path[0] == '\0') {
        return refuse_agent(_("SSH_AUTH_SOCK is not set"), err);
    }
    if (strlen(path) >= sizeof address.sun_path) {
        return refuse_agent(strerror(ENAMETOOLONG), err);
    }
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    asking->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (asking->socket < 0) {
        return refuse_agent(strerror(errno), err);
    }
    return connect_within(asking, &address, err) && is_ours(asking->socket, err);
}

static bool send_all(struct asking *asking, struct error *err)
{
    size_t sent = 0;

    while (sent < asking->request.length) {
        ssize_t length = send(asking->socket, asking->request.data + sent,
                              asking->request.length - sent, MSG_NOSIGNAL);
        if (length >= 0) {
            sent += (size_t)length;
        } else if (errno == EAGAIN) {
            if (!wait_for(asking, POLLOUT, err)) {
                return false;
            }
        } else if (errno != EINTR) {
            return broken_off(err);
        }
    }
    return true;
}

static bool receive(struct asking *asking, uint8_t *ret, size_t wanted, struct error *err)
{
    size_t got = 0;

    while (got < wanted) {
        if (!wait_for(asking, POLLIN, err)) {
            return false;
        }
        ssize_t length = recv(asking->socket, ret + got, wanted - got, 0);
        if (length > 0) {
            got += (size_t)length;
        } else if (length == 0 || (errno != EAGAIN && errno != EINTR)) {
            return broken_off(err);
        }
    }
    return true;
}

static bool receive_reply(struct asking *asking, struct error *err)
{
    uint8_t bytes[4096];

    if (!receive(asking, bytes, 4, err)) {
        return false;
    }
    size_t left = ssh_reply_length(bytes);
    if (left == 0) {
        error_set(err, FAULT_INPUT, "agent.reply",
                  _("the ssh-agent gives no proper answer: its length cannot be"));
        return error_limit(err, _("1 to %zu bytes"), SSH_REPLY_MAX);
    }
    while (left > 0) {
        size_t part = left < sizeof bytes ? left : sizeof bytes;
        if (!receive(asking, bytes, part, err)) {
            return false;
        }
        buffer_add(&asking->reply, bytes, part);
        left -= part;
    }
    return true;
}

static bool ask(struct asking *asking, struct error *err)
{
    return open_agent(asking, err) && send_all(asking, err) && receive_reply(asking, err);
}

static const uint8_t *reply_bytes(const struct asking *asking)
{
    return (const uint8_t *)asking->reply.data;
}

bool ssh_agent_list(struct ssh_identities *ret, struct error *err)
{
    AUTO_ASKING asking;

    asking_init(&asking, SSH_AGENT_LIST_SECONDS);
    ssh_identities_request(&asking.request);
    if (!ask(&asking, err)) {
        return false;
    }
    if (ssh_reply_is_failure(reply_bytes(&asking), asking.reply.length)) {
        ret->count = 0; /* locked: it shows no keys */
        return true;
    }
    return ssh_identities_parse(reply_bytes(&asking), asking.reply.length, ret, err);
}

static bool refuse_missing(const char *fact, struct error *err)
{
    error_set(err, FAULT_REFUSED, "agent.key-missing", "%s", fact);
    return error_next(err, _("load it with `ssh-add FILE`, or unlock the agent with `ssh-add -X`; "
                             "`ssh-add -l` lists what it holds"));
}

/* The agent says no without a reason: what it holds tells which it may be. */
static bool explain_refusal(const uint8_t public_key[static 32], struct error *err)
{
    struct ssh_identities *held = alloc_zeroed(1, sizeof *held);
    bool listed = ssh_agent_list(held, err);
    bool found = false;

    for (size_t i = 0; listed && i < held->count && !found; i++) {
        found = held->identity[i].fits && memcmp(held->identity[i].public_key, public_key, 32) == 0;
    }
    free(held);
    if (!listed) {
        return false;
    }
    if (!found) {
        return refuse_missing(_("the ssh-agent does not hold this key, or is locked"), err);
    }
    error_set(err, FAULT_REFUSED, "agent.refused", _("the ssh-agent refused to sign"));
    return error_next(err, _("confirm when it asks; see that the card is in; a key that was added "
                             "with `ssh-add -h` or a card that takes short texts only cannot sign "
                             "here"));
}

bool ssh_agent_sign(const uint8_t public_key[static 32], const void *text, size_t length,
                    int seconds, uint8_t ret[static 64], struct error *err)
{
    AUTO_ASKING asking;

    digest_start();
    asking_init(&asking, seconds);
    ssh_sign_request(public_key, text, length, &asking.request);
    if (asking.request.overflowed) {
        error_set(err, FAULT_REFUSED, "agent.too-long", _("the text is too long for an ssh-agent"));
        error_limit(err, _("at most %zu bytes"), SSH_REQUEST_MAX);
        return error_next(err, _("sign it with a key in a file (`yicang key rotate`)"));
    }
    if (!ask(&asking, err)) {
        return false;
    }
    if (ssh_reply_is_failure(reply_bytes(&asking), asking.reply.length)) {
        hang_up(&asking); /* an agent may serve one after the other */
        return explain_refusal(public_key, err);
    }
    if (!ssh_signature_parse(reply_bytes(&asking), asking.reply.length, ret, err)) {
        return false;
    }
    if (crypto_sign_verify_detached(ret, text, length, public_key) != 0) {
        error_set(err, FAULT_INPUT, "agent.signature",
                  _("what the ssh-agent gave is no signature of this text by this key"));
        return error_next(err, _("see to what SSH_AUTH_SOCK names; nothing was written"));
    }
    return true;
}

/* Choosing ------------------------------------------------------------------------------------- */

static bool refuse_type(const struct ssh_identity *identity, struct error *err)
{
    error_set(err, FAULT_REFUSED, "agent.key-type", _("the key %s is of the kind %s"),
              identity->fingerprint, identity->type);
    error_limit(err, _("only ssh-ed25519 signs the text itself; sk- keys wrap it, others are not "
                       "known to those who verify"));
    return error_next(err, _("make one with `ssh-keygen -t ed25519`, or keep it on an OpenPGP "
                             "card"));
}

/* What the person may choose from, as far as there is room to say it. */
static bool refuse_choice(const struct ssh_identities *held, struct error *err)
{
    AUTO_BUFFER listed;

    buffer_init(&listed, sizeof err->limit - 1);
    for (size_t i = 0; i < held->count; i++) {
        const struct ssh_identity *identity = &held->identity[i];
        if (identity->fits) {
            buffer_printf(&listed, "%s%s %s", listed.length > 0 ? "; " : "", identity->fingerprint,
                          identity->comment);
        }
    }
    error_set(err, FAULT_REFUSED, "agent.several", _("the ssh-agent holds several Ed25519 keys"));
    error_limit(err, "%s", listed.data == NULL ? "" : listed.data);
    return error_next(err, _("name one with --fingerprint SHA256:..., or with --public FILE"));
}

static bool choose(const struct ssh_identities *held, const char *fingerprint,
                   struct ssh_identity *ret, struct error *err)
{
    const struct ssh_identity *found = NULL;
    size_t fitting = 0;

    for (size_t i = 0; i < held->count; i++) {
        const struct ssh_identity *identity = &held->identity[i];
        if (fingerprint != NULL && text_equal(identity->fingerprint, fingerprint)) {
            *ret = *identity;
            return identity->fits || refuse_type(identity, err);
        }
        if (identity->fits) {
            found = identity;
            fitting++;
        }
    }
    if (fingerprint != NULL) {
        return refuse_missing(_("the ssh-agent does not hold the key that was named, or is locked"),
                              err);
    }
    if (fitting > 1) {
        return refuse_choice(held, err);
    }
    if (fitting == 0) {
        return refuse_missing(_("the ssh-agent holds no Ed25519 key, or is locked"), err);
    }
    *ret = *found;
    return true;
}

bool ssh_agent_choose(const char *fingerprint, struct ssh_identity *ret, struct error *err)
{
    struct ssh_identities *held = alloc_zeroed(1, sizeof *held);
    bool chosen = ssh_agent_list(held, err) && choose(held, fingerprint, ret, err);

    free(held);
    return chosen;
}
