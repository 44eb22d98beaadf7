export { BackOff } from '#edge/following';
