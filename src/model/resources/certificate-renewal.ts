import Type from 'typebox';
import { list, oneOf, text } from './fields/field.ts';

const renewalWindow = Type.Object({
  cron: text('Start of the window: minute, hour, day of month, month, day of week.', { minLength: 1 }),
  windowDuration: text('Length of the window, such as 4h or 1h30m.', {
    pattern: String.raw`^([0-9]+(\.[0-9]+)?(s|m|h))+$`,
  }),
  timezone: Type.Optional(text('IANA time zone in which `cron` is read; UTC when left out.', { minLength: 1 })),
});

/** `spec.renewal`. */
export const renewal = Type.Object(
  {
    policy: Type.Optional(
      oneOf(
        ['RenewBefore', 'Disabled'],
        'Disabled switches automatic renewal off; RenewBefore renews at the renewal time.',
      ),
    ),
    windows: Type.Optional(
      list(
        renewalWindow,
        'Times at which renewal may happen: the first instant at or after the renewal time inside any window.',
      ),
    ),
  },
  { description: 'Whether and when the certificate is renewed by itself.' },
);
