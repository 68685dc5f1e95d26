"""The numbers that decide whether a candidate may go on."""

from prometheus_client import Counter, Gauge, Histogram

requests = Counter("http_requests_total", "Requests", ["track", "version", "code"])
duration = Histogram("http_request_duration_seconds", "Time to answer", ["track", "version"])
connection_held = Histogram("db_connection_held_seconds", "Time a request keeps its connection")
pool_in_use = Gauge("db_pool_in_use", "Connections handed out", ["track", "version"])
