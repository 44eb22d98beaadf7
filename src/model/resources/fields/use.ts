import Type from 'typebox';
import { anyText, integer, list } from './field.ts';

/** Who refers to an object, as a status tells it. */
export const useFields = {
  usedBy: Type.Optional(list(anyText, 'Who uses it: `TLSServerProfile ns/name`; at most 100.')),
  usedByCount: Type.Optional(integer('How many use it.')),
};

export const usedByColumn = { name: 'Used By', type: 'integer', jsonPath: '.status.usedByCount' } as const;
