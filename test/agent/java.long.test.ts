import { peer } from '../peers/peer.ts';
import { driverContract } from './driver-contract.ts';
import { javaServer } from './java-server.ts';

driverContract('Java', peer('java'), (folder) => javaServer(folder, 'http'));
