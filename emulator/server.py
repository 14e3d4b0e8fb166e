"""An AWS emulator on a free loopback port. Prints {"port": ...} on one line when it listens, and ends when its standard input does."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from threading import Lock, Thread
from typing import Any

# The test hosts' and connectors' roles attach AmazonSSMManagedInstanceCore; moto has no managed policy unless told before its import.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

import patches  # noqa: E402

# Calls that wait: a long poll of a queue, a function that runs.
SERVICES_THAT_WAIT = ("sqs", "lambda")


class OneAtATime:
    """Serves one call at a time, since moto's data is not made for threads, but lets calls that wait run beside the others."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        # AWS4-HMAC-SHA256 Credential=AKIA.../20260102/us-west-2/ec2/aws4_request, SignedHeaders=...
        scope = environ.get("HTTP_AUTHORIZATION", "").split(",")[0].split("/")
        if len(scope) == 5 and scope[3] in SERVICES_THAT_WAIT:
            return self.application(environ, start_response)
        with self.lock:
            return self.application(environ, start_response)


def end_with_parent() -> None:
    """Whoever started the server holds the other end of its standard input, and the system closes that when it dies."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    # Ctrl-C reaches every process of a terminal's group, and whoever started the server may still need it to clean up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    patches.apply()
    application = OneAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True)
    os.environ["MOTO_PORT"] = str(server.port)
    Thread(target=end_with_parent, daemon=True).start()
    print(json.dumps({"port": server.port}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
