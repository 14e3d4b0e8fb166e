"""Runs a command once and prints its wall time in seconds, its peak memory in MiB (of its largest process) and its exit code, as JSON."""

import json
import os
import subprocess
import sys
import time

started = time.monotonic()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
wall = time.monotonic() - started
print(json.dumps({"seconds": wall, "mebibytes": usage.ru_maxrss / 1024, "exit": os.waitstatus_to_exitcode(status)}))
