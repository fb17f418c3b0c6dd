"""What Prometheus is told: counts from the record, the same on every replica, and what this process saw itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

ANSWER_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Counted:
    """What stands in the database at one moment.

    `paintings` that have ended by (outcome, cause), cause "" where there is none; `tasks` unfinished by state; `points`
    moved by kind of ledger entry; `held` points set aside; `keys` by (pool, state); `undelivered` drawn, not yet seen.
    """

    paintings: Mapping[tuple[str, str], int] = field(default_factory=dict)
    tasks: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    held: int = 0
    keys: Mapping[tuple[str, str], int] = field(default_factory=dict)
    undelivered: int = 0


class _Record(Collector):
    """Draws the latest Counted."""

    def __init__(self) -> None:
        self.counted = Counted()

    def collect(self) -> Iterable[Metric]:
        """One family per field."""
        now = self.counted
        paintings = CounterMetricFamily(
            "paintbot_paintings", "Paintings that have ended, by outcome and cause", labels=["outcome", "cause"]
        )
        for (outcome, cause), number in sorted(now.paintings.items()):
            paintings.add_metric([outcome, cause], number)
        tasks = GaugeMetricFamily("paintbot_tasks", "Unfinished tasks by state", labels=["state"])
        for state, number in sorted(now.tasks.items()):
            tasks.add_metric([state], number)
        points = CounterMetricFamily("paintbot_points", "Points moved, by kind of ledger entry", labels=["kind"])
        for kind, number in sorted(now.points.items()):
            points.add_metric([kind], number)
        keys = GaugeMetricFamily("paintbot_keys", "Credentials by pool and state", labels=["pool", "state"])
        for (pool, state), number in sorted(now.keys.items()):
            keys.add_metric([pool, state], number)
        yield from (paintings, tasks, points, keys)
        yield GaugeMetricFamily("paintbot_points_held", "Points set aside now", value=now.held)
        yield GaugeMetricFamily("paintbot_undelivered", "Paintings drawn and not yet delivered", value=now.undelivered)


class Metrics:
    """This process's own registry; nothing is registered globally, so that tests and replicas never meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._record = _Record()
        self.registry.register(self._record)
        self._answers = Histogram(
            "paintbot_answer_seconds",
            "From a request to its answer; slow work comes after it",
            ["platform"],
            buckets=ANSWER_BUCKETS,
            registry=self.registry,
        )
        self._requests = Counter("paintbot_requests", "Requests answered", ["platform", "verb"], registry=self.registry)
        self._calls = Counter("paintbot_jimeng_calls", "Calls to Jimeng", ["call", "outcome"], registry=self.registry)
        self._deliveries = Counter(
            "paintbot_delivery_failures",
            "Messages not taken by a platform",
            ["platform", "reason"],
            registry=self.registry,
        )
        self._up = Gauge(
            "paintbot_platform_up", "1 where this process hears and speaks", ["platform"], registry=self.registry
        )
        self._errors = Counter(
            "paintbot_unexpected_errors", "Errors of our own, each with a traceback in the log", registry=self.registry
        )

    def answered(self, platform: str, verb: str, seconds: float) -> None:
        """A request was answered that long after it was asked."""
        self._requests.labels(platform, verb).inc()
        self._answers.labels(platform).observe(seconds)

    def called(self, call: str, outcome: str) -> None:
        """Jimeng was asked: "submit", "poll" or "download", and "ok" or what went wrong (JimengError.kind)."""
        self._calls.labels(call, outcome).inc()

    def not_delivered(self, platform: str, reason: str) -> None:
        """A platform did not take a message."""
        self._deliveries.labels(platform, reason).inc()

    def platform(self, name: str, *, up: bool) -> None:
        """Whether a platform hears and speaks."""
        self._up.labels(name).set(int(up))

    def unexpected(self) -> None:
        """Something broke that is ours."""
        self._errors.inc()

    def text(self, counted: Counted) -> bytes:
        """Everything in Prometheus' text format, with the record as counted just now."""
        self._record.counted = counted
        return generate_latest(self.registry)
