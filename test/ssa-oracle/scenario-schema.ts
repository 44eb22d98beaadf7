/** `schema.yaml` once more, as the JSON Schema of a kind. */
const text = { type: 'string' };
const number = { type: 'number' };
const setOf = (items: object): object => ({ type: 'array', items, 'x-kubernetes-list-type': 'set' });
const mapOf = (items: object): object => ({ type: 'object', additionalProperties: items });
const struct = (properties: Record<string, object>): object => ({ type: 'object', properties });

function listOf(items: object, ...keys: string[]): object {
  return { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
}

const inner = struct({ a: text, b: number, map: mapOf(text), set: setOf(text) });
const port = struct({ port: number, protocol: { type: 'string', default: 'TCP' }, note: text });
const item = struct({ name: text, value: text, inner, tags: setOf(text), ports: listOf(port, 'port', 'protocol') });

export const scenarioSchema = struct({
  spec: struct({
    text,
    number,
    flag: { type: 'boolean' },
    labels: mapOf(text),
    whole: { ...mapOf(text), 'x-kubernetes-map-type': 'atomic' },
    names: setOf(text),
    numbers: setOf(number),
    order: { type: 'array', items: text },
    items: listOf(item, 'name'),
    inner,
    inners: mapOf(inner),
    any: {},
  }),
  status: inner,
});
