/** The house as rules; each says why, which is the sentence you need when you break it. See docs/architecture.md. */

const floors = ['errors', 'pki', 'tls', 'model', 'control', 'edge'];

/** Rooms of a floor in the order in which they may import: each only those before it. */
const rooms = {
  pki: ['x509', 'keystore', 'material', 'inspect', 'issuance'],
  tls: ['profiles', 'hello'],
  model: [
    'objects',
    'resources',
    'certificates',
    'stores',
    'gateways',
    'usage',
    'expiry',
    'statuses',
    'trust',
    'workloads',
    'rotation',
  ],
  control: ['store', 'runtime', 'controllers'],
  edge: ['api', 'server', 'following', 'instances', 'gateway', 'agent', 'cli', 'installation'],
};

const tests = ['\\.test\\.ts$', '-contract[a-z-]*\\.ts$', '/test-[^/]+\\.ts$', '-crash-[a-z]+\\.ts$'];

function neverUp(floor, index) {
  return {
    name: `floor-${floor}-never-up`,
    comment: `What is below must not know what is above: ${floor} imports only lower floors. Move the code down, or pass it in.`,
    severity: 'error',
    from: { path: `^src/${floor}/`, pathNot: tests },
    to: { path: `^(src/(${floors.slice(index + 1).join('|')})|bin|test|bench|demo)/` },
  };
}

function onlyLowerRooms(floor) {
  return rooms[floor].slice(0, -1).map((room, index) => ({
    name: `room-${floor}-${room}-only-lower`,
    comment: `Rooms of a floor form a ladder too; ${floor}/${room} stands below the room you import.`,
    severity: 'error',
    from: { path: `^src/${floor}/${room}/`, pathNot: tests },
    to: { path: `^src/${floor}/(${rooms[floor].slice(index + 1).join('|')})/` },
  }));
}

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one notion in two places; cut the knot with a value or a callback.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'through-the-door',
      comment: 'A room is entered through its index.ts only, so that everything behind it can change freely.',
      severity: 'error',
      from: { path: '^src/([^/]+/[^/]+)/', pathNot: tests },
      to: { path: '^src/[^/]+/[^/]+/', pathNot: ['^src/$1/', '/index\\.ts$', '^src/errors/'] },
    },
    {
      name: 'wiring-through-the-door',
      comment: 'bin wires rooms together by what their doors offer; what is missing there is added to the door.',
      severity: 'error',
      from: { path: '^bin/' },
      to: { path: '^src/[^/]+/[^/]+/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'pure-floors',
      comment:
        'pki, tls and model are values and decisions: no file, socket, timer or process, or they cannot be replayed.',
      severity: 'error',
      from: { path: '^src/(pki|tls|model|errors)/', pathNot: tests },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer|assert|assert/strict|util|net)$' },
    },
    {
      name: 'api-knows-no-server',
      comment:
        'edge/api is all that clients may know of the server; importing the server from it would ship the server to them.',
      severity: 'error',
      from: { path: '^src/edge/api/', pathNot: tests },
      to: { path: '^src/(control|pki)/' },
    },
    {
      name: 'cli-through-the-api',
      comment: 'The CLI does what any other client can do; it reads values of lower floors but never the store.',
      severity: 'error',
      from: { path: '^src/edge/cli/', pathNot: tests },
      to: { path: '^src/(control|edge/server)/' },
    },
    {
      name: 'gateway-through-the-api',
      comment:
        'A gateway node watches the API, so that it runs anywhere and outlives the control plane; the store is not its business.',
      severity: 'error',
      from: { path: '^src/edge/gateway/', pathNot: tests },
      to: { path: '^src/(control/(store|controllers)|edge/server)/' },
    },
    {
      name: 'agent-through-the-api',
      comment:
        "An agent runs beside somebody else's server, on another machine; all that it may know comes from the API.",
      severity: 'error',
      from: { path: '^src/edge/agent/', pathNot: tests },
      to: { path: '^src/(control/(store|controllers)|edge/(server|gateway))/' },
    },
    {
      name: 'server-never-signs',
      comment: 'The API server writes resources; controllers act. A signing key must not be reachable from a request.',
      severity: 'error',
      from: { path: '^src/edge/server/', pathNot: tests },
      to: { path: '^src/(pki/issuance|control/controllers)/' },
    },
    {
      name: 'product-needs-no-test-code',
      comment: 'What is shipped must run without the tests, benches and their dependencies.',
      severity: 'error',
      from: { path: '^(src|bin)/', pathNot: tests },
      to: { path: '^(test|bench)/|\\.test\\.ts$' },
    },
    {
      name: 'no-dev-dependency-in-product',
      comment: 'A production install has no dev dependencies.',
      severity: 'error',
      from: { path: '^(src|bin)/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'An import that does not resolve fails at the first run.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...floors.slice(0, -1).map((floor, index) => neverUp(floor, index)),
    ...Object.keys(rooms).flatMap(onlyLowerRooms),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
