import {
  CloudWatchClient,
  GetMetricDataCommand,
  PutMetricDataCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { clientConfiguration, startEmulator, type Emulator } from "../../emulator";

const namespace = "Zscaler/CloudConnectors";
const metric = "cloud_connector_aggr_health";
const label = "${PROP('Dim.InstanceId')}|${PROP('Dim.ZsGroupId')}|${PROP('Dim.ZsVmId')}";
/** A minute that began five minutes ago. */
const newest = Math.floor(Date.now() / 60_000 - 5) * 60_000;
const minute = (ago: number): Date => new Date(newest - ago * 60_000);

let emulator: Emulator;
let cloudWatch: CloudWatchClient;

beforeAll(async () => {
  emulator = await startEmulator();
  cloudWatch = new CloudWatchClient(clientConfiguration({ endpoint: emulator.endpoint, region: "us-west-2" }));
}, 180_000);
afterAll(() => emulator.stop());

const put = async (dimensions: Readonly<Record<string, string>>, points: readonly (readonly [Date, number])[], name = metric) =>
  cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: namespace,
      MetricData: points.map(([Timestamp, Value]) => ({
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        Timestamp,
        Value,
        Unit: "Percent" as const,
      })),
    }),
  );
const connector = (group: string, id: string) => ({ AutoScalingGroupName: group, InstanceId: id, ZsGroupId: `g-${id}`, ZsVmId: `v-${id}` });
const schema = `{${namespace},AutoScalingGroupName,InstanceId,ZsGroupId,ZsVmId}`;
const search = async (terms: string, more: Partial<GetMetricDataCommandInput> = {}, period = 60): Promise<GetMetricDataCommandOutput> => {
  const query = { Id: "health", Expression: `SEARCH('${schema} MetricName="${metric}" ${terms}', 'Average', ${period})`, Label: label };
  const window = { StartTime: minute(10), EndTime: new Date(newest + 60_000) };
  return cloudWatch.send(new GetMetricDataCommand({ MetricDataQueries: [query], ...window, ...more }));
};
const shown = ({ MetricDataResults = [] }: GetMetricDataCommandOutput) =>
  MetricDataResults.map(({ Label, Timestamps = [], Values = [] }) => [
    Label,
    ...Timestamps.map((at, index) => [(newest - at.getTime()) / 60_000, Values[index]]),
  ]);

test("a search finds each series of a group, by its exact dimensions, the newest point first", async () => {
  // Out of order, twice in one minute, late and within the second.
  await put(connector("one", "i-1"), [
    [minute(1), 0],
    [minute(2), 100],
    [new Date(minute(2).getTime() + 30_500), 50],
    [minute(0), 33],
    [minute(30), 66],
  ]);
  await put(connector("one", "i-2"), [[minute(3), 100]]);
  await put(connector("one", "i-silent"), [[minute(60), 100]]);
  await put(connector("one", "i-forgotten"), [[minute(15 * 24 * 60), 100]]);
  await put(connector("other", "i-3"), [[minute(0), 100]]);
  await put({ AutoScalingGroupName: "one", InstanceId: "i-4" }, [[minute(0), 100]]);
  await put(connector("one", "i-5"), [[minute(0), 100]], "smedge_cpu_utilization");

  const group = 'AutoScalingGroupName="one"';
  const first = ["i-1|g-i-1|v-i-1", [0, 33], [1, 0], [2, 75]];
  const others = [["i-2|g-i-2|v-i-2", [3, 100]], ["i-silent|g-i-silent|v-i-silent"]];
  expect(shown(await search(group))).toEqual([first, ...others]);
  expect(shown(await search(`${group} InstanceId="i-2"`))).toEqual([others[0]]);
  expect(shown(await search('AutoScalingGroupName="on"'))).toEqual([]);
  const [ascending] = shown(await search(group, { ScanBy: "TimestampAscending" }));
  expect(ascending).toEqual([first[0], [2, 75], [1, 0], [0, 33]]);
  const { MetricDataResults } = await search(group);
  expect(MetricDataResults?.map(({ Id, StatusCode }) => [Id, StatusCode])).toEqual(Array(3).fill(["health", "Complete"]));
});

