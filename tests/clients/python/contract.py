"""What every client program is told, and how it reports (see ../README.md)."""
import os
import sys

host = os.environ["DBTEST_HOST"]
port = int(os.environ["DBTEST_PORT"])
user = os.environ["DBTEST_USER"]
password = os.environ["DBTEST_PASSWORD"]
schema = os.environ["DBTEST_SCHEMA"]
tls = os.environ["DBTEST_TLS"] == "1"
flavor = os.environ["DBTEST_FLAVOR"]
file = os.environ["DBTEST_FILE"]
accounts = {}
for entry in filter(None, os.environ["DBTEST_ACCOUNTS"].split(",")):
    plugin, _, account = entry.partition("=")
    accounts[plugin] = tuple(account.split(":", 1))


class Skip(Exception):
    """This client or server has no such thing."""


def capability(name):
    """Decorator: runs the function at once and prints its line. What it returns is the detail."""
    def run(function):
        try:
            detail = function()
            line = f"ok {name} {'' if detail is None else detail}"
        except Skip as reason:
            line = f"skip {name} {reason}"
        except Exception as error:
            line = f"fail {name} {type(error).__name__}: {error}"
        print(line.replace("\n", " ").rstrip())
        sys.stdout.flush()
        return function
    return run


def skip(reason, *names):
    for name in names:
        print(f"skip {name} {reason}")
