import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { fastify } from 'fastify';
import { sendAnswer } from './send-answer.ts';

const fail = (error: unknown): never => assert.fail(String(error));

const bodies = [
  { bytes: 100, why: 'small' },
  { bytes: 70_000, why: 'a little more than what a connection takes at once' },
  { bytes: 3_000_000, why: 'much more than that' },
];

for (const { bytes, why } of bodies) {
  test(`sendAnswer() leaves nothing waiting when the last byte has left: ${bytes} bytes, ${why}`, async (t) => {
    const app = fastify();
    t.after(() => app.close());
    let isWaiting: boolean | undefined;
    app.get('/', (request, reply) => {
      const { socket } = request.raw;
      const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
      socket.write = (...args: unknown[]) => {
        const hasRoom = write(...args);
        isWaiting = socket.writableNeedDrain;
        return hasRoom;
      };
      return sendAnswer(reply, { code: 200, contentType: 'text/plain', body: 'x'.repeat(bytes) }, fail);
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(answer.headers.get('content-length'), String(bytes));
    assert.equal((await answer.text()).length, bytes);
    assert.equal(isWaiting, false);
  });
}
