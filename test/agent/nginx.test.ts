import { peer } from '../peers/peer.ts';
import { driverContract } from './driver-contract.ts';
import { nginxServer } from './servers.ts';

driverContract('NGINX', peer('nginx'), nginxServer);
