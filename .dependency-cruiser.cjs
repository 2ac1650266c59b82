// Layer rules, generated from layers.json so that the drawing and the law are one file.
const { rooms, extra, modules } = require('./layers.json');

const anyOf = (names) => (names.length > 0 ? names.join('|') : '$^');

// A test may take its inputs from wherever they are made.
const tests = '\\.test\\.ts$';

const roomRules = Object.entries(rooms).map(([room, allowed]) => {
  const widened = Object.keys(extra).filter((path) => path.startsWith(`${room}/`));
  return {
    name: `room-${room}`,
    severity: 'error',
    from: { path: `^src/${room}/`, pathNot: [...widened.map((path) => `^src/${path}/`), tests] },
    to: { path: '^src/', pathNot: `^src/(${anyOf([room, ...allowed])})/` },
  };
});

const extraRules = Object.entries(extra).map(([path, more]) => ({
  name: `room-${path.replace('/', '-')}`,
  severity: 'error',
  from: { path: `^src/${path}/`, pathNot: tests },
  to: { path: '^src/', pathNot: `^src/(${anyOf([...rooms[path.split('/')[0]], path.split('/')[0], ...more])})/` },
}));

const moduleRules = Object.entries(modules).map(([name, allowed]) => ({
  name: `module-${name}`,
  severity: 'error',
  from: { path: `^src/modules/${name}/` },
  to: { path: '^src/modules/', pathNot: `^src/modules/(${anyOf([name, ...allowed])})/` },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    ...extraRules,
    ...moduleRules,
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'module-front-door', severity: 'error', from: { path: '^src/modules/([^/]+)/' }, to: { path: '^src/modules/[^/]+/', pathNot: ['^src/modules/$1/', '/index\\.ts$'] } },
    { name: 'module-front-door-outside', severity: 'error', from: { path: '^src/', pathNot: ['^src/modules/', tests] }, to: { path: '^src/modules/[^/]+/', pathNot: '/index\\.ts$' } },
    { name: 'facades-are-strangers', severity: 'error', from: { path: '^src/api/([^/]+)/' }, to: { path: '^src/api/[^/]+/', pathNot: ['^src/api/$1/', '^src/api/http/', '^src/api/rsp/'] } },
    { name: 'pure-rooms-stay-pure', severity: 'error', from: { path: '^src/(base|der|crypto|rsp)/', pathNot: tests }, to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg'], pathNot: 'node_modules/(zod|@peculiar)/' } },
    // Above the modules nothing runs a statement: of `pg` they may use the types of a context, the door for writes and its errors.
    { name: 'no-statements-above-modules', severity: 'error', from: { path: '^src/api/', pathNot: tests }, to: { path: '^src/pg/', pathNot: '/(ctx|database|due_work|list|translate_pg_error|write)\\.ts$' } },
    { name: 'sql-stays-home', severity: 'error', from: { path: '^src/', pathNot: ['^src/pg/', '^src/modules/'] }, to: { path: 'node_modules/(pg|kysely|graphile-worker)/' } },
    { name: 'http-stays-home', severity: 'error', from: { path: '^src/', pathNot: ['^src/(api|console|main)/'] }, to: { path: 'node_modules/(fastify|@fastify)/' } },
    { name: 'unknown-room', severity: 'error', from: { path: '^src/', pathNot: `^src/(${Object.keys(rooms).join('|')})/` }, to: {} },
    { name: 'unknown-module', severity: 'error', from: { path: '^src/modules/', pathNot: `^src/modules/(${Object.keys(modules).join('|')})/` }, to: {} },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'], extensions: ['.ts', '.tsx', '.js'] },
  },
};
