"""HTTP and WebSocket by hand, byte by byte, for what no client library would send."""

import base64
import http.client
import json
import os
import socket
import struct

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FINAL, MASKED = 0x80, 0x80
SHORT_LENGTH, WORD_LENGTH, LONG_LENGTH = 125, 126, 127
TIMEOUT = 20


class HTTP:
    """One connection that is kept; opened anew when the venue has closed it."""

    def __init__(self, venue, credential=None):
        self.venue = venue
        self.headers = {}
        if credential:
            text = base64.b64encode(":".join(credential).encode()).decode()
            self.headers["Authorization"] = "Basic " + text
        self.connection = http.client.HTTPConnection(venue.host, venue.port, timeout=TIMEOUT)

    def get(self, path):
        return self._request("GET", path, None)

    def post(self, path, body):
        return self._request("POST", path, body)

    def _request(self, verb, path, body):
        """Status and body; an answer must come."""
        try:
            self.connection.request(verb, path, body, self.headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The connection was idle too long or was closed behind the last answer.
            self.connection.close()
            self.connection.request(verb, path, body, self.headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()

    def close(self):
        self.connection.close()


class WebSocket:
    """A WebSocket of RFC 6455, from section 5.2 no more than frames without fragments."""

    def __init__(self, venue):
        self.socket = socket.create_connection((venue.host, venue.port), timeout=TIMEOUT)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (f"GET /ws/api/v2 HTTP/1.1\r\nHost: {venue.host}:{venue.port}\r\n"
             "Upgrade: websocket\r\nConnection: Upgrade\r\n"
             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.stream = self.socket.makefile("rb")
        status = self.stream.readline()
        assert b" 101 " in status, status
        while self.stream.readline().strip():
            pass

    def send(self, payload, opcode=TEXT):
        """A frame with a mask."""
        mask = os.urandom(4)
        if len(payload) <= SHORT_LENGTH:
            length = bytes([MASKED | len(payload)])
        elif len(payload) < 1 << 16:
            length = bytes([MASKED | WORD_LENGTH]) + struct.pack(">H", len(payload))
        else:
            length = bytes([MASKED | LONG_LENGTH]) + struct.pack(">Q", len(payload))
        stretched = mask * (len(payload) // 4 + 1)
        masked = (int.from_bytes(payload, "big")
                  ^ int.from_bytes(stretched[:len(payload)], "big")).to_bytes(len(payload), "big")
        self.socket.sendall(bytes([FINAL | opcode]) + length + mask + masked)

    def receive(self):
        """The next text; None when the venue closes."""
        while True:
            head = self.stream.read(2)
            if len(head) < 2:
                return None
            length = head[1] & 0x7F
            if length == WORD_LENGTH:
                length = struct.unpack(">H", self.stream.read(2))[0]
            elif length == LONG_LENGTH:
                length = struct.unpack(">Q", self.stream.read(8))[0]
            payload = self.stream.read(length)
            opcode = head[0] & 0x0F
            if opcode == CLOSE:
                return None
            if opcode == PING:
                self.send(payload, PONG)
            elif opcode == TEXT:
                return payload

    def ask(self, message):
        """The answer to a message, past what channels say; None when the venue closes."""
        self.send(message)
        while True:
            text = self.receive()
            if text is None:
                return None
            value = json.loads(text)
            if "usIn" in value:
                return value

    def call(self, method, parameters):
        return self.ask(json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode())

    def close(self):
        self.stream.close()
        self.socket.close()
