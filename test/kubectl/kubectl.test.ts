import { describeKubectl } from './run-cases.ts';

describeKubectl('1.36');
