export { Connection } from '#edge/following';
