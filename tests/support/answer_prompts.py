"""Runs a command on a terminal of its own and types answers, one for each prompt.

    answer.py ANSWERS COMMAND...

ANSWERS is a file: a line each, "part of the prompt<TAB>answer"; the answer ^C presses Ctrl-C. Each prompt
must come before its answer is typed. What the terminal showed goes to standard output; ends with the exit
status of the command, 130 if SIGINT ended it, 99 if a prompt did not come.
"""
import os
import pty
import signal
import sys


def read_some(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # how a terminal ends whose last process is gone
        return b""


def main():
    with open(sys.argv[1], "rb") as file:
        steps = [line.rstrip(b"\n").split(b"\t") for line in file]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.argv[2], sys.argv[2:])
    signal.alarm(60)
    shown = new = b""
    for prompt, answer in steps:
        while prompt not in new:
            some = read_some(terminal)
            if not some:
                sys.stdout.buffer.write(shown + b"\nno prompt: " + prompt + b"\n")
                sys.exit(99)
            shown, new = shown + some, new + some
        new = new.split(prompt, 1)[1]
        os.write(terminal, b"\x03" if answer == b"^C" else answer + b"\n")
    while some := read_some(terminal):
        shown += some
    _, status = os.waitpid(child, 0)
    sys.stdout.buffer.write(shown)
    sys.exit(130 if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


main()
