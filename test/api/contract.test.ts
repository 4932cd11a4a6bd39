/**
 * The implementation against its own document: requests are made from openapi.json, good ones and broken ones, and each
 * answer has a status that the document names and a body that its schema takes.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createLiveMonitor } from '../../src/monitor/server/live-monitor.ts';
import { type Answer, type Household, startHousehold } from '../account.ts';
import { liveOptions } from '../live.ts';
import { makeDirectory, upload } from '../server.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape
type Json = any;

let house: Household;
let document: Json;
const wrong: string[] = [];

beforeAll(async () => {
  const directory = makeDirectory();
  house = await startHousehold({
    directory,
    live: async (store) => {
      const { options } = liveOptions(store, directory);
      return { monitor: await createLiveMonitor(options), bus: options.bus };
    },
  });
  document = (await house.admin.get('/api/v1/openapi.json')).json();
});
afterAll(() => house.server.stop());

/** Those that would sign the asker out, wait for ever, or take a file. */
const apart = new Set([
  'DELETE /api/v1/session',
  'DELETE /api/v1/account/sessions',
  'GET /api/v1/events',
  'POST /upload',
]);

interface Operation {
  name: string;
  method: string;
  path: string;
  description: Json;
}

const operations = (): Operation[] =>
  Object.entries<Json>(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(([method, description]) => ({
        ...{ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, description },
      })),
    )
    .filter(({ name }) => !apart.has(name));

/** With everything that it refers to. */
const whole = (schema: Json): Json =>
  JSON.parse(
    JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/'),
  );

/** Any value that the schema takes. */
function example(schema: Json): Json {
  if (schema.$ref)
    return example(
      schema.$ref
        .slice(2)
        .split('/')
        .reduce((node: Json, key: string) => node[key], document),
    );
  if ('default' in schema) return schema.default;
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choice) return example(choice[0]);
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const required: string[] = schema.required ?? [];
      return Object.fromEntries(required.map((key) => [key, example(schema.properties[key])]));
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => example(schema.items));
    case 'string':
      return schema.format === 'email' ? 'nobody@example.org' : 'x'.repeat(Math.max(schema.minLength ?? 1, 12));
    case 'number':
    case 'integer':
      return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1;
    case 'boolean':
      return false;
    default:
      return null;
  }
}

/** What is wrong with an answer; undefined where nothing is. */
function faultOf({ description }: Operation, answer: Answer): string | undefined {
  const { responses } = description;
  const declared = responses[answer.status] ?? responses[`${String(answer.status)[0]}XX`];
  if (answer.status >= 500) return `is a failure of the server: ${answer.text.slice(0, 200)}`;
  if (!declared) return 'is not in the document';
  const schema = declared.content?.['application/json']?.schema;
  if (!schema || answer.status === 204) return undefined;
  // An export answers in the format that was asked for, a table where none was.
  const type = String(answer.headers['content-type']);
  if (!type.startsWith('application/json')) {
    return type in declared.content ? undefined : `is ${type}, which is not in the document`;
  }
  const parsed = z.fromJSONSchema(whole(schema)).safeParse(answer.json());
  return parsed.success ? undefined : `does not fit: ${z.prettifyError(parsed.error).slice(0, 300)}`;
}

const check = (operation: Operation, answer: Answer, what: string): void => {
  const fault = faultOf(operation, answer);
  if (fault) wrong.push(`${operation.name}, ${what}: ${answer.status} ${fault}`);
};

const address = ({ path, description }: Operation, query: [string, string][] = []): string => {
  const required = (description.parameters ?? [])
    .filter((one: Json) => one.in === 'query' && one.required && !query.some(([name]) => name === one.name))
    .map((one: Json): [string, string] => [one.name, String(example(one.schema))]);
  const search = new URLSearchParams([...required, ...query]).toString();
  return path.replaceAll(/\{(\w+)\}/g, '999999') + (search === '' ? '' : `?${search}`);
};

test('what the document describes is what is answered', { timeout: 120_000 }, async () => {
  await upload(house.server.url, 'nothing of ours').then((answer) => answer.body?.cancel());
  const list = operations();
  expect(list.length).toBeGreaterThan(40);
  for (const operation of list) {
    const { method, description } = operation;
    const schema = description.requestBody?.content?.['application/json']?.schema;
    const body = method === 'GET' ? undefined : schema ? example(schema) : {};
    check(operation, await house.admin.request(method, address(operation), body), 'asked as described');
  }
  expect(wrong).toEqual([]);
});

test('a parameter or a body that the document does not take is refused', { timeout: 120_000 }, async () => {
  let asked = 0;
  const refused = async (operation: Operation, path: string, body: object | undefined, what: string): Promise<void> => {
    asked++;
    const answer = await house.admin.request(operation.method, path, body);
    if (answer.status < 400) wrong.push(`${operation.name}, ${what}: ${answer.status}`);
    check(operation, answer, what);
  };
  for (const operation of operations()) {
    const { method, description } = operation;
    const parameters = (description.parameters ?? []).filter((one: Json) => one.in === 'query');
    for (const { name, schema } of parameters) {
      const isText = schema.type === 'string' && !schema.enum;
      if (!isText)
        await refused(operation, address(operation, [[name, 'no-such-thing']]), undefined, `${name} of another kind`);
      if (schema.maximum !== undefined) {
        await refused(
          operation,
          address(operation, [[name, String(schema.maximum + 1)]]),
          undefined,
          `${name} too large`,
        );
      }
    }
    if (parameters.length > 0) {
      await refused(operation, address(operation, [['no_such_filter', '1']]), undefined, 'an unknown filter');
    }
    const schema = description.requestBody?.content?.['application/json']?.schema;
    if (method === 'GET' || !schema) continue;
    await refused(operation, address(operation), [], 'a list for a body');
    if (schema.required?.length > 0) await refused(operation, address(operation), {}, 'an empty body');
  }
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(40);
});

test('every operation says what it is for', () => {
  const silent = operations().filter(({ description }) => !description.summary);
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('an answer that has not changed is not sent again', async () => {
  const first = await house.admin.get('/api/v1/users');
  const etag = first.headers.etag as string;
  expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
  const ask = (given: string) => house.admin.request('GET', '/api/v1/users', undefined, { 'if-none-match': given });
  for (const given of [etag, `"a", ${etag}`, '*', etag.slice(2)]) {
    const again = await ask(given);
    expect([again.status, again.text]).toEqual([304, '']);
  }
  await house.person('viewer');
  expect((await ask(etag)).status).toBe(200);
});
