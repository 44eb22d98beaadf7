import type { IncomingMessage, ServerResponse } from 'node:http';

const pets = [
  { id: 1, name: 'Bella', kind: 'dog' },
  { id: 2, name: 'Momo', kind: 'cat' },
  { id: 3, name: 'Coco', kind: 'parrot' },
];

/** A REST API that knows three pets: `/pets`, `/pets/2`. */
export function answerPetstore(request: IncomingMessage, response: ServerResponse): void {
  const [collection, id] = (request.url ?? '/').split(/[/?]/u).filter((part) => part !== '');
  const pet = pets.find((one) => String(one.id) === id);
  const body = collection !== 'pets' ? { links: ['pets', 'pets/1'] } : id === undefined ? { pets } : pet;
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body ?? { message: `there is no pet ${id}` })}\n`);
  request.resume();
}