test("what is found is the average of each period", async () => {
  await put(connector("periods", "i-1"), [
    [new Date(Math.floor(newest / 300_000) * 300_000 - 300_000), 0],
    [new Date(Math.floor(newest / 300_000) * 300_000 - 180_000), 100],
  ]);
  const { MetricDataResults } = await search('AutoScalingGroupName="periods"', {}, 300);
  expect(MetricDataResults?.[0]?.Values).toEqual([50]);
});

test("a fleet of 500 is stored and found, in calls that the SDK compresses", async () => {
  for (let first = 0; first < 500; first += 50) {
    const MetricData = Array.from({ length: 600 }, (_, index) => ({
      MetricName: metric,
      Value: 100,
      Timestamp: minute(index % 12),
      Dimensions: Object.entries(connector("fleet", `i-${first + Math.floor(index / 12)}`)).map(([Name, Value]) => ({ Name, Value })),
    }));
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
  }
  const { MetricDataResults = [], NextToken } = await search('AutoScalingGroupName="fleet"');
  expect(MetricDataResults.map(({ Values }) => Values?.length)).toEqual(Array(500).fill(11));
  expect(NextToken).toBeUndefined();
});

test("data without a time is of now", async () => {
  const Dimensions = Object.entries(connector("timeless", "i-1")).map(([Name, Value]) => ({ Name, Value }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: [{ MetricName: metric, Value: 33, Dimensions }] }));
  const { MetricDataResults } = await search('AutoScalingGroupName="timeless"', { EndTime: new Date(Date.now() + 60_000) });
  expect(MetricDataResults?.map(({ Values }) => Values)).toEqual([[33]]);
});

test("data comes in pages", async () => {
  for (const id of ["i-1", "i-2", "i-3"]) {
    await put(connector("pages", id), id === "i-2" ? [[minute(60), 0]] : [0, 1, 2].map((ago) => [minute(ago), ago] as const));
  }
  const pages: GetMetricDataCommandOutput[] = [];
  for (let token: string | undefined; pages.length === 0 || token; token = pages.at(-1)?.NextToken) {
    pages.push(await search('AutoScalingGroupName="pages"', { MaxDatapoints: 2, NextToken: token }));
  }
  const [one, two, three] = ["i-1", "i-2", "i-3"].map((id) => `${id}|g-${id}|v-${id}`);
  expect(pages.map((page) => shown(page))).toEqual([
    [[one, [0, 0], [1, 1]]],
    [[one, [2, 2]], [two]],
    [[three, [0, 0], [1, 1]]],
    [[three, [2, 2]]],
  ]);
  expect(pages.map(({ MetricDataResults }) => MetricDataResults?.map(({ StatusCode }) => StatusCode))).toEqual([
    ["PartialData"],
    ["Complete", "Complete"],
    ["PartialData"],
    ["Complete"],
  ]);
});

test("a search of another form is refused, and other queries are answered beside it", async () => {
  await expect(search("pages")).rejects.toThrow("the search SEARCH");
  const Metric = { Namespace: namespace, MetricName: metric, Dimensions: [{ Name: "InstanceId", Value: "i-4" }] };
  await put({ InstanceId: "i-4" }, [[minute(0), 66]]);
  const stored = { Id: "stored", MetricStat: { Metric, Period: 60, Stat: "Average" } };
  const searched = { Id: "searched", Expression: `SEARCH('{${namespace},InstanceId} MetricName="${metric}"', 'Maximum', 60)` };
  const { MetricDataResults } = await search("", { MetricDataQueries: [searched, stored] });
  expect(MetricDataResults?.map(({ Id, Label, Values }) => [Id, Label, Values])).toEqual([
    ["stored", `${metric} Average`, [66]],
    ["searched", `${metric} i-4`, [66]],
  ]);
});
