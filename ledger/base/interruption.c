#include "ledger/base/interruption.h"

#include "ledger/base/clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* What a person at the terminal, a session that ends, or a plain kill sends. */
static sigset_t held_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGQUIT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    return set;
}

void interruption_hold(struct interruption *interruption)
{
    sigset_t set = held_signals();
    interruption->held = sigprocmask(SIG_BLOCK, &set, &interruption->before) == 0;
}

void interruption_let(struct interruption *interruption)
{
    if (interruption->held) {
        interruption->held = false;
        (void)sigprocmask(SIG_SETMASK, &interruption->before, NULL);
    }
}

static int milliseconds_until(int64_t until)
{
    int64_t left = until < 0 ? -1 : until - clock_milliseconds();
    if (until >= 0 && left < 0) {
        return 0;
    }
    return left > INT_MAX ? INT_MAX : (int)left;
}

enum wait_end interruption_wait(int descriptor, short events, int64_t until)
{
    sigset_t set = held_signals();
    int signals = signalfd(-1, &set, SFD_CLOEXEC);
    struct pollfd waiting[] = {
        {.fd = descriptor, .events = events},
        {.fd = signals, .events = POLLIN}, /* -1 is passed over */
    };
    int ready = 0;

    do {
        ready = poll(waiting, COUNT_OF(waiting), milliseconds_until(until));
    } while (ready < 0 && errno == EINTR);
    if (signals >= 0) {
        (void)close(signals);
    }
    if (ready == 0) {
        return WAIT_TOO_LATE;
    }
    return ready > 0 && waiting[1].revents == 0 ? WAIT_READY : WAIT_INTERRUPTED;
}

bool interruption_wait_readable(int descriptor)
{
    return interruption_wait(descriptor, POLLIN, -1) == WAIT_READY;
}
