import { peer } from '../peers/peer.ts';
import { driverContract } from './driver-contract.ts';
import { haproxyServer } from './servers.ts';

driverContract('HAProxy by reload', peer('haproxy'), (folder) => haproxyServer(folder, false));
driverContract('HAProxy by its socket', peer('haproxy'), (folder) => haproxyServer(folder, true));
