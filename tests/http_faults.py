#!/usr/bin/env python3
"""A local HTTP server with faults. Usage: http_faults.py FOLDER

Serves the files of FOLDER on 127.0.0.1, on a free port that it prints on its first line of output,
and appends one line a request, "PATH RANGE", to FOLDER/requests. The first part of the path is the
fault, the second the file: /ok/a, /missing/a, /truncate/a, /stall/a and so on. It ends when its
standard input does.
"""
import http.server
import os
import socketserver
import sys
import threading
import time

FOLDER = sys.argv[1]
SEEN = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def body(self, status, data, headers=(), length=None):
        self.send_response(status)
        for key, value in headers:
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def ranged(self, data, etag, obey=True, cut=None):
        """The rest of data that the request asks for, cut off after `cut` bytes."""
        start = 0
        asked = self.headers.get("Range", "")
        if_range = self.headers.get("If-Range")
        if obey and asked.startswith("bytes=") and if_range in (None, etag):
            start = int(asked[6:].split("-")[0])
            if start >= len(data):
                return self.body(416, b"", [("Content-Range", "bytes */%d" % len(data))])
        rest = data[start:]
        headers = [("ETag", etag)]
        if start:
            headers.append(("Content-Range", "bytes %d-%d/%d" % (start, len(data) - 1, len(data))))
        self.body(206 if start else 200, rest[:cut], headers, length=len(rest))

    def do_GET(self):
        fault, _, name = self.path.lstrip("/").partition("/")
        count = SEEN[self.path] = SEEN.get(self.path, 0) + 1
        with open(os.path.join(FOLDER, "requests"), "a") as log:
            log.write("%s %s\n" % (self.path, self.headers.get("Range", "-")))
        if fault == "loop":
            return self.body(302, b"", [("Location", self.path)])
        if fault == "moved":
            return self.body(301, b"", [("Location", "/ok/" + name)])
        if fault == "to-file":
            return self.body(302, b"", [("Location", "file:///etc/passwd")])
        if fault == "missing":
            return self.body(404, b"<html>no such file</html>")
        if fault == "busy" and count <= 2:
            return self.body(503, b"try again")
        with open(os.path.join(FOLDER, name), "rb") as file:
            data = file.read()
        if fault == "wrong":
            return self.ranged(b"!" + data[1:], '"wrong"')
        if fault == "longer":
            return self.ranged(data + b"more", '"longer"')
        if fault == "shorter":
            return self.ranged(data[:-5], '"shorter"')
        if fault == "truncate":  # each connection gives a third of what is left
            left = len(data) if not self.headers.get("Range") else len(data) - int(self.headers["Range"][6:-1])
            return self.ranged(data, '"a"', cut=None if left < 3000 else left // 3)
        if fault == "no-range":
            return self.ranged(data, '"a"', obey=False, cut=len(data) // 2 if count == 1 else None)
        if fault == "changed":  # the file is another one after the first connection
            return self.ranged(b"x" * len(data) if count == 1 else data,
                               '"old"' if count == 1 else '"new"',
                               cut=len(data) // 2 if count == 1 else None)
        if fault == "stall" and count == 1:
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:1000])
            self.wfile.flush()
            time.sleep(30)
            self.close_connection = True
            return None
        return self.ranged(data, '"a"')


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments):
        pass  # clients that go away are what is tested


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
