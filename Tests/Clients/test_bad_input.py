"""Every method of the reference with parameters that are missing, of the wrong type, out of range,
too long, or not UTF-8, over HTTP (query and body) and over WebSocket. Each gets the documented
error, and behind each the venue answers as before."""

import json
import unittest
import urllib.parse

import venue
import wire

INVALID_PARAMETERS = -32602
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
NOT_FOUND = -32601
ENVELOPE = {"jsonrpc", "id", "error", "usIn", "usOut", "usDiff", "testnet"}
# What is taken as one message (`api.message-bytes`), and more.
MESSAGE_BYTES = 262_144
OVERSIZED = 300_000
# What fits the head of a request with all its headers; what is longer goes in a body.
LONGEST_QUERY = 3_000
TEXT_TOO_LONG = "x" * 20_000


def sample(schema):
    """The plainest value that a schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return sample(schema["anyOf"][0])
    kind = schema.get("type")
    if kind == "string":
        return "1" * max(schema.get("minLength", 1), 1)
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 1)
    if kind == "boolean":
        return True
    if kind == "array":
        return [sample(schema["items"])] * schema.get("minItems", 0)
    if kind == "object":
        return {name: sample(schema["properties"][name]) for name in schema.get("required", [])}
    return None


def wrong(schema):
    """Values that a schema does not allow, each with a word for what is wrong."""
    kind = schema.get("type")
    if kind == "string":
        values = [("a number", 7), ("an object", {}), ("a list", []), ("a boolean", True)]
        if "enum" in schema:
            values += [("not one of them", "no-such-word"), ("empty", "")]
        if "maxLength" in schema:
            values.append(("too long", "x" * (schema["maxLength"] + 1)))
        if schema.get("minLength", 0) > 0:
            values.append(("too short", ""))
        values.append(("very long", TEXT_TOO_LONG))
    elif kind in ("integer", "number"):
        values = [("a text", "seven"), ("a boolean", True), ("an object", {}), ("a list", [1]),
                  ("too large", 10 ** 40), ("much too large", Raw("1e999999999")),
                  ("too fine", Raw("0." + "0" * 30 + "1"))]
        if "minimum" in schema:
            values.append(("too small", schema["minimum"] - 1))
        if "maximum" in schema:
            values.append(("just too large", schema["maximum"] + 1))
        if "enum" in schema:
            values.append(("not one of them", max(schema["enum"]) + 1))
    elif kind == "boolean":
        values = [("a text", "yes"), ("a number", 1), ("a list", [])]
    elif kind == "array":
        values = [("a text", "seven"), ("a number", 7), ("an object", {})]
        if "maxItems" in schema:
            items = schema["maxItems"] + 1
            values.append(("too many", [sample(schema["items"])] * items))
    elif kind == "object":
        values = [("a text", "seven"), ("a number", 7), ("a list", [])]
    else:
        values = []
    return values


class Raw:
    """A number as it is to stand in JSON, which Python could not hold."""

    def __init__(self, text):
        self.text = text


def as_json(parameters):
    """JSON with the raw numbers in it."""
    members = (json.dumps(name) + ":" + (value.text if isinstance(value, Raw) else json.dumps(value))
               for name, value in parameters.items())
    return "{" + ",".join(members) + "}"


def as_query(parameters):
    """A query string: texts as they are, all else as JSON."""
    def text(value):
        if isinstance(value, Raw):
            return value.text
        return value if isinstance(value, str) else json.dumps(value)

    return urllib.parse.urlencode({name: text(value) for name, value in parameters.items()})


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.venue = venue.running
        cls.http = wire.HTTP(cls.venue)
        cls.websocket = wire.WebSocket(cls.venue)
        reference = json.loads(cls.http.get("/api/v2/openapi.json")[1])
        cls.methods = {}
        for path, verbs in reference["paths"].items():
            properties = {}
            for parameter in verbs["get"].get("parameters", []):
                schema = (parameter.get("schema")
                          or parameter["content"]["application/json"]["schema"])
                properties[parameter["name"]] = (schema, parameter["required"])
            cls.methods[path[1:]] = properties

    @classmethod
    def tearDownClass(cls):
        cls.http.close()
        cls.websocket.close()

    def tearDown(self):
        status, body = self.http.get("/api/v2/public/test")
        self.assertEqual(status, 200)
        self.assertIn("version", json.loads(body)["result"])
        self.assertTrue(self.venue.is_running())

    def check(self, answer, code=None, parameter=None, note=""):
        """An envelope with an error, this one where it is named."""
        self.assertLessEqual(set(answer), ENVELOPE, note)
        self.assertIn("error", answer, f"{note}: was taken: {str(answer)[:300]}")
        self.assertEqual(answer["jsonrpc"], "2.0")
        self.assertIsInstance(answer["usIn"], int)
        self.assertGreaterEqual(answer["usOut"], answer["usIn"])
        self.assertIsInstance(answer["error"]["code"], int)
        self.assertTrue(answer["error"]["message"], note)
        if code is not None:
            self.assertEqual(answer["error"]["code"], code, f"{note}: {answer['error']}")
        if parameter is not None:
            self.assertEqual(answer["error"]["data"]["param"], parameter, f"{note}: {answer}")
            self.assertTrue(answer["error"]["data"]["reason"], note)

    def check_http(self, reply, code=None, parameter=None, note=""):
        status, body = reply
        self.assertIn(status, range(400, 500), f"{note}: {body[:300]}")
        self.check(json.loads(body), code, parameter, note)

    def check_everywhere(self, method, parameters, code, parameter, note):
        """The same call by query, by body and over WebSocket."""
        note = f"{method}: {parameter}: {note}"
        if len(as_query(parameters)) <= LONGEST_QUERY:
            self.check_http(self.http.get(f"/api/v2/{method}?{as_query(parameters)}"),
                            code, parameter, note + " (query)")
        text = as_json(parameters)
        body = f'{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{text}}}'.encode()
        self.check_http(self.http.post("/api/v2", body), code, parameter, note + " (body)")
        self.check(self.websocket.ask(body), code, parameter, note + " (WebSocket)")

    def required(self, properties, beside=None):
        return {name: sample(schema) for name, (schema, is_required) in properties.items()
                if is_required and name != beside}

    def test_a_missing_parameter_is_named(self):
        for method, properties in self.methods.items():
            for name, (_, is_required) in properties.items():
                if is_required:
                    self.check_everywhere(
                        method, self.required(properties, beside=name), INVALID_PARAMETERS, name,
                        "missing")

    def test_a_parameter_of_the_wrong_shape_is_named(self):
        for method, properties in self.methods.items():
            for name, (schema, _) in properties.items():
                for note, value in wrong(schema):
                    parameters = self.required(properties, beside=name) | {name: value}
                    body = as_json(parameters)
                    text = f'{{"jsonrpc":"2.0","method":"{method}","params":{body}}}'.encode()
                    note = f"{method}: {name}: {note}"
                    if len(text) > MESSAGE_BYTES:
                        self.check_too_long(text)
                        continue
                    self.check_http(self.http.post("/api/v2", text), INVALID_PARAMETERS, name, note)
                    self.check(self.websocket.ask(text), INVALID_PARAMETERS, name, note)

    def test_a_query_of_the_wrong_shape_is_named(self):
        for method, properties in self.methods.items():
            for name, (schema, _) in properties.items():
                if schema.get("type") == "string" and "enum" not in schema:
                    values = ["x" * (schema["maxLength"] + 1)]
                elif any(shape.get("type") == "string" for shape in schema.get("anyOf", [])):
                    values = ["", "[]", "x" * 1_000]
                else:
                    values = ["no-such-word", "", "{", "1e999999999", "[" * 200]
                for value in values:
                    query = as_query(self.required(properties, beside=name) | {name: value})
                    if len(query) > LONGEST_QUERY:
                        continue
                    self.check_http(self.http.get(f"/api/v2/{method}?{query}"),
                                    INVALID_PARAMETERS, name, f"{method}: {name}: {value[:20]}")

    def test_what_is_not_utf8_is_refused(self):
        for method, properties in self.methods.items():
            for name in [*properties, "unknown"]:
                self.check_http(self.http.get(f"/api/v2/{method}?{name}=%FF%FE"),
                                INVALID_PARAMETERS, None, f"{method}: {name}")
                body = (f'{{"jsonrpc":"2.0","method":"{method}","params":{{"{name}":"').encode()
                body += b"\xff\xfe" + b'"}}'
                self.check_http(self.http.post("/api/v2", body), PARSE_ERROR, None, method)
            self.check_http(self.http.get(f"/api/v2/{method}?%FF=1"), INVALID_PARAMETERS)
        # RFC 6455, 8.1: the connection fails, or the message is refused; nothing else ends.
        websocket = wire.WebSocket(self.venue)
        answer = websocket.ask(b'{"jsonrpc":"2.0","method":"public/test\xff"}')
        if answer is not None:
            self.check(answer, PARSE_ERROR)
        websocket.close()

    def test_parameters_that_are_no_object_are_refused(self):
        for method in self.methods:
            for params in ["[]", "7", '"x"', "true", "[[]]"]:
                body = f'{{"jsonrpc":"2.0","method":"{method}","params":{params}}}'.encode()
                self.check_http(self.http.post(f"/api/v2/{method}", body), INVALID_PARAMETERS)
                self.check(self.websocket.ask(body), INVALID_PARAMETERS)

    def test_parameters_that_a_method_does_not_know_are_ignored(self):
        extra = {"no_such_parameter": "x", "depth_": {"a": [1, 2, {}]}}
        for method in ["public/test", "public/get_time", "public/get_index_price_names"]:
            status, body = self.http.get(f"/api/v2/{method}?{as_query(extra)}")
            self.assertEqual(status, 200, body)
            self.assertIn("result", self.websocket.call(method, extra))

    def test_a_private_method_without_a_credential_is_refused(self):
        for method, properties in self.methods.items():
            if method.startswith("private/"):
                query = as_query(self.required(properties))
                self.check_http(self.http.get(f"/api/v2/{method}?{query}"), None, None, method)

    def test_what_is_no_request_is_refused(self):
        deep = b'{"jsonrpc":"2.0","method":"public/test","params":' + b"[" * 5_000
        for code, body in [
            (PARSE_ERROR, b"{"), (PARSE_ERROR, b"nonsense"), (PARSE_ERROR, deep),
            (PARSE_ERROR, b'{"jsonrpc":"2.0","method":"public/test","method":"public/auth"}'),
            (INVALID_REQUEST, b"[]"), (INVALID_REQUEST, b"7"), (INVALID_REQUEST, b"null"),
            (INVALID_REQUEST, b'{"jsonrpc":"1.0","method":"public/test"}'),
            (INVALID_REQUEST, b'{"jsonrpc":"2.0","method":7}'),
            (INVALID_REQUEST, b'{"jsonrpc":"2.0","method":"public/test","id":{}}'),
            (NOT_FOUND, b'{"jsonrpc":"2.0","method":"public/no_such_method"}'),
            (NOT_FOUND, b'{"jsonrpc":"2.0","method":"' + b"x" * 10_000 + b'"}'),
        ]:
            self.check_http(self.http.post("/api/v2", body), code, None, body[:60])
            self.check(self.websocket.ask(body), code, None, body[:60])

    def test_what_is_too_long_is_refused_and_costs_only_its_own_connection(self):
        for method in ["public/test", "private/buy"]:
            body = (f'{{"jsonrpc":"2.0","method":"{method}","params":{{"label":"'
                    + "x" * OVERSIZED + '"}}').encode()
            self.check_too_long(body)
        self.assertIn("result", self.websocket.call("public/test", {}))

    def check_too_long(self, body):
        """413 over HTTP, or the connection ends while the body is sent; a WebSocket is closed."""
        http = wire.HTTP(self.venue)
        try:
            self.assertEqual(http.post("/api/v2", body)[0], 413)
        except OSError:
            pass
        finally:
            http.close()
        websocket = wire.WebSocket(self.venue)
        try:
            self.assertIsNone(websocket.ask(body))
        except OSError:
            pass
        finally:
            websocket.close()

    # libwebsockets ends the request at a decoded zero, a line end, a broken escape, or a head that
    # is too long or has too many parts: without an answer, or with a plain 4xx. Neither reaches a method, and nobody else notices.
    def test_what_the_library_of_sockets_refuses_never_reaches_the_api(self):
        for text in ["%00", "%0A", "%0D", "%0D%0AHost:x", "%zz", "x" * 100_000, "&a" * 200]:
            for path in ["public/get_index_price?index_name=", "private/buy?label=", "?", ""]:
                http = wire.HTTP(self.venue)
                try:
                    self.assertIn(http.get(f"/api/v2/{path}{text}")[0], range(400, 500))
                except OSError:
                    pass
                finally:
                    http.close()
            self.assertIn("result", self.websocket.call("public/test", {}))

    def test_orders_with_bad_terms_are_refused_by_name(self):
        venue_ = self.venue
        http = wire.HTTP(venue_, (venue_.client_id, venue_.client_secret))
        good = {"instrument_name": "BTC_USDC-PERPETUAL", "amount": 0.01, "price": 90_000}
        for name, value in [
            ("amount", 0), ("amount", -1), ("amount", 0.00001), ("contracts", 0),
            ("contracts", 7), ("price", 0), ("price", -1), ("price", 0.5), ("price", 1e12),
            ("instrument_name", "BTC-0"), ("type", "limitless"), ("time_in_force", "forever"),
            ("label", "\u00e9"), ("label", "a\nb"), ("valid_until", 1), ("display_amount", -1),
            ("reject_post_only", True), ("trigger_price", 1), ("otoco_config", []),
        ]:
            for side in ["buy", "sell"]:
                status, body = http.post(f"/api/v2/private/{side}", json.dumps(
                    {"jsonrpc": "2.0", "method": f"private/{side}",
                     "params": good | {name: value}}).encode())
                self.assertEqual(status, 400, f"{name}={value}: {body[:300]}")
                self.check(json.loads(body), None, None, f"{name}={value}")
        status, body = http.get("/api/v2/private/get_open_orders")
        self.assertEqual(json.loads(body)["result"], [])
        http.close()


if __name__ == "__main__":
    raise SystemExit("run these tests with run.py or scripts/clients.sh")
