#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sends a document by the protocol alone: client.py SOCKET DOCUMENT NUMBER"""
import json
import socket
import sys


class Refused(Exception):
    pass


class Server:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.lines = self.socket.makefile("rb")
        self.last, self.events = 0, []
        self.ask("hello", {"versions": [1, 1], "client": "client.py"})

    def read(self):  # a message; its result may be in the bytes behind the line
        message = json.loads(self.lines.readline() or '{"error":{"message":"it went away"}}')
        content = self.lines.read(message.get("attachment", 0))
        if "attached" in message:
            message["result"] = json.loads(content)
        if "error" in message:
            raise Refused(message["error"]["message"])
        return message

    def ask(self, method, params=None, files=()):  # the files go along as descriptors
        self.last += 1
        request = {"jsonrpc": "2.0", "id": self.last, "method": method, "params": params or {}}
        line = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(self.socket, [line], [f.fileno() for f in files]) if files else 0
        self.socket.sendall(line[sent:])
        while (answer := self.read()).get("id") != self.last:
            self.events.append(answer["params"]["event"])
        return answer["result"]

    def next_event(self):
        return self.events.pop(0) if self.events else self.read()["params"]["event"]


def send(path, document, number):
    server = Server(path)
    server.ask("event.subscribe", {"extended": True})
    with open(document, "rb") as file:
        job = server.ask("job.submit", {"files": [document], "params": {
            "recipient_number": number, "schedule_action": "JSA_NOW"}}, [file])["id"]
    outcome, page = "pending", 0
    while outcome == "pending":
        event = server.next_event()
        if event["kind"] == "job" and event.get("job_id") == job:
            outcome = event.get("outcome", outcome)
            if event.get("page", 0) > page:
                page = event["page"]
                print("page", page)
    result = server.ask("job.result", {"id": job})["result"]
    cause = result["attempts"][-1].get("cause", "") if result["attempts"] else ""
    print("job", job, result["outcome"], result["pages_confirmed"], "pages", cause)
    return 0 if result["outcome"] == "completed" else 1


if __name__ == "__main__":
    try:
        sys.exit(send(*sys.argv[1:]) if len(sys.argv) == 4 else __doc__)
    except (OSError, Refused) as why:
        sys.exit("client.py: " + str(why))
