// A DOUBLE of the Millwright server, for developing the web application and for looking at it. It
// serves dist/ and simulates runs with live logs; it is never part of the build output and keeps
// nothing. Usage: node dev/server.mjs [--port 4174] [--history 300] [--speed 1] [--empty]

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import { comparisonOf, hostAnswer } from './hosts.mjs';
import { Runs } from './runs.mjs';
import { account, environments, jobs, password, project, user } from './world.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '4174' },
    history: { type: 'string', default: '300' },
    speed: { type: 'string', default: '1' },
    empty: { type: 'boolean', default: false },
  },
});

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const runs = new Runs({
  history: options.empty ? 0 : Number(options.history),
  speed: Number(options.speed),
  now: Date.now(),
});
const sessions = new Set();
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' wss:; img-src 'self' data:; font-src 'self'";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

const ok = (data, extra) => ({
  status: { code: 200, is_success: true, user_message: 'Success!', developer_message: '' },
  data,
  ...(extra ? { extra } : {}),
});
const failure = (code, user_message) => ({
  status: { code, is_success: false, user_message, developer_message: '' },
  data: null,
});
const notFound = failure(
  404,
  'The requested resource was not found. Please check that you have the proper permissions.',
);

function send(response, code, body, headers = {}) {
  response.writeHead(code, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(code === 204 ? undefined : JSON.stringify(body));
}

async function jsonBody(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  try {
    return JSON.parse(text || '{}');
  } catch {
    return {};
  }
}

const cookieOf = (request) =>
  /millwright_session=([0-9a-z]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
const signedIn = (request) => sessions.has(cookieOf(request));
const sessionShape = { user, account };

async function session(request, response) {
  if (request.method === 'POST') {
    const body = await jsonBody(request);
    if (body.email !== user.email || body.password !== password)
      return send(response, 401, failure(401, 'The email or the password is not right.'));
    const id = Math.random().toString(36).slice(2);
    sessions.add(id);
    return send(response, 200, sessionShape, {
      'set-cookie': `millwright_session=${id}; HttpOnly; SameSite=Lax; Path=/`,
    });
  }
  if (!signedIn(request)) return send(response, 401, failure(401, 'Sign in first.'));
  if (request.method === 'DELETE') {
    sessions.delete(cookieOf(request));
    return send(response, 204, null);
  }
  return send(response, 200, sessionShape);
}

const listParameter = (text) =>
  text
    ? text
        .replace(/[[\]\s"]/g, '')
        .split(',')
        .filter(Boolean)
    : [];

function listRuns(query, response) {
  const now = Date.now();
  const statuses = listParameter(query.get('status__in')).map(Number);
  const job = Number(query.get('job_definition_id') ?? 0);
  const offset = Number(query.get('offset') ?? 0);
  const limit = Math.min(100, Number(query.get('limit') ?? 100));
  const all = runs
    .newestFirst()
    .filter(
      (run) =>
        (job === 0 || run.job.id === job) &&
        (statuses.length === 0 || statuses.includes(runs.statusAt(run, now))),
    );
  const page = all.slice(offset, offset + limit).map((run) => runs.shapeAt(run, now, false));
  send(
    response,
    200,
    ok(page, {
      filters: { limit, offset },
      order_by: '-id',
      pagination: { count: page.length, total_count: all.length },
    }),
  );
}

function start(jobId, cause, response) {
  if (!jobs.some((job) => job.id === jobId)) return send(response, 404, notFound);
  const run = runs.create(jobId, cause, Date.now());
  announce(run);
  return send(response, 200, ok(runs.shapeAt(run, Date.now())));
}

async function oneRun(request, url, id, rest, response) {
  const run = runs.get(id);
  const now = Date.now();
  if (run === null) return send(response, 404, notFound);
  if (rest === '') return send(response, 200, ok(runs.shapeAt(run, now)));
  if (rest === 'cancel' && request.method === 'POST') {
    runs.cancel(id, now);
    announce(run);
    return send(response, 200, ok(runs.shapeAt(run, Date.now())));
  }
  if (rest === 'retry' && request.method === 'POST')
    return start(
      run.job.id,
      { category: 'rerun', text: `Retry of #${id} from the failed step` },
      response,
    );
  if (rest === 'artifacts') return send(response, 200, ok(runs.artifactsAt(run, now)));
  if (rest.startsWith('artifacts/'))
    return send(response, 200, { artifact: rest.slice(10), run: url.pathname });
  return send(response, 404, notFound);
}

function uiRun(url, id, rest, response) {
  const run = runs.get(id);
  if (run === null) return send(response, 404, notFound);
  if (rest === 'nodes') return send(response, 200, { nodes: runs.nodesAt(run, Date.now()) });
  if (rest === 'compare-changes') {
    const found = comparisonOf(run);
    return found ? send(response, 200, found) : send(response, 404, notFound);
  }
  const step = /^steps\/(\d+)\/log$/.exec(rest);
  const query = {
    after: Number(url.searchParams.get('after') ?? 0),
    limit: Math.min(5000, Number(url.searchParams.get('limit') ?? 5000)),
    level: url.searchParams.get('level') ?? 'info',
  };
  const page = step && runs.logAt(run, Number(step[1]), query, Date.now());
  return page ? send(response, 200, page) : send(response, 404, notFound);
}

async function api(request, url, response) {
  const path = url.pathname.replace(/\/$/, '');
  if (path === '/api/ui/session') return session(request, response);
  if (path === '/api/ui/sign-on')
    return send(response, 200, [
      { slug: 'okta', type: 'okta', name: '', account_name: account.name },
    ]);
  if (!signedIn(request))
    return send(response, 401, failure(401, 'Authentication credentials were not provided.'));
  if (request.method !== 'GET' && request.headers['x-millwright-csrf'] !== '1')
    return send(response, 403, failure(403, 'The request lacks the header X-Millwright-Csrf.'));
  const mine = new RegExp(`^/api/(v2|v3|ui)/accounts/${account.id}/(.*)$`).exec(path);
  if (mine === null) return send(response, 404, notFound);
  const [, family, rest] = mine;
  const body = request.method === 'GET' ? {} : await jsonBody(request);
  const told = hostAnswer(request.method, family, rest, url.searchParams, body);
  if (told !== undefined)
    return told === null ? send(response, 404, notFound) : send(response, 200, ok(told));
  const runPath = /^runs\/(\d+)(?:\/(.*))?$/.exec(rest);
  if (runPath && family === 'ui') return uiRun(url, Number(runPath[1]), runPath[2] ?? '', response);
  if (runPath) return oneRun(request, url, Number(runPath[1]), runPath[2] ?? '', response);
  if (rest === 'runs') return listRuns(url.searchParams, response);
  if (rest === 'jobs')
    return send(
      response,
      200,
      ok(
        jobs.map(({ id, name, environment }) => ({
          id,
          name,
          project_id: project.id,
          environment_id: environment,
        })),
        {
          filters: { limit: 100, offset: 0 },
          order_by: 'id',
          pagination: { count: jobs.length, total_count: jobs.length },
        },
      ),
    );
  if (rest === 'environments') return send(response, 200, ok(environments));
  const trigger = /^jobs\/(\d+)\/run$/.exec(rest);
  if (trigger && request.method === 'POST')
    return start(
      Number(trigger[1]),
      { category: 'ui', text: body.cause ?? 'Triggered via API' },
      response,
    );
  return send(response, 404, notFound);
}

function file(url, response) {
  const wanted = join(dist, normalize(decodeURIComponent(url.pathname)));
  const found = wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile();
  const path = found ? wanted : join(dist, 'index.html');
  response.writeHead(200, {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': policy,
    'cache-control': url.pathname.startsWith('/assets/')
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
  });
  createReadStream(path).pipe(response);
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname.startsWith('/enterprise-login/'))
    return send(response, 303, null, { location: '/sign-in?sign_on=unreachable&provider=okta' });
  if (!url.pathname.startsWith('/api/')) return file(url, response);
  return api(request, url, response).catch((error) => {
    console.error(error);
    send(response, 500, failure(500, 'Something went wrong on the server.'));
  });
});

const sockets = new WebSocketServer({ noServer: true });
const clients = new Map();

server.on('upgrade', (request, socket, head) => {
  if (!request.url.startsWith('/api/ui/live') || !signedIn(request)) {
    socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (client) => {
    clients.set(client, new Set());
    client.on('close', () => clients.delete(client));
    client.on('message', (data) => {
      const message = JSON.parse(String(data));
      for (const topic of message.subscribe ?? []) {
        clients.get(client).add(topic);
        client.send(JSON.stringify({ topic, type: 'subscribed' }));
      }
      for (const topic of message.unsubscribe ?? []) clients.get(client).delete(topic);
    });
  });
});

function publish(topic, message) {
  for (const [client, topics] of clients) {
    if (topics.has(topic)) client.send(JSON.stringify({ topic, ...message }));
  }
}

function announce(run) {
  const now = Date.now();
  publish(`run:${run.id}`, { type: 'run', run: runs.shapeAt(run, now) });
  publish(`account:${account.id}:runs`, { type: 'run', run: runs.shapeAt(run, now, false) });
}

const seen = new Map();
let last = Date.now();

function tick() {
  const now = Date.now();
  for (const run of runs.newestFirst().slice(0, 40)) {
    for (const event of runs.eventsBetween(run, last, now)) publish(`run:${run.id}`, event);
    const mark = [
      runs.statusAt(run, now),
      ...runs.stepsAt(run, now).map((step) => step.status),
    ].join();
    if (seen.has(run.id) ? seen.get(run.id) !== mark : runs.statusAt(run, now) < 10) announce(run);
    seen.set(run.id, mark);
  }
  last = now;
}

setInterval(tick, 200);
setInterval(() => {
  for (const client of clients.keys()) client.ping();
}, 20_000);
server.listen(Number(options.port), '127.0.0.1', () => {
  console.log(`Server double: http://127.0.0.1:${options.port} (${user.email} / ${password})`);
});
