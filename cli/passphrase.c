#include "cli/passphrase.h"

#include "ledger/base/alloc.h"
#include "ledger/base/interruption.h"
#include "ledger/base/text.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSPHRASE_MAX 512

/* One line without its LF; NULL if there is none, or if somebody interrupts. */
static char *read_line(int descriptor)
{
    char line[PASSPHRASE_MAX];
    size_t length = 0;
    char byte = '\0';
    ssize_t got = -1;

    while (length + 1 < sizeof line && interruption_wait_readable(descriptor) &&
           (got = read(descriptor, &byte, 1)) == 1 && byte != '\n') {
        line[length++] = byte;
        got = -1;
    }
    line[length] = '\0';
    char *text = got < 0 || length == 0 ? NULL : alloc_text(line);
    sodium_memzero(line, sizeof line);
    return text;
}

static char *ask_terminal(const char *staff)
{
    struct termios before;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);

    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0) {
            (void)close(terminal);
        }
        return NULL;
    }
    AUTO_INTERRUPTION interruption = {0}; /* Ctrl-C leaves the terminal as it was */
    interruption_hold(&interruption);
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(terminal, TCSAFLUSH, &silent);
    (void)dprintf(terminal, _("Passphrase of %s: "), staff);
    char *text = read_line(terminal);
    (void)tcsetattr(terminal, TCSAFLUSH, &before);
    (void)dprintf(terminal, "\n");
    (void)close(terminal);
    return text;
}

static char *ask(const void *context, const char *staff)
{
    int descriptor = *(const int *)context;
    AUTO_INTERRUPTION interruption = {0};

    interruption_hold(&interruption);
    return descriptor < 0 ? ask_terminal(staff) : read_line(descriptor);
}

struct passphrase_source passphrase_source(const int *descriptor)
{
    return (struct passphrase_source){.ask = ask, .context = descriptor};
}

void passphrase_wipe(char *passphrase)
{
    if (passphrase != NULL) {
        sodium_memzero(passphrase, strlen(passphrase));
        free(passphrase);
    }
}
