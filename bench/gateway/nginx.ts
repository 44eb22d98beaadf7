import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPeer } from '../../test/peers/peer.ts';
import type { BenchMaterial } from './material.ts';
import { untilConnects, type ServerUnderTest } from './server-under-test.ts';

/** What an NGINX of one process does with every request. */
export type NginxTask = { readonly answer: string } | { readonly proxyTo: number };

/** NGINX with TLS 1.3, otherwise as it comes; undefined when it is not installed. */
export async function startNginx(
  material: BenchMaterial,
  port: number,
  task: NginxTask,
): Promise<ServerUnderTest | undefined> {
  const program = findPeer('nginx') ?? findPeer('/usr/sbin/nginx');
  if (program === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  writeFileSync(join(folder, 'tls.crt'), material.certificatePEM);
  writeFileSync(join(folder, 'tls.key'), material.keyPEM, { mode: 0o600 });
  writeFileSync(join(folder, 'ca.crt'), material.caPEM);
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, task));
  const child = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  });
  await untilConnects(port);
  return {
    name: 'NGINX',
    port,
    pid: child.pid!,
    stop() {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number, task: NginxTask): string {
  return `
daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 100000000; keepalive_timeout 600s;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ssl_certificate ${folder}/tls.crt; ssl_certificate_key ${folder}/tls.key;
  ssl_protocols TLSv1.3;
  ${'proxyTo' in task ? upstream(folder, task.proxyTo) : ''}
  server {
    listen 127.0.0.1:${port} ssl reuseport;
    location / { ${'proxyTo' in task ? 'proxy_pass https://backend;' : `return 200 "${task.answer}";`} }
  }
}
`;
}

function upstream(folder: string, port: number): string {
  return `
  upstream backend { server 127.0.0.1:${port}; keepalive 64; keepalive_requests 100000000; }
  proxy_http_version 1.1; proxy_set_header Connection "";
  proxy_ssl_protocols TLSv1.3; proxy_ssl_verify on; proxy_ssl_trusted_certificate ${folder}/ca.crt;
  proxy_ssl_name localhost; proxy_ssl_server_name on;
`;
}
