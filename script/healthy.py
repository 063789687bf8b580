"""Health for containers: ends with 0 when the web process of this container says it is ready."""
import http.client
import sys

try:
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    connection.request("GET", "/readyz", headers={"Host": "localhost"})
    sys.exit(connection.getresponse().status != 200)
except (OSError, http.client.HTTPException):
    sys.exit(1)
