import { peer } from '../peers/peer.ts';
import { longDriverContract } from './driver-contract.ts';
import { haproxyServer, nginxServer, nodeServer } from './servers.ts';

const handshakes = 5000;

longDriverContract('NGINX', peer('nginx'), nginxServer, handshakes);
longDriverContract('HAProxy by reload', peer('haproxy'), (folder) => haproxyServer(folder, false), handshakes);
longDriverContract('HAProxy by its socket', peer('haproxy'), (folder) => haproxyServer(folder, true), handshakes);
longDriverContract('Node, http', { skip: false }, (folder) => nodeServer(folder, 'http'), handshakes);
longDriverContract('Node, hot', { skip: false }, (folder) => nodeServer(folder, 'hot'), handshakes);
