"""An ssh-agent between a program and the real one: before each of the first TIMES signatures a command runs
to its end, or is left running.

usage: agent_in_between.py SOCKET TIMES wait|leave COMMAND...     (the real agent is that of SSH_AUTH_SOCK)
"""
import os
import socket
import struct
import subprocess
import sys

SIGN_REQUEST = 13


def take(connection, length):
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            return None
        data += part
    return data


def message(connection):
    front = take(connection, 4)
    body = front and take(connection, struct.unpack(">I", front)[0])
    return body and front + body


def main():
    path, times, how, command = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(4)
    while True:
        asking, _ = listening.accept()
        with asking, socket.socket(socket.AF_UNIX) as agent:
            agent.connect(os.environ["SSH_AUTH_SOCK"])
            while request := message(asking):
                if request[4] == SIGN_REQUEST and times > 0:
                    times -= 1
                    started = subprocess.Popen(command)
                    if how == "wait":
                        started.wait()
                agent.sendall(request)
                try:
                    asking.sendall(message(agent))
                except BrokenPipeError:
                    break


main()
