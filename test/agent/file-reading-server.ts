/** A server in Node that reads its certificate and its clients' authorities from files: FOLDER PORT HOW ARGUMENT. */
import { readFileSync, watchFile, writeFileSync } from 'node:fs';
import { createServer as createHook } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';

const [folder = '', port, how, argument = ''] = process.argv.slice(2);
const paths = ['site.pem', 'clients.pem'].map((name) => join(folder, name));

function material() {
  const [site, clients] = paths.map((path) => readFileSync(path, 'utf8'));
  return { cert: site!, key: site!, ca: clients! };
}

const server = createServer({ ...material(), requestCert: true, rejectUnauthorized: true }, (_, response) => {
  response.setHeader('connection', 'close');
  response.end('ok');
});

/** As servers do: what cannot be used is said, and what was used before goes on. */
function reload(): void {
  server.setSecureContext(material());
}

function tryReload(): void {
  try {
    reload();
  } catch (error) {
    console.error((error as Error).message);
  }
}

if (how === 'signal') {
  writeFileSync(argument, String(process.pid));
  process.on('SIGHUP', tryReload);
}
if (how === 'hot') for (const path of paths) watchFile(path, { interval: 50 }, tryReload);
if (how === 'http') {
  createHook((_, response) => {
    try {
      reload();
      response.end();
    } catch (error) {
      response.writeHead(500);
      response.end((error as Error).message);
    }
  }).listen(Number(argument), '127.0.0.1');
}
server.listen(Number(port), '127.0.0.1');
