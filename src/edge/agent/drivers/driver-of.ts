import { CodedError } from '#errors';
import type { Workload } from '#model/resources';
import type { Driver } from './driver.ts';
import { filesDriver } from './files-driver.ts';
import { haproxyDriver } from './haproxy/haproxy-driver.ts';
import { nginxDriver } from './nginx-driver.ts';
import { wso2Driver } from './wso2-driver.ts';

/** The driver of a Workload. Fails with bad-request for servers that need no agent. */
export function driverOf(workload: Workload, now: () => Date): Driver {
  const { driver = 'files', reload } = workload.spec;
  const isEngine = reload === undefined || reload.type === 'engine';
  switch (driver) {
    case 'nginx':
      return isEngine ? nginxDriver(reload) : filesDriver(reload);
    case 'haproxy':
      return isEngine ? haproxyDriver(workload, now) : filesDriver(reload);
    case 'wso2':
      return wso2Driver(workload);
    case 'gateway':
      throw new CodedError('bad-request', `Workload ${workload.metadata.name} is a gateway of Chancery`, {
        field: 'spec.driver',
        hint: 'It watches the API itself and needs no agent; leave it out.',
      });
    case 'files':
      break;
  }
  return filesDriver(reload);
}
