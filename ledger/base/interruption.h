/* interruption.h - Ctrl-C, a closed terminal and a plain kill wait while something stands half
 * made. Layer: base.
 *
 *     AUTO_INTERRUPTION interruption = {0};
 *     interruption_hold(&interruption);
 *     ... make a file, turn the echo off ...
 *
 * What came meanwhile acts when the hold ends: the process then ends by that signal, as if nothing
 * had been held. Holds nest; only the outermost lets the signals through. kill -9 cannot be held.
 */
#ifndef YICANG_BASE_INTERRUPTION_H
#define YICANG_BASE_INTERRUPTION_H

#include "ledger/base/attributes.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct interruption {
    bool held;
    sigset_t before;
};

void interruption_hold(struct interruption *interruption);
/* Twice is as good as once. */
void interruption_let(struct interruption *interruption);
#define AUTO_INTERRUPTION AUTO(interruption_let) struct interruption

/* Within a hold: waits until the descriptor has something to read or has ended; false if a held
 * signal came instead. The signal stays pending. */
MUST_CHECK bool interruption_wait_readable(int descriptor);

enum wait_end { WAIT_READY, WAIT_TOO_LATE, WAIT_INTERRUPTED };
/* The same for the events of poll(2), but not beyond a moment of clock_milliseconds(); negative: as
 * long as it takes. A negative descriptor is never ready. */
MUST_CHECK enum wait_end interruption_wait(int descriptor, short events, int64_t until);

#endif
