"""Runs a command on a terminal of its own and presses Ctrl-C at its first passphrase prompt.

    press_ctrl_c.py COMMAND...

Ends with 0 if the echo was off at the prompt, is on again afterwards, and the command ended by SIGINT.
"""
import os
import pty
import signal
import sys
import termios


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def main():
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.argv[1], sys.argv[1:])
    shown = b""
    while b"Passphrase of" not in shown:
        shown += os.read(terminal, 4096)
    silent = not echoes(terminal)
    os.write(terminal, b"half a secret\x03")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:  # how a terminal ends whose last process is gone
        pass
    _, status = os.waitpid(child, 0)
    interrupted = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT
    print(f"echo off at the prompt: {silent}, on afterwards: {echoes(terminal)}, status {status}")
    sys.exit(0 if silent and echoes(terminal) and interrupted else 1)


main()
