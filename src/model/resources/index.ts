/**
 * The kinds: one file each, from which type, schema, validation, printer columns, CRD manifest and reference page come.
 * Knows no store and no transport. Invariant: nothing about a kind is written down anywhere else.
 */
export type { AdmissionContext, IndexTerms, Kind, KindRegistry, PrinterColumn, UserInfo } from './kind.ts';
export type { CompiledKind } from './compile/compiled-kind.ts';
