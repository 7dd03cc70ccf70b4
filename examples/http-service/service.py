"""A service that Kanal calls by `http` jobs, in Python's standard library alone.

POST /invoices with {"items": [{"price": 5, "count": 2}]} answers {"total": 10}. A call of an
asynchronous job is answered 202 at once; the total is sent to Kanal when it is ready.

Environment: PORT (default 9090), SIGNING_KEY (no check of signatures without it).
"""

import hashlib
import hmac
import json
import os
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SIGNING_KEY = os.environ.get("SIGNING_KEY", "")
SIGNATURE_MAX_AGE = 300  # seconds
BODY_MAX = 1 << 20

# What was done, by job id; a real service keeps this in its database, with the work itself.
done = {}
tokens = {}  # job id -> newest token and where to send it
lock = threading.Lock()


def is_signed(header, body):
    """Whether the call comes from who knows the key, and is not an old one sent again."""
    if not SIGNING_KEY:
        return True
    try:
        parts = dict(part.split("=", 1) for part in (header or "").split(","))
        age = abs(time.time() - int(parts["t"]))
        signed = parts["t"].encode() + b"." + body
        expected = hmac.new(SIGNING_KEY.encode(), signed, hashlib.sha256).hexdigest()
        return age <= SIGNATURE_MAX_AGE and hmac.compare_digest(expected, parts["v1"])
    except (KeyError, ValueError, TypeError):
        return False


def total(order):
    return {"total": sum(item["price"] * item["count"] for item in order["items"])}


def work_once(job, order):
    """Kanal may call more than once for a job: the work is done for the first call alone."""
    with lock:
        if job not in done:
            print("working for job", job, flush=True)
            done[job] = total(order)
        return done[job]


def complete(job, order):
    """Works, and reports to Kanal; only the newest token counts."""
    time.sleep(float(order.get("seconds", 0)))
    try:
        ending = {"result": work_once(job, order)}
    except (KeyError, TypeError) as e:
        ending = {"error": {"type": "bad-order", "message": repr(e), "retryable": False}}
    for attempt in range(10):
        with lock:
            token, url = tokens[job]
        body = json.dumps({"token": token, **ending}).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30):
                break
        except urllib.error.HTTPError as e:
            if e.code not in (403, 409, 429, 503):  # 403: perhaps a newer token is on its way
                print("job", job, "is not completed:", e.code, flush=True)
                break
        except OSError:
            pass
        time.sleep(min(2**attempt, 30))
    with lock:
        tokens.pop(job, None)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if length > BODY_MAX:
            self.close_connection = True
            return self.answer(413, {"error": "too large"})
        body = self.rfile.read(length)
        if self.path != "/invoices":
            return self.answer(404, {"error": "no such path"})
        if not is_signed(self.headers.get("Kanal-Signature"), body):
            return self.answer(401, {"error": "the signature is missing, wrong or old"})
        job = self.headers.get("Idempotency-Key")
        if not job:
            return self.answer(400, {"error": "Idempotency-Key is missing"})
        try:
            order = json.loads(body)
            token = self.headers.get("Kanal-Complete-Token")
            if token:
                return self.accept(job, order, token)
            return self.answer(200, work_once(job, order))
        except (KeyError, TypeError, ValueError) as e:
            return self.answer(422, {"error": repr(e)})  # not tried again

    def accept(self, job, order, token):
        with lock:
            is_new = job not in tokens
            tokens[job] = (token, self.headers["Kanal-Complete-Url"])
        if is_new:
            threading.Thread(target=complete, args=(job, order), daemon=True).start()
        return self.answer(202, {"accepted": job})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9090"))), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
