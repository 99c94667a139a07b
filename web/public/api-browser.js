// The API browser: what /api/openapi.json says, and a way to try it.

const byId = (id) => document.getElementById(id);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// "jobs" of /api/v2/accounts/{account_id}/jobs/{id}/
function nounOf(path) {
  const words = path.split('/').filter((word) => word && !word.startsWith('{'));
  const rest = words.slice(2).filter((word) => word !== 'accounts');
  const inside = rest[0] === 'projects' && rest.length > 1 ? rest.slice(1) : rest;
  return inside[0] ?? 'accounts';
}

// A body to begin with: what is required, and what may be.
function exampleOf(schema) {
  if (!schema) return undefined;
  if (schema.enum) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'array') return [exampleOf(schema.items ?? {})].filter((item) => item !== undefined);
  if (type === 'integer' || type === 'number') return 0;
  if (type === 'boolean') return false;
  if (type === 'string') return '';
  if (!schema.properties) return {};
  const wanted = schema.required ?? Object.keys(schema.properties);
  return Object.fromEntries(wanted.map((name) => [name, exampleOf(schema.properties[name])]));
}

function sentPath(path, parameters, inputs) {
  const query = new URLSearchParams();
  let sent = path;
  parameters.forEach((parameter, at) => {
    const value = inputs[at].value;
    if (parameter.in === 'path')
      sent = sent.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value) query.set(parameter.name, value);
  });
  return query.size ? `${sent}?${query}` : sent;
}

async function send(method, path, body, output) {
  output.hidden = false;
  output.textContent = 'Waiting for the answer …';
  const headers = { 'X-Millwright-Csrf': '1' };
  const token = byId('token').value.trim();
  if (token) headers['Authorization'] = `Token ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    const credentials = token ? 'omit' : 'same-origin';
    const answer = await fetch(path, { method, headers, body, credentials });
    const text = await answer.text();
    let shown = text;
    try {
      shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // Not everything is JSON.
    }
    output.textContent = `${answer.status} ${answer.statusText}\n\n${shown.slice(0, 200_000)}`;
  } catch (problem) {
    output.textContent = `No answer: ${problem.message}`;
  }
}

function formOf(method, path, operation) {
  const parameters = operation.parameters ?? [];
  const form = element('form');
  const inputs = parameters.map((parameter) => {
    const input = element('input', { autocomplete: 'off' });
    if (parameter.name === 'account_id') input.value = byId('account').value;
    input.required = parameter.in === 'path';
    form.append(element('label', {}, `${parameter.name} (${parameter.in})`, input));
    return input;
  });
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const body = element('textarea', { spellcheck: 'false' });
  if (schema) {
    body.value = JSON.stringify(exampleOf(schema), null, 2);
    form.append(element('label', {}, 'Body', body));
  }
  const output = element('pre', { tabindex: '0', 'aria-label': 'Answer' });
  output.hidden = true;
  form.append(element('button', { type: 'submit' }, 'Send'), output);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(method, sentPath(path, parameters, inputs), schema ? body.value : undefined, output);
  });
  return form;
}

function describe(method, path, operation) {
  const needs = operation['x-permission'];
  const says = needs
    ? `${operation.summary} · needs ${needs.access} access to ${needs.area}`
    : operation.summary;
  const details = element(
    'details',
    {},
    element(
      'summary',
      {},
      element('span', { class: 'method' }, method),
      element('span', { class: 'path' }, path),
      element('span', { class: 'says' }, says),
    ),
  );
  details.addEventListener('toggle', () => {
    if (details.open && !details.querySelector('form'))
      details.append(formOf(method, path, operation));
  });
  return { details, words: `${method} ${path} ${says}`.toLowerCase() };
}

function groupsOf(document_) {
  const groups = new Map();
  for (const [path, methods] of Object.entries(document_.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const noun = nounOf(path);
      if (!groups.has(noun)) groups.set(noun, []);
      groups.get(noun).push(describe(method.toUpperCase(), path, operation));
    }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

function show(groups) {
  const place = byId('operations');
  place.replaceChildren();
  const sections = groups.map(([noun, operations]) => {
    const section = element('section', {}, element('h2', {}, noun.replaceAll('-', ' ')));
    section.append(...operations.map((each) => each.details));
    place.append(section);
    return { section, operations };
  });
  const nothing = element('p', {}, 'Nothing is called that. Try a noun, such as jobs.');
  const filter = () => {
    const words = byId('find').value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { section, operations } of sections) {
      let here = 0;
      for (const { details, words: text } of operations) {
        details.hidden = !words.every((word) => text.includes(word));
        if (!details.hidden) here += 1;
      }
      section.hidden = here === 0;
      found += here;
    }
    nothing.remove();
    if (!found) place.append(nothing);
  };
  byId('find').addEventListener('input', filter);
  filter();
}

async function begin() {
  const [description, session] = await Promise.all([
    fetch('/api/openapi.json').then((answer) => answer.json()),
    fetch('/api/ui/session/').then((answer) => (answer.ok ? answer.json() : null)),
  ]);
  if (session) byId('account').value = session.account.id;
  show(groupsOf(description));
}

begin().catch((problem) => {
  byId('operations').textContent =
    `The description can't be read: ${problem.message}. Reload the page.`;
});
