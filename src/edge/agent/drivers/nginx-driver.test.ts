import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionsIn } from './nginx-driver.ts';

const cases = [
  { title: 'nginx: master process nginx', options: [], why: 'no options' },
  { title: 'nginx: master process /usr/sbin/nginx -c /etc/x.conf', options: ['-c', '/etc/x.conf'], why: 'one' },
  {
    title: 'nginx: master process /usr/sbin/nginx -g daemon on; master_process on;',
    options: ['-g', 'daemon on; master_process on;'],
    why: 'directives have blanks, and the quotes are gone',
  },
  {
    title: 'nginx: master process nginx -p /srv/n/ -c n.conf -g daemon off; -e /dev/stderr',
    options: ['-p', '/srv/n/', '-c', 'n.conf', '-g', 'daemon off;', '-e', '/dev/stderr'],
    why: 'all of them',
  },
];

for (const { title, options, why } of cases) {
  test(`optionsIn() reads the title of a master: ${why}`, () => assert.deepEqual(optionsIn(title), options));
}
