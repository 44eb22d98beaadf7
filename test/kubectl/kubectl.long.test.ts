import { describeKubectl } from './run-cases.ts';

for (const version of ['1.29', '1.32']) describeKubectl(version);
