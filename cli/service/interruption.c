#include "cli/service/interruption.h"

#include <errno.h>
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

bool interruption_wait_readable(int descriptor)
{
    sigset_t set = held_signals();
    int signals = signalfd(-1, &set, SFD_CLOEXEC);
    struct pollfd waiting[] = {
        {.fd = descriptor, .events = POLLIN},
        {.fd = signals, .events = POLLIN}, /* -1 is passed over */
    };
    int ready = 0;

    do {
        ready = poll(waiting, COUNT_OF(waiting), -1);
    } while (ready < 0 && errno == EINTR);
    if (signals >= 0) {
        (void)close(signals);
    }
    return ready > 0 && waiting[1].revents == 0;
}
