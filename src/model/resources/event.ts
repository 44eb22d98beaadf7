import Type from 'typebox';
import type { Static } from 'typebox';
import type { FieldError } from '#model/objects';
import { core, defineKind } from './define-kind.ts';
import { eventColumns, lastSeen } from './event-columns.ts';
import { envelope } from './fields/envelope.ts';
import { atomic, int32, text, time } from './fields/field.ts';
import { invalid } from './validation/field-errors.ts';

const description = 'Something that happened to an object. Kept for a while, then dropped.';

const objectReference = (description: string) =>
  Type.Object(
    {
      kind: Type.Optional(text('Kind of the object.')),
      namespace: Type.Optional(text('Namespace of the object.')),
      name: Type.Optional(text('Name of the object.')),
      uid: Type.Optional(text('UID of the object.')),
      apiVersion: Type.Optional(text('API version of the object.')),
      resourceVersion: Type.Optional(text('Version of the object at that time.')),
      fieldPath: Type.Optional(text('The part of the object, when not the whole.')),
    },
    { ...atomic, description },
  );

const series = Type.Object(
  {
    count: Type.Optional(int32('How often the event occurred, until the last heartbeat.')),
    lastObservedTime: Type.Optional(time('When it was seen last.')),
  },
  { description: 'A run of equal events.' },
);

const source = Type.Object(
  { component: Type.Optional(text('The component.')), host: Type.Optional(text('The host it runs on.')) },
  { description: 'Who reports the event.' },
);

const eventSchema = envelope(description, {
  involvedObject: objectReference('The object that the event is about.'),
  reason: Type.Optional(text('Why, in one word, for programs.')),
  message: Type.Optional(text('What happened, in a sentence.')),
  type: Type.Optional(text('Normal or Warning.')),
  source: Type.Optional(source),
  firstTimestamp: Type.Optional(time('When it happened first.')),
  lastTimestamp: Type.Optional(time('When it happened last.')),
  count: Type.Optional(int32('How often it happened.')),
  eventTime: Type.Optional(time('When it was observed first, in microseconds.')),
  series: Type.Optional(series),
  action: Type.Optional(text('What was done or failed.')),
  related: Type.Optional(objectReference('Another object that plays a part.')),
  reportingComponent: Type.Optional(text('The controller that reports the event.')),
  reportingInstance: Type.Optional(text('The instance of that controller.')),
});

/** v1 Event. */
export type Event = Static<typeof eventSchema>;

/** Indexes: `involved` (`ns/kind/name` of the object), `expiry` (when it was last seen, RFC 3339 in whole seconds). */
export const eventKind = defineKind<Event>({
  ...core,
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  description,
  schema: eventSchema,
  printerColumns: eventColumns,
  selectableFields: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  indexes: {
    involved: ({ involvedObject: { namespace = '', kind = '', name = '' } }) => [`${namespace}/${kind}/${name}`],
    expiry: (event) => [wholeSeconds(lastSeen(event) ?? event.metadata.creationTimestamp)],
  },
  validate: (next) => validateEvent(next),
});

/** An event lives beside the object it is about, unless that belongs to no namespace. */
function validateEvent({ metadata, involvedObject }: Event): FieldError[] {
  const { namespace = '' } = involvedObject;
  if (namespace === '' || namespace === metadata.namespace) return [];
  return [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')];
}

/** Fractions would sort before the whole second they follow. */
const wholeSeconds = (instant: string): string => instant.replace(/\.\d+/, '');
