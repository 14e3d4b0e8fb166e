"""Closes gaps between moto's CloudWatch metrics and AWS: one function a gap, each says what moto does. `apply` closes them all."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, Statistics
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from around import around

SEARCH = re.compile(
    r"""SEARCH\('\{(?P<schema>[^}]*)\}\s+(?P<terms>[\w"=\s:./-]*?)\s*',\s*'(?P<statistic>\w+)',\s*(?P<period>\d+)\)"""
)
TERM = re.compile(r'(\w+)="([^"]*)"')
PROPERTY = re.compile(r"\$\{PROP\('(.*?)'\)\}")

# CloudWatch User Guide, "CloudWatch search expression syntax": what reported in the last two weeks is found, at most 500 time series.
SEARCHED = timedelta(days=14)
MOST_SERIES = 500
# CloudWatch API, "GetMetricData".
MOST_POINTS = 100_800


def aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def searches() -> None:
    """
    GetMetricData answers nothing to SEARCH. This takes its exact form alone: a namespace with all dimensions, and terms that name a metric
    and values in quotes. A metric is found as soon as it is stored: in AWS that takes up to 15 minutes.
    """

    def search(backend: Any, query: dict[str, Any], start: datetime, end: datetime, scan_by: str) -> list[dict[str, Any]]:
        form = SEARCH.fullmatch(query["Expression"].strip())
        if not form or TERM.sub("", form["terms"]).strip():
            raise NotImplementedError(f"the search {query['Expression']}")
        namespace, *names = [name.strip().strip('"') for name in form["schema"].split(",")]
        wanted = dict(TERM.findall(form["terms"]))
        period = int(form["period"])
        first = start.replace(second=0, microsecond=0)

        series: dict[tuple[str, ...], dict[datetime, list[Any]]] = {}
        for datum in backend.metric_data:
            at = aware(datum.timestamp)
            properties = {"MetricName": datum.name, **{dimension.name: dimension.value for dimension in datum.dimensions}}
            if datum.namespace != namespace or properties.keys() != {"MetricName", *names} or at < end - SEARCHED:
                continue
            if any(properties.get(name) != value for name, value in wanted.items()):
                continue
            points = series.setdefault(tuple(properties[name] for name in ("MetricName", *names)), {})
            if first <= at < end:
                points.setdefault(datetime.fromtimestamp(at.timestamp() // period * period, timezone.utc), []).append(datum)

        results = []
        for values, points in sorted(series.items())[:MOST_SERIES]:
            metric, *dimensions = values
            properties = {"MetricName": metric, "Namespace": namespace, "Stat": form["statistic"], "Period": str(period)}
            properties |= {f"Dim.{name}": value for name, value in zip(names, dimensions)}
            result: dict[str, Any] = {"id": query["Id"], "status_code": "Complete", "timestamps": [], "values": []}
            result["label"] = PROPERTY.sub(lambda name: properties.get(name[1], ""), query.get("Label") or " ".join(values))
            for at in sorted(points, reverse=scan_by == "TimestampDescending"):
                statistics = Statistics([form["statistic"]], at)
                statistics.metric_data = points[at]
                result["timestamps"].append(at)
                result["values"].append(statistics.get_statistics_for_type(form["statistic"]))
            results.append(result)
        return results

    @around(CloudWatchBackend, "get_metric_data")
    def get(former: Any, backend: Any, queries: Any, start_time: datetime, end_time: datetime, scan_by: str = "TimestampAscending") -> Any:
        searches = [query for query in queries if query.get("Expression", "").lstrip().startswith("SEARCH")]
        others = [query for query in queries if query not in searches]
        found = former(backend, others, start_time, end_time, scan_by)
        for query in searches:
            found += search(backend, query, aware(start_time), aware(end_time), scan_by)
        return found


def pages_of_data() -> None:
    """GetMetricData answers everything at once, whatever MaxDatapoints says."""

    @around(CloudWatchResponse, "get_metric_data")
    def get(former: Any, response: CloudWatchResponse) -> ActionResult:
        given = response._get_params()
        whole: Any = former(response).result["MetricDataResults"]
        # A series without points takes a place too, or no page would show it.
        places = [(result, point) for result in whole for point in range(max(1, len(result["values"])))]
        start = int(given.get("NextToken", 0))
        end = start + given.get("MaxDatapoints", MOST_POINTS)
        page: dict[int, dict[str, Any]] = {}
        for result, point in places[start:end]:
            part = page.setdefault(id(result), {**result, "timestamps": [], "values": []})
            part["timestamps"] += result["timestamps"][point : point + 1]
            part["values"] += result["values"][point : point + 1]
            part["status_code"] = "Complete" if point + 1 >= len(result["values"]) else "PartialData"
        return ActionResult({"MetricDataResults": list(page.values()), "NextToken": str(end) if end < len(places) else None})


def apply() -> None:
    for patch in (searches, pages_of_data):
        patch()
