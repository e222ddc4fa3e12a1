# SPDX-License-Identifier: MIT
# A receiver of webhooks over TLS, for specs: `https.py CERTIFICATE KEY` says its
# port, then the Fax-Id of each request that it answers.
import http.server
import os
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        print("told", self.headers["Fax-Id"], flush=True)

    def log_message(self, *unused):
        pass


class Server(http.server.HTTPServer):
    def handle_error(self, *unused):  # who does not trust it goes away
        pass


server = Server(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print("pid", os.getpid(), flush=True)
print("port", server.server_port, flush=True)
server.serve_forever()
