import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as requestHTTP } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MalformedAnswer } from './answer-head.ts';
import { AnswerReader } from './answer-reader.ts';

interface Read {
  readonly status: number | undefined;
  readonly informational: number[];
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[] | undefined;
  readonly done: boolean;
  readonly persistent: boolean | undefined;
  readonly rest: string;
}

/** Reads `text`, cut at `cuts`, as the answer to a request. */
function read(text: string, { method = 'GET', cuts = [] as number[], closed = false } = {}): Read {
  const seen = { informational: [] as number[], headers: [], trailers: undefined, body: '', rest: '' } as unknown as {
    -readonly [K in keyof Read]: Read[K];
  };
  const reader = new AnswerReader(method, 1000, {
    head: (head) => {
      if (head.status < 200 && head.status !== 101) seen.informational.push(head.status);
      else Object.assign(seen, { status: head.status, headers: head.headers, persistent: head.persistent });
    },
    chunk: (bytes, last) => {
      seen.body += bytes.toString('latin1');
      if (last) seen.trailers = [];
    },
    end: (trailers) => void (seen.trailers = trailers),
  });
  const bytes = Buffer.from(text, 'latin1');
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const piece = bytes.subarray(from, edges[index + 1]);
    if (reader.done) seen.rest += piece.toString('latin1');
    else seen.rest += reader.read(piece)?.toString('latin1') ?? '';
  }
  if (closed) reader.close();
  return { ...seen, done: reader.done };
}

const simple = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello';
const inChunks =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a="b"\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n';

describe('AnswerReader', () => {
  it('reads a body of known length, and what comes after it', () => {
    const answer = read(`${simple}HTTP/1.1`);
    assert.deepEqual(answer.headers, ['Content-Length', '5', 'X-A', 'b']);
    assert.deepEqual([answer.status, answer.body, answer.done, answer.rest], [200, 'hello', true, 'HTTP/1.1']);
  });

  it('reads a chunked body and its trailers', () => {
    const answer = read(inChunks);
    assert.deepEqual([answer.body, answer.trailers, answer.done, answer.rest], ['hello!', ['X-Sum', '1'], true, '']);
  });

  it('reads a body that ends with the connection', () => {
    const text = 'HTTP/1.0 200 OK\r\n\r\nhello';
    assert.deepEqual(
      [read(text).done, read(text, { closed: true }).body, read(text, { closed: true }).done],
      [false, 'hello', true],
    );
  });

  it('reads interim answers before the final one', () => {
    const answer = read(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${simple}`);
    assert.deepEqual([answer.informational, answer.status, answer.body], [[100, 103], 200, 'hello']);
  });

  for (const [why, text, method] of [
    ['HEAD', simple.replace('hello', ''), 'HEAD'],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 'GET'],
    ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', 'GET'],
  ] as const) {
    it(`expects no body after ${why}`, () => {
      const answer = read(text, { method });
      assert.deepEqual([answer.done, answer.body, answer.trailers, answer.persistent], [true, '', [], true]);
    });
  }

  for (const [why, head] of [
    ['the backend says so', 'HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0'],
    ['HTTP/1.0 does not say otherwise', 'HTTP/1.0 200 OK\r\nContent-Length: 0'],
    ['a 204 announces a body', 'HTTP/1.1 204 No Content\r\nContent-Length: 5'],
  ] as const) {
    it(`does not reuse the connection when ${why}`, () => {
      assert.equal(read(`${head}\r\n\r\n`).persistent, false);
    });
  }

  it('reads the same whatever the pieces in which it arrives', () => {
    const texts = fc.constantFrom(simple, inChunks, `HTTP/1.1 102 Processing\r\n\r\n${inChunks}`);
    fc.assert(
      fc.property(texts, fc.array(fc.nat(40), { maxLength: 8 }), (text, cuts) => {
        assert.deepEqual(read(text, { cuts: cuts.filter((cut) => cut < text.length) }), read(text));
      }),
    );
  });

  for (const [why, text] of [
    [
      'both a length and a transfer encoding',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n'],
    ['a length with a sign', 'HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n'],
    ['a transfer encoding that is not chunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n'],
    ['a bare line feed in a value', 'HTTP/1.1 200 OK\r\nX-A: b\nX-B: c\r\n\r\n'],
    ['a NUL in a value', 'HTTP/1.1 200 OK\r\nX-A: b\0c\r\n\r\n'],
    ['a line without a colon', 'HTTP/1.1 200 OK\r\nhello\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['HTTP/2 in clear text', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a header without end', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(2000)}`],
    ['a chunk without size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n'],
    ['a chunk size with a sign', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n'],
    ['a chunk size past all bounds', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n'],
    ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n'],
    [
      'a chunk line that ends with a bare line feed',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n',
    ],
    ['a chunk extension without end', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(2000)}`],
  ] as const) {
    it(`refuses ${why}`, () => {
      assert.throws(() => read(text), MalformedAnswer);
    });
  }

  it('never fails with anything but MalformedAnswer, and passes on no control character', () => {
    const mutation = fc.tuple(fc.nat(120), fc.constantFrom('\r', '\n', ':', ' ', '0', 'f', ';', '\0', 'é', ''));
    fc.assert(
      fc.property(fc.constantFrom(simple, inChunks), fc.array(mutation, { maxLength: 4 }), (text, mutations) => {
        const mutated = mutations.reduce<string>(
          (before, [at, by]) => before.slice(0, at) + by + before.slice(at + 1),
          text,
        );
        try {
          const { headers, trailers = [] } = read(mutated);
          assert.ok([...headers, ...trailers].every((field) => !/[\0\r\n]/u.test(field)));
        } catch (error) {
          assert.ok(error instanceof MalformedAnswer, String(error));
        }
      }),
    );
  });

  it("reads what Node's own parser reads, where both accept it", async (t) => {
    let answer = '';
    const server = createServer((socket: Socket) => {
      socket.on('error', () => {}).once('data', () => socket.end(answer, 'latin1'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const mutation = fc.tuple(fc.nat(100), fc.constantFrom('\r', '\n', ':', ' ', '0', '9', 'f', ';', ',', ''));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(simple, inChunks),
        fc.array(mutation, { maxLength: 2 }),
        async (text, mutations) => {
          answer = mutations.reduce<string>(
            (before, [at, by]) => before.slice(0, at) + by + before.slice(at + 1),
            text,
          );
          const ours = attempt(() => read(answer, { closed: true }));
          if (ours?.done !== true || ours.rest !== '') return;
          const theirs = await nodeReads(port);
          if (theirs === undefined) return;
          assert.deepEqual([theirs.status, theirs.body], [ours.status, ours.body], JSON.stringify(answer));
        },
      ),
      { numRuns: 300 },
    );
  });
});

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function nodeReads(port: number): Promise<{ status: number; body: string } | undefined> {
  return new Promise((resolve) => {
    const request = requestHTTP({ port, host: '127.0.0.1', agent: false }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (chunk: string) => (body += chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    });
    request.on('error', () => resolve(undefined)).end();
  });
}
